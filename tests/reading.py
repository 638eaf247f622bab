"""Reads one thing and says what came of it: an article, or why it is left out."""

from pathlib import Path

from index.articles import read_articles
from index.types import Article, LeftOut, Place


def article(place: Place) -> Article:
    (item,) = read_articles([place])
    assert isinstance(item, Article), item
    return item


def reason(place: Place) -> str:
    (item,) = read_articles([place])
    assert isinstance(item, LeftOut), item
    origin = place.resolve().as_posix() if isinstance(place, Path) else place
    assert item.origin == origin and "\n" not in item.reason
    return item.reason
