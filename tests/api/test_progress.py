"""Progress: a bar in notebooks unless it is refused, a bar on a terminal if it is asked for, or a function of the user."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import sim
from sim.api import progress as module
from sim.api.progress import NotebookBar

END = "2027Q2"


class Screen:
    """What a notebook shows, in the order in which it was shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def __call__(self, data: dict[str, str], *, raw: bool, display_id: bool) -> Screen:
        assert (raw, display_id) == (True, True)
        self.shown.append(data["text/html"])
        return self

    def update(self, data: dict[str, str], *, raw: bool) -> None:
        assert raw
        self.shown.append(data["text/html"])


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "first_time_note", lambda: "")


@pytest.mark.usefixtures("compiled")
def test_a_bar_in_a_notebook_shows_what_is_slow_and_goes_away() -> None:
    screen = Screen()
    now = iter([0.0, 0.5, 2.0, 3.0])
    bar = NotebookBar("a <b>", screen, lambda: next(now))
    bar(1, 4)
    assert screen.shown == []
    bar(2, 4)
    bar(4, 4)
    bar.close()
    assert screen.shown[0] == 'a &lt;b&gt; <progress value="2" max="4"></progress> 2 of 4'
    assert screen.shown[-1] == ""
    assert len(screen.shown) == 3


@pytest.mark.usefixtures("compiled")
def test_what_is_quick_shows_nothing() -> None:
    screen = Screen()
    bar = NotebookBar("x", screen, lambda: 0.0)
    bar(1, 1)
    bar.close()
    assert screen.shown == []


def test_compiling_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "first_time_note", lambda: " (compiling)")
    screen = Screen()
    NotebookBar("x", screen, lambda: 0.0)
    assert screen.shown == ["x (compiling)"]


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("asked", "shows"), [(None, True), (True, True), (False, False)])
def test_notebooks_show_progress_by_default(asked: Any, shows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(module, "_WAIT", 0.0)
    monkeypatch.setattr(module, "notebook_display", lambda: screen)
    sim.compare("baseline", "baseline", runs=3, until=END, progress=asked)
    assert bool(screen.shown) == shows
    if shows:
        assert any("6 of 6" in one for one in screen.shown), "one bar over all scenarios"
        assert all(one == "" or one.startswith("Simulating <progress") for one in screen.shown)
        assert screen.shown[-1] == ""


def test_elsewhere_nothing_is_shown_unless_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.run("baseline", 2, until=END)
    assert capsys.readouterr() == ("", "")
    shown: list[str] = []

    @contextlib.contextmanager
    def bar(what: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: shown.append(f"{what} {done}/{total}")

    monkeypatch.setattr(module, "terminal_bar", bar)
    sim.run("baseline", 2, until=END, progress=True)
    assert shown[-1] == "Simulating baseline 2/2"


def test_a_notebook_is_known_by_its_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("IPython", reason="needs the extra `dev`")
    for shell, found in ((None, False), (SimpleNamespace(), False), (SimpleNamespace(kernel=1), True)):
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda shell=shell: shell))
        monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display="display"))
        assert (module.notebook_display() is not None) == found
