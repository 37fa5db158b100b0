"""The least a page can do: a lever and its value as text. How fast this is says how fast the machine is."""

import solara

from sim.dashboard.widgets import Levers

LEVER = {
    "name": "floor", "label": "Floor", "full": "Floor", "heading": "", "unit": "", "low": 0, "high": 100, "step": 1,
    "least": 0, "most": 100, "base": 0, "value": None, "note": "", "held_note": "", "help": [],
    "kind": "range", "scale": 1, "base_text": "", "words": {},
}  # fmt: skip


@solara.component
def Page():  # noqa: N802
    value = solara.use_reactive(0.0)
    Levers.element(
        levers=[LEVER], values={"floor": value.value}, on_moved=lambda move: value.set(move["value"])
    )
    solara.HTML("p", f"{value.value:g}", attributes={"data-version": f"{value.value:g}"}, classes=["ab-map"])
