"""Pages from web servers, asked for politely and with limits.

Servers are asked under our own name, only for what their robots.txt allows, one request at a time
with a pause between two to the same host. What they send is limited in time and size.
"""

import re
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from index.errors import ArticleError
from index.metadata import clean

AGENT = "HoiBao/0.1 (question answering over news articles)"
PAUSE = 1.0  # seconds between two requests to one host, unless its robots.txt asks for more
LONGEST_PAUSE = 30.0
SILENCE = 20.0  # seconds without a word from a server
TIME = 60.0  # seconds for one answer
SIZE = 20_000_000  # bytes of one answer
ROBOTS_SIZE = 500_000  # RFC 9309, 2.5
REDIRECTS = 5
FAILURES = 3  # in a row, after which a host is not asked again

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class _RefusedError(ArticleError):
    """The server does not give us what is at an address (codes 400 to 499)."""


class GoneError(_RefusedError):
    """There is nothing at the address any more."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent, `kind` being its media type, and where redirects ended."""

    url: str
    data: bytes
    kind: str
    charset: str


def is_address(place: object) -> bool:
    return isinstance(place, str) and bool(_ADDRESS.match(place))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by our own hand: each may lead to a host with rules of its own."""

    def redirect_request(self, *args: Any) -> None:
        return None


class Servers:
    """Asks servers: what their robots.txt allows, and not too much at once."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._rules: dict[str, RobotFileParser] = {}  # by site: scheme and host
        self._free_at: dict[str, float] = {}  # when a site may be asked again
        self._failures: Counter[str] = Counter()

    def get(self, address: str) -> Fetched:
        """What is at an address, by way of redirects.

        Raises:
            ArticleError: it cannot be had, or its host does not want us to ask.
        """
        url = address
        for _ in range(REDIRECTS + 1):
            site = _site(url)
            if site not in self._rules:
                self._rules[site] = self._rules_of(site)
            if not self._rules[site].can_fetch(AGENT, _ascii(url)):
                raise ArticleError(f"{site} does not want programs to read it (robots.txt)")
            answer = self._ask(url, SIZE)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise ArticleError(f"more than {REDIRECTS} redirects")

    def _rules_of(self, site: str) -> RobotFileParser:
        """The rules of a site; one without robots.txt allows everything (RFC 9309, 2.3.1)."""
        rules = RobotFileParser()
        url = f"{site}/robots.txt"
        lines: list[str] = []
        try:
            for _ in range(REDIRECTS + 1):
                answer = self._ask(url, ROBOTS_SIZE)
                if isinstance(answer, Fetched):
                    lines = answer.data.decode("utf-8-sig", "replace").splitlines()
                    break
                url = answer
        except _RefusedError:
            pass
        rules.parse(lines)
        return rules

    def _ask(self, url: str, size: int) -> Fetched | str:
        """One request: what is there, or the address to ask instead."""
        site = _site(url)
        if self._failures[site] >= FAILURES:
            raise ArticleError(f"{site} failed {FAILURES} times before: not asked")
        time.sleep(max(0.0, self._free_at.get(site, 0.0) - time.monotonic()))
        request = urllib.request.Request(_ascii(url), headers={"User-Agent": AGENT})
        self._failures[site] += 1
        try:
            with self._opener.open(request, timeout=SILENCE) as response:
                headers = response.headers
                data = _limited(response, size)
        except urllib.error.HTTPError as error:
            target = error.headers.get("Location")
            error.close()
            if error.code < 500:
                self._failures[site] = 0
            if error.code in (301, 302, 303, 307, 308) and target:
                return urljoin(url, target)
            raise _refusal(error.code) from error
        except (OSError, HTTPException, zlib.error) as error:
            raise ArticleError(f"cannot be fetched from {site} ({_why(error)})") from error
        finally:
            self._free_at[site] = time.monotonic() + self._pause(site)
        self._failures[site] = 0
        return Fetched(url, data, headers.get_content_type(), headers.get_content_charset() or "")

    def _pause(self, site: str) -> float:
        rules = self._rules.get(site)
        asked = rules.crawl_delay(AGENT) if rules else None
        return min(max(PAUSE, float(asked or 0)), LONGEST_PAUSE)


def _limited(response: HTTPResponse, size: int) -> bytes:
    began = time.monotonic()
    data = bytearray()
    # read1 returns what there is, so that a server that sends a byte now and then is noticed.
    while block := response.read1(1 << 16):
        data += block
        if len(data) > size:
            raise ArticleError(f"larger than {size / 10**6:g} MB")
        if time.monotonic() - began > TIME:
            raise ArticleError(f"takes longer than {TIME:g} seconds")
    stated = response.headers.get("Content-Length", "")
    if stated.isdecimal() and len(data) < int(stated):
        raise ArticleError("broke off before its end: try again")
    if response.headers.get("Content-Encoding", "").lower() == "gzip":  # though not asked for
        data = bytearray(zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, size + 1))
        if len(data) > size:
            raise ArticleError(f"larger than {size / 10**6:g} MB")
    return bytes(data)


def _refusal(code: int) -> ArticleError:
    if code in (404, 410):
        return GoneError(f"not found there (code {code})")
    if code < 500:
        return _RefusedError(f"not given to us (code {code})")
    return ArticleError(f"the server has trouble (code {code}): try again later")


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    return clean(getattr(reason, "strerror", "") or str(reason)) or type(reason).__name__


def _site(url: str) -> str:
    """The scheme and the host of an address.

    Raises:
        ArticleError: a redirect or a feed led to what is no web address.
    """
    parts = urlsplit(url)
    if not is_address(url) or not parts.hostname:
        raise ArticleError(f"leads to what is no web address: {clean(url)[:100]}")
    if "@" in parts.netloc:
        raise ArticleError("an address with a user name, which readers would see: leave it out")
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def _ascii(url: str) -> str:
    """An address as it is sent: letters beyond ASCII in the host and the path are encoded."""
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path, query = (
        quote(part, safe="%/:=&?~#+!$,;'@()*[]-._") for part in (parts.path, parts.query)
    )
    return urlunsplit((parts.scheme, host, path or "/", query, ""))
