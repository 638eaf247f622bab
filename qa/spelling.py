"""The most likely reading of a lattice: Viterbi (1967), for every manner of typing at once."""

from dataclasses import dataclass

import numpy as np

from qa.channel import PRIOR, Manner
from qa.language import Floats, Ints, Language
from qa.lattice import Edge, Lattice


@dataclass(frozen=True, slots=True)
class Reading:
    """The edges of the cheapest path, and the manner in which the question was typed then."""

    edges: list[Edge]
    manner: Manner


def read(lattice: Lattice, language: Language) -> Reading:
    """The cheapest path of a lattice; with equal costs the path through earlier edges."""
    edges = lattice.edges
    leaving: dict[int, list[int]] = {}
    arriving: dict[int, list[int]] = {}
    for at, edge in enumerate(edges):
        leaving.setdefault(edge.start, []).append(at)
        arriving.setdefault(lattice.next_node(edge), []).append(at)
    costs = np.array([edge.cost for edge in edges]) + _inside(edges, language)[:, None]
    first = np.array([edge.words[0] for edge in edges], dtype=np.int64)
    last = np.array([edge.words[-1] for edge in edges], dtype=np.int64)

    nodes = [node for node in sorted(leaving) if node in arriving]
    pairs = [
        (np.repeat(arriving[n], len(leaving[n])), np.tile(leaving[n], len(arriving[n])))
        for n in nodes
    ]
    steps = _split(pairs, last, first, language)
    begin = leaving[min(leaving)]
    best = np.full(costs.shape, np.inf)
    best[begin] = costs[begin] + language.alone(first[begin])[:, None]
    came_from = np.full(costs.shape, -1, dtype=np.int64)
    for node, step in zip(nodes, steps, strict=True):
        before, after = arriving[node], leaving[node]
        reached = best[before][:, None, :] + step.reshape(len(before), len(after), 1)
        choice = reached.argmin(axis=0)
        best[after] = np.take_along_axis(reached, choice[None], axis=0)[0] + costs[after]
        came_from[after] = np.array(before)[choice]
    ends = arriving[lattice.last]
    manner = Manner(int((best[ends].min(axis=0) + PRIOR).argmin()))
    at = ends[int(best[ends, manner].argmin())]
    path = []
    while at >= 0:
        path.append(edges[at])
        at = int(came_from[at, manner])
    return Reading(path[::-1], manner)


def _inside(edges: list[Edge], language: Language) -> Floats:
    """(edges,) the cost of the words of each edge after its first."""
    costs = np.zeros(len(edges))
    for at, edge in enumerate(edges):
        if len(edge.words) > 1:
            words = np.array(edge.words, dtype=np.int64)
            costs[at] = language.after(words[:-1], words[1:]).sum()
    return costs


def _split(
    pairs: list[tuple[Ints, Ints]],
    last: Ints,
    first: Ints,
    language: Language,
) -> list[Floats]:
    """The cost of every step from edge to edge, by node; the collection is asked only once."""
    if not pairs:
        return []
    before = np.concatenate([a for a, _ in pairs])
    after = np.concatenate([b for _, b in pairs])
    costs = language.after(last[before], first[after])
    return np.split(costs, np.cumsum([len(a) for a, _ in pairs])[:-1])
