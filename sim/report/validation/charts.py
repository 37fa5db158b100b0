"""Figures of the validation report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.initiatives import FAMILIES
from sim.evidence.backtest import METHODS, Backtests, Reliability
from sim.evidence.dynamics import DynamicsFit
from sim.evidence.hindcast_tests import HindcastTest
from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAMILY_NAMES = {"us": "US-led lists", "china": "China-led lists"}
METHOD_NAMES = {
    "model": "model", "base_rate": "base rate", "ideal_point": "ideal point", "gdp": "GDP",
    "plain_logistic": "plain logistic", "status_quo": "status quo",
    "joining_hazard": "joining hazard",
}  # fmt: skip
"""Methods of the register of forecasts, as tables name them."""
_MARKS = {"model": "o", "base rate": "|", "ideal point": "v", "GDP": "s", "plain logistic": "D"}


def family_colours() -> dict[str, str]:
    """Return the colour of each family: that of its bloc."""
    return dict(zip(FAMILIES, state_colours(FAMILIES), strict=True))


def curves_chart(tests: Sequence[HindcastTest]) -> Figure:
    """Draw joining curves of the replays that have several checks: 90 % band, median, and what happened."""
    own = [test for test in tests if test.rule == "logit" and len(test.curve.checks) > 1]
    figure, axes = new_figure(9.6, 3.0, columns=len(own))
    for one, test in zip(axes, own, strict=True):
        curve, at = test.curve, np.arange(len(test.curve.checks))
        colour = family_colours()[test.family]
        one.fill_between(at, curve.low, curve.high, color=colour, alpha=0.25, linewidth=0, label="90 % band")
        one.plot(at, curve.middle, color=colour, linewidth=1.6, label="median of the simulation")
        one.plot(at, curve.observed, "o", color=LIGHT.ink, markersize=4, label="what happened")
        one.set_xticks(
            at[:: max(1, len(at) // 5)], [curve.checks[n] for n in at[:: max(1, len(at) // 5)]], fontsize=7.5
        )
        one.set_ylim(bottom=0.0)
        inside = f"{int(curve.inside.sum())} of {len(at)} inside"
        _title(one, f"{test.setup.name}: {inside}")
    axes[0].set_ylabel("members", color=LIGHT.muted)
    axes[0].legend(frameon=False, fontsize=7.5, loc="upper left")
    return figure


def ranking_chart(backtests: Backtests) -> Figure:
    """Area under the curve of every method on every list, forecast from the others."""
    figure, axes = new_figure(9.6, 3.6, columns=len(FAMILIES))
    for one, family in zip(axes, FAMILIES, strict=True):
        rows = [row for row in backtests.rows if (row.test, row.family) == ("list", family)]
        parts = list(dict.fromkeys(row.part for row in rows))
        for method in METHODS:
            values = [next(r.auc for r in rows if (r.part, r.method) == (part, method)) for part in parts]
            strong = method == "model"
            one.plot(
                values, np.arange(len(parts)), _MARKS[method], label=method, markersize=8 if strong else 5,
                color=family_colours()[family] if strong else LIGHT.muted, alpha=1.0 if strong else 0.8, linestyle="",
            )  # fmt: skip
        one.set_yticks(np.arange(len(parts)), parts, fontsize=7.5)
        one.set_xlim(0.4, 1.01)
        one.set_xlabel("area under the curve, list left out", color=LIGHT.muted, fontsize=8)
        _title(one, FAMILY_NAMES[family])
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False, fontsize=7.5)
    return figure


def reliability_chart(tables: Sequence[Reliability]) -> Figure:
    """Calibration of pooled forecasts: share that joined against forecast, size of the list known and unknown."""
    figure, axes = new_figure(9.6, 3.2, columns=len(FAMILIES))
    for one, family in zip(axes, FAMILIES, strict=True):
        one.plot([0, 1], [0, 1], color=LIGHT.grid, linewidth=1.0)
        for entry in [table for table in tables if table.family == family]:
            known = entry.test == "list"
            filled = entry.table.count > 0.0
            label = f"size {'known' if known else 'unknown'} (slope {entry.table.slope:.2f})"
            one.plot(
                entry.table.forecast[filled], entry.table.observed[filled], "o-" if known else "s--", markersize=4,
                color=family_colours()[family] if known else LIGHT.muted, label=label, linewidth=1.2,
            )  # fmt: skip
        one.legend(frameon=False, fontsize=7.5, loc="upper left")
        one.set_xlabel("forecast", color=LIGHT.muted, fontsize=8)
        _title(one, FAMILY_NAMES[family])
    axes[0].set_ylabel("share that joined", color=LIGHT.muted)
    return figure


def dynamics_chart(posterior: DynamicsFit, prior: DynamicsFit) -> Figure:
    """90 % intervals of the dynamics: what was believed before the dates, and after."""
    shared = [name for name in posterior.names if ":" not in name]
    figure, axes = new_figure(9.6, 1.9, columns=len(shared))
    for one, name in zip(axes, shared, strict=True):
        for height, fit, colour in ((1.0, prior, LIGHT.muted), (0.0, posterior, LIGHT.positive)):
            low, high = fit.interval(name)
            one.plot([low, high], [height, height], color=colour, linewidth=3.0, solid_capstyle="round")
            one.plot(np.median(fit.column(name)), height, "o", color=colour, markersize=5)
        one.set_yticks([0.0, 1.0], ["dates", "prior"] if one is axes[0] else ["", ""], fontsize=7.5)
        one.set_ylim(-0.6, 1.6)
        one.tick_params(labelsize=6.5)
        one.set_title(name.replace("_", "\n", 1), fontsize=7.5, color=LIGHT.ink)
    return figure


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", color=LIGHT.ink, fontsize=9, fontweight="bold")
