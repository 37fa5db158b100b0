"""The manifest of a run: how it was made, on what, and what its files must contain."""

from __future__ import annotations

import datetime
import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.results.run import RunResult

MANIFEST = "manifest.json"
FORMAT: Literal["aiblocs run 1"] = "aiblocs run 1"
_TOOLS = ("mesa", "numba", "numpy", "pyarrow")
_PROJECT = Path(__file__).resolve().parents[2]


class Manifest(BaseModel):
    """Content of ``manifest.json``.

    ``provenance`` : version and hashes that the numbers depend on; ``tools`` : versions of what computed them
    ``files`` : SHA-256 of every other file, by its path in the folder
    ``command, time, git`` : how, when (UTC) and from which commit it was made; nothing depends on them
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["aiblocs run 1"] = FORMAT
    scenario: str
    seed: int
    runs: int
    engine: str
    provenance: dict[str, str]
    tools: dict[str, str]
    imputed_share: float
    command: str
    time: str
    git: str | None
    files: dict[str, str]


def make_manifest(result: RunResult, files: dict[str, str], command: str) -> Manifest:
    """Return the manifest of a result whose files have these hashes."""
    return Manifest(
        scenario=result.scenario.name,
        seed=result.seed,
        runs=result.runs,
        engine=result.engine,
        provenance=result.provenance,
        tools={"python": platform.python_version(), **{tool: version(tool) for tool in _TOOLS}},
        imputed_share=result.world.imputed_share(),
        command=command,
        time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        git=_commit(),
        files=files,
    )


def _commit() -> str | None:
    """Return the commit of the project's checkout, marked if it was changed since; None outside of one."""
    if not (_PROJECT / ".git").exists():
        return None
    try:
        head = _git("rev-parse", "HEAD")
        return f"{head} with changes" if _git("status", "--porcelain", "--untracked-files=no") else head
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(_PROJECT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=5)
    return done.stdout.strip()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a run.

    Raises
    ------
    InputError
        If there is none, or it is damaged or of something else.
    """
    path = folder / MANIFEST
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and data.get("format") != FORMAT:
            raise InputError(Problem("this is not the manifest of a run", file=str(path)))
        return Manifest.model_validate(data)
    except FileNotFoundError:
        raise InputError(Problem(f"is not the folder of a run (no {MANIFEST})", file=str(folder))) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be read ({error.strerror})", file=str(path))) from None
    except (ValueError, ValidationError):
        raise InputError(Problem("this manifest is damaged", file=str(path))) from None
