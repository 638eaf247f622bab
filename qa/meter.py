"""What the server counts and logs of its answers: never a question's words unless asked to."""

import json
import logging
import threading
from collections import Counter, deque

from qa.types import Answer

log = logging.getLogger("hoibao.answers")

_TIMES_KEPT = 1000  # latencies of the latest answers, for the percentiles


class Meter:
    """Counts answers. Threads may share it."""

    def __init__(self, log_questions: bool = False) -> None:
        self._log_questions = log_questions
        self._counts: Counter[str] = Counter()
        self._times: deque[float] = deque(maxlen=_TIMES_KEPT)
        self._lock = threading.Lock()

    def answered(self, answer: Answer, state: int) -> None:
        with self._lock:
            self._counts["answered"] += 1
            self._counts["not_found"] += not answer.found
            self._times.append(answer.took_ms)
        line: dict[str, object] = {
            "event": "answered",
            "found": answer.found,
            "citations": len(answer.citations),
            "ms": answer.took_ms,
            "state": state,
        }
        if self._log_questions:
            line["question"] = answer.question
        log.info(json.dumps(line, ensure_ascii=False))

    def count(self, event: str) -> None:
        """Counts what is no answer: `errors`, `refused`, `too_slow`, `thumbs`."""
        with self._lock:
            self._counts[event] += 1

    def figures(self) -> dict[str, float]:
        """All counts since the start, and the latencies of the latest answers in ms."""
        with self._lock:
            times = sorted(self._times)
            counts = dict(self._counts)
        names = ("answered", "not_found", "errors", "refused", "too_slow", "thumbs")
        figures: dict[str, float] = {name: counts.get(name, 0) for name in names}
        if times:
            figures["ms_p50"] = times[len(times) // 2]
            figures["ms_p95"] = times[len(times) * 95 // 100]
        return figures
