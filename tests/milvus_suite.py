"""Runs what every index keeps over each kind of Milvus that can be had: `make milvus-test`.

Each Milvus Lite and the server of a wheel get an environment of their own in `.venv/milvus`, which
sees the packages of `.venv`. They run side by side, as most of their time is spent waiting. Where
$MILVUS_URI names a server (2.5 or later), it is tested too. Says at the end what ran and what was
skipped; the exit code is 1 where something failed. `--without-faults` leaves out the server that is
killed and restarted, which takes three minutes.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.server import Server

ROOT = Path(__file__).resolve().parents[1]
CLIENT = "pymilvus==3.0.2"
CONTRACT = ("tests/test_contract.py", "tests/test_contract_states.py")
# On a server that takes seconds to make a collection: what differs from a Milvus Lite.
DENSE = "test_a_search_beside or test_questions or test_going_back or whole_index"


@dataclass(frozen=True)
class Kind:
    """What is tested: the environment it needs, and the tests that it runs."""

    name: str
    packages: tuple[str, ...]
    tests: tuple[str, ...]
    skipped: str = ""


LITES = (
    Kind("milvus-lite 2.5.1", ("setuptools<80", "milvus-lite==2.5.1", CLIENT), CONTRACT),
    Kind("milvus-lite 3.2.2", ("milvus-lite==3.2.2", CLIENT), CONTRACT),
)
SERVER = Kind(
    "milvus 2.3.5, server",
    ("milvus==2.3.5", CLIENT),
    (*CONTRACT, "-k", DENSE),
    "lexical lanes (they need 2.4 or later), and what a Milvus Lite shows as well",
)
FAULTS = Kind("milvus 2.3.5, server, faults", SERVER.packages, ("tests/test_milvus_faults.py",))
BROWSER = Kind("milvus-lite 3.2.2, tabs", LITES[1].packages, ("tests/browser/test_milvus_desk.py",))
NAMED = Kind("the server in MILVUS_URI", (CLIENT,), CONTRACT)


def environment(kind: Kind) -> Path:
    """The Python of an environment with the packages of a kind."""
    folder = ROOT / ".venv" / "milvus" / re.sub(r"[^a-z0-9.]+", "-", " ".join(kind.packages))
    python, done = folder / "bin" / "python", folder / "done"
    if not done.exists() or done.read_text() != repr(kind.packages):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, *kind.packages], check=True)
        (own,) = (folder / "lib").glob("python*/site-packages")
        shared = next(path for path in sys.path if path.endswith("site-packages"))
        (own / "shared.pth").write_text(f"{shared}\n")  # after its own, so these come first
        done.write_text(repr(kind.packages))
    return python


def start(kind: Kind, scratch: Path, **variables: str) -> "subprocess.Popen[str]":
    """The tests of a kind, as a process that writes to a file."""
    file = (scratch / f"{kind.name}.txt").open("w+")
    return subprocess.Popen(
        [environment(kind), "-m", "pytest", "-q", "-p", "no:cacheprovider", *kind.tests],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=file,
        stderr=subprocess.STDOUT,
        text=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--without-faults", action="store_true")
    with_faults = not parser.parse_args().without_faults
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        running: dict[Kind, subprocess.Popen[str]] = {}
        for number, kind in enumerate(LITES):
            (scratch / str(number)).mkdir()
            address = f"milvus://{scratch}/{number}/test.db/"
            running[kind] = start(kind, scratch, HOIBAO_TEST_MILVUS=address)
        server = Server(scratch / "server", str(environment(SERVER)))
        address = f"milvus://127.0.0.1:{server.port}/?lanes=dense"
        running[SERVER] = start(SERVER, scratch, HOIBAO_TEST_MILVUS=address)
        if os.environ.get("MILVUS_URI"):
            running[NAMED] = start(NAMED, scratch, HOIBAO_TEST_MILVUS="milvus:///")
        running[SERVER].wait()
        server.kill()  # two cannot run on one machine
        if with_faults:
            python = str(environment(SERVER))
            running[FAULTS] = start(FAULTS, scratch, HOIBAO_TEST_MILVUS_PYTHON=python)
        for kind in LITES:
            running[kind].wait()
        running[BROWSER] = start(BROWSER, scratch)  # a browser needs the machine for itself
        codes = {kind: process.wait() for kind, process in running.items()}
        for kind, code in codes.items():
            said = (scratch / f"{kind.name}.txt").read_text().strip()
            print(f"{kind.name}: {said.splitlines()[-1]}" if code == 0 else f"{kind.name}:\n{said}")
            if kind.skipped:
                print(f"{kind.name}: skipped: {kind.skipped}")
        if not with_faults:
            print(f"{FAULTS.name}: skipped: make milvus-test runs them")
        if NAMED not in codes:
            print("skipped: a server of 2.5 or later, which MILVUS_URI would name")
    sys.exit(any(codes.values()))


if __name__ == "__main__":
    main()
