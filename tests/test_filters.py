"""Filters and cues: what may be cited, and what is asked without them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import update_index
from index.errors import UsageError
from index.reader import Index
from index.types import Filters
from qa import answer as answers
from qa.answer import Answerer
from qa.confidence import released_confidence
from qa.filters import narrowed, read_filters
from qa.prefer import NEARLY, lies_in, prefer
from qa.types import Cue, Hit, Ranking
from tests.fakes import WordEncoder
from tests.time_expressions import TODAY

# Date, outlet, text: all about rice, so that every article is found for every question.
ARTICLES = {
    "a": ("2024-05-25", "Ngày Nay", "Giá gạo tăng. Gạo nếp đắt nhất."),
    "b": ("2024-05", "Ngày Nay", "Giá gạo giảm ở Cần Thơ. Gạo tẻ rẻ."),
    "c": ("2024", "Báo Nhân Dân", "Giá gạo không đổi. Gạo lứt hiếm."),
    "d": ("2023-12-31", "VnExpress", "Giá gạo năm 2025 sẽ tăng. Gạo xuất khẩu nhiều."),
    "e": ("", "VnExpress", "Giá gạo là bao nhiêu? Gạo thơm ngon."),
    "f": ("2026-11-11", "", "Giá gạo tuần này lên. Gạo mới về."),
    "g": ("2025-07-01", "cand.com.vn", "Giá gạo xuống. Gạo cũ tồn kho."),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("filters")
    (folder / "articles").mkdir()
    for name, (dated, outlet, text) in ARTICLES.items():
        head = f"---\ntitle: Bài {name}\n"
        head += f"date: '{dated}'\n" if dated else ""
        head += f"source: {outlet}\n" if outlet else ""
        (folder / "articles" / f"{name}.md").write_text(f"{head}---\n{text}\n", encoding="utf-8")
    update_index(folder / "index", [folder / "articles"], WordEncoder())
    opened = Index(folder / "index")
    yield opened
    opened.close()


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Puts the threshold where a test wants it."""

    def set_threshold(threshold: float) -> None:
        model = released_confidence()
        changed = replace(model, threshold=threshold)
        monkeypatch.setattr(answers, "released_confidence", lambda: changed)

    return set_threshold


def named(index: Index, filters: Filters) -> str:
    """The names of the articles that filters leave, in one word."""
    numbers = index.allowed(filters)
    everything = numbers is None
    passages = index.passages(range(1, 99) if everything else numbers.tolist())
    return "".join(sorted({title(index, p.article_id) for p in passages}))


def title(index: Index, article_id: str) -> str:
    article = index.article(article_id)
    assert article is not None
    return article.title.removeprefix("Bài ")


def id_of(index: Index, name: str) -> str:
    return next(a.id for a in index.store.articles() if a.title == f"Bài {name}")


# -- which passages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        ("", "", "abcdefg"),
        ("2024-05-25", "2024-05-25", "abc"),  # b and c may be of that day
        ("2024-06-01", "", "cfg"),
        ("", "2024-04-30", "cd"),
        ("2024-01-01", "2024-12-31", "abc"),
        ("2026-01-01", "", "f"),
        ("2030-01-01", "", ""),
        ("2024-12-31", "2024-01-01", "c"),  # known to the year alone
    ],
)
def test_dates_pass_as_precisely_as_they_are_known(
    index: Index, since: str, until: str, names: str
) -> None:
    assert named(index, Filters(since, until)) == names


def test_outlets_and_articles_pass_by_name(index: Index) -> None:
    assert named(index, Filters(outlets=("Ngày Nay",))) == "ab"
    assert named(index, Filters(outlets=("Ngày Nay", "VnExpress"))) == "abde"
    assert named(index, Filters(outlets=("Không có",))) == ""
    assert named(index, Filters(articles=(id_of(index, "g"), id_of(index, "a")))) == "ag"
    both = Filters("2024-05-25", "", ("Ngày Nay",), (id_of(index, "b"), id_of(index, "g")))
    assert named(index, both) == "b"


def test_a_quote_in_a_name_is_no_command(index: Index) -> None:
    assert named(index, Filters(outlets=("x') OR 1=1 --", '"]'))) == ""


_DAYS = st.one_of(st.just(""), st.dates(date(2023, 11, 1), date(2026, 12, 31)).map(str))
_OUTLETS = st.lists(st.sampled_from(sorted({o for _, o, _ in ARTICLES.values()})), max_size=3)
_QUESTIONS = st.sampled_from(["giá gạo", "gao nep", "gạo năm ngoái", "Báo Nhân Dân nói gì về gạo?"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=_QUESTIONS, since=_DAYS, until=_DAYS, outlets=_OUTLETS)
def test_nothing_outside_a_filter_is_ever_cited(
    index: Index, question: str, since: str, until: str, outlets: list[str]
) -> None:
    filters = Filters(since, until, tuple(outlets))
    passing = {
        f"Bài {name}"
        for name, (dated, outlet, _) in ARTICLES.items()
        if (not outlets or outlet in outlets)
        and (not since or (dated and dated >= since[: len(dated)]))
        and (not until or (dated and dated <= until))
    }
    answer = Answerer(index, WordEncoder()).ask(question, filters=filters, today=TODAY)
    cited = {c.title for c in (*answer.citations, *answer.near_misses)}
    assert cited <= passing
    assert bool(cited) == bool(passing)
    assert answer.filters == filters
    assert (answer.notice == "nothing_left") == (not passing)


def test_every_allowed_passage_is_proposed(index: Index) -> None:
    answerer = Answerer(index, WordEncoder())
    query = answerer.searcher.understand("giá gạo", today=TODAY)
    for filters in (Filters(), Filters("2024-06-01"), Filters(outlets=("VnExpress",))):
        hits = answerer.searcher.rank(query, index.allowed(filters)).hits
        passages = index.passages([hit.number for hit in hits])
        assert "".join(sorted(title(index, p.article_id) for p in passages)) == named(
            index, filters
        )


# -- cues of the question ------------------------------------------------------------------------


def test_a_named_outlet_filters(index: Index, sure: Callable[[float], None]) -> None:
    sure(0.0)
    answer = Answerer(index, WordEncoder()).ask("Theo báo Ngày Nay, giá gạo thế nào?", today=TODAY)
    assert {c.title for c in answer.citations} == {"Bài a", "Bài b"}
    assert answer.understood == "giá gạo thế nào?", "its name is no word to look for"
    assert answer.notice == ""
    without = Answerer(index, WordEncoder()).ask(
        "Theo báo Ngày Nay, giá gạo thế nào?", without=["Theo báo Ngày Nay"], today=TODAY
    )
    assert without.cues == ()
    assert len({c.title for c in without.citations}) > 2


def test_where_a_named_outlet_has_no_answer_the_others_are_asked(
    index: Index, sure: Callable[[float], None]
) -> None:
    answerer = Answerer(index, WordEncoder())
    question = "Trên CAND, giá gạo giảm ở Cần Thơ phải không?"
    inside = answerer.searcher.understand(question, today=TODAY)
    by_cand = answerer.searcher.rank(inside, index.allowed(Filters(outlets=("cand.com.vn",))))
    by_all = answerer.searcher.rank(inside)
    assert by_cand.confidence < by_all.confidence
    sure((by_cand.confidence + by_all.confidence) / 2)
    answer = Answerer(index, WordEncoder()).ask(question, today=TODAY)
    assert (answer.found, answer.notice) == (True, "searched_beyond")
    assert answer.citations[0].title == "Bài b"


def test_news_of_days_without_articles_is_looked_for_beyond(index: Index) -> None:
    answer = Answerer(index, WordEncoder()).ask("Tin hôm qua về giá gạo có gì?", today=TODAY)
    assert answer.notice == "searched_beyond"
    assert (answer.cues[0].since, answer.cues[0].is_filter) == ("2026-11-17", True)


def test_a_year_of_an_event_hides_nothing(index: Index, sure: Callable[[float], None]) -> None:
    sure(0.0)
    answer = Answerer(index, WordEncoder()).ask("Giá gạo năm 2025 ra sao?", today=TODAY)
    assert answer.citations[0].title == "Bài d", "an article of 2023 says so"


def test_what_counts_from_today_is_searched_as_articles_write_it(index: Index) -> None:
    understand = Answerer(index, WordEncoder()).searcher.understand
    for asked, added in (
        ("Giá gạo năm ngoái?", "(2025)"),
        ("Giá gạo tháng trước?", "(10/2026)"),
        ("Giá gạo hôm qua?", "(17/11/2026)"),
        ("Giá gạo 5 năm trước?", "(2021)"),
    ):
        query = understand(asked, today=TODAY)
        assert query.text == f"{asked} {added}"
        assert len(query.keys) == len(query.uncertain)
        assert understand(asked, as_typed=True, today=TODAY).text == asked
    for asked in ("Giá gạo năm 2025?", "Giá gạo 5 năm qua?", "Giá gạo hiện nay?"):
        assert understand(asked, today=TODAY).text == asked


def test_both_filters_hold_together() -> None:
    cues = [
        Cue("tuần trước", "2026-11-09", "2026-11-15", is_filter=True),
        Cue("báo A", outlets=("A", "a.vn"), is_filter=True),
        Cue("năm 2020", "2020-01-01", "2020-12-31"),
    ]
    assert narrowed(Filters(), cues) == Filters("2026-11-09", "2026-11-15", ("A", "a.vn"))
    own = Filters("2026-11-10", "2026-11-30", ("a.vn", "B"), ("x",))
    assert narrowed(own, cues) == Filters("2026-11-10", "2026-11-15", ("a.vn",), ("x",))
    assert narrowed(Filters(outlets=("B",)), cues[1:]) == Filters(outlets=("B",))


# -- near ties -----------------------------------------------------------------------------------


def test_between_nearly_equal_hits_the_newer_wins() -> None:
    ranking = Ranking((Hit(1, 5.0, 0), Hit(2, 4.9, 0), Hit(3, 4.9 - NEARLY, 0)), 0.5)
    dates = {1: "2023", 2: "2024-05", 3: "2024-06"}
    assert [h.number for h in prefer(ranking, [Cue("hiện nay")], dates).hits] == [2, 1, 3]
    assert [h.number for h in prefer(ranking, [Cue("hiện nay")], {}).hits] == [1, 2, 3]


def test_between_nearly_equal_hits_the_one_of_that_time_wins() -> None:
    ranking = Ranking((Hit(1, 5.0, 0), Hit(2, 4.9, 0), Hit(3, 1.0, 0)), 0.5)
    dates = {1: "2023", 2: "2024-05", 3: "2024-05"}
    cue = Cue("tháng 5/2024", "2024-05-01", "2024-05-31")
    found = prefer(ranking, [cue], dates)
    assert [h.number for h in found.hits] == [2, 1, 3]
    assert found.confidence == 0.5


@pytest.mark.parametrize(
    ("dated", "since", "until", "lies"),
    [
        ("2024", "2024-05-01", "2024-05-31", True),
        ("2024-05", "2024-05-31", "", True),
        ("2024-05-30", "2024-05-31", "", False),
        ("2024-05-30", "", "2024-05-30", True),
        ("2024-05-31", "", "2024-05-30", False),
    ],
)
def test_a_date_lies_in_a_span_if_a_day_of_it_does(
    dated: str, since: str, until: str, lies: bool
) -> None:
    assert lies_in(dated, Cue("", since, until)) == lies


# -- what somebody typed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-05-25", "2024-05-25", "2024-05-25"),
        (" 25/5/2024 ", "2024-05-25", "2024-05-25"),
        ("5/2024", "2024-05-01", "2024-05-31"),
    ],
)
def test_a_date_is_read_as_its_first_or_last_day(
    index: Index, typed: str, since: str, until: str
) -> None:
    assert read_filters(index, typed, typed) == Filters(since, until)


def test_an_outlet_is_known_by_any_of_its_names(index: Index) -> None:
    for name in ("Ngày Nay", "ngay nay", "NGÀY NAY"):
        assert read_filters(index, outlets=[name]).outlets == ("Ngày Nay",)
    assert read_filters(index, outlets=["cand", "nhan dan"]).outlets == (
        "cand.com.vn",
        "Báo Nhân Dân",
    )
    assert read_filters(index) == read_filters(index, " ", "", [""], [" "]) == Filters()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"since": "hôm qua"}, "is no date"),
        ({"since": "2024-13"}, "is no date"),
        ({"until": "2023-02-29"}, "is no date"),
        ({"since": "2024-05", "until": "2024-04"}, "nothing lies between"),
        ({"outlets": ["Zing"]}, "no articles of the outlet 'Zing'; there are: Ngày Nay"),
        ({"articles": ["x"]}, "no article 'x'"),
    ],
)
def test_what_cannot_be_a_filter_is_refused(
    index: Index, given: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        read_filters(index, **given)  # type: ignore[arg-type]
