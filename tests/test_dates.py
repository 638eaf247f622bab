"""Time expressions of questions: `qa.dates`, over the table in `tests.time_expressions`."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold
from qa.dates import Mention, mentions
from tests.time_expressions import SPELLED_ONLY, TODAY, UNDATED, dated

BARE = [fold(said) for said, _, _ in dated()]
TABLE = pytest.mark.parametrize(("said", "since", "until"), dated(), ids=BARE)


def days(mention: Mention) -> tuple[str, str]:
    return mention.period.iso if mention.period else ("newest", "newest")


def test_the_table_is_large() -> None:
    assert len(dated()) >= 150
    assert len(UNDATED) >= 100


@TABLE
def test_an_expression_alone(said: str, since: str, until: str) -> None:
    (found,) = mentions(said, TODAY)
    assert (said[found.start : found.end], *days(found)) == (said, since, until)


@TABLE
def test_an_expression_inside_a_question(said: str, since: str, until: str) -> None:
    question = f"Chính phủ đã quyết định những gì về giáo dục {said}, thưa các bạn?"
    (found,) = mentions(question, TODAY)
    assert (question[found.start : found.end], *days(found)) == (said, since, until)


@TABLE
def test_an_expression_typed_without_diacritics(said: str, since: str, until: str) -> None:
    question = f"gia gao {fold(said)} tang bao nhieu"
    found = mentions(question, TODAY)
    if said in SPELLED_ONLY:
        assert found == []
        return
    assert [(question[m.start : m.end], *days(m)) for m in found] == [(fold(said), since, until)]


@pytest.mark.parametrize("question", UNDATED)
def test_what_is_no_time_is_not_taken_for_one(question: str) -> None:
    for typed in (question, fold(question)):
        assert [typed[m.start : m.end] for m in mentions(typed, TODAY)] == []


_FORMS = (
    "{0.day}/{0.month}/{0.year}",
    "{0:%d/%m}/{0.year}",
    "{0.day}-{0.month}-{0.year}",
    "{0.day}.{0.month}.{0.year}",
    "ngày {0.day}/{0.month}/{0.year}",
    "ngày {0.day} tháng {0.month} năm {0.year}",
    "{0.day} tháng {0.month} năm {0.year}",
    "{0.day} tháng {0.month}, {0.year}",
    "ngay {0.day} thang {0.month} nam {0.year}",
    "{0.year}-{0:%m-%d}",
)


@given(st.dates(date(1000, 1, 1), date(2099, 12, 31)), st.sampled_from(_FORMS))
def test_every_day_in_every_form_is_that_day(at: date, form: str) -> None:
    (found,) = mentions(f"Có gì {form.format(at)}?", TODAY)
    assert found.period is not None
    assert (found.period.since, found.period.until) == (at, at)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 12))
def test_a_month_without_a_year_is_the_latest_that_has_begun(today: date, month: int) -> None:
    (found,) = mentions(f"Có gì trong tháng {month}?", today)
    assert found.period and found.period.since and found.period.until
    assert found.period.since.month == found.period.until.month == month
    assert found.period.since <= today < found.period.since + timedelta(days=366)
    assert (found.period.until + timedelta(days=1)).day == 1


@given(st.text(max_size=80), st.dates())
def test_no_text_breaks_it_and_mentions_never_overlap(text: str, today: date) -> None:
    found = mentions(text, today)
    ends = [0, *(m.end for m in found)]
    assert all(end <= m.start < m.end for end, m in zip(ends, found, strict=False))
    for m in found:
        if m.period and m.period.since and m.period.until:
            assert m.period.since <= m.period.until


@pytest.mark.parametrize(
    "said", ["31/4/2024", "ngày 30/2", "29/2/2023", "ngày 31 tháng 6", "32/1/2024", "tháng 13/2024"]
)
def test_days_that_no_calendar_has_are_no_dates(said: str) -> None:
    assert mentions(f"Có gì vào {said}?", TODAY) == []


def test_several_mentions_come_in_their_order() -> None:
    question = "Từ tháng 4/2024 giá đổi ra sao so với năm ngoái và hiện nay?"
    found = [question[m.start : m.end] for m in mentions(question, TODAY)]
    assert found == ["Từ tháng 4/2024", "năm ngoái", "hiện nay"]
