"""Take away: a link that restores the page, files, and a scenario file of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from sim.dashboard.components import Files, plain_text
from sim.dashboard.compose import base_of
from sim.dashboard.downloads import FILES, Maker, with_caption
from sim.dashboard.handout import HandedFile, caption_of
from sim.dashboard.page.address import Share
from sim.dashboard.session import Session
from sim.dashboard.state import Future
from sim.dashboard.url_text import LONGEST_TEXT
from sim.dashboard.widgets import FileUpload
from sim.errors import InputError
from sim.labels.shares import futures
from sim.scenario.loader import load_text
from sim.words import tr


@solara.component
def Export(session: Session) -> None:  # noqa: N802
    """Show link, downloads and upload."""
    with solara.Div(classes=["page-two"]):
        with solara.Div():
            Link(session)
            Downloads(session)
        Upload(session)


@solara.component
def Link(session: Session) -> None:  # noqa: N802
    """Show the address that restores everything."""
    plain_text("h2", tr("Share"))
    Share(session, short=False)
    text = tr(
        "The address holds scenario, levers, dated changes, reference, seed, quarter, country and view."
    )
    plain_text("p", text, classes=["page-small"])


@solara.component
def Downloads(session: Session) -> None:  # noqa: N802
    """Show one button for each file; it is made on the click."""
    shown = session.below.value.shown
    plain_text("h2", tr("Download"))
    if shown is None:
        return
    result = shown.now
    caption = caption_of(shown)

    def maker(make: Maker, media: str) -> Callable[[], bytes]:
        return lambda: with_caption(make(result.run), media, caption)

    Files(
        [HandedFile(tr(label), name, media, maker(make, media)) for label, name, media, make in FILES],
        tr("This future"),
    )
    text = tr(
        "{futures}, seed {seed}. A file is made when its button is pressed; the report takes some seconds. Pictures and "
        "numbers of a chart stand under it.",
        futures=futures(result.request.runs),
        seed=result.request.seed,
    )
    plain_text("p", text, classes=["page-small"])


@solara.component
def Upload(session: Session) -> None:  # noqa: N802
    """Read a scenario file; what is wrong with it is said line by line."""
    problems: solara.Reactive[tuple[str, ...]] = solara.use_reactive(())
    done = solara.use_reactive("")

    def read(upload: dict[str, Any]) -> None:
        found = problems_of(str(upload["text"]), str(upload["name"]))
        problems.set(found)
        done.set("" if found else str(upload["name"]))
        if not found:
            session.change(future=Future(text=str(upload["text"])))

    with solara.Div():
        plain_text("h2", tr("Open a scenario of your own"))
        FileUpload.element(label=tr("Choose a YAML file"), max_bytes=LONGEST_TEXT, on_upload=read)
        text = tr(
            "It may extend a scenario of the library, and reads no other file; “aiblocs scenario new” writes one."
        )
        plain_text("p", text, classes=["page-small"])
        if done.value:
            solara.Success(tr("{file} is open.", file=done.value), dense=True)
        if problems.value:
            solara.Error(tr("The file was not used:"), dense=True)
            for problem in problems.value:
                plain_text("p", problem, classes=["page-small", "page-mistake"])


def problems_of(text: str, name: str) -> tuple[str, ...]:
    """Return what is wrong with the text of a scenario file, one line for each mistake."""
    try:
        load_text(text, name)
        base_of(Future(text=text))
    except InputError as error:
        return tuple(str(problem) for problem in error.problems)
    return ()
