"""A Milvus server for tests, in a process of its own."""

import os
import signal
import socket
import subprocess
from pathlib import Path


class Server:
    """A Milvus server that can be killed."""

    def __init__(self, folder: Path, python: str, *options: str) -> None:
        """`python` is of an environment that has the wheel."""
        self.port = free_port()
        program = Path(__file__).parent / "milvus_server.py"
        self.command = [python, str(program), str(folder), str(self.port), *options]
        self.start()

    def start(self) -> None:
        self.runner = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        assert self.runner.stdout is not None
        words = self.runner.stdout.readline().split()
        assert words[:1] == ["ready"]
        self.pid = int(words[1])

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.runner.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
