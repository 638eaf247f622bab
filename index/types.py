"""The nouns of the index: what goes in, what is stored, what comes back."""

from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # (n, dim), rows of length 1
Numbers = npt.NDArray[np.int64]  # (n,) passage numbers, ascending

Logits = npt.NDArray[np.float32]  # (n,) log odds
UNREAD = -12.0  # log odds of a sentence that a cross-encoder does not reach

# What is read: a file or a folder, or as text the address of a web page or a feed.
Place = Path | str

# Called with (done, total) while long work goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Article:
    """One source text.

    `text` is kept as it was read; every offset of passages and sentences counts its characters.
    `body` is where the article proper begins: a title line, a newsroom's header or YAML front
    matter before it belongs to `text` but is never quoted. `date` is an ISO prefix, as precise
    as it is known: "2024", "2024-01" or "2024-01-15"; empty when unknown, like the other fields.
    `origin` says where it was read from: a file, and the record in it for files of many articles.
    """

    id: str
    text: str
    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""
    url: str = ""
    origin: str = ""
    body: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be cited; without any field, all.

    `since` and `until` are ISO dates, both included, empty where it is open. An article whose date
    is known to the month or the year alone passes if one of its days does; one without a date
    passes no span. `outlets` and `articles` (ids) allow any of those that they name.
    """

    since: str = ""
    until: str = ""
    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.outlets or self.articles)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was named or found but is not indexed, and why, in one line.

    `is_gone` when its server says that it does not exist any more, so that it cannot come back.
    """

    origin: str
    reason: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A slice `[start, end)` of an article's text."""

    start: int
    end: int


class Encoder(Protocol):
    """Texts to vectors of length 1; questions and passages are told apart, as E5 models need. Some
    read a question and a passage together, too."""

    @property
    def name(self) -> str:
        """What the user calls it: the setting that opens it again."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors of the same text would change."""

    @property
    def dim(self) -> int: ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> Vectors: ...

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        """(sentences,) the log odds of each sentence of a passage to answer the question, against
        that none of them does, by reading all together; UNREAD for what is beyond its reach. None
        where the model has no cross-encoder beside it, or there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice `[start, end)` of an article's text, on sentence borders: the unit of an answer.

    `id` is made from the article's id and the words, so that a link to it survives a rebuild;
    `number` is its row in this state of the index and does not.
    """

    number: int
    id: str
    article_id: str
    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the ranker reads of one passage.

    `article` is its article's id. `terms` holds the term numbers of its sentences in order, int32,
    with 0 between sentences and negative where the word is capitalised; `title` those of the
    article's title; `vectors` is (sentences, dim).
    """

    number: int
    article: str
    terms: npt.NDArray[np.int32]
    title: npt.NDArray[np.int32]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the collection: its key, how it is written there, the passages that hold it."""

    number: int
    key: str
    spelling: str
    passages: int


class Terms(Protocol):
    """What the whole collection says about words: the ranker's and the speller's statistics.

    A term is a key of `index.text` with a number above 0. Number 0 stands for an unknown term.
    """

    @property
    def passages(self) -> int:
        """How many passages there are."""

    @property
    def mean_length(self) -> float:
        """Terms in a passage on average."""

    def numbers(self, keys: Sequence[str]) -> npt.NDArray[np.int32]: ...

    def folded_numbers(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Each term to the number of its form without diacritics."""

    def values(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """The whole part of terms that are numbers, -1 for words."""

    def variants(self, folded_key: str) -> list[Term]:
        """The terms that fold to a key and stand in some passage, commonest first."""

    def variants_of(self, folded: Sequence[int]) -> dict[int, list[Term]]:
        """The same for the numbers of several folded keys; those without variants are left out."""

    def similar(self, folded_keys: Sequence[str]) -> list[npt.NDArray[np.int32]]:
        """For each key, the numbers of folded terms that one missing, extra, other or swapped
        letter makes of it; perhaps a few that are two letters away."""

    def frequency(
        self, numbers: npt.NDArray[np.int32], folded: bool = False
    ) -> npt.NDArray[np.int32]:
        """Passages that hold each term; `folded` counts terms without their diacritics."""

    def pair_frequency(
        self, first: npt.NDArray[np.int32], second: npt.NDArray[np.int32], folded: bool = False
    ) -> npt.NDArray[np.int32]:
        """Passages in which the second term follows the first inside a sentence."""

    def followers(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """How many different terms follow each term somewhere."""


class SearchIndex(Protocol):
    """All that search may ask of an index, wherever it is kept."""

    @property
    def terms(self) -> Terms: ...

    @property
    def common(self) -> Vectors:
        """What all sentences have in common (1 + n, dim): their mean, then unit directions."""

    def outlets(self) -> Sequence[str]:
        """The outlets that are known, those with the most articles first."""

    def allowed(self, filters: Filters) -> Sized | None:
        """The passages that filters leave, in the way that `lexical` and `dense` of the same index
        take them, as they take `Numbers`; None where they leave all."""

    def lexical(
        self, keys: Sequence[str], limit: int, folded: bool = False, allowed: Any = None
    ) -> list[int]:
        """Numbers of the passages that match the keys best, best first; only of the allowed."""

    def dense(self, vector: Vectors, limit: int, allowed: Any = None) -> list[int]:
        """Numbers of the passages with the sentences nearest to a vector, best first; only of the
        allowed."""

    def candidates(self, numbers: Sequence[int]) -> list[Candidate]: ...

    def dates(self, numbers: Sequence[int]) -> dict[int, str]:
        """Passage number to the date of its article, "" where it is unknown."""

    def passages(self, numbers: Sequence[int]) -> list[Passage]: ...

    def passage(self, passage_id: str) -> Passage | None: ...

    def article(self, article_id: str) -> Article | None: ...


class OpenIndex(SearchIndex, Protocol):
    """One state of an index, open for reading, wherever it is kept."""

    @property
    def state(self) -> int:
        """The number of the state."""

    @property
    def encoder_name(self) -> str: ...

    @property
    def where(self) -> str:
        """Where it is kept, as users name it."""

    def count(self, kind: str) -> int:
        """How many "articles", "passages" or "sentences" there are."""

    def meta(self, key: str) -> str:
        """A setting: the format, the encoder, its fingerprint, its dim; "" for what is none."""

    def date_span(self) -> tuple[str, str]:
        """The first and the last date of an article, empty where none is known."""

    def titles(self, longest: int) -> Sequence[str]:
        """Titles of up to `longest` characters, in the order of the articles' ids; of a large
        collection perhaps some."""

    def origins(self) -> dict[str, str]:
        """Id to origin of every article."""

    def articles(self) -> Iterator[Article]:
        """All articles, by id."""

    def passages_of(self, article_id: str) -> list[Passage]: ...

    def neighbours(self, passage: Passage) -> tuple[str, str]:
        """Ids of the passages before and after one in its article, empty where there is none."""

    def passages_with_titles(self) -> list[tuple[int, str, str]]:
        """(number, article id, title) of every passage, by number."""

    def check_whole(self) -> None:
        """Looks for damage that can be mended, when something has failed.

        Raises:
            BadIndexError: there is some.
        """

    def close(self) -> None: ...
