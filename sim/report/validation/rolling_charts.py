"""Figures of the rolling origins: skill and coverage against horizon, and where the model loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.evidence.rolling import Rolling
from sim.evidence.rolling_methods import BASELINES, SIMULATOR
from sim.evidence.rolling_scores import KINDS, Gap
from sim.figures.palette import LIGHT
from sim.figures.paper import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KIND_NAMES = {
    "open": "lists open at the origin",
    "new": "lists that opened since",
    "bloc": "blocs",
    "all": "all",
}
GOOD = (0.85, 0.95)
"""Share of counts inside a 90 % band that counts as right."""
_MARKS = dict(zip(BASELINES, ("o", "^", "v", "s", "D"), strict=True))
_INKS = dict(
    zip(BASELINES, (LIGHT.ink, LIGHT.negative, LIGHT.focus, LIGHT.positive, LIGHT.muted), strict=True)
)


def skill_chart(found: Rolling) -> Figure:
    """Draw by how much the simulator's log score is higher than each baseline's, against horizon, with 90 % intervals."""
    figure, axes = new_figure(9.6, 3.6, columns=len(KINDS))
    for one, kind in zip(axes, KINDS, strict=True):
        one.axhline(0.0, color=LIGHT.ink, linewidth=0.8)
        for n, baseline in enumerate(BASELINES):
            own = horizon_gaps(found, kind, SIMULATOR, baseline)
            at = np.array([int(gap.value) for gap in own]) + 0.12 * (n - len(BASELINES) / 2.0)
            mean = np.array([gap.mean for gap in own])
            ends = np.array([[gap.mean - gap.low, gap.high - gap.mean] for gap in own]).T
            one.errorbar(
                at, mean, yerr=ends, fmt=_MARKS[baseline], color=_INKS[baseline], label=baseline, markersize=4,
                linewidth=0.8, alpha=0.9,
            )  # fmt: skip
        _title(one, KIND_NAMES[kind])
        one.set_xlabel("quarters ahead", color=LIGHT.muted, fontsize=8)
        one.set_xticks(range(1, 13, 1))
        one.tick_params(labelsize=7.5)
    axes[0].set_ylabel("log score gained, nats a question", color=LIGHT.muted, fontsize=8)
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False, fontsize=7.5)
    return figure


def coverage_chart(found: Rolling) -> Figure:
    """Draw the share of counts inside the simulator's 90 % band against horizon, by what is forecast."""
    figure, axes = new_figure(6.4, 3.2)
    axis = axes[0]
    axis.axhspan(*GOOD, color=LIGHT.positive, alpha=0.15, linewidth=0, label="85 to 95 %")
    looks = zip(
        ("all", *KINDS),
        ("o-", "s:", "D:", "v:"),
        (LIGHT.ink, LIGHT.focus, LIGHT.negative, LIGHT.muted),
        strict=True,
    )
    for kind, look, ink in looks:
        shares = coverage(found, kind)
        axis.plot(
            list(shares), [inside / cases for inside, cases in shares.values()], look, color=ink, label=KIND_NAMES[kind],
            markersize=4, linewidth=1.8 if kind == "all" else 1.0,
        )  # fmt: skip
    axis.set_ylim(0.0, 1.03)
    axis.set_xticks(range(1, 13))
    axis.set_xlabel("quarters ahead", color=LIGHT.muted, fontsize=8)
    axis.set_ylabel("share inside the 90 % band", color=LIGHT.muted, fontsize=8)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=7.5)
    return figure


def lists_chart(found: Rolling) -> Figure:
    """Draw by how much the simulator gains on the best baseline of every list, all origins and horizons together."""
    rows = best_baselines(found, "list")
    figure, axes = new_figure(6.4, 0.5 + 0.24 * len(rows))
    axis = axes[0]
    axis.axvline(0.0, color=LIGHT.ink, linewidth=0.8)
    for n, gap in enumerate(reversed(rows)):
        ink = LIGHT.positive if gap.low > 0.0 else LIGHT.negative if gap.high < 0.0 else LIGHT.muted
        axis.plot([gap.low, gap.high], [n, n], color=ink, linewidth=2.0)
        axis.plot(gap.mean, n, "o", color=ink, markersize=4)
    names = [f"{gap.value} (best baseline: {gap.baseline})" for gap in reversed(rows)]
    axis.set_yticks(range(len(rows)), names, fontsize=7.5)
    axis.set_xlabel("log score gained on the best baseline, nats a question", color=LIGHT.muted, fontsize=8)
    axis.grid(axis="x", color=LIGHT.grid, linewidth=0.6)
    return figure


def horizon_gaps(found: Rolling, kind: str, forecaster: str, baseline: str) -> list[Gap]:
    """Return the differences from a baseline by horizon, the shortest first."""
    own = [
        gap
        for gap in found.gaps
        if (gap.cut, gap.kind, gap.forecaster, gap.baseline) == ("horizon", kind, forecaster, baseline)
    ]
    return sorted(own, key=lambda gap: int(gap.value))


def best_baselines(found: Rolling, cut: str, forecaster: str = SIMULATOR) -> list[Gap]:
    """Return, of every value of a cut, the difference from the baseline that does best on it."""
    own = [gap for gap in found.gaps if (gap.cut, gap.kind, gap.forecaster) == (cut, "all", forecaster)]
    values = list(dict.fromkeys(gap.value for gap in own))
    return [min((gap for gap in own if gap.value == value), key=lambda gap: gap.mean) for value in values]


def coverage(found: Rolling, kind: str = "all", method: str = SIMULATOR) -> dict[int, tuple[int, int]]:
    """Return by horizon how many counts lie in the 90 % band of a method, and of how many."""
    out: dict[int, tuple[int, int]] = {}
    for horizon in sorted({case.horizon for case in found.cases}):
        own = [
            case.inside(method)
            for case in found.cases
            if case.horizon == horizon and kind in ("all", case.kind)
        ]
        if own:
            out[horizon] = (sum(own), len(own))
    return out


def outside_goal(shares: dict[int, tuple[int, int]]) -> Sequence[int]:
    """Return the horizons at which coverage lies outside of `GOOD`."""
    return [
        horizon for horizon, (inside, cases) in shares.items() if not GOOD[0] <= inside / cases <= GOOD[1]
    ]


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", color=LIGHT.ink, fontsize=9, fontweight="bold")
