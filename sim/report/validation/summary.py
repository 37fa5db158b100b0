"""What the commands of the evidence say: scores in one table, a new estimate, and the register against what happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import FAMILIES
from sim.evidence.backtest import METHODS, Row
from sim.evidence.calibrate import KEPT_DYNAMICS, Calibration
from sim.evidence.calibration_check import Difference
from sim.evidence.coefficients import SEED
from sim.evidence.priors import name_of
from sim.evidence.scoreboard import Scoreboard, Scored
from sim.evidence.validate import Validation
from sim.registry.parameters import RULES
from sim.report.blocks import Block, Bullets, Document, Part, Table, Text
from sim.report.validation.charts import FAMILY_NAMES, METHOD_NAMES

_TESTS = {
    "list": "left out, size known",
    "list, size unknown": "left out, size unknown",
    "region": "region left out",
}


def summary_table(result: Validation) -> tuple[Block, ...]:
    """Return the scores of the whole validation in one table, and how to read them."""
    rows: list[tuple[str, ...]] = []
    for test, label in _TESTS.items():
        for family in FAMILIES:
            means = [result.backtests.mean(test, family, method) for method in METHODS]
            rows.append((label, FAMILY_NAMES[family], *_against(means[0], means[1:]), ""))
    rows.append(())
    for hindcast in result.hindcasts:
        if hindcast.rule == RULES[0]:
            own = hindcast.row()
            others = [row for row in result.hindcast_baselines if row.part == own.part]
            inside = f"{int(hindcast.curve.inside.sum())} of {len(hindcast.curve.checks)}"
            rows.append(("replay", hindcast.setup.name, *_against(own, others), inside))
    rows.append(())
    for one in result.openings:
        if one.opening.width == 1.0:
            band = (
                f"{one.joined} in {one.low:.0f}–{one.high:.0f}"
                if one.inside
                else f"NO: {one.joined}, {one.low:.0f}–{one.high:.0f}"
            )
            rows.append(
                (
                    "opening",
                    one.opening.initiative,
                    f"{one.auc:.3f}",
                    "",
                    f"{one.sized:.3f} ({one.base_rate:.3f})",
                    band,
                )
            )
    posterior, prior = (one.matching.survives for one in result.constrained)
    agree = sum(case.passed for case in result.replications)
    rows += [
        (),
        ("draws that survive", "posterior", f"{100 * posterior.mean():.0f} %", "", "", ""),
        ("", "priors of the dynamics", f"{100 * prior.mean():.0f} %", "", "", ""),
        ("published results", "computed again", f"{agree} of {len(result.replications)}", "", "", ""),
    ]
    headings = ("Test", "Of", "AUC", "Brier", "Log score", "In 90 % band")
    reading = (
        "AUC: chance that a member ranks above an outsider; Brier: lower is better; log score: higher is better. "
        "In brackets the best baseline for that score."
    )
    return Table(headings, rows, 4, "The model (and the best baseline)"), Text(reading, "quiet")


def _against(own: Row, others: Sequence[Row]) -> tuple[str, str, str]:
    """Return AUC, Brier and log score, each with the best baseline's in brackets."""
    auc = max(row.auc for row in others)
    brier = min(row.brier for row in others)
    log = max(row.log_score for row in others)
    return f"{own.auc:.3f} ({auc:.3f})", f"{own.brier:.3f} ({brier:.3f})", f"{own.log_score:.3f} ({log:.3f})"


def score_table(rows: Sequence[Row], first: str) -> Table:
    """Return scores as a table, one row for each method and part; ``first`` heads the column of parts."""
    cells = tuple(
        (
            row.part,
            row.method,
            str(row.states),
            str(row.members),
            number(row.auc, 3),
            f"{row.brier:.4f}",
            f"{row.log_score:.4f}",
        )
        for row in rows
    )
    return Table((first, "method", "states", "members", "AUC", "Brier", "log score"), cells, 5)


def number(value: float, digits: int) -> str:
    """Return a number with so many digits; a dash where there is none."""
    return "–" if np.isnan(value) else f"{value:.{digits}f}"


def calibration_document(result: Calibration, found: Sequence[Difference]) -> Document:
    """Return what a new estimate is, and how far it is from the files that scenarios use."""
    estimated = result.coefficients
    weights = [
        (term, *(f"{entry.fit.coefficients[n]:+z.2f} ± {entry.fit.coefficient_sd[n]:.2f}"
                 for entry in estimated.families.values()))
        for n, term in enumerate(estimated.families[FAMILIES[0]].design.terms)
    ]  # fmt: skip
    blocks: tuple[Block, ...] = (
        Table(
            ("Term", *FAMILY_NAMES.values()),
            weights,
            len(FAMILY_NAMES),
            "Weight of each term: logits per standard deviation",
        ),
        Text(
            f"Specification: {name_of(estimated.specifications)} (best out-of-sample log score of the complete ones)"
        ),
        *_dynamics(result),
        *(Text(f"{one.file} against the file in use: {_difference(one)}") for one in found),
    )
    return Document("Calibration", (Part("", blocks),))


def _dynamics(result: Calibration) -> tuple[Block, ...]:
    """Return how fast states move, and how many draws survive the past; or whose dynamics the estimate keeps."""
    fit = result.dynamics
    if fit is None or result.matching is None:
        return (Text(f"Dynamics of the estimate on data to {CUTOFF}: {KEPT_DYNAMICS}"),)
    survives = result.matching.survives
    pace = [
        (name, f"{mode:.3g}", "{:.3g} to {:.3g}".format(*fit.interval(name)))
        for name, mode in zip(fit.names, fit.mode, strict=True)
    ]
    between, standing = fit.quarterly_attention, fit.standing_attention(result.evidence.histories, SEED)
    for name, draws in (("reconsiders in a quarter", between), ("the same, openings counted", standing)):
        low, high = np.quantile(draws, [0.05, 0.95])
        pace.append((name, f"{draws.mean():.3g}", f"{low:.3g} to {high:.3g}"))
    return (
        Table(("Parameter", "Mode", "90 %"), pace, 2, "How fast: mode and 90 % interval"),
        Text(f"{int(survives.sum())} of {len(survives)} draws survive the replays of the past"),
    )


def _difference(one: Difference) -> str:
    if one.identical:
        return "same bytes"
    same = "same" if one.same else "OTHER"
    return f"{same} estimate, largest distance {one.distance:.2g} posterior standard deviations"


def scores_document(board: Scoreboard) -> Document:
    """Return the register of forecasts against what happened, and what cannot be scored yet."""
    parts = [
        Part(
            f"{one.initiative}: {one.statement} by {one.date}; {one.joined} joined, {one.expected:.1f} expected",
            _scored(one),
        )
        for one in board.scored
    ]
    if board.waiting:
        parts.append(Part("Not resolved yet", (Bullets(board.waiting),)))
    return Document("Forecasts against what happened", parts)


def _scored(one: Scored) -> tuple[Block, ...]:
    rows = [
        (METHOD_NAMES[method.method], number(method.auc, 3), f"{method.brier:.4f}", f"{method.log_score:.4f}",
         f"{method.sized:.4f}")
        for method in one.methods
    ]  # fmt: skip
    slope, intercept = one.calibration.slope, one.calibration.intercept
    joined = _named([(code, chance) for code, chance, came in one.misses if came])
    stayed = _named([(code, chance) for code, chance, came in one.misses if not came])
    return (
        Table(("Method", "AUC", "Brier", "Log score", "Log score, size given"), rows, 4),
        Text(f"calibration slope {number(slope, 2)}, intercept {number(intercept, 2)} (1 and 0 are perfect)"),
        Text(f"hits, best forecast first: {_named(one.hits)}"),
        Text(f"joined, lowest forecasts: {joined}"),
        Text(f"did not join, highest forecasts: {stayed}"),
    )


def _named(pairs: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{code} {chance:.2f}" for code, chance in pairs) or "none"
