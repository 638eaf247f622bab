"""Articles and feeds from a web server on this machine: what is read, what is left out, and how."""

import gzip
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from index import articles, fetch, web
from index.build import remove_articles, roll_back, update_index
from index.errors import UsageError
from index.history import updates
from index.plan import Report
from index.store import Store
from index.types import Article, LeftOut
from qa.cli import cli
from tests.fakes import WordEncoder
from tests.reading import article, reason

LEAD = "Đại sứ quán Kazakhstan đã tổ chức họp báo về những thành tựu nổi bật trong năm 2023."
Reply = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(title: str, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{title}, đoạn {number}. {LEAD}</p>" for number in range(4))
    return (
        f"<html><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def feed(*links: str) -> bytes:
    items = "".join(
        f"<item><title>Tít {n}</title><link>{link}</link><author>an@example.vn (An)</author>"
        f"<pubDate>Mon, 1{n} Feb 2025 09:42:00 +0700</pubDate></item>"
        for n, link in enumerate(links)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Thử</title>'
        f"{items}</channel></rss>"
    ).encode()


class Site:
    """A web server: what it answers by path, and what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | Callable[[http.server.BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, str]] = []  # (path, User-Agent)
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers["User-Agent"]))
                reply = site.replies.get(self.path, (404, {}, b""))
                if callable(reply):
                    with suppress(OSError):  # the client went away
                        reply(self)
                    return
                code, headers, body = reply
                self.send_response(code)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __call__(self, path: str, body: bytes, code: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[path] = (code, HTML | named, body)
        return self.url + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(fetch, "PAUSE", 0.0)
    monkeypatch.setenv("no_proxy", "*")
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


def read(*addresses: str) -> list[Article | LeftOut]:
    return list(articles.read_articles(addresses))


# ---- articles --------------------------------------------------------------------------------


def test_an_address_is_an_article(site: Site) -> None:
    head = (
        '<meta property="article:published_time" content="2024-01-15T10:00:00+07:00">'
        '<link rel="canonical" href="https://example.vn/">'  # some sites state their front page
    )
    address = site("/bai-1.html", page("Tít bài", head))
    found = article(address)
    assert (found.title, found.date, found.source) == ("Tít bài", "2024-01-15", "example.vn")
    assert found.url == found.origin == address
    assert found.text[found.body :].startswith("Tít bài, đoạn 0.")
    assert site.asked[0][0] == "/robots.txt"
    assert {agent for _, agent in site.asked} == {fetch.AGENT} and "HoiBao" in fetch.AGENT


def test_the_id_is_made_from_the_address_without_what_counts_readers(site: Site) -> None:
    plain = site("/bai?id=7", page("Tít bài"))
    found = article(plain)
    assert article(f"{plain}&utm_source=rss&fbclid=x#top").id == found.id
    site("/bai?id=8", page("Tít khác"))
    assert article(f"{site.url}/bai?id=8").id != found.id
    assert [getattr(i, "id", i) for i in read(plain, f"{plain}#top", plain)] == [found.id]


def test_a_page_is_read_in_the_encoding_that_its_server_states(site: Site) -> None:
    body = "<html><body><article><p>Café " + "a long line. " * 20 + "</p></article></body></html>"
    address = site("/a", body.encode("latin-1"), Content_Type="text/html; charset=iso-8859-1")
    assert article(address).text.startswith("Café a long")


def test_an_address_with_vietnamese_letters_is_sent_encoded(site: Site) -> None:
    site("/b%C3%A0i/1?q=%E1%BB%81", page("Tít bài"))
    found = article(f"{site.url}/bài/1?q=ề")
    assert found.url == f"{site.url}/bài/1?q=ề"


def test_redirects_are_followed_and_keep_the_first_address(site: Site) -> None:
    site("/moi", page("Tít bài"))
    old = site("/cu", b"", 301, Location="/giua")
    site("/giua", b"", 302, Location=f"{site.url}/moi")
    assert article(old).url == old
    assert reason(site("/vong", b"", 302, Location="/vong")) == "more than 5 redirects"
    why = reason(site("/tep", b"", 302, Location="file:///etc/passwd"))
    assert why.startswith("leads to what is no web address: file:///etc/passwd")


@pytest.mark.parametrize(
    ("code", "why", "gone"),
    [
        (404, "not found there (code 404)", True),
        (410, "not found there (code 410)", True),
        (403, "not given to us (code 403)", False),
        (500, "the server has trouble (code 500): try again later", False),
    ],
)
def test_what_a_server_refuses_is_left_out(site: Site, code: int, why: str, gone: bool) -> None:
    address = site("/a", b"no", code)
    assert read(address) == [LeftOut(address, why, gone)]


def test_what_is_no_page_is_left_out(site: Site) -> None:
    address = site("/a.png", b"\x89PNG", Content_Type="image/png")
    assert reason(address) == "not a web page (image/png): save it, and name the file"
    assert reason(site("/b", b"<html></html>")).startswith("no article text found")
    assert reason("http://[") == "not a web address (Invalid IPv6 URL)"
    assert "with a user name" in reason("http://an:secret@127.0.0.1/")
    assert "(nonnumeric port: 'bad')" in reason("http://127.0.0.1:bad/")


def test_a_server_that_is_not_there_is_named(site: Site) -> None:
    site.server.server_close()
    assert reason(f"{site.url}/a").startswith(f"cannot be fetched from {site.url} (")


# ---- limits ----------------------------------------------------------------------------------


def test_a_body_too_large_is_not_read_to_its_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "SIZE", 200_000)
    sent: list[int] = []

    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"a" * 10_000)
            sent.append(10_000)

    site.replies["/a"] = endless
    assert reason(f"{site.url}/a") == "larger than 0.2 MB"
    assert sum(sent) < 50_000_000


def test_a_server_that_says_nothing_is_left_after_a_while(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "SILENCE", 0.2)
    done = threading.Event()
    site.replies["/a"] = lambda handler: done.wait(30) and None
    why = reason(f"{site.url}/a")
    done.set()
    assert why == f"cannot be fetched from {site.url} (no answer in time)"


def test_a_server_that_sends_a_byte_now_and_then_is_left_after_a_while(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "TIME", 0.3)

    def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.02)

    site.replies["/a"] = drip
    assert reason(f"{site.url}/a") == "takes longer than 0.3 seconds"


def test_a_packed_answer_is_unpacked_within_the_limit(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(page("Tít bài"))
    assert article(site("/a", packed, Content_Encoding="gzip")).title == "Tít bài"
    assert "(" in reason(site("/b", b"no gzip", Content_Encoding="gzip"))
    monkeypatch.setattr(fetch, "SIZE", 200_000)
    bomb = gzip.compress(b"a" * 5_000_000)
    assert reason(site("/c", bomb, Content_Encoding="gzip")) == "larger than 0.2 MB"


def test_half_an_answer_is_no_article(site: Site) -> None:
    def half(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(page("Tít bài"))

    site.replies["/a"] = half
    assert reason(f"{site.url}/a") in (
        "broke off before its end: try again",
        f"cannot be fetched from {site.url} (Connection reset by peer)",
    )


def test_a_host_that_fails_again_and_again_is_not_asked_for_ever(site: Site) -> None:
    links = [site(f"/{n}", b"", 503) for n in range(9)]
    found = read(site("/rss", feed(*links), Content_Type="text/xml"))
    assert len(found) == 9
    assert len(site.paths()) == 1 + fetch.FAILURES
    assert isinstance(found[-1], LeftOut) and found[-1].reason.endswith("times before: not asked")


# ---- politeness ------------------------------------------------------------------------------


def test_what_robots_txt_forbids_is_not_asked_for(site: Site) -> None:
    site("/robots.txt", b"User-agent: *\nDisallow: /rieng/\n", Content_Type="text/plain")
    private, public = site("/rieng/a", page("Tít bài")), site("/b", page("Tít bài"))
    assert reason(private) == f"{site.url} does not want programs to read it (robots.txt)"
    assert article(public).title == "Tít bài"
    assert site.paths() == ["/b"]
    site("/c", b"", 302, Location="/rieng/a")
    assert "robots.txt" in reason(f"{site.url}/c")


def test_rules_for_us_by_name_are_kept(site: Site) -> None:
    site("/robots.txt", b"User-agent: HoiBao\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    assert "robots.txt" in reason(site("/a", page("Tít bài")))


@pytest.mark.parametrize(("code", "is_read"), [(404, True), (403, True), (500, False)])
def test_a_site_without_rules_is_read_one_in_trouble_is_not(
    site: Site, code: int, is_read: bool
) -> None:
    site("/robots.txt", b"", code)
    (found,) = read(site("/a", page("Tít bài")))
    assert isinstance(found, Article) is is_read


def test_there_is_a_pause_between_requests_to_a_host(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(fetch, "PAUSE", 7.0)
    monkeypatch.setattr(fetch.time, "sleep", slept.append)
    site("/robots.txt", b"User-agent: *\nCrawl-delay: 25\n", Content_Type="text/plain")
    read(site("/a", page("Tít A")), site("/b", page("Tít B")))
    first, second, third = slept
    assert first == 0 and 6 < second <= 7 and 24 < third <= 25  # robots.txt, /a, /b


# ---- feeds -----------------------------------------------------------------------------------


def test_a_feed_is_the_articles_that_it_lists(site: Site) -> None:
    stated = '<meta property="article:published_time" content="2024-01-15">'
    site("/0", page("Tít trang", stated))
    site("/1", page("Tít một").replace(b"<title>", b"<t>").replace(b"h1", b"p"))
    links = [f"{site.url}/0", "/1?utm_source=rss", f"{site.url}/2"]
    first, second, third = read(site("/rss", feed(*links), Content_Type="application/rss+xml"))
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.title, first.date, first.author) == ("Tít trang", "2024-01-15", "An")
    assert (second.date, second.url, second.origin) == ("2025-02-11", *[f"{site.url}/1"] * 2)
    assert third == LeftOut(f"{site.url}/2", "not found there (code 404)", True)
    assert first.id == article(f"{site.url}/0").id


def test_an_atom_feed(site: Site) -> None:
    site("/1", page("Tít một"))
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo</title><entry><title>Tít</title>'
        '<link rel="alternate" href="/1"/><updated>2025-02-10T09:42:00+07:00</updated></entry>'
        "</feed>"
    )
    found = article(site("/atom", atom.encode(), Content_Type="text/html"))
    assert (found.date, found.url) == ("2025-02-10", f"{site.url}/1")


def test_a_feed_with_broken_xml_gives_what_can_be_read_of_it(site: Site) -> None:
    links = [site(f"/{n}", page(f"Tít {n}")) for n in range(2)]
    broken = feed(*links).partition(b"<pubDate>Mon, 11")[0]
    found = read(site("/rss", broken, Content_Type="text/xml"))
    assert [getattr(item, "title", item) for item in found] == ["Tít 0", "Tít 1"]
    why = reason(site("/b", b'<?xml version="1.0"?><rss><channel><item', Content_Type="text/xml"))
    assert why.startswith("no articles in this feed (")
    assert reason(site("/c", feed())) == "no articles in this feed"


def test_a_very_long_feed_and_a_feed_in_a_feed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ENTRIES", 1)
    inner = site("/inner", feed("/x"), Content_Type="text/xml")
    outer = site("/outer", feed(inner, "/y"), Content_Type="text/xml")
    assert read(outer) == [
        LeftOut(inner, "a feed inside a feed: name it by its own address"),
        LeftOut(outer, "a feed of more than 1 articles; the first are read"),
    ]


# ---- an index of addresses -------------------------------------------------------------------


def update(folder: Path, *places: str) -> Report:
    return update_index(folder, places, WordEncoder())


def test_an_article_that_is_gone_is_removed_one_in_trouble_stays(
    site: Site, tmp_path: Path
) -> None:
    one, two = site("/1", page("Tít một")), site("/2", page("Tít hai"))
    assert len(update(tmp_path, one, two).added) == 2
    site("/1", b"", 503)
    assert update(tmp_path, one, two).removed == []
    site("/1", b"", 410)
    report = update(tmp_path, two)  # not named: nothing is known of it
    assert report.removed == [] and len(report.unchanged) == 1
    report = update(tmp_path, one)
    assert len(report.removed) == 1 and report.articles == 1


def test_what_a_feed_lists_no_more_stays(site: Site, tmp_path: Path) -> None:
    links = [site(f"/{n}", page(f"Tít {n}")) for n in range(3)]
    address = site("/rss", feed(*links[:2]), Content_Type="text/xml")
    update(tmp_path, address)
    site("/rss", feed(*links[1:]), Content_Type="text/xml")
    report = update(tmp_path, address)
    assert (len(report.added), report.removed, report.articles) == (1, [], 3)


def test_the_command_takes_addresses_beside_files(
    site: Site, tmp_path: Path, model_dir: Path
) -> None:
    address = site("/a", page("Tít bài"))
    (tmp_path / "b.txt").write_text(f"Tít\n\n{LEAD}", encoding="utf-8")
    folder = tmp_path / "index"
    done = CliRunner().invoke(
        cli, ["index", address, str(tmp_path / "b.txt"), "--index", str(folder)]
    )
    assert done.exit_code == 0, done.output
    store = Store.open(folder)
    assert sorted(found.origin for found in store.articles()) == sorted(
        [address, (tmp_path / "b.txt").resolve().as_posix()]
    )
    store.close()


def test_a_rebuild_that_names_a_feed_keeps_what_it_lists_no_more(
    site: Site, tmp_path: Path
) -> None:
    links = [site(f"/{n}", page(f"Tít {n}")) for n in range(3)]
    address = site("/rss", feed(*links), Content_Type="text/xml")
    update(tmp_path, address)
    site("/rss", feed(links[2]), Content_Type="text/xml")
    rebuild = partial(update_index, tmp_path, encoder=WordEncoder(), rebuild=True)
    report = rebuild(paths=[address])
    assert (len(report.changed), report.removed, report.articles) == (1, [], 3)
    site("/2", b"", 404)
    report = rebuild(paths=[address])
    assert (len(report.removed), report.articles) == (1, 2)
    (tmp_path / "b.txt").write_text(f"Tít\n\n{LEAD}", encoding="utf-8")
    assert len(rebuild(paths=[tmp_path / "b.txt"]).removed) == 2


def test_the_id_of_an_address_is_given_to_no_file(site: Site, tmp_path: Path) -> None:
    address = site("/a", page("Tít bài"))
    (article_id,) = update(tmp_path, address).added
    saved = tmp_path / "saved.md"
    saved.write_text(f"---\nurl: {address}\n---\n{LEAD}", encoding="utf-8")
    for places in ([saved], [saved, address], [address, saved]):
        report = update(tmp_path, *places)
        (left_out,) = report.left_out
        assert f"its id '{article_id}' is that of {address}" in left_out.reason
        assert (left_out.origin, report.articles) == (saved.as_posix(), 1)
    assert update_index(tmp_path, [saved], WordEncoder(), rebuild=True).changed == [article_id]
    (left_out,) = update(tmp_path, address).left_out  # and now it is the file's
    assert left_out.origin == address


def test_an_article_is_removed_by_its_address_and_comes_back(site: Site, tmp_path: Path) -> None:
    address = site("/a?x=1", page("Tít bài"))
    other = site("/b", page("Tít khác"))
    update(tmp_path, address, other)
    plan = remove_articles(tmp_path, [f"{address}&utm_source=rss#top"])
    assert list(plan.origins.values()) == [address]
    with pytest.raises(UsageError, match="no article has the id"):
        remove_articles(tmp_path, [address])
    assert roll_back(tmp_path)[1].articles == 2
    store = Store.open(tmp_path)
    assert updates(store)[-1].paths == [address, other]
    store.close()
    assert len(update(tmp_path, address, other).unchanged) == 2
