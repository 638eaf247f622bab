"""`qa index` and its subcommands as an editor meets them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from index.build import update_index
from index.database import FILE
from index.derived import DERIVED
from index.errors import UsageError
from index.lock import locked
from index.reader import Index
from qa import index_cli
from qa.cli import cli
from tests.fakes import WordEncoder
from tests.test_faults import QA, ROOT
from tests.workshop import RAIN, SUN, TEA, Workshop, held, id_of


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> WordEncoder:
    encoder = WordEncoder()
    monkeypatch.setattr(index_cli, "_encoder", lambda folder, model: encoder)
    # The tests that follow share this process, and its place in the queue cannot be taken back.
    monkeypatch.setattr(os, "setpriority", lambda which, who, priority: None)
    return encoder


def run(shop: Workshop, *arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["index", *map(str, arguments), "--index", str(shop.index)])


def files(shop: Workshop) -> dict[str, bytes]:
    found = {p for p in shop.index.rglob("*") if p.is_file() and not p.name.startswith(FILE + "-")}
    return {str(p.relative_to(shop.index)): p.read_bytes() for p in found}


# -- the command itself --------------------------------------------------------------------------


def test_paths_are_the_default_and_options_may_stand_anywhere(shop: Workshop) -> None:
    shop.write("d.md", "Vinh có gió Lào.")
    assert "(1 added, 0 changed" in run(shop, shop.articles).stdout
    arguments = ["index", "--index", str(shop.index), str(shop.articles), "--json"]
    assert json.loads(CliRunner().invoke(cli, arguments).stdout)["articles"] == 4


def test_a_folder_with_the_name_of_a_command_is_given_with_its_place(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.articles.parent)
    shop.articles.rename("status")
    assert "added" not in run(shop, "status").stdout
    assert "(3 added" in run(shop, "./status").stdout


def test_a_command_after_its_options_is_told_its_place(shop: Workshop) -> None:
    arguments = ["index", "--index", str(shop.index), "verify"]
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "the command comes first: qa index verify …"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing argument 'PATHS...'"),
        (("x", "--remove", "y"), "--remove goes without PATHS"),
        (("--remove", "y", "--watch"), "--remove goes without"),
        (("x", "--watch", "--dry-run"), "--watch goes without"),
    ],
)
def test_what_does_not_go_together_is_refused(
    shop: Workshop, arguments: tuple[str, ...], words: str
) -> None:
    result = run(shop, *arguments)
    assert result.exit_code != 0
    assert words in result.stderr + str(result.exception)


# -- --dry-run, --remove, --wait, --watch --------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    shop: Workshop, encoder: WordEncoder
) -> None:
    shop.write("a.md", "Hà Nội tạnh.")
    (shop.articles / "b.md").unlink()
    shop.write("d.md", "Vinh có gió Lào.")
    shop.write("e.md", "").write_text("")
    before = files(shop)
    result = run(shop, shop.articles, "--dry-run")
    assert files(shop) == before
    assert encoder.embedded == []
    assert result.exit_code == 1  # something is left out
    assert "e.md: the file is empty" in result.stderr
    places = {kind: f"{shop.articles}/{n}.md" for kind, n in
              {"added": "d", "changed": "a", "removed": "b"}.items()}  # fmt: skip
    for kind, place in places.items():
        assert f"would be {kind}: {place} (" in result.stdout
    last = "1 to add, 1 to change, 1 to remove, 1 unchanged, 1 left out; nothing was written"
    assert result.stdout.splitlines()[-1] == last
    planned = json.loads(run(shop, shop.articles, "--dry-run", "--json").stdout)
    assert {k: [i["origin"] for i in planned[k]] for k in places} == {
        k: [p] for k, p in places.items()
    }
    report = json.loads(run(shop, shop.articles, "--json").stdout)
    for kind in (*places, "unchanged"):  # and that is what happens
        assert [item["id"] for item in planned[kind]] == report[kind]


def test_a_dry_run_makes_no_index(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write("a.md", RAIN)
    assert "1 to add" in run(shop, shop.articles, "--dry-run").stdout
    assert not shop.index.exists()


def test_articles_are_removed_by_their_ids(shop: Workshop) -> None:
    rain, sun = id_of(shop, RAIN), id_of(shop, SUN)
    preview = run(shop, "--remove", rain, "--dry-run")
    assert f"would be removed: {shop.articles}/a.md ({rain})" in preview.stdout
    result = run(shop, "--remove", rain, "--remove", sun)
    assert "1 articles left" in result.stdout
    assert "files of removed articles are still there" in result.stderr
    assert held(Index(shop.index)) == [TEA]
    unknown = run(shop, "--remove", rain)
    assert isinstance(unknown.exception, UsageError)


def test_a_second_writer_is_refused_or_waits(shop: Workshop) -> None:
    command = [
        sys.executable,
        "-c",
        QA,
        "",
        "index",
        str(shop.articles),
        "--index",
        str(shop.index),
    ]
    with locked(shop.index):
        refused = run(shop, shop.articles)
        waits = subprocess.Popen(
            [*command, "--wait"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert waits.stderr is not None
        line = waits.stderr.readline()
    assert f"is being written by process {os.getpid()}" in str(refused.exception)
    assert line == f"waiting for process {os.getpid()}, which writes {shop.index}\n"
    out, _ = waits.communicate()
    assert "3 unchanged" in out


def test_following_takes_changes_and_ends_with_an_interrupt(shop: Workshop) -> None:
    # A shell that runs the tests in its background has told them to ignore interrupts.
    setup = (
        "import signal, qa.watch; qa.watch.PAUSE = 0.05;"
        " signal.signal(signal.SIGINT, signal.default_int_handler)"
    )
    command = [sys.executable, "-c", QA, setup, "index"]
    command += [str(shop.articles), "--index", str(shop.index), "--watch"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert "3 unchanged" in process.stdout.readline()
        shop.write("d.md", "Vinh có gió Lào.")
        assert "(1 added" in process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate()
    finally:
        process.kill()
    assert (process.returncode, out) == (0, "")
    assert errors.splitlines() == [
        f"watching {shop.articles}; Ctrl-C ends it",
        "no longer watching",
    ]
    assert "Vinh có gió Lào." in held(Index(shop.index))


# -- the subcommands -----------------------------------------------------------------------------


def test_status_says_what_there_is(shop: Workshop) -> None:
    shop.write("d.md", "Vinh có gió Lào.", date="2024-05-25", source="Báo Thử")
    shop.write("e.md", "Đà Lạt lạnh.", date="2022", source="Báo Thử")
    update_index(shop.index, [shop.articles], WordEncoder())
    found = json.loads(run(shop, "status", "--json").stdout)
    counts = {k: found[k] for k in ("state", "articles", "passages", "sentences", "earlier_states")}
    assert counts == {
        "state": 2, "articles": 5, "passages": 5, "sentences": 5, "earlier_states": 1,
    }  # fmt: skip
    assert (found["first_date"], found["last_date"]) == ("2022", "2024-05-25")
    assert (found["outlets"], found["encoder"], found["writer"]) == (["Báo Thử"], "words", "")
    # SQLite keeps word of its readers in a file of its own while there are any.
    assert 0 <= found["bytes_on_disk"] - sum(len(data) for data in files(shop).values()) < 40_000
    assert datetime.fromisoformat(found["updated"]).utcoffset().total_seconds() == 0
    text = run(shop, "status").stdout
    assert "5 articles, 5 passages, 5 sentences" in text
    local = datetime.fromisoformat(found["updated"]).astimezone().isoformat(" ")
    assert f"state    2, updated {local}" in text
    with locked(shop.index):
        assert f"writer   process {os.getpid()}" in run(shop, "status").stdout


def test_history_and_rollback(shop: Workshop) -> None:
    shop.write("a.md", "Hà Nội tạnh.")
    shop.update()
    result = run(shop, "rollback")
    assert "those of state 1 (0 added, 1 changed, 0 removed)" in result.stdout
    assert "the next qa index PATH brings it up to date" in result.stdout
    assert RAIN in held(Index(shop.index))
    lines = run(shop, "history").stdout.splitlines()
    assert [re.split(r"  +", line.strip())[0] for line in lines] == ["3 now", "2 *", "1 *"]
    assert lines[0].endswith("by index rollback 1")
    assert lines[2].endswith(f"3 added, 0 changed, 0 removed  by index {shop.articles}")
    assert [u["state"] for u in json.loads(run(shop, "history", "--json").stdout)] == [3, 2, 1]
    again = json.loads(run(shop, "rollback", "2", "--json").stdout)
    assert (again["from_state"], len(again["changed"])) == (2, 1)
    assert isinstance(run(shop, "rollback", "9").exception, UsageError)


def test_verify_checks_and_mends(shop: Workshop) -> None:
    assert run(shop, "verify").stdout == f"{shop.index} is whole: 3 articles\n"
    next((shop.index / DERIVED).rglob("*.npy")).unlink()
    checked = run(shop, "verify", "--check-only")
    assert (checked.exit_code, checked.stdout) == (1, "")
    assert f"mend them: qa index verify --index {shop.index}" in checked.stderr
    mended = run(shop, "verify")
    assert (mended.exit_code, "1 derived files were damaged, mended" in mended.stdout) == (0, True)
    verdict = json.loads(run(shop, "verify", "--json").stdout)
    assert verdict == {
        "is_whole": True, "articles": 3, "truth": [], "derived": [], "is_mended": False,
    }  # fmt: skip


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_question_that_fails_on_damaged_files_names_the_mending(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("dimensions must match")

    monkeypatch.setattr("index.encoder.open_encoder", lambda name: WordEncoder())
    monkeypatch.setattr("qa.answer.Answerer.ask", fail)
    file = next((shop.index / DERIVED).rglob("*.npy"))
    if is_damaged:
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    result = CliRunner().invoke(cli, ["ask", "Chè?", "--index", str(shop.index)])
    words = "missing or damaged; mend them" if is_damaged else "dimensions must match"
    assert words in str(result.exception)


def test_addresses_are_not_followed(shop: Workshop) -> None:
    result = run(shop, shop.articles, "https://example.vn/rss", "--watch")
    assert isinstance(result.exception, UsageError)
    assert "--watch follows files and folders, not https://example.vn/rss" in str(result.exception)
