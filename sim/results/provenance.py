"""With what, when and from which commit a result was made."""

from __future__ import annotations

import datetime
import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]


def tool_versions(tools: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of these distributions, by name."""
    return {"python": platform.python_version(), **{tool: version(tool) for tool in tools}}


def time_now() -> str:
    """Return the time (UTC, ISO 8601, to the second)."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def commit() -> str | None:
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
