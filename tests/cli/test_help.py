"""Help pages cut no word, however narrow the terminal."""

import os
import subprocess
import sys

import pytest

from sim.cli.application import COMMANDS


@pytest.mark.parametrize("width", [40, 60, 80])
def test_help_cuts_nothing(width: int) -> None:
    for command in ("run", "explain", "score", "dashboard"):
        assert command in COMMANDS
        done = subprocess.run(
            [sys.executable, "-m", "sim", command, "--help"],
            env={**os.environ, "COLUMNS": str(width)},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert "…" not in done.stdout
        assert "--help" in done.stdout
