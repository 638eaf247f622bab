"""The names in a question or a quote, and which of them look like a person's."""

from dataclasses import dataclass

from index.syllables import is_folded_syllable
from index.text import Token, fold, keys, tokens
from qa.places import COUNTRIES, PROVINCES

_PLACES = frozenset(tuple(keys(name)) for name in (*COUNTRIES, *PROVINCES))
_SURNAMES = frozenset(
    keys(
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trịnh Mai"
        " Tô Lương Đào Cao Lưu Hà Trương Tôn Chu Tạ Thái Kiều Quách Tống Vương Thi Mã Lâm Thân Nhâm"
    )
)
_BEFORE_PERSON = frozenset(
    keys(
        "ông bà anh chị cô em chú bác cậu vua chúa tướng sĩ sư viên trưởng thống tịch thư thủ nhân"
        " văn thơ quan hậu giả vụ soái hoàng tử người"
    )
)
_WOMEN = frozenset(keys("bà cô chị nàng nữ hậu"))
_MEN = frozenset(keys("ông anh cậu chú bác vua chúa chàng hoàng soái"))
_BARE_WOMEN, _BARE_MEN = (frozenset(map(fold, words)) for words in (_WOMEN, _MEN))
# Capitalised only because a sentence begins there: never the first word of a name.
_BEGIN = frozenset(
    keys(
        "ai ở còn thế vậy khi năm ngày tháng từ theo trong tại trên với vì để do sau trước đến và"
        " là có bao mấy đó đây nhờ chỉ những các một hai cứ riêng cũng lúc sáng chiều tối đêm rạng"
        " cuối đầu mùa sang dù nếu nhưng tuy nước người"
    )
)
_OFFICES = frozenset(
    keys("tổng thủ chủ bộ thứ phó quốc chính đại hội hiệp luật nghị viện ban tòa nhà")
)
_ENDS = ".?!:;\n\"'“”‘’()"  # before a word that would be capitalised in any case


@dataclass(frozen=True, slots=True)
class Name:
    """Capitalised words in a row, with a short number behind them ("Voyager 2"): a slice of a text.

    `before` is the key of the word before, "" for none.
    """

    text: str
    start: int
    end: int
    keys: tuple[str, ...]
    before: str = ""

    @property
    def is_place(self) -> bool:
        """Whether it is a country or a province."""
        return self.keys in _PLACES

    @property
    def is_called(self) -> bool:
        """Whether a word before it, or a surname, says that it is a person's."""
        if self.is_place or self.keys[-1].isdecimal() or len(self.keys) > 5:
            return False
        is_full = len(self.keys) > 1 and self.keys[0] in _SURNAMES
        return is_full or self.before in _BEFORE_PERSON

    @property
    def is_person(self) -> bool:
        """Whether it may be a person's: it is called one's, or is several foreign words."""
        if self.is_place or self.keys[-1].isdecimal() or len(self.keys) > 5:
            return False
        is_foreign = not any(is_folded_syllable(fold(each)) for each in self.keys)
        return self.is_called or (is_foreign and len(self.keys) > 1)


def are_alike(called: str, pronoun: str) -> bool | None:
    """Whether the word before a name and the word of a pronoun, which may lack its diacritics, are
    both for women or both for men; None where one of them does not tell."""
    kinds = (_kind(called, _WOMEN, _MEN), _kind(fold(pronoun), _BARE_WOMEN, _BARE_MEN))
    return kinds[0] == kinds[1] if all(kinds) else None


def _kind(word: str, women: frozenset[str], men: frozenset[str]) -> str:
    return "woman" if word in women else "man" if word in men else ""


def names(text: str) -> list[Name]:
    """The names of a text in their order."""
    runs: list[list[Token]] = []
    befores: list[str] = []
    last: Token | None = None
    for word in tokens(text):
        written = text[word.start : word.end]
        follows = bool(last and runs) and last is runs[-1][-1] and _follows(text, last, word)
        if follows and written.isdecimal() and len(written) < 4:
            runs[-1].append(word)
        elif written[0].isupper() and not (word.key in _BEGIN and _begins(text, word)):
            if follows:
                runs[-1].append(word)
            else:
                befores.append(last.key if last else "")
                runs.append([word])
        last = word
    found = [
        _name(text, part, before)
        for run, before in zip(runs, befores, strict=True)
        for part in _parts(run)
    ]
    return [name for name in found if not _is_ordinary(text, name)]


def _parts(run: list[Token]) -> list[list[Token]]:
    """ "Mỹ Donald Trump" is a country and a person."""
    for size in range(len(run) - 2, 0, -1):
        if tuple(word.key for word in run[:size]) in _PLACES:
            return [run[:size], run[size:]]
    return [run]


def _name(text: str, run: list[Token], before: str) -> Name:
    start, end = run[0].start, run[-1].end
    return Name(text[start:end], start, end, tuple(word.key for word in run), before)


def _follows(text: str, last: Token, word: Token) -> bool:
    """Whether a word goes on with a name that ends in another; no name goes on after a number."""
    between = text[last.end : word.start]
    is_near = between.strip() in ("", "-", "–") and "\n" not in between
    return is_near and not text[last.end - 1].isdecimal()


def _begins(text: str, word: Token) -> bool:
    before = text[: word.start].rstrip()
    return not before or before[-1] in _ENDS


def _is_ordinary(text: str, name: Name) -> bool:
    """Whether it is one syllable that sentences and offices begin with: "Trận", "Tổng thống"."""
    if len(name.keys) > 1 or name.is_place or (name.text.isupper() and len(name.text) > 1):
        return False
    if not is_folded_syllable(fold(name.keys[0])):
        return False
    before = text[: name.start].rstrip()
    return not before or before[-1] in _ENDS or name.keys[0] in _OFFICES
