"""Articles at web addresses: a page is an article, a feed is the pages that it lists."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from index.encodings import decode
from index.errors import ArticleError
from index.fetch import Fetched, GoneError, Servers
from index.formats import Draft, library
from index.metadata import Fields, clean, parse_date
from index.types import LeftOut
from index.webpage import declared_encoding, page_draft

ENTRIES = 500  # of one feed

_FEED = re.compile(
    rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)
_PAGE_KINDS = {"text/html", "application/xhtml+xml"}
# What is added to links to count readers; the article is the same without it.
_COUNTING = re.compile(r"utm_\w+|fbclid|gclid|zarsrc")


def plain_address(address: str) -> str:
    """An address without its fragment and what only counts readers: one article, one address."""
    parts = urlsplit(address.strip())
    query = parts.query
    if _COUNTING.search(query):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([pair for pair in pairs if not _COUNTING.fullmatch(pair[0])])
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))


class Visit:
    """One reading of addresses: each article once, each host's rules and pauses kept."""

    def __init__(self) -> None:
        self._servers = Servers()
        self._read: set[str] = set()

    def drafts(self, address: str) -> Iterator[tuple[str, Draft] | LeftOut]:
        """The articles at an address, each with its own address, and what is left out."""
        for found in self._tried(address, Fields(url=address)):
            if not isinstance(found, Fetched):
                yield found
                continue
            try:
                entries = _entries(found)
            except ArticleError as error:
                yield LeftOut(address, str(error))
                continue
            for entry in entries[:ENTRIES]:
                yield from self._entry(entry)
            if len(entries) > ENTRIES:
                yield LeftOut(
                    address, f"a feed of more than {ENTRIES} articles; the first are read"
                )

    def _entry(self, entry: Fields) -> Iterator[tuple[str, Draft] | LeftOut]:
        for found in self._tried(entry.url, entry):
            if isinstance(found, Fetched):
                yield LeftOut(entry.url, "a feed inside a feed: name it by its own address")
            else:
                yield found

    def _tried(
        self, address: str, known: Fields
    ) -> Iterator[tuple[str, Draft] | LeftOut | Fetched]:
        """The article at an address, or the feed that is there, or why it is left out."""
        try:
            address = plain_address(address)
            if address in self._read:
                return
            self._read.add(address)
            answer = self._servers.get(address)
            if _FEED.match(answer.data[:4000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")):
                yield answer
            else:
                yield address, _page(answer, replace(known, url=address))
        except GoneError as error:
            yield LeftOut(address, str(error), is_gone=True)
        except ArticleError as error:
            yield LeftOut(address, str(error))
        except ValueError as error:  # "http://[", a port of letters
            yield LeftOut(address, f"not a web address ({clean(str(error))})")


# ---- what comes back -------------------------------------------------------------------------


def _page(fetched: Fetched, known: Fields) -> Draft:
    """A page as a draft: what it says of itself, completed by what is known of it."""
    if fetched.kind not in _PAGE_KINDS:
        raise ArticleError(f"not a web page ({fetched.kind}): save it, and name the file")
    html = decode(fetched.data, fetched.charset or declared_encoding(fetched.data))
    draft = page_draft(html)
    stated = draft.fields
    fields = replace(
        stated,
        title=stated.title or known.title,
        date=stated.date or known.date,
        author=stated.author or known.author,
        url=known.url,  # the address that it is found again by, whatever the page calls itself
    )
    return replace(draft, fields=fields)


def _entries(fetched: Fetched) -> list[Fields]:
    """What a feed says of its articles.

    Raises:
        ArticleError: it lists none.
    """
    with library("not a readable feed"):
        import feedparser

        headers = {"content-location": fetched.url, "content-type": "application/xml"}
        if fetched.charset:
            headers["content-type"] += f"; charset={fetched.charset}"
        feed = feedparser.parse(BytesIO(fetched.data), response_headers=headers)
        entries = [_fields(entry, fetched.url) for entry in feed.entries if entry.get("link")]
    if not entries:
        trouble = clean(str(feed.get("bozo_exception", "")))
        raise ArticleError("no articles in this feed" + (f" ({trouble})" if trouble else ""))
    return entries


def _fields(entry: Any, base: str) -> Fields:  # a feedparser dict, which has no types
    author = entry.get("author_detail", {}).get("name") or entry.get("author")
    return Fields(
        title=clean(entry.get("title")),
        date=parse_date(entry.get("published") or entry.get("updated")),
        author=clean(author),
        url=urljoin(base, entry["link"]),
    )
