"""Going back to an earlier state of an index in Milvus: a new state that shows the rows of then.

No row is written. The rows that an update takes out of sight are deleted when no state shows them
any more that readers may have open; until then the new state needs but leave out what has come.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from index.build import no_such_state
from index.errors import BadIndexError
from index.lock import Waiting
from index.milvus import states
from index.milvus.address import MilvusAddress
from index.milvus.connection import DamagedError
from index.milvus.files import words_folder
from index.milvus.gone import Gone
from index.milvus.publish import publish
from index.milvus.states import Facts, StateName
from index.milvus.tables import make_pieces
from index.milvus.writer import Held, writing
from index.plan import Report


def roll_back(
    address: MilvusAddress, state: int | None = None, waiting: Waiting | None = None
) -> tuple[int, Report]:
    """As `index.build.roll_back`, of an index in Milvus."""
    with writing(address, waiting) as writer:
        connection, now, facts = writer.connection, writer.newest, writer.facts
        if now is None or facts is None:
            raise states.no_index(address)
        writer.clear()
        earlier = {name.state: name for name in states.earlier(connection, now)}
        target = state if state is not None else next(iter(earlier), 0)
        if target not in earlier:
            raise no_such_state(state, address)
        then = earlier[target]
        with _damage_named(address, target):
            states.check_tables(connection, then)
            connection.load(*then.tables.all)
            facts_then = states.read_facts(connection, then)
            words = words_folder(address, facts_then.id)
            states.fetch_words(connection, then, words)
            held_then = Held(connection, then, facts_then)
            same = (name for name in (now, *earlier.values()) if name.generation == then.generation)
            last = states.read_facts(connection, next(same))
        report = _difference(held_then, Held(connection, now, facts))
        name = StateName(now.index, now.state + 1, then.generation)
        command = f"index rollback {target}"
        made = replace(
            _shown_again(facts_then, name.state, last),
            updates=writer.updates(name.state, command, (), report, facts_then.articles),
        )
        make_pieces(connection, name.collection, writer.can)
        publish(writer, name, made, words)
        return target, writer.counted(report)


@contextmanager
def _damage_named(address: MilvusAddress, state: int) -> Iterator[None]:
    """Damage to an earlier state: what mends the newest one does not mend it."""
    try:
        yield
    except DamagedError as error:
        raise BadIndexError(
            f"what state {state} of {address} needs is damaged; go back to another state:"
            f" qa index history --index {address}"
        ) from error


def _shown_again(then: Facts, state: int, last: Facts) -> Facts:
    """The facts of a new state that shows what an earlier one showed. What was added to its
    generation since then is left out: up to the numbers of the `last` state of it, as each takes
    over those of the one before. All that is left out counts as left out from now on, as the states
    in between may have shown it."""
    return replace(
        then,
        state=state,
        next_article=last.next_article,
        next_passage=last.next_passage,
        gone_articles=_from_now(then.gone_articles, state, then.next_article, last.next_article),
        gone_passages=_from_now(then.gone_passages, state, then.next_passage, last.next_passage),
    )


def _from_now(gone: Gone, state: int, first: int, after: int) -> Gone:
    """What was gone, and the numbers from `first` to before `after`, gone in a state."""
    come = [[state, first, after - 1]] if first < after else []
    return [[state, *ends] for _, *ends in gone] + come


def _difference(then: Held, now: Held) -> Report:
    """What makes the articles of now those of then."""
    was, is_ = then.digests(), now.digests()
    return Report(
        added=sorted(was.keys() - is_.keys()),
        changed=sorted(i for i in was.keys() & is_.keys() if was[i][0] != is_[i][0]),
        removed=sorted(is_.keys() - was.keys()),
    )
