"""Thumbs: what is kept, that it survives, and the evaluation set made of them."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.build import update_index
from index.store import Store
from qa import feedback
from qa.datasets import read_dataset
from qa.feedback import export, keep, kept, thumb
from qa.feedback_cli import feedback as command
from qa.types import Answer
from tests.fakes import WordEncoder
from tests.test_render import cited


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of two articles."""
    for name in ("một", "hai"):
        (tmp_path / f"{name}.txt").write_text(f"Bài {name} nói về {name}.", encoding="utf-8")
    update_index(tmp_path / "index", [tmp_path], WordEncoder())
    return tmp_path / "index"


def ids(index: Path) -> list[str]:
    store = Store.open(index)
    try:
        return [article.id for article in store.articles()]
    finally:
        store.close()


def answer(question: str, *article_ids: str, found: bool = True) -> Answer:
    shown = tuple(cited(article_id=i, passage_id=f"{i}.0") for i in article_ids)
    return Answer(question, question, found, shown if found else (), () if found else shown)


def give(index: Path, given: Answer, verdict: feedback.Verdict, passage: str = "") -> None:
    said = thumb(given, verdict, passage)
    assert said is not None
    keep(index, said)


def test_a_thumb_tells_what_was_shown_and_chosen_and_nothing_of_the_person(tmp_path: Path) -> None:
    said = thumb(answer("Ai?", "a", "b"), "this", "b.0", "  vì\n sao " + "x" * 400)
    assert said is not None
    keep(tmp_path, said)
    (line,) = (tmp_path / feedback.FILE).read_text(encoding="utf-8").splitlines()
    fields = json.loads(line)
    assert set(fields) == {
        "time",
        "question",
        "understood",
        "verdict",
        "shown",
        "chosen",
        "article",
        "quote",
        "reason",
    }
    assert (fields["shown"], fields["chosen"], fields["article"]) == (["a.0", "b.0"], "b.0", "b")
    assert fields["reason"].startswith("vì sao x")
    assert len(fields["reason"]) == feedback.LONGEST_REASON
    assert list(kept(tmp_path)) == [said]


def test_a_passage_that_was_not_shown_cannot_be_chosen() -> None:
    assert thumb(answer("Ai?", "a"), "this", "c.0") is None


def test_what_json_cannot_hold_is_kept_all_the_same(tmp_path: Path) -> None:
    give(tmp_path, answer("Ai\ud800\u2028\n?", "a"), "up")
    assert len(list(kept(tmp_path))) == 1


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    threads = [
        threading.Thread(
            target=lambda: [give(tmp_path, answer("à" * 400, "a"), "up") for _ in range(10)]
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(kept(tmp_path))) == 40


def test_a_file_that_is_full_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "LARGEST", 10)
    give(tmp_path, answer("Ai?", "a"), "up")
    with pytest.raises(OSError, match="export it"):
        give(tmp_path, answer("Ai?", "a"), "up")


def test_the_export_is_an_evaluation_set(index: Path, tmp_path: Path) -> None:
    first, second = ids(index)
    give(index, answer("Câu một?", first, second), "up")
    give(index, answer("Câu hai?", first, second), "up")
    give(index, answer("câu hai", first, second), "this", f"{second}.0")  # a better one is named
    give(index, answer("Câu ba?", second, found=False), "this", f"{second}.0")
    give(index, answer("Câu bốn?", first), "up")
    give(index, answer("Câu bốn?", first), "down")  # someone disagrees
    give(index, answer("Câu năm?", first), "down")
    give(index, answer("Câu sáu?", "không còn"), "up")
    done = export(index, tmp_path / "set")
    assert done == feedback.Exported(questions=3, without_article=2, gone=1)
    dataset = read_dataset(tmp_path / "set")
    judged = {q.text: list(q.relevant) for q in dataset.questions}
    assert judged == {"Câu một?": [first], "câu hai": [second], "Câu ba?": [second]}
    assert dataset.questions[0].answers == ("Câu trả lời.",)


def test_the_command_says_what_it_wrote(index: Path, tmp_path: Path) -> None:
    (first, _) = ids(index)
    give(index, answer("Câu một?", first), "up")
    ran = CliRunner().invoke(command, ["export", str(tmp_path / "set"), "--index", str(index)])
    assert ran.exit_code == 0
    assert ran.output.startswith("1 questions in")


def test_a_lone_thumb_is_read_back_as_it_was(tmp_path: Path) -> None:
    said = thumb(answer("Ai?", "a"), "up")
    assert said is not None
    keep(tmp_path, replace(said, reason="đúng ý"))
    assert next(kept(tmp_path)).reason == "đúng ý"
