"""Widgets of the document as a whole: its address, its connection, its keys, its title."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from sim.dashboard.widgets.scripts import STYLE, Script


class Shortcuts(anywidget.AnyWidget):
    """Keys of the page, such as ``Ctrl+z``; silent while the user types in a field.

    Attributes
    ----------
    listens : names of keys ("Ctrl+z", "Ctrl+Shift+z", "Ctrl+y", "?"); Cmd counts as Ctrl
    pressed : {key, number} of the last one
    """

    _esm = Script("shortcuts.js")
    _css = STYLE
    listens: traitlets.List[Any] = traitlets.List().tag(sync=True)
    pressed: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)


class Access(anywidget.AnyWidget):
    """Links to skip to a part of the page, and what the framework leaves undone for keyboard and screen reader.

    ``skips`` : {selector: words} of the links
    """

    _esm = Script("access.js")
    _css = STYLE
    skips: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)


class Sheets(anywidget.AnyWidget):
    """Buttons that open the sheets at the bottom of a small screen.

    Attributes
    ----------
    labels : names of the sheets in their order
    subject : what the last sheet is about, or "" if there is no such sheet; another one opens it
    """

    _esm = Script("sheets.js")
    _css = STYLE
    labels: traitlets.List[str] = traitlets.List().tag(sync=True)
    subject = traitlets.Unicode("").tag(sync=True)


class Reasons(anywidget.AnyWidget):
    """A button that goes to all reasons, and brings those in brief into sight when something else is chosen.

    Attributes
    ----------
    label : words of the button, or "" for none
    subject : what was chosen, or ""
    target : selector of the place of all reasons
    """

    _esm = Script("reasons.js")
    _css = STYLE
    label = traitlets.Unicode("").tag(sync=True)
    subject = traitlets.Unicode("").tag(sync=True)
    target = traitlets.Unicode("").tag(sync=True)


class PrintButton(anywidget.AnyWidget):
    """A button that prints the page."""

    _esm = Script("print_button.js")
    _css = STYLE
    label = traitlets.Unicode("").tag(sync=True)


class AddressBar(anywidget.AnyWidget):
    """The address bar of the browser, which holds what is on the page.

    Attributes
    ----------
    query : link of everything on the page
    plan : link of the plan alone; another one is a new entry of the browser's history
    step : number of steps to the plan; steps that were met before are gone to rather than made anew
    fits : whether ``query`` is short enough for an address
    turned : {query, number} of the entry that the user went back or forth to
    """

    _esm = Script("address_bar.js")
    query = traitlets.Unicode("").tag(sync=True)
    plan = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    fits = traitlets.Bool(True).tag(sync=True)
    turned: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)


class Connection(anywidget.AnyWidget):
    """Says when the server is lost, and comes back when it answers.

    Attributes
    ----------
    words : what is said meanwhile
    server : name of the server that holds the session
    plan : link of the plan that the server has
    moved : {values: {lever: value}, number} of the levers that the server has not heard of
    answered : ``number`` of the last ``moved`` that was taken in
    """

    _esm = Script("connection.js")
    _css = STYLE
    words = traitlets.Unicode("").tag(sync=True)
    server = traitlets.Unicode("").tag(sync=True)
    plan = traitlets.Unicode("").tag(sync=True)
    moved: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)


class ShareLink(anywidget.AnyWidget):
    """A button that copies the full address of the page with a query string.

    Attributes
    ----------
    query : the query string
    problem : why there is no such address, or ""
    short : without the address beside the button
    """

    _esm = Script("share_link.js")
    _css = STYLE
    query = traitlets.Unicode("").tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    short = traitlets.Bool(False).tag(sync=True)


class LanguageLinks(anywidget.AnyWidget):
    """Links to the same page in other languages.

    ``query`` : the query string of the page; ``others`` : {code: its own name} of the other languages
    """

    _esm = Script("languages.js")
    _css = STYLE
    query = traitlets.Unicode("").tag(sync=True)
    others: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)


class PageSetup(anywidget.AnyWidget):
    """Tell the document its language and title, allow pinch zoom, and report whether window is narrow, theme dark.

    ``names`` : {selector: accessible name} of buttons of the framework that have none
    """

    _esm = Script("page_setup.js")
    _css = STYLE
    title = traitlets.Unicode("AI blocs").tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)
    names: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    narrow = traitlets.Bool(False).tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
