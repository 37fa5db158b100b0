"""Widgets of a room: its links, numbers to edit, and the countries that a team decides for."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from sim.dashboard.widgets.scripts import FORM_STYLE, STYLE, Script


class RoomLinks(anywidget.AnyWidget):
    """The links of a room, one for each role: to copy, to open, and whether somebody is there.

    Attributes
    ----------
    links : [{role, label, query, here (words), there (whether somebody is)}]
    """

    _esm = Script("room_links.js")
    _css = STYLE
    links: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Go(anywidget.AnyWidget):
    """Goes to another view of the page as soon as ``query``, the query string of its address, is not empty."""

    _esm = Script("room_go.js")
    query = traitlets.Unicode("").tag(sync=True)


class Numbers(anywidget.AnyWidget):
    """A table of numbers to edit; each is taken within ``least`` and ``most``, or refused in words.

    Attributes
    ----------
    columns : words above the columns
    rows : [{label, cells: [{name, value} or None, one for each column]}]
    values : {name: value} as they are now
    caption : words above the table
    changed : {name, value, number} of the number typed last
    """

    _esm = Script("room_numbers.js")
    _css = FORM_STYLE
    columns: traitlets.List[str] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    values: traitlets.Dict[str, float] = traitlets.Dict().tag(sync=True)
    least = traitlets.Float(0.0).tag(sync=True)
    most = traitlets.Float(1.0).tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    changed: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)


class Choices(anywidget.AnyWidget):
    """Countries with what each is to decide, where it stands, and what the model would do.

    Attributes
    ----------
    countries : [{iso3, name}]
    options : [{value, label}] of what a country can decide; "" = left to the model
    states : {iso3: {choice (value of an option), note, warning, advice (words)}}
    is_open : whether the team may decide now
    chosen : {iso3, choice, number} of the last choice
    """

    _esm = Script("room_choices.js")
    _css = FORM_STYLE
    countries: traitlets.List[Any] = traitlets.List().tag(sync=True)
    options: traitlets.List[Any] = traitlets.List().tag(sync=True)
    states: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    is_open = traitlets.Bool(False).tag(sync=True)
    chosen: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
