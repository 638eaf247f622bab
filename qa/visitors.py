"""How often a visitor may ask."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

BURST = 30  # questions at once; a newsroom often stands behind one address
_REMEMBERED = 10_000  # visitors; the one not seen for longest is forgotten


class Limiter:
    """Lets each visitor ask `per_minute` questions a minute in the long run (a token bucket)."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        """With `per_minute` 0 everyone may ask as often as they like."""
        self._rate = per_minute / 60
        self._clock = clock
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, when
        self._lock = threading.Lock()

    def allows(self, visitor: str) -> bool:
        """Counts a question of a visitor; False where it is one too many."""
        if not self._rate:
            return True
        now = self._clock()
        with self._lock:
            left, then = self._seen.pop(visitor, (float(BURST), now))
            left = min(float(BURST), left + (now - then) * self._rate)
            self._seen[visitor] = (left - 1 if left >= 1 else left, now)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return left >= 1
