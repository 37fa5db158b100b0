"""Put mistakes into a copy of the project, one at a time, and see whether the tests notice.

    python tools/mutate.py              all of them; writes docs/mutations.md
    python tools/mutate.py --list       what there is
    python tools/mutate.py --check      whether each can still be put in: its text stands exactly once, its tests are there
    python tools/mutate.py --only 1 3   these; the page keeps what was found of the others

The checkout itself is only read. The mistakes stand in `tools/mutations.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).resolve().parent))

from mutations import MUTATIONS, Mutation  # noqa: E402

PAGE = ROOT / "docs" / "mutations.md"
FOUND = ROOT / "tools" / "mutations.json"
"""What the tests said of each mistake when it was last tried."""
FOLDERS = ("sim", "scenarios", "tests", "docs", "requirements", "tools", "benchmarks")
NEEDED = ("pyproject.toml", "README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile")
LIMIT = 1800.0
"""Seconds after which a mistake counts as noticed: what used to end no longer does."""

HEAD = """\
# Mutations

Written by `python tools/mutate.py`; do not edit. Each line is a mistake that was put on purpose into a copy of the
project, alone, and what the tests said. A mistake that no test notices is a gap: it is listed as **not caught**.

"""


@dataclass(frozen=True)
class Verdict:
    """What the tests said of one mistake: the first test that failed, or None if all passed."""

    mutation: Mutation
    caught_by: str | None
    seconds: float


def copy_project(target: Path) -> None:
    """Copy what the tests need of the project, without caches."""
    target.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc", ".*")
    for name in FOLDERS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=ignored)
    for name in NEEDED:
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, target / name)


def apply(mutation: Mutation, project: Path) -> None:
    """Put the mistake in.

    Raises
    ------
    ValueError
        If the text to change is not there exactly once, the change is none, or its tests are gone.
    """
    if problem := misfit(mutation, project):
        raise ValueError(problem)
    path = project / mutation.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.before, mutation.after), encoding="utf-8")


def misfit(mutation: Mutation, project: Path) -> str | None:
    """Say why a mistake cannot be put into a project, or None if it can."""
    path = project / mutation.file
    places = path.read_text(encoding="utf-8").count(mutation.before) if path.is_file() else 0
    lost = [name for name in mutation.tests if not (project / name).exists()]
    if places != 1:
        return f"{mutation.file}: {places} places for {mutation.what!r}, 1 is needed"
    if mutation.before == mutation.after:
        return f"{mutation.file}: {mutation.what!r} changes nothing"
    return f"{mutation.what!r}: no tests at {', '.join(lost)}" if lost else None


def judge(mutation: Mutation, place: Path) -> Verdict:
    """Run the tests of a mistake in a fresh copy of the project.

    What was compiled stays in ``place``: it is found by the hash of its sources, so that only a mistake in compiled code
    compiles anew.
    """
    project = place / "project"
    shutil.rmtree(project, ignore_errors=True)
    copy_project(project)
    apply(mutation, project)
    started = time.monotonic()
    environment = {
        **os.environ,
        "PYTHONPATH": str(project),
        "HOME": str(place),
        "NUMBA_CACHE_DIR": str(place / "compiled"),
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "-m",
        "not browser",
        *mutation.tests,
    ]
    try:
        done = subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return Verdict(mutation, "the tests no longer end", time.monotonic() - started)
    seconds = time.monotonic() - started
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(
            f"{mutation.what}: pytest ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return Verdict(mutation, None if done.returncode == 0 else _first_failure(done.stdout), seconds)


def _keep(verdict: Verdict) -> None:
    """Say what the tests said, and keep it."""
    mutation, said = verdict.mutation, verdict.caught_by or "NOT CAUGHT"
    sys.stdout.write(f"{mutation.family}: {mutation.what}: {said} ({verdict.seconds:.0f} s)\n")
    sys.stdout.flush()
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.is_file() else {}
    found[mutation.what] = verdict.caught_by
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _first_failure(output: str) -> str:
    for line in output.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split()[1]
    return "the tests cannot even be collected"


def page(found: dict[str, str | None]) -> str:
    """Return the page with the table, from what was found of each mistake by its words; those not tried are left out."""
    tried = [one for one in MUTATIONS if one.what in found]
    caught = sum(found[one.what] is not None for one in tried)
    lines = [
        f"{caught} of {len(tried)} are caught.\n",
        "| Family | Mistake | Where | Caught by |",
        "| --- | --- | --- | --- |",
    ]
    for one in tried:
        said = found[one.what]
        by = f"`{said.removeprefix('tests/')}`" if said else "**not caught**"
        lines.append(f"| {one.family} | {one.what} | `{one.file}` | {by} |")
    return HEAD + "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the mistakes asked for and return 1 if one of them was not noticed."""
    parser = argparse.ArgumentParser(description="Do the tests notice mistakes put in on purpose?")
    parser.add_argument("--list", action="store_true", help="list them")
    parser.add_argument("--check", action="store_true", help="say which can no longer be put in")
    parser.add_argument("--only", type=int, nargs="+", metavar="N", help="numbers of the list")
    asked = parser.parse_args(arguments)
    if asked.list:
        for number, mutation in enumerate(MUTATIONS, start=1):
            sys.stdout.write(f"{number:3}  {mutation.family}: {mutation.what} ({mutation.file})\n")
        return 0
    if asked.check:
        problems = [problem for mutation in MUTATIONS if (problem := misfit(mutation, ROOT))]
        sys.stdout.write("".join(f"{problem}\n" for problem in problems))
        return int(bool(problems))
    chosen = [MUTATIONS[number - 1] for number in asked.only] if asked.only else MUTATIONS
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="mutation-") as place:
        for mutation in chosen:
            verdicts.append(judge(mutation, Path(place)))
            _keep(verdicts[-1])
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.is_file() else {}
    PAGE.write_text(page(found), encoding="utf-8")
    return int(any(verdict.caught_by is None for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
