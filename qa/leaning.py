"""What in a question points back at the conversation: pronouns, "còn X thì sao", words left out.

Patterns are written as in `qa.expressions`. Without diacritics "nó", "họ", "này" and "đó" are
other words as well (no, hộ, nay, do), so they count only where they were typed with them.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from index.text import Token, tokens
from qa.dates import is_bare
from qa.expressions import spell

# person, thing: a pronoun for one. slot: "còn X thì sao". left_out: too little is said to be a
# question by itself. open: no name says what it is about. "": it stands alone.
Kind = Literal["person", "thing", "slot", "left_out", "open", ""]

_PERSON = "(?:ông|bà|anh|chị|cô|chú|bác|cậu|vị)_(?:ấy|ta)"
_PERSON_MARKED = "(?:ông|bà|anh|chị|cô|chú|bác|cậu|vị)_(?:này|đó)|hắn"
_THING = r"\w+_ấy"
_NOW = "sáng|trưa|chiều|tối|đêm|hôm|tuần|tháng|quý|mùa|dịp|lúc|giờ"  # "tháng này" is today's
_THING_MARKED = (
    r"nó|(?<!quan_)(?<!dòng_)(?<!người_)(?<!mang_)họ(?!_(?:hàng|tên|và_tên))"
    r"|chúng(?!_(?:ta|tôi|mình|em))"
    rf"|(?!(?:{_NOW})_này)\w+_(?:này|đó|ấy|kia|nói_trên)|đó|ấy"
)
# The words that make "này" and "đó" of these as sure without diacritics.
_NOUNS = (
    "công_ty|tổ_chức|đơn_vị|cơ_quan|tập_đoàn|ngân_hàng|nước|tỉnh|thành_phố|vùng|nơi|chỗ|sự_kiện"
    "|vụ|vụ_việc|trận|trận_đấu|cuộc_thi|giải|giải_đấu|đội|nhóm|bệnh|luật|bộ_luật|nghị_định|dự_án"
    "|hiệp_định|cuốn_sách|bài_hát|bộ_phim|người|nhân_vật|loài|món|cây_cầu|con_tàu|công_trình"
)
_THING_BARE = rf"(?:{_NOUNS})_này"
_OPENING = r"^\W*(?:(?:thế|vậy|rồi|à|ừ|và|ồ)_)*(?:thế_còn|vậy_còn|còn|thế|vậy|rồi|và)_+"
_SLOT = rf"{_OPENING}(?P<slot>.+?)\W*$"
_SLOT_END = r"_+(?:thì_sao|thì_thế_nào|thì|ra_sao|như_thế_nào|thế_nào|sao|nhỉ)\W*$"
_TAIL = r"^\W*(?P<slot>.+?)_thì_sao\W*$"
# What asks, and what every question holds: no word of these says what it is about.
_ASKING = (
    "ai|gì|nào|đâu|sao|mấy|bao_nhiêu|bao_giờ|bao_lâu|bao_xa|vì_sao|tại_sao|thế_nào|như_thế_nào"
    "|ra_sao|làm_sao|lý_do|nguyên_nhân|cái_gì|khi|lúc|hồi|năm|ngày|tháng|giờ|hôm|mùa|thời_gian|từ(?!_(?:điển|ngữ|vựng|thiện|chối|trường))|ở"
    "|tại|đến|vào|trong|của|cho|với|do|bởi|để|là|thì|mà|có|không|được|bị|đã|đang|sẽ|phải|cũng|và"
    "|hay|hoặc|các|những|một|cái|con|chiếc|việc|người|nơi|chỗ|tên|thế|vậy|còn|rồi|nhỉ|à|ạ|hả|lại"
    "|ra|lên|nữa|thêm|cùng|trước|sau|đó|này|ấy|nó|họ|tổng_cộng|hết|khác|cụ_thể|nói|rõ|hơn|thật"
    "|nhất|ông|bà|anh|chị|cô|sẵn|đúng|chưa|xong|đầu_tiên|lần|kia|mới|cuối|bên|giữa|trên|dưới"
)
_FEW = 2  # words of its own with which a question can hardly stand alone
_SOME = 7  # words of its own with which it can, though it names nobody


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a question leans on what went before; `[start, end)` is the pronoun or the new slot."""

    kind: Kind
    start: int = 0
    end: int = 0


def leaning(question: str, has_names: bool) -> Leaning:
    """How a question (in NFC) leans; `has_names` tells whether it names somebody or something."""
    text = question.lower()
    if len(text) != len(question):  # a letter that is two in small ones: offsets would lie
        text = question
    rules = _rules(is_bare(text))
    if found := _slot(text, rules):
        return found
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("person", rules.person),
        ("thing", rules.thing),
    )
    for kind, pattern in kinds:
        match = pattern.search(text)
        if match and not question[match.end() :].lstrip()[:1].isupper():  # "họ Nguyễn"
            return Leaning(kind, match.start(), match.end())
    own = len(content(text))
    if own <= _FEW and not has_names:
        return Leaning("left_out")
    if own <= _SOME and not has_names:
        return Leaning("open")
    return Leaning("open") if rules.opening.match(text) else Leaning("")


def content(question: str) -> list[Token]:
    """The words of a question that say what it is about."""
    text = question.lower()
    asking = _rules(is_bare(text)).asking
    taken = [match.span() for match in asking.finditer(text)]
    return [
        word
        for word in tokens(question)
        if not any(start <= word.start and word.end <= end for start, end in taken)
    ]


def _slot(text: str, rules: "_Rules") -> Leaning | None:
    """ "Còn X thì sao", "X thì sao", "vậy X": what is asked of X is what was asked before."""
    match = rules.slot.match(text)
    tail = None
    if match:
        start, end = match.span("slot")
        if tail := rules.slot_end.search(text, start, end):
            end = tail.start()
    elif match := rules.tail.match(text):
        start, end = match.span("slot")
    else:
        return None
    return None if rules.interrogative.search(text, start, end) else Leaning("slot", start, end)


@dataclass(frozen=True, slots=True)
class _Rules:
    person: re.Pattern[str]
    thing: re.Pattern[str]
    slot: re.Pattern[str]
    slot_end: re.Pattern[str]
    tail: re.Pattern[str]
    opening: re.Pattern[str]
    asking: re.Pattern[str]
    interrogative: re.Pattern[str]


@cache
def _rules(bare: bool) -> _Rules:
    def made(pattern: str, whole_words: bool = False) -> re.Pattern[str]:
        spelled = spell(pattern, bare)
        return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)" if whole_words else spelled)

    interrogative = "ai|gì|nào|đâu|sao|mấy|bao|khi_nào|bao_giờ|không|chưa"
    return _Rules(
        made(_PERSON if bare else f"{_PERSON}|{_PERSON_MARKED}", whole_words=True),
        made(f"{_THING}|{_THING_BARE}" if bare else f"{_THING}|{_THING_MARKED}", whole_words=True),
        made(_SLOT),
        made(_SLOT_END),
        made(_TAIL),
        made(_OPENING),
        made(_ASKING, whole_words=True),
        made(interrogative, whole_words=True),
    )
