"""How often a visitor may ask, told with a clock of our own."""

from qa import visitors
from qa.visitors import BURST, Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_then_a_steady_rate() -> None:
    clock = Clock()
    limiter = Limiter(60, clock)
    assert all(limiter.allows("a") for _ in range(BURST))
    assert not limiter.allows("a")
    assert limiter.allows("b"), "others are not held back"
    clock.now = 1.0
    assert limiter.allows("a")
    assert not limiter.allows("a")
    clock.now = 1000.0
    assert sum(limiter.allows("a") for _ in range(BURST + 5)) == BURST, "no more is saved up"


def test_no_rate_is_no_limit() -> None:
    limiter = Limiter(0, Clock())
    assert all(limiter.allows("a") for _ in range(1000))


def test_visitors_long_gone_are_forgotten() -> None:
    limiter = Limiter(60, Clock())
    for number in range(visitors._REMEMBERED + 10):
        limiter.allows(str(number))
    assert len(limiter._seen) == visitors._REMEMBERED
