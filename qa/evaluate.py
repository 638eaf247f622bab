"""How good retrieval is: judged questions asked through the same search that the chat uses."""

import time
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import index as index_package
from index.build import Stages, check_settings, update_index
from index.database import FORMAT
from index.errors import UsageError
from index.model import cache_folder
from index.reader import Index
from index.types import Encoder, OpenIndex, Progress
from qa.asking import Asker, Returned
from qa.judged import Dataset
from qa.not_found import NotFound
from qa.not_found import ask as ask_with_and_without
from qa.not_found import summarise as summarise_chances
from qa.report import Report, Worst, summarise
from qa.resolve import missing, resolve
from qa.search import Searcher
from qa.slices import make_slice
from qa.systems import open_system

_CODE = "code"  # in the folder of a cached index: which program wrote it


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: systems, the first of which the others are compared with, and slices."""

    systems: tuple[str, ...] = ("full",)
    slices: tuple[str, ...] = ("as_written",)
    seed: int = 0
    worst: int = 10  # questions listed of each slice
    not_found: bool = False  # ask each question without its articles, too


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report with what it is made from: (system, slice) to question id to what came back."""

    report: Report
    dataset: Dataset
    returned: dict[tuple[str, str], dict[str, Returned]] = field(repr=False)


def evaluate(
    dataset: Dataset,
    encoder: Encoder,
    plan: Plan | None = None,
    index: OpenIndex | None = None,
    stages: Stages | None = None,
) -> Evaluation:
    """Asks the questions of a dataset, each system every slice.

    Without an index the dataset's articles are indexed in the user's cache, where that is not
    done yet.
    """
    began = time.monotonic()
    plan = plan or Plan()
    opened = index or open_corpus(dataset, encoder, stages)
    try:
        check_settings(opened.meta, encoder, opened.where)
        questions, dataset = dataset.digest, resolve(dataset, opened)
        asker = Asker(opened)
        returned = _ask(dataset, opened, encoder, plan, asker, stages)
        report = summarise(dataset, returned, plan.systems[0])
        report = replace(
            report,
            articles=opened.count("articles"),
            passages=opened.count("passages"),
            encoder=encoder.name,
            seed=plan.seed,
            questions=questions,
            missing=len(missing(dataset, opened)),
            worst=_worst(dataset, returned, plan, Searcher(opened, encoder), asker),
            not_found=_not_found(dataset, opened, encoder, stages) if plan.not_found else None,
            seconds=round(time.monotonic() - began, 2),
        )
        return Evaluation(report, dataset, returned)
    finally:
        if index is None:
            opened.close()


def _not_found(
    dataset: Dataset, index: OpenIndex, encoder: Encoder, stages: Stages | None
) -> NotFound:
    progress = stages("asking without the articles") if stages else lambda done, total: None
    return summarise_chances(ask_with_and_without(dataset, index, encoder, progress))


def open_corpus(dataset: Dataset, encoder: Encoder, stages: Stages | None = None) -> OpenIndex:
    """The index of a dataset's articles, kept in the user's cache and brought up to date.

    What another version of the program wrote is written again; embeddings are kept.

    Raises:
        UsageError: the dataset has no articles of its own.
    """
    if dataset.corpus is None:
        raise UsageError(
            f"{dataset.name} comes without articles; name an index of them:"
            " qa evaluate --index DIR --questions FILE"
        )
    key = f"{dataset.corpus.resolve()}\0{encoder.fingerprint}\0{FORMAT}"
    name = f"{dataset.name}-{blake2b(key.encode(), digest_size=6).hexdigest()}"
    folder = cache_folder() / "evaluate" / name
    stamp = folder / _CODE
    is_old = not stamp.is_file() or stamp.read_text() != _code_digest()
    stamp.unlink(missing_ok=True)
    update_index(folder, [dataset.corpus], encoder, stages, rebuild=is_old)
    stamp.write_text(_code_digest())
    return Index(folder)


def _code_digest() -> str:
    """Of the programs that write an index."""
    digest = blake2b(digest_size=8)
    for path in sorted(Path(index_package.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _ask(
    dataset: Dataset,
    index: OpenIndex,
    encoder: Encoder,
    plan: Plan,
    asker: Asker,
    stages: Stages | None,
) -> dict[tuple[str, str], dict[str, Returned]]:
    written = [question.text for question in dataset.questions]
    typed = {name: make_slice(name, written, plan.seed) for name in plan.slices}
    found: dict[tuple[str, str], dict[str, Returned]] = {}
    total = len(written) * len(typed)
    for system in plan.systems:
        ask = open_system(system, index, encoder, cache_folder() / "evaluate", stages)
        progress = stages(f"asking {system}") if stages else lambda done, total: None
        for at, (name, texts) in enumerate(typed.items()):
            part = _part(progress, at * len(written), total)
            found[system, name] = asker.ask_all(dataset.questions, texts, ask, part)
    return found


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Progress of one slice, told as progress of all of them."""
    return lambda done, _: progress(before + done, total)


def _worst(
    dataset: Dataset,
    returned: dict[tuple[str, str], dict[str, Returned]],
    plan: Plan,
    searcher: Searcher,
    asker: Asker,
) -> dict[str, tuple[Worst, ...]]:
    """Slice to the questions whose first relevant article the first system ranks lowest."""
    found: dict[str, tuple[Worst, ...]] = {}
    for name in plan.slices:
        run = returned[plan.systems[0], name]
        ranks = {q.id: run[q.id].rank(q.relevant) for q in dataset.questions}
        failed = [q for q in dataset.questions if ranks[q.id] != 1]
        failed.sort(key=lambda q: -(ranks[q.id] or 10**9))  # equal ranks stay in their order
        found[name] = tuple(
            Worst(
                question.id,
                run[question.id].asked,
                searcher.understand(run[question.id].asked).text,
                tuple(question.relevant),
                tuple(filter(None, map(asker.title, question.relevant))),
                question.answers,
                ranks[question.id],
                run[question.id].quotes,
            )
            for question in failed[: plan.worst]
        )
    return found
