"""Clients that ask without pause through the HTTP API of a running chat.

    python benchmarks/load.py --index DIR --clients 50 --seconds 60

Prints answers a second, latencies, errors, and the server's memory at the start and every minute.
"""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "sample" / "questions.jsonl"


@dataclass(slots=True)
class Tally:
    """What one client saw: seconds of each answer, and what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def ask(port: int, question: str) -> None:
    """Asks as `gradio_client` and curl do: a call, then its stream of events.

    Raises:
        ValueError: what came back is no answer.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = json.dumps({"data": [question]})
        headers = {"content-type": "application/json"}
        connection.request("POST", "/gradio_api/call/ask", body, headers)
        event = json.loads(connection.getresponse().read())["event_id"]
        connection.request("GET", f"/gradio_api/call/ask/{event}")
        events = connection.getresponse().read().decode()
    finally:
        connection.close()
    if "event: complete" not in events or '"citations"' not in events:
        raise ValueError(events[:200])


def client(port: int, questions: list[str], start: int, end: float, tally: Tally) -> None:
    """Asks one question after the other, each time another, until the end."""
    number = start
    while time.monotonic() < end:
        number += 7
        began = time.monotonic()
        try:
            # The number makes each question one that nobody asked before.
            ask(port, f"{questions[number % len(questions)]} {number}")
            tally.took.append(time.monotonic() - began)
        except Exception as error:
            tally.errors.append(repr(error))


def memory(pid: int) -> int:
    """MiB that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def processor_seconds(pid: int) -> float:
    """What a process has used of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(port: int, pid: int, clients: int, seconds: float) -> dict[str, float | list[int]]:
    """The figures of one run; memory at its start and after every minute."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    for question in questions:  # what is learned of their words is kept, in little memory
        ask(port, question)
    before, processor = memory(pid), processor_seconds(pid)
    began = time.monotonic()
    tallies = [Tally() for _ in range(clients)]
    threads = [
        threading.Thread(target=client, args=(port, questions, i * 31, began + seconds, tally))
        for i, tally in enumerate(tallies)
    ]
    for thread in threads:
        thread.start()
    held = [before]
    while (left := began + seconds - time.monotonic()) > 0:
        time.sleep(min(left, 60.0))
        held.append(memory(pid))
    for thread in threads:
        thread.join()
    wall = time.monotonic() - began
    took = sorted(seconds for tally in tallies for seconds in tally.took)
    errors = [error for tally in tallies for error in tally.errors]
    if errors:
        click.echo(errors[0], err=True)
    return {
        "clients": clients,
        "seconds": round(wall, 1),
        "answers": len(took),
        "answers_per_second": round(len(took) / wall, 1),
        "p50": round(took[len(took) // 2], 3),
        "p95": round(took[len(took) * 95 // 100], 3),
        "processor_ms_per_answer": round(1000 * (processor_seconds(pid) - processor) / len(took)),
        "errors": len(errors),
        "memory_mib": held,
    }


@click.command()
@click.option("--index", required=True, type=click.Path(path_type=Path))
@click.option("--clients", default=50, show_default=True)
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--port", default=7899, show_default=True)
def main(index: Path, clients: int, seconds: float, port: int) -> None:
    """Serves an index and asks it."""
    command = [sys.executable, "app.py", "--index", str(index.resolve()), "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        began = time.monotonic()
        while True:
            try:
                ask(port, "Việt Nam")
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > began + 60:
                    raise
                time.sleep(0.2)
        click.echo(f"first answer {time.monotonic() - began:.1f} s after the start")
        click.echo(json.dumps(measure(port, server.pid, clients, seconds)))
    finally:
        server.terminate()
        server.wait(timeout=10)


if __name__ == "__main__":
    main()
