"""A quote as a newsroom cites it: the words, then where they stand."""

from qa.markup import is_web_address, plain_date
from qa.types import Citation


def reference(cited: Citation) -> str:
    """“Quote” (Author, “Title”, Outlet, 15/1/2024, address): what is not known is left out."""
    known = (
        cited.author,
        f"“{cited.title}”" if cited.title else "",
        cited.source,
        plain_date(cited.date),
        cited.url if is_web_address(cited.url) else "",
    )
    source = ", ".join(part for part in known if part)
    return f"“{cited.quote.strip()}”" + (f" ({source})" if source else "")
