"""The two backends: the same vectors, in order, and what each is asked to refuse."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import torch_encoder
from index.encoder import open_encoder, read_recipe
from index.errors import EncoderError
from index.model_files import CROSS_ENCODER, ONNX_FLOAT32, ONNX_INT8
from index.onnx_encoder import OnnxEncoder
from index.torch_encoder import TorchEncoder

SENTENCES = """\
Mưa lớn kéo dài ba ngày khiến nhiều tuyến đường ở Đà Nẵng ngập sâu.
Chính phủ đề xuất giảm 2% thuế giá trị gia tăng đến hết năm.
Giá xăng RON 95 giảm 450 đồng một lít từ 15 giờ chiều nay.
Đội tuyển Việt Nam thắng Thái Lan 2-1 trong trận chung kết lượt đi.
Bộ Giáo dục công bố đề thi tham khảo kỳ thi tốt nghiệp trung học phổ thông.
Ngân hàng Nhà nước giữ nguyên lãi suất điều hành.
Một vụ cháy chung cư mini tại Hà Nội làm ba người bị thương.
Cầu Mỹ Thuận 2 chính thức thông xe, rút ngắn đường về miền Tây.
Nông dân Đồng Tháp trúng mùa xoài nhưng giá bán chỉ còn 8.000 đồng/kg.
Bệnh viện Bạch Mai ghép tim thành công cho bệnh nhân 42 tuổi.
Bão số 3 dự kiến đổ bộ vào Quảng Ninh - Hải Phòng tối mai.
VN-Index mất mốc 1.250 điểm trong phiên giao dịch đầu tuần.
Hãng VinFast bàn giao 5.000 xe điện trong tháng 9.
Tuyến metro Bến Thành - Suối Tiên chạy thử toàn tuyến.
Thủ tướng yêu cầu đẩy nhanh giải ngân vốn đầu tư công.
Ca sĩ Mỹ Tâm tổ chức đêm nhạc tại sân vận động Mỹ Đình.
Các nhà khoa học phát hiện loài rắn mới ở vườn quốc gia Phong Nha - Kẻ Bàng.
Học sinh lớp 10 giành huy chương vàng Olympic Toán quốc tế.
Tòa tuyên phạt bị cáo 20 năm tù về tội tham ô tài sản.
Xuất khẩu gạo quý III đạt 2,4 triệu tấn, trị giá 1,5 tỷ USD.
Thành phố Hồ Chí Minh sắp xếp lại 80 phường.
Dịch sốt xuất huyết tăng nhanh, nhiều ca nặng phải lọc máu.
Du khách Hàn Quốc dẫn đầu lượng khách quốc tế đến Việt Nam.
Quốc hội thông qua Luật Đất đai sửa đổi với 87% đại biểu tán thành.
Tàu cá gặp nạn ngoài khơi Phú Quý, 12 ngư dân được cứu.
Trường Đại học Bách khoa mở ngành thiết kế vi mạch bán dẫn.
Không khí lạnh tràn về, Sa Pa xuống dưới 5 độ C.
Vé máy bay Tết Nguyên đán đã bán hơn 70%.
Công an triệt phá đường dây lừa đảo qua mạng xuyên quốc gia.
Phim Việt thu 100 tỷ đồng sau năm ngày công chiếu.
Ông Nguyễn Văn A, 67 tuổi, kể lại trận lũ lịch sử năm 1999.
Hàng nghìn công nhân được hỗ trợ tiền thuê nhà.
Di sản phố cổ Hội An bị nước sông Thu Bồn nhấn chìm.
Ai là người phát minh ra chữ Quốc ngữ?
Bao giờ sân bay Long Thành khai thác thương mại?
Tại sao giá cà phê tăng mạnh?
dien thoai nao chup anh dep nhat?
Lúa.
“Chúng tôi không thể chờ thêm nữa”, bà Hoa nói.
Kết quả xổ số miền Bắc ngày 15/1/2024: 84-12-07.""".splitlines()
LONG = " ".join(SENTENCES * 4)  # beyond 512 tokens


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1)


@pytest.fixture(scope="module")
def int8(model_dir: Path) -> OnnxEncoder:
    recipe = read_recipe(model_dir)
    assert recipe and recipe.graph == model_dir / ONNX_INT8
    return OnnxEncoder("int8", recipe)


@pytest.fixture(scope="module")
def float32(model_dir: Path) -> OnnxEncoder:
    recipe = read_recipe(model_dir, ONNX_FLOAT32)
    assert recipe and recipe.graph == model_dir / ONNX_FLOAT32
    return OnnxEncoder("float32", recipe)


@pytest.fixture(scope="module")
def torch(model_dir: Path) -> TorchEncoder:
    return TorchEncoder(str(model_dir), model_dir)


@pytest.fixture(params=["int8", "float32", "torch"])
def encoder(request) -> OnnxEncoder | TorchEncoder:
    return request.getfixturevalue(request.param)


def test_vectors_have_length_1_in_float32(encoder) -> None:
    vectors = encoder.encode_passages(SENTENCES[:5])
    assert encoder.dim == 384
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32 and vectors.flags.c_contiguous
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5


def test_no_texts_give_no_rows(encoder) -> None:
    for vectors in (encoder.encode_queries([]), encoder.encode_passages([])):
        assert vectors.shape == (0, 384)
        assert vectors.dtype == np.float32


def test_rows_are_in_the_order_of_the_texts(encoder) -> None:
    texts = [*SENTENCES[:6], LONG[:900]]
    forward = encoder.encode_passages(texts)
    backward = encoder.encode_passages(texts[::-1])[::-1]
    assert np.allclose(forward, backward, atol=1e-5)
    assert (forward @ backward.T).argmax(axis=1).tolist() == list(range(len(texts)))


def test_a_vector_does_not_depend_on_what_it_is_encoded_with(encoder) -> None:
    together = encoder.encode_passages([*SENTENCES[:8], LONG])
    alone = np.concatenate([encoder.encode_passages([text]) for text in [*SENTENCES[:8], LONG]])
    if isinstance(encoder, OnnxEncoder):
        assert np.array_equal(together, alone)
    else:
        assert np.abs(together - alone).max() < 1e-5


def test_questions_and_passages_are_told_apart(encoder) -> None:
    same = cosines(encoder.encode_queries(SENTENCES[:4]), encoder.encode_passages(SENTENCES[:4]))
    assert same.max() < 0.999
    assert same.min() > 0.8


def test_a_question_finds_its_passage(encoder) -> None:
    question = encoder.encode_queries(["Khi nào bão vào đất liền?"])
    scores = encoder.encode_passages(SENTENCES) @ question[0]
    assert SENTENCES[int(scores.argmax())].startswith("Bão số 3")


def test_long_texts_are_cut_at_512_tokens(encoder) -> None:
    vectors = encoder.encode_passages([LONG, LONG + " Phần này không còn được đọc."])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)


def test_white_space_around_a_text_does_not_count(encoder) -> None:
    vectors = encoder.encode_passages(["Giá vàng tăng", " Giá vàng tăng\n", "", "  "])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)
    assert np.allclose(vectors[2], vectors[3], atol=1e-5)


def test_half_characters_are_read_over(encoder) -> None:
    vectors = encoder.encode_queries(["Giá vàng \ud83d tăng", "Giá vàng ? tăng"])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)


def test_progress_ends_at_the_total(encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode_passages(SENTENCES, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(SENTENCES), len(SENTENCES))
    assert seen == sorted(seen)


@pytest.mark.parametrize(("name", "least"), [("int8", 0.995), ("float32", 0.9999)])
def test_onnx_agrees_with_torch(name: str, least: float, torch, request) -> None:
    onnx = request.getfixturevalue(name)
    for texts in (SENTENCES, [LONG]):  # apart: torch pads a batch to its longest text
        assert cosines(onnx.encode_passages(texts), torch.encode_passages(texts)).min() >= least
        assert cosines(onnx.encode_queries(texts), torch.encode_queries(texts)).min() >= least


def test_blocks_do_not_show(int8, monkeypatch) -> None:
    whole = int8.encode_passages(SENTENCES)
    monkeypatch.setattr("index.onnx_encoder._BLOCK", 7)
    assert np.array_equal(int8.encode_passages(SENTENCES), whole)


def test_an_interrupt_is_not_waited_out(int8) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        int8.encode_passages([LONG] * 400, stop)
    assert time.monotonic() - start < 20  # of about 60 seconds


def test_fingerprint_changes_with_what_changes_vectors(
    int8, float32, torch, model_dir: Path, tmp_path: Path
) -> None:
    recipe = read_recipe(model_dir)
    assert recipe
    assert OnnxEncoder("other name", recipe).fingerprint == int8.fingerprint
    assert len({int8.fingerprint, float32.fingerprint, torch.fingerprint}) == 3
    assert len(int8.fingerprint) == 16

    settings = copy_settings(model_dir, tmp_path)
    link_graphs(model_dir, tmp_path)
    same = read_recipe(settings)
    assert same and OnnxEncoder("copy", same).fingerprint == int8.fingerprint
    edit(settings / "config_sentence_transformers.json", lambda c: c["prompts"].update(query="?"))
    changed = read_recipe(settings)
    assert changed and OnnxEncoder("copy", changed).fingerprint != int8.fingerprint
    shutil.rmtree(tmp_path)


def copy_settings(model_dir: Path, to: Path) -> Path:
    """The folder's small files, and the tokenizer; not its weights."""
    for path in model_dir.rglob("*.json"):
        target = to / path.relative_to(model_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return to


def link_graphs(model_dir: Path, to: Path) -> None:
    shutil.copytree(model_dir / "onnx", to / "onnx", copy_function=link_or_copy)


def link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy(source, target)


def edit(path: Path, change: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}),
        ("1_Pooling/config.json", {"pooling_mode": "lasttoken"}),
        ("1_Pooling/config.json", {"include_prompt": False}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
    ],
)
def test_folders_with_settings_unknown_here_are_left_to_torch(
    model_dir: Path, tmp_path: Path, file: str, change: dict
) -> None:
    copy_settings(model_dir, tmp_path)
    (tmp_path / "onnx").mkdir()
    (tmp_path / ONNX_INT8).write_bytes(b"")
    assert read_recipe(tmp_path)
    edit(tmp_path / file, lambda content: content.update(change))
    assert read_recipe(tmp_path) is None


def test_folder_without_a_graph_is_left_to_torch(model_dir: Path, tmp_path: Path) -> None:
    assert read_recipe(copy_settings(model_dir, tmp_path)) is None


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_graphs_of_others_are_pooled_here(tmp_path: Path, model_dir: Path, pooling: str) -> None:
    """A graph that outputs the token vectors only, and wants token types."""
    from onnx import TensorProto, helper, save_model

    copy_settings(model_dir, tmp_path)
    edit(tmp_path / "1_Pooling/config.json", dict.clear)
    edit(tmp_path / "1_Pooling/config.json", lambda c: c.update(pooling_mode=pooling))
    (tmp_path / "onnx").mkdir()
    save_model(id_graph(helper, TensorProto), tmp_path / ONNX_FLOAT32)
    encoder = open_encoder(str(tmp_path))
    assert isinstance(encoder, OnnxEncoder)
    # Token vectors are (id, 1): <s> has id 0, "passage: " and "Lúa." come to five more tokens.
    assert encoder.dim == 2
    ids = np.array(encoder._tokenize(["passage: Lúa."])[0], np.float32)
    expected = np.array([ids[0] if pooling == "cls" else ids.mean(), 1.0])
    vector = encoder.encode_passages(["Lúa."])[0]
    assert np.allclose(vector, expected / np.linalg.norm(expected), atol=1e-6)


def id_graph(helper, kinds):
    def value(name: str, kind: int, shape: list) -> object:
        return helper.make_tensor_value_info(name, kind, shape)

    nodes = [
        helper.make_node("Add", ["input_ids", "token_type_ids"], ["ids"]),
        helper.make_node("Cast", ["ids"], ["floats"], to=kinds.FLOAT),
        helper.make_node("Cast", ["attention_mask"], ["ones"], to=kinds.FLOAT),
        helper.make_node("Unsqueeze", ["floats", "last"], ["a"]),
        helper.make_node("Unsqueeze", ["ones", "last"], ["b"]),
        helper.make_node("Concat", ["a", "b"], ["last_hidden_state"], axis=-1),
    ]
    names = ("input_ids", "attention_mask", "token_type_ids")
    graph = helper.make_graph(
        nodes,
        "ids",
        [value(name, kinds.INT64, ["batch", "tokens"]) for name in names],
        [value("last_hidden_state", kinds.FLOAT, ["batch", "tokens", None])],
        [helper.make_tensor("last", kinds.INT64, [1], [-1])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def test_opening_and_encoding_import_no_torch(model_dir: Path) -> None:
    script = (
        "import sys; from index.encoder import open_encoder\n"
        "assert not {'onnxruntime', 'sentencepiece'} & set(sys.modules)\n"
        "encoder = open_encoder()\n"
        "assert encoder.name == 'multilingual-e5-small'\n"
        "assert encoder.encode_queries(['Hà Nội có gì mới?']).shape == (1, 384)\n"
        "loaded = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'tokenizers'}\n"
        "assert not loaded & set(sys.modules), loaded & set(sys.modules)\n"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script], env=env, check=True)


def test_damaged_graph_is_one_line(model_dir: Path, tmp_path: Path) -> None:
    copy_settings(model_dir, tmp_path)
    (tmp_path / "onnx").mkdir()
    (tmp_path / ONNX_INT8).write_bytes(b"not a graph")
    with pytest.raises(EncoderError, match="cannot be loaded") as caught:
        open_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("graph", [None, b"not a graph"])
def test_damaged_bundled_folder_says_how_to_mend_it(
    model_dir: Path, tmp_path: Path, monkeypatch, graph: bytes | None
) -> None:
    folder = copy_settings(model_dir, tmp_path / model_dir.name)
    if graph:
        (folder / "onnx").mkdir()
        (folder / ONNX_INT8).write_bytes(graph)
    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))
    with pytest.raises(EncoderError, match=r"is damaged .*run: rm -r '.*'$") as caught:
        open_encoder()
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_damaged_cross_encoder_says_how_to_mend_it(
    model_dir: Path, tmp_path: Path, monkeypatch
) -> None:
    folder = copy_settings(model_dir, tmp_path / model_dir.name)
    shutil.copytree(model_dir / "onnx", folder / "onnx")
    (folder / CROSS_ENCODER).write_bytes(b"not a graph")
    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))
    encoder = open_encoder()
    assert encoder.read("Ai?", "", ()) is None
    with pytest.raises(EncoderError, match=r"cannot be loaded .*run: rm -r '.*'$") as caught:
        encoder.read("Ai?", "", ("Ông ấy.",))
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)
    (folder / CROSS_ENCODER).unlink()
    with pytest.raises(EncoderError, match=r"files are missing.*run: rm -r '.*'$"):
        open_encoder()


@pytest.mark.parametrize("name", ["./no-such-folder", "/no/such/folder", "~/no/such"])
def test_missing_folder(name: str) -> None:
    with pytest.raises(EncoderError, match=f"'{name}'.*--model multilingual-e5-small"):
        open_encoder(name)


def test_hub_that_cannot_be_reached_fails_at_once(monkeypatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nothing listens there
    start = time.monotonic()
    with pytest.raises(EncoderError, match=r"'no-one/no-model'.*cannot be reached") as caught:
        open_encoder("no-one/no-model")
    assert time.monotonic() - start < 10
    assert "\n" not in str(caught.value)


def test_folder_that_torch_cannot_load_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(EncoderError, match="cannot be loaded") as caught:
        open_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "is_e5"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("multilingual-e5-small", True),
        ("intfloat/e5-base-v2", True),
        ("intfloat/multilingual-e5-large-instruct", False),
        ("sentence-transformers/all-MiniLM-L6-v2", False),
    ],
)
def test_e5_models_get_their_prompts(name: str, is_e5: bool) -> None:
    assert bool(torch_encoder._E5.search(name)) is is_e5


@pytest.mark.parametrize(
    ("prompts", "passage"),
    [
        ({"query": None, "document": None, "passage": "passage: "}, "passage: "),
        ({"document": "d: ", "passage": "p: "}, "d: "),
        ({"corpus": "c: "}, "c: "),
        ({}, ""),
    ],
)
def test_passage_prompt_has_three_names(prompts: dict, passage: str) -> None:
    assert torch_encoder.passage_prompt(prompts) == passage
