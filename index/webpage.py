"""A web page to a draft of an article: its main text, and what it states of itself.

trafilatura finds the main text; before it looks, the page is put right in the ways in which pages
of newspapers here differ from what it expects.
"""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

from index.encodings import repaired
from index.errors import ArticleError
from index.formats import Draft, library, read_text, with_head
from index.head import read_head
from index.metadata import Fields, clean, parse_date, web_url

_PAGE_DATES = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "publish_date",
    "publication_date", "dc.date.issued", "dcterms.created", "dc.date", "date",
)  # fmt: skip
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{3,30})""", re.IGNORECASE)
# Letters that pages made for old fonts write as references; trafilatura drops the soft hyphen.
_LETTERS = re.compile(
    r"&(?!nbsp;|quot;|lt;|gt;|amp;)(?:[a-z]{2,8}|#(?:1[6-9]|2[0-5])\d);", re.IGNORECASE
)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_LEAD = re.compile(r"(?:^|[\s_-])sapo(?:$|[\s_-])|(?:^|\s)(?:description|lead|chapeau)(?:$|\s)")
_OTHERS = re.compile(
    r"[^\w]*(?:(?:các )?(?:tin|bài)(?: viết)? (?:khác|liên quan|cùng chuyên mục|đã đưa|mới)"
    r"|xem thêm|đọc thêm|có thể bạn quan tâm)[^\w]*",
    re.IGNORECASE,
)
_SENTENCE_ENDS = (".", "!", "?", "…", ".”", '."')
_LEAD_LENGTH = range(40, 1200)  # characters
_CELL_OF_TEXT = 400  # characters; a table with a longer cell is there for the layout
_NOT_ARTICLE = [
    "//nav", "//aside", "//figcaption",
    *(
        f"//*[self::div or self::ul or self::section or self::p][contains(concat(' ', @class, ' ',"
        f" @id, ' '), ' {name} ')]"
        for name in ("nav", "menu", "breadcrumb", "breadcrumbs", "related", "comments", "tags")
    ),
]  # fmt: skip


def read_html(path: Path) -> Draft:
    return page_draft(read_text(path, declared_encoding))


def declared_encoding(data: bytes) -> str:
    """The encoding that a page states in its first lines."""
    stated = _CHARSET.search(data[:4096])
    return stated[1].decode() if stated else ""


def page_draft(html: str) -> Draft:
    """
    Raises:
        ArticleError: there is no article in the page.
    """
    html = repaired(_LETTERS.sub(lambda entity: unescape(entity[0]), html))
    with library("not a readable page", "trafilatura", "htmldate"):
        import trafilatura

        tree = trafilatura.load_html(html)
        if tree is None:
            raise ArticleError("no article text found in the page")
        dates = _page_date(tree)
        times = tree.xpath("//article//time/@datetime | //main//time/@datetime")
        lead = _lead(tree)
        _unwrap_layout(tree)
        page = trafilatura.bare_extraction(
            tree, with_metadata=True, include_comments=False, prune_xpath=_NOT_ARTICLE
        )
        text = _without_links(getattr(page, "text", None) or "")
        if not text:
            raise ArticleError("no article text found in the page")
        fields = Fields(
            title=clean(getattr(page, "title", "")),
            date=dates,
            source=clean(getattr(page, "sitename", "")),
            author=clean(getattr(page, "author", "")),
            url=web_url(getattr(page, "url", "")),
        )
    if lead and lead[:40] not in " ".join(text.split()):
        text = f"{lead}\n{text}"
    head = read_head(text, title=fields.title)
    fields = with_head(fields, head)
    if not fields.date:
        fields = replace(fields, date=next(filter(None, map(parse_date, times)), ""))
    return Draft(text, fields, head.body)


def _lead(tree: Any) -> str:  # an lxml element; lxml has no types
    """The lead that stands apart between the title and the text; "" where there is none."""
    blocks = "//h1/following::*[self::p or self::h2 or self::h3 or self::div][@class]"
    for found in tree.xpath(f"{blocks}[not(.//a[2] | .//h1 | .//p[2])]"):
        if _LEAD.search(found.get("class").lower()):
            lead = " ".join(" ".join(found.itertext()).split())
            return lead if len(lead) in _LEAD_LENGTH else ""
    return ""


def _without_links(text: str) -> str:
    """The text without the list of other articles that stands below it on older pages."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        below = [other for other in lines[at + 1 :] if other.rstrip().endswith(_SENTENCE_ENDS)]
        if at and not below and _OTHERS.fullmatch(line):
            return "\n".join(lines[:at])
    return text


def _unwrap_layout(tree: Any) -> None:
    """Tables that only arrange the page, as older pages have them, become plain blocks."""
    for table in tree.xpath("//table"):
        rows = table.xpath("./tr | ./tbody | ./tbody/tr")
        cells = [cell for row in rows for cell in row.xpath("./td | ./th")]
        if any(cell.xpath(".//table | .//h1") or _length(cell) > _CELL_OF_TEXT for cell in cells):
            for part in (table, *rows, *cells):
                part.tag = "div"


def _length(element: Any) -> int:
    return len(" ".join(element.itertext()).strip())


def _page_date(tree: Any) -> str:
    """The publication date that the page's metadata states, as precise as it is stated.

    Not trafilatura's own date: that is always a whole day, found in the text where need be.
    """
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        stated.setdefault(name.lower(), parse_date(meta.get("content")))
    linked = _JSON_LD_DATE.findall(" ".join(tree.xpath("//script[contains(@type, 'json')]/text()")))
    dates = [stated.get(name, "") for name in _PAGE_DATES] + [parse_date(value) for value in linked]
    return next(filter(None, dates), "")
