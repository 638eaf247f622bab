"""The step from one state of an index in Milvus to the next.

The rows of the new state are written beside those that readers see, and counted; then the alias of
the index is moved to it. A process killed at any moment leaves rows that no state shows. The next
update takes them away, and takes over what was embedded.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from uuid import uuid4

import numpy as np

from index.build import Stages
from index.embedding import embed
from index.errors import BadIndexError
from index.history import Update, named_places, now
from index.milvus import states
from index.milvus.bm25 import length_of
from index.milvus.connection import blocks, literal, plain
from index.milvus.files import drop_old_words, files_of, words_folder
from index.milvus.packs import Pack
from index.milvus.rows import Head, Lifetime, article_rows, head_of
from index.milvus.scratch import Scratch
from index.milvus.states import FORMAT, Facts, StateName
from index.milvus.tables import make_pieces, make_tables, visible
from index.milvus.words import Moments, write_words
from index.milvus.writer import Held, Writer
from index.plan import Draft, Report, draft_of
from index.types import Encoder, Place, Progress

_NAMED = 300  # articles in one filter
_GRACE = 5.0  # seconds that a server's bounded reads may lag behind its newest rows
_DRIFT = 0.1  # share by which the mean length may change until all weights are made anew
_UPDATES = 100  # that a state tells of
_TITLES = 60  # for the examples of the chat
_LONGEST_TITLE = 100  # characters


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does: articles that the `report` calls removed go, the `drafts` come in place
    of those of the same ids. A rebuild has a draft of every article that there will be.
    """

    command: str
    paths: Sequence[Place]
    report: Report
    drafts: Sequence[Draft] = ()
    is_rebuild: bool = False


@dataclass(slots=True)
class _Sums:
    """Of some passages: how many, their sentences, their lengths, their packed terms."""

    passages: int = 0
    sentences: int = 0
    length: int = 0
    terms: list[bytes] = field(default_factory=list)


def next_state(
    writer: Writer,
    held: Held | None,
    change: Change,
    settings: dict[str, str],
    encoder: Encoder | None,
    begin: Stages,
) -> None:
    """Makes the next state, as `index.commit.next_state` does in a folder. Without an encoder
    where there is nothing to embed.
    """
    # A rebuild makes a new generation of collections, and takes over nothing but vectors.
    is_new = change.is_rebuild or writer.newest is None
    words = None if is_new else writer.words()
    scratch = Scratch(files_of(writer.connection.address), settings, words)
    try:
        step = _Step(writer, held, change, settings, scratch, is_new)
        moments = words.moments if words else Moments.none(int(settings["dim"]))
        gone = step.take_over(moments)
        if encoder:
            embed(scratch.store, change.drafts, encoder, begin("embedding"))
        scratch.write(change.drafts)
        come = _sums(scratch)
        if step.has_drifted(gone, come):
            drafts = [*change.drafts, *step.untouched()]
            again = Change(change.command, change.paths, change.report, drafts, True)
            scratch.close()
            next_state(writer, held, again, settings, encoder, begin)
            return
        step.write(gone, come, moments, begin("writing"))
        scratch.remove()
    finally:
        scratch.close()
        if words:
            words.close()


def _sums(scratch: Scratch) -> _Sums:
    found = _Sums(scratch.store.count("passages"), scratch.store.count("sentences"))
    found.length = sum(length_of(np.frombuffer(t, dtype=np.int32)) for t in scratch.terms())
    return found


class _Step:
    def __init__(
        self,
        writer: Writer,
        held: Held | None,
        change: Change,
        settings: dict[str, str],
        scratch: Scratch,
        is_new: bool,
    ) -> None:
        self.writer = writer
        self.change = change
        self.settings = settings
        self.scratch = scratch
        self.heads = {} if held is None else held.heads
        self.held = held
        self.before = None if is_new else writer.facts
        newest = writer.newest
        self.name = StateName(
            writer.connection.address.name,
            newest.state + 1 if newest else 1,
            (newest.generation if newest else 0) + (1 if is_new else 0),
        )
        touched = [*change.report.removed, *(draft.article.id for draft in change.drafts)]
        self.gone = [] if is_new else [i for i in touched if i in self.heads]

    def take_over(self, moments: Moments) -> _Sums:
        """Files the vectors that articles have already; takes the passages that go out of the
        moments, and sums them up."""
        writer, gone = self.writer, _Sums()
        if writer.newest is None or writer.facts is None:
            return gone
        wanted = {k for d in self.change.drafts for keys in d.vector_keys for k in keys}
        if self.before is None and writer.facts.fingerprint != self.settings["fingerprint"]:
            return gone
        seen = visible(writer.newest.state)
        filters = [seen] if self.before is None else self._named(seen)
        for where in filters:
            for pack, _ in writer.packs(writer.newest.tables, where):
                self.scratch.file_vectors(pack, wanted)
                if self.before:
                    gone.passages += 1
                    gone.sentences += len(pack.keys)
                    gone.length += length_of(pack.terms)
                    gone.terms.append(pack.terms.tobytes())
                    moments.add(pack.vectors, -1)
        return gone

    def _named(self, seen: str) -> list[str]:
        """Filters for the articles that go."""
        return [
            f"article in {literal([plain(i) for i in some])} and {seen}"
            for some in blocks(self.gone, _NAMED)
        ]

    def has_drifted(self, gone: _Sums, come: _Sums) -> bool:
        """Whether the weights of passages are too far from those of today's mean length."""
        if self.before is None or self.writer.connection.address.is_dense:
            return False
        length, passages = self._totals(gone, come)
        return abs(length / max(passages, 1) - self.before.mean) > _DRIFT * self.before.mean

    def _totals(self, gone: _Sums, come: _Sums) -> tuple[int, int]:
        length = (self.before.length if self.before else 0) - gone.length + come.length
        passages = (self.before.passages if self.before else 0) - gone.passages + come.passages
        return length, passages

    def untouched(self) -> Iterator[Draft]:
        """Drafts of the articles that the change leaves as they are."""
        assert self.held is not None
        for article_id in sorted(self.heads.keys() - set(self.gone)):
            if article := self.held.article(article_id):
                yield draft_of(article, self.settings["fingerprint"])

    def write(self, gone: _Sums, come: _Sums, moments: Moments, progress: Progress) -> None:
        """Writes the rows of the new state, and makes it the newest."""
        writer, connection, name = self.writer, self.writer.connection, self.name
        make_pieces(connection, name.collection, writer.can)  # it also says that this was begun
        if self.before is None:
            make_tables(connection, name.tables, int(self.settings["dim"]), writer.can)
        facts = self._facts(gone, come)
        words = words_folder(facts.id)
        self.scratch.write_words(words)
        known = words_folder(self.before.id) if self.before else None
        write_words(words, known, self.scratch.store, gone.terms, self.scratch.terms())
        lanes = writer.lanes(words, facts.mean)
        life = Lifetime(name.state)
        connection.upsert(
            name.tables.articles,
            (
                row
                for article, passages in self.scratch.articles()
                for row in article_rows(article, head_of(article, passages), life)
            ),
        )

        def packs() -> Iterator[Pack]:
            first = self.before.next_passage if self.before else 1
            for done, pack in enumerate(self.scratch.packs(first)):
                moments.add(pack.vectors)
                progress(done, come.passages)
                yield pack

        writer.write_passages(name.tables, packs(), life, lanes)
        if writer.newest:
            for where in self._named(visible(writer.newest.state)):
                writer.set_removed(name.tables, where, name.state, lanes)
        moments.save(words)
        states.write_state(connection, name, facts, words)
        for table in name.tables.all:
            connection.flush(table)
        written = time.monotonic()
        self._check(facts)
        if not (writer.can.is_lite or connection.address.is_file):
            time.sleep(max(0.0, written + _GRACE - time.monotonic()))
        if states.newest(connection, writer.can) != writer.newest:
            raise BadIndexError(
                f"another process has changed {connection.address} meanwhile; what it holds now"
                " stays: run the same command again"
            )
        states.switch(connection, writer.can, name)
        progress(come.passages, come.passages)
        writer.newest, writer.facts = name, facts
        writer.purge()
        drop_old_words(words)

    def _check(self, facts: Facts) -> None:
        """Counts what readers of the new state will see."""
        tables, seen = self.name.tables, visible(facts.state)
        for table, where, wanted in (
            (tables.articles, f"{seen} and piece == 0", facts.articles),
            (tables.passages, seen, facts.passages),
            (tables.sentences, seen, facts.sentences),
        ):
            found = self.writer.connection.count(table, where, is_strong=True)
            if found != wanted:
                raise BadIndexError(
                    f"{table} at {self.writer.connection.address.server} has {found} rows of the"
                    f" new state, {wanted} were written; the state before stays: run the same"
                    " command again"
                )

    def _facts(self, gone: _Sums, come: _Sums) -> Facts:
        length, passages = self._totals(gone, come)
        before = self.before
        left = {} if before is None else {i: self.heads[i] for i in self.heads}
        for article_id in self.gone:
            left.pop(article_id, None)
        for article, count in self.scratch.articles():
            left[article.id] = head_of(article, count)
        heads = [left[i] for i in sorted(left)]
        dates = [head.date for head in heads if head.date]
        state = self.name.state
        return Facts(
            id=uuid4().hex,
            state=state,
            generation=self.name.generation,
            format=FORMAT,
            encoder=self.settings["encoder"],
            fingerprint=self.settings["fingerprint"],
            dim=int(self.settings["dim"]),
            mean=before.mean if before else length / max(passages, 1),
            length=length,
            next_passage=(before.next_passage if before else 1) + come.passages,
            articles=len(heads),
            passages=passages,
            sentences=(before.sentences if before else 0) - gone.sentences + come.sentences,
            outlets=_outlets(heads),
            first_date=min(dates, default=""),
            last_date=max(dates, default=""),
            titles=_titles(heads),
            updates=[asdict(self._update(len(heads))), *self._earlier()][:_UPDATES],
        )

    def _update(self, articles: int) -> Update:
        change, report = self.change, self.change.report
        return Update(
            self.name.state,
            now(),
            change.command,
            named_places(change.paths),
            len(report.added),
            len(report.changed),
            len(report.removed),
            articles,
            is_kept=False,
        )

    def _earlier(self) -> list[dict[str, object]]:
        return self.writer.facts.updates if self.writer.facts else []


def _outlets(heads: Sequence[Head]) -> list[str]:
    counts = Counter(head.source for head in heads if head.source)
    return sorted(counts, key=lambda outlet: (-counts[outlet], outlet))


def _titles(heads: Sequence[Head]) -> list[str]:
    """Some titles, from articles far apart in the order of their ids."""
    short = [head.title for head in heads if 0 < len(head.title) <= _LONGEST_TITLE]
    return short[:: max(1, len(short) // _TITLES)]
