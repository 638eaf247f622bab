"""The command `qa evaluate`: its options, and what of them goes together."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.location import Location
from qa.options import LocationType, model_option

if TYPE_CHECKING:
    from qa.judged import Dataset

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("datasets", nargs=-1, type=click.Path(path_type=Path), metavar="[DATASET]...")
@click.option(
    "--index",
    "location",
    type=LocationType(),
    metavar="DIR",
    help="Evaluate this index, with --questions.",
)
@click.option(
    "--questions",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Judged questions for --index, in any shape that a DATASET has.",
)
@model_option
@click.option(
    "--systems",
    default="full",
    show_default=True,
    metavar="LIST",
    help="full, lexical, dense, fusion, baseline; the first is compared with the others.",
)
@click.option("--all", "all_systems", is_flag=True, help="All systems.")
@click.option(
    "--slices",
    default="as_written",
    show_default=True,
    metavar="LIST",
    help="as_written, khong_dau, half_dau, telex, vni, typos, nfd, tone_placement.",
)
@click.option("--all-slices", is_flag=True, help="All slices.")
@click.option("--seed", default=0, show_default=True, help="Of what slices draw by chance.")
@click.option(
    "--worst",
    default=10,
    show_default=True,
    type=click.IntRange(min=0),
    help="Questions listed of each slice.",
)
@click.option(
    "--not-found",
    is_flag=True,
    help="Ask each question without its articles, too: how often is something else cited?",
)
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all figures.")
@click.option("--html", "html_file", type=_FILE, metavar="FILE", help="Write a page with plots.")
@click.option(
    "--per-question",
    type=_FILE,
    metavar="FILE",
    help="Write a JSON line for every question, system and slice.",
)
@click.option(
    "--against",
    type=_FILE,
    metavar="RUN.json",
    help="Compare with an earlier --json; exit 1 when a metric fell.",
)
@click.pass_context
def evaluate(
    context: click.Context,
    datasets: tuple[Path, ...],
    location: Location | None,
    questions: tuple[Path, ...],
    model: str | None,
    systems: str,
    all_systems: bool,
    slices: str,
    all_slices: bool,
    seed: int,
    worst: int,
    not_found: bool,
    json_file: Path | None,
    html_file: Path | None,
    per_question: Path | None,
    against: Path | None,
) -> None:
    """Measure retrieval on judged questions, through the same search that the chat uses.

    DATASET is a folder in BEIR layout (queries.jsonl, corpus.jsonl, qrels.tsv), a TREC folder
    (topics.txt or topics.tsv, qrels.txt, corpus), a SQuAD .json file, or questions.jsonl beside a
    folder articles/. Its articles are indexed in the user's cache the first time.

    A file whose name ends in dialogues.jsonl holds conversations, measured by themselves: every
    turn is asked after those before it, and alone. Reported for first questions, follow-ups and
    changes of topic: whether the right article, and the answering sentence, come first in the
    conversation and alone, and whether the same sentence comes first as alone.

    A metric fell against an earlier run when it is now below the 95 % interval that it had then.
    With one DATASET --json writes an object, with several an array of them.

    \b
    Examples:
      qa evaluate my-questions/ --json run.json
      qa evaluate my-questions/ --all --all-slices --html report.html
      qa evaluate my-questions/ --not-found
      qa evaluate --index my-index --questions questions.jsonl --against run.json
      qa evaluate sample/dialogues.jsonl --json run.json
    """
    from qa.conversations import FILE, read_conversations
    from qa.datasets import read_dataset
    from qa.evaluate import Plan
    from qa.evaluate_run import Outputs, run, run_conversations
    from qa.slices import SLICES
    from qa.systems import NAMES

    plan = Plan(
        NAMES if all_systems else _listed(systems, NAMES, "--systems"),
        tuple(SLICES) if all_slices else _listed(slices, tuple(SLICES), "--slices"),
        seed,
        worst,
        not_found,
    )
    paths = _paths(datasets, location, questions, model)
    outputs = Outputs(json_file, html_file, per_question, against)
    outputs.check()
    if any(path.name.endswith(FILE) for path in paths):
        _check_conversations(context, paths)
        run_conversations(read_conversations(paths[0]), location, model, worst, json_file)
        return
    read = [read_dataset(path) for path in paths]
    _check_names(read)
    if run(read, plan, location, model, outputs):
        sys.exit(1)


def _check_conversations(context: click.Context, paths: Sequence[Path]) -> None:
    """Raises UsageError for what is not measured of conversations."""
    if len(paths) > 1:
        raise UsageError(f"conversations are measured by themselves; name {paths[0]} alone")
    for name in ("systems", "all_systems", "slices", "all_slices", "seed"):
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
            raise UsageError(f"conversations have no {name.replace('_', ' ')}; leave it out")
    for name in ("html_file", "per_question", "against"):
        if context.params[name]:
            raise UsageError("conversations are reported in the terminal and by --json only")


def _paths(
    datasets: tuple[Path, ...],
    location: Location | None,
    questions: tuple[Path, ...],
    model: str | None,
) -> tuple[Path, ...]:
    """What holds the questions.

    Raises:
        UsageError: the options do not go together.
    """
    if location is None:
        if questions:
            raise UsageError("--questions goes with --index; else: qa evaluate DATASET")
        if not datasets:
            raise UsageError("nothing to evaluate; name a DATASET, or --index and --questions")
        return datasets
    if datasets:
        raise UsageError(f"with --index, name {datasets[0]} by --questions")
    if not questions:
        raise UsageError(f"no questions; qa evaluate --index {location} --questions FILE")
    if model:
        raise UsageError(f"--model {model}: the index has its model already; leave --model out")
    return questions


def _listed(names: str, known: Sequence[str], option: str) -> tuple[str, ...]:
    """The names of a list with commas, each once."""
    found = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    if unknown := [name for name in found if name not in known]:
        raise UsageError(f"{option}: there is no {unknown[0]!r}; choose of {', '.join(known)}")
    if not found:
        raise UsageError(f"{option} is empty; choose of {', '.join(known)}")
    return found


def _check_names(datasets: "Sequence[Dataset]") -> None:
    """Raises UsageError for two of the same name, which no report could tell apart."""
    names = [dataset.name for dataset in datasets]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"two datasets are called {twice}; rename the folder or file of one")
