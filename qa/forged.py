"""Values that come from the page or from programs, as plain ones: any of them may be forged."""

LONGEST = 500  # characters kept of a text
_MOST = 20  # texts kept of a list


def plain_text(value: object) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def plain_texts(value: object) -> tuple[str, ...]:
    """A text, or a list of them; what else is sent is left out."""
    found = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(plain_text, found)))[:_MOST]


def offset(value: object) -> int:
    """A whole number from the page, or one that lies in no passage."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else -1
