"""Widgets of the page that are forms rather than pictures: groups of levers, tables that sort and select."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from sim.dashboard.widgets._source import HERE, script, style

_STYLE = style() + (HERE / "levers.css").read_text(encoding="utf-8")


class Levers(anywidget.AnyWidget):
    """Sliders of one group of parameters, with number field, mark of the scenario's value, help and reset.

    Attributes
    ----------
    levers : [{name, label, full, heading, unit, low, high, step, least, most, base, value, note, held_note,
        help}]
    values : {name: value} of the levers that were moved
    moved : {name, value (None = back to the scenario), final, number} of the last move
    """

    _esm = script("levers.js")
    _css = _STYLE
    levers: traitlets.List[Any] = traitlets.List().tag(sync=True)
    values: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    moved: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)


class DataTable(anywidget.AnyWidget):
    """A table that sorts by its headings; a row with an ``id`` selects that country.

    Attributes
    ----------
    columns : [{label, numeric}]
    rows : [{id (optional), cells: [{text, sort, mark, note}]}]
    caption, selected : words; ISO3 or ""
    """

    _esm = script("data_table.js")
    _css = _STYLE
    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
