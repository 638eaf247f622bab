"""Reading a question and a passage together, to tell which sentence answers, if any does."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cross_encoder import (
    MOST,
    MOST_ASKED,
    MOST_OF_SENTENCE,
    CrossEncoder,
    together,
    tuned,
)
from index.encoder import open_encoder
from index.model import model_folder
from index.q4 import read
from index.reader import Index
from index.types import UNREAD, Encoder, Logits
from qa.answer import Answerer
from qa.datasets import read_dataset
from qa.evaluate import open_corpus
from qa.reading import answers, of_other_years
from qa.scores import released_weights
from qa.search import Searcher
from tests.fakes import WordEncoder

BuildIndex = Callable[..., Index]
DETAILS = Path(__file__).parents[1] / "sample" / "details.jsonl"
BEGIN, END = 0, 2
PASSAGES = [
    ("Cầu khánh thành năm nào?", "Cầu Long Biên", ("Cầu dài 2.290 m.", "Khánh thành năm 1902.")),
    ("Ai thiết kế cầu?", "Cầu Long Biên", ("Cầu dài 2.290 m.", "Khánh thành năm 1902.")),
    ("Vé vào cửa giá bao nhiêu?", "", ("Mở cửa từ 8 giờ.", "Vé 70.000 đồng một lượt.")),
    ("Vé vào cửa giá bao nhiêu?", "Văn Miếu", ("Khu di tích rộng 54.000 m².",)),
]


class Session:
    """Stands in for onnxruntime's: remembers what it is given, counts each sentence's tokens."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def run(self, outputs: list[str], inputs: dict[str, Any]) -> list[np.ndarray]:
        self.given.append(inputs)
        return [(inputs["members"] > 0).sum(axis=1).astype(np.float32)]


def lengths(texts: Sequence[str]) -> list[list[int]]:
    """Each word to its length and ten."""
    return [[BEGIN, *(10 + len(word) for word in text.split()), END] for text in texts]


def test_question_title_and_sentences_are_one_row_of_tokens() -> None:
    row = together(lengths, "bao nhiêu", "Cầu", ["Nó dài.", "Một nghìn mét."])
    asked = [BEGIN, 16, 13, 15, END]  # "query: bao nhiêu"
    assert row.ids == [*asked, END, 18, 14, 12, 14, 13, 15, 14, END]  # "passage: Cầu." and the rest
    assert row.sentences == [(8, 10), (10, 13)]
    untitled = together(lengths, "bao nhiêu", "", ["Nó dài."])
    assert untitled.ids == [*asked, END, 18, 12, 14, END]


def test_each_sentence_is_the_mean_of_its_own_tokens() -> None:
    session = Session()
    logits = CrossEncoder(session, lengths).read("gì", "Cầu", ["một hai ba", "bốn"])
    (given,) = session.given
    assert logits.tolist() == [3.0, 1.0]
    assert given["members"].sum(axis=1) == pytest.approx([1.0, 1.0])
    assert given["members"].shape == (2, given["input_ids"].shape[1])


@given(st.lists(st.integers(0, 200), min_size=1, max_size=12), st.integers(1, 200))
def test_three_sentences_are_read_and_as_many_more_as_fit_in(sizes: list[int], asked: int) -> None:
    sentences, question, title = ["từ " * size for size in sizes], "gì " * asked, "tên " * asked
    row = together(lengths, question, title, sentences)
    assert len(row.ids) <= MOST and row.ids[-1] == END and row.ids.count(END) == 3
    assert row.ids.index(END) == 1 + min(asked + 1, MOST_ASKED)
    read = [end - start for start, end in row.sentences]
    assert read == [min(size, MOST_OF_SENTENCE) for size in sizes[: len(read)]]
    assert len(read) >= min(len(sizes), 3)
    if len(read) < len(sizes):
        assert len(row.ids) + min(sizes[len(read)], MOST_OF_SENTENCE) > MOST
    logits = CrossEncoder(Session(), lengths).read(question, title, sentences)
    assert logits.tolist() == read + [UNREAD] * (len(sizes) - len(read))


def test_a_passage_answers_as_surely_as_its_sentences_together() -> None:
    assert answers(np.array([0.0, 0.0], dtype=np.float32)) == pytest.approx(np.log(2 / 3))
    alone = answers(np.array([3.0], dtype=np.float32))
    assert answers(np.array([3.0, UNREAD], dtype=np.float32)) == pytest.approx(alone, abs=1e-4)


def test_the_trained_layers_take_the_place_of_the_upper_ones(weights_path: Path) -> None:
    from benchmarks.cross_encoder import FROZEN, LAYERS

    plain = read(weights_path)
    trained, head = tuned(plain)
    assert trained.sizes.layers == LAYERS < plain.sizes.layers
    for layer in range(LAYERS):
        before = plain.matrices[f"l{layer}.fi.w"].floats()
        after = trained.matrices[f"l{layer}.fi.w"].floats()
        assert (after.shape == before.shape) and (after == before).all() == (layer < FROZEN)
    assert head["o.w"].shape == (1, plain.sizes.hidden)


def test_the_graph_gives_what_torch_gives(weights_path: Path) -> None:
    import torch

    from benchmarks.cross_encoder import Model, bundled_tokenizer

    model = Model(model_folder())
    model.load(*tuned(read(weights_path)))
    model.eval()
    tokenize, encoder = bundled_tokenizer(), open_encoder()
    with torch.no_grad():
        expected = model([together(tokenize, *passage) for passage in PASSAGES])
    for passage, logits in zip(PASSAGES, expected, strict=True):
        # In 8 bits: nearest where it is undecided.
        assert encoder.read(*passage) == pytest.approx(logits.numpy(), abs=0.3, rel=0.15)


def test_what_is_written_of_a_model_is_read_again(weights_path: Path, tmp_path: Path) -> None:
    from benchmarks.cross_encoder import Model

    model = Model(model_folder())
    weights, head = tuned(read(weights_path))
    model.load(weights, head)
    np.savez_compressed(tmp_path / "again.npz", **model.arrays())
    again, again_head = tuned(read(weights_path), tmp_path / "again.npz")
    assert again.sizes == weights.sizes and again.matrices.keys() == weights.matrices.keys()
    for name in ("l3.q.w", "l7.fo.w"):
        before, after = weights.matrices[name].floats(), again.matrices[name].floats()
        assert after == pytest.approx(before, abs=1e-6)
    assert all((again.vectors[name] == weights.vectors[name]).all() for name in weights.vectors)
    assert all((again_head[name] == head[name]).all() for name in head)


def test_it_tells_what_an_article_says_from_what_it_does_not(model_dir: Path) -> None:
    """Of the same subjects, 240 questions that the sample answers and 240 that it does not."""
    from sklearn.metrics import roc_auc_score

    encoder = open_encoder()
    dataset = read_dataset(DETAILS)
    remembered = Remembered(encoder)
    searcher = Searcher(open_corpus(dataset, encoder), remembered)
    asked = [q.text for q in dataset.questions] + list(dataset.unanswerable)
    chances = []
    for question in asked:
        remembered.given.clear()
        searcher.rank(searcher.understand(question))
        *_, logits = remembered.given[0]  # of the first passage
        chances.append(answers(logits))
    told = np.repeat([True, False], [len(dataset.questions), len(dataset.unanswerable)])
    assert len(told) == 480 and told.sum() == 240
    assert roc_auc_score(told, chances) > 0.8


class Remembered:
    """An encoder that remembers what it read."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint, self.dim = encoder.name, encoder.fingerprint, encoder.dim
        self.encode_queries, self.encode_passages = encoder.encode_queries, encoder.encode_passages
        self._encoder = encoder
        self.given: list[tuple[str, str, Sequence[str], Logits]] = []

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        logits = self._encoder.read(question, title, sentences)
        if logits is None:
            logits = np.zeros(len(sentences), np.float32)
        self.given.append((question, title, sentences, logits))
        return logits


class Sure(WordEncoder):
    """Reads a sentence with this word as the one that answers, if there is one."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        return np.array([12.0 if self.word in s else -6.0 for s in sentences], np.float32)


def test_the_best_sentences_of_the_first_passage_are_read_once(build_index: BuildIndex) -> None:
    told = ["Cầu Long Biên\ndài 2.290 m.", "Cầu Long Biên xây từ 1899.", "Thợ xây cầu năm 1900."]
    text = " ".join(["Trời mưa to.", told[0], "Chợ họp sớm.", *told[1:], "Đêm về lạnh."])
    index = build_index(cau=text, khac="Sông Hồng chảy qua Hà Nội.")
    encoder = Remembered(WordEncoder())
    searcher = Searcher(index, encoder)
    query = searcher.understand("Cầu Long Biên xây năm nào?")
    assert searcher.rank(query) == searcher.rank(query)
    ((question, title, sentences, _),) = encoder.given
    assert question == "Cầu Long Biên xây năm nào?"
    assert list(sentences) == [" ".join(each.split()) for each in told]
    passage = index.passages([searcher.rank(query).hits[0].number])[0]
    article = index.article(passage.article_id)
    assert article and title == article.title


@pytest.mark.parametrize(
    ("weight", "place", "reads"), [(0.0, 1, 1), (9.0, 0, 1), (9.0, 1, 2), (9.0, 2, 3), (9.0, 3, 3)]
)
def test_passages_are_read_while_a_further_one_could_come_first(
    build_index: BuildIndex, monkeypatch: pytest.MonkeyPatch, weight: float, place: int, reads: int
) -> None:
    """Of four passages one answers, which the ranker had at this place."""
    weights = replace(released_weights(), passage_reading=weight)
    monkeypatch.setattr("qa.rank.released_weights", lambda: weights)
    index = build_index(
        a="Cầu Long Biên xây năm nào thì dân phố này nhớ rõ.",
        b="Cầu Long Biên xây xong thì dân phố qua sông.",
        c="Cầu Long Biên nối hai bờ sông Hồng.",
        d="Cầu Thê Húc nối bờ hồ với đền.",
    )
    unread = Searcher(index, WordEncoder())
    query = unread.understand("Cầu Long Biên xây năm nào?")
    before = unread.rank(query).hits
    passages = {passage.number: passage for passage in index.passages([h.number for h in before])}
    article = index.article(passages[before[place].number].article_id)
    assert article and len(before) == 4

    encoder = Remembered(Sure(article.text))
    after = Searcher(index, encoder).rank(query).hits
    assert len(encoder.given) == reads
    assert [hit.score for hit in after] == [hit.score for hit in before]
    expected = [hit.number for hit in before]
    if place < reads:
        expected.insert(0, expected.pop(place))
    assert [hit.number for hit in after] == expected


@pytest.mark.parametrize(
    ("question", "sentences", "expected"),
    [
        ("Năm 2021 đạt bao nhiêu?", ["Năm 2021 đạt 5.", "Năm 2022 đạt 6.", "Nay hơn."], "nyn"),
        ("Đạt bao nhiêu trong năm 2021?", ["Từ 2021 đến 2023 đạt 5.", "Năm 2022 đạt 6."], "ny"),
        ("Năm 2021 đạt bao nhiêu?", ["Năm 2020 đạt 5.", "Năm 2022 đạt 6."], "nn"),
        ("Trước năm 2021 đạt bao nhiêu?", ["Năm 2021 đạt 5.", "Năm 2020 đạt 6."], "nn"),
        ("Ai hát 1000 Forms of Fear?", ["1000 Forms of Fear do Sia hát.", "Năm 2014, Sia."], "nn"),
        ("Năm 2021 đạt bao nhiêu?", ["Năm 2021 đạt 5.", "Thu 12022 đồng, 2021.500 người."], "nn"),
    ],
)
def test_sentences_of_other_years_than_the_one_asked_about(
    question: str, sentences: list[str], expected: str
) -> None:
    assert of_other_years(question, sentences) == [each == "y" for each in expected]


def test_of_two_years_the_one_asked_about_is_marked(build_index: BuildIndex) -> None:
    index = build_index(
        ban="Năm 2021, kim ngạch đạt 250 triệu USD. Năm 2022, kim ngạch này đạt 600 triệu USD."
    )
    answer = Answerer(index, Sure("600"), strictness=0.0).ask("Kim ngạch năm 2021 là bao nhiêu?")
    assert "250" in answer.citations[0].quote


def test_a_passage_that_is_gone_is_not_read(build_index: BuildIndex) -> None:
    index = build_index(cau="Cầu Long Biên xây năm 1899.", khac="Sông Hồng chảy qua Hà Nội.")
    searcher = Searcher(index, Sure("1899"))
    query = searcher.understand("Cầu Long Biên xây năm nào?")
    known = searcher.rank(query)

    class Emptied:
        """The index, when an update has just taken its passages away."""

        def __getattr__(self, name: str) -> Any:
            return getattr(index, name)

        def passages(self, numbers: Sequence[int]) -> list[Any]:
            return []

    searcher.index = Emptied()  # type: ignore[assignment]
    gone = searcher.rank(query)
    assert gone.hits == known.hits and 0 < gone.confidence < known.confidence


def test_what_was_read_decides_between_sentences_and_whether_one_answers(
    build_index: BuildIndex,
) -> None:
    index = build_index(
        cau="Cầu Long Biên do hãng Daydé xây. Cầu Long Biên được sơn lại hằng năm.",
        khac="Sông Hồng chảy qua Hà Nội.",
    )
    quotes, chances = [], []
    for word in ("Daydé", "sơn lại", "không có"):
        answer = Answerer(index, Sure(word), strictness=0.0).ask("Cầu Long Biên thế nào?")
        ranked = Searcher(index, Sure(word))
        quotes.append(answer.citations[0].quote)
        chances.append(ranked.rank(ranked.understand("Cầu Long Biên thế nào?")).confidence)
    assert "Daydé" in quotes[0] and "sơn lại" in quotes[1]
    assert chances[0] == pytest.approx(chances[1], abs=0.05) and chances[2] < min(chances[:2])


def test_a_reprint_has_the_sentence_marked_that_was_read(build_index: BuildIndex) -> None:
    """What is cited is the older of the two, of which nothing was read."""
    body = "Cầu Long Biên do hãng Daydé xây. Cầu Long Biên được sơn lại hằng năm."
    index = build_index(
        a=f"Cầu cũ\n2024-05-02\n\n{body}", b=f"Cầu xưa\n2023-05-02\n\n{body} Trời đang mưa."
    )
    for word in ("Daydé", "sơn lại"):
        answer = Answerer(index, Sure(word), strictness=0.0).ask("Cầu Long Biên thế nào?")
        assert word in answer.citations[0].quote


def test_every_answer_stands_in_the_text_that_is_asked_about() -> None:
    from benchmarks.reading_questions import ENCYCLOPEDIA

    sample = {json.loads(line)["question"] for line in DETAILS.read_text().splitlines()}
    for line in ENCYCLOPEDIA.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        assert entry["title"] and entry["questions"]
        for asked in entry["questions"]:
            assert asked.get("answer", "") in entry["text"], asked
            assert asked["question"].endswith("?") and asked["question"] not in sample


def test_what_is_found_for_a_question_is_sorted_by_whether_it_answers(
    build_index: BuildIndex,
) -> None:
    from benchmarks.reading_questions import Question, ask

    index = build_index(
        cau="Cầu Long Biên\n\nCầu dài 2.290 m. Cầu khánh thành năm 1902.",
        sau="Cầu Long Biên\n\nCầu được sửa năm 1995 và năm 2010.",
        khac="Cầu Thê Húc\n\nCầu Thê Húc xây năm 1865.",
        dan="Cầu Hàm Rồng\n\nCầu Hàm Rồng khánh thành lần đầu năm 1904.",
    )
    ids = {Path(article.origin).stem: article.id for article in index.articles()}
    searcher = Searcher(index, WordEncoder())
    told = ask(searcher, Question("Cầu khánh thành năm nào?", ids["cau"], "1902"), "Cầu Long Biên")
    (found,) = told.answering
    assert [found.sentences[i] for i in found.best] == [
        "Cầu khánh thành năm 1902.",
        "Cầu dài 2.290 m.",
    ]
    assert found.answering == [False, True]
    assert [other.sentences[0] for other in told.others] == ["Cầu được sửa năm 1995 và năm 2010."]
    assert {foreign.title for foreign in told.foreign} == {"Cầu Thê Húc", "Cầu Hàm Rồng"}

    untold = ask(searcher, Question("Ai thiết kế cầu này?", ids["cau"], ""), "Cầu Long Biên")
    assert untold.answering == [] and len(untold.others) == 2


def test_every_detail_is_of_an_article_of_the_sample() -> None:
    articles = DETAILS.parent / "articles"
    for line in DETAILS.read_text(encoding="utf-8").splitlines():
        detail = json.loads(line)
        text = (articles / f"{detail['about']}.md").read_text(encoding="utf-8")
        told = detail["kind"] == "told"
        assert detail["article"] == (detail["about"] if told else None)
        assert detail["answer"] in text if told else detail["answer"] is None
