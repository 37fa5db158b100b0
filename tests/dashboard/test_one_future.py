"""One future that is watched: the same as its agents play, and every table of the page is handed on as CSV."""

import ast
from pathlib import Path

import numpy as np

from sim.dashboard.compose import inputs_of
from sim.dashboard.handout import caption_of
from sim.dashboard.page.agents import diameters, picture
from sim.dashboard.page.partition import partition_bar
from sim.dashboard.page.scene import version_of
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Future
from sim.dashboard.tasks import Shown, one_future
from sim.mesa_model import AlignmentModel

PAGES = Path(__file__).parents[2] / "sim" / "dashboard"
SEED, NUMBER = 3, 7


def test_map_and_bar_show_the_future_that_the_agents_play():
    one = one_future(Future(), SEED, NUMBER)
    model = AlignmentModel(inputs=inputs_of(Future()), seed=SEED, replicate=NUMBER)
    for quarter in range(9):
        held = [country.membership for country in model.countries]
        assert np.array_equal(one.now.probability[quarter].argmax(axis=1), held), quarter
        model.step()
    assert set(np.unique(one.now.probability)) == {0.0, 1.0}
    bar = partition_bar(one, "count")
    assert bar["unit"] == f"% of states, one future: number {NUMBER} of seed {SEED}"
    assert bar["low"] == bar["high"] == bar["shares"]


def test_one_future_is_told_apart_from_all_of_them():
    several = Shown(solve(RunRequest(Future(), 20, SEED)), None, "")
    versions = {
        version_of(shown) for shown in (several, *(one_future(Future(), SEED, n) for n in (0, NUMBER)))
    }
    assert len(versions) == 3
    assert (
        f"One future alone, number {NUMBER}, seed {SEED}."
        in caption_of(one_future(Future(), SEED, NUMBER))[-1]
    )
    assert "20 futures, seed 3." in caption_of(several)[-1]


def test_the_network_on_paper_has_every_agent_and_its_neighbours():
    model = AlignmentModel(inputs=inputs_of(Future()), seed=SEED, replicate=NUMBER)
    names = solve(RunRequest(Future(), 20, SEED)).base.world.names
    _, rows = picture(model, names).table()
    assert len(rows) == len(model.countries)
    assert all(row[3] for row in rows), "neighbours of each"
    assert diameters(model).argmax() == model.inputs.iso3.index("USA")


def test_every_table_of_the_page_can_be_taken_away():
    calls = [
        (file.name, node)
        for file in sorted(PAGES.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DataTable.element"
    ]
    assert len(calls) > 10
    without = [
        f"{name}:{node.lineno}"
        for name, node in calls
        if name != "components.py"  # the table of a chart stands beside its own CSV
        and not {"caption", "about"} <= {keyword.arg for keyword in node.keywords}
    ]
    assert not without
