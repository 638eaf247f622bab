"""Who may use the tabs of the editor and the engineer.

Served on this machine alone, whoever sits at it may. Served to others, whoever knows the password
may; without a password nobody may. Pages of other sites may never: their browsers are told apart
by the names that a request carries.
"""

import hmac
import ipaddress
import os
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from index.errors import UsageError

Mode = Literal["off", "open", "password"]

PASSWORD = "HOIBAO_PASSWORD"  # the environment's variable
COOKIE = "hoibao-tabs"
LASTS = 12 * 3600.0  # seconds that a visit holds after its last use
TRIES = 5  # wrong passwords of one address
LOCKED = 300.0  # seconds until that address may try again
_VISITS = 200  # at once; the one not used for longest is forgotten
_REMEMBERED = 10_000  # addresses that tried
# What a server in front adds: the request is not of this machine, whatever its address says.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Access:
    """Decides it from the headers of a request. Threads may share it."""

    def __init__(
        self,
        mode: Mode,
        password: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.mode = mode
        self._password = _digest(password)
        self._clock = clock
        self._lock = threading.Lock()
        self._visits: OrderedDict[bytes, float] = OrderedDict()  # token's digest: when it ends
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how often, since when

    def lets_in(self, headers: Mapping[str, str], client: str) -> bool:
        """Whether a request may use the tabs: its headers by lower-case names, its address."""
        if self.mode == "off" or is_foreign(headers):
            return False
        if self.mode == "open":
            return (
                is_loopback(client)
                and is_loopback(_host(headers.get("host", "")))
                and not any(name in headers for name in _FORWARDED)
            )
        key = _digest(_token(headers))
        with self._lock:
            end = self._visits.pop(key, None)
            if end is None or end < self._clock():
                return False
            self._visits[key] = self._clock() + LASTS
            return True

    def log_in(self, password: str, client: str) -> str | None:
        """The token of a new visit; None where the password is wrong."""
        if self.mode != "password":
            return None
        if not hmac.compare_digest(_digest(password), self._password):
            with self._lock:
                count, since = self._wrong.pop(client, (0, 0.0))
                if since + LOCKED < self._clock():
                    count = 0
                self._wrong[client] = (count + 1, self._clock())
                if len(self._wrong) > _REMEMBERED:
                    self._wrong.popitem(last=False)
            return None
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._wrong.pop(client, None)
            self._visits[_digest(token)] = self._clock() + LASTS
            if len(self._visits) > _VISITS:
                self._visits.popitem(last=False)
        return token

    def may_try(self, client: str) -> bool:
        """False for an address that gave too many wrong passwords of late."""
        with self._lock:
            count, since = self._wrong.get(client, (0, 0.0))
            return count < TRIES or since + LOCKED < self._clock()

    def log_out(self, headers: Mapping[str, str]) -> None:
        with self._lock:
            self._visits.pop(_digest(_token(headers)), None)


def access(host: str, read_only: bool, password_file: Path | None) -> Access:
    """How the tabs are served at an address.

    Raises:
        UsageError: the password's file cannot be read or is empty.
    """
    password = os.environ.get(PASSWORD, "")
    if password_file:
        try:
            password = password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"cannot read the password in {password_file} ({error})") from error
        if not password:
            raise UsageError(f"{password_file} is empty; write the editor's password into it")
    if read_only:
        return Access("off")
    if password:
        return Access("password", password)
    return Access("open" if is_loopback(host) else "off")


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether a browser sends this for a page of another site."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host", "")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(netloc: str) -> str:
    """The host of a Host header, without its port."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def _token(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _digest(secret: str) -> bytes:
    """Digests compare in a time that tells nothing of what was hashed, its length neither."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
