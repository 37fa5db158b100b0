"""Figures as files: the same bytes each time, laid out once, and not changed by being saved."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sim.figures.paper import new_figure, printed, save_figure, svg_text


def test_both_files_come_from_one_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    execute = ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine, "execute", lambda self, figure: (found.append(1), execute(self, figure))
    )
    figure, (axes,) = new_figure(4, 3)
    axes.set_title("A title")
    one = printed(figure)
    assert len(found) == 1
    assert one.png.startswith(b"\x89PNG")
    assert one.svg.lstrip().startswith("<?xml")


def test_saving_changes_nothing_about_a_figure(tmp_path: Path) -> None:
    figure, (axes,) = new_figure(4, 3)
    axes.set_ylabel("Share")
    resolution = figure.dpi
    first = printed(figure)
    assert figure.dpi == resolution
    assert isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine)
    png, svg = save_figure(figure, tmp_path / "shares.of.states")
    assert (png.name, svg.name) == ("shares.of.states.png", "shares.of.states.svg")
    assert png.read_bytes() == first.png
    assert svg.read_text() == first.svg == svg_text(figure)
    axes.set_title("A title that needs room")
    assert svg_text(figure) != first.svg


DRAWN = """
import hashlib
from sim.figures.paper import new_figure, printed
figure, (axes,) = new_figure(4, 3)
axes.plot([1, 3, 2], label="a line")
axes.legend()
one = printed(figure)
from matplotlib.artist import kwdoc
from matplotlib.lines import Line2D
print("dash_capstyle" in Line2D.set.__doc__, "dash_capstyle" in kwdoc(Line2D))
print(hashlib.sha256(one.png + one.svg.encode()).hexdigest())
"""


def test_a_command_leaves_out_the_help_of_matplotlib_and_draws_the_same() -> None:
    alone, in_command = (
        subprocess.run(
            [sys.executable, "-c", first + DRAWN], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for first in ("", "from sim.figures.start import leave_help_out\nleave_help_out()")
    )
    assert (alone[0], in_command[0]) == ("True True", "False True")
    assert alone[1] == in_command[1]


def test_without_a_home_a_command_draws_in_silence_and_keeps_the_list_of_fonts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.touch()  # a file in the way: nothing can be written below it, not even by root
    steering = ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    done = subprocess.run(
        [sys.executable, "-c", "from sim.figures.start import leave_help_out\nleave_help_out()\n" + DRAWN],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if name not in steering}
        | {"HOME": str(home), "NUMBA_CACHE_DIR": str(tmp_path / "kept")},
    )
    assert done.stderr == ""
    assert list((tmp_path / "kept" / "matplotlib").glob("fontlist-*.json"))
