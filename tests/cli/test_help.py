"""Help pages cut no word, however narrow the terminal."""

import os
import subprocess
import sys
from typing import Any

import pytest
from rich.emoji import Emoji
from typer.main import get_command

from sim.cli.application import COMMANDS, app


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


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_shown_as_it_was_written(name: str) -> None:
    """Paragraphs break where the terminal does, and nothing in them is taken for the name of an emoji."""
    group: Any = get_command(app)
    command = group.get_command(None, name)
    for one in (command, *getattr(command, "commands", {}).values()):
        assert one.help
        assert all("\n" not in paragraph for paragraph in one.help.split("\n\n"))
        for text in (one.help, *(f"{option.help} {option.metavar}" for option in one.params)):
            assert Emoji.replace(text) == text
