"""What the documentation tells people to type works."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from blocks import COMMANDS, PAGES, SHOWN, blocks
from patience import PATIENCE
from prepared import Prepared, prepared
from script_modules import ROOT


def pages_to_run() -> list[Path]:
    """Pages with something to run or to write."""
    return [page for page in PAGES if any(block.kind not in SHOWN for block in blocks(page))]


@pytest.fixture(scope="module")
def aiblocs() -> Iterator[Prepared]:
    with prepared() as process:
        yield process


@pytest.mark.slow
@pytest.mark.parametrize("page", pages_to_run(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_tells_to_type_works(page: Path, aiblocs: Prepared, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "OPENBLAS_NUM_THREADS": "1"}
    said: list[str] = []  # the Python blocks of a page build on each other
    for block in blocks(page):
        place = f"{page.relative_to(ROOT)}:{block.line}"
        if block.mark == "file":
            target = tmp_path / str(block.what)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.mark == "not run":
            continue
        elif block.kind in COMMANDS:
            for command in block.commands:
                run_command(command, aiblocs, tmp_path, environment, place)
        elif block.kind == "python":
            said.append(block.body)
    if said:
        script = tmp_path / "page.py"
        script.write_text("\n".join(said), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "error::DeprecationWarning:__main__", script.name],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, f"{page.relative_to(ROOT)}: {done.stderr[-3000:]}"


def run_command(
    command: str, aiblocs: Prepared, folder: Path, environment: dict[str, str], place: str
) -> None:
    """Run what a page tells to type; of what sets a machine up, check that it is there to be used."""
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        wanted = [word for word in words[1:] if "=" not in word]
        assert set(wanted) <= set(targets), f"{place}: {command}"
    elif words[0] in ("pip", "uv"):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        asked = [name for extra in re.findall(r"\[([\w,]+)\]", command) for name in extra.split(",")]
        assert set(asked) <= set(project["optional-dependencies"]), f"{place}: {command}"
    elif words[0] == "aiblocs" and not re.search(r"[|<>;&$*`]", command):
        status, errors = aiblocs.run(words[1:], folder)
        assert status == 0, f"{place}: {command}\n{errors[-3000:]}"
    elif words[0] != "git":
        line = re.sub(r"^aiblocs\b", f"{shlex.quote(sys.executable)} -m sim", command)
        line = re.sub(r"^python\b", shlex.quote(sys.executable), line)
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{place}: {command}\n{done.stderr[-3000:]}"


def test_a_command_in_a_prepared_process_ends_as_one_of_its_own(aiblocs: Prepared, tmp_path: Path) -> None:
    status, errors = aiblocs.run(["run", "baselin"], tmp_path)
    assert status == 2
    assert "did you mean baseline" in errors
    assert aiblocs.run(["scenario", "new", "mine"], tmp_path) == (0, "")
    assert aiblocs.run(["scenario", "check", "mine.yaml"], tmp_path) == (0, "")
    status, errors = aiblocs.run(["verify", "mine.yaml"], tmp_path)
    assert status == 2
    assert "baselin" not in errors, "nothing is left of the command before"
