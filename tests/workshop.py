"""A folder of articles with an index of it, and all that search can see of an index."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.build import update_index
from index.plan import Report
from index.reader import Index
from index.text import keys
from tests.fakes import WordEncoder

RAIN, SUN, TEA = "Hà Nội mưa to.", "Huế nắng gắt.", "Chè ngon ở Thái Nguyên."


class Workshop:
    """A folder of articles and an index of it."""

    def __init__(self, folder: Path) -> None:
        self.articles, self.index = folder / "bài", folder / "index"
        self.articles.mkdir(parents=True)
        self.encoder = WordEncoder()

    def write(self, name: str, text: str, title: str = "Tin", **fields: str) -> Path:
        path = self.articles / name
        path.parent.mkdir(parents=True, exist_ok=True)
        head = "".join(f"{k}: {v}\n" for k, v in {"title": title, **fields}.items())
        path.write_text(f"---\n{head}---\n{text}\n", encoding="utf-8")
        return path

    def update(self, rebuild: bool = False, encoder: WordEncoder | None = None) -> Report:
        self.encoder = encoder or WordEncoder()
        return update_index(self.index, [self.articles], self.encoder, rebuild=rebuild)


def texts(index: Index, numbers: Sequence[int]) -> list[str]:
    found = []
    for passage in index.passages(numbers):
        article = index.article(passage.article_id)
        assert article is not None
        found.append(article.text[passage.start : passage.end])
    return found


def held(index: Index) -> list[str]:
    """Every passage's text, and that all lanes know it and nothing else."""
    numbers = [row[0] for row in index.store.all_terms()]
    assert sorted(index.dense(WordEncoder().encode_queries(["gì"]), 99)) == numbers
    words = [k for text in texts(index, numbers) for k in keys(text)]
    assert sorted(index.lexical(words, 99)) == numbers
    assert index.terms.passages == len(numbers)
    return sorted(texts(index, numbers))


def id_of(shop: Workshop, text: str) -> str:
    (found,) = [a.id for a in Index(shop.index).store.articles() if text in a.text]
    return found


def paragraph(word: str) -> str:
    return f"Câu này nói về {word} " + "và nói nữa " * 30 + "mãi."


def answers(folder: Path) -> list[object]:
    """All that search can see of an index, free of its passage numbers."""
    index = Index(folder)
    found: list[object] = [
        (a.id, a.text, [(p.id, p.start, p.end, p.sentences) for p in index.store.passages_of(a.id)])
        for a in index.store.articles()
    ]
    for question in ("Hà Nội mưa", "chè", "thoi tiet nang", "tin"):
        for folded in (False, True):
            found.append(texts(index, index.lexical(keys(question), 50, folded)))
        query = WordEncoder().encode_queries([question])
        nearest = index.candidates(index.dense(query, 50))
        scores = [float((c.vectors @ query[0]).max()) for c in nearest]
        assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-6)
        known = texts(index, [c.number for c in nearest])
        found.append(sorted((round(s, 5), text) for s, text in zip(scores, known, strict=True)))
    terms = index.terms
    numbers = terms.numbers(keys(f"{RAIN} {SUN} {TEA} tin thời tiết"))
    for folded in (False, True):
        found.append(terms.frequency(numbers, folded).tolist())
        found.append(terms.pair_frequency(numbers[:-1], numbers[1:], folded).tolist())
    used = index.store.db.execute("SELECT count(DISTINCT vector) FROM sentences").fetchone()[0]
    found += [terms.passages, terms.mean_length, used, index.common.tolist()]
    index.close()
    return found
