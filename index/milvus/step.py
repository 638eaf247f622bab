"""The step from one state of an index in Milvus to the next.

The rows of the new state are written beside those that readers see, and counted; then the alias of
the index is moved to it. A process killed at any moment leaves rows that no state shows. The next
update takes them away, and takes over what was embedded.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import numpy as np

from index.build import Stages
from index.embedding import embed
from index.milvus import states
from index.milvus.bm25 import length_of
from index.milvus.files import files_of, words_folder
from index.milvus.gone import Gone, is_too_long, spans
from index.milvus.packs import Pack
from index.milvus.publish import publish
from index.milvus.rows import Head, article_rows, head_of
from index.milvus.scratch import Scratch
from index.milvus.states import FORMAT, Facts, StateName
from index.milvus.tables import make_pieces, make_tables
from index.milvus.words import Moments, write_words
from index.milvus.writer import Held, Writer, still_gone
from index.plan import Draft, Report, draft_of
from index.types import Article, Encoder, Place, Progress

_DRIFT = 0.1  # share by which the mean length may change until all weights are made anew
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
        if step.must_start_over(gone, come):
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
    found.length = sum(length_of(np.abs(np.frombuffer(t, np.int32))) for t in scratch.terms())
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
            newest.generation
            if newest and not is_new
            else states.next_generation(writer.connection),
        )
        touched = [*change.report.removed, *(draft.article.id for draft in change.drafts)]
        self.gone = [] if is_new else [self.heads[i] for i in touched if i in self.heads]
        self.gone_articles: Gone = []
        self.gone_passages: Gone = []
        if self.before:
            state, before = self.name.state, self.before
            self.gone_articles = still_gone(before.gone_articles, before.state) + spans(
                state, (head.number for head in self.gone)
            )
            numbers = (n for h in self.gone for n in range(h.first, h.first + h.passages))
            self.gone_passages = still_gone(before.gone_passages, before.state) + spans(
                state, numbers
            )

    def take_over(self, moments: Moments) -> _Sums:
        """Files the vectors that articles have already; takes the passages that go out of the
        moments, and sums them up."""
        writer, gone = self.writer, _Sums()
        if writer.newest is None or writer.facts is None:
            return gone
        wanted = {k for d in self.change.drafts for keys in d.vector_keys for k in keys}
        if self.before is None and writer.facts.fingerprint != self.settings["fingerprint"]:
            return gone
        heads = self.gone if self.before else self.heads.values()
        is_whole = self.before is not None
        for pack in writer.packs(writer.newest.tables, heads, is_whole):
            self.scratch.file_vectors(pack, wanted)
            if self.before:
                gone.passages += 1
                gone.sentences += len(pack.keys)
                gone.length += length_of(np.abs(pack.terms))
                gone.terms.append(pack.terms.tobytes())
                moments.add(pack.vectors, -1)
        if missing := self.scratch.store.missing_vectors(wanted):  # after a step back
            ids = [draft.article.id for draft in self.change.drafts]
            for pack in writer.earlier_packs(ids, self.settings["fingerprint"], heads):
                self.scratch.file_vectors(pack, missing)
        return gone

    def must_start_over(self, gone: _Sums, come: _Sums) -> bool:
        """Whether the weights of passages are too far from those of today's mean length, or too
        many rows would be there that are gone."""
        if self.before is None:
            return False
        if is_too_long(self.gone_articles) or is_too_long(self.gone_passages):
            return True
        if self.writer.connection.address.is_dense:
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
        touched = {head.id for head in self.gone}
        for article_id in sorted(self.heads.keys() - touched):
            if article := self.held.article(article_id):
                yield draft_of(article, self.settings["fingerprint"])

    def write(self, gone: _Sums, come: _Sums, moments: Moments, progress: Progress) -> None:
        """Writes the rows of the new state, and makes it the newest."""
        writer, connection, name = self.writer, self.writer.connection, self.name
        make_pieces(connection, name.collection, writer.can)  # it also says that this was begun
        if self.before is None:
            make_tables(connection, name.tables, int(self.settings["dim"]), writer.can)
        facts = self._facts(gone, come)
        words = words_folder(connection.address, facts.id)
        self.scratch.write_words(words)
        known = words_folder(connection.address, self.before.id) if self.before else None
        write_words(words, known, self.scratch.store, gone.terms, self.scratch.terms())
        lanes = writer.lanes(words, facts.mean)
        connection.upsert(
            name.tables.articles,
            (row for a, head in self._come() for row in article_rows(a, head, name.state)),
        )

        def packs() -> Iterator[Pack]:
            for done, pack in enumerate(self.scratch.packs(self.first_passage)):
                moments.add(pack.vectors)
                progress(done, come.passages)
                yield pack

        writer.write_passages(name.tables, packs(), name.state, lanes)
        moments.save(words)
        publish(writer, name, facts, words)
        progress(come.passages, come.passages)

    def _facts(self, gone: _Sums, come: _Sums) -> Facts:
        length, passages = self._totals(gone, come)
        before = self.before
        left = dict(self.heads) if before else {}
        for head in self.gone:
            left.pop(head.id)
        come_heads = {head.id: head for _, head in self._come()}
        left |= come_heads
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
            next_article=self.first_article + len(come_heads),
            next_passage=self.first_passage + come.passages,
            gone_articles=self.gone_articles,
            gone_passages=self.gone_passages,
            articles=len(heads),
            passages=passages,
            sentences=(before.sentences if before else 0) - gone.sentences + come.sentences,
            outlets=_outlets(heads),
            first_date=min(dates, default=""),
            last_date=max(dates, default=""),
            titles=_titles(heads),
            updates=self.writer.updates(
                state, self.change.command, self.change.paths, self.change.report, len(heads)
            ),
        )

    @property
    def first_article(self) -> int:
        return self.before.next_article if self.before else 1

    @property
    def first_passage(self) -> int:
        return self.before.next_passage if self.before else 1

    def _come(self) -> Iterator[tuple[Article, Head]]:
        """The articles that come, numbered."""
        for number, (article, first, count) in enumerate(
            self.scratch.articles(), self.first_article
        ):
            yield article, head_of(article, number, self.first_passage + first - 1, count)


def _outlets(heads: Sequence[Head]) -> list[str]:
    counts = Counter(head.source for head in heads if head.source)
    return sorted(counts, key=lambda outlet: (-counts[outlet], outlet))


def _titles(heads: Sequence[Head]) -> list[str]:
    """Some titles, from articles far apart in the order of their ids."""
    short = [head.title for head in heads if 0 < len(head.title) <= _LONGEST_TITLE]
    return short[:: max(1, len(short) // _TITLES)]
