"""Learns the ranker's weights from judged questions and measures them on sets they never saw.

    python benchmarks/train.py SET SET SET                   leave-one-set-out figures only
    python benchmarks/train.py SET SET SET --write           and write qa/ranker.json from all sets

A SET is a folder in BEIR layout with an answers.jsonl. First come the weights that choose the
sentence to mark, then those that rank passages, for which the best sentence's score is a feature,
then what reading the first passages counts beside their sentences' scores.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import click
import numpy as np
from fit import Floats, Group, fit
from sklearn.linear_model import LogisticRegression

from index.encoder import open_encoder
from index.types import UNREAD, Candidate, Encoder
from qa import confidence, evidence, not_found
from qa.confidence import Confidence, Typical
from qa.datasets import Dataset, Judged, read_dataset
from qa.evaluate import open_corpus
from qa.features import PASSAGE_NAMES, SENTENCE_NAMES, Features, compute
from qa.metrics import per_question
from qa.reading import First, read_first
from qa.scores import WEIGHTS, Weights, rows_of, score
from qa.search import Searcher
from qa.types import Query

SENTENCE_PENALTY = 30.0
PASSAGE_PENALTY = 30.0
READING_PENALTY = 0.1  # of weights of which the ratio counts
# What the log of the chance that a passage answers, by reading it, counts beside its score. Too few
# questions are contested to learn it: each set ranks nearly alike from .3 to .8.
PASSAGE_READING = 0.5
# What a kind of evidence is worth where the sets hardly ask for it, in the score of a sentence.
EVIDENCE_PRIOR = 1.0
# The least that these signs weigh in the log odds. A quantity that is asked for and not stated: the
# sets seldom ask for one; of 1,300 such questions of ours about news, 3.4 % of the right first
# passages lack it, and 53 % of the first ones for questions that no article answers. Reading:
# without its articles a question of the sets finds little about its subject, but readers also ask
# for what the articles about a subject leave out, which hardly anything else tells.
LEAST = {"quantity": 3.5, "reading": 0.5}
CONFIDENCE_C = 0.3  # with less of a penalty it is surer of sets that it did not see than is right
THRESHOLD = 0.31  # the chance from which the first hit is said to answer
FIGURES = ("auroc", "false_answers", "calibration_error", "answered", "refused")


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates and what is right about each."""

    judged: Judged
    query: Query
    vector: Floats
    candidates: list[Candidate]
    articles: list[str]
    is_right: np.ndarray  # (passages,)
    answers_here: np.ndarray  # (sentences,) the answer begins in the sentence
    answer_stands: np.ndarray  # (sentences,) an answer's text stands in the sentence

    def candidates_without(self, titles: dict[str, str]) -> list[Candidate]:
        """What the lanes would propose if the articles that answer were not there, nor those of the
        same title: the sets cut one article into several."""
        gone = {titles[article] for article in self.judged.relevant if article in titles}
        return [
            c
            for c, article in zip(self.candidates, self.articles, strict=True)
            if titles[article] not in gone
        ]


class Examples:
    """All examples of a set, with the terms that their features need."""

    def __init__(self, dataset: Dataset, encoder: Encoder) -> None:
        self.dataset = dataset
        self.index = open_corpus(dataset, encoder)
        searcher = Searcher(self.index, encoder)
        self.examples = [self._example(searcher, judged) for judged in dataset.questions]
        self._read = cache(encoder.read)  # other weights mostly find the same
        self.features = [self._features(e, e.candidates) for e in self.examples]
        titles = {a.id: a.title or a.id for a in self.index.store.articles()}
        self.without = [e.candidates_without(titles) for e in self.examples]
        self.features_without = [
            self._features(e, rest) for e, rest in zip(self.examples, self.without, strict=True)
        ]

    def found(self, weights: Weights) -> list[tuple[Features, First]]:
        """The features of all candidates and the first of them, for each question."""
        candidates = [e.candidates for e in self.examples]
        return self._first_hits(candidates, self.features, weights)

    def found_without(self, weights: Weights) -> list[tuple[Features, First]]:
        """The same without the articles that answer."""
        return self._first_hits(self.without, self.features_without, weights)

    def _first_hits(
        self,
        candidates: Sequence[Sequence[Candidate]],
        features: Sequence[Features],
        weights: Weights,
    ) -> list[tuple[Features, First]]:
        hits = []
        for example, own, feature in zip(self.examples, candidates, features, strict=True):
            scores, question = score(feature, weights), example.query.text
            hit = read_first(question, own, feature, weights, scores, self.index, self._read)
            hits.append((feature, hit))
        return hits

    def _example(self, searcher: Searcher, judged: Judged) -> Example:
        query = searcher.understand(judged.text, as_typed=True)
        vector = searcher.encoder.encode_queries([query.text])[0]
        candidates = searcher.candidates(query, vector)
        passages = self.index.passages([c.number for c in candidates])
        begins, stands = [], []
        for passage in passages:
            article = self.index.article(passage.article_id)
            is_right = passage.article_id in judged.relevant
            for s in passage.sentences:
                words = article.text[s.start : s.end]
                begins.append(is_right and any(s.start <= at < s.end for at in judged.starts))
                stands.append(is_right and any(a in words for a in judged.answers))
        articles = [p.article_id for p in passages]
        return Example(
            judged,
            query,
            vector,
            candidates,
            articles,
            np.array([a in judged.relevant for a in articles]),
            np.array(begins),
            np.array(stands),
        )

    def _features(self, example: Example, candidates: Sequence[Candidate]) -> Features:
        return compute(example.query, example.vector, candidates, self.index)


def sentence_groups(examples: Examples) -> list[Group]:
    """Sentences of each passage that holds the answer, where there is a choice."""
    groups = []
    for example, feature in zip(examples.examples, examples.features, strict=True):
        for at in range(len(feature.first_sentence)):
            rows = rows_of(feature, at)
            right = example.answers_here[rows]
            if right.any() and not right.all():
                groups.append((feature.sentences[rows], right))
    return groups


def passage_groups(examples: Examples, sentence: Floats) -> list[Group]:
    """Candidates of each question; the last column is the score of a passage's best sentence."""
    groups = []
    for example, feature in zip(examples.examples, examples.features, strict=True):
        if example.is_right.any() and not example.is_right.all():
            best = np.maximum.reduceat(feature.sentences @ sentence, feature.first_sentence)
            groups.append((np.column_stack([feature.passages, best]), example.is_right))
    return groups


def reading_groups(examples: Examples, weights: Weights) -> list[Group]:
    """Sentences that were read of the first passage of each question, where one of them answers:
    their scores, and what reading them gave."""
    groups = []
    for example, (feature, hit) in zip(examples.examples, examples.found(weights), strict=True):
        logits = hit.logits.get(hit.at)
        if logits is None:
            continue
        rows, was_read = rows_of(feature, hit.at), logits > UNREAD
        right = example.answers_here[rows][was_read]
        if right.any() and not right.all():
            both = np.column_stack([hit.scores.sentences[rows], logits])[was_read]
            groups.append((both.astype(np.float64), right))
    return groups


def confidence_rows(
    examples: Examples, weights: Weights, typical: Typical
) -> tuple[Floats, Floats, Floats]:
    """Signs of the first hit, with the articles that answer (n, signs) and without them (n,
    signs), and whether the former is of an article that answers (n,)."""
    hits = examples.found(weights)
    right = [bool(e.is_right[h.at]) for e, (_, h) in zip(examples.examples, hits, strict=True)]
    found, gone = (
        np.array([confidence.signs(f, h.scores, typical, h.logits.get(h.at)) for f, h in each])
        for each in (hits, examples.found_without(weights))
    )
    return found, gone, np.array(right)


def learn_confidence(sets: Sequence[Examples], weights: Weights) -> Confidence:
    """The logistic model of these sets' questions; sets weigh equally."""
    found = [hit for each in sets for hit in each.found(weights)]
    gone = [hit for each in sets for hit in each.found_without(weights)]
    typical = confidence.typical_of(
        [feature for feature, _ in found],
        [hit.scores for _, hit in found],
        [hit.logits.get(hit.at) for _, hit in found + gone],
    )
    return _fit_confidence([confidence_rows(s, weights, typical) for s in sets], typical)


def _fit_confidence(sets: Sequence[tuple[Floats, Floats, Floats]], typical: Typical) -> Confidence:
    rows = np.concatenate([row for found, gone, _ in sets for row in (found, gone)])
    right = np.concatenate([y for _, gone, r in sets for y in (r, np.zeros(len(gone), dtype=bool))])
    share = np.concatenate([np.full(2 * len(r), 1000 / len(r)) for _, _, r in sets])
    scale = rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=CONFIDENCE_C, max_iter=3000).fit(
        rows / scale, right, sample_weight=share
    )
    weights, constant = model.coef_[0] / scale, float(model.intercept_[0])
    for name, least in LEAST.items():
        at = confidence.NAMES.index(name)
        more = max(least - float(weights[at]), 0.0)
        weights[at] += more
        constant -= more * float(np.average(rows[:, at], weights=share))
    return Confidence(weights, constant, THRESHOLD, typical)


def measure_confidence(rows: tuple[Floats, Floats, Floats], model: Confidence) -> dict[str, float]:
    """The figures of `qa evaluate --not-found`."""
    found, gone = (np.array([model.probability(row) for row in part]) for part in rows[:2])
    chances = not_found.Chances(found, rows[2], gone, np.zeros(0))
    figures = asdict(not_found.summarise(chances, model.threshold))
    return {name: figures[name] for name in FIGURES}


def learn(sets: Sequence[Examples]) -> Weights:
    """Weights from these sets: first those of sentences, then those of passages."""
    groups = [sentence_groups(s) for s in sets]
    prior = np.array([EVIDENCE_PRIOR * (name in evidence.NAMES) for name in SENTENCE_NAMES])
    sentence = fit(groups, SENTENCE_PENALTY, [SENTENCE_NAMES.index("log_new_words")], prior)
    groups = [passage_groups(s, sentence) for s in sets]
    passage = fit(groups, PASSAGE_PENALTY, [PASSAGE_NAMES.index("log_length")])
    weights = Weights(sentence, passage[:-1], float(passage[-1]), 0.0, 0.0)
    groups = [reading_groups(s, weights) for s in sets]
    if not all(groups):
        return weights  # the encoder has no cross-encoder beside it
    of_score, of_reading = fit(groups, READING_PENALTY, [])
    assert of_score > 0, "reading alone would choose"
    reading = float(of_reading / of_score)
    return replace(weights, reading=reading, passage_reading=PASSAGE_READING)


def measure(examples: Examples, weights: Weights) -> dict[str, float]:
    """nDCG@10, and the share of marked sentences with the answer where the first hit is right."""
    run, marked = {}, []
    for example, (_, hit) in zip(examples.examples, examples.found(weights), strict=True):
        scores = hit.scores
        order = np.argsort(-scores.passages, kind="stable")  # candidates come by their numbers
        ranked: dict[str, float] = {}
        for i in order:
            ranked.setdefault(example.articles[i], float(scores.passages[i]))
        run[example.judged.id] = ranked
        if example.is_right[order[0]] and example.judged.answers:
            marked.append(bool(example.answer_stands[scores.best_rows[order[0]]]))
    metrics = per_question(examples.dataset, run)
    return {
        "nDCG@10": round(float(np.mean(metrics["nDCG@10"])), 4),
        "R@1": round(float(np.mean(metrics["R@1"])), 4),
        "marked": round(float(np.mean(marked)), 4) if marked else float("nan"),
    }


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default=None, help="Encoder; the bundled one when not given.")
@click.option("--write", is_flag=True, help="Write the weights learned from all sets.")
def main(folders: tuple[Path, ...], model: str | None, write: bool) -> None:
    encoder = open_encoder(model) if model else open_encoder()
    sets = [Examples(read_dataset(folder), encoder) for folder in folders]
    figures: dict[str, dict[str, float]] = {}
    doubts: dict[str, dict[str, float]] = {}
    for held_out in sets:
        others = [s for s in sets if s is not held_out]
        weights = learn(others)
        model = learn_confidence(others, weights)
        name = held_out.dataset.name
        figures[name] = measure(held_out, weights)
        rows = confidence_rows(held_out, weights, model.typical)
        doubts[name] = measure_confidence(rows, model)
        print(name, figures[name], doubts[name], flush=True)
    if not write:
        return
    weights = learn(sets)
    model = learn_confidence(sets, weights)
    provenance = {
        "about": "learned by benchmarks/train.py; each figure is of weights that never saw the set",
        "sets": {s.dataset.name: len(s.dataset.questions) for s in sets},
        "encoder": encoder.fingerprint,
    }
    ranker = {
        "figures": figures,
        "sentence": _named(SENTENCE_NAMES, weights.sentence),
        "passage": _named(PASSAGE_NAMES, weights.passage),
        "best_sentence": round(weights.best_sentence, 4),
        "reading": round(weights.reading, 4),
        "passage_reading": round(weights.passage_reading, 4),
    }
    doubt = {
        "figures": doubts,
        "weights": _named(confidence.NAMES, model.weights),
        "constant": round(model.constant, 4),
        "typical": _rounded(model.typical),
        "threshold": THRESHOLD,
    }
    for path, content in ((WEIGHTS, ranker), (confidence.MODEL, doubt)):
        text = json.dumps(provenance | content, ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")


def _rounded(typical: Typical) -> dict[str, object]:
    return {name: np.round(value, 4).tolist() for name, value in typical._asdict().items()}


def _named(names: Sequence[str], weights: Floats) -> dict[str, float]:
    return dict(zip(names, np.round(weights, 4).tolist(), strict=True))


if __name__ == "__main__":
    main()
