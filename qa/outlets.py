"""The outlets that a question names: "theo Ngày Nay", "báo Nhân Dân viết gì", "VnExpress đưa tin".

A name counts only beside a word that makes it an outlet: "ngày nay" is no newspaper by itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.text import Token, fold, key, keys, tokens

_LONGEST = 8  # words of a name
_FEWEST = 3  # words of a name that is also called by their first letters

# A word for an outlet makes one of what follows, however that is written; the other cues only of
# what is written as a name.
_NOUNS = (
    "báo điện tử|báo|nhật báo|tuần báo|tạp chí|tờ|trang tin|trang|kênh|đài|hãng tin|hãng thông tấn"
)
_LEADS = "theo|theo nguồn|theo tin từ|trên|dẫn|dẫn lời|dẫn nguồn|dẫn tin|trích|đăng trên"
_FOLLOWS = "đưa tin|viết|đăng|đăng tải|có bài|phỏng vấn|nói gì"
_NO_OUTLETS = frozenset(keys("thông cảnh dự khai tình tố cấp"))  # before "báo": "thông báo"
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_SUFFIXES = frozenset(["com", "net", "org", "gov", "edu", "info", "vn"])


@dataclass(frozen=True, slots=True)
class Named:
    """A slice `[start, end)` of a question, cue and name, and the outlets that are so called."""

    start: int
    end: int
    outlets: tuple[str, ...]


class OutletNames:
    """What the outlets of a collection are called."""

    def __init__(self, outlets: Iterable[str]) -> None:
        self._called: dict[str, list[tuple[str, list[str]]]] = {}  # letters: outlet, its keys
        for outlet in outlets:
            for name in _names(outlet):
                letters = {_joined(name), *([_initials(name)] if len(name) >= _FEWEST else ())}
                for form in letters:
                    self._called.setdefault(form, []).append((outlet, name))

    def called(self, name: str) -> list[str]:
        """The outlets that a name alone stands for."""
        known = self._called.get(_joined(keys(name)), ())
        return [outlet for outlet, spelled in known if _is_spelled_so(keys(name), spelled)]

    def find(self, question: str) -> list[Named]:
        """The outlets that a question (in NFC) names, in its order."""
        words = tokens(question) if self._called else []
        found: list[Named] = []
        at = 0
        while at < len(words):
            ends = range(min(len(words), at + _LONGEST), at, -1)
            named = next(filter(None, (self._named(question, words, at, e) for e in ends)), None)
            if named:
                found.append(named)
                at = next((i for i, w in enumerate(words) if w.start >= named.end), len(words))
            else:
                at += 1
        return found

    def _named(self, question: str, words: Sequence[Token], at: int, end: int) -> Named | None:
        """The outlets that the words `[at, end)` name, with their cue."""
        name = [word.key for word in words[at:end]]
        called = [
            outlet
            for outlet, known in self._called.get(_joined(name), ())
            if _is_spelled_so(name, known)
        ]
        is_capital = question[words[at].start].isupper()
        if not called and is_capital and len(name) >= _FEWEST:  # "Công an Nhân dân" is cand.com.vn
            short = self._called.get(_initials(name), ())
            called = [outlet for outlet, known in short if len(known) == 1]
        start = _cue_start(question, words, at, end) if called else None
        if start is None:
            return None
        return Named(start, words[end - 1].end, tuple(dict.fromkeys(called)))


def _names(outlet: str) -> list[list[str]]:
    """The keys of an outlet's name, with and without the word that says what it is."""
    if _DOMAIN.fullmatch(address := outlet.strip().lower()):
        labels = [label for label in address.split(".")[:-1] if label not in _SUFFIXES]
        return [[key(labels[-1].replace("-", ""))]] if labels else []
    name = keys(outlet)
    kind = max((len(noun) for noun in _phrases(_NOUNS) if name[: len(noun)] == noun), default=0)
    return [name, name[kind:]] if 0 < kind < len(name) else [name] if name else []


def _joined(name: Sequence[str]) -> str:
    return "".join(map(fold, name))


def _initials(name: Sequence[str]) -> str:
    return "".join(fold(word)[0] for word in name)


def _is_spelled_so(name: Sequence[str], known: Sequence[str]) -> bool:
    """Whether words have no other diacritics than a known name of as many words."""
    if len(name) != len(known):  # a domain, or first letters
        return True
    return all(a in (b, fold(b)) or b == fold(b) for a, b in zip(name, known, strict=True))


def _cue_start(question: str, words: Sequence[Token], at: int, end: int) -> int | None:
    """Where the cue and the name begin; None where no cue makes the words a name."""
    before = [word.key for word in words[max(0, at - 6) : at]]
    noun = _ending(before, _NOUNS)
    if noun and not _NO_OUTLETS.intersection(before[-noun - 1 : -noun]):
        return words[at - noun - _ending(before[:-noun], _LEADS)].start
    if not (end - at == 1 or all(question[word.start].isupper() for word in words[at:end])):
        return None
    if lead := _ending(before, _LEADS):
        return words[at - lead].start
    after = [word.key for word in words[end : end + 2]]
    follows = any(_is_or_bare(after[: len(f)], f) for f in _phrases(_FOLLOWS))
    return words[at].start if follows else None


def _ending(before: Sequence[str], phrases: str) -> int:
    """How many of the last keys are one of the phrases, the longest of them; 0 for none."""
    sizes = (len(p) for p in _phrases(phrases) if _is_or_bare(before[-len(p) :], p))
    return max(sizes, default=0)


def _is_or_bare(found: Sequence[str], phrase: Sequence[str]) -> bool:
    return len(found) == len(phrase) and all(
        a in (b, fold(b)) for a, b in zip(found, phrase, strict=True)
    )


def _phrases(spelled: str) -> list[list[str]]:
    return [keys(phrase) for phrase in spelled.split("|")]
