"""What speaks for the model and what against it: validation as computed, estimates, limits."""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path

import solara

from sim.calibration.initiatives import FAMILIES
from sim.calibration.posterior import Posterior
from sim.dashboard.components import plain_text
from sim.dashboard.compose import base_of
from sim.dashboard.page.cells import cell, column, row, signed, term_label
from sim.dashboard.session import Session
from sim.dashboard.widgets import DataTable
from sim.errors import AiblocsError
from sim.evidence.board import Board, score_board
from sim.inputs.drawn import estimate_of
from sim.inputs.memberships import bloc_label
from sim.labels.shares import imputed_note
from sim.report.scoreboard import HEADINGS, score_rows, summary

PACKAGE = Path(__file__).resolve().parents[2]
REPORTS = (PACKAGE.parent / "docs" / "validation.md", PACKAGE / "calibration" / "tables" / "validation.md")

SCORES_NOTE = "Log score: 0 is perfect. Adjusted: against the mean of the baselines, above 0 is better, with its middle 90 %."
NOT_FOR = (
    "Not a forecast of what a named state will do: it shows what follows from assumptions, with their spread.",
    "Not advice on whom to coerce: coercion, debt and chip denial are judgement, not estimates.",
    "Not for quarters beyond the horizon, nor for shocks that no scenario states.",
    "Weights of chips, aid, divide, peers, coercion and debt: who joined what does not tell them; wide priors.",
)


@cache
def validation() -> str | None:
    """Return the validation report as HTML, its first part open and the others folded; None if there is none."""
    found = next((path for path in REPORTS if path.is_file()), None)
    if found is None:
        return None
    markdown = import_module("markdown")  # comes with Solara
    html = str(markdown.markdown(found.read_text(encoding="utf-8"), extensions=["tables"]))
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
    """Show limits, validation, estimates, and how much of the data was filled in."""
    base = base_of(session.plan.value.present.future)
    with solara.Div(classes=["page-prose"]):
        plain_text("h2", "What this model is not for")
        solara.HTML("ul", unsafe_innerHTML="".join(f"<li>{escape(line)}</li>" for line in NOT_FOR))
        plain_text("h2", "Validation")
        text = validation()
        if text is None:
            message = "No validation report comes with this installation; “aiblocs validate” computes one."
            plain_text("p", message)
        else:
            solara.HTML("div", unsafe_innerHTML=text)
        plain_text("h2", "Scoreboard")
        Scores()
        plain_text("h2", "Estimates")
        plain_text("p", "Weight of each utility term: mean and middle 90 % of the draws that futures take.")
        Estimates(estimate_of(base.loaded.scenario))
        plain_text("h2", "Data")
        plain_text("p", imputed_note(base.world))


@cache
def scoreboard() -> Board | str:
    """Return the scores of all frozen registers, or why there are none."""
    try:
        return score_board()
    except AiblocsError as error:
        return str(error)


@solara.component
def Scores() -> None:  # noqa: N802
    """Show how the frozen forecasts scored on what happened since."""
    board = scoreboard()
    if isinstance(board, str):
        plain_text("p", board)
        return
    plain_text("p", f"Frozen forecasts on what happened since. {summary(board)} {SCORES_NOTE}")
    rows = [
        row(
            cell(source), cell(what), cell(ahead), cell(questions, int(questions)), cell(yes, int(yes)),
            cell(log, float(log)), cell(gap.text, float(gap.text), note=gap.below),
        )
        for source, what, ahead, questions, yes, _, log, gap in score_rows(board)
    ]  # fmt: skip
    numbers = ("Questions", "Yes", "Log score", "Adjusted")
    columns = [column(name, name in numbers) for name in HEADINGS if name != "Brier"]
    DataTable.element(columns=columns, rows=rows)


@solara.component
def Estimates(posterior: Posterior) -> None:  # noqa: N802
    """Show every estimated weight with its spread."""
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
                cell(bloc_label(owner) if owner in FAMILIES else "all countries"),
                cell(term_label(term), note=name),
                cell(signed(float(posterior.mean[n]), 2), float(posterior.mean[n])),
                cell(f"{signed(p05, 2)} to {signed(p95, 2)}"),
            )
        )
    columns = [column("Family"), column("Term"), column("Mean", True), column("90 %", True)]
    DataTable.element(columns=columns, rows=rows)
