"""What of a question says of when, or of which outlets, its answer should be.

The time of an event is no time of publication: "năm 2021" is told by an article of 2024 as well.
So a date only prefers, unless the words beside it speak of news and articles ("tin tuần trước").
An outlet with its cue always filters.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from index.text import fold, keys
from qa.dates import Mention, is_bare, mentions
from qa.expressions import spell
from qa.outlets import Named, OutletNames
from qa.types import Change, Cue, Query

_LINK = r"(?:_(?:vào|trong|của|hôm|ngày|từ|hồi|lúc|được|đăng|mới|về|ra))*_$"
# "xuất bản năm 1930" tells of a book, "thông báo năm 2021" of no newspaper: neither is here.
_PUBLISHED_BARE = (
    "(?<!thông_)(?<!niềm_)(?<!lòng_)(?<!nhắn_)tin|tin_tức|tin_(?:tức_)?(?:gì|nào)|bài_báo|bài_viết"
    "|bài_đăng|đăng_bài|đăng_tải|đưa_tin|bản_tin|số_báo|báo_ra|báo_số"
)
_PUBLISHED = f"{_PUBLISHED_BARE}|bài"  # without diacritics a beach too
_THEN_NEWS = "_(?:có_)?(?:những_|các_)?(?:tin|tin_tức|bài_báo|bài_viết)_(?:gì|nào)(?!\\w)"
_FROM_TODAY = re.compile(r"\b(?:nay|ngoai|kia|truoc|qua|roi|mai|toi|cach day|cach nay)$|^cach ")
_BETWEEN = re.compile(r"[\s,]*(?:(?:ngày|vào|hôm|trong|ra|ngay|vao|hom)\s)*", re.IGNORECASE)


def cues(question: str, today: date, names: OutletNames) -> tuple[Cue, ...]:
    """The cues of a question (in NFC) in their order."""
    outlets = names.find(question)
    dates = [
        mention
        for mention in mentions(question, today)
        if not any(o.start < mention.end and mention.start < o.end for o in outlets)
    ]
    found = [
        (o.start, Cue(question[o.start : o.end], outlets=o.outlets, is_filter=True))
        for o in outlets
    ]
    found += [(m.start, _dated(question, m, outlets)) for m in dates]
    return tuple(cue for _, cue in sorted(found, key=lambda at_cue: at_cue[0]))


def without_filters(question: str, found: Sequence[Cue]) -> str:
    """A question without the words that filter: no article that passes need say them."""
    rest = question
    for cue in found:
        if cue.is_filter:
            rest = rest.replace(cue.words, " ", 1)
    rest = " ".join(rest.split()).strip(" ,;:")
    return rest if keys(rest) else question


def with_cues(query: Query, found: Sequence[Cue]) -> Query:
    """A query with its cues; days that are counted from today are searched as articles write
    them: "năm ngoái" with its year behind the question."""
    spelled = [(cue, said) for cue in found if (said := _spelled_out(cue))]
    added = [said for _, said in spelled]
    return replace(
        query,
        text=f"{query.text} ({', '.join(added)})" if added else query.text,
        keys=(*query.keys, *(key for said in added for key in keys(said))),
        uncertain=(*query.uncertain, *(False for said in added for _ in keys(said))),
        changes=(*query.changes, *(Change(cue.words, said) for cue, said in spelled)),
        cues=tuple(found),
    )


def _spelled_out(cue: Cue) -> str:
    """The day, month or year of an event that is counted from today, "" for all others."""
    if cue.is_filter or not cue.since:
        return ""
    if not _FROM_TODAY.search(fold(cue.words.lower())) or cue.since[:4] != cue.until[:4]:
        return ""
    year, month, day = cue.since.split("-")
    if cue.since == cue.until:
        return f"{int(day)}/{int(month)}/{year}"
    if cue.since[:7] == cue.until[:7]:
        return f"{int(month)}/{year}"
    return year


def _dated(question: str, mention: Mention, outlets: Sequence[Named]) -> Cue:
    words = question[mention.start : mention.end]
    if mention.period is None:
        return Cue(words)
    since, until = mention.period.iso
    is_filter = _is_publication(question.lower(), mention) or any(
        _BETWEEN.fullmatch(question, min(mention.end, o.end), max(mention.start, o.start))
        for o in outlets
    )
    return Cue(words, since, until, is_filter=is_filter)


def _is_publication(text: str, mention: Mention) -> bool:
    before, after = _published(is_bare(text))
    return bool(before.search(text[: mention.start]) or after.match(text, mention.end))


@cache
def _published(bare: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _PUBLISHED_BARE if bare else _PUBLISHED
    before = rf"(?<!\w)(?:{words}){_LINK}"
    return re.compile(spell(before, bare)), re.compile(spell(_THEN_NEWS, bare))
