"""How a job stands, as HTML."""

from qa.jobs import Job, Line
from qa.markup import number, text
from qa.wording import Phrases

_SHOWN = 100  # characters of a place, from its end
_OPEN = 12  # lines of a log that is shown unfolded


def job(found: Job | None, now: float, say: Phrases) -> str:
    """The bar, the words, the log; nothing where nothing was ever run."""
    if found is None:
        return ""
    words = say.jobs
    name = f"{words.kinds[found.kind]}: {words.states[found.state]}"
    if found.state == "running":
        return (
            f'<section class="hb-job" data-state="running"><p><b>{text(name)}</b></p>'
            f"{_bar(found, now, say)}{_log(found, say)}</section>"
        )
    took = words.took.format(time=lasting(found.ended - found.began, say))
    return (
        f'<section class="hb-job" data-state="{found.state}" data-number="{found.number}">'
        f"<p><b>{text(name)}</b> · {text(took)}</p>{_log(found, say)}</section>"
    )


def lasting(seconds: float, say: Phrases) -> str:
    """A length of time, as precisely as anyone wants to know it."""
    words = say.jobs
    if seconds < 90:
        return words.second.format(count=max(1, round(seconds)))
    if seconds < 90 * 60:
        return words.minute.format(count=round(seconds / 60))
    return words.hour.format(count=number(round(seconds / 3600), say))


def line(found: Line, say: Phrases) -> str:
    """A line of the log, as text."""
    pattern = say.jobs.lines.get(found.what)
    if pattern is None:
        return found.what
    return pattern.format_map(
        {
            name: number(value, say) if isinstance(value, int) else _short(name, str(value))
            for name, value in found.fields.items()
        }
    )


def _bar(found: Job, now: float, say: Phrases) -> str:
    words = say.jobs
    name, _, of = found.stage.partition(" ")
    stage = words.stages.get(found.stage) or words.stages.get(name, found.stage)
    if name == "asking":
        stage = f"{stage} ({of})"
    elif found.stage.startswith("embedding passages"):
        stage = words.stages["embedding passages"]
    parts = [stage]
    known = f' value="{found.done}" max="{found.total}"' if found.total else ""
    if found.total:
        parts.append(f"{number(found.done, say)}/{number(found.total, say)}")
    elif found.done:
        parts.append(number(found.done, say))
    if (left := found.left(now)) is not None and left >= 1:
        parts.append(words.left.format(time=lasting(left, say)))
    return (
        f'<progress class="hb-progress" aria-label="{text(stage)}"{known}></progress>'
        f'<p class="hb-stage">{text(" · ".join(parts))}</p>'
    )


def _log(found: Job, say: Phrases) -> str:
    if not found.lines:
        return ""
    items = "".join(f"<li>{text(line(each, say))}</li>" for each in found.lines)
    if found.more:
        items += f"<li>{text(say.jobs.more_lines.format(count=number(found.more, say)))}</li>"
    count = len(found.lines) + found.more
    is_open = " open" if count <= _OPEN else ""
    summary = say.jobs.log.format(count=number(count, say))
    return (
        f"<details{is_open}><summary>{text(summary)}</summary>"
        f'<ol class="hb-log">{items}</ol></details>'
    )


def _short(name: str, value: str) -> str:
    return value if name == "why" or len(value) <= _SHOWN else "…" + value[1 - _SHOWN :]
