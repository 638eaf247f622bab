"""Reprints of a story are told from other articles, and an answer shows the first published."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from index.passages import split_passages
from index.reader import Index
from index.types import Article, Passage
from qa import answer as answers
from qa.answer import Answerer
from qa.confidence import released_confidence
from qa.reprints import Reprints, Said, first_published
from qa.types import Hit
from tests.fakes import WordEncoder

STORY = """Bảo tàng gốm làng Vạn mở cửa

Sáng 12/4, bảo tàng gốm đầu tiên của làng Vạn mở cửa đón khách trong ngôi nhà cổ ven sông. Bảo \
tàng trưng bày 340 hiện vật do dân làng hiến tặng, cổ nhất là chiếc vò men nâu từ thế kỷ 15.

Ông Lê Văn Thịnh, người giữ lò cuối cùng của làng, dành ba năm đi từng nhà xin hiện vật. Ông kể \
có cụ già ôm chiếc bình vôi khóc cả buổi rồi mới trao lại cho ông.

Vé vào cửa là 20.000 đồng, trẻ em dưới mười tuổi không mất tiền. Khách có thể tự tay nặn một món \
đồ, nung trong lò nhỏ ở sân sau và mang về sau hai ngày."""
# Another headline, a paragraph gone, some words changed.
REPRINT = """Làng cổ có thêm điểm đến cho khách mê gốm

Sáng ngày 12/4, bảo tàng gốm đầu tiên của làng Vạn đã mở cửa đón khách trong ngôi nhà cổ ven \
sông. Bảo tàng hiện trưng bày 340 hiện vật do dân làng hiến tặng, cổ nhất là vò men nâu từ thế \
kỷ 15.

Giá vé vào cửa là 20.000 đồng, trẻ em dưới mười tuổi không mất tiền. Du khách có thể tự tay nặn \
một món đồ, nung trong lò nhỏ ở sân sau và mang về sau hai ngày."""
# The same event in a reporter's own words.
OTHER = """Ngày hội ở làng gốm

Người làng Vạn hôm nay chen nhau trước căn nhà ba gian để xem những chum vại của ông bà mình lên \
kệ kính. Bảo tàng gốm có 340 món, phần lớn nằm quên trong bếp và góc vườn suốt nhiều đời.

Giá vé 20.000 đồng một người, con trẻ được vào tự do."""


def said(article_id: str, text: str, quote: str, date: str = "") -> Said:
    """The passage of a text with the sentence that begins with `quote`."""
    body = text.index("\n\n") + 2 if "\n\n" in text else 0
    article = Article(article_id, text, date=date, body=body)
    for number, span in enumerate(split_passages(text, body)):
        for at, sentence in enumerate(span.sentences):
            if text[sentence.start : sentence.end].startswith(quote):
                name = f"{article_id}.{number}"
                place = span.start, span.end, span.sentences
                return Said(
                    Hit(number, 1.0, at), Passage(number, name, article_id, *place), article
                )
    raise AssertionError(f"no sentence begins with {quote!r}")


def together(*found: Said) -> list[list[str]]:
    return [[each.article.id for each in group] for group in Reprints().groups(found, len(found))]


def test_a_reprint_says_the_same() -> None:
    story, reprint = said("a", STORY, "Vé vào cửa"), said("b", REPRINT, "Giá vé vào cửa")
    assert together(story, reprint) == [["a", "b"]]
    assert together(reprint, story) == [["b", "a"]]


def test_another_article_on_the_same_event_does_not() -> None:
    story, other = said("a", STORY, "Vé vào cửa"), said("c", OTHER, "Giá vé 20.000")
    assert together(story, other) == [["a"], ["c"]]


def test_another_sentence_of_a_reprint_is_another_answer() -> None:
    first = "\n\n".join([*STORY.split("\n\n")[:2], "Đoạn khác hẳn của toà soạn. " * 40])
    found = said("a", STORY, "Ông kể"), said("b", first, "Bảo tàng trưng bày")
    assert together(*found) == [["a"], ["b"]]


def test_reports_of_one_kind_with_other_numbers_are_not_reprints() -> None:
    report = (
        "Kết quả quay số\n\nLễ quay số diễn ra tại trường quay trước sự chứng kiến của người dân."
        " Bộ số trúng thưởng kỳ quay là {}. Giải đặc biệt trị giá {} tỷ đồng."
    )
    one = said("a", report.format("12 25 31", "14"), "Bộ số")
    two = said("b", report.format("07 19 40", "15"), "Bộ số")
    assert together(one, two) == [["a"], ["b"]]
    assert together(one, said("c", report.format("12 25 31", "14"), "Bộ số")) == [["a", "c"]]


def test_the_same_words_in_one_article_are_said_once() -> None:
    found = said("a", STORY, "Vé vào cửa")
    assert together(found, found) == [["a", "a"]]
    near = said("a", REPRINT, "Giá vé vào cửa")  # two passages of one article that share much
    assert together(found, near) == [["a"], ["a"]]


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("2024-04-13", "2024-04-12"), 1),
        (("2024-04-12", "2024-04-13"), 0),
        (("2024-04-12", "2024-04"), 0),  # that may be any day of the month
        (("2024-04-12", "2024-03"), 1),
        (("2024-04-12", ""), 0),
        (("", "2024"), 1),
        (("", ""), 0),
    ],
)
def test_the_first_published_is_shown(dates: tuple[str, str], first: int) -> None:
    group = [said("a", STORY, "Vé", dates[0]), said("b", REPRINT, "Giá vé", dates[1])]
    assert first_published(group) is group[first]


def test_an_answer_shows_a_story_once_as_it_was_published_first(
    build_index: Callable[..., Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = replace(released_confidence(), threshold=0.0)
    monkeypatch.setattr(answers, "released_confidence", lambda: sure)
    dated = {"14/4/2024": STORY, "12/4/2024": REPRINT, "1/1/2024": OTHER}
    texts = [text.replace("\n\n", f"\n\n{day}\n\n", 1) for day, text in dated.items()]
    index = build_index(**dict(zip(("story", "reprint", "other"), texts, strict=True)))
    answer = Answerer(index, WordEncoder()).ask("Vé vào cửa bảo tàng gốm là bao nhiêu đồng?")
    price = {c.title: c.reprints for c in answer.citations if "20.000 đồng" in c.passage}
    assert price == {"Làng cổ có thêm điểm đến cho khách mê gốm": 1, "Ngày hội ở làng gốm": 0}
    assert [cited.rank for cited in answer.citations] == list(range(1, len(answer.citations) + 1))
