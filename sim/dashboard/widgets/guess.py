"""The widget of the guided questions: a guess, the guesses of a class, and the answer on the same scale."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from sim.dashboard.widgets.scripts import HERE, STYLE, Script


class Guess(anywidget.AnyWidget):
    """A slider with number field and a list of guesses; what was guessed is kept in the browser for the visit.

    Attributes
    ----------
    question : name under which the guess is kept ("": nothing is asked, answered questions are marked)
    label : what is guessed
    low, high : ends of the slider; signed : whether numbers are changes, shown with their sign
    asked : {guess, others, shown (whether the answer is asked for), number} as the reader last set it
    answer : {value, low, high (None: no band), forecast (None: none), text}, or nothing before it is asked for
    """

    _esm = Script("guess.js")
    _css = STYLE + (HERE / "guess.css").read_text(encoding="utf-8")
    question = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    low = traitlets.Int(0).tag(sync=True)
    high = traitlets.Int(100).tag(sync=True)
    signed = traitlets.Bool(False).tag(sync=True)
    asked: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    answer: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
