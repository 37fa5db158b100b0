"""The chart of an explanation: the terms of each bloc's value as a waterfall, and the path of the memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.attribution.explain import Explanation, Term
from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure
from sim.inputs.memberships import blocs_of, state_labels
from sim.labels.terms import term_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def explain_chart(explanation: Explanation) -> Figure:
    """Return one waterfall per bloc and the probability path of the memberships."""
    blocs = explanation.blocs
    figure, axes = new_figure(3.6 * len(blocs) + 4.2, 4.6, columns=len(blocs) + 1)
    shown = _shown(explanation)
    labels = state_labels(blocs, explanation.titles)
    for one, bloc, label in zip(axes, blocs, labels, strict=False):
        _waterfall(one, explanation.terms[bloc], explanation.value[bloc], shown, first=bloc == blocs[0])
        title = f"Value of belonging: {label}"
        one.set_title(title, loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
    _path(axes[-1], explanation)
    figure.supxlabel(
        f"{explanation.name}, {explanation.scenario}, {explanation.quarter}: mean of {explanation.runs:,} futures, lines: 90 % "
        "of them. Positive terms draw it into the bloc. Logit units: 0 is an even chance against staying out, costs aside.",
        fontsize=7.5, color=LIGHT.muted, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _shown(explanation: Explanation) -> list[str]:
    """Return the terms that are not zero everywhere, in the order of the model."""
    first = explanation.terms[explanation.blocs[0]]
    return [
        term.name
        for n, term in enumerate(first)
        if any(abs(terms[n].p05) + abs(terms[n].p95) > 1e-9 for terms in explanation.terms.values())
    ]


def _waterfall(axes: Axes, terms: tuple[Term, ...], value: float, shown: list[str], *, first: bool) -> None:
    known = {term.name: term for term in terms}
    start = 0.0
    rows = np.arange(len(shown) + 1)[::-1]
    for row, name in zip(rows, shown, strict=False):
        term = known[name]
        colour = LIGHT.positive if term.mean >= 0 else LIGHT.negative
        axes.barh(row, term.mean, left=start, color=colour, height=0.62)
        axes.plot([start + term.p05, start + term.p95], [row, row], color=LIGHT.ink, linewidth=0.8)
        axes.annotate(
            f"{term.mean:+z.2f}", (start + max(0.0, term.mean, term.p95), row), xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=7.5, color=LIGHT.ink,
        )  # fmt: skip
        start += term.mean
    axes.barh(rows[-1], value, color=LIGHT.ink, height=0.62)
    axes.annotate(
        f"{value:+z.2f}", (max(0.0, value), rows[-1]), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
        fontweight="bold",
    )  # fmt: skip
    axes.axvline(0.0, color=LIGHT.ink, linewidth=0.8)
    axes.set_yticks(rows, [*(term_words(name) for name in shown), "value"] if first else [])
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=LIGHT.grid, linewidth=0.6)
    axes.set_xlabel("logit units", color=LIGHT.muted, fontsize=8.5)
    axes.margins(x=0.18)


def _path(axes: Axes, explanation: Explanation) -> None:
    times = np.arange(len(explanation.steps))
    colours, labels = state_colours(explanation.states), state_labels(explanation.states, explanation.titles)
    base = np.zeros(len(times))
    for state, colour, label in zip(explanation.states, colours, labels, strict=True):
        share = 100 * explanation.path[state]
        hatch = "////" if len(blocs_of(state)) > 1 else None
        axes.fill_between(
            times, base, base + share, color=colour, alpha=0.85, linewidth=0, hatch=hatch, label=label
        )
        base = base + share
    at = explanation.steps.index(explanation.quarter)
    axes.axvline(at, color=LIGHT.ink, linewidth=1.0, linestyle=":")
    axes.set_ylim(0, 100)
    axes.set_xlim(0, times[-1])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    years = [n for n, step in enumerate(explanation.steps) if step.endswith("Q1")]
    every = max(1, -(-len(years) // 5))
    axes.set_xticks(years[::every], [explanation.steps[n][:4] for n in years[::every]])
    axes.set_title("Membership by quarter", loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2, frameon=False, fontsize=8)
