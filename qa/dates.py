"""The time expressions in a Vietnamese question, as spans of days.

A small grammar of our own: libraries that read Vietnamese dates read single days, and take "tỷ lệ
3/4" and "thắng 2-1" for days. Here a number is a date only beside a word that makes it one, or
where a day, a month and a year stand together. Text typed without diacritics is read too; there
`nam` may be năm or Nam, and the words around it decide.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from index.text import fold, has_diacritics, words
from qa import periods
from qa.date_rules import NEWEST, rules, year_range
from qa.expressions import Context, Rule, expression, spell
from qa.periods import Part, Period

_BARE_SHARE = 0.5  # of the words with diacritics: from here on `nam` is Nam and never năm

# Words before an expression that make it none: "mỗi tháng 4 lần", "những năm trước", "Điều 4/2024".
_EACH = "mỗi|hàng|hằng|một|từng|mùng|mồng|rằm"
_SEVERAL = "những|các|mọi|nhiều|vài|mấy|nhiêu|tỷ|tỉ|triệu|trăm|nghìn|ngàn|chục|ít|đã|từng|hai|ba"
_CODES = r"(?:số|định|quyết|thông_tư|thị|luật|lệnh|văn|mã|điều|khoản|lệ)_$"
_SOUTH = "việt|miền|quảng|hà|đông|tây|phía|hướng|đất|nước|nữ|giới|ông|anh|hồ|cực|của"
_COUNTED = (
    r"_(?:người|tấn|triệu|tỷ|tỉ|nghìn|ngàn|đồng|lần|lượt|tuổi|mét|km|m|ha|bàn|trận|điểm|set|huy"
    r"|giải|quả|đội|sao|năm|tháng|ngày|con|chiếc|căn|suất|ca)(?!\w)"
)
_LUNAR = r"_?\(?(?:trước_công_nguyên|tcn|trước_cn|âm_lịch)(?!\w)"
_YEAR = r"(?:năm_)?(?P<y>(?:1[0-9]|20)\d\d)"
_PLACES = r"(?<!\w)(?:quán|quán_ăn|hàng|chợ|trạm|xăng|khách_sạn|nhà|ở|chỗ|trường|viện)_$"
_PARTS: dict[str, Part] = {"dau": "first", "giua": "middle", "cuoi": "last"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A slice `[start, end)` of a question that speaks of time.

    `period` is None where no days are named but the newest are wanted ("hiện nay").
    """

    start: int
    end: int
    period: Period | None


@dataclass(frozen=True, slots=True)
class _Read:
    """A closed period, read up to `end`; whether its own words name the year."""

    end: int
    since: date
    until: date
    has_year: bool


def mentions(question: str, today: date) -> list[Mention]:
    """The time expressions of a question (in NFC) in order; none overlaps another."""
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in question).replace("–", "-")
    grammar = _grammar(is_bare(text))
    found: list[Mention] = []
    for word in re.finditer(r"\w+", text):
        if found and word.start() < found[-1].end:
            continue
        if mention := grammar.mention(text, word.start(), Context(today)):
            found.append(mention)
    return found


def is_bare(text: str) -> bool:
    """Whether a text seems to be typed without diacritics, or with few of them."""
    parts = words(text)
    return sum(map(has_diacritics, parts)) < _BARE_SHARE * len(parts)


@cache
def _grammar(bare: bool) -> "_Grammar":
    return _Grammar(bare)


class _Grammar:
    """The rules and what joins them, for text that may or may not lack its diacritics."""

    def __init__(self, bare: bool) -> None:
        self.bare = bare
        self.rules: list[Rule] = rules(bare)
        self.years = year_range(bare)
        self.newest = expression(NEWEST, bare)
        self.year = expression(_YEAR, bare)
        self.counted, self.lunar = self._re(_COUNTED), self._re(_LUNAR)
        self.each, self.several = self._words(_EACH), self._words(_SEVERAL)
        self.codes, self.places = self._re(_CODES), self._re(_PLACES)
        self.south = self._words(_SOUTH)
        self.part = self._re(r"(?P<part>đầu|giữa|cuối|nửa_đầu|nửa_cuối|nửa_sau)_")
        self.since = self._re(r"(?:kể_)?từ_")
        self.between = self._re(r"giữa_|trong_khoảng_|khoảng_")
        self.to = self._re(r"_(?:cho_)?(?:đến|tới)_(?:hết_)?|_?-_?|_và_")
        self.now = self._re(r"_(?:cho_)?(?:đến|tới)_(?:hiện_)?(?:nay|giờ|tại|bây_giờ)(?!\w)")
        self.days = self._re(
            r"(?<!\d[/.,\-])(?:ngày_)?(?P<d>3[01]|[12]\d|0?[1-9])(?:_(?:đến|tới|và)_|_?-_?)(?:ngày_)?"
        )
        self.count = self._re(r"_(?:đến|tới)_\d")  # "từ 1500 đến 2000 người"
        self.before, self.after = self._re(r"trước_"), self._re(r"sau_")

    def _re(self, pattern: str) -> re.Pattern[str]:
        return re.compile(spell(pattern, self.bare))

    def _words(self, spelled: str) -> frozenset[str]:
        found = spelled.split("|")
        return frozenset([*found, *(map(fold, found) if self.bare else ())])

    def mention(self, text: str, at: int, context: Context) -> Mention | None:
        """The longest expression that begins at a place."""
        found = [
            Mention(at, read.end, Period(read.since, read.until))
            for read in (self._range(text, at, context), self._whole(text, at, context))
            if read
        ]
        if opened := self._open(text, at, context):
            found.append(opened)
        if (newest := self.newest.match(text, at)) and not self._is_place(text, newest):
            found.append(Mention(at, newest.end(), None))
        return max(found, key=lambda mention: mention.end, default=None)

    # -- ranges ------------------------------------------------------------------------------

    def _range(self, text: str, at: int, context: Context) -> _Read | None:
        """ "từ … đến …", "giữa … và …", "từ ngày 15 đến 18/12/1986"."""
        opening = self.since.match(text, at) or self.between.match(text, at)
        start = opening.end() if opening else at
        if days := self._days_of_a_month(text, start, context):
            return days
        years = self.years.read(text, start, context)
        if years and self._are_years(years[0], bool(opening)):
            match, period = years
            assert period.since and period.until
            return _Read(match.end(), period.since, period.until, True)
        if not opening or not (first := self._whole_or_year(text, start, context)):
            return None
        if now := self.now.match(text, first.end):
            return _Read(now.end(), first.since, context.today, True)
        if not (to := self.to.match(text, first.end)):
            return None
        if not (last := self._whole_or_year(text, to.end(), context)):
            return None
        if last.has_year and not first.has_year:
            of_that_year = Context(context.today, last.until.year)
            first = self._whole_or_year(text, start, of_that_year) or first
        if first.since > last.until:
            return None
        return _Read(last.end, first.since, last.until, True)

    def _are_years(self, match: re.Match[str], is_opened: bool) -> bool:
        """Whether two numbers are years: behind a word for them, or no count of anything."""
        if not match.group()[0].isdigit():
            return self._is_sound(match)
        return is_opened and not self.counted.match(match.string, match.end())

    def _days_of_a_month(self, text: str, at: int, context: Context) -> _Read | None:
        if not (first := self.days.match(text, at)):
            return None
        # Behind a cue of its own, so that "18/12" counts as a day.
        cue = f"ngày {text[first.end() :]}"
        last = self._whole(cue, 0, context)
        if last is None or last.since != last.until or int(first["d"]) >= last.until.day:
            return None
        end = len(text) - (len(cue) - last.end)
        return _Read(end, last.until.replace(day=int(first["d"])), last.until, last.has_year)

    def _open(self, text: str, at: int, context: Context) -> Mention | None:
        """ "trước …", "sau …", "từ …"."""
        one_day = timedelta(days=1)
        for opening in (self.before, self.after, self.since):
            if not (begin := opening.match(text, at)):
                continue
            inner = self._whole_or_year(text, begin.end(), context)
            if inner and not self.count.match(text, inner.end):
                if opening is self.before:
                    return Mention(at, inner.end, Period(None, inner.since - one_day))
                since = inner.until + one_day if opening is self.after else inner.since
                return Mention(at, inner.end, Period(since, None))
        return None

    # -- one period --------------------------------------------------------------------------

    def _whole_or_year(self, text: str, at: int, context: Context) -> _Read | None:
        """An expression of one period, or a year that stands alone."""
        if found := self._whole(text, at, context):
            return found
        year = self.year.match(text, at)
        if year is None or self.counted.match(text, year.end()):
            return None
        whole = int(year["y"])
        return _Read(year.end(), date(whole, 1, 1), date(whole, 12, 31), True)

    def _whole(self, text: str, at: int, context: Context) -> _Read | None:
        """An expression of one period, or of a part of one ("cuối năm 2024")."""
        best: _Read | None = None
        for rule in self.rules:
            read = rule.read(text, at, context)
            if not read or (best and read[0].end() <= best.end) or not self._is_sound(read[0]):
                continue
            match, period = read
            if period.since and period.until:
                has_year = re.search(r"\d{4}|nay$|nay\b|ngo[áa]i|kia", match.group())
                best = _Read(match.end(), period.since, period.until, has_year is not None)
        if (part := self.part.match(text, at)) and (
            whole := self._whole(text, part.end(), context)
        ):
            name = fold(part["part"])
            period = Period(whole.since, whole.until)
            if name.startswith("nua"):
                period = periods.half(period, last=name != "nua dau")
            elif whole.until - whole.since > timedelta(days=7):
                period = periods.third(period, _PARTS[name])
            if period.since and period.until and (best is None or whole.end > best.end):
                best = _Read(whole.end, period.since, period.until, whole.has_year)
        return best

    def _is_sound(self, match: re.Match[str]) -> bool:
        """Whether the words around a match leave it a date."""
        text, said = match.string, match.group()
        before = re.search(r"(\w+)\s$", text[: match.start()])
        previous = before.group(1) if before else ""
        if self.lunar.match(text, match.end()):
            return False
        if said[0].isdigit():
            return not self.codes.search(text[: match.start()])
        if previous in self.each:
            return False
        if self.bare and said.startswith("nam ") and previous in self.south:
            return False
        if re.fullmatch(r"\w+ (?:trước|truoc|qua|rồi|roi|tới|toi|vừa \w+)", said):
            if previous in self.several or previous.isdigit():
                return False
            return not re.match(r"\s(?:đó|do|khi|công|cn|kia)(?!\w)", text[match.end() :])
        if re.fullmatch(r"(?:tháng|thang) \w+|(?:năm|nam) \d{3}", said):
            return not (previous.isdigit() or self.counted.match(text, match.end()))
        return True

    def _is_place(self, text: str, newest: re.Match[str]) -> bool:
        """ "quán ăn gần đây" is near here, not lately."""
        is_near = fold(newest.group()) == "gan day"
        return is_near and self.places.search(text[: newest.start()]) is not None
