"""Greetings, thanks and questions about the chat itself: what is said to them, not searched.

Only whole utterances count: "Xin chào bán đảo Cam Ranh ở đâu" is a question.
"""

import re
from functools import cache

from qa.dates import is_bare
from qa.expressions import spell
from qa.understand import normalise
from qa.wording import VIETNAMESE, Phrases

_TO = "bạn|các_bạn|em|anh|chị|ad|admin|bot|hỏi_báo|mọi_người|ơi|nhé|nha|ạ|nhiều|lắm|rất_nhiều"
_YOU = "(?:bạn|em|ad|bot|hỏi_báo)"
_SAID = {
    "greeting": "xin_chào|chào|hello|hi|alo|a_lô|hế_lô|hey|chào_buổi_(?:sáng|trưa|chiều|tối)",
    "thanking": "(?:xin_|rất_)?(?:cảm|cám)_ơn|thank|thanks|thank_you|tks",
    "parting": "tạm_biệt|bye|bye_bye|goodbye|hẹn_gặp_lại|chào_tạm_biệt|chúc_ngủ_ngon",
}
_ABOUT = {
    "who_am_i": f"{_YOU}_(?:là_(?:ai|gì|cái_gì)|tên_(?:là_)?gì)|đây_là_(?:gì|cái_gì|trang_gì)"
    "|bạn_là_(?:người|máy)_(?:hay|hoặc)_(?:người|máy)",
    "how_to_ask": f"{_YOU}_(?:có_thể_)?(?:làm|giúp|trả_lời)(?:_được)?(?:_những)?_(?:gì|cái_gì)"
    f"(?:_được)?(?:_cho_tôi)?|{_YOU}_biết_(?:làm_)?(?:những_)?gì|cách_(?:dùng|hỏi)"
    "|tôi_(?:có_thể_)?hỏi_(?:được_)?(?:những_)?gì|hỏi_(?:như_)?thế_nào",
}


def small_talk(question: str) -> str:
    """The name of the phrase that is said to an utterance, "" for a question."""
    text = " ".join(re.findall(r"\w+", normalise(question).lower()))
    return next((name for name, said in _rules(is_bare(text)) if said.fullmatch(text)), "")


def reply(question: str, say: Phrases = VIETNAMESE) -> str:
    """What is said to an utterance that is no question, "" for a question."""
    name = small_talk(question)
    said: str = getattr(say, name) if name else ""
    return said


@cache
def _rules(bare: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    said = {name: f"(?:(?:{words})(?:_(?:{_TO}))*)" for name, words in _SAID.items()}
    about = {
        name: f"(?:{said['greeting']}_)?(?:{words})(?:_(?:vậy|thế|nhỉ|ạ|hả|nha|nhé))*"
        for name, words in _ABOUT.items()
    }
    return tuple((name, re.compile(spell(p, bare))) for name, p in (said | about).items())
