"""Rules for the single time expressions of Vietnamese: a pattern, and the days that it means.

How patterns are written is told in `qa.expressions`.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from index.text import fold
from qa import periods
from qa.expressions import Build, Context, Rule, expression, number
from qa.periods import Part, Period

_MONTHS = "mười_một|mười_hai|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười"
_UNITS = {"gio": "d", "ngay": "d", "tuan": "w", "thang": "m", "nam": "y"}
_BACK = {"nay": 0, "ngoai": 1, "truoc": 1, "roi": 1, "kia": 2, "qua": 1, "toi": -1, "mai": -1}
_SEASONS = {"xuan": 3, "he": 6, "ha": 6, "thu": 9, "dong": 12}  # the first of three months
_PARTS: dict[str, Part] = {"dau": "first", "giua": "middle", "cuoi": "last"}

_D = r"(?P<d>3[01]|[12]\d|0?[1-9])"
_M = rf"(?P<m>1[0-2]|0?[1-9]|{_MONTHS})"
_N = rf"(?P<n>\d{{1,3}}|{_MONTHS})"
_Y = r"(?P<y>(?:1\d|20)\d\d)"
_AGO = "(?P<ago>nay|này|ngoái|kia|trước|tới)"
# A year behind a month, a quarter, a day: "/2024", "năm 2024", ", 2024", "năm ngoái".
_OF = rf"(?:_?[/.\-]_?{_Y}|,?_(?:của_)?(?:năm_)?{_Y.replace('y>', 'y2>')}|,?_(?:của_)?năm_{_AGO})"
_SINCE = "(?P<past>qua|vừa_qua|vừa_rồi|gần_đây|gần_nhất|trở_lại_đây)"


def _year(m: re.Match[str], context: Context) -> int | None:
    """The year that a match names, or the one of the context."""
    groups = m.groupdict()
    if written := groups.get("y") or groups.get("y2"):
        return int(written)
    if ago := groups.get("ago"):
        return context.today.year - _BACK[fold(ago)]
    return context.year


def _latest(build: Callable[[int], Period], m: re.Match[str], context: Context) -> Period:
    """What is meant of the year that is named; else the latest that has begun by today."""
    if (year := _year(m, context)) is not None:
        return build(year)
    this = build(context.today.year)
    assert this.since
    return this if this.since <= context.today else build(context.today.year - 1)


def _days_back(m: re.Match[str], context: Context) -> Period:
    return periods.day(context.today - timedelta(days=_BACK[fold(m["back"])]))


def _unit_back(m: re.Match[str], context: Context) -> Period:
    """ "tuần trước" is a whole week, "tuần qua" the seven days up to today."""
    unit, back = _UNITS[fold(m["unit"])], fold(m["back"])
    if back in ("qua", "vua qua"):
        return Period(periods.back(context.today, 1, unit), context.today)
    steps = _BACK[back.removeprefix("vua ")]
    return periods.around(periods.back(context.today, steps, unit), unit)


def _past(m: re.Match[str], context: Context) -> Period:
    return Period(
        periods.back(context.today, number(m["n"]), _UNITS[fold(m["unit"])]), context.today
    )


def _ago(m: re.Match[str], context: Context) -> Period:
    unit = _UNITS[fold(m["unit"])]
    return periods.around(periods.back(context.today, number(m["n"]), unit), unit)


def _weekday(m: re.Match[str], context: Context) -> Period:
    """Of a named week; else the last one before today."""
    named = m["day"]
    at = 6 if named is None else number(named) - 2
    if m["back"]:
        monday = periods.week(context.today, _BACK[fold(m["back"])]).since
        assert monday
        return periods.day(monday + timedelta(days=at))
    return periods.day(context.today - timedelta(days=(context.today.weekday() - at - 1) % 7 + 1))


def _weekend(m: re.Match[str], context: Context) -> Period:
    monday = periods.week(context.today, _BACK[fold(m["back"])]).since
    assert monday
    return Period(monday + timedelta(days=5), monday + timedelta(days=6))


def _date(m: re.Match[str], context: Context) -> Period:
    month, at = number(m["m"]), int(m["d"])
    return _latest(lambda year: periods.day(date(year, month, at)), m, context)


def _month(m: re.Match[str], context: Context) -> Period:
    month = number(m["m"])
    return _latest(lambda year: periods.months(year, month, month), m, context)


def _quarter(m: re.Match[str], context: Context) -> Period | None:
    last = number(m["q"]) * 3
    return _latest(lambda year: periods.months(year, last - 2, last), m, context)


def _months_at_end(m: re.Match[str], context: Context) -> Period | None:
    count = number(m["n"])
    if not 1 <= count <= 12:
        return None
    first, last = (1, count) if fold(m["end"]) == "dau" else (13 - count, 12)
    return _latest(lambda year: periods.months(year, first, last), m, context)


def _years(m: re.Match[str], context: Context) -> Period | None:
    first = int(m["y"]) if m["y"] else context.today.year - _BACK[fold(m["ago"])]
    return periods.years(first, first)


def _year_range(m: re.Match[str], context: Context) -> Period | None:
    first, last = int(m["y"]), int(m["y2"])
    return periods.years(first, last) if first < last else None


def _decade(m: re.Match[str], context: Context) -> Period | None:
    """ "những năm 90" are of the 20th century, as everybody says them."""
    written = int(m["decade"])
    year = written if written > 99 else written + (1900 if written >= 20 else 2000)
    return periods.decade(year) if year % 10 == 0 else periods.years(year, year)


def _century(m: re.Match[str], context: Context) -> Period | None:
    count = number(m["c"])
    return periods.century(count) if 1 <= count <= 21 else None


def _season(m: re.Match[str], context: Context) -> Period | None:
    first = _SEASONS[fold(m["season"])]
    return _latest(lambda year: periods.months(year, first, first + 2), m, context)


def _tet(m: re.Match[str], context: Context) -> Period | None:
    year = _year(m, context)
    return periods.tet(year) if year else None


def _part_of_this(m: re.Match[str], context: Context) -> Period:
    """ "đầu năm", "cuối tháng" without a name: the latest that has begun."""
    part, unit = _PARTS[fold(m["part"])], _UNITS[fold(m["unit"])]
    found = periods.third(periods.around(context.today, unit), part)
    if found.since and found.since > context.today:
        before = periods.around(periods.back(context.today, 1, unit), unit)
        return periods.third(before, part)
    return found


_UNIT = "(?P<unit>ngày|tuần|tháng|năm)"
_SEASON = "(?P<season>hè|xuân|thu|đông)"
_DAY_CUE = "(?:ngày|hôm|sáng|trưa|chiều|tối|đêm)_(?:ngày_)?"

_PATTERNS: tuple[tuple[str, Build], ...] = (
    ("(?:ngày_)?hôm_(?P<back>nay|qua|kia)", _days_back),
    ("ngày_(?P<back>mai)", _days_back),
    ("(?:sáng|trưa|chiều|tối|đêm)_(?:hôm_)?(?P<back>nay)", _days_back),
    ("(?:sáng_hôm|trưa|trưa_hôm|chiều|chiều_hôm|tối_hôm|đêm|đêm_hôm)_(?P<back>qua)", _days_back),
    ("(?P<unit>tuần|tháng|năm)_(?P<back>nay|này|trước|qua|rồi|vừa_qua|vừa_rồi|tới)", _unit_back),
    ("(?P<unit>năm)_(?P<back>ngoái|kia)", _unit_back),
    ("cuối_tuần_(?P<back>này|trước|qua|rồi|tới)", _weekend),
    (
        "(?:thứ_(?P<day>[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ_nhật)"
        "_(?:tuần_(?P<back>này|trước|qua|rồi|tới)|vừa_qua|vừa_rồi)",
        _weekday,
    ),
    (f"{_N}_(?P<unit>giờ|ngày|tuần|tháng|năm)_{_SINCE}", _past),
    (f"(?:cách_đây_)?{_N}_{_UNIT}_(?:về_)?trước", _ago),
    (f"cách_(?:đây|nay)_{_N}_{_UNIT}", _ago),
    (rf"(?:ngày_)?{_D}_?([/.\-])_?{_M}_?[/.\-]_?{_Y}", _date),
    (rf"(?:ngày_)?{_Y}-(?P<m>\d\d)-(?P<d>\d\d)", _date),
    (rf"{_DAY_CUE}{_D}_?[/.\-]_?{_M}(?:{_OF})?", _date),
    (f"(?:ngày_)?{_D}_tháng_{_M}(?:{_OF})?", _date),
    (f"tháng_(?P<m>1[0-2]|0?[1-9]|mười_một|mười_hai|một|hai|ba|bốn|tư|sáu|bảy|tám|chín|mười)"
     f"(?:{_OF})?", _month),
    (f"tháng_(?P<m>năm)(?:{_OF})", _month),
    (r"(?P<m>1[0-2]|0?[1-9])/(?P<y>(?:19|20)\d\d)", _month),
    (f"(?:quý|quí)_(?P<q>[1-4]|iv|i{{1,3}}|một|hai|ba|bốn|tư)(?:{_OF})?", _quarter),
    (f"{_N}_tháng_(?P<end>đầu|cuối)_(?:của_)?năm(?:_{_Y}|_{_AGO})?", _months_at_end),
    (f"năm_(?:{_Y}|(?P<ago>này))", _years),
    (r"năm_(?P<y>[1-9]\d\d)(?P<ago>)", _years),
    (r"thập_(?:niên|(?:kỷ|kỉ))_(?:những_năm_)?(?P<decade>(?:1\d|20)\d0|[1-9]0)"
     r"(?:_(?:của_)?thế_(?:kỷ|kỉ)_(?:20|xx|trước))?", _decade),
    (r"(?:những|các)_năm_(?P<decade>(?:1\d|20)\d\d|[1-9]0)"
     r"(?:_(?:của_)?thế_(?:kỷ|kỉ)_(?:20|xx|trước))?", _decade),
    (r"thế_(?:kỷ|kỉ)_(?:thứ_)?(?P<c>2[01]|1\d|[1-9]|x{0,2}i[vx]|x{0,2}v?i{0,3}|một|hai|ba|tư|năm)",
     _century),
    (rf"mùa_{_SEASON}_(?:năm_)?{_AGO}", _season),
    (rf"(?:mùa_)?{_SEASON}_(?:(?:năm_)?{_Y}|năm_{_AGO})", _season),
    (rf"tết_(?:nguyên_đán_|âm_lịch_|cổ_truyền_)?(?:năm_)?(?:{_Y}|năm_{_AGO})", _tet),
    ("(?P<part>đầu|giữa|cuối)_(?P<unit>tháng|năm)(?!_và)", _part_of_this),
)  # fmt: skip
# Without diacritics these are other words: "sang qua", "tôi qua", "quan hệ ngoại giao", "thư này".
_SPELLED: tuple[tuple[str, Build], ...] = (
    ("(?:sáng|tối)_(?P<back>qua)", _days_back),
    (rf"{_SEASON}_{_AGO}", _season),
)
_YEAR_RANGE = (
    "(?:năm_|giai_đoạn_|(?:thời|nhiệm)_(?:kỳ|kì)_|(?:những|các)_năm_|niên_khóa_)?(?:từ_)?(?:năm_)?"
    rf"{_Y}(?:_?-_?|_(?:đến|tới|và)_)(?:năm_)?{_Y.replace('y>', 'y2>')}"
)
NEWEST = (
    "mới_nhất|gần_đây_nhất|hiện_nay|hiện_tại|hiện_giờ|bây_giờ|lúc_này|gần_đây|mới_đây"
    "|vừa_qua|thời_gian_(?:gần_đây|qua|vừa_qua)"
    "|(?:những|các|mấy|vài)_(?:ngày|tuần|tháng|năm)_(?:gần_đây|vừa_qua|qua|nay)"
)


def rules(bare: bool) -> list[Rule]:
    found = [Rule(expression(pattern, bare), build) for pattern, build in _PATTERNS]
    return found + [Rule(expression(pattern, False), build) for pattern, build in _SPELLED]


def year_range(bare: bool) -> Rule:
    """Two years with a hyphen or a word between them, behind a word for years or behind none."""
    return Rule(expression(_YEAR_RANGE, bare), _year_range)
