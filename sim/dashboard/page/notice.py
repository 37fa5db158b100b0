"""What is doubted of the scenario on the page, and what its timeline no longer does: the same lines as every command has."""

from __future__ import annotations

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import composed
from sim.dashboard.state import Future
from sim.plausibility import check_scenario, lines_of
from sim.words import spoken_cache, tr

_KEPT = 32


@spoken_cache(_KEPT)
def said_before(future: Future) -> tuple[str, ...]:
    """Return notes and findings about a future as lines, the gravest first."""
    loaded = composed(future)
    return tuple(lines_of(loaded.notes, check_scenario(loaded)))


@solara.component
def BeforeReading(future: Future) -> None:  # noqa: N802 - components are named like classes
    """Show what should be known before the results are read; nothing where there is nothing."""
    lines = said_before(future)
    with solara.Div(attributes={"role": "note", "aria-label": tr("Before you read this")}):
        if lines:
            plain_text("strong", tr("Before you read this"), classes=["page-small"])
        for line in lines:
            plain_text("p", line, classes=["page-small"])
