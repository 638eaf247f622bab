"""Embedding what an update needs; what is done is kept even when the work is cut short."""

from collections.abc import Sequence

from index.plan import Draft, sentence_text
from index.store import Store
from index.types import Article, Encoder, Progress, Span

_BLOCK = 2048  # sentences embedded between two writes of the store


def embed(store: Store, drafts: Sequence[Draft], encoder: Encoder, progress: Progress) -> None:
    """Embeds the sentences that have no vector yet; each block is kept as soon as it is done."""
    wanted = {k for d in drafts for passage in d.vector_keys for k in passage}
    missing = store.missing_vectors(wanted)
    places: dict[bytes, tuple[Article, Span]] = {}  # a text is made where it is embedded
    for draft in drafts:
        for passage, names in zip(draft.passages, draft.vector_keys, strict=True):
            for name, sentence in zip(names, passage.sentences, strict=True):
                if name in missing:
                    places[name] = draft.article, sentence

    def length(name: bytes) -> int:
        article, sentence = places[name]
        return len(article.title) + sentence.end - sentence.start

    # Neighbours in length share a batch, so the blocks are cut from the sorted whole.
    names = sorted(missing, key=lambda name: (length(name), name))
    for at in range(0, len(names), _BLOCK):
        block = names[at : at + _BLOCK]
        vectors = encoder.encode_passages(
            [sentence_text(*places[name]) for name in block],
            lambda done, _, at=at: progress(at + done, len(names)),  # type: ignore[misc]
        )
        store.db.execute("BEGIN IMMEDIATE")
        store.add_vectors(block, vectors)
        store.db.execute("COMMIT")
        progress(at + len(block), len(names))
