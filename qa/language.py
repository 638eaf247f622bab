"""How likely words follow one another, by what the indexed articles say.

A bigram model over passages with a Dirichlet prior (MacKay and Peto 1995): the chance of a word
after another is drawn towards the chance of the word alone, the more so the less is known of the
pair. Articles ask few questions, so the words that questions are made of are counted in addition.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from index.text import key
from index.types import Terms
from qa.syllables import is_syllable, split_tone

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SMOOTHING = 8.0  # passages' worth of belief in a word by itself, whatever stands before it
_ASKED_SHARE = 0.01  # every phrase counts as if this share of the passages held it
# An unknown word costs this much and this much more for every letter, at least as much as the
# rarest known one. Vietnamese has some 7,000 syllables: one of them is never a great surprise.
_UNKNOWN, _UNKNOWN_LETTER, _UNKNOWN_SYLLABLE = 5.0, 2.5, 9.0

_PHRASES = (
    "là gì|gì|cái gì|điều gì|những gì|tên gì|tên là gì|gọi là gì|nghĩa là gì|làm gì|để làm gì"
    "|loại gì|nghề gì|chức gì|có gì|bằng gì|gồm những gì|là ai|ai là|ai đã|của ai|với ai|bởi ai"
    "|người nào|nào|khi nào|năm nào|ngày nào|tháng nào|lúc nào|thời gian nào|thế kỷ nào|bao giờ"
    "|từ khi nào|vào năm nào|vào ngày nào|vào thời gian nào|kể từ khi nào|nơi nào|nước nào"
    "|quốc gia nào|thành phố nào|tỉnh nào|ở đâu|đâu là|từ đâu|tại đâu|đến đâu|nằm ở đâu"
    "|bao nhiêu|là bao nhiêu|có bao nhiêu|bao nhiêu người|bao nhiêu phần trăm|bao lâu|bao xa"
    "|mấy|có mấy|vì sao|tại sao|lý do|nguyên nhân|như thế nào|thế nào|ra sao|bằng cách nào"
    "|làm sao|làm thế nào|cách nào|có phải|phải không|được không|hay không|không|có thể|hãy cho biết"
    "|cho biết|là người nào|trường nào|công ty nào|tổ chức nào|đội nào|loại nào|gì để|gì cho"
    "|được gọi là|được đặt tên|đầu tiên|lớn nhất|nhiều nhất|cao nhất|dài nhất|thuộc về"
    "|thuộc tỉnh nào|xảy ra|diễn ra|đã làm gì|ai|diện tích|dân số|sinh năm nào|mất năm nào"
)


@cache
def _asked() -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """How often each word, and each pair of neighbours, stands in the phrases of questions."""
    words: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for phrase in _PHRASES.split("|"):
        found = [key(word) for word in phrase.split()]
        for word in found:
            words[word] = words.get(word, 0) + 1
        for pair in zip(found, found[1:], strict=False):
            pairs[pair] = pairs.get(pair, 0) + 1
    return words, pairs


class Language:
    """The words that may have been meant in one question, and the cost in nats of their order.

    Words are named by their places in `keys`; `numbers` are their term numbers and `passages`
    how many passages hold each.
    """

    def __init__(
        self, keys: Sequence[str], numbers: Sequence[int], passages: Sequence[int], terms: Terms
    ) -> None:
        self._terms = terms
        self._numbers = np.array(numbers, dtype=np.int32)
        words, pairs = _asked()
        self._weight = _ASKED_SHARE * terms.passages + 1.0
        asked = np.array([words.get(k, 0) for k in keys], dtype=np.float64) * self._weight
        self._counts = np.array(passages, dtype=np.float64) + asked
        total = max(terms.passages * terms.mean_length, 1.0) + self._weight * sum(words.values())
        self._alone = np.where(
            self._counts > 0,
            -np.log(np.maximum(self._counts, 0.5) / total),
            [_unknown_cost(k) if c == 0 else 0.0 for k, c in zip(keys, self._counts, strict=True)],
        )
        places = {name: at for at, name in enumerate(keys) if name in words}
        self._asked = np.full(len(keys), -1, dtype=np.int64)
        self._asked[list(places.values())] = np.arange(len(places))
        self._asked_pairs = np.zeros((len(places) + 1, len(places) + 1))
        local = {name: i for i, name in enumerate(places)}
        for (a, b), count in pairs.items():
            if a in local and b in local:
                self._asked_pairs[local[a], local[b]] = count * self._weight

    def alone(self, words: Ints) -> Floats:
        """The cost of each word without what stands before it."""
        return self._alone[words]

    def after(self, first: Ints, second: Ints) -> Floats:
        """The cost of each second word after its first."""
        counts = self._terms.pair_frequency(self._numbers[first], self._numbers[second])
        together = counts + self._asked_pairs[self._asked[first], self._asked[second]]
        prior = _SMOOTHING * np.exp(-self._alone[second])
        return -np.log((together + prior) / (self._counts[first] + _SMOOTHING))


def _unknown_cost(key_: str) -> float:
    spelled = _UNKNOWN + _UNKNOWN_LETTER * len(key_)
    return min(spelled, _UNKNOWN + _UNKNOWN_SYLLABLE) if is_syllable(*split_tone(key_)) else spelled
