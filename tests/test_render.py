"""What the chat shows: the same words as the article's, and nothing of them as HTML."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from index.types import Article, Filters, Span
from qa import markup, render, render_article, render_filters
from qa.collection import Collection
from qa.reference import reference
from qa.types import Answer, Change, Citation, Cue
from qa.wording import ENGLISH

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> & &amp; *a* _b_ $x$ `c` ${d} {{e}}'
    " [f](javascript:g) <!-- h -->\r\n\u202etrái\u202c 'i' \"j\""
)


class Page(HTMLParser):
    """The elements and the text of a page, as a browser would have them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.texts: list[tuple[str, str]] = []  # (tag and class, text inside)
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "input":  # has no end
            return
        self._open.append((f"{tag}.{dict(attrs).get('class') or ''}", []))

    def handle_endtag(self, tag: str) -> None:
        name, parts = self._open.pop()
        assert name.split(".")[0] == tag, "elements are closed in order"
        self.texts.append((name, "".join(parts)))

    def handle_data(self, data: str) -> None:
        for _, parts in self._open:
            parts.append(data)

    def text(self, name: str) -> str:
        """The text of the first closed element of this tag and class."""
        return next(text for found, text in self.texts if found == name)

    def has(self, tag: str) -> bool:
        return any(found == tag for found, _ in self.tags)

    def attributes(self, name: str) -> list[dict[str, str | None]]:
        return [a for tag, a in self.tags if f"{tag}.{a.get('class') or ''}" == name]


def cited(**changes: object) -> Citation:
    passage = "Câu đầu. Câu trả lời. Câu cuối."
    values: dict[str, object] = {
        "rank": 1,
        "score": 1.0,
        "article_id": "a1",
        "passage_id": "a1.0123",
        "title": "Tiêu đề",
        "source": "Báo Thử",
        "author": "Người Viết",
        "date": "2024-01-15",
        "url": "https://example.com/bai",
        "start": 100,
        "end": 100 + len(passage),
        "passage": passage,
        "quote": "Câu trả lời.",
        "quote_start": 109,
        "quote_end": 121,
    }
    return Citation(**{**values, **changes})  # type: ignore[arg-type]


def hostile(prefix: str = "") -> Citation:
    passage = f"{prefix}{HOSTILE}"
    return cited(
        title=HOSTILE,
        source=HOSTILE,
        author=HOSTILE,
        date=HOSTILE,
        url=f"https://example.com/{HOSTILE}",
        article_id=HOSTILE,
        passage_id=HOSTILE,
        passage=passage,
        start=0,
        end=len(passage),
        quote=HOSTILE,
        quote_start=len(prefix),
        quote_end=len(passage),
    )


def test_the_sentence_that_answers_is_marked_in_its_passage() -> None:
    page = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(),))))
    assert page.text("blockquote.hb-text") == "Câu đầu. Câu trả lời. Câu cuối."
    assert page.text("mark.") == "Câu trả lời."


def test_source_line_tells_title_outlet_author_date_and_link() -> None:
    page = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(),))))
    assert page.text("h3.hb-title") == "Tiêu đề"
    assert page.text("p.hb-byline").startswith("Báo Thử · Người Viết · 15/1/2024 · Bài gốc")
    (link,) = page.attributes("a.")
    assert link["href"] == "https://example.com/bai"
    assert (link["target"], link["rel"]) == ("_blank", "noopener noreferrer")


def test_further_citations_are_folded_and_counted() -> None:
    page = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(), cited(), cited()))))
    assert page.text("summary.") == "2 đoạn trích khác"
    assert "open" not in page.attributes("details.hb-further")[0]
    assert len(page.attributes("button.hb-read")) == 3


def test_one_citation_has_nothing_to_fold() -> None:
    assert not Page(render.answer(Answer("hỏi", "hỏi", True, (cited(),)))).has("details")


def test_not_found_is_said_and_near_misses_stand_apart() -> None:
    page = Page(render.answer(Answer("hỏi", "hỏi", False, (), (cited(),))))
    assert page.text("p.hb-notice") == "Không tìm thấy câu trả lời trong các bài đã lập chỉ mục."
    assert page.text("summary.") == "Có thể liên quan (1)"
    assert page.attributes("details.hb-near")


def test_what_was_understood_is_shown_only_where_words_were_changed() -> None:
    given = Answer(
        "vinh ha long",
        "vịnh hạ long",
        True,
        (cited(),),
        changes=(Change("vinh", "vịnh"), Change("ha", "hạ")),
    )
    page = Page(render.answer(given))
    assert page.text("span.hb-chip") == "vịnh hạ long"
    assert page.attributes("button.hb-as-typed")[0]["data-question"] == "vinh ha long"
    again = render.answer(Answer("hoà", "hòa", True, (cited(),)))
    assert "hb-understood" not in again, "another tone placement is no change"


def test_what_was_searched_as_typed_is_said_to_be() -> None:
    page = Page(render.answer(Answer("vinh", "vinh", True, (cited(),)), as_typed=True))
    assert page.text("p.hb-understood") == "Đã tìm đúng như đã gõ"
    assert "data-typed" in render.question("vinh", as_typed=True)


def test_words_of_the_question_are_marked_inside_and_outside_the_sentence() -> None:
    words = (Span(104, 107), Span(113, 120), Span(126, 130))  # the last goes over the end
    page = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(words=words),))))
    assert [t for n, t in page.texts if n == "span.hb-word"] == ["đầu", "trả lời", "cuối"]
    assert page.text("blockquote.hb-text") == "Câu đầu. Câu trả lời. Câu cuối."
    assert page.text("mark.") == "Câu trả lời."


def test_a_reference_names_all_that_is_known_of_the_source() -> None:
    assert reference(cited()) == (
        "“Câu trả lời.” (Người Viết, “Tiêu đề”, Báo Thử, 15/1/2024, https://example.com/bai)"
    )
    bare = cited(author="", title="", source="", date="", url="javascript:x")
    assert reference(bare) == "“Câu trả lời.”"


def test_reprints_are_counted_not_shown() -> None:
    page = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(reprints=3),))))
    assert ("p.hb-byline", "và 3 bài trùng nội dung") in page.texts


def test_only_further_passages_and_near_misses_can_be_chosen() -> None:
    found = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(), cited(passage_id="b.1")))))
    assert [a["data-passage"] for a in found.attributes("button.hb-choose")] == ["b.1"]
    near = Page(render.answer(Answer("hỏi", "hỏi", False, (), (cited(),))))
    assert len(near.attributes("button.hb-choose")) == 1
    without = Page(render.answer(Answer("hỏi", "hỏi", False, (), (cited(),)), thumbs=False))
    assert not without.attributes("button.hb-choose")
    assert not without.attributes("button.hb-thumb")


def test_everything_of_ours_is_english_in_english() -> None:
    theirs = cited(passage="A. B.", quote="B.", title="T", source="S", author="W", date="2024")
    given = Answer("Q", "Q", True, (theirs, replace(theirs, reprints=2)))
    page = render.question("Q", ENGLISH) + render.answer(given, ENGLISH, 1)
    page += render.answer(Answer("Q", "Q", False, (), (theirs,)), ENGLISH, as_typed=True)
    article = render_article.reader(Article("a", "A. B."), None, None, ENGLISH)
    for part in (page, article, render_article.missing_article(ENGLISH), render.waiting(ENGLISH)):
        assert {letter for letter in part if ord(letter) > 127} <= set("“”·…")


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ("2024", "2024"),
        ("2024-01", "tháng 1/2024"),
        ("2024-01-15", "15/1/2024"),
        ("đầu năm", "<bdi>đầu năm</bdi>"),
        ("<b>", "<bdi>&lt;b&gt;</bdi>"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(known: str, shown: str) -> None:
    assert markup.date(known) == shown


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//a.b",
        "http://",
        "http://[",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert not Page(render.answer(Answer("hỏi", "hỏi", True, (cited(url=url),)))).has("a")


def test_hostile_text_stays_text_everywhere() -> None:
    citation = hostile("Trước. ")
    given = Answer(HOSTILE, HOSTILE + " ", True, (citation, citation))
    page = Page(render.question(HOSTILE) + render.answer(given))
    assert not page.has("script")
    assert not page.has("img")
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert page.text("blockquote.hb-text") == citation.passage
    assert page.text("mark.") == HOSTILE
    assert page.text("h3.hb-title") == HOSTILE
    assert page.attributes("button.hb-read")[0]["data-article"] == HOSTILE
    assert page.attributes("button.hb-copy")[0]["data-copy"] == reference(citation)


def test_a_title_that_turns_the_direction_of_text_is_isolated() -> None:
    page = Page(render.answer(Answer("hỏi", "hỏi", True, (cited(title="\u202ebáo"),))))
    assert page.text("bdi.") == "\u202ebáo"


def test_what_html_cannot_hold_is_shown_as_replaced() -> None:
    page = render.answer(Answer("hỏi", "hỏi", True, (cited(title="a\x00b\ud800c"),)))
    assert "a\ufffdb\ufffdc" in page
    page.encode()  # a lone surrogate could not be sent


def test_reader_shows_the_whole_article_with_passage_and_sentence_marked() -> None:
    text = "Đầu trang\n\n" + HOSTILE + "\n\nMột. Hai. Ba.\n\nHết."
    start = text.index("Một.")
    article = Article("a1", text, title="Tên <b>", date="2024", body=len("Đầu trang\n\n"))
    page = Page(
        render_article.reader(article, Span(start, start + 13), Span(start + 5, start + 9)),
    )
    assert page.text("div.hb-text") == text[article.body :]
    assert page.text("span.hb-passage") == "Một. Hai. Ba."
    assert page.text("mark.") == "Hai."
    assert page.text("h2.hb-title") == "Tên <b>"
    assert page.text("p.hb-byline") == "2024"


def test_reader_says_when_the_passage_is_gone() -> None:
    page = Page(render_article.reader(Article("a1", "Chữ mới."), None, None))
    assert "đã thay đổi" in page.text("p.hb-notice")
    assert page.text("div.hb-text") == "Chữ mới."
    assert not page.has("mark")


def test_reader_shows_the_part_around_the_passage_of_a_huge_article() -> None:
    text = "Câu dài. " * 300_000
    at = text.index("Câu", 1_500_000)
    page = Page(render_article.reader(Article("a1", text), Span(at, at + 8), None))
    assert len(page.text("div.hb-text")) == render_article.READER_LIMIT
    assert page.text("span.hb-passage") == "Câu dài."
    assert "2.700.000 ký tự" in page.text("p.hb-notice")


def test_collection_names_counts_outlets_and_dates() -> None:
    held = Collection(1204, ("Báo A", "<b>"), 5, "2024-01", "2025-02-10", ("Ai?",))
    line = Page(render.welcome(held)).text("p.hb-collection")
    assert line == (
        "1.204 bài · nguồn: Báo A, <b> và 3 nguồn khác · đăng từ tháng 1/2024 đến 10/2/2025"
    )
    assert Page(render.welcome(held)).text("button.hb-example") == "Ai?"


def test_an_empty_collection_promises_nothing() -> None:
    page = Page(render.welcome(Collection(0, (), 0, "", "", ())))
    assert page.text("p.hb-collection") == "0 bài"
    assert not page.has("button")


def test_reader_leads_to_the_passages_before_and_after() -> None:
    article = Article("a1", "Một. Hai. Ba.")
    page = Page(render_article.reader(article, Span(5, 9), None, neighbours=("a1.0", "a1.2")))
    steps = [a for _, a in page.tags if "hb-step" in (a.get("class") or "")]
    assert [a["data-passage"] for a in steps] == ["a1.0", "a1.2"]
    first = render_article.reader(article, Span(0, 4), None, neighbours=("", "a1.1"))
    assert "Đoạn trước" not in first


# ---- dates, outlets, filters -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2024-05-25", "2024-05-25", "25/5/2024"),
        ("2024-02-01", "2024-02-29", "tháng 2/2024"),
        ("2024-01-01", "2024-12-31", "năm 2024"),
        ("2024-01-01", "2024-06-30", "từ 1/1/2024 đến 30/6/2024"),
        ("2024-01-01", "", "từ 1/1/2024"),
        ("", "2019-12-31", "đến 31/12/2019"),
        ("", "", ""),
    ],
)
def test_a_period_is_said_as_readers_say_it(since: str, until: str, words: str) -> None:
    assert render_filters.period_words(since, until) == words


def test_what_a_cue_does_is_said() -> None:
    said = [
        render_filters.cue_words(cue)
        for cue in (
            Cue("Năm 2021", "2021-01-01", "2021-12-31"),
            Cue("năm ngoái", "2025-01-01", "2025-12-31"),
            Cue("hôm qua", "2026-11-17", "2026-11-17", is_filter=True),
            Cue("hiện nay"),
            Cue("Theo <b>", outlets=("<b>",), is_filter=True),
        )
    ]
    assert said == [
        "Ưu tiên: Năm 2021",
        "Ưu tiên: năm ngoái (năm 2025)",
        "Chỉ tìm: bài đăng hôm qua (17/11/2026)",
        "Ưu tiên: bài mới nhất",
        "Chỉ tìm: <b>",
    ]


def test_hostile_outlets_and_titles_are_text_in_the_filter_row() -> None:
    hostile = "\"><script>alert(1)</script><b x='"
    row = render_filters.filter_row(
        Filters(outlets=(hostile,), articles=(hostile,)), [hostile], article=hostile
    )
    page = Page(row)
    assert not page.has("script") and not page.has("b")
    (option,) = [a for tag, a in page.tags if tag == "option" and a["value"]]
    assert option == {"value": hostile, "selected": None}
