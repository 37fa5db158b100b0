"""The model in Mesa's own page: play, step, reset, sliders, and the agents as a network.

    python -c "from sim.dashboard.launch import serve; serve(app='docs/howto/mesa_page.py')"

`SolaraViz` builds the model anew from its keyword parameters on each reset, as it does with any `mesa.Model`.
"""

from __future__ import annotations

from typing import Any

import solara
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from sim import AlignmentModel
from sim.dashboard.charts import Option
from sim.dashboard.components import Chart
from sim.dashboard.compose import base_of
from sim.dashboard.page.agents import network
from sim.dashboard.state import Future
from sim.figures.palette import state_colours
from sim.labels.levers import full_label
from sim.scenario.library import library

STATES = ("non_aligned", "us", "china", "us+china")
COLOURS = dict(zip(STATES, state_colours(STATES), strict=True))
LEVERS = ("blocs.us.aid_budget", "blocs.china.aid_budget", "behaviour.attention")


def slider(path: str) -> Slider:
    """Return a slider over a parameter of the registry, at the value of the baseline."""
    base = base_of(Future())
    parameter = next(p for p in base.parameters if p.name == path)
    assert parameter.slider is not None
    now = float(base.inputs.params[base.inputs.columns[path]])
    return Slider(f"{full_label(path)} ({parameter.unit})", now, *parameter.slider)


PARAMETERS: dict[str, Any] = {
    "scenario": {"type": "Select", "label": "Scenario", "value": "baseline", "values": sorted(library())},
    "seed": {"type": "SliderInt", "label": "Seed", "value": 1, "min": 0, "max": 100, "step": 1},
    **{path.removeprefix("blocs.").replace(".", "_"): slider(path) for path in LEVERS},
}


def agents(model: AlignmentModel) -> Option:
    """Return the network of agents as Mesa's page shows it, under their codes."""
    return network(model, model.inputs.iso3, selected="", dark=False)


@solara.component
def AgentNetwork(model: AlignmentModel) -> None:  # noqa: N802
    """Show the agents after each step."""
    update_counter.get()  # Mesa counts the steps here
    Chart(agents(model), height=480)


@solara.component
def Page() -> None:  # noqa: N802
    """Open a model for this visitor alone."""
    model = solara.use_memo(AlignmentModel, [])
    SolaraViz(
        model,
        components=[make_plot_component(COLOURS), (AgentNetwork, 0)],
        model_params=PARAMETERS,
        name="AI blocs: one future, agent by agent",
    )
