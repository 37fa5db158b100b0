"""What the page on what moved since last time says: the split of every headline number, the two orders, and a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.evidence.moved import HEADLINES, KEPT, Edition, Shift, Stand
from sim.figures.palette import LIGHT
from sim.figures.paper import new_figure
from sim.labels.shares import futures, signed
from sim.report.blocks import Cell, Row, Table
from sim.report.markdown import markdown_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADLINE_WORDS = {
    "us": "US-led, in all", "china": "China-led, in all", "several": "Both", "non_aligned": "Non-aligned",
}  # fmt: skip
STEP_WORDS = {
    "code": "New code", "data": "New data", "facts": "New facts and policies", "estimate": "New estimate",
    "interaction": "Interaction",
}  # fmt: skip
WEIGHT_WORDS = {"count": "% of states", "gdp": "% of world GDP"}
ORDERS = {
    "facts first": "Facts first", "estimate after": "then estimate", "estimate first": "Estimate first",
    "facts after": "then facts",
}  # fmt: skip
STAND_WORDS = {
    "before": "Last time", "code": "New code", "data": "New code, data", "facts": "New code, facts",
    "estimate": "New code, estimate", "after": "Now",
}  # fmt: skip
_FILLS = {
    "code": LIGHT.muted,
    "data": LIGHT.focus,
    "facts": LIGHT.positive,
    "estimate": LIGHT.negative,
    "interaction": LIGHT.paper,
}
_HATCHES = {"code": "", "data": "--", "facts": "//", "estimate": "..", "interaction": "xx"}


def moved_markdown(editions: Sequence[Edition]) -> str:
    """Return the generated part of the page: every edition, the newest first."""
    return "\n\n".join(part for one in reversed(editions) for part in _edition(one)) + "\n"


def _edition(one: Edition) -> list[str]:
    parts = [f"## {one.title}", _made(one), "\n".join(f"- {line}" for line in _reading(one))]
    for weight in KEPT:
        parts += [f"### {_title(weight)}", markdown_table(_split(one, weight)).rstrip("\n")]
    parts += ["### In the other order", markdown_table(_orders(one)).rstrip("\n")]
    parts += ["### Where they start", markdown_table(_starts(one)).rstrip("\n")]
    return [*parts, "### What was run", markdown_table(_stands(one)).rstrip("\n")]


def _title(weight: str) -> str:
    return f"In {WEIGHT_WORDS[weight]}"


def _made(one: Edition) -> str:
    return (
        f"At the end of {one.after.quarter}; {futures(one.after.runs)} of each, seed {one.after.seed}. Changes are in "
        "percentage points."
    )


def _reading(one: Edition) -> list[str]:
    same = (
        f"No part is due to new data: the tables of the world are those of version {one.before.version} (SHA-256 "
        f"`{one.after.world_sha256[:16]}`)."
    )
    replaced = ["facts", "estimate"] if one.data is None else ["data", "facts", "estimate"]
    return [
        "Under a share stands the middle 90 % of its futures; under a change, the 90 % interval of the mean (Monte Carlo "
        "error), taken future by future. A state in both blocs counts in each.",
        f"Code is replaced first. Then {', '.join(replaced[:-1])} and {replaced[-1]} are replaced one at a time, each "
        "alone; what they do together beyond that is the interaction. All sum to the change.",
        same if one.data is None else "In the other order, new data come with the second step.",
    ]


def _split(one: Edition, weight: str) -> Table:
    heads = (
        WEIGHT_WORDS[weight], f"Version {one.before.version}", *(STEP_WORDS[step] for step in one.steps),
        f"Version {one.after.version}",
        "Change",
    )  # fmt: skip
    rows: list[Row] = []
    for name in HEADLINES:
        split = one.split(weight, name)
        shifts = [shift_cell(split[step]) for step in one.steps]
        ends = [_share(stand, weight, name) for stand in (one.before, one.after)]
        rows.append((HEADLINE_WORDS[name], ends[0], *shifts, ends[1], shift_cell(split["total"])))
    return Table(heads, rows, len(heads) - 1)


def _share(stand: Stand, weight: str, name: str) -> Cell:
    found = stand.band(weight, name)
    return Cell(f"{float(found.mean):.1f}", f"{float(found.p05):.1f} to {float(found.p95):.1f}")


def shift_cell(shift: Shift) -> Cell:
    """Return a change with its interval below: "+2.4" over "+2.0 to +2.8"."""
    low, high = shift.mean - shift.error, shift.mean + shift.error
    return Cell(signed(shift.mean / 100.0), f"{signed(low / 100.0)} to {signed(high / 100.0)}")


def _orders(one: Edition) -> Table:
    rows: list[Row] = []
    for weight in KEPT:
        for name in HEADLINES:
            steps = one.in_order(weight, name)
            cells = (shift_cell(steps[step]) for step in ORDERS)
            rows.append((f"{HEADLINE_WORDS[name]}, {WEIGHT_WORDS[weight]}", *cells))
    return Table(("After new code", *ORDERS.values()), rows, len(ORDERS))


def _starts(one: Edition) -> Table:
    heads = [f"{WEIGHT_WORDS[weight]}, {stand.first}" for weight in KEPT for stand in (one.before, one.after)]
    rows = [
        (
            HEADLINE_WORDS[name],
            *(f"{stand.at_start(weight, name):.1f}" for weight in KEPT for stand in (one.before, one.after)),
        )
        for name in HEADLINES
    ]
    return Table(("At the start", *heads), rows, len(heads))


def _stands(one: Edition) -> Table:
    rows = [
        (STAND_WORDS[name], f"`{stand.scenario}`", stand.estimate or "its own", stand.version,
         f"{stand.first} to {stand.quarter}", f"`{stand.inputs_sha256[:16]}`")
        for name, stand in one.stands.items()
    ]  # fmt: skip
    return Table(("Stand", "Scenario", "Estimate of", "Version", "Quarters", "Inputs"), rows)


def moved_chart(one: Edition) -> Figure:
    """Draw what moved each headline number: one bar for each step with its 90 % interval, and the change in all."""
    figure, axes = new_figure(9.0, 3.6, columns=len(KEPT))
    width = 0.8 / len(one.steps)
    at = np.arange(len(HEADLINES))
    for panel, weight in zip(axes, KEPT, strict=True):
        splits = [one.split(weight, name) for name in HEADLINES]
        for n, step in enumerate(one.steps):
            panel.bar(
                at + (n - (len(one.steps) - 1) / 2) * width, [split[step].mean for split in splits], width,
                yerr=[split[step].error for split in splits], label=STEP_WORDS[step], color=_FILLS[step],
                hatch=_HATCHES[step], edgecolor=LIGHT.ink, linewidth=0.5, error_kw={"linewidth": 0.9, "ecolor": LIGHT.ink},
            )  # fmt: skip
        panel.hlines(
            [split["total"].mean for split in splits], at - 0.42, at + 0.42, color=LIGHT.accent, linewidth=2.0,
            label="Change in all",
        )  # fmt: skip
        panel.axhline(0.0, color=LIGHT.muted, linewidth=0.8)
        panel.set_xticks(at, [HEADLINE_WORDS[name].replace(", ", ",\n") for name in HEADLINES], fontsize=8)
        panel.set_title(
            f"{WEIGHT_WORDS[weight]}, {one.after.quarter}", loc="left", color=LIGHT.ink, fontsize=10,
            fontweight="bold",
        )  # fmt: skip
    axes[0].set_ylabel("percentage points", color=LIGHT.muted)
    axes[1].legend(frameon=False, fontsize=7.5, loc="lower left")
    figure.supxlabel(
        f"{one.title}: version {one.before.version} to {one.after.version}, {futures(one.after.runs)} of each; thin lines: "
        "90 % interval of the mean.",
        fontsize=7.5, color=LIGHT.muted, x=0.01, ha="left",
    )  # fmt: skip
    return figure
