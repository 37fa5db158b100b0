"""Prove the two commands on a clean machine: clone into an empty directory, with an empty home and no caches.

    python tools/clean_machine.py                       every supported Python on the path; writes docs/clean-machine.md
    python tools/clean_machine.py --python PATH ...     these interpreters
    python tools/clean_machine.py --only run            one of the two commands; the page keeps what was found of the others

What is tested is the last commit, not the working tree. Nothing outside a temporary directory is written to, except the
page; packages come from wherever this machine's pip looks for them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "clean-machine.md"
FOUND = ROOT / "tools" / "clean_machine.json"
"""The last outcome of each version and command."""
VERSIONS = ("3.11", "3.12", "3.13")
COMMANDS = ("run", "test")
TOOLS = ("make", "git", "sh", "chromium")
HEAD = """\
# On a clean machine

Written by `python tools/clean_machine.py`; do not edit. Each commit named below was cloned into an empty directory with an
empty home and no caches, on a machine with `make`, `git`, Python (and Chromium for the tests of the page). `make run` and
`make test` do all their own set-up: their times include fetching the packages and compiling the model.

"""


@dataclass(frozen=True)
class Outcome:
    """How one command went: its exit code, how long it took, and its closing line."""

    commit: str
    version: str
    command: str
    code: int
    seconds: float
    closing: str


def interpreters(named: Sequence[str]) -> list[Path]:
    """Return the interpreters to try: those named, or one of each supported version on the path that starts."""
    wanted = named or [found for version in VERSIONS if (found := shutil.which(f"python{version}"))]
    works = [Path(name) for name in wanted if version_of(name)]
    if not works or len(works) < len(named):
        sys.exit("no Python 3.11, 3.12 or 3.13 that starts; name one: --python /path/to/python3.12")
    return works


def version_of(interpreter: str | Path) -> str | None:
    """Return the version of an interpreter, or None if it does not start."""
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([str(interpreter), "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def clean_environment(home: Path, interpreter: Path) -> dict[str, str]:
    """Return the environment of a machine that has nothing of ours: a path with the tools, an empty home."""
    folders = [str(Path(found).parent) for name in TOOLS if (found := shutil.which(name))]
    path = os.pathsep.join(dict.fromkeys([*folders, "/usr/bin", "/bin", str(interpreter.parent)]))
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "CI": "true", "TMPDIR": str(home / "tmp")}


def git(*arguments: str, cwd: Path) -> str:
    """Return what git prints."""
    return subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


def closing_line(text: str) -> str:
    """Return what a command says at its end: the summary of the tests, or where the files are."""
    lines = [line.strip(" =") for line in text.splitlines() if line.strip()]
    for line in reversed(lines):
        if re.search(r"\d+ (passed|failed)", line):
            return re.sub(r" in [\d.]+s.*", "", line)
        if line.startswith("Files:"):
            return line
    return lines[-1] if lines else ""


def try_out(interpreter: Path, commands: Sequence[str], place: Path) -> list[Outcome]:
    """Clone, and run the commands one after the other in the clone."""
    commit = git("rev-parse", "--short=12", "HEAD", cwd=ROOT).strip()
    version = version_of(interpreter) or ""
    home = place / "home"
    (home / "tmp").mkdir(parents=True)
    clone = place / "aiblocs"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    outcomes = []
    for command in commands:
        start = time.monotonic()
        with (place / f"{command}.log").open("w", encoding="utf-8") as log:
            done = subprocess.run(
                ["make", command, f"PYTHON={interpreter}"], cwd=clone, env=clean_environment(home, interpreter),
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
        said = (place / f"{command}.log").read_text(encoding="utf-8", errors="replace")
        outcomes.append(
            Outcome(commit, version, command, done.returncode, time.monotonic() - start, closing_line(said))
        )
        print(f"Python {version}: make {command}: exit {done.returncode}, {outcomes[-1].closing}", flush=True)
        if done.returncode:
            print(said[-4000:], file=sys.stderr)
    changed = git("status", "--porcelain", cwd=clone)
    if changed:
        print(f"the commands left changes in the checkout:\n{changed}", file=sys.stderr)
        outcomes.append(Outcome(commit, version, "git status", 1, 0.0, "not clean afterwards"))
    return outcomes


def remember(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Put outcomes among those of earlier calls, in the place of older ones of the same version and command."""
    known = (
        [Outcome(**one) for one in json.loads(FOUND.read_text(encoding="utf-8"))] if FOUND.is_file() else []
    )
    merged = {(one.version, one.command): one for one in [*known, *outcomes]}
    found = [merged[key] for key in sorted(merged)]
    FOUND.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")
    return found


def page(outcomes: Sequence[Outcome]) -> str:
    """Return the page, from the outcomes alone."""
    head = "| Python | command | exit code | minutes | closing line | commit |\n| --- | --- | --- | --- | --- | --- |\n"
    rows = [
        f"| {one.version} | `make {one.command}` | {one.code} | {one.seconds / 60:.1f} | {one.closing} | {one.commit} |"
        for one in outcomes
    ]
    where = f"On {os.cpu_count()} cores ({platform.system()}, {platform.machine()}).\n\n"
    return HEAD + where + head + "\n".join(rows) + "\n"


def main() -> int:
    """Try every interpreter, write the page, and return 1 if any command failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", nargs="+", default=[], metavar="PATH", help="interpreters to try")
    parser.add_argument("--only", choices=COMMANDS, action="append", help="these commands")
    asked = parser.parse_args()
    failed = False
    for interpreter in interpreters(asked.python):
        with tempfile.TemporaryDirectory(prefix="clean-machine-") as place:
            outcomes = try_out(interpreter, asked.only or COMMANDS, Path(place))
        failed |= any(one.code for one in outcomes)
        PAGE.write_text(page(remember(outcomes)), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
