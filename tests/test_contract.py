"""What every index keeps, wherever it is kept: an index in a folder, and those in Milvus.

It runs on a folder, and in Milvus where $HOIBAO_TEST_MILVUS names one (`tests.newsroom`), beside an
index of the same articles in a folder.
"""

import dataclasses
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import backend
from index.articles import read_articles
from index.encoder import open_encoder
from index.errors import BadIndexError, UsageError
from index.location import Location
from index.milvus.address import MilvusAddress
from index.text import keys
from index.types import Article, Filters, Progress, Vectors
from qa.answer import Answerer
from qa.live import LiveIndex
from qa.search import Searcher
from qa.systems import open_system
from tests.fakes import WordEncoder
from tests.newsroom import ADDRESS, IS_DENSE, Newsroom, StoppedError, in_milvus, seen
from tests.test_filters import ARTICLES
from tests.workshop import RAIN, SUN, TEA, paragraph, texts

ROOT = Path(__file__).resolve().parents[1]


# -- what is held ----------------------------------------------------------------------------------


def test_a_build_holds_what_one_in_a_folder_holds(newsroom: Newsroom) -> None:
    for name in "defgh":
        newsroom.write(f"{name}.md", paragraph(name) + f" Câu số {name} về Hà Nội.")
    newsroom.update(rebuild=True)
    index, beside = newsroom.open(), newsroom.fresh()
    np.testing.assert_allclose(index.common, beside.common, atol=1e-3)
    assert seen(index, in_order=True) == seen(beside, in_order=True)


def test_updates_leave_what_a_fresh_build_makes(newsroom: Newsroom) -> None:
    newsroom.write("a.md", "Hà Nội tạnh. Đường khô.", date="2024-05-26")
    (newsroom.articles / "b.md").unlink()
    newsroom.write("d.md", " ".join(f"Câu số {n} nói về chè." for n in range(40)))
    report = newsroom.update()
    assert [len(report.added), len(report.changed), len(report.removed)] == [1, 1, 1]
    assert (report.articles, len(report.unchanged)) == (3, 1)
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    # Far longer passages than there were: all weights are made anew.
    for name in "efgh":
        newsroom.write(f"{name}.md", paragraph(name) * 3)
    newsroom.update()
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    newsroom.update(rebuild=True)
    assert seen(newsroom.open()) == seen(newsroom.fresh())


def test_nothing_is_embedded_twice(newsroom: Newsroom) -> None:
    newsroom.update()
    assert newsroom.encoder.embedded == []
    newsroom.write("a.md", f"{RAIN} Đường ngập.", date="2024-05-25", source="Ngày Nay")
    newsroom.update()
    assert newsroom.encoder.embedded == ["Tin. Đường ngập."]
    newsroom.update(rebuild=True)
    assert newsroom.encoder.embedded == []
    assert texts(newsroom.open(), newsroom.open().dense(vector("ngập"), 1)) == [
        f"{RAIN} Đường ngập."
    ]


@in_milvus
def test_what_was_embedded_is_read_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.milvus.writer import Writer

    newsroom.write("b.md", SUN.replace("nắng", "mưa"))  # as long as it was
    newsroom.update()
    asked: list[object] = []
    packs = Writer.packs

    def counted(writer: Writer, tables: Any, heads: Any, whole: bool = True) -> Any:
        heads = list(heads)
        asked.extend(heads)
        return packs(writer, tables, heads, whole)

    monkeypatch.setattr(Writer, "packs", counted)
    newsroom.write("a.md", RAIN.replace("mưa", "nắng"))
    newsroom.update()
    assert len(asked) == 1, "the state before shows what this one does"


def vector(question: str) -> Vectors:
    return WordEncoder().encode_queries([question])


def test_articles_come_out_as_they_went_in(newsroom: Newsroom) -> None:
    """Longer than a string of Milvus can be, and with all that strings may hold."""
    odd = 'Dấu "nháy", \\ và \x01, nfd: a\u0323\u0302, \U0001f35c, ﷽. '
    path = newsroom.articles / "d.txt"
    path.write_text(odd + "Câu này rất dài và lặp lại. " * 9_000, encoding="utf-8")
    newsroom.update()
    read = [a for a in read_articles([newsroom.articles]) if isinstance(a, Article)]
    (wanted,) = (article for article in read if article.origin == str(path))
    index = newsroom.open()
    assert index.article(wanted.id) == wanted
    assert len(wanted.text.encode()) > 3 * 65_535
    passages = index.passages_of(wanted.id)
    assert index.neighbours(passages[1]) == (passages[0].id, passages[2].id)
    assert index.neighbours(passages[0])[0] == index.neighbours(passages[-1])[1] == ""
    assert index.passage(passages[2].id) == passages[2]
    assert index.passage("không có") is None
    assert index.article("không có") is None
    # More vectors than one string holds.
    short = newsroom.articles / "e.txt"
    short.write_text("\n\n".join(["A. B. C. D. E. F. G."] * 30), encoding="utf-8")
    newsroom.update()
    index.close()
    index, beside = newsroom.open(), newsroom.fresh()
    (number,) = [i for i, origin in index.origins().items() if origin == str(short)]
    for ours, theirs in zip(index.passages_of(number), beside.passages_of(number), strict=True):
        (one,), (other,) = index.candidates([ours.number]), beside.candidates([theirs.number])
        np.testing.assert_array_equal(one.vectors, other.vectors)
        assert ours.sentences == theirs.sentences
        assert len(one.vectors) == len(ours.sentences)
    index.close()


def test_an_index_can_be_emptied_and_filled_again(newsroom: Newsroom) -> None:
    ids = [article.id for article in newsroom.open().articles()]
    plan = backend.remove_articles(newsroom.location, ids[:1], dry_run=True)
    assert plan.report.removed == ids[:1]
    assert newsroom.open().count("articles") == 3
    assert backend.remove_articles(newsroom.location, ids[:1]).report.articles == 2
    assert {a.id for a in newsroom.open().articles()} == set(ids[1:])
    backend.remove_articles(newsroom.location, ids[1:])
    index = newsroom.open()
    assert [*index.articles(), *index.lexical(["hà"], 9), *index.dense(vector("hà"), 9)] == []
    index.close()
    newsroom.update()
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    with pytest.raises(UsageError, match="no article has the id 'gì'"):
        backend.remove_articles(newsroom.location, ["gì"])


def test_a_preview_writes_nothing(newsroom: Newsroom) -> None:
    newsroom.write("a.md", "Khác.")
    plan = backend.preview_update(
        newsroom.location, [newsroom.articles], False, lambda stage: lambda done, total: None
    )
    assert len(plan.report.changed) == 1
    assert len(plan.report.unchanged) == 2
    assert backend.read_status(newsroom.location).state == 1


def test_the_catalogue_lists_articles_and_updates(newsroom: Newsroom) -> None:
    newsroom.update(rebuild=True)
    with backend.open_catalogue(newsroom.location) as catalogue:
        rows = catalogue.listing("", "date", True, 0, 2)
        assert ([row.date for row in rows.rows], rows.count) == (["2024-05-25", "2023"], 3)
        assert [r.title for r in catalogue.listing("CHE", "title", False, 0, 9).rows] == ["Chè"]
        assert [r.source for r in catalogue.listing("", "source", False, 1, 9).rows] == [
            "Ngày Nay",
            "VnExpress",
        ]
        assert [(u.command, u.articles) for u in catalogue.updates()] == [
            ("index --rebuild", 3),
            ("index", 3),
        ]
        assert catalogue.updates()[0].paths == [str(newsroom.articles)]
    status = backend.read_status(newsroom.location)
    assert (status.state, status.articles, status.encoder) == (2, 3, "words")
    assert (status.first_date, status.last_date) == ("2023", "2024-05-25")
    assert backend.encoder_of(newsroom.location) == "words"


OWN_PROCESS = """
import sys
from pathlib import Path
from index import backend
from index.location import read_location
from tests.fakes import WordEncoder
where, articles = read_location(sys.argv[1]), [Path(sys.argv[2])]
print(eval(sys.argv[3]))
"""


def test_every_command_runs_in_a_process_of_its_own(tmp_path: Path, location: Location) -> None:
    """The engine of a file starts anew with each, and has loaded no collection."""
    if isinstance(location, MilvusAddress) and location.is_file:  # which this process has open
        location = dataclasses.replace(location, uri=str(tmp_path / "own.db"))
    newsroom = Newsroom(tmp_path, location)

    def run(call: str) -> str:
        command = [sys.executable, "-c", OWN_PROCESS, str(location), str(newsroom.articles), call]
        return subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    def update(rebuild: bool = False) -> str:
        return run(f"backend.update_index(where, articles, WordEncoder(), {rebuild=}).articles")

    newsroom.write("a.md", RAIN)
    assert update() == "1"
    assert update(rebuild=True) == "1"
    newsroom.write("a.md", SUN)
    newsroom.write("b.md", TEA)
    assert update() == "2"
    assert run("backend.read_status(where).earlier_states") == "2"
    assert run("backend.roll_back(where, 1)[0]") == "1"
    assert (
        run("backend.verify_index(where)")
        == "Verdict(articles=1, truth=[], derived=[], is_mended=False)"
    )
    assert update() == "2"
    assert run("backend.open_index(where).count('articles')") == "2"


# -- filters ---------------------------------------------------------------------------------------


def test_filters_leave_the_same_passages(tmp_path: Path, location: Location) -> None:
    newsroom = Newsroom(tmp_path, location)
    for name, (dated, outlet, text) in ARTICLES.items():
        fields = {key: value for key, value in (("date", dated), ("source", outlet)) if value}
        newsroom.write(f"{name}.md", text, title=f"Bài {name}", **fields)
    newsroom.update()
    index, beside = newsroom.open(), newsroom.fresh()
    ids = [article.id for article in index.articles()]
    spans = ["", "2023-12-31", "2024-01-01", "2024-05-25", "2024-12-31", "2030-01-01"]
    tried = [Filters(since, until) for since in spans for until in spans]
    tried += [Filters(outlets=("Ngày Nay", "Không có")), Filters(articles=tuple(ids[:2]))]
    tried += [Filters("2024-01-01", "", ("Ngày Nay",), tuple(ids)), Filters(outlets=('"or 1',))]
    for filters in tried:
        ours, theirs = index.allowed(filters), beside.allowed(filters)
        assert (ours is None) == (theirs is None) == (not filters)
        assert ours is None or theirs is None or len(ours) == len(theirs), filters
        for one, other in ((index, beside),):
            near = texts(one, one.dense(vector("Giá gạo"), 50, ours))
            assert near == texts(other, other.dense(vector("Giá gạo"), 50, theirs)), filters
            if not IS_DENSE:
                held = texts(one, one.lexical(keys("giá gạo"), 50, allowed=ours))
                assert held == texts(other, other.lexical(keys("giá gạo"), 50, allowed=theirs))
    some = np.array(sorted(index.dense(vector("Giá gạo"), 50))[::2], dtype=np.int64)
    assert set(index.dense(vector("Giá gạo"), 50, some)) == set(some.tolist())


# -- one state at a time ---------------------------------------------------------------------------


class Watching(WordEncoder):
    """Looks at the index whenever it is asked to embed."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__()
        self.look = look

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.look()
        return super().encode_passages(texts, progress)


def test_readers_see_the_old_state_until_the_new_one_is_whole(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, wanted = newsroom.open(), seen(newsroom.fresh())
    looked = []

    def look() -> None:
        looked.append(seen(backend.open_index(newsroom.location)) == wanted)

    newsroom.write("a.md", "Hà Nội tạnh.")
    (newsroom.articles / "b.md").unlink()
    newsroom.write("d.md", "Trời mưa ở Huế.")
    if ADDRESS:  # just before the switch, when every row of the new state is there
        from index.milvus import publish

        real = publish._check
        monkeypatch.setattr(publish, "_check", lambda *of: (look(), real(*of)))
    newsroom.update(encoder=Watching(look))
    assert looked == [True] * (2 if ADDRESS else 1)
    assert seen(before) == wanted, "a reader that was opened before stays in its state"
    assert seen(newsroom.open()) == seen(newsroom.fresh())


def test_a_search_beside_an_update_never_sees_half(newsroom: Newsroom) -> None:
    """A reader of the old state asks without pause while every article is written again."""
    for number in range(30):
        newsroom.write(f"n{number}.md", f"Bài số {number} nói về Hà Nội.")
    newsroom.update()
    index, done = newsroom.open(), threading.Event()
    wanted, found = index.dense(vector("Hà Nội"), 40), []

    def ask() -> None:
        while not done.is_set():
            found.append(index.dense(vector("Hà Nội"), 40))

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(30):
        newsroom.write(f"n{number}.md", f"Bài số {number} nói về Huế.")
    newsroom.update()
    done.set()
    asking.join()
    assert len(found) > 3
    assert all(numbers == wanted for numbers in found)
    index.close()


@pytest.mark.parametrize("point", ["embedding", "writing", "written", "counting"])
def test_an_update_that_was_cut_short_is_resumed(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    wanted = seen(newsroom.open())
    newsroom.write("a.md", "Hà Nội tạnh. Đường khô.")
    (newsroom.articles / "b.md").unlink()

    def stop(*_: object, **__: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patched:
        if point == "embedding":
            patched.setattr(WordEncoder, "encode_passages", stop)
        elif ADDRESS:
            from index.milvus import publish, states, writer

            if point == "writing":
                patched.setattr(writer, "searched_rows", stop)
            elif point == "written":
                patched.setattr(states, "write_state", stop)
            else:
                patched.setattr(publish, "_check", stop)
        else:
            patched.setattr("index.commit.update_derived", stop)
        with pytest.raises(StoppedError):
            newsroom.update()
    assert seen(newsroom.open()) == wanted
    # What the first attempt wanted is not what the second finds.
    newsroom.write("b.md", SUN, source="VnExpress")
    newsroom.update()
    assert sorted(newsroom.encoder.embedded) == (
        ["Tin. Hà Nội tạnh.", "Tin. Đường khô."] if point == "embedding" else []
    )
    assert seen(newsroom.open()) == seen(newsroom.fresh())


def test_a_served_index_follows_its_updates(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.live.open_encoder", lambda name: WordEncoder())
    live = LiveIndex(newsroom.location)
    first = live.snapshot()
    assert first is live.snapshot()
    newsroom.write("d.md", "Cần Thơ nắng.")
    newsroom.update()
    assert live.snapshot().collection.articles == 4
    assert first.index.count("articles") == 3


# -- what is refused -------------------------------------------------------------------------------


def test_another_encoder_is_refused_until_it_builds_anew(newsroom: Newsroom) -> None:
    other = WordEncoder("words-2")
    with pytest.raises(BadIndexError, match=r"has fingerprint 'words-1'.*'words-2'.*--rebuild"):
        newsroom.update(encoder=other)
    newsroom.update(rebuild=True, encoder=other)
    assert len(other.embedded) == 3
    assert newsroom.open().meta("fingerprint") == "words-2"


def test_where_no_index_is_one_line_says_so(location: Location) -> None:
    for look in (backend.open_index, backend.read_status):
        with pytest.raises(BadIndexError, match=r"no index (in|at) .*build one: qa index ARTICLES"):
            look(location)


# -- the same answers ------------------------------------------------------------------------------


def test_questions_get_the_same_first_citations(
    tmp_path: Path, location: Location, model_dir: Path
) -> None:
    """Those of the sample, by the bundled model; without lexical lanes, by the dense one."""
    encoder = open_encoder(str(model_dir))
    for where in (location, tmp_path / "beside"):
        backend.update_index(where, [ROOT / "sample" / "articles"], encoder)
    index, beside = backend.open_index(location), backend.open_index(tmp_path / "beside")
    questions = [
        question
        for question, _ in zip(_sample_questions(), range(40 if ADDRESS else 10), strict=False)
    ]
    if IS_DENSE:
        ask, ask_beside = (
            open_system("dense", each, encoder, tmp_path / "cache") for each in (index, beside)
        )
        for question in questions:
            ours = [p.id for p in index.passages([h.number for h in ask(question)[:3]])]
            theirs = ask_beside(question)[:3]
            assert ours == [p.id for p in beside.passages([h.number for h in theirs])], question
        return
    answerer, answerer_beside = Answerer(index, encoder), Answerer(beside, encoder)
    searcher, searcher_beside = Searcher(index, encoder), Searcher(beside, encoder)
    for question in questions:
        ours, theirs = answerer.ask(question), answerer_beside.ask(question)
        assert ours.understood == theirs.understood
        assert ours.citations[:1] == theirs.citations[:1], question
        hits = searcher.search(searcher.understand(question))[:1]
        hits_beside = searcher_beside.search(searcher_beside.understand(question))[:1]
        assert [h.score for h in hits] == pytest.approx([h.score for h in hits_beside], abs=1e-3)


def _sample_questions() -> Iterator[str]:
    import json

    for line in (ROOT / "sample" / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["question"]
