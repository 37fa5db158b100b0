"""What is drawn when: levers with the move, bar and map with the result, everything else after them."""

import threading
from itertools import pairwise

import ipywidgets
import pytest
import solara

from sim.dashboard import tasks
from sim.dashboard.page import notice, outcomes
from sim.dashboard.page.layout import Frame
from sim.dashboard.session import opened
from sim.dashboard.widgets import DataTable, Levers, Partition, WorldMap
from sim.dashboard.widgets.drawing import Drawing

LEVER = "blocs.china.aid_budget"


@pytest.fixture
def visit():
    """A session on its page, none of whose workers works by itself, and the box in which it is drawn."""
    session = opened("seed=77&runs=50", begin=False)
    session.asked = []
    session.solver.ask = session.asked.append
    session.follower.ask = session.told.tell = session.told.learn = lambda *_: None
    box, drawn = solara.render(Frame(session), handle_error=False)
    session.ask()
    answer(session)
    session.set_lever(LEVER, 60)
    answer(session)
    yield session, box
    drawn.close()
    session.close()


def answer(session):
    """Show the result of what the session asked for last, as its worker does."""
    question = session.asked[-1]
    session._show(question, tasks.solve_with_reference(question, lambda *_: None, threading.Event()))


def pictures(box):
    """Return what each kind of widget below ``box`` shows."""
    found = {}
    waiting = [box]
    while waiting:
        widget = waiting.pop()
        if isinstance(widget, ipywidgets.Widget):
            found.setdefault(type(widget).__name__, []).append(looks(widget))
            waiting += [getattr(widget, name) for name in ("children", "v_slots") if widget.has_trait(name)]
        elif isinstance(widget, list | tuple):
            waiting += widget
        elif isinstance(widget, dict):
            waiting += widget.values()
    return {kind: sorted(map(str, shown)) for kind, shown in found.items()}


def looks(widget):
    if isinstance(widget, WorldMap):
        return widget.version, widget.frames
    if isinstance(widget, Partition):
        return widget.bar
    if isinstance(widget, Levers):
        return widget.values
    if isinstance(widget, DataTable):
        return widget.rows, widget.about
    if isinstance(widget, Drawing):
        return widget.option
    return getattr(widget, "unsafe_innerHTML", "")


def changed(before, after):
    return {kind for kind in after if before.get(kind) != after[kind]}


def test_a_move_draws_levers_a_result_map_and_bar_and_all_else_comes_after(visit, monkeypatch):
    session, box = visit
    later = []
    monkeypatch.setattr(session, "_follow", lambda: later.append(session.shown.value))
    heavy = []
    for module, name in ((notice, "said_before"), (outcomes, "actions_of")):
        monkeypatch.setattr(module, name, spy(getattr(module, name), heavy))
    stages = [pictures(box)]
    session.set_lever(LEVER, 174)
    stages.append(pictures(box))
    answer(session)
    stages.append(pictures(box))
    assert (heavy, len(later)) == ([], 1)
    monkeypatch.undo()
    session._follow()
    stages.append(pictures(box))
    moved, shown, followed = (changed(*pair) for pair in pairwise(stages))
    assert "Levers" in moved
    assert not moved & {"WorldMap", "Partition", "Drawing", "DataTable"}
    assert {"WorldMap", "Partition"} <= shown
    assert not shown & {"Levers", "Drawing", "DataTable"}
    assert {"Drawing", "DataTable"} <= followed
    assert not followed & {"WorldMap", "Partition", "Levers"}


def spy(function, calls):
    def called(*args):
        calls.append(function.__name__)
        return function(*args)

    return called
