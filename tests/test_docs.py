"""The documentation says what is there: files, commands, options, figures, quotes.

docs/cli.md is written from the help of the commands: python -m tests.test_docs
"""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qa.cli import cli

ROOT = Path(__file__).parents[1]
README, README_VI = ROOT / "README.md", ROOT / "README.vi.md"
CLI_PAGE = ROOT / "docs" / "cli.md"
PAGES = (README, README_VI)
BY_NAME = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)

# Every way in which code stands in these pages: fenced, indented, inline.
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_lines(page: Path) -> Iterator[str]:
    """Lines that may be commands; what a console prints is none."""
    text = read(page)
    for block in _FENCED.findall(text):
        lines = block.splitlines()
        prompted = [line[2:] for line in lines if line.startswith("$ ")]
        yield from prompted or lines
    prose = _FENCED.sub("", text)
    yield from _INDENTED.findall(prose)
    yield from _INLINE.findall(prose)


def words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a code sample that is no command: an open quote
        return []


def commands() -> dict[str, click.Command]:
    """Every command by the words that call it: `index`, `feedback`, `feedback export`."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": each for inner, each in command.commands.items()}
    return found


def options(command: click.Command) -> set[str]:
    return {"--help", *(o for p in command.params for o in (*p.opts, *p.secondary_opts))}


def qa_calls(page: Path) -> list[tuple[str, list[str]]]:
    """Every call of `qa` in a page: the command and the words after it."""
    calls = []
    for line in code_lines(page):
        parts = words(line)
        at = next((i for i, word in enumerate(parts) if Path(word).name == "qa"), None)
        is_call = at is not None and not parts[at].endswith("/") and len(parts) > at + 1
        if is_call and (at == 0 or parts[0] in ("time", "/usr/bin/time")):
            inner = " ".join(parts[at + 1 : at + 3])
            name = inner if inner in commands() else parts[at + 1]
            calls.append((name, parts[at + 2 :]))
    return calls


def tree(page: Path) -> dict[str, str]:
    """Listed paths and what is said of each: the block whose lines begin with a path."""
    blocks = [block for block in _FENCED.findall(read(page)) if block.startswith("Makefile ")]
    assert len(blocks) == 1, f"{page.name} has {len(blocks)} file trees"
    lines = [line.split(maxsplit=1) for line in blocks[0].splitlines() if line.strip()]
    assert [line for line in lines if len(line) < 2] == [], "a path without a word on it"
    return dict(lines)


# ---- what is named is there ------------------------------------------------------------------


@BY_NAME
def test_every_listed_path_exists(page: Path) -> None:
    missing = [path for path in tree(page) if not (ROOT / path).exists()]
    assert missing == []


def test_the_tree_lists_every_file_of_the_program() -> None:
    kinds = {".py", ".json", ".css", ".js"}
    files = {
        f"{folder}/{file.name}"
        for folder in ("index", "qa", "benchmarks")
        for file in (ROOT / folder).iterdir()
        if file.suffix in kinds or file.suffix == ".md"
    }
    assert sorted(files - tree(README).keys()) == []


@BY_NAME
def test_every_named_command_exists(page: Path) -> None:
    assert qa_calls(page) != []
    assert sorted({name for name, _ in qa_calls(page)} - set(commands()) - {"--help"}) == []


@BY_NAME
def test_every_option_of_a_named_command_exists(page: Path) -> None:
    for name, rest in qa_calls(page):
        if name in commands():
            given = {word for word in rest if word.startswith("-")}
            assert sorted(given - options(commands()[name])) == [], f"qa {name} {rest}"


@BY_NAME
def test_every_option_named_alone_exists(page: Path) -> None:
    known = set().union(*map(options, commands().values()))
    for script in (ROOT / "benchmarks").glob("*.py"):
        known.update(re.findall(r'"(--[a-z-]+)"', script.read_text(encoding="utf-8")))
    named = {o for line in code_lines(page) for o in _OPTION.findall(line)}
    assert sorted(named - known) == []


@BY_NAME
def test_named_scripts_take_the_options_they_are_given(page: Path) -> None:
    for line in code_lines(page):
        parts = words(line)
        if len(parts) > 1 and parts[0] == "python" and parts[1].endswith(".py"):
            source = read(ROOT / parts[1])
            assert [o for o in _OPTION.findall(line) if f'"{o}"' not in source] == [], line


@BY_NAME
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    calls = [words(line) for line in code_lines(page)]
    named = {parts[1] for parts in calls if len(parts) > 1 and parts[0] == "make"}
    assert {"chat", "test"} <= named <= targets


@BY_NAME
def test_pictures_and_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", read(page))
    inside = [target for target in targets if "://" not in target]
    assert "docs/chat.png" in inside
    assert [target for target in inside if not (ROOT / target).is_file()] == []


# ---- what is said is so ----------------------------------------------------------------------


def test_the_ranking_figures_are_those_of_the_released_weights() -> None:
    text, vietnamese = read(README), read(ROOT / "README.vi.md")
    ranker = json.loads(read(ROOT / "qa" / "ranker.json"))
    doubt = json.loads(read(ROOT / "qa" / "confidence.json"))
    for name, figures in ranker["figures"].items():
        of_ranker = [figures[key] for key in ("nDCG@10", "R@1", "marked")]
        keys = ("auroc", "false_answers", "calibration_error", "answered", "refused")
        of_doubt = [doubt["figures"][name][key] for key in keys]
        row = " | ".join([name, *(f"{value:.4f}" for value in (*of_ranker, *of_doubt))])
        assert f"| {row} |" in text
        row = " | ".join(f"{value:.4f}" for value in of_ranker).replace(".", ",")
        assert re.search(rf"\| {name} \| [\d.]+ \| {row} \|", vietnamese)
    for name, count in ranker["sets"].items():
        assert re.search(rf"\(`{name}`, {count:,}\b", text), f"{name} has {count:,} questions"
    assert f"threshold of {doubt['threshold']}" in text


@BY_NAME
def test_quotes_shown_stand_in_the_sample(page: Path) -> None:
    """What `qa ask` prints of a passage, line by line: after its number, or indented by four."""
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "sample" / "articles").iterdir()]
    quotes = [
        quote
        for block in _FENCED.findall(read(page))
        if "$ qa ask" in block
        for quote in re.findall(r"^(?:\[\d\] |    )([^—\s].*)$", block, re.MULTILINE)
    ]
    assert quotes != []
    assert [quote for quote in quotes if not any(quote in text for text in texts)] == []


def test_the_packages_and_the_python_are_those_of_the_project() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    text = read(README)
    licences = text[text.index("## Licences") :]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[^\w.-]", each)[0] for each in wanted}
    assert sorted(names - set(re.findall(r"[\w.-]*\w", licences))) == []
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in text
    assert "Python 3.11" in read(README_VI)


def test_the_command_page_is_the_help_of_the_commands() -> None:
    assert read(CLI_PAGE) == command_page(), "write it again: python -m tests.test_docs"


@BY_NAME
def test_nothing_is_left_to_be_measured(page: Path) -> None:
    assert re.findall(r"^.*\bMEASURE\b.*$", read(page), re.MULTILINE) == []


# ---- docs/cli.md -----------------------------------------------------------------------------


def command_page() -> str:
    parts = ["# Every command and option\n\nWritten from the help of the commands.\n"]
    for name in ("", *sorted(commands())):
        words_of = [*name.split(), "--help"]
        run = CliRunner().invoke(cli, words_of, prog_name="qa", terminal_width=80)
        lines = "\n".join(line.rstrip() for line in run.output.splitlines())
        parts.append(f"## qa {name}".rstrip() + f"\n\n```\n{lines}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    CLI_PAGE.write_text(command_page(), encoding="utf-8")
