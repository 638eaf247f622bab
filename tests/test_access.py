"""Who may use the tabs: by address, by password, never for another site's page."""

from pathlib import Path

import pytest

from index.errors import UsageError
from qa.access import COOKIE, LASTS, LOCKED, TRIES, Access, access

HERE = {"host": "127.0.0.1:7860"}
PASSWORD = "một mật khẩu dài"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("host", "read_only", "password", "mode"),
    [
        ("127.0.0.1", False, "", "open"),
        ("::1", False, "", "open"),
        ("localhost", False, "", "open"),
        ("127.0.0.1", False, PASSWORD, "password"),
        ("0.0.0.0", False, "", "off"),
        ("192.168.1.5", False, "", "off"),
        ("0.0.0.0", False, PASSWORD, "password"),
        ("127.0.0.1", True, "", "off"),
        ("0.0.0.0", True, PASSWORD, "off"),
    ],
)
def test_how_the_tabs_are_served(
    monkeypatch: pytest.MonkeyPatch, host: str, read_only: bool, password: str, mode: str
) -> None:
    monkeypatch.setenv("HOIBAO_PASSWORD", password)
    assert access(host, read_only, None).mode == mode


def test_the_password_is_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOIBAO_PASSWORD", raising=False)
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    assert access("0.0.0.0", False, file).log_in(PASSWORD, "") is not None
    file.write_text(" \n", encoding="utf-8")
    with pytest.raises(UsageError, match="is empty"):
        access("0.0.0.0", False, file)
    with pytest.raises(UsageError, match="cannot read the password"):
        access("0.0.0.0", False, tmp_path / "gone")


@pytest.mark.parametrize(
    ("headers", "client", "may"),
    [
        (HERE, "127.0.0.1", True),
        ({"host": "localhost"}, "127.0.0.1", True),
        ({"host": "[::1]:7860"}, "::1", True),
        ({**HERE, "origin": "http://127.0.0.1:7860"}, "127.0.0.1", True),
        ({**HERE, "sec-fetch-site": "same-origin"}, "127.0.0.1", True),
        ({"host": "evil.example"}, "127.0.0.1", False),  # a name that leads here
        ({"host": "127.0.0.1.evil.example"}, "127.0.0.1", False),
        ({"host": ""}, "127.0.0.1", False),
        ({"host": "[::1"}, "127.0.0.1", False),
        ({}, "127.0.0.1", False),
        ({**HERE, "origin": "http://evil.example"}, "127.0.0.1", False),
        ({**HERE, "origin": "null"}, "127.0.0.1", False),
        ({**HERE, "origin": "http://127.0.0.1:9999"}, "127.0.0.1", False),
        ({**HERE, "sec-fetch-site": "cross-site"}, "127.0.0.1", False),
        ({**HERE, "sec-fetch-site": "same-site"}, "127.0.0.1", False),
        ({**HERE, "x-forwarded-for": "127.0.0.1"}, "127.0.0.1", False),
        ({**HERE, "via": "1.1 proxy"}, "127.0.0.1", False),
        (HERE, "192.168.1.7", False),
        (HERE, "", False),
    ],
)
def test_without_a_password_only_this_machines_own_page_is_let_in(
    headers: dict[str, str], client: str, may: bool
) -> None:
    assert Access("open").lets_in(headers, client) is may


def visit(token: str | None) -> dict[str, str]:
    return {"host": "news.example", "cookie": f"other=1; {COOKIE}={token}"}


def test_a_visit_begins_with_the_password_and_ends() -> None:
    clock = Clock()
    door = Access("password", PASSWORD, clock)
    assert door.log_in("sai", "a") is None
    token = door.log_in(PASSWORD, "a")
    assert door.lets_in(visit(token), "10.0.0.1")
    assert not door.lets_in({**visit(token), "origin": "https://evil.example"}, "10.0.0.1")
    assert not door.lets_in(visit("x" * 43), "10.0.0.1")
    assert not door.lets_in({"host": "news.example"}, "127.0.0.1")
    clock.now += LASTS - 1
    assert door.lets_in(visit(token), "10.0.0.1"), "each use makes it last"
    clock.now += LASTS - 1
    assert door.lets_in(visit(token), "10.0.0.1")
    door.log_out(visit(token))
    assert not door.lets_in(visit(token), "10.0.0.1")
    other = door.log_in(PASSWORD, "a")
    clock.now += LASTS + 1
    assert not door.lets_in(visit(other), "10.0.0.1")


def test_wrong_passwords_are_counted_by_address() -> None:
    clock = Clock()
    door = Access("password", PASSWORD, clock)
    for _ in range(TRIES):
        assert door.may_try("a")
        door.log_in("sai", "a")
    assert not door.may_try("a")
    assert door.may_try("b")
    clock.now += LOCKED + 1
    assert door.may_try("a")


@pytest.mark.parametrize("cookie", ["", COOKIE, f"{COOKIE}=", "=;=;", f'{COOKIE}="\\000"', "\x00"])
def test_a_forged_cookie_is_none(cookie: str) -> None:
    door = Access("password", PASSWORD)
    assert not door.lets_in({"host": "h", "cookie": cookie}, "a")


def test_tabs_that_are_off_let_nobody_in() -> None:
    door = Access("off", PASSWORD)
    assert not door.lets_in(HERE, "127.0.0.1")
    assert door.log_in(PASSWORD, "127.0.0.1") is None
