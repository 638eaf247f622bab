"""Runs the Milvus server that the wheel `milvus` holds, on the loopback address alone.

    python tests/milvus_server.py DATA_DIR PORT [--with-login]

Needs the Python of an environment that has the wheel. Prints "ready" when the server answers, and
ends with the server.
"""

import re
import sys
from pathlib import Path

from milvus import MilvusServer, MilvusServerConfig

LOOPBACK = "127.0.0.1"


def main() -> None:
    data, port = Path(sys.argv[1]).resolve(), sys.argv[2]
    data.mkdir(parents=True, exist_ok=True)
    shipped = MilvusServerConfig()
    # By default each part binds the machine's own address.
    text = re.sub(r"^(\s+)ip:.*$", rf"\1ip: {LOOPBACK}", shipped.template_text, flags=re.MULTILINE)
    template = data / "template.yaml"
    template.write_text(text, encoding="utf-8")
    shipped.template_text = text
    shipped.configs = {
        "data_dir": str(data),
        "proxy_port": int(port),
    }
    shipped.parse_template()
    if "--with-login" in sys.argv:
        shipped.set("authorization_enabled", True)
    server = MilvusServer(shipped, wait_for_started=True)
    server.start()
    print("ready", server.server_proc.pid, server.config.get("proxy_port"), flush=True)
    server.wait()


if __name__ == "__main__":
    main()
