"""Jobs beside the chat: one at a time, told as they stand, ended when that is asked for."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import update_index
from qa import jobs as jobs_module
from qa.jobs import BusyError, Job, Jobs, Line
from qa.render_jobs import job as shown
from qa.render_jobs import lasting, line
from qa.wording import ENGLISH, VIETNAMESE
from tests.fakes import WordEncoder


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    found = Jobs()
    yield found
    found.close()


def ended(jobs: Jobs) -> Job:
    """The job when it has come to its end."""
    while (job := jobs.current()) and job.state == "running":
        time.sleep(0.02)
    assert job is not None
    return job


def saying(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Lets a small program stand in for the work."""
    begin = jobs_module.subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        return begin([command[0], "-c", program], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(jobs_module.subprocess, "Popen", popen)


HANGING = 'import time; print(\'{"what": "stage", "stage": "reading"}\', flush=True)\n'
HANGING += "while True: time.sleep(1)"


def test_the_second_job_is_told_which_one_runs(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saying(monkeypatch, HANGING)
    first = jobs.start("update", tmp_path)
    with pytest.raises(BusyError, match="update") as busy:
        jobs.start("evaluate", tmp_path)
    assert busy.value.job.number == first.number
    jobs.cancel()
    assert ended(jobs).state == "cancelled"
    assert jobs.start("evaluate", tmp_path).number == 2


def test_what_a_job_says_is_kept(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = [
        {"what": "stage", "stage": "embedding"},
        {"what": "progress", "done": 3, "total": 4},
        {"what": "left_out", "origin": "a.txt", "why": "empty"},
        {"what": "result", "result": {"added": 1}},
    ]
    words = "\n".join(json.dumps(each) for each in said)
    saying(monkeypatch, f"import sys; sys.stdin.read(); print({words!r}); print('no JSON')")
    jobs.start("update", tmp_path)
    job = ended(jobs)
    assert (job.state, job.stage, job.done, job.total) == ("done", "embedding", 3, 4)
    assert job.lines == (Line("left_out", {"origin": "a.txt", "why": "empty"}),)
    assert job.result == {"added": 1}


def test_a_job_that_breaks_says_so(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saying(monkeypatch, "raise SystemExit(7)")
    jobs.start("update", tmp_path)
    job = ended(jobs)
    assert job.state == "failed"
    assert "bất thường (mã 7)" in shown(job, 0.0, VIETNAMESE)


def test_a_long_log_is_kept_in_part(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    many = jobs_module.LINES_KEPT + 5
    saying(
        monkeypatch,
        f'for i in range({many}): print(\'{{"what": "went_back", "state": 1}}\')',
    )
    jobs.start("update", tmp_path)
    job = ended(jobs)
    assert (len(job.lines), job.more) == (jobs_module.LINES_KEPT, 5)
    assert "và 5 dòng nữa" in shown(job, 0.0, VIETNAMESE)


def test_the_real_work_refuses_in_one_line(jobs: Jobs, tmp_path: Path) -> None:
    jobs.start("update", tmp_path)
    job = ended(jobs)
    assert job.state == "failed"
    assert [each.what for each in job.lines] == ["failed"]
    assert "no index in" in line(job.lines[0], VIETNAMESE)


def test_the_real_work_removes_and_goes_back(jobs: Jobs, tmp_path: Path) -> None:
    articles = tmp_path / "index" / "uploads"
    articles.mkdir(parents=True)
    (articles / "a.txt").write_text("Hồ Gươm ở giữa Hà Nội.", encoding="utf-8")
    (articles / "b.txt").write_text("Sông Hồng chảy qua Hà Nội.", encoding="utf-8")
    folder = tmp_path / "index"
    report = update_index(folder, [articles], WordEncoder())
    jobs.start("remove", folder, article=report.added[0])
    job = ended(jobs)
    assert (job.state, job.result["removed"]) == ("done", 1)
    assert sorted(path.name for path in articles.iterdir()) != ["a.txt", "b.txt"]
    jobs.start("rollback", folder, state=1)
    job = ended(jobs)
    assert (job.state, job.result["added"]) == ("done", 1)
    jobs.start("remove", folder, article="../../etc/passwd")
    assert ended(jobs).state == "failed"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 giây"), (60, "60 giây"), (600, "10 phút"), (7200, "2 giờ")]
)
def test_lengths_of_time_are_as_precise_as_they_need_be(seconds: float, words: str) -> None:
    assert lasting(seconds, VIETNAMESE) == words


def test_the_time_left_is_that_of_the_stage() -> None:
    job = Job(1, "rebuild", 0.0, stage="embedding", stage_began=10.0, done=25, total=100)
    assert job.left(20.0) == 30.0
    page = shown(job, 20.0, VIETNAMESE)
    assert 'value="25" max="100"' in page
    assert "25/100 · còn khoảng 30 giây" in page
    assert "Embedding new sentences" in shown(job, 20.0, ENGLISH)


def test_every_word_of_the_work_has_its_phrase() -> None:
    work = (Path(jobs_module.__file__).parent / "job_work.py").read_text(encoding="utf-8")
    said = {part.split('"')[1] for part in work.split("_say(")[1:] if part.startswith('"')}
    assert said - {"stage", "progress", "result"} <= set(VIETNAMESE.jobs.lines)
    for phrases in (VIETNAMESE, ENGLISH):
        assert set(phrases.jobs.lines) == set(VIETNAMESE.jobs.lines)
        assert set(phrases.jobs.kinds) == {"update", "rebuild", "remove", "rollback", "evaluate"}


def test_what_is_logged_is_text() -> None:
    hostile = Line("left_out", {"origin": "<script>" + "x" * 200, "why": "{0} {why}"})
    page = shown(Job(1, "update", 0.0, state="done", lines=(hostile,)), 1.0, VIETNAMESE)
    assert "<script>" not in page
    assert "{0} {why}" in page
