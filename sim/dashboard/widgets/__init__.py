"""The page's own widgets: small SVG pictures that repaint in the browser and report clicks to Python.

Each is used in Solara as ``WorldMap.element(...)``. What the user does comes back through ``on_<trait>``.
Widgets of one page follow each other's quarter and hovered country in the browser, without the server.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from sim.dashboard.widgets.document import (
    Access,
    AddressBar,
    Connection,
    LanguageLinks,
    PageSetup,
    PrintButton,
    Reasons,
    ShareLink,
    Sheets,
    Shortcuts,
)
from sim.dashboard.widgets.encode import describe_axes, describe_states, encode_probabilities
from sim.dashboard.widgets.scripts import FORM_STYLE, STYLE, Script
from sim.figures.geo import shapes
from sim.figures.geo.shapes import BOUNDARIES_NOTE
from sim.labels.glossary import terms
from sim.words import tr

__all__ = [
    "Access",
    "AddressBar",
    "Connection",
    "DataTable",
    "FileUpload",
    "Glossary",
    "Handout",
    "LanguageLinks",
    "Levers",
    "PageSetup",
    "Partition",
    "Positions",
    "PrintButton",
    "Reasons",
    "ShareLink",
    "Sheets",
    "Shortcuts",
    "TimeMark",
    "Waterfall",
    "WholeNumber",
    "WorldMap",
    "describe_axes",
    "describe_states",
    "encode_probabilities",
]


class WorldMap(anywidget.AnyWidget):
    """Map or tile grid of the likeliest membership state, with certainty, scrubber, events and tooltip.

    Attributes
    ----------
    geo, tiles : outlines and grid of `sim.figures.geo.shapes`; not handed over by the page, whose framework
        would walk through them each time
    iso, names : countries in the order of the arrays
    states : `describe_states(inputs.states)`
    frames : `encode_probabilities` of [quarters, countries, states]
    reference : the same for the pinned future, or empty; countries whose likeliest state differs are outlined
    reference_label : its name, for the tooltip
    quarters : names of the quarters
    past, past_frames : names of the quarters before them of which there is a record, and the record, encoded alike: 1 where a
        country was a member, less where it had joined lists alone; such quarters have negative numbers, -1 is the last
    record : JSON of who joined what: `sim.dashboard.record.record_text`
    verdicts : JSON of frozen forecasts against what happened: `sim.dashboard.record.verdicts_text`; outcome : the list shown
    lanes, events : dated events by side, as `sim.dashboard.page.lanes` describes them
    acted : {kind, key, lane, quarter, final, number} of what the user did last in the lanes
    quarter, selected, view, tint : index, ISO3 or "", "map" or "tiles", "state", "change" or "reality" (also set by the user)
    note : text under the map
    version : key of the result shown; appears as ``data-version`` once it is painted
    """

    _esm = Script("world_map.js", "verdicts.js", "zoom.js", "lanes.js", "scrubber.js", "world_map_view.js")
    _css = STYLE
    geo: traitlets.Dict[str, Any] = traitlets.Dict(default_value=shapes.world_map()).tag(sync=True)
    tiles: traitlets.Dict[str, Any] = traitlets.Dict(default_value=shapes.tile_grid()).tag(sync=True)
    iso: traitlets.List[Any] = traitlets.List().tag(sync=True)
    names: traitlets.List[Any] = traitlets.List().tag(sync=True)
    states: traitlets.List[Any] = traitlets.List().tag(sync=True)
    frames = traitlets.Bytes().tag(sync=True)
    reference = traitlets.Bytes().tag(sync=True)
    reference_label = traitlets.Unicode("Reference").tag(sync=True)
    quarters: traitlets.List[Any] = traitlets.List().tag(sync=True)
    past: traitlets.List[Any] = traitlets.List().tag(sync=True)
    past_frames = traitlets.Bytes().tag(sync=True)
    record = traitlets.Unicode("{}").tag(sync=True)
    verdicts = traitlets.Unicode("[]").tag(sync=True)
    outcome = traitlets.Unicode("").tag(sync=True)
    lanes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    events: traitlets.List[Any] = traitlets.List().tag(sync=True)
    acted: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    quarter = traitlets.Int(0).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    view = traitlets.Unicode("map").tag(sync=True)
    tint = traitlets.Unicode("state").tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    version = traitlets.Unicode("").tag(sync=True)

    @traitlets.default("note")
    def _boundaries(self) -> str:
        return tr(BOUNDARIES_NOTE)


class Positions(anywidget.AnyWidget):
    """Countries in the unit square of two membership probabilities; follows the map's scrubber.

    A ternary plot has three corners, but a membership set has four states (with two blocs). The two marginal
    probabilities are what the model's bloc values act on, and the square's corners are the four states; with
    three blocs any two can be shown.

    Attributes
    ----------
    iso, names, states, frames, quarter, selected : as in `WorldMap`
    sizes : weight of each country in [0, 1] (area of its circle)
    axes, corners : `describe_axes(states, horizontal, vertical)`
    """

    _esm = Script("positions.js")
    _css = STYLE
    iso: traitlets.List[Any] = traitlets.List().tag(sync=True)
    names: traitlets.List[Any] = traitlets.List().tag(sync=True)
    states: traitlets.List[Any] = traitlets.List().tag(sync=True)
    sizes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    frames = traitlets.Bytes().tag(sync=True)
    axes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    corners: traitlets.List[Any] = traitlets.List().tag(sync=True)
    quarter = traitlets.Int(0).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    title = traitlets.Unicode("Where countries stand").tag(sync=True)


class Waterfall(anywidget.AnyWidget):
    """Terms of a utility as signed bars from zero to their sum.

    Attributes
    ----------
    terms : [{key, label, value, detail (text, optional), reference (value in the pinned future, optional)}]
    after : the same for bars below the sum, with ``from_sum``: whether they begin there, or at nought
    title, unit, total_label : words; hint : shown while no bar is pointed at
    """

    _esm = Script("waterfall.js")
    _css = STYLE
    terms: traitlets.List[Any] = traitlets.List().tag(sync=True)
    after: traitlets.List[Any] = traitlets.List().tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    unit = traitlets.Unicode("").tag(sync=True)
    total_label = traitlets.Unicode("").tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)


class Partition(anywidget.AnyWidget):
    """Who is with whom as one stacked bar that sums to 100 %, above it the bar of the start; follows the scrubber at once.

    Attributes
    ----------
    bar : states (`describe_states`), order (states from left to right), shares, low, high (whole per cents, [T][S]), change
        (points [T][S], or None), ends (of quarters, in words), unit, starts, against (words), all: [{label, share, low, high,
        change}] of every bloc with all its members, past (optional): {shares, ends, unit, notes} of the quarters before
    quarter : index shown until the scrubber moves
    """

    _esm = Script("partition.js")
    _css = STYLE
    bar: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    quarter = traitlets.Int(0).tag(sync=True)


class FileUpload(anywidget.AnyWidget):
    """A file picker that reads a text file in the browser, up to ``max_bytes``.

    Attributes
    ----------
    label, accept, max_bytes : words, file types, largest size in bytes
    upload : {name, text, number} of the last file; ``number`` counts, so that the same file can come twice
    """

    _esm = Script("file_upload.js")
    _css = STYLE
    label = traitlets.Unicode("").tag(sync=True)
    accept = traitlets.Unicode(".yaml,.yml").tag(sync=True)
    max_bytes = traitlets.Int(200_000).tag(sync=True)
    upload: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)


class Glossary(anywidget.AnyWidget):
    """What the words of the glossary mean, beside whatever on the page has ``data-term``; one for the page.

    Attributes
    ----------
    terms : {anchor: {name, meaning, example}}
    """

    _esm = Script("glossary.js")
    _css = STYLE
    terms: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    @traitlets.default("terms")
    def _explained(self) -> dict[str, Any]:
        parts = ("name", "meaning", "example")
        return {
            term.anchor: {name: tr(getattr(term, name)).replace("`", "") for name in parts}
            for term in terms()
        }


class Levers(anywidget.AnyWidget):
    """Sliders and switches with number field, mark of the scenario's value, effect of the whole range, help and reset.

    Attributes
    ----------
    levers : [{name, label, full, heading, unit, kind ("range" or "switch"), low, high, step, least, most, base, base_text (in
        place of the number where several parameters differ), scale (100 where per cents are shown), words ({low, high}), value,
        note, held_note, help}]
    values : {name: value} of the levers that were moved
    effects : {name: {text, title, length (0..1), light, dark (colours), idle (moves nothing), help}}, as they become known
    moved : {name, value (None = back to the scenario), final, number} of the last move
    """

    _esm = Script("levers.js")
    _css = FORM_STYLE
    levers: traitlets.List[Any] = traitlets.List().tag(sync=True)
    values: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    effects: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    moved: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)


class Handout(anywidget.AnyWidget):
    """Buttons of files that are made when they are asked for, and a button that shows the numbers as a table.

    Attributes
    ----------
    title, source : of what the files are; a line before the buttons
    files : [{label, about, slow (what to say while it is made, or "")}]
    asked : {index, number} of the button pressed last
    answer : {number, name, media, problem} of the file made last, its bytes in ``content``
    toggle, pressed : whether there is a button for the table, and whether it is pressed
    """

    _esm = Script("handout.js")
    _css = STYLE
    title = traitlets.Unicode("").tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    files: traitlets.List[Any] = traitlets.List().tag(sync=True)
    asked: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    content = traitlets.Bytes().tag(sync=True)
    answer: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    toggle = traitlets.Bool(False).tag(sync=True)
    pressed = traitlets.Bool(False).tag(sync=True)


class TimeMark(anywidget.AnyWidget):
    """The upright line at the quarter shown, over a chart; it follows the scrubber at once.

    ``quarters, quarter`` : how many there are, and which is shown
    ``inset`` : of the chart's frame, [top, right, bottom, left] in px
    """

    _esm = Script("time_mark.js")
    _css = STYLE
    quarters = traitlets.Int(1).tag(sync=True)
    quarter = traitlets.Int(0).tag(sync=True)
    inset: traitlets.List[int] = traitlets.List(default_value=[82, 24, 26, 40]).tag(sync=True)


class WholeNumber(anywidget.AnyWidget):
    """A field for a whole number; what is not one, or not between ``least`` and ``most``, is refused in words."""

    _esm = Script("whole_number.js")
    _css = FORM_STYLE
    label = traitlets.Unicode("").tag(sync=True)
    value = traitlets.Int(0).tag(sync=True)
    least = traitlets.Int(0).tag(sync=True)
    most = traitlets.Int(1).tag(sync=True)


class DataTable(anywidget.AnyWidget):
    """A table that sorts by its headings; a row with an ``id`` selects that country.

    Attributes
    ----------
    columns : [{label, numeric}]
    rows : [{id (optional), cells: [{text, sort, mark, note, act, href}]}]; with ``act`` a button, with ``href`` a link
    caption, selected : words; ISO3 or ""
    about : lines that stand above the table as CSV; without any, it is not handed on
    acted : {act, number} of the last button that was pressed; ``number`` counts
    """

    _esm = Script("data_table.js")
    _css = FORM_STYLE
    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    about: traitlets.List[Any] = traitlets.List().tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    acted: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
