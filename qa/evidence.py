"""The kind of answer that a question asks for, and which sentences hold such a thing.

"Khi nào" is answered by a sentence with a date that the question does not already hold, "bao
nhiêu ngày" by a number before "ngày". Question words are compared without diacritics, so that
they count however they are typed.
"""

import re
from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from index.text import fold, key, keys
from index.types import Terms
from qa.match import Flags, Floats, Layout, Wanted, is_one_of
from qa.places import COUNTRIES, PROVINCES
from qa.types import Query

_ASKED_BY = {
    "time": "khi nao|nam nao|bao gio|ngay nao|thang nao|gio nao|luc nao|thoi gian nao|nam bao nhieu"
    "|the ki nao|thap nien nao|thap ki nao|tu khi|hoi nao|ngay may|thang may|may gio|thoi diem nao"
    "|giai doan nao|thoi ki nao|mua nao|tu nam|thoi gian|luc may",
    "number": "bao nhieu|may|bao lau|bao xa|ti le|so luong|phan tram|dien tich|dan so|chieu dai"
    "|chieu cao|khoang cach|gia bao|bao dai|tong so|tuoi|muc",
    "place": "o dau|dau|noi nao|nuoc nao|quoc gia nao|thanh pho nao|tinh nao|dia diem|vung nao"
    "|khu vuc nao|chau luc nao|dia danh nao|thi tran nao|bang nao|quan nao|huyen nao|song nao"
    "|bien nao|dao nao|duong nao|cho nao|que quan",
    "person": "ai|nguoi nao|vi nao|nhan vat nao|ong nao|ba nao|vua nao|hoang de nao|tong thong nao"
    "|nha khoa hoc nao|cau thu nao|nghe si nao|tac gia nao|tuong nao|chu tich nao",
    "cause": "vi sao|tai sao|li do|nguyen nhan|sao|nho dau|muc dich|de lam gi|dieu gi khien"
    "|yeu to nao",
    "name": "ten la gi|goi la gi|ten gi|duoc goi la|cai ten|ten nao|ten cua|to chuc nao|cong ti nao"
    "|hang nao|truong nao|doi nao|bao nao|tac pham nao|phim nao|bai hat nao|don vi nao|co quan nao",
    "manner": "nhu the nao|the nao|bang cach nao|ra sao|lam sao|cach nao|bang gi|phuong phap nao",
    "meaning": "la gi|nghia la|dinh nghia|khai niem|co nghia",
    "country": "nuoc nao|quoc gia nao|nhung nuoc|nhung quoc gia|may nuoc",
    "province": "tinh nao|tinh thanh nao|thanh pho nao|dia phuong nao|nhung tinh|may tinh",
    "places": "(?:nhung|cac|may) (?:nuoc|quoc gia|tinh|tinh thanh|thanh pho)",
    "list": r"nhung (?:\S+ ){0,3}(?:gi|ai|nao)|cac (?:\S+ ){1,3}nao|gom|bao gom",
}
_PHRASES = {kind: re.compile(rf" (?:{phrases}) ") for kind, phrases in _ASKED_BY.items()}
NUMBER_WORDS = "một hai ba bốn năm sáu bảy tám chín mười trăm nghìn ngàn triệu tỷ nửa vài"
_SIGNS = {
    "time": "năm tháng ngày giờ thế kỷ thập niên sáng chiều tối đêm mùa",
    "place": "ở tại thuộc nằm từ đến vùng tỉnh thành nước phía bang",
    "unit": f"{NUMBER_WORDS} phần mươi mét km tấn kg người lần đô la usd đồng đôi",
    "cause": "vì do bởi nhờ nên để khiến nhằm nguyên",
    "meaning": "là gọi nghĩa tức",
    "manner": "bằng cách qua theo như",
    "list": "và gồm cùng hoặc",
}
# Which evidence counts for which kind of question: (kind, evidence).
PAIRS = (
    ("time", "year"),
    ("time", "time"),
    ("time", "number"),
    ("number", "quantity"),
    ("number", "unit"),
    ("place", "name"),
    ("place", "place"),
    ("person", "name"),
    ("cause", "cause"),
    ("name", "name"),
    ("meaning", "meaning"),
    ("manner", "manner"),
    ("list", "list"),
    ("list", "names"),
    ("country", "country"),
    ("province", "province"),
    ("places", "places"),
)
NAMES = (*(f"{kind}_{sign}" for kind, sign in PAIRS), "named_head", "counted_head")
_PLACES = {"country": COUNTRIES, "province": PROVINCES, "places": COUNTRIES + PROVINCES}
_RUN = 9  # terms that may be a list of names,
_CROWD, _SEVERAL = 6, 2  # if so many are capitalised, or so many names of places begin there
_REACH = 2  # terms between a head word and its name or number


def kinds_of(query: Query) -> set[str]:
    """The kinds of answer that a question asks for: none, one or several."""
    text = f" {' '.join(fold(key) for key in query.keys)} "
    return {kind for kind, phrases in _PHRASES.items() if phrases.search(text)}


def evidence(query: Query, wanted: Wanted, layout: Layout, terms: Terms) -> Floats:
    """(sentences, len(NAMES)): 1 where a sentence holds what this question asks for, else 0."""
    kinds = kinds_of(query)
    t = layout.terms
    new = (t > 0) & ~is_one_of(t, wanted.exact)
    values = terms.values(t)
    inner = np.ones(len(t), dtype=bool)
    inner[layout.sentence_starts] = False
    number = (values >= 0) & new
    name = layout.capitalised & new & inner
    signs: dict[str, Flags] = {"number": number, "name": name}
    for sign in {sign for kind, sign in PAIRS if kind in kinds} - signs.keys():
        if sign in _PLACES:
            places = _names_at(_PLACES[sign], t, terms) & layout.capitalised & new
            signs[sign] = places & _is_crowded(places, _SEVERAL) if sign == "places" else places
        elif sign == "year":
            signs[sign] = number & (values >= 1000) & (values <= 2100)
        elif sign == "quantity":
            signs[sign] = number & ~is_date(number, t, terms)
        elif sign == "names":
            signs[sign] = name & _is_crowded(name, _CROWD)
        else:
            signs[sign] = is_one_of(t, numbers_of(_SIGNS[sign].split(), terms))
    marks = {f"{kind}_{sign}": signs[sign] for kind, sign in PAIRS if kind in kinds}
    named, counted = _heads(query)
    if named:
        heads = is_one_of(t, numbers_of(named, terms))
        marks["named_head"] = heads & soon_after(name | number)
    if counted:
        count = number | (is_one_of(t, numbers_of(NUMBER_WORDS.split(), terms)) & new)
        heads = is_one_of(t, numbers_of(counted, terms))
        marks["counted_head"] = heads & soon_after(count[::-1])[::-1]
    found = np.zeros((len(layout.sentence_starts), len(NAMES)))
    for at, mark in enumerate(NAMES):
        if mark in marks:  # most questions ask for one thing
            found[:, at] = np.logical_or.reduceat(marks[mark], layout.sentence_starts)
    return found


def is_date(number: Flags, t: npt.NDArray[np.int32], terms: Terms) -> Flags:
    """Numbers that are a day, a month, a year or a rank rather than how many: after such a word,
    or beside another number ("25/5/2024")."""
    after_word = just_before(
        is_one_of(t, numbers_of(["ngày", "tháng", "năm", "thứ", "lần"], terms))
    )
    return number & (after_word | just_before(number) | just_before(number[::-1])[::-1])


def _heads(query: Query) -> tuple[list[str], list[str]]:
    """Words that a name should follow ("tỉnh nào"), and that a number should precede ("bao
    nhiêu ngày")."""
    folded = [fold(key) for key in query.keys]
    named = [query.keys[i - 1] for i, word in enumerate(folded) if i and word in ("nao", "gi")]
    counted = [
        query.keys[i + 1]
        for i, word in enumerate(folded[:-1])
        if word == "may" or (word == "nhieu" and i and folded[i - 1] == "bao")
    ]
    return named, counted


def soon_after(flags: Flags, reach: int = _REACH) -> Flags:
    """Whether a flag is set within so many places after each."""
    soon = np.zeros_like(flags)
    for distance in range(1, reach + 1):
        soon[:-distance] |= flags[distance:]
    return soon


def just_before(flags: Flags) -> Flags:
    """Whether a flag is set at the place before."""
    before = np.zeros_like(flags)
    before[1:] = flags[:-1]
    return before


def _is_crowded(flags: Flags, least: int) -> Flags:
    """Whether a place begins a run with at least so many flags: "Trung Quốc, Thổ Nhĩ Kỳ và …"."""
    total = np.concatenate(([0], np.cumsum(flags)))
    at = np.arange(len(flags))
    return (total[np.minimum(at + _RUN, len(flags))] - total[at]) >= least


def _names_at(names: Sequence[str], t: npt.NDArray[np.int32], terms: Terms) -> Flags:
    """Where one of these names begins."""
    found = np.zeros(len(t), dtype=bool)
    for size, several in groupby(sorted(map(keys, names), key=len), len):
        wanted = np.array([terms.numbers(name) for name in several])
        known = wanted[(wanted > 0).all(axis=1)]
        runs = sliding_window_view(t, size) if len(t) >= size else t[:0].reshape(0, size)
        begins = np.flatnonzero(is_one_of(runs[:, 0], known[:, 0]))
        found[begins] |= (runs[begins, None] == known).all(axis=2).any(axis=1)
    return found


def numbers_of(words: Sequence[str], terms: Terms) -> npt.NDArray[np.int32]:
    """The numbers of words as they are written; those that no article holds are left out."""
    numbers = terms.numbers([key(word) for word in words])
    return numbers[numbers > 0]
