"""Components that every view uses: a chart, and a guard that keeps one fault from taking the page down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import solara

from sim.dashboard.charts import Option

DARK = solara.reactive(False)
"""Whether this visitor sees the dark theme, as the document says: the system may choose it."""


def use_dark() -> bool:
    """Return whether charts are drawn for the dark theme, and draw again when that changes."""
    return bool(DARK.value)


def plain_text(tag: str, text: str, classes: Sequence[str] = ()) -> None:
    """Show text in an element of its own; nothing in it is markup, whoever wrote it (a link may bring a scenario).

    Parameters
    ----------
    tag : name of the element, as ``p`` or ``h2``
    classes : its CSS classes
    """
    solara.HTML(tag, unsafe_innerHTML=escape(text), classes=list(classes))


@solara.component
def Chart(  # noqa: N802 - components are named like classes
    option: Option, height: int = 300, on_click: Callable[[Any], None] | None = None
) -> None:
    """Show an ECharts option with a fixed height in pixels, described to screen readers by its title."""
    label = str(option["title"]["text"])
    solara.FigureEcharts(
        option,
        on_click=on_click,
        attributes={"style": f"height: {height}px; width: 100%", "role": "img", "aria-label": label},
        responsive=True,
    )


@solara.component
def Working(busy: bool, share: float | None = None, problem: str = "") -> None:  # noqa: N802
    """Show that work goes on, and what went wrong with it, in a place of its own.

    Nothing that stands after it changes its place, so that no chart is built anew because work began or ended.
    """
    with solara.Div():
        if busy:
            solara.ProgressLinear(value=True if share is None else 100 * share)
        if problem:
            solara.Error(problem, dense=True)


@solara.component
def Guard(name: str, panel: Callable[[], Any]) -> None:  # noqa: N802
    """Show ``panel()``; if it fails, a message in its place, while the rest of the page goes on.

    Parameters
    ----------
    name : what the user calls this part of the page
    panel : renders it
    """
    failure, clear = solara.use_exception()
    if failure is None:
        panel()
        return
    with solara.Column(gap="8px"):
        solara.Error(f"{name} cannot be shown: {failure}", dense=True)
        solara.Button(f"Try {name} again", on_click=clear, outlined=True, small=True)
