"""Commands in processes of their own that need not start: each is a copy of one that has the package and the model loaded.

Most of the time of a short command goes into imports. Whoever tests what a command does, and not how it starts, has it
typed here: it finds the folder, the screen and the end of a process as usual, and leaves nothing behind for the next.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Prepared:
    """A process that copies itself for each command."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__]
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, arguments: list[str], folder: Path) -> tuple[int, str]:
        """Return how ``aiblocs`` with these arguments ended in a folder, and what it wrote on the error stream."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([arguments, str(folder)]) + "\n")
        self.process.stdin.flush()
        status, errors = json.loads(self.process.stdout.readline())
        return status, errors


@contextmanager
def prepared() -> Iterator[Prepared]:
    """Yield a process to type commands in; it ends with the block."""
    made = Prepared()
    with made.process:
        yield made
        assert made.process.stdin is not None
        made.process.stdin.close()


def serve() -> None:
    """Load what commands need, then carry them out one after the other, as lines of JSON come."""
    import tempfile

    import sim
    from sim.cli import main

    sim.run("baseline", 2, until="2027Q1")
    for line in sys.stdin:
        arguments, folder = json.loads(line)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            if (child := os.fork()) == 0:
                nothing = os.open(os.devnull, os.O_RDWR)
                for stream, target in ((0, nothing), (1, nothing), (2, errors.fileno())):
                    os.dup2(target, stream)
                os.chdir(folder)
                sys.argv = ["aiblocs", *arguments]
                raise SystemExit(main())
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            errors.seek(0)
            print(json.dumps([status, errors.read()]), flush=True)


if __name__ == "__main__":
    serve()
