"""Where Vietnamese sentences begin and end, as exact slices of the text."""

import re

from index.types import Span

# What a full stop belongs to, rather than ending a sentence. Compared in lower case.
_ABBREVIATIONS = frozenset(
    """
    tp tx tt q p h x tr t st mr mrs ms dr prof jr sr vs no nr vol pp fig gen col lt sgt capt
    gs pgs ts ths th bs ks ls cv kts nsnd nsưt ngnd ngưt nghs nhs ths tskh bsck
    tw ttg đ/c đc ô b ct gđ pgđ bt tbt qđ nđ nq cp vd sđd nxb đt sđt mst stk
    co corp inc ltd bros etc cf ca al ed eds approx dept est jan feb mar apr aug sept oct nov dec
    """.split()
)
# Syllables without diacritics that often begin a Vietnamese sentence: after "vitamin C." they
# begin the next one, where another capitalised word would be the rest of a name ("J. Rowling").
_OPENERS = frozenset(
    "anh ba ban bao cho chi con cung do duy em hai hay hi hoa hôm khi không kim lan mai nam nay nga"
    " ngay ngoài nguy nhân nhưng qua sau sinh song suy tam tay theo thay thu tin to tra trang trong"
    " trung tuy tôi ung vua vui vy xin xuân yên xem".split()
)
_CLOSERS = "\"'”’»)]}"
_END = re.compile(rf"[.!?…]+[{re.escape(_CLOSERS)}]*")
_LINE_BREAKS = re.compile(r"[ \t]*(?:\r\n|[\n\r\v\f\x85\u2028\u2029])\s*")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘«,;:.]+$")
_LAST_DOTTED = re.compile(r"(?:^|[\s(\[{\"'“‘«,;:])((?:[^\W\d_]{1,4}\.)*[^\W\d_]{1,5})$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_INITIAL = re.compile(r"[^\W\d_]\.")
_PLACES = frozenset("qpxhtf")  # quận, phường, xã, huyện, tỉnh before their names


def split_paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Paragraphs of `text[start:end]`, without the white space around them.

    A line break ends a paragraph, unless the text was wrapped by hand: the line stops in
    mid-sentence and the next begins with a small letter.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _LINE_BREAKS.finditer(text, start, end):
        if match.end() < end and _is_wrapped(text, begin, match):
            continue
        _append_trimmed(spans, text, begin, match.start())
        begin = match.end()
    _append_trimmed(spans, text, begin, end)
    return spans


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of `text[start:end]`: slices that hold every character but white space between."""
    spans: list[Span] = []
    for paragraph in split_paragraphs(text, start, end):
        begin = paragraph.start
        for match in _END.finditer(text, paragraph.start, paragraph.end):
            if match.end() < paragraph.end and _ends_sentence(text, begin, match, paragraph.end):
                _append_trimmed(spans, text, begin, match.end())
                begin = match.end()
        _append_trimmed(spans, text, begin, paragraph.end)
    return spans


def _append_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _is_wrapped(text: str, line_start: int, line_break: re.Match[str]) -> bool:
    if line_break.group().count("\n") > 1 or line_break.start() == line_start:
        return False
    return text[line_break.end()].islower() and text[line_break.start() - 1] not in ".!?…:;"


def _ends_sentence(text: str, begin: int, match: re.Match[str], limit: int) -> bool:
    """Whether the punctuation of `match`, inside one paragraph, ends the sentence from `begin`."""
    mark, after = match.group(), match.end()
    following = after
    while following < limit and text[following].isspace():
        following += 1
    if following == limit:
        return True
    is_full_stop = mark.rstrip(_CLOSERS) == "."
    if following == after:
        return is_full_stop and _is_missing_space(text, begin, match.start(), after)
    if text[following].islower():
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
    match = _LAST_DOTTED.search(text, max(begin, stop - 24), stop)
    if match is None:
        # "1. Tên gọi": a number that opens a paragraph counts its items.
        return text[begin:stop].strip().isdecimal()
    word = match.group(1)
    last = word.rpartition(".")[2]
    if len(last) == 1 and last.isupper():
        return _is_initial(text, begin, match.start(1), word, following)
    if "." in word and last.islower() and len(last) == 1:  # "v.v." may end a sentence
        return False
    return last.lower() in _ABBREVIATIONS and (last[0].isupper() or text[following].isdecimal())


def _is_initial(text: str, begin: int, start: int, word: str, following: int) -> bool:
    """`J. K. Rowling`, `George W. Bush`, `Q. 1`, but not `vitamin C. Ngoài ra`."""
    if text[following].isdecimal() or "." in word or _INITIAL.match(text, following):
        return True
    if word.lower() in _PLACES:
        return True
    name = _FIRST_WORD.match(text, following)
    if name is None or name.group().lower() in _OPENERS:
        return False
    before = text[begin:start].split()
    return bool(before and before[-1][0].isupper()) or name.group().isascii()
