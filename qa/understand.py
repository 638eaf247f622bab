"""A question as typed to a query: what is searched, and how sure we are of every word."""

from index.text import keys
from index.types import Terms
from qa.types import Query


def understand(question: str, terms: Terms) -> Query:
    text = " ".join(question.split())
    found = tuple(keys(text))
    return Query(question, text, found, (False,) * len(found))
