"""Components that every view uses: a chart with all that hands it on, and a guard against one fault taking the page down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, TypeVar

import solara

from sim._version import __version__
from sim.dashboard.charts import Option
from sim.dashboard.handout import HandedFile, files_of, is_cold
from sim.dashboard.page.cells import cell, column, number_cell, row
from sim.dashboard.widgets import DataTable, Handout, TimeMark
from sim.dashboard.widgets.drawing import Drawing
from sim.figures.exhibits import Exhibit
from sim.words import mark, tr

Value = TypeVar("Value")
SOURCE = mark("Source: aiblocs {version}, a simulation of assumptions.")
SLOW = mark("the first picture takes longer, up to 20 s")

DARK = solara.reactive(False)
"""Whether this visitor sees the dark theme, as the document says: the system may choose it."""


def source_words() -> str:
    """Return where a picture or a table comes from."""
    return tr(SOURCE, version=__version__)


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
    option: Option,
    height: int = 300,
    on_click: Callable[[Any], None] | None = None,
    exhibit: Callable[[], Exhibit] | None = None,
    caption: Sequence[str] = (),
    times: tuple[int, int] | None = None,
    wide: bool = False,
) -> None:
    """Show an ECharts option with a fixed height in pixels, described to screen readers by its title.

    Parameters
    ----------
    exhibit : makes the same numbers for paper; with it, the chart has a table and is handed on as PNG, SVG and CSV
    caption : says what the numbers are, in the picture and above the CSV
    wide : whether it keeps its shape, and so is lower where the window is narrow
    times : (how many quarters its axis has, which is shown) if it has one: a line that follows the scrubber
    """
    label = str(option["title"]["text"])
    tall = f"clamp(280px, 50vw, {height}px)" if wide else f"{height}px"
    with solara.Div(classes=["page-chart"]):
        Drawing.element(
            option=option,
            on_click=on_click,
            attributes={"style": f"height: {tall}; width: 100%", "role": "img", "aria-label": label},
        )
        if times is not None:
            TimeMark.element(quarters=times[0], quarter=times[1])
    if exhibit is not None:
        HandedOn(label, exhibit, caption)


@solara.component
def HandedOn(title: str, exhibit: Callable[[], Exhibit], caption: Sequence[str]) -> None:  # noqa: N802
    """Show where a chart comes from, its numbers on demand, and buttons that hand it on."""
    is_open = solara.use_reactive(False)
    Files(files_of(exhibit, caption, title), title, toggle=True, is_open=is_open)
    if is_open.value:
        heads, rows = exhibit().table()
        cells = [row(*(cell(v) if isinstance(v, str) else number_cell(v) for v in values)) for values in rows]
        numeric = [not isinstance(value, str) for value in (rows[0] if rows else heads)]
        with solara.Div(classes=["page-scroll", "page-numbers"]):
            columns = [column(head, number) for head, number in zip(heads, numeric, strict=True)]
            DataTable.element(caption=title, columns=columns, rows=cells)


@solara.component
def Files(  # noqa: N802
    files: Sequence[HandedFile],
    title: str,
    toggle: bool = False,
    is_open: solara.Reactive[bool] | None = None,
) -> None:
    """Show one button for each file; it is made in the background, and it is said that it is."""
    content, answer = solara.use_reactive(b""), solara.use_reactive(dict[str, Any]())

    def make(asked: dict[str, Any]) -> None:
        file = files[int(asked["index"])]

        def work() -> None:
            said = {"number": asked["number"], "name": file.name, "media": file.media, "problem": ""}
            try:
                content.set(file.make())
            except Exception as error:  # whatever it is, the page stays and says so
                said["problem"] = str(error) or type(error).__name__
            answer.set(said)

        threading.Thread(target=work, daemon=True, name="handout").start()

    slow = tr(SLOW) if is_cold() else ""
    shown = [
        {
            "label": file.label,
            "about": tr("{title} as {kind}", title=title, kind=file.label),
            "slow": "" if file.media == "text/csv" else slow,
        }
        for file in files
    ]
    Handout.element(
        title=title,
        source=source_words() if toggle else "",
        files=shown,
        on_asked=make,
        content=content.value,
        answer=answer.value,
        toggle=toggle,
        pressed=is_open is not None and is_open.value,
        on_pressed=is_open.set if is_open is not None else None,
    )


@solara.component
def ValuePicker(  # noqa: N802
    label: str, choices: Mapping[str, Value], value: Value, on_value: Callable[[Value], None]
) -> None:
    """Show a list of words, each of which stands for a value."""
    by_words = {str(words): one for words, one in choices.items()}
    words = next(words for words, one in by_words.items() if one == value)
    solara.Select(
        label, values=list(by_words), value=words, on_value=lambda chosen: on_value(by_words[chosen])
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
        solara.Error(tr("{part} cannot be shown: {problem}", part=name, problem=failure), dense=True)
        solara.Button(tr("Try {part} again", part=name), on_click=clear, outlined=True, small=True)
