"""What the commands of the evidence print: one table each, and what failed by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.calibration.initiatives import FAMILIES
from sim.evidence.backtest import METHODS, Row
from sim.evidence.calibrate import Recalibration
from sim.evidence.calibration_check import Difference
from sim.evidence.coefficients import SEED
from sim.evidence.score_file import Scored
from sim.evidence.validate import Validation
from sim.registry.parameters import RULES
from sim.report.validation.charts import FAMILY_NAMES
from sim.report.validation.page import losses
from sim.report.validation.words import number

MISSES = 12
"""Misses shown in a terminal; the page has more."""
_TESTS = {
    "list": "left out, size known",
    "list, size unknown": "left out, size unknown",
    "region": "region left out",
}


def _table(title: str, first: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="italic", box=SIMPLE_HEAD, pad_edge=False)
    for heading in first:
        table.add_column(heading)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table


def validation_report(result: Validation, written: Sequence[Path]) -> RenderableType:
    """Return what ``aiblocs validate`` prints."""
    return Group(*_validation(result, written))


def _validation(result: Validation, written: Sequence[Path]) -> Iterator[RenderableType]:
    yield _score_table(result)
    yield Text(
        "AUC: chance that a member ranks above an outsider; Brier: lower is better; log score: higher is better. "
        "In brackets the best baseline for that score.",
        style="dim",
    )
    for heading, kept in (("Promises", result.promises()), ("Goals", result.goals())):
        yield Text(f"\n{heading}", style="bold")
        for name, holds in kept.items():
            yield Text(f"{'yes' if holds else 'NO ':3} {name}", style="" if holds else "bold")
    lost = losses(result)
    yield Text("\nWhere a baseline or a rival rule is better", style="bold")
    yield Text("\n".join(lost) if lost else "nowhere")
    yield Text("\nWorst misses", style="bold")
    for miss in result.misses[:MISSES]:
        yield Text(f"{miss.initiative}: {miss.country} {'joined' if miss.joined else 'stayed out'} "
                   f"at {100.0 * miss.probability:.0f} %")  # fmt: skip
    yield from _files(written)


def _score_table(result: Validation) -> Table:
    title = "Out of sample: the model (and the best baseline)"
    table = _table(title, ("test", "of"), ("AUC", "Brier", "log score", "in 90 % band"))
    for test, label in _TESTS.items():
        for family in FAMILIES:
            means = [result.backtests.mean(test, family, method) for method in METHODS]
            table.add_row(label, FAMILY_NAMES[family], *_against(means[0], means[1:]), "")
    table.add_section()
    for replay in result.replays:
        if replay.rule == RULES[0]:
            own = replay.row()
            others = [row for row in result.replay_baselines if row.part == own.part]
            inside = f"{int(replay.curve.inside.sum())} of {len(replay.curve.checks)}"
            table.add_row("replay", replay.plan.name, *_against(own, others), inside)
    table.add_section()
    posterior, prior = (one.matching.survives for one in result.constrained)
    table.add_row("draws that survive", "posterior", f"{posterior.mean():.0%}", "", "", "")
    table.add_row("", "priors of the dynamics", f"{prior.mean():.0%}", "", "", "")
    agree = sum(case.passed for case in result.replications)
    table.add_row("published results", "computed again", f"{agree} of {len(result.replications)}", "", "", "")
    return table


def _against(own: Row, others: Sequence[Row]) -> tuple[str, str, str]:
    """Return AUC, Brier and log score, each with the best baseline's in brackets."""
    auc = max(row.auc for row in others)
    brier = min(row.brier for row in others)
    log = max(row.log_score for row in others)
    return (
        f"{own.auc:.3f} ({auc:.3f})",
        f"{own.brier:.3f} ({brier:.3f})",
        f"{own.log_score:.3f} ({log:.3f})",
    )


def calibration_report(
    result: Recalibration, found: Sequence[Difference], written: Sequence[Path]
) -> RenderableType:
    """Return what ``aiblocs calibrate`` prints."""
    return Group(*_calibration(result, found, written))


def _calibration(
    result: Recalibration, found: Sequence[Difference], written: Sequence[Path]
) -> Iterator[RenderableType]:
    calibration = result.calibration
    table = _table(
        "Weight of each term: logits per standard deviation", ("term",), tuple(FAMILY_NAMES.values())
    )
    for n, term in enumerate(calibration.families[FAMILIES[0]].design.terms):
        cells = []
        for entry in calibration.families.values():
            cells.append(f"{entry.fit.coefficients[n]:+.2f} ± {entry.fit.coefficient_sd[n]:.2f}")
        table.add_row(term, *cells)
    yield table
    yield Text(
        f"Specification: {calibration.specification.name} (best out-of-sample log score of the complete ones)"
    )
    fit = result.dynamics
    pace = _table("How fast: mode and 90 % interval", ("parameter",), ("mode", "90 %"))
    for name, mode in zip(fit.names, fit.mode, strict=True):
        low, high = fit.interval(name)
        pace.add_row(name, f"{mode:.3g}", f"{low:.3g} to {high:.3g}")
    between, standing = fit.quarterly_attention, fit.standing_attention(result.gathered.histories, SEED)
    for name, draws in (("reconsiders in a quarter", between), ("the same, openings counted", standing)):
        low, high = np.quantile(draws, [0.05, 0.95])
        pace.add_row(name, f"{draws.mean():.3g}", f"{low:.3g} to {high:.3g}")
    yield pace
    survives = result.matching.survives
    yield Text(f"{int(survives.sum())} of {len(survives)} draws survive the replays of the past")
    for one in found:
        word = (
            "same bytes"
            if one.identical
            else f"{'same' if one.same else 'OTHER'} estimate, largest distance "
        )
        far = "" if one.identical else f"{one.distance:.2g} posterior standard deviations"
        yield Text(f"{one.file} against the file in use: {word}{far}")
    yield from _files(written)


def score_report(results: Sequence[Scored]) -> RenderableType:
    """Return what ``aiblocs score`` prints."""
    return Group(*(part for one in results for part in _scored(one)))


def _scored(one: Scored) -> Iterator[RenderableType]:
    title = (
        f"{one.initiative}: {one.statement} by {one.date}; {one.joined} joined, {one.expected:.1f} expected"
    )
    table = _table(title, ("method",), ("AUC", "Brier", "log score", "log score, size given"))
    for method in one.methods:
        table.add_row(
            method.method.replace("_", " "), number(method.auc, 3), f"{method.brier:.4f}",
            f"{method.log_score:.4f}", f"{method.sized:.4f}",
        )  # fmt: skip
    yield table
    slope, intercept = one.calibration.slope, one.calibration.intercept
    yield Text(
        f"calibration slope {number(slope, 2)}, intercept {number(intercept, 2)} (1 and 0 are perfect)"
    )
    yield Text("hits, best forecast first: " + (_named(one.hits) or "none"))
    joined = _named([(code, chance) for code, chance, came in one.misses if came])
    stayed = _named([(code, chance) for code, chance, came in one.misses if not came])
    yield Text(f"joined, lowest forecasts: {joined or 'none'}")
    yield Text(f"did not join, highest forecasts: {stayed or 'none'}\n")


def _named(pairs: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{code} {chance:.2f}" for code, chance in pairs)


def _files(written: Sequence[Path]) -> Iterator[RenderableType]:
    if written:
        yield Text("\nFiles: " + ", ".join(str(path) for path in written))
