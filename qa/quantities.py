"""The quantity that a question asks for, by the words that its number should stand before.

"Bao nhiêu khán giả" is answered by "40.000 khán giả", "giá bao nhiêu" by a sum of money, "cao bao
nhiêu" by metres. Where nothing tells what is counted, no quantity is asked for here; nor is one
where a share is: the sign % is no word of the search copy.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from index.text import keys
from index.types import Terms
from qa.evidence import NUMBER_WORDS, is_date, numbers_of, soon_after
from qa.match import Flags, Layout, Wanted, is_one_of
from qa.types import Query

_MONEY = "tiền đồng la usd vnd euro tệ franc rúp"
_LENGTH = "km m mét cm mm dặm inch feet thước"
_AREA = "km² m² km m ha hecta hec héc mét mẫu dặm"
_VOLUME = "m³ km³ m mét lít"
_MASS = "kg tấn gam g ký cân tạ yến pound mg"
_TIME = "năm tháng ngày giờ phút giây tuần đêm tiếng kỷ kỳ mùa"
_PEOPLE = "người dân sĩ lính quân nhân viên sinh khách tù giả gia nhà vị em nữ"
_HEAT = "độ c f"
# What tells the measure where nothing is counted: "giá vé là bao nhiêu".
_MEASURES = {
    "giá lương phí tiền phạt thưởng vốn nợ": _MONEY,
    "dài cao sâu rộng xa cách dày kính": _LENGTH,
    "tích": _AREA,
    "nặng": _MASS,
    "nhiệt nóng lạnh": _HEAT,
    "lâu": _TIME,
}
_UNITS = {
    word: frozenset(keys(units)) for words, units in _MEASURES.items() for word in keys(words)
}
_ALIKE = (_MONEY, _LENGTH, _AREA, _VOLUME, _MASS, _TIME, _PEOPLE, "con cá thể", _HEAT)
_CLASSES = [frozenset(keys(each)) for each in _ALIKE]
_SHARE = keys("phần")[0]
# Words after "bao nhiêu" that are not counted.
_UNCOUNTED = frozenset(
    keys("là thì ở trong khi vào cho tại để do của so từ đến và với theo được đã có một mỗi")
)
_HOW_MANY, _HOW_LONG = ("bao", "nhiêu"), ("bao", "lâu")
_SEVERAL, _RANK = keys("mấy thứ")  # "thứ mấy" asks for a rank
_NUMBER_WORDS = [word for word in NUMBER_WORDS.split() if word != "năm"]  # mostly a year
_REACH = 3  # from a number to what it counts: "130.000 tân binh sĩ"
_COUNTED = 2  # words after "bao nhiêu" that name what is counted


def lacks_quantity(query: Query, wanted: Wanted, layout: Layout, terms: Terms) -> Flags:
    """(passages,) whether a quantity is asked for that the passage does not state."""
    units = units_asked_for(query.keys)
    if not units:
        return np.zeros(len(layout.passage_starts), dtype=bool)
    t = layout.terms
    digits = (terms.values(t) >= 0) & (t > 0)
    number = digits & ~is_date(digits, t, terms) | is_one_of(t, numbers_of(_NUMBER_WORDS, terms))
    number &= ~is_one_of(t, wanted.exact)  # what the question holds tells nothing new
    stated = number & soon_after(is_one_of(t, numbers_of(sorted(units), terms)), _REACH)
    return ~np.logical_or.reduceat(stated, layout.passage_starts)


def units_asked_for(question: Sequence[str]) -> frozenset[str]:
    """Keys of the words that the number should stand before; none where nothing tells.

    `question` holds the keys of a question in their order.
    """
    for at, (before, word) in enumerate(pairwise(("", *question))):
        if (before, word) == _HOW_LONG:
            return _UNITS[word]
        if (before, word) == _HOW_MANY or (word == _SEVERAL and before != _RANK):
            if _SHARE in question[at + 1 : at + 2]:
                break
            return _counted(question[at + 1 :]) or _measured(question[:at])
    return frozenset()


def _counted(after: Sequence[str]) -> frozenset[str]:
    noun = []
    for word in after[:_COUNTED]:
        if word in _UNCOUNTED:
            break
        noun.append(word)
    return frozenset(noun).union(*(each for each in _CLASSES if not each.isdisjoint(noun)))


def _measured(before: Sequence[str]) -> frozenset[str]:
    return next((_UNITS[word] for word in reversed(before) if word in _UNITS), frozenset())
