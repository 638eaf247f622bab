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
from qa.evidence import NUMBER_WORDS, is_date, just_before, numbers_of, soon_after
from qa.match import Flags, Layout, Wanted, is_one_of
from qa.types import Query

_MONEY = "vốn đ tiền đồng đô đôla la usd vnd euro tệ bảng yên won franc rúp"
_LENGTH = "km m mét cm mm nm dặm inch feet ft thước"
_AREA = "km² m² km m ha hecta hec héc mét mẫu dặm"
_VOLUME = "m³ km³ m mét lít"
_MASS = "kg tấn gam g ký cân tạ yến pound mg"
_TIME = "thời năm tháng ngày giờ phút giây tuần đêm tiếng kỷ thập kỳ mùa"
# Of "gia đình", "thành viên" and the like only the syllable that no frequent word ends in: not that
# of "quốc gia" and "khánh thành".
_PEOPLE = "người dân sĩ lính quân nhân viên sinh khách tù giả đình nhà vị em nữ"
_HEAT = "độ c f"
_CLASSES = [
    frozenset(keys(alike))
    for alike in (
        *(_MONEY, _LENGTH, _AREA, _VOLUME, _MASS, _TIME, _PEOPLE, _HEAT),
        *("con cá thể", "nước quốc viên", "ngôn ngữ tiếng", "ca trường vụ", "tỉnh phố phương"),
        "lần lượt chuyến giải trận bàn pha",
    )
]
# What tells the measure where nothing is counted: "giá vé là bao nhiêu".
_MEASURES = {
    "giá|lương|phí|tiền|phạt|thưởng|nợ|thu nhập|doanh thu|lợi nhuận|ngân sách|vốn": _MONEY,
    "chiều dài|chiều cao|chiều rộng|chiều sâu|độ dài|độ cao|độ sâu|độ dày|bề rộng|bề dày"
    "|khoảng cách|đường kính|bán kính": _LENGTH,
    "diện tích": _AREA,
    "thể tích|dung tích": _VOLUME,
    "trọng lượng|cân nặng": _MASS,
    "nhiệt độ": _HEAT,
}
# The same, where nothing but such a filler stands between it and "bao nhiêu".
_ADJECTIVES = {"dài|cao|sâu|xa|cách|dày|thấp": _LENGTH, "rộng": _AREA, "nặng": _MASS}
_FILLERS = frozenset(keys("khoảng tới đến gần chừng nhau tổng cộng tất cả"))
# Where such a word means something else, and what makes the answer a share or a rise.
_OTHERWISE = frozenset(
    tuple(keys(each))
    for each in (
        *("đánh giá", "tiền vệ", "tiền đạo", "tiền đồn", "lương thực", "phạt góc", "phạt đền"),
        *("nhiệt độ cao", "mật độ cao", "nồng độ cao", "cường độ cao", "trình độ cao"),
    )
)
_SHARES = frozenset(tuple(keys(each)) for each in ("tỷ lệ", "lãi suất", "chỉ số", "thuế suất"))
_CHANGES = frozenset(keys("tăng giảm"))


def _by_phrase(measures: dict[str, str]) -> dict[tuple[str, ...], frozenset[str]]:
    return {
        tuple(keys(phrase)): frozenset(keys(units))
        for phrases, units in measures.items()
        for phrase in phrases.split("|")
    }


_PHRASES, _DIRECTLY = _by_phrase(_MEASURES), _by_phrase(_ADJECTIVES)
_DURATION, _SUM_OF_MONEY = frozenset(keys(_TIME)), frozenset(keys(_MONEY))
_SHARE = keys("phần")[0]
_BEFORE = keys("tuổi điểm")  # such a word may stand before its number, too: "ở tuổi 39"
_ROUND = keys("nghìn ngàn triệu tỷ")  # "10 tỷ" may be a sum of money, where nothing else follows
_FIVE, _ONE = keys("năm một")  # or a year, or no number at all: they count right before a unit
# Words after "bao nhiêu" that are not counted.
_UNCOUNTED = sorted(
    keys("là thì ở trong khi vào cho tại để do của so từ đến và với theo được đã có một mỗi nếu")
    + keys("dù mới mà kể sau trước nhờ vì hôm hiện nay tính sẽ vậy ạ nữa thế bằng trên qua")
)
_HOW_MANY, _HOW_LONG = tuple(keys("bao nhiêu")), tuple(keys("bao lâu"))
_SEVERAL, _O_CLOCK = keys("mấy giờ")
# "Ngày mấy" and "áo số bao nhiêu" ask which; "mấy anh em" and "mấy năm gần đây" ask nothing.
_RANKED = frozenset(keys("thứ ngày tháng năm khóa lớp hạng số vòng tầng cấp quận phút tập kỳ bậc"))
_SOME = frozenset(keys("anh chị ông bà em hôm"))
_LATELY = frozenset(keys("gần nay qua trước vừa"))
_NUMBER_WORDS = sorted({*keys(f"{NUMBER_WORDS} mươi chục")} - {_FIVE, _ONE})
_FEW = 100  # no year: "tháng 6/2019, Quốc hội" counts nothing
_REACH = 3  # from a number to what it counts: "130.000 tân binh sĩ"
_COUNTED = 2  # words after "bao nhiêu" that name what is counted


def lacks_quantity(query: Query, wanted: Wanted, layout: Layout, terms: Terms) -> Flags:
    """(sentences,) whether a quantity is asked for that the sentence does not state."""
    units = frozenset() if "%" in query.text else units_asked_for(query.keys)
    if not units:
        return np.zeros(len(layout.sentence_starts), dtype=bool)
    t = layout.terms
    values = terms.values(t)
    digits = (values >= 0) & (t > 0)
    number = digits & ~is_date(digits, t, terms) | is_one_of(t, numbers_of(_NUMBER_WORDS, terms))
    counted = is_one_of(t, numbers_of(sorted(units), terms))
    stated = number & soon_after(counted, _REACH)
    five = is_one_of(t, numbers_of([_FIVE], terms))
    few = digits & (values < _FEW) & ~just_before(five)
    close = few | five | is_one_of(t, numbers_of([_ONE], terms))
    stated |= close & soon_after(counted, 1)  # "3-5 ngày", too, which looks like a date
    stated |= (
        just_before(is_one_of(t, numbers_of(sorted(units.intersection(_BEFORE)), terms))) & digits
    )
    if units >= _SUM_OF_MONEY:
        ends = is_one_of(t, numbers_of(_UNCOUNTED, terms)) | (t == 0)
        sums = is_one_of(t, numbers_of(_ROUND, terms)) & soon_after(ends, 1)
        stated |= digits & soon_after(sums, 1)
    stated &= ~is_one_of(t, wanted.exact)  # what the question holds tells nothing new
    return ~np.logical_or.reduceat(stated, layout.sentence_starts)


def units_asked_for(question: Sequence[str]) -> frozenset[str]:
    """Keys of the words that the number should stand before; none where nothing tells.

    `question` holds the keys of a question in their order.
    """
    for at, (before, word) in enumerate(pairwise(("", *question))):
        after = question[at + 1 :]
        if (before, word) == _HOW_LONG:
            return _DURATION
        if (before, word) == _HOW_MANY:
            if _SHARE in after[:1]:
                break
            return _counted(after) or _measured(question[: at - 1])
        if word == _SEVERAL and before not in _RANKED and not _asks_nothing(after):
            return _counted(after) or _measured(question[:at])
    return frozenset()


def _asks_nothing(after: Sequence[str]) -> bool:
    """Whether "mấy" with these words after it is no "how many"; nor is "mấy giờ"."""
    return bool(
        {*_SOME, _O_CLOCK, _SHARE}.intersection(after[:1]) or _LATELY.intersection(after[1:2])
    )


def _counted(after: Sequence[str]) -> frozenset[str]:
    noun = []
    for word in after[:_COUNTED]:
        if word in _UNCOUNTED:
            break
        noun.append(word)
    return frozenset(noun).union(*(each for each in _CLASSES if not each.isdisjoint(noun)))


def _measured(before: Sequence[str]) -> frozenset[str]:
    """What the measure that is named nearest before "bao nhiêu" is counted in."""
    pairs = set(pairwise(before))
    if pairs & _SHARES or (before and before[-1] in _RANKED | _CHANGES):
        return frozenset()
    for end in range(len(before), 0, -1):
        for size in (2, 1):
            start = max(end - size, 0)
            phrase = tuple(before[start:end])
            around = {tuple(before[max(start - 1, 0) : end])}
            if size == 1:
                around.add(tuple(before[start : end + 1]))
            units = _PHRASES.get(phrase, frozenset())
            if _FILLERS.issuperset(before[end:]):
                units = units or _DIRECTLY.get(phrase, frozenset())
            if units and not around & _OTHERWISE:
                return units
    return frozenset()
