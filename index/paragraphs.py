"""The lines of printed pages to paragraphs, as they were before they were set in lines."""

import re
from collections import Counter
from collections.abc import Iterator
from math import ceil

from index.legacy import is_vietnamese

_EDGE = 3  # lines at the top and the bottom of a page that may be a running head or foot
_TITLE_SYLLABLES = 5  # a running head of so many words without a number may be the title
_PAGE_NUMBER = re.compile(
    r"[-–— ]*(?:trang |page )?\d{1,4}(?: ?(?:/|of|trên) ?\d{1,4})?[-–— ]*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_LAST_PART = re.compile(r"([^\W\d_]+)[-\xad]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"(?<![^\s(“\"'])[^\W\d_]{2,}$")


def join_lines(pages: list[str]) -> str:
    """The lines of pages joined to paragraphs, one a line; heads, feet, page numbers left out.

    A line ends its paragraph when it ends a sentence or stops well before the margin, but never
    when the next begins with a small letter.
    """
    lines = [line for page in _without_edges([_lines(page) for page in pages]) for line in page]
    # Most lines are as long as the longest; a few, of tables, may be longer still.
    margin = 0.75 * sorted(map(len, lines))[ceil(0.9 * (len(lines) - 1))] if lines else 0
    paragraphs: list[str] = []
    last = ""
    for line in lines:
        goes_on = line[0].islower() or (len(last) >= margin and not _SENTENCE_END.search(last))
        if paragraphs and goes_on:
            paragraphs[-1] = _joined(paragraphs[-1], line)
        else:
            paragraphs.append(line)
        last = line
    return "\n".join(paragraphs)


def _lines(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.splitlines() if line.strip()]


# ---- what stands on every page ---------------------------------------------------------------


def _without_edges(pages: list[list[str]]) -> Iterator[list[str]]:
    """Pages without the lines at their edges that most pages have there, numbers aside.

    A long one without a number stays where it is the very first line: it repeats the title.
    """
    seen = Counter(name for page in pages for name in set(_edges(page).values()))
    least = max(2, ceil(len(pages) / 3))  # left and right pages may have heads of their own
    for number, page in enumerate(pages):
        dropped = {
            at
            for at, name in _edges(page).items()
            if _PAGE_NUMBER.fullmatch(page[at]) or seen[name] >= least
        }
        if number == 0 and page and not any(map(str.isdigit, page[0])):
            dropped -= {0} if len(page[0].split()) >= _TITLE_SYLLABLES else set()
        yield [line for at, line in enumerate(page) if at not in dropped]


def _edges(page: list[str]) -> dict[int, tuple[bool, str]]:
    """Places of the lines at the top and the bottom, only the outermost of a short page, to the
    names by which they are known on other pages."""
    size = min(_EDGE, max(1, len(page) // 6))
    top = range(min(size, len(page)))
    bottom = range(max(len(top), len(page) - size), len(page))
    return {at: (at in top, re.sub(r"\d+", "#", page[at].casefold())) for at in (*top, *bottom)}


# ---- words broken at line ends ---------------------------------------------------------------


def _joined(above: str, below: str) -> str:
    """Two lines of a paragraph as one; a word that was broken between them is whole again."""
    first = _FIRST_WORD.match(below)
    if first is None or not first[0].islower():
        return (
            above + below if above.endswith("-") and above[-2:-1].isalnum() else f"{above} {below}"
        )
    if part := _LAST_PART.search(above):
        # "kinh-tế" is written so; "tri-ển" and "infor-mation" were broken.
        apart = is_vietnamese(part[1]) and is_vietnamese(first[0])
        is_compound = apart and not is_vietnamese(part[1] + first[0])
        return (above if is_compound and above[-1] == "-" else above[:-1]) + below
    if word := _LAST_WORD.search(above):
        whole = is_vietnamese(word[0] + first[0])
        if whole and not is_vietnamese(word[0]) and word[0].islower():
            return above + below
    return f"{above} {below}"
