"""Small judged sets on disk, in each shape that is read."""

import json
from collections.abc import Iterable
from pathlib import Path

ARTICLES = {
    "sông": ("Sông Hồng", "Sông Hồng dài 1.149 km. Sông bắt nguồn từ Vân Nam."),
    "vịnh": ("Vịnh Hạ Long", "Vịnh Hạ Long có 1.969 đảo. UNESCO công nhận vịnh năm 1994."),
    "phở": ("Phở Hà Nội", "Phở là món ăn của Hà Nội. Người ta bán phở gánh từ đầu thế kỷ 20."),
    "núi": ("Đỉnh Fansipan", "Fansipan cao 3.147 mét. Đỉnh núi thuộc dãy Hoàng Liên Sơn."),
}
QUESTIONS = {
    "q1": ("Sông Hồng dài bao nhiêu?", "sông", "1.149 km"),
    "q2": ("UNESCO công nhận vịnh Hạ Long năm nào?", "vịnh", "1994"),
    "q3": ("Phở gánh có từ khi nào?", "phở", "đầu thế kỷ 20"),
    "q4": ("Fansipan thuộc dãy núi nào?", "núi", "Hoàng Liên Sơn"),
}


def write_lines(path: Path, lines: Iterable[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def write_beir(folder: Path) -> Path:
    """A BEIR folder of all articles and questions, with answers."""
    write_lines(
        folder / "corpus.jsonl",
        ({"_id": i, "title": title, "text": text} for i, (title, text) in ARTICLES.items()),
    )
    write_lines(folder / "queries.jsonl", ({"_id": i, "text": q[0]} for i, q in QUESTIONS.items()))
    write_lines(
        folder / "answers.jsonl", ({"_id": i, "answers": [q[2]]} for i, q in QUESTIONS.items())
    )
    rows = "".join(f"{i}\t{q[1]}\t1\n" for i, q in QUESTIONS.items())
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}", encoding="utf-8")
    return folder


def write_own(folder: Path) -> Path:
    """Articles as files, and questions.jsonl beside their folder."""
    (folder / "articles").mkdir(parents=True)
    for name, (title, text) in ARTICLES.items():
        (folder / "articles" / f"{name}.md").write_text(
            f"---\ntitle: {title}\n---\n{text}\n", encoding="utf-8"
        )
    return write_lines(
        folder / "questions.jsonl",
        [
            *(
                {"id": i, "question": q, "article": a, "answer": x}
                for i, (q, a, x) in QUESTIONS.items()
            ),
            {"question": "Ai xây tháp Eiffel?", "article": None},
            {"question": "Còn rộng bao nhiêu?", "article": "sông", "after": "Sông Hồng dài?"},
        ],
    )


def write_squad(path: Path) -> Path:
    """A SQuAD file with a page for each article."""
    pages = [
        {
            "title": title.replace(" ", "_"),
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {
                            "id": i,
                            "question": question,
                            "answers": [{"text": answer, "answer_start": text.index(answer)}],
                        }
                        for i, (question, about, answer) in QUESTIONS.items()
                        if about == name
                    ],
                }
            ],
        }
        for name, (title, text) in ARTICLES.items()
    ]
    path.write_text(json.dumps({"data": pages}), encoding="utf-8")
    return path


def write_trec(folder: Path) -> Path:
    """Topics and qrels over articles that are files, each named as the qrels name it."""
    (folder / "corpus").mkdir(parents=True)
    for name, (title, text) in ARTICLES.items():
        (folder / "corpus" / f"{name}.txt").write_text(f"{title}\n\n{text}\n", encoding="utf-8")
    topics = "".join(f"{i}\t{q[0]}\n" for i, q in QUESTIONS.items())
    (folder / "topics.tsv").write_text(topics, encoding="utf-8")
    qrels = "".join(f"{i} 0 {q[1]} 1\n" for i, q in QUESTIONS.items())
    (folder / "qrels.txt").write_text(qrels, encoding="utf-8")
    return folder
