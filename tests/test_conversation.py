"""Questions that lean on those before them: `qa.leaning`, `qa.names`, `qa.conversation`, and what
`Answerer` makes of them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.build import update_index
from index.encoder import open_encoder
from index.errors import UsageError
from index.reader import Index
from index.text import fold
from index.types import Article
from qa import render
from qa.answer import Answerer
from qa.cli import cli
from qa.conversation import (
    CITED_BEFORE,
    Exchange,
    complete,
    exchange,
    in_slot,
    last_cited,
    nearer,
    subject,
)
from qa.conversations import KINDS, read_conversations
from qa.evaluate_conversations import evaluate_conversations
from qa.leaning import content, leaning
from qa.names import names
from qa.small_talk import reply, small_talk
from qa.types import Answer, Hit, Ranking
from qa.wording import ENGLISH
from tests.fakes import WordEncoder

SAMPLE = Path(__file__).parents[1] / "sample"
BuildIndex = Callable[..., Index]


# ---- what leans ------------------------------------------------------------------------------

LEANING = [
    ("Ông ấy mất năm nào?", "person", "Ông ấy"),
    ("ong ay mat nam nao", "person", "ong ay"),
    ("Thầy của anh ấy là ai?", "person", "anh ấy"),
    ("Kết cục của hắn ra sao?", "person", "hắn"),
    ("Nó dài bao nhiêu?", "thing", "Nó"),
    ("Vì sao họ phải cách ly?", "thing", "họ"),
    ("Ai sáng lập công ty đó?", "thing", "ty đó"),
    ("Nước này có bao nhiêu dân?", "thing", "Nước này"),
    ("cong ty nay cua ai", "thing", "cong ty nay"),
    ("Còn năm 2023 thì sao?", "slot", "năm 2023"),
    ("con nam 2023 thi sao", "slot", "nam 2023"),
    ("Thế còn Voyager 2?", "slot", "Voyager 2"),
    ("Vậy người đi xe đạp?", "slot", "người đi xe đạp"),
    ("Trẻ dưới 6 tuổi thì sao?", "slot", "Trẻ dưới 6 tuổi"),
    ("Ở đâu?", "left_out", ""),
    ("Ai ký?", "left_out", ""),
    ("Vì sao?", "left_out", ""),
    ("o dau", "left_out", ""),
    ("bao gio xong", "left_out", ""),
    ("Vua cuối cùng thoái vị ngày nào?", "open", ""),
    ("Lãi suất ngân hàng tháng này là bao nhiêu?", "open", ""),
    ("Chuyện gì xảy ra tháng đó?", "thing", "tháng đó"),
    ("Tranh Đông Hồ in trên giấy gì?", "", ""),
    ("Họ Nguyễn có bao nhiêu người mang ở Việt Nam?", "", ""),
    ("Dân ca quan họ Bắc Ninh được UNESCO ghi danh năm nào?", "", ""),
    ("Vì sao lúa mùa ở đồng bằng sông nước miền Tây phải gieo sạ sớm hơn miền Bắc?", "", ""),
]


@pytest.mark.parametrize(("question", "kind", "words"), LEANING)
def test_how_a_question_leans(question: str, kind: str, words: str) -> None:
    found = leaning(question, bool(names(question)))
    assert (found.kind, question[found.start : found.end]) == (kind, words)


def test_the_words_that_ask_are_no_content() -> None:
    assert [word.key for word in content("Ở đâu và từ bao giờ?")] == []
    question = "Cầu Long Biên khởi công năm nào?"
    kept = [question[w.start : w.end] for w in content(question)]
    assert kept == ["Cầu", "Long", "Biên", "khởi", "công"]


NAMES = [
    ("Tàu Voyager 2 tới đâu?", ["Tàu Voyager 2"]),
    ("SEA Games 31 Việt Nam giành gì?", ["SEA Games 31", "Việt Nam"]),
    ("Tổng thống Mỹ Donald Trump ký gì?", ["Mỹ", "Donald Trump"]),
    ("Trận chung kết đá ở đâu?", []),
    ("Gạo ST25 ngon không?", ["Gạo ST25"]),
]


@pytest.mark.parametrize(("question", "found"), NAMES)
def test_names_are_capitals_in_a_row(question: str, found: list[str]) -> None:
    assert [name.text for name in names(question)] == found


def test_who_looks_like_a_person() -> None:
    text = "Trận trên sông Bạch Đằng do Ngô Quyền chỉ huy; bác sĩ Alexander Fleming ở Việt Nam."
    people = [name.text for name in names(text) if name.is_person]
    assert people == ["Ngô Quyền", "Alexander Fleming"]


# ---- what it is completed to -----------------------------------------------------------------

BATTLE = Exchange(
    "Ai chỉ huy quân ta trong trận Bạch Đằng năm 938?",
    "a1",
    "Bạch Đằng năm 938: con nước triều",
    "Trận trên sông Bạch Đằng do Ngô Quyền chỉ huy đã đánh tan quân Nam Hán.",
)
COFFEE = Exchange("Năm 2023 Việt Nam xuất khẩu bao nhiêu cà phê?", "a2", "Hạt cà phê Việt Nam")
GAMES = Exchange("SEA Games 31 Thái Lan giành mấy huy chương vàng?", "a3", "SEA Games 31")
COMPANY = Exchange(
    "AlphaGo do công ty nào làm?", "a4", "AlphaGo", "AlphaGo do DeepMind phát triển."
)
SISTERS = Exchange(
    "Chồng của Trưng Trắc tên là gì?", "a5", "Hai Bà Trưng", "Chồng bà Trưng Trắc là Thi Sách."
)

COMPLETED = [
    (BATTLE, "Ông ấy mất năm nào?", "Ngô Quyền mất năm nào?"),
    (BATTLE, "ong ay mat nam nao", "Ngô Quyền mat nam nao"),
    (BATTLE, "Còn mẹ ông ấy?", "mẹ Ngô Quyền: Ai chỉ huy quân ta trong trận Bạch Đằng năm 938?"),
    (SISTERS, "Ông ấy bị ai giết?", "Thi Sách bị ai giết?"),
    (SISTERS, "Bà ấy khởi nghĩa năm nào?", "Trưng Trắc khởi nghĩa năm nào?"),
    (SISTERS, "ba ay khoi nghia nam nao", "Trưng Trắc khoi nghia nam nao"),
    (BATTLE, "Vì sao?", "Bạch Đằng 938: Vì sao?"),
    (COFFEE, "Còn năm 2024 thì sao?", "năm 2024 Việt Nam xuất khẩu bao nhiêu cà phê?"),
    (GAMES, "Thế còn Indonesia?", "SEA Games 31 Indonesia giành mấy huy chương vàng?"),
    (COMPANY, "Ai lập công ty đó?", "DeepMind, AlphaGo: Ai lập công ty đó?"),
    (COMPANY, "Thế nó mạnh không?", "DeepMind, AlphaGo: nó mạnh không?"),
]


@pytest.mark.parametrize(("last", "question", "text"), COMPLETED)
def test_a_question_is_completed(last: Exchange, question: str, text: str) -> None:
    found = complete(question, [last], f"{last.title} {last.quote} Indonesia")
    assert found is not None and found.text == text


def test_what_names_something_else_leaves_the_conversation() -> None:
    article = f"{BATTLE.title} {BATTLE.quote}"
    assert complete("Văn Miếu còn bao nhiêu tấm bia tiến sĩ?", [BATTLE], article) is None
    assert complete("Huyết áp bao nhiêu thì cao?", [BATTLE], article) is None
    reading = complete("Thế còn Voyager 2?", [BATTLE], article)
    assert reading is not None and not reading.is_sure


def test_many_words_that_stand_apart_in_the_article_are_a_new_topic() -> None:
    last = Exchange(
        "Cầu Long Biên khánh thành năm nào?", "a", "Sông Hồng", "Cầu thông xe năm 1902."
    )
    apart = "Ngân sách tăng, hàng hoá có lãi, áp suất nước trên sông Hồng giảm."
    together = "Ngân hàng giữ nguyên lãi suất khi xây cầu trên sông Hồng."
    question = "Lãi suất ngân hàng là bao nhiêu?"
    assert complete(question, [last], apart) is None
    assert complete(question, [last], together) is not None


def test_nothing_is_completed_from_nothing() -> None:
    assert complete("Ông ấy mất năm nào?", [], "") is None


def test_a_subject_is_names_and_what_the_title_shares() -> None:
    assert (
        subject("Nghề làm tranh in trên giấy gì?", "Nghề làm tranh Đông Hồ", "") == "Nghề làm tranh"
    )
    assert subject("Ai viết?", "", "") == "viết"
    organisation = "Việt Nam gia nhập Tổ chức Thương mại Thế giới (WTO) ngày nào?"
    assert subject(organisation, "", "") == "Việt Nam Tổ chức Thương mại Thế giới WTO"
    assert subject("Sông Hương bắt nguồn từ đâu?", "", "") == "Sông Hương"
    assert subject("Chùa ở trên sông Hương bắt đầu xây khi nào?", "", "") == "Hương"
    assert subject("Ông Lâm qua đời năm nào?", "", "") == "Ông Lâm"
    assert subject("cầu long biên dài bao nhiêu", "Sông Hồng", "") == "cầu long biên dài"
    article = "Sông rộng. Cầu Long Biên thông xe năm 1902."
    assert subject("cầu long biên dài bao nhiêu", "Sông Hồng", article) == "cầu long biên"


def test_without_anything_alike_the_new_stands_before_the_last_question() -> None:
    assert in_slot("xe máy", "Lái ô tô bị phạt bao nhiêu?") == (
        "xe máy: Lái ô tô bị phạt bao nhiêu?"
    )


def test_the_article_is_that_of_the_conversation_not_of_an_earlier_one() -> None:
    follows = Exchange("Bạch Đằng: vì sao?", follows=True)
    assert last_cited([COFFEE, BATTLE, follows]) is BATTLE
    unknown = Exchange("Ai xây tháp Eiffel?")
    assert last_cited([BATTLE, unknown]) is unknown


def test_the_article_comes_nearer_and_its_own_words_choose_the_sentence() -> None:
    ranking = Ranking((Hit(1, 10.0, 0), Hit(2, 9.0, 0), Hit(3, 8.5, 0)), 0.5)
    own = Ranking((Hit(3, 7.0, 2), Hit(2, 6.0, 1)), 0.1)
    found = nearer(ranking, own)
    assert [(hit.number, hit.sentence) for hit in found.hits] == [(3, 2), (2, 1), (1, 0)]
    assert found.hits[0].score == 9.0 + CITED_BEFORE
    assert nearer(ranking, Ranking((), 0.0)) == ranking


# ---- in an answer ----------------------------------------------------------------------------


@pytest.fixture
def answerer(build_index: BuildIndex) -> Answerer:
    index = build_index(
        nui="Đỉnh Fansipan\n\nĐỉnh Fansipan cao 3.147 mét. Tuyến cáp treo khánh thành năm 2016.",
        song="Sông Hồng\n\nSông Hồng dài 1.149 km. Con sông đổ ra biển ở cửa Ba Lạt.",
        pho="Phở Hà Nội\n\nPhở là món ăn của Hà Nội. Người ta bán phở gánh từ lâu.",
    )
    return Answerer(index, WordEncoder())


def first(answer: Answer) -> str:
    return (*answer.citations, *answer.near_misses)[0].title


def test_a_follow_up_stays_with_the_article_and_says_how_it_was_understood(
    answerer: Answerer,
) -> None:
    before = answerer.ask("Đỉnh Fansipan cao bao nhiêu?")
    followed = answerer.ask("Khánh thành năm nào?", after=[before])
    assert first(followed) == "Đỉnh Fansipan"
    assert "Fansipan" in followed.completed and followed.question == "Khánh thành năm nào?"
    assert followed.understood == followed.completed
    assert exchange(followed).follows


@pytest.mark.parametrize("question", ["Sông Hồng dài bao nhiêu?", "Phở Hà Nội có từ bao giờ?"])
def test_a_new_topic_is_answered_as_if_it_came_first(answerer: Answerer, question: str) -> None:
    before = answerer.ask("Đỉnh Fansipan cao bao nhiêu?")
    assert answerer.ask(question, after=[before]) == answerer.ask(question)


def test_the_reader_may_ask_a_question_alone(answerer: Answerer) -> None:
    before = [answerer.ask("Đỉnh Fansipan cao bao nhiêu?")]
    question = "Dài bao nhiêu?"
    assert answerer.ask(question, after=before).completed
    assert not answerer.ask(question, without=[question], after=before).completed
    assert not answerer.ask(question, as_typed=True, after=before).completed


def test_greetings_stand_outside_the_conversation(answerer: Answerer) -> None:
    before = [answerer.ask("Đỉnh Fansipan cao bao nhiêu?"), answerer.ask("Cảm ơn bạn")]
    assert before[1].reply and not before[1].citations + before[1].near_misses
    assert first(answerer.ask("Khánh thành năm nào?", after=before)) == "Đỉnh Fansipan"


def test_a_conversation_is_asked_in_its_order(answerer: Answerer) -> None:
    given = answerer.converse(["Đỉnh Fansipan cao bao nhiêu?", "Khánh thành năm nào?"])
    assert [bool(answer.completed) for answer in given] == [False, True]


def test_markup_in_a_conversation_stays_text(answerer: Answerer) -> None:
    hostile = "<img src=x onerror=alert(1)> Fansipan {question} cao bao nhiêu?"
    shown = render.answer(answerer.ask("Vì sao?", after=[answerer.ask(hostile)]))
    assert "<img" not in shown and "hb-without" in shown


def test_the_json_of_an_answer_says_what_was_completed(answerer: Answerer) -> None:
    given = asdict(answerer.converse(["Đỉnh Fansipan cao bao nhiêu?", "Vì sao?"])[1])
    assert given["completed"].endswith("Vì sao?") and given["reply"] == ""


# ---- greetings -------------------------------------------------------------------------------

SAID = [
    ("Xin chào", "greeting"),
    ("Chào bạn!", "greeting"),
    ("cảm ơn", "thanking"),
    ("Cám ơn nhé", "thanking"),
    ("Cảm ơn bạn nhiều lắm ạ!", "thanking"),
    ("Tạm biệt", "parting"),
    ("Bạn là ai?", "who_am_i"),
    ("Chào bạn, bạn là ai vậy?", "who_am_i"),
    ("Bạn làm được gì?", "how_to_ask"),
    ("Bạn có thể làm gì?", "how_to_ask"),
]


@pytest.mark.parametrize(("said", "name"), SAID)
def test_greetings_get_a_reply(said: str, name: str) -> None:
    assert small_talk(said) == small_talk(fold(said).lower()) == name
    assert reply(said) and reply(said, ENGLISH) not in ("", reply(said))


@pytest.mark.parametrize(
    "question",
    [
        "Xin chào bán đảo Cam Ranh ở đâu",
        "Ai nói lời cảm ơn?",
        "Bạn là ai trong truyện?",
        "Bàn đồ là gì?",
        "Tạm biệt Việt Nam là bài hát của ai?",
        "",
        "?",
    ],
)
def test_a_question_is_no_greeting(question: str) -> None:
    assert small_talk(question) == reply(question) == ""


# ---- the judged conversations ----------------------------------------------------------------

DIALOGUES = [
    json.loads(line) for line in (SAMPLE / "dialogues.jsonl").read_text("utf-8").splitlines()
]


def test_there_are_enough_conversations_of_every_kind() -> None:
    turns = [turn for dialogue in DIALOGUES for turn in dialogue["turns"]]
    assert len({dialogue["id"] for dialogue in DIALOGUES}) == len(DIALOGUES) >= 60
    kinds = {kind: sum(turn["kind"] == kind for turn in turns) for kind in KINDS}
    assert kinds["first"] == len(DIALOGUES)
    assert kinds["follow_up"] >= 150 and kinds["topic_change"] >= 40
    assert sum(turn["question"].isascii() for turn in turns) >= 20
    assert all(dialogue["turns"][0]["kind"] == "first" for dialogue in DIALOGUES)


def test_every_answer_stands_once_in_its_article(sample_articles: dict[str, Article]) -> None:
    for dialogue in DIALOGUES:
        for turn in dialogue["turns"]:
            article = sample_articles[turn["article"]]
            assert article.text[article.body :].count(turn["answer_sentence"]) == 1, turn


def test_the_sample_s_follow_ups_find_their_articles(model_dir: Path, tmp_path: Path) -> None:
    """With the bundled model, on all conversations: see the figures in README.md."""
    encoder = open_encoder(str(model_dir))
    update_index(tmp_path / "index", [SAMPLE / "articles"], encoder)
    index = Index(tmp_path / "index")
    report = evaluate_conversations(read_conversations(SAMPLE / "dialogues.jsonl"), encoder, index)
    follow_ups, changes = report.kinds["follow_up"], report.kinds["topic_change"]
    assert follow_ups.right_alone.value <= 0.5 <= 0.95 <= follow_ups.right.value
    assert follow_ups.marked is not None and follow_ups.marked.value >= 0.65
    assert changes.as_alone.value >= 0.95 and changes.right.value >= 0.95


LINES = [
    ('{"id": "a"}', "lacks: turns"),
    ('{"turns": []}', "is not a list of questions"),
    ('{"turns": [3]}', "a turn is not an object"),
    ('{"turns": [{"question": "Ai?", "kind": "first"}]}', "the article of a turn is missing"),
    ('{"turns": [{"question": "Ai?", "kind": "x", "article": "a"}]}', "there is no kind 'x'"),
    ("", "holds no conversation"),
]


@pytest.mark.parametrize(("line", "message"), LINES)
def test_lines_that_cannot_be_read_are_named(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "dialogues.jsonl"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_conversations(file)


@pytest.mark.parametrize("option", [["--systems", "dense"], ["--html", "x.html"], ["--seed", "1"]])
def test_what_is_not_measured_of_conversations_is_refused(option: list[str]) -> None:
    run = CliRunner().invoke(cli, ["evaluate", str(SAMPLE / "dialogues.jsonl"), *option])
    assert isinstance(run.exception, UsageError) and "conversations" in str(run.exception)
