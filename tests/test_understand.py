"""A question as typed to what is searched: `qa.understand` and its parts."""

import unicodedata

import pytest
from fakes import WordEncoder
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.build import update_index
from index.reader import Index
from index.text import keys
from qa.channel import compare, slip_cost
from qa.slices import make_slice
from qa.types import Change
from qa.understand import normalise, understand

SENTENCES = [
    "Đại sứ Việt Nam tại Hoa Kỳ gặp các nhà báo ở Washington.",
    "Thành phố Hồ Chí Minh là thành phố đông dân nhất của Việt Nam.",
    "Chủ tịch Ủy ban nhân dân thành phố trả lời các đại biểu.",
    "Trường Đại học Bách khoa Hà Nội được thành lập năm 1956.",
    "Hiệu trưởng trường đại học phát biểu tại buổi lễ khai giảng.",
    "Bộ Giáo dục và Đào tạo công bố lịch thi tốt nghiệp trung học phổ thông.",
    "Đồng bằng sông Cửu Long bị hạn mặn từ tháng 2 năm 2020.",
    "Nikola Tesla mất năm 1943 tại thành phố New York.",
    "Hà Nội là thủ đô của Việt Nam, nằm bên bờ sông Hồng.",
    "Quốc hội thông qua Luật Đầu tư số 61/2020/QH14.",
    "Lục địa nhỏ nhất thế giới là châu Úc, người dân ở đó nói tiếng Anh.",
    "CSGT xử phạt. CSGT nhắc nhở. Nghề của CSGT nguy hiểm.",
    "Động vật quý sắp được thả; doanh nghiệp nộp thuế giá trị gia tăng.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("understand")
    articles = folder / "articles"
    articles.mkdir()
    for number, sentence in enumerate(SENTENCES * 3):
        (articles / f"{number}.txt").write_text(f"{sentence}\n\nBài số {number}.", encoding="utf-8")
    update_index(folder / "index", [articles], WordEncoder())
    return Index(folder / "index")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_typed_correctly_is_left_alone(sentence: str, index: Index) -> None:
    query = understand(sentence, index.terms)
    assert query.text == sentence or "CSGT" in sentence or "(" in query.text
    assert query.asked == sentence
    assert not any(query.uncertain)


@pytest.mark.parametrize(
    "typed",
    [
        "dai su Viet Nam o dau",
        "đại su Viêt Nam o đâu",  # some marks, or only the tone, left out
        "ddaij suws Vieejt Nam owr ddaau",
        "ddaji suws Vietej Nam owr ddaau",
        "d9a5i su71 Vie6t5 Nam o73 d9a6u",
        "D9AI5 SU71 VIE6T5 NAM O73 D9A6U",
        "đại sứu Việt Nma ở đâu",
        "đạji sứ Vệt Nam ở đâu",
        "đại suws Viêt Nma ở đâu",  # one key that came late, among slips
        "đại sử Việtt Nam ở đâu",
        "đạisứ Việt Nam ở đâu",
        "đại sứ ViệtNam ở đâu",
        "đại sứ Vi ệt Nam ở đâu",
        "đại sứ Việt Nam ở đâu",
        "ｄại sứ Việt　Nam ở đâu",
        "đại sứ\u200b Việt Nam ở ðâu",
    ],
)
def test_questions_as_typed(typed: str, index: Index) -> None:
    query = understand(typed, index.terms)
    assert query.text.lower() == "đại sứ việt nam ở đâu"
    assert list(query.keys) == keys(query.text)


def test_what_was_changed_is_told(index: Index) -> None:
    query = understand("Thủ do của vietnam?", index.terms)
    assert query.text == "Thủ đô của vietnam (Việt Nam)?"
    assert query.changes == (Change("do", "đô"), Change("vietnam", "Việt Nam"))
    assert query.uncertain == (False, True, False, False, False, False)
    assert query.was_changed
    joined = understand("HàNội ở đâu", index.terms)
    assert joined.changes == (Change("HàNội", "Hà Nội"),)


def test_a_correction_can_be_undone(index: Index) -> None:
    query = understand("Dai su  VN ở dau?", index.terms, as_typed=True)
    assert query.text == "Dai su VN ở dau?"
    assert not query.was_changed
    assert not any(query.uncertain)


@pytest.mark.parametrize("name", ["Nicola Teslov", "Xi Jinping", "Kylian Mbappé", "Zalo", "iPhone"])
def test_names_that_the_collection_does_not_know_stay(name: str, index: Index) -> None:
    assert name in understand(f"{name} nói tiếng gì ở Việt Nam?", index.terms).text


def test_words_without_diacritics_may_be_others(index: Index) -> None:
    query = understand("thu do cua Viet Nam nam o dau", index.terms)
    assert query.text == "thủ đô của Việt Nam nằm ở đâu"
    assert query.uncertain[0] and query.uncertain[1]


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("Chủ tịch UBND là ai?", "UBND (Ủy ban nhân dân)"),
        ("TP.HCM đông dân nhất?", "TP.HCM (Thành phố Hồ Chí Minh)"),
        ("tphcm o dau", "tphcm (Thành phố Hồ Chí Minh)"),
        ("Bộ GD&ĐT công bố gì?", "GD&ĐT (Giáo dục và Đào tạo)"),
        ("thi THPT khi nào", "THPT (trung học phổ thông)"),
        ("dbscl bi han man khi nao", "dbscl (Đồng bằng sông Cửu Long)"),
        ("thủ đô VN", "VN (Việt Nam)"),
        ("Cảnh sát giao thông xử phạt ai", "Cảnh sát giao thông (CSGT)"),
    ],
)
def test_abbreviations_are_searched_in_both_forms(typed: str, added: str, index: Index) -> None:
    query = understand(typed, index.terms)
    assert added in query.text
    assert list(query.keys) == keys(query.text)


def test_capitals_tell_abbreviations_from_syllables(index: Index) -> None:
    def searched(typed: str) -> str:
        return understand(typed, index.terms).text

    assert searched("thue VAT la gi") == "thuế VAT (giá trị gia tăng) là gì"
    assert searched("dong vat quy nao") == "động vật quý nào"
    assert searched("SAP la gi") == "SAP là gì"
    assert searched("dong vat nao sap duoc tha") == "động vật nào sắp được thả"
    assert searched("ai o HA NOI") == "ai ở HÀ NỘI"


@pytest.mark.parametrize(
    "typed",
    [
        "HĐND là gì?",  # no article holds the words
        "Ủy ban nhân dân (UBND) thành phố",  # both are there
        "trang edu.vn của trường",
        "DNA là gì, thưa đại sứ?",  # not Đông Nam Á
    ],
)
def test_abbreviations_that_are_left_alone(typed: str, index: Index) -> None:
    assert understand(typed, index.terms).text == typed


@pytest.mark.parametrize(
    "typed", ["Luật 61/2020/QH14", "ngày 25/5/2024", "5.000 người", "U23, A380"]
)
def test_numbers_and_codes_stay(typed: str, index: Index) -> None:
    assert understand(typed, index.terms).text == typed


@pytest.mark.parametrize("name", ["nfd", "tone_placement"])
def test_other_code_points_are_the_same_question(name: str, index: Index) -> None:
    questions = [*SENTENCES, "Thuý và Hoà quí khoẻ ở Mĩ", "Dai hoc Hoà Bình"]
    for question, typed in zip(questions, make_slice(name, questions), strict=True):
        a, b = understand(question, index.terms), understand(typed, index.terms)
        assert (a.text, a.keys, a.uncertain) == (b.text, b.keys, b.uncertain)


_SYLLABLES = st.sampled_from(
    [*" ".join(SENTENCES).split(), "dai", "ddaij", "d9a5", "w", "’", "Hoà"]
)
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_SYLLABLES, max_size=9).map(" ".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS)
@example(text="")
@example(text="đ9 ́ 5.000a̧b ½ß ﬁ İ")
def test_no_text_breaks_understanding(text: str, index: Index) -> None:
    query = understand(text, index.terms)
    assert query.asked == text
    assert list(query.keys) == keys(query.text)
    assert len(query.uncertain) == len(query.keys)
    apart = unicodedata.normalize("NFD", text)
    assert understand(apart, index.terms).keys == query.keys


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_text_that_is_no_question_is_searched_as_it_is(index: Index) -> None:
    text = "dai su " * 300
    assert understand(text, index.terms).text == text.strip()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("truongg", "truong"), ("trong", "truong"), ("turong", "truong"), ("trường", "trườnh")],
)
def test_one_slip(typed: str, meant: str) -> None:
    assert slip_cost(typed, meant) is not None
    assert slip_cost(typed, typed) is None


def test_two_slips_are_too_many() -> None:
    assert slip_cost("rtuogn", "truong") is None
    assert compare("tesla", "texas") is None


def test_what_the_collection_tells_the_speller(index: Index) -> None:
    terms = index.terms
    numbers = terms.numbers(keys("thành việt zalo"))
    assert terms.followers(numbers).tolist() == [2, 1, 0]  # thành phố, lập; Việt Nam
    [dai, unknown] = terms.numbers(["dai", "zalo"]).tolist()
    assert {t.spelling for t in terms.variants_of([dai, unknown])[dai]} == {"đại"}
    assert terms.variants_of([]) == {}
    assert dai in terms.similar(["dia"])[0].tolist()
