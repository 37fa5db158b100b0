"""The page served by a process of its own, which writes down whatever would leave this machine."""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from patience import PATIENCE

HERE = Path(__file__).parent
BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OUTSIDE = "OUTSIDE"

# Runs in the server's process: any attempt to reach another machine is written down.
SERVE = """
import json
import sys
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not host.startswith("127.") and host not in ("::1", "localhost"):
            print("OUTSIDE", host, file=sys.stderr, flush=True)
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "127.0.0.1", "localhost", "::1"):
        print("OUTSIDE", arguments[0], file=sys.stderr, flush=True)
sys.addaudithook(watch)
from sim.dashboard.launch import serve
serve(open_browser=False, app=sys.argv[1], **json.loads(sys.argv[2]))
"""


class Server:
    """A page served by its own process, with what it wrote."""

    def __init__(self, app: str, home: Path, served: dict | None = None, **settings: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SOLARA_")}
        environment |= {
            "HOME": str(home),
            "PYTHONPATH": str(HERE.parents[1]),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, app, json.dumps({"port": 0} | (served or {}))],
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=home,
        )
        self.lines: list[str] = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if not self.ready.wait(PATIENCE):
            self.stop()
            raise RuntimeError("the page did not start:\n" + "\n".join(self.lines))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if found := re.search(r"The page is at (\S+)", line):
                self.url = found.group(1)
                self.ready.set()

    def kill(self) -> None:
        """End the process as a crash would."""
        self.process.kill()
        self._ended()

    def stop(self) -> None:
        self.process.terminate()
        self._ended()

    def _ended(self) -> None:
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()
