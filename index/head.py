"""What the text of an article says about itself: title, date and outlet in its first lines."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from index.metadata import clean, parse_date
from index.sentences import split_sentences

_TITLE_SYLLABLES = 40  # a longer first line is a paragraph
_LEAD_TITLE_SYLLABLES = 25  # a title made from the lead is shortened to this
_CLAUSE_SYLLABLES = 6  # a shorter first clause says too little to be a title
_HEAD_LINES = 3  # a title and a date stand this high up

# "date 2024-01 (Ngày Nay) - ", "15/1/2024 (VnExpress) – ", "(Ngày Nay) - "
_NEWSROOM = re.compile(
    r"(?P<label>date\b[ \t]{0,3}:?[ \t]{0,3})?(?P<date>[^()\n]{0,40}?)"
    r"\((?P<outlet>[^\W\d_][^()\n]{1,39})\)[ \t]{0,3}[-–—]",
    re.IGNORECASE,
)
# What stands in parentheses before a dash without being an outlet: "(Ảnh minh họa) - "
_NO_OUTLET = re.compile(r"(?:ảnh|bài|kỳ|phần|tiếp|video|clip|minh họa)\b|.*[:/]", re.IGNORECASE)
_LINE = re.compile(r"\S[^\r\n]*")
_TURN = re.compile(r"^[ \t]*(?:PV|P\.V|Phóng viên)[ \t]*:", re.MULTILINE)
_TALK = re.compile(
    r"\b(?:trò chuyện|trao đổi|phỏng vấn|trả lời)"
    r"(?: (?:phỏng vấn|riêng|nhanh|với|của|cùng|cho|dành cho|PV|phóng viên|nhà báo))*"
    r" (?P<kind>báo|tạp chí) (?P<name>[^.;:!?\n]{2,60})",
    re.IGNORECASE,
)
# Outlets that not every newsroom writes with capitals throughout: "Báo Quân đội nhân dân".
_OUTLETS = (
    "công an nhân dân", "dân trí", "đại biểu nhân dân", "đại đoàn kết", "đầu tư", "hà nội mới",
    "lao động", "lao động thủ đô", "ngày nay", "người lao động", "nhân dân", "nông thôn ngày nay",
    "pháp luật việt nam", "phụ nữ việt nam", "quân đội nhân dân", "quốc tế", "sài gòn giải phóng",
    "sức khỏe và đời sống", "thanh niên", "thế giới và việt nam", "tiền phong", "tin tức",
    "tuổi trẻ", "văn hóa",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines say; `body` is the offset at which the article proper begins."""

    body: int
    title: str = ""
    date: str = ""
    source: str = ""


def read_head(text: str, start: int = 0, title: str = "") -> Head:
    """The head of `text[start:]`: a newsroom's header, or a title line and a date line.

    Where the title is known already, only that line or a Markdown heading is taken for the title.
    """
    if newsroom := read_newsroom_header(text, start):
        return newsroom
    body = _next_line(text, start)
    found = date = ""
    in_head = True
    for line in islice(_LINE.finditer(text, start), _HEAD_LINES):
        words = line.group().rstrip()
        rest = text[line.end() : line.end() + 1000]  # enough to see that a body follows
        stated = parse_date(words)
        if len(stated) > len("2024"):  # a year alone on its line may be anything
            date = date or stated
        elif in_head and not found and _is_title(words, rest, title):
            found = clean(words.lstrip("# "))
        else:
            in_head = False
        if in_head:
            body = _next_line(text, line.end())
    return Head(body, found, date)


def read_newsroom_header(text: str, start: int = 0) -> Head | None:
    """`date 2024-01 (Ngày Nay) - ` and its variations, when the text begins with one."""
    header = _NEWSROOM.match(text, _next_line(text, start))
    if header is None:
        return None
    date = parse_date(header["date"])
    if not header["label"]:
        if header["date"].strip() and not date:  # prose: "Bà Hường (Trần Thị Hường) - mẹ của ..."
            return None
        if _NO_OUTLET.match(header["outlet"]) or header["outlet"][0].islower():
            return None
    return Head(_next_line(text, header.end()), date=date, source=clean(header["outlet"]))


def _next_line(text: str, start: int) -> int:
    """The offset of the first character from `start` that is not white space."""
    line = _LINE.search(text, start)
    return line.start() if line else len(text)


def _is_title(line: str, rest: str, title: str) -> bool:
    if not rest.strip():
        return False
    if line.startswith("#"):
        return True
    if title:
        return clean(line).casefold() == title.casefold()
    return (
        len(line.split()) <= _TITLE_SYLLABLES
        and (not line.endswith((".", ",", ";", ":")) or line.endswith("..."))
        and len(rest.strip()) > len(line)
        and any(letter.isalpha() for letter in line)
        and not _TURN.match(line)
        # The next line goes on in mid-sentence: a paragraph that was wrapped by hand.
        and not rest.lstrip("\r\n")[:1].islower()
    )


def lead_title(text: str, body: int) -> str:
    """A title from the lead sentence: its first clauses, "…" where it is cut in mid-clause."""
    end = body + 2000  # more than any lead
    sentences = split_sentences(text, body, min(end, len(text)))
    if not sentences:
        return ""
    lead = clean(text[sentences[0].start : sentences[0].end])
    syllables = lead.split()
    if len(syllables) <= _LEAD_TITLE_SYLLABLES:
        return lead.rstrip(".")
    for count in range(_LEAD_TITLE_SYLLABLES, _CLAUSE_SYLLABLES - 1, -1):
        clause = " ".join(syllables[:count])
        if clause.endswith((",", ";", ":")) and clause.count("(") == clause.count(")"):
            return clause[:-1]
    return " ".join(syllables[:_LEAD_TITLE_SYLLABLES]) + "…"


def interview_outlet(text: str, body: int) -> str:
    """ "Báo X" of an interview whose lead says "... đã có cuộc trò chuyện với Báo X ..."."""
    turn = _TURN.search(unicodedata.normalize("NFC", text[body : body + 20_000]))
    if turn is None:
        return ""
    lead = turn.string[: turn.start()]
    for talk in _TALK.finditer(lead):
        if name := _outlet_name(talk["name"]):
            return f"{talk['kind'].capitalize()} {name}"
    return ""


def _outlet_name(words: str) -> str:
    """The outlet that `words` begin with: a known one, an acronym, or several capitalised words.

    One capitalised syllable alone is the start of a name written with small letters whose end
    cannot be told: better no outlet than half of one.
    """
    known = [name for name in _OUTLETS if re.match(rf"{name}\b", words.casefold())]
    if known:
        return words[: max(map(len, known))]
    name: list[str] = []
    for word in words.split():
        bare = word.strip("\"'“”‘’(),")
        if not bare or not bare[0].isupper():
            break
        name.append(bare)
        if word[-1] in "\"'”’),":
            break
    is_name = len(name) > 1 or (name and not name[0].istitle())
    return " ".join(name) if is_name else ""
