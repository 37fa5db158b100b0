"""What speaks for the model and what against it: validation as computed, estimates, limits."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

import solara

from sim.calibration.initiatives import FAMILIES
from sim.calibration.posterior import Posterior
from sim.dashboard.components import plain_text, source_words
from sim.dashboard.compose import base_of
from sim.dashboard.page.cells import cell, column, row, term_label
from sim.dashboard.page.reality import Origins, Replays, Scores, Skill
from sim.dashboard.session import Session
from sim.dashboard.widgets import DataTable
from sim.inputs.drawn import estimate_of
from sim.inputs.memberships import bloc_label
from sim.labels.glossary import terms
from sim.labels.numbers import signed_number
from sim.labels.shares import imputed_note
from sim.words import ENGLISH, capital, language, mark, tr

PACKAGE = Path(__file__).resolve().parents[2]
REPORTS = (PACKAGE.parent / "docs" / "validation.md", PACKAGE / "calibration" / "tables" / "validation.md")

NOT_FOR = (
    mark(
        "Not a forecast of what a named state will do: it shows what follows from assumptions, with their spread."
    ),
    mark("Not advice on whom to coerce: coercion, debt and chip denial are judgement, not estimates."),
    mark("Not for quarters beyond the horizon, nor for shocks that no scenario states."),
    mark(
        "Weights of chips, aid, divide, peers, coercion and debt: who joined what does not tell them; wide priors."
    ),
)


@cache
def validation() -> str | None:
    """Return the validation report as HTML, its first part open and the others folded; None if there is none."""
    found = next((path for path in REPORTS if path.is_file()), None)
    if found is None:
        return None
    markdown = import_module("markdown")  # comes with Solara
    html = str(markdown.markdown(found.read_text(encoding="utf-8"), extensions=["tables"]))
    html = html.replace("<th></th>", "<td></td>")  # a corner without words is no heading
    html = re.sub(r'src="(images/[\w-]+\.svg)"', lambda link: _inlined(found.parent, link.group(1)), html)
    _, *parts = re.split(r"<h2>(.*?)</h2>", html)
    return "".join(
        f"<details{' open' if number == 0 else ''}><summary>{title}</summary>{body}</details>"
        for number, (title, body) in enumerate(zip(parts[::2], parts[1::2], strict=True))
    )


def _inlined(folder: Path, name: str) -> str:
    """Return the source of a picture that lies beside the report, as the page can show it."""
    path = folder / name
    picture = base64.b64encode(path.read_bytes()).decode() if path.is_file() else ""
    return f'src="data:image/svg+xml;base64,{picture}"'


@solara.component
def Evidence(session: Session) -> None:  # noqa: N802
    """Show how the model did against what happened, its limits, validation, estimates, and how much was filled in."""
    base = base_of(session.below.value.plan.future)
    with solara.Div(classes=["page-two"]):
        with solara.Div(classes=["page-prose"]):
            plain_text("h2", tr("How it did against reality"))
            Skill(session)
        with solara.Div():
            Replays(session)
    with solara.Div(classes=["page-prose"]):
        plain_text("h2", tr("What this model is not for"))
        solara.HTML("ul", unsafe_innerHTML="".join(f"<li>{escape(tr(line))}</li>" for line in NOT_FOR))
        plain_text("h2", tr("In numbers"))
        Opened(tr("Scoreboard"), Scores)
        Opened(tr("Forecasts from past quarters"), Origins)
        Opened(tr("Validation report"), Report)
        Opened(tr("Estimates"), lambda: Estimates(estimate_of(base.loaded.scenario)))
        Opened(tr("Words"), Words)
        plain_text("h2", tr("Data"))
        plain_text("p", imputed_note(base.world).replace("`", ""))


@solara.component
def Opened(title: str, panel: Callable[[], Any]) -> None:  # noqa: N802
    """Show a table behind a button; nothing of it is made before it is opened."""
    is_open = solara.use_reactive(False)
    solara.Button(
        title,
        icon_name="mdi-chevron-down" if is_open.value else "mdi-chevron-right",
        on_click=lambda: is_open.set(not is_open.value),
        text=True,
        classes=["page-group"],
        attributes={"aria-expanded": str(is_open.value).lower()},
    )
    if is_open.value:
        panel()


@solara.component
def Words() -> None:  # noqa: N802
    """Show the whole glossary."""
    rows = [
        row(*(cell(tr(text).replace("`", "")) for text in (term.name, term.meaning, term.example)))
        for term in terms()
    ]
    columns = [column(tr("Word")), column(tr("What it means")), column(tr("Example"))]
    DataTable.element(caption=tr("Words of the field"), about=[source_words()], columns=columns, rows=rows)


@solara.component
def Report() -> None:  # noqa: N802
    """Show the validation report as it was computed."""
    text = validation()
    if text is None:
        plain_text(
            "p", tr("No validation report comes with this installation; “aiblocs validate” computes one.")
        )
    else:
        if language() != ENGLISH:
            plain_text("p", tr("This report is in English, as it was computed."))
        solara.HTML("div", unsafe_innerHTML=text, attributes={"lang": ENGLISH})


@solara.component
def Estimates(posterior: Posterior) -> None:  # noqa: N802
    """Show every estimated weight with its spread."""
    plain_text("p", tr("Weight of each utility term: mean and middle 90 % of the draws that futures take."))
    low, high = posterior.draws.min(axis=0), posterior.draws.max(axis=0)
    rows = []
    for n, name in enumerate(posterior.names):
        owner, _, term = name.rpartition(".")
        draws = sorted(posterior.draws[:, n].tolist())
        p05, p95 = draws[int(0.05 * len(draws))], draws[int(0.95 * len(draws)) - 1]
        if high[n] == low[n]:
            p05 = p95 = float(posterior.mean[n])
        rows.append(
            row(
                cell(capital(bloc_label(owner)) if owner in FAMILIES else tr("all countries")),
                cell(term_label(term), note=name),
                cell(signed_number(float(posterior.mean[n]), 2), float(posterior.mean[n])),
                cell(tr("{low} to {high}", low=signed_number(p05, 2), high=signed_number(p95, 2))),
            )
        )
    columns = [column(tr("Family")), column(tr("Term")), column(tr("Mean"), True), column(tr("90 %"), True)]
    DataTable.element(caption=tr("Estimated weights"), about=[source_words()], columns=columns, rows=rows)
