"""What the empty page says of an index, and the questions it offers."""

from pathlib import Path

from index.build import update_index
from index.reader import Index
from qa.collection import EXAMPLES, SAMPLE_QUESTIONS, describe
from tests.fakes import WordEncoder

ARTICLE = "---\ntitle: {title}\nsource: {source}\ndate: {date}\n---\nMột câu về {title}.\n"


def index_of(folder: Path, articles: list[tuple[str, str, str]]) -> Index:
    """An index of articles given as (title, source, date)."""
    (folder / "articles").mkdir()
    for number, (title, source, date) in enumerate(articles):
        text = ARTICLE.format(title=title, source=source, date=date)
        (folder / "articles" / f"{number}.md").write_text(text, encoding="utf-8")
    update_index(folder / "index", [folder / "articles"], WordEncoder())
    return Index(folder / "index")


def test_outlets_come_with_the_most_articles_first_and_dates_span(tmp_path: Path) -> None:
    held = describe(
        index_of(
            tmp_path,
            [("Một", "Báo A", "2024-02"), ("Hai", "Báo B", "2023"), ("Ba", "Báo B", "2025-01-03")],
        )
    )
    assert (held.articles, held.outlets, held.outlet_count) == (3, ("Báo B", "Báo A"), 2)
    assert (held.first, held.last) == ("2023", "2025-01-03")


def test_titles_serve_as_examples_where_the_sample_is_not_indexed(tmp_path: Path) -> None:
    titles = [f"Chuyện số {n}" for n in range(40)]
    held = describe(index_of(tmp_path, [(title, "Báo A", "2024") for title in titles]))
    assert len(held.examples) == EXAMPLES
    assert set(held.examples) <= set(titles)


def test_questions_of_the_sample_serve_where_it_is_indexed(tmp_path: Path) -> None:
    update_index(tmp_path, [SAMPLE_QUESTIONS.parent / "articles"], WordEncoder())
    held = describe(Index(tmp_path))
    questions = SAMPLE_QUESTIONS.read_text(encoding="utf-8")
    assert len(held.examples) == EXAMPLES
    assert all(f'"question": "{example}"' in questions for example in held.examples)
    assert any(example.isascii() for example in held.examples), "one is typed without diacritics"
