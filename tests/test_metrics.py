"""The metrics against a plain reference, their intervals and their tests."""

from itertools import product
from math import log2
from random import Random
from statistics import fmean

import pytest

from qa.judged import Dataset, Judged
from qa.metrics import difference, estimates, interval, per_question


def plain_ndcg(ranked: list[str], relevant: dict[str, int], k: int) -> float:
    """Järvelin and Kekäläinen 2002, with the gain as it is (trec_eval's form)."""
    ideal = sorted(relevant.values(), reverse=True)[:k]
    gains = [relevant.get(article, 0) for article in ranked[:k]]
    worth = [sum(g / log2(at + 2) for at, g in enumerate(each)) for each in (gains, ideal)]
    return worth[0] / worth[1]


def plain_recall(ranked: list[str], relevant: dict[str, int], k: int) -> float:
    return len(set(ranked[:k]) & relevant.keys()) / len(relevant)


def plain_mrr(ranked: list[str], relevant: dict[str, int], k: int) -> float:
    return next((1 / (at + 1) for at, a in enumerate(ranked[:k]) if a in relevant), 0.0)


def judged(relevant: dict[str, dict[str, int]]) -> Dataset:
    return Dataset("set", None, tuple(Judged(i, i, articles) for i, articles in relevant.items()))


def random_run(seed: int) -> tuple[Dataset, dict[str, list[str]]]:
    """Graded judgements and rankings, some empty, some without a relevant article."""
    draw = Random(seed)
    articles = [f"a{i}" for i in range(150)]
    relevant, run = {}, {}
    for number in range(40):
        chosen = draw.sample(articles, draw.randint(1, 12))
        relevant[f"q{number}"] = {article: draw.randint(1, 3) for article in chosen}
        run[f"q{number}"] = draw.sample(articles, draw.choice([0, 1, 5, 50, 120]))
    return judged(relevant), run


@pytest.mark.parametrize("seed", range(5))
def test_metrics_agree_with_a_plain_reference(seed: int) -> None:
    dataset, run = random_run(seed)
    found = per_question(dataset, run)
    plain = {"nDCG@10": (plain_ndcg, 10), "MRR@10": (plain_mrr, 10)}
    plain |= {f"R@{k}": (plain_recall, k) for k in (1, 5, 10, 100)}
    assert found.keys() == plain.keys()
    for name, (measure, k) in plain.items():
        wanted = [measure(run[q.id], q.relevant, k) for q in dataset.questions]
        assert found[name] == pytest.approx(wanted), name
        assert estimates(dataset, run)[name].value == pytest.approx(fmean(wanted), abs=1e-5)


def test_the_order_of_the_run_is_measured_whatever_the_ids_are() -> None:
    dataset = judged({"q": {"b": 1}})
    for order, first in ((["a", "b", "c"], 0.0), (["b", "c", "a"], 1.0), (["c", "b", "a"], 0.0)):
        assert per_question(dataset, {"q": order})["R@1"] == [first]


@pytest.mark.parametrize("run", [{"a": ["x"]}, {"a": ["x"], "b": []}])
def test_a_question_without_a_hit_counts_as_0(run: dict[str, list[str]]) -> None:
    dataset = judged({"a": {"x": 1}, "b": {"y": 1}})
    for name, values in per_question(dataset, run).items():
        assert values == [1.0, 0.0], name
    assert {e.value for e in estimates(dataset, run).values()} == {0.5}


def test_intervals_hold_the_mean_repeat_and_narrow_with_more_questions() -> None:
    values = [1.0, 0.0, 1.0, 1.0, 0.5] * 10
    found = interval(values)
    assert found == interval(values)
    assert found.low < found.value < found.high
    assert found.value == 0.7
    more = interval(values * 10)
    assert more.high - more.low < (found.high - found.low) / 2
    assert interval([1.0] * 9) == interval([1.0])


def test_an_interval_is_about_as_wide_as_theory_says() -> None:
    draw = Random(3)
    values = [float(draw.random() < 0.8) for _ in range(1000)]
    found = interval(values)
    half = 1.96 * (found.value * (1 - found.value) / len(values)) ** 0.5
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.1)


def test_the_paired_test_is_exact_for_few_questions() -> None:
    first, second = [0.9, 0.4, 1.0, 0.7, 0.3], [0.5, 0.5, 0.6, 0.7, 0.1]
    each = [a - b for a, b in zip(first, second, strict=True)]
    sums = [
        abs(sum(s * d for s, d in zip(signs, each, strict=True)))
        for signs in product((1, -1), repeat=5)
    ]
    wanted = fmean(total >= abs(sum(each)) - 1e-12 for total in sums)
    found = difference(first, second)
    assert found.p == pytest.approx(wanted, abs=1e-4)
    assert found.value == pytest.approx(0.18)
    assert found == difference(first, second)


def test_a_difference_turns_round_and_alike_systems_do_not_differ() -> None:
    draw = Random(1)
    first = [draw.random() for _ in range(200)]
    second = [value - 0.1 * draw.random() for value in first]
    ahead, behind = difference(first, second), difference(second, first)
    assert ahead.value == -behind.value > 0
    assert ahead.low > 0 > behind.high
    assert ahead.p == behind.p < 0.001
    alike = difference(first, first)
    assert (alike.value, alike.low, alike.high, alike.p) == (0.0, 0.0, 0.0, 1.0)
