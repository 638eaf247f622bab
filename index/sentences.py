"""Where Vietnamese sentences begin and end, as exact slices of the text."""

import re
import unicodedata

from index.types import Span

# What a full stop belongs to, rather than ending a sentence. Compared in lower case.
_ABBREVIATED = """
    tp tx tt q p h x tr t st mr mrs ms dr prof jr sr vs no nr vol pp fig gen col lt sgt capt
    gs pgs ts ths th bs ks ls cv kts nsnd nsưt ngnd ngưt nghs nhs ths tskh bsck cki ckii
    tw ttg đ/c đc ô b ct gđ pgđ bt tbt qđ nđ nq cp vd sđd nxb đt sđt mst stk
    co corp inc ltd bros etc cf ca al ed eds approx dept est jan feb mar apr aug sept oct nov dec
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
# Syllables without diacritics that often begin a Vietnamese sentence: after "vitamin C." they
# begin the next one, where another such capitalised word is the rest of a name ("J. Rowling").
_OPENING = """
    anh ba ban bao cha cho chi con cung do duy em hai hay hi hoa khi kim lan mai mong nam nay nga
    ngay nguy qua sau sinh song suy tam tay theo thay thu tin to tra trang trong
    trung tuy ung vua vui vy xe xem xin
"""
_OPENERS = frozenset(_OPENING.split())
_CLOSERS = "\"'”’»)]}"
_END = re.compile(rf"[.!?…]+[{re.escape(_CLOSERS)}]*")
_LINE_BREAKS = re.compile(r"[\n\r\v\f\x85\u2028\u2029]\s*")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘«,;:.]+$")
_LAST_DOTTED = re.compile(r"(?:^|[\s(\[{\"'“‘«,;:])((?:[^\W\d_]{1,4}\.)*[^\W\d_]{1,5})$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_INITIAL = re.compile(r"[^\W\d_]\.")
_MARKER = re.compile(r"\d{1,3}(?:\.\d{1,2})*|[IVXLC]+|[^\W\d_]")  # what counts the items of a list
_TITLES = frozenset("qpxhtfô")  # quận, phường, xã, huyện, tỉnh, ông before their names
_DASHES = "-–—"
_MARKS = re.compile(r"[\u0300-\u036f]")
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)


def split_paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Paragraphs of `text[start:end]`, without the white space around them.

    A line break ends a paragraph, unless the text was wrapped by hand: the line stops in
    mid-sentence and the next begins with a small letter.
    """
    end = len(text) if end is None else end
    lines: list[Span] = []
    begin = trimmed(text, start, end).start
    for match in _LINE_BREAKS.finditer(text, begin, end):
        if match.end() < end and _is_wrapped(text, begin, match):
            continue
        lines.append(trimmed(text, begin, match.start()))
        begin = match.end()
    lines.append(trimmed(text, begin, end))
    return [line for line in lines if line.start < line.end]


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of `text[start:end]`: slices that hold every character but white space between."""
    end = len(text) if end is None else end
    if _MARKS.search(text, start, end):  # NFD: the rules below know letters, not their parts
        composed, places = _compose(text, start, end)
        return [Span(places[s.start], places[s.end]) for s in _split(composed, 0, len(composed))]
    return _split(text, start, end)


def trimmed(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _compose(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """`text[start:end]` with its letters in NFC, and where in `text` each character begins."""
    letters: list[str] = []
    places: list[int] = []
    for match in _CLUSTER.finditer(text, start, end):
        letter = unicodedata.normalize("NFC", match.group())
        letters.append(letter)
        places += [min(match.start() + i, match.end() - 1) for i in range(len(letter))]
    return "".join(letters), [*places, end]


def _split(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for paragraph in split_paragraphs(text, start, end):
        begin = paragraph.start
        for match in _END.finditer(text, paragraph.start, paragraph.end):
            if match.end() < paragraph.end and _ends_sentence(text, begin, match, paragraph.end):
                spans.append(Span(begin, match.end()))
                begin = trimmed(text, match.end(), paragraph.end).start
        spans.append(Span(begin, paragraph.end))
    return spans


def _is_wrapped(text: str, line_start: int, line_break: re.Match[str]) -> bool:
    line = trimmed(text, line_start, line_break.start())
    white = line_break.group()
    if white.count("\n") > 1 or white.count("\r") > 1:  # an empty line
        return False
    return text[line_break.end()].islower() and text[line.end - 1] not in ".!?…:;"


def _ends_sentence(text: str, begin: int, match: re.Match[str], limit: int) -> bool:
    """Whether the punctuation of `match`, inside one paragraph, ends the sentence from `begin`."""
    mark, after = match.group(), match.end()
    following = trimmed(text, after, limit).start
    is_full_stop = mark.rstrip(_CLOSERS) == "."
    if following == after:
        return is_full_stop and _is_missing_space(text, begin, match.start(), after)
    spoken = following  # “Tôi về.” - ông nói
    while spoken < limit and (text[spoken] in _DASHES or text[spoken].isspace()):
        spoken += 1
    if text[spoken : spoken + 1].islower():
        return False
    if not is_full_stop:
        return True
    return not _is_abbreviated(text, begin, match.start(), following)


def _is_missing_space(text: str, begin: int, stop: int, after: int) -> bool:
    """`chế độ.Họ đã về`: a small-letter word, a full stop and a capitalised word in one."""
    word = _LAST_WORD.search(text, max(begin, stop - 20), stop)
    following = _FIRST_WORD.match(text, after)
    return bool(
        word
        and following
        and len(word.group()) > 1
        and word.group().islower()
        and word.group().isalpha()
        and word.group() not in _ABBREVIATIONS
        and len(following.group()) > 1
        and following.group().istitle()
    )


def _is_abbreviated(text: str, begin: int, stop: int, following: int) -> bool:
    """Whether the full stop at `stop` belongs to the word before it."""
    if _MARKER.fullmatch(text, begin, stop):  # "1. Tên gọi"
        return True
    window = max(begin, stop - 24)
    match = _LAST_DOTTED.search(text[window:stop])
    if match is None:
        return False
    word = match.group(1)
    last = word.rpartition(".")[2]
    if len(last) == 1 and last.isupper():
        return _is_initial(text, begin, window + match.start(1), word, following)
    if "." in word and last.islower() and len(last) == 1:  # "v.v." may end a sentence
        return False
    return last.lower() in _ABBREVIATIONS and (last[0].isupper() or text[following].isdecimal())


def _is_initial(text: str, begin: int, start: int, word: str, following: int) -> bool:
    """`J. K. Rowling`, `George W. Bush`, `Q. Gò Vấp`, but not `vitamin C.` or `Trần Thị H.`"""
    is_part = text[following].isdecimal() or text[following] == "("  # "bà Lê Thị H. (54 tuổi)"
    if is_part or "." in word or _INITIAL.match(text, following):
        return True
    if word.lower() in _TITLES and not _follows_name(text, begin, start):
        return True
    rest = _FIRST_WORD.match(text, following)
    return bool(rest and rest.group().isascii() and rest.group().lower() not in _OPENERS)


def _follows_name(text: str, begin: int, start: int) -> bool:
    """Whether the word before `start` is part of a name: capitalised inside the sentence."""
    window = max(begin, start - 24)
    before = _LAST_WORD.search(text[window:start].rstrip())
    return bool(
        before
        and window + before.start() > begin
        and before.group()[0].isupper()
        and not before.group().isupper()
    )
