"""Runs the Milvus server that the wheel `milvus` holds, announced on the loopback address alone.

    python tests/milvus_server.py DATA_DIR PORT [--with-login]

Needs the Python of an environment that has the wheel. Prints "ready" and the server's process when
it answers, and ends with it.
"""

import re
import socket
import sys
from pathlib import Path

from milvus import MilvusServer, MilvusServerConfig

LOOPBACK = "127.0.0.1"


class Config(MilvusServerConfig):
    """A configuration whose port can be had again right after a server was killed."""

    def try_bind_port(self, port: int) -> socket.socket | None:
        found = socket.socket()
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((LOOPBACK, port))
            found.listen()
        except OSError:
            found.close()
            return None
        return found


def main() -> None:
    data, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    data.mkdir(parents=True, exist_ok=True)
    config = Config(data_dir=str(data), proxy_port=port)
    # By default each part announces the machine's own address to the others.
    config.template_text = re.sub(
        r"^(\s+)ip:.*$", rf"\1ip: {LOOPBACK}", config.template_text, flags=re.MULTILINE
    )
    config.parse_template()
    if "--with-login" in sys.argv:
        config.set("authorization_enabled", True)
    server = MilvusServer(config)
    server.start()
    print("ready", server.server_proc.pid, flush=True)
    server.server_proc.wait()


if __name__ == "__main__":
    main()
