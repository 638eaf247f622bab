"""Abbreviations that Vietnamese news uses, and what they stand for.

A question may hold either, and so may an article. The other form is added to the question in
brackets, as newspapers introduce it; what was typed stays.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from index.syllables import is_folded_syllable
from index.text import fold, key, keys, tokens
from index.types import Terms

_TABLE = """
TP.HCM TPHCM HCM=Thành phố Hồ Chí Minh|TP=thành phố|HN Hanoi=Hà Nội|VN Vietnam=Việt Nam
TQ=Trung Quốc|HQ=Hàn Quốc|NB=Nhật Bản|ĐNA=Đông Nam Á|LHQ=Liên Hợp Quốc
ĐBSCL=Đồng bằng sông Cửu Long|ĐBSH=Đồng bằng sông Hồng|BR-VT BRVT=Bà Rịa - Vũng Tàu
TT-Huế=Thừa Thiên Huế|UBND=Ủy ban nhân dân|HĐND=Hội đồng nhân dân|TAND=Tòa án nhân dân
VKSND=Viện kiểm sát nhân dân|CAND=Công an nhân dân|QĐND=Quân đội nhân dân|MTTQ=Mặt trận Tổ quốc
ĐCSVN=Đảng Cộng sản Việt Nam|BCH=Ban Chấp hành|TW=Trung ương|ĐBQH=đại biểu Quốc hội
UBTVQH=Ủy ban Thường vụ Quốc hội|TTCP=Thanh tra Chính phủ|CSGT=cảnh sát giao thông
CSHS=cảnh sát hình sự|CSĐT=cảnh sát điều tra|PCCC=phòng cháy chữa cháy|CNCH=cứu nạn cứu hộ
BĐBP=Bộ đội Biên phòng|ANTT=an ninh trật tự|TNGT=tai nạn giao thông|ATGT=an toàn giao thông
GPLX=giấy phép lái xe|ATTP=an toàn thực phẩm|VSATTP=vệ sinh an toàn thực phẩm
GD&ĐT GDĐT=Giáo dục và Đào tạo|GTVT=Giao thông vận tải|KH&ĐT=Kế hoạch và Đầu tư
KH&CN KHCN=Khoa học và Công nghệ|TN&MT TNMT=Tài nguyên và Môi trường
NN&PTNT=Nông nghiệp và Phát triển nông thôn|TT&TT=Thông tin và Truyền thông
VH-TT&DL VHTTDL=Văn hóa Thể thao và Du lịch|LĐ-TB&XH LĐTBXH=Lao động Thương binh và Xã hội
NHNN=Ngân hàng Nhà nước|NHTM=ngân hàng thương mại|BHXH=bảo hiểm xã hội|BHYT=bảo hiểm y tế
BHTN=bảo hiểm thất nghiệp|TNCN=thu nhập cá nhân|GTGT VAT=giá trị gia tăng|NSNN=ngân sách nhà nước
DN=doanh nghiệp|DNNN=doanh nghiệp nhà nước|KCN=khu công nghiệp|KCX=khu chế xuất|BĐS=bất động sản
TTCK=thị trường chứng khoán|XNK=xuất nhập khẩu|CNTT=công nghệ thông tin|TTHC=thủ tục hành chính
CCCD=căn cước công dân|CMND=chứng minh nhân dân|KT-XH=kinh tế xã hội|CLB=câu lạc bộ
HLV=huấn luyện viên|ĐTQG=đội tuyển quốc gia|VĐV=vận động viên|BTC=ban tổ chức
VFF=Liên đoàn bóng đá Việt Nam|ĐH=đại học|CĐ=cao đẳng|ĐHQG=đại học quốc gia
THPT=trung học phổ thông|THCS=trung học cơ sở|GS=giáo sư|PGS=phó giáo sư|TS=tiến sĩ|ThS=thạc sĩ
BS=bác sĩ|NSND=nghệ sĩ nhân dân|NSƯT=nghệ sĩ ưu tú|SV=sinh viên|HS=học sinh|GV=giáo viên
BV=bệnh viện|TTXVN=Thông tấn xã Việt Nam|WHO=Tổ chức Y tế Thế giới|WB=Ngân hàng Thế giới
IMF=Quỹ Tiền tệ Quốc tế|WTO=Tổ chức Thương mại Thế giới|EU=Liên minh châu Âu
UNESCO=Tổ chức Giáo dục Khoa học và Văn hóa Liên Hợp Quốc|TBCN=tư bản chủ nghĩa
XHCN=xã hội chủ nghĩa|CNXH=chủ nghĩa xã hội|HTX=hợp tác xã|Saigon=Sài Gòn|Danang=Đà Nẵng
"""


_LONGEST = 12  # keys of the longest entry
_INSIDE = tuple(".@/-_&")  # signs behind which no abbreviation begins


class Addition(NamedTuple):
    """What is added to a question behind its key number `end - 1`, for its keys from `start`."""

    start: int
    end: int
    text: str


@cache
def _entries() -> list[tuple[list[str], str]]:
    """Every entry's abbreviations and what they stand for."""
    found = [e.split("=") for e in _TABLE.replace("\n", "|").strip("|").split("|")]
    return [(names.split(" "), meaning) for names, meaning in found]


@cache
def _meanings(bare: bool) -> dict[tuple[str, ...], str]:
    """The keys of every abbreviation to what it stands for; `bare`: without diacritics."""
    found: dict[tuple[str, ...], str] = {}
    for names, meaning in _entries():
        for name in names:
            found.setdefault(tuple(fold(k) if bare else k for k in keys(name)), meaning)
    return found


@cache
def _short_forms() -> dict[tuple[str, ...], str]:
    """The keys of what abbreviations stand for, to the first abbreviation of it."""
    return {tuple(keys(meaning)): names[0] for names, meaning in reversed(_entries())}


def is_abbreviation(word: str) -> bool:
    """Whether a word is one of the abbreviations, however it is capitalised; in capitals alone,
    where it may be a syllable too: "VAT", but "vat" is "vật" as well."""
    name = key(word)
    if is_folded_syllable(fold(name)) and not word.isupper():
        return False
    return (name,) in _meanings(False) or (name,) in _meanings(True)


def additions(text: str, is_bare: bool, terms: Terms) -> list[Addition]:
    """What to add to a question, in order; `is_bare`: it was typed without any diacritics.

    An abbreviation is spelled out where the collection has the words; words are abbreviated
    where the collection mostly does so. The end of an address (`.vn`) is no abbreviation.
    """
    places = tokens(text)
    found = [token.key for token in places]
    meanings = _meanings(is_bare)  # "DNA" may mean "ĐNA" only where no word has its diacritics
    result: list[Addition] = []
    at = 0
    while at < len(found):
        is_inside = text[places[at].start - 1 : places[at].start] in _INSIDE
        addition = None if is_inside else next(_at(found, at, meanings, terms), None)
        word = text[places[at].start : places[at].end]
        if addition is not None and addition.end == at + 1 and not is_abbreviation(word):
            addition = None
        if addition is not None:
            result.append(addition)
        at = addition.end if addition is not None else at + 1
    return result


def _at(
    found: Sequence[str], start: int, meanings: dict[tuple[str, ...], str], terms: Terms
) -> Iterator[Addition]:
    """What may be added for the keys from `start`, for most keys first."""
    for end in range(min(start + _LONGEST, len(found)), start, -1):
        typed = tuple(found[start:end])
        if (meaning := meanings.get(typed)) and _passages(keys(meaning), terms):
            if not _holds(found, keys(meaning)):
                yield Addition(start, end, meaning)
        elif short := _short_forms().get(typed):
            is_usual = _passages(keys(short), terms) > _passages(typed, terms)
            if is_usual and not _holds(found, keys(short)):
                yield Addition(start, end, short)


def _holds(found: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return any(list(found[at : at + size]) == list(phrase) for at in range(len(found)))


def _passages(phrase: Sequence[str], terms: Terms) -> int:
    """At most how many passages hold a phrase: as many as hold its rarest pair of neighbours."""
    numbers = terms.numbers(phrase)
    if len(numbers) == 1:
        return int(terms.frequency(numbers)[0])
    return int(terms.pair_frequency(numbers[:-1], numbers[1:]).min())
