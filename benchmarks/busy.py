"""What readers feel of an update: clients that ask a running chat, in quiet times and while the
index is updated.

    python -m benchmarks.busy

Indexes the sample, serves it, and then indexes generated articles beside it. Prints one JSON
object: latencies in seconds, and how long after the update had ended the chat answered from it.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from statistics import median

import click

from benchmarks.load import QUESTIONS, ROOT, Tally, ask

SAMPLE = ROOT / "sample" / "articles"


def generate(folder: Path, articles: int, sentences: int) -> None:
    """Articles of sentences of the sample in a new order, each sentence made one of its own."""
    chance = random.Random(0)
    texts = [file.read_text(encoding="utf-8").split("---")[-1] for file in SAMPLE.iterdir()]
    known = [s for text in sorted(texts) for s in re.split(r"(?<=[.!?])\s+", text) if len(s) > 40]
    folder.mkdir()
    for number in range(articles):
        chosen = chance.sample(known, sentences)
        body = " ".join(f"{s[:-1]}, theo bản tin số {number}." for s in chosen)
        (folder / f"{number}.md").write_text(
            f"---\ntitle: Bản tin số {number}\n---\n{body}\n", encoding="utf-8"
        )


def articles_served(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
        return int(json.load(answer)["articles"])


class Clients:
    """Clients that ask without pause until they are told to end."""

    def __init__(self, port: int, count: int) -> None:
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
        self._questions = [json.loads(line)["question"] for line in lines if line.strip()]
        self._port = port
        self._ended = threading.Event()
        self._tallies = [Tally() for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._ask, args=(number * 31, tally))
            for number, tally in enumerate(self._tallies)
        ]
        for thread in self._threads:
            thread.start()

    def _ask(self, number: int, tally: Tally) -> None:
        while not self._ended.is_set():
            number += 7
            began = time.monotonic()
            try:
                ask(self._port, f"{self._questions[number % len(self._questions)]} {number}")
                tally.took.append(time.monotonic() - began)
            except Exception as error:
                tally.errors.append(repr(error))

    def end(self) -> dict[str, float]:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        took = sorted(seconds for tally in self._tallies for seconds in tally.took)
        errors = [error for tally in self._tallies for error in tally.errors]
        return {
            "answers": len(took),
            "p50": round(median(took), 4),
            "p95": round(took[len(took) * 95 // 100], 4),
            "errors": len(errors),
        }


@click.command()
@click.option("--clients", default=10, show_default=True)
@click.option("--articles", default=1000, show_default=True, help="Articles of the update.")
@click.option("--sentences", default=5, show_default=True, help="Sentences of each of them.")
@click.option("--quiet", default=20.0, show_default=True, help="Seconds of each quiet time.")
@click.option("--port", default=7898, show_default=True)
def main(clients: int, articles: int, sentences: int, quiet: float, port: int) -> None:
    """Serves the sample, asks in quiet times before and after an update, and during it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "new", articles, sentences)
        index = [sys.executable, "-m", "qa", "index", "--index", str(folder / "index")]
        subprocess.run([*index, str(SAMPLE)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        serve = [sys.executable, "app.py", "--index", str(folder / "index"), "--port", str(port)]
        server = subprocess.Popen(
            serve, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while True:
                try:
                    ask(port, "Việt Nam")
                    break
                except OSError:
                    if server.poll() is not None:
                        raise
                    time.sleep(0.2)
            before = articles_served(port)
            asking = Clients(port, clients)
            time.sleep(quiet)
            quiet_before = asking.end()
            asking = Clients(port, clients)
            began = time.monotonic()
            subprocess.run([*index, str(folder / "new")], cwd=ROOT, check=True)
            took = time.monotonic() - began
            while articles_served(port) == before:
                time.sleep(0.01)
            late = time.monotonic() - began - took
            during = asking.end()
            asking = Clients(port, clients)
            time.sleep(quiet)
            quiet_after = asking.end()
        finally:
            server.terminate()
            server.wait(timeout=10)
    figures = {
        "clients": clients,
        "update_seconds": round(took, 1),
        "seen_after_seconds": round(late, 3),
        "quiet_before": quiet_before,
        "during": during,
        "quiet_after": quiet_after,
        "times_slower": round(during["p50"] / max(quiet_before["p50"], 1e-9), 2),
    }
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
