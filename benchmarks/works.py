"""The kinds of work on an index that `benchmarks/faults.py` kills: from what state, doing what."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from index.build import roll_back, update_index
from index.derived import DERIVED
from index.errors import BadIndexError
from index.verify import verify_index
from tests.fakes import WordEncoder
from tests.workshop import RAIN, SUN, TEA, Workshop, answers


def write(shop: Workshop, new: bool) -> None:
    shop.write("a.md", "Hà Nội tạnh. Đường khô." if new else RAIN)
    shop.write("c/d.md", TEA)
    if new:
        (shop.articles / "b.md").unlink(missing_ok=True)
        shop.write("e.md", f"Vinh có gió Lào. {SUN}", title="Thời tiết")
    else:
        shop.write("b.md", SUN)


def build(shop: Workshop) -> None:
    write(shop, new=False)


def change(shop: Workshop) -> None:
    write(shop, new=False)
    shop.update()
    write(shop, new=True)


def both(shop: Workshop) -> None:
    change(shop)
    shop.update()


def older_format(shop: Workshop) -> None:
    change(shop)
    with sqlite3.connect(shop.index / "index.sqlite") as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'format'")


def damage(shop: Workshop) -> None:
    write(shop, new=False)
    shop.update()
    next((shop.index / DERIVED / "1").rglob("*.npy")).unlink()


def update(shop: Workshop) -> None:
    update_index(shop.index, [shop.articles], WordEncoder())


def rebuild(shop: Workshop) -> None:
    update_index(shop.index, [shop.articles], WordEncoder(), rebuild=True)


def back(shop: Workshop) -> None:
    roll_back(shop.index, 1)


def verify(shop: Workshop) -> None:
    verify_index(shop.index)


@dataclass(frozen=True, slots=True)
class Work:
    """What is killed: from what `prepare` leaves, `run` makes the new state."""

    name: str
    prepare: Callable[[Workshop], None]
    run: Callable[[Workshop], None]


WORKS = [
    Work("build", build, update),
    Work("update", change, update),
    Work("rebuild", change, rebuild),
    Work("rebuild of another format", older_format, rebuild),
    Work("rollback", both, back),
    Work("verify", damage, verify),
]


def view(shop: Workshop) -> object:
    """All that search sees; None while there is no index that can be opened."""
    try:
        return answers(shop.index)
    except BadIndexError:
        return None
