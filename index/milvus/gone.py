"""The numbers of the rows that a state does not show any more, and the filter that they make.

They are kept as spans of numbers, each with the state that first left it out.
"""

from collections.abc import Iterable, Iterator, Sequence

from index.milvus.connection import literal

LISTED = 10_000  # numbers that a filter may name: it takes a server some milliseconds
_WIDE = 64  # a span of so many is told by its ends
_WIDE_LISTED = 50

Gone = list[list[int]]  # [state, first number, last number]


def spans(state: int, numbers: Iterable[int]) -> Gone:
    """The numbers that a state leaves out."""
    found: Gone = []
    for number in sorted(numbers):
        if found and number == found[-1][2] + 1:
            found[-1][2] = number
        else:
            found.append([state, number, number])
    return found


def is_too_long(gone: Gone) -> bool:
    """Whether a filter of them would slow every question down."""
    wide = sum(last - first >= _WIDE for _, first, last in gone)
    return wide > _WIDE_LISTED or sum(1 for _ in _single(gone)) > LISTED


def left(field: str, state: int, gone: Gone) -> str:
    """The filter for the rows that a state shows; their field holds the number."""
    wanted = [f"added <= {state}"]
    if listed := list(_single(gone)):
        wanted.append(f"{field} not in {literal(listed)}")
    for _, first, last in gone:
        if last - first >= _WIDE:
            wanted.append(f"({field} < {first} or {field} > {last})")
    return " and ".join(wanted)


def among(field: str, gone: Sequence[Sequence[int]]) -> Iterator[str]:
    """Filters for the rows that are gone."""
    for _, first, last in gone:
        yield f"{field} >= {first} and {field} <= {last}"


def _single(gone: Gone) -> Iterator[int]:
    for _, first, last in gone:
        if last - first < _WIDE:
            yield from range(first, last + 1)
