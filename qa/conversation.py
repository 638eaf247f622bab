"""A question that leans on those before it, completed from them.

No sentence is understood here: what the last question was about is read off its names and the
words that it shares with the title of the article that answered it, and a person off the quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from index.text import Token, fold, tokens
from qa.dates import mentions
from qa.leaning import Leaning, content, leaning
from qa.names import are_alike, names
from qa.types import Answer, Hit, Ranking

CITED_BEFORE = 2.0  # of a score, for the article that answered last: see benchmarks/LOG.md
HOME = 0.5  # of a question's own words that the article holds which answered last
TELLING = 4  # own words of a question, from which on their neighbours count
OWN_WORDS = 1.0  # the weight of a question's own words inside that article
MOST_WORDS = 12  # of what the last question was about, where neither name nor title tells
_PERSON = re.compile(
    r"(?<!\w)(?:ai|(?:người|vị|ông|bà|vua|tướng|cầu thủ|tổng thống|thủ tướng) nào)(?!\w)"
)
_NAME = re.compile(
    r"(?<!\w)(?<!năm )(?<!ngày )(?<!khi )(?<!tháng )(?<!lúc )(?<!hôm )(?:nào|gì)(?!\w)"
)
_OPENING = re.compile(r"^\W*(?:(?:thế còn|vậy còn|thế|vậy|rồi|còn|và|à|ừ)\s+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a question and its answer leave to the next question.

    `question` is what was searched; `follows` tells that it had been completed itself. `article`
    is the id of the one cited first, `title` and `quote` are its. Where nothing was found, they are
    of the nearest miss of a first question, and empty for one that followed.
    """

    question: str
    article: str = ""
    title: str = ""
    quote: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the conversation completes it; `is_sure` tells that it cannot stand alone."""

    text: str
    is_sure: bool


def exchange(answer: Answer) -> Exchange:
    """What an answer leaves to the next question."""
    follows = bool(answer.completed)
    cited = answer.citations or (() if follows else answer.near_misses)
    if not cited:
        return Exchange(answer.understood, follows=follows)
    return Exchange(answer.understood, cited[0].article_id, cited[0].title, cited[0].quote, follows)


def last_cited(before: Sequence[Exchange]) -> Exchange:
    """The last exchange with an article, of the last question and those that it followed."""
    first = len(before) - 1
    while first > 0 and before[first].follows:
        first -= 1
    return next((each for each in reversed(before[first:]) if each.article), before[-1])


def complete(question: str, before: Sequence[Exchange], article: str) -> Reading | None:
    """The question (in NFC) completed from those before it; None where it leans on none of them.

    `article` is the text of the one that was cited last: a name that it does not hold leads away
    from it.
    """
    if not before:
        return None
    own = names(question)
    lean = leaning(question, bool(own))
    leads_away = not all(name.text in article for name in own)
    if not lean.kind and own:
        lean = Leaning("open")
    if not lean.kind or (lean.kind == "open" and (leads_away or _is_strange(question, article))):
        return None
    last, told = before[-1], last_cited(before)
    if lean.kind == "slot":
        text = in_slot(_resolved(question[lean.start : lean.end], last, told), last.question)
    elif lean.kind == "person" and (person := _person(_pronoun(question, lean), last, told)):
        text = f"{question[: lean.start]}{person}{question[lean.end :]}"
    else:
        named = _asked_for(last, told) if lean.kind == "thing" else ""
        about = ", ".join(filter(None, (named, subject(last.question, told.title, article))))
        text = f"{about}: {_OPENING.sub('', question)}" if about else question
    return Reading(" ".join(text.split()), lean.kind != "open" and not leads_away)


def _is_strange(question: str, article: str) -> bool:
    """Whether an article holds less than half of the words that a question is about; or of many
    words no two neighbours, as the syllables of "lãi suất ngân hàng" stand apart in many articles.
    """
    words = [fold(word.key) for word in tokens(article)]
    held, pairs = set(words), set(pairwise(words))
    own = content(question)
    if sum(fold(word.key) in held for word in own) < HOME * len(own):
        return True
    together = {
        (fold(a.key), fold(b.key)) for a, b in pairwise(own) if question[a.end : b.start].isspace()
    }
    return len(own) >= TELLING and pairs.isdisjoint(together)


def nearer(ranking: Ranking, own: Ranking) -> Ranking:
    """A ranking that prefers the article that answered last, by what the question's own words
    find in it: they tell the passages and sentences of one article apart, while those that were
    added from the conversation draw to what was answered before.
    """
    mine = {hit.number: hit for hit in own.hits}
    inside = [hit for hit in ranking.hits if hit.number in mine]
    if not inside:
        return ranking
    both = [OWN_WORDS * mine[hit.number].score + hit.score for hit in inside]
    lift = inside[0].score + CITED_BEFORE - max(both)
    hits = [hit for hit in ranking.hits if hit.number not in mine]
    hits += [
        Hit(hit.number, score + lift, mine[hit.number].sentence)
        for hit, score in zip(inside, both, strict=True)
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.number))
    return replace(ranking, hits=tuple(hits))


def subject(question: str, title: str, article: str) -> str:
    """What a question is about: its names, as it or the article that answered it writes them, and
    the words that it shares with the title of that; else all of it that asks nothing."""
    own = content(question)
    titled = {fold(word.key) for word in content(title)}
    named = _named(question, own) or _in_small_letters(question, article)
    shared = {word for word in own if fold(word.key) in titled}
    words = [
        word
        for word in tokens(question)
        if word in shared or any(s <= word.start and word.end <= e for s, e in named)
    ]
    return " ".join(_runs(question, words if named or len(words) > 1 else own[:MOST_WORDS]))


def _named(question: str, own: Sequence[Token]) -> list[tuple[int, int]]:
    """Slices of a question that name something. Of "Thương mại Thế giới" only every other syllable
    is capitalised: single ones in a row, a small content word between them, are one name."""
    found = names(question)
    after = {word.start - 1: word.end for word in own if question[word.start].islower()}
    ends = [
        name.end if len(name.keys) > 1 or name.is_place else after.get(name.end, name.end)
        for name in found
    ]
    starts = [name.start for name in found]
    joined = {i for i in range(1, len(found)) if found[i - 1].end < ends[i - 1] == starts[i] - 1}
    joined |= {i - 1 for i in joined}
    return [
        (name.start, end if i in joined else name.end)
        for i, (name, end) in enumerate(zip(found, ends, strict=True))
    ]


def _in_small_letters(question: str, article: str) -> list[tuple[int, int]]:
    """Slices of a question that are names of several words in an article: "cầu long biên"."""
    named = {tuple(map(fold, name.keys)) for name in names(article)}
    words = tokens(question)
    written = [fold(word.key) for word in words]
    return [
        (words[start].start, words[end - 1].end)
        for start, end in combinations(range(len(words) + 1), 2)
        if end - start > 1 and tuple(written[start:end]) in named
    ]


def in_slot(new: str, last: str) -> str:
    """The last question asked of something new: in the place of what it is like."""
    last = last.rstrip(" ?!.")
    old = _like(new, last)
    if old is None:
        return f"{new}: {last}?"
    return f"{last[: old[0]]}{new}{last[old[1] :]}?"


def _like(new: str, last: str) -> tuple[int, int] | None:
    """The slice of the last question that is most like something new: a day like a day, a name
    that shares a word, a place like a place, a person like a person."""
    if mentions(new, date.today()):
        found = mentions(last, date.today())
        return (found[-1].start, found[-1].end) if found else None
    mine = {fold(word.key) for word in tokens(new)}
    olds = names(last)
    alike = [old for old in olds if mine & {fold(each) for each in old.keys}]
    for fresh in names(new)[:1]:
        alike += [o for o in olds if (o.is_place, o.is_person) == (fresh.is_place, fresh.is_person)]
    return (alike[0].start, alike[0].end) if alike else None


def _resolved(words: str, last: Exchange, told: Exchange) -> str:
    """Words with the person in the place of a pronoun: "mẹ ông ấy"."""
    lean = leaning(words, has_names=True)
    person = _person(_pronoun(words, lean), last, told) if lean.kind == "person" else ""
    return f"{words[: lean.start]}{person}{words[lean.end :]}" if person else words


def _pronoun(text: str, lean: Leaning) -> str:
    """The key of the first word that points back: "bà" of "bà ấy"."""
    return tokens(text[lean.start : lean.end])[0].key


def _person(pronoun: str, last: Exchange, told: Exchange) -> str:
    """Whom the last question asked for, or else told of, as the quote or the question has it; never
    who is called by a word for the other sex than the pronoun's."""
    asked, quoted = (
        [n for n in names(text) if n.is_person and are_alike(n.before, pronoun) is not False]
        for text in (last.question, told.quote)
    )
    if asked and not _PERSON.search(last.question.lower()):
        return asked[0].text
    known = {key for name in names(last.question) for key in name.keys}
    new = [n for n in quoted if are_alike(n.before, pronoun) or not known.issuperset(n.keys)]
    found = max(
        [*new, *asked],
        key=lambda n: (bool(are_alike(n.before, pronoun)), n.is_called),
        default=None,
    )
    return found.text if found else ""


def _asked_for(last: Exchange, told: Exchange) -> str:
    """The name that the last question asked for, where the quote has one that was not known."""
    if last is not told or not _NAME.search(last.question.lower()):
        return ""
    known = {fold(word.key) for word in tokens(last.question)}
    new = (n for n in names(told.quote) if known.isdisjoint(map(fold, n.keys)))
    return next((name.text for name in new), "")


def _runs(text: str, words: Sequence[Token]) -> list[str]:
    """Words as they stand in a text, those with only a space between them together."""
    found: list[str] = []
    end = -1
    for word in words:
        if found and text[end : word.start].strip(" -–") == "":
            found[-1] += text[end : word.end]
        else:
            found.append(text[word.start : word.end])
        end = word.end
    return found
