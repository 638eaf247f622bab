"""Vietnamese syllables: which letters make one, and where its tone mark is written."""

import re
import unicodedata
from functools import lru_cache

from index.text import fold

TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
_STOPPED_TONES = ("", "\u0301", "\u0323")  # the only ones before a final c, ch, p or t
_ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây"
    " e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu"
    " iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm"
    " oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt"
    " ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt"
    " uơ up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu"
    " ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu"
)
_SYLLABLE = re.compile(f"(?P<onset>{_ONSETS})??(?P<rime>{_RIMES.replace(' ', '|')})")
_FOLDED = re.compile(f"(?:{fold(_ONSETS)})??(?:{fold(_RIMES).replace(' ', '|')})")
_VOWELS = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"
_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1 << 16)
def split_tone(key: str) -> tuple[str, str]:
    """A key of `index.text` to its letters and its tone; a tone typed twice counts once."""
    letters = key.rstrip(TONES)
    return letters, key[len(letters) : len(letters) + 1]


@lru_cache(maxsize=1 << 14)
def is_syllable(letters: str, tone: str = "") -> bool:
    """Whether letters with vowel marks, and a tone, make a syllable of Vietnamese spelling."""
    stopped = letters.endswith(("c", "ch", "p", "t"))
    return bool(_SYLLABLE.fullmatch(letters)) and (not stopped or tone in _STOPPED_TONES)


@lru_cache(maxsize=1 << 14)
def is_folded_syllable(letters: str) -> bool:
    """Whether some Vietnamese syllable is written so without its diacritics."""
    return bool(_FOLDED.fullmatch(letters))


def spell(letters: str, tone: str) -> str:
    """A syllable with its tone mark where newspapers write it: `hòa`, `thúy`, `quý`, `giữa`.

    `letters` is a syllable in small or capital letters; its case is kept.
    """
    if not tone:
        return letters
    at = _tone_place(letters.lower())
    marked = unicodedata.normalize("NFC", letters[at] + tone)
    return letters[:at] + marked + letters[at + 1 :]


def _tone_place(letters: str) -> int:
    onset = next((o for o in ("qu", "gi") if letters.startswith(o)), "")
    start = len(onset) if any(c in _VOWELS for c in letters[len(onset) :]) else 0
    places = [at for at in range(start, len(letters)) if letters[at] in _VOWELS]
    marked = [at for at in places if letters[at] in _MARKED]
    if marked:
        return marked[-1]
    has_coda = places[-1] < len(letters) - 1
    return places[1] if len(places) == 3 or (len(places) == 2 and has_coda) else places[0]


def respell(text: str) -> str:
    """Every syllable of a text (in NFC) with its tone mark in one and the same place."""
    return _LETTERS.sub(lambda m: _respell_word(m.group()), text)


@lru_cache(maxsize=1 << 14)
def _respell_word(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    tone = "".join(c for c in apart if c in TONES)
    letters = unicodedata.normalize("NFC", "".join(c for c in apart if c not in TONES))
    if len(tone) != 1 or not is_syllable(letters.lower(), tone):
        return word
    return spell(letters, tone)
