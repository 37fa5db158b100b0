"""The description that stands beside the register: what each statement means, and how to score it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.evidence.clubs import KINDS
from sim.evidence.statements import Statement

SHOWN = 12

_HEAD = """# Forecast register

Frozen, dated probabilistic statements. Every estimate behind them comes from what was known on {cutoff}; the statements
about blocs are those of the scenario `baseline`, whose dated policy events (what the two leaders offer and announce, with
references) are assumptions and partly later than that day. No record of who joined what after {cutoff} was used.

Written by `aiblocs forecast` beside `forecast-2026.csv` and never edited. `aiblocs forecast --check` makes the numbers
again and compares; `aiblocs score FILE.csv` scores them against outcomes (columns `iso3`, `date`, `initiative` or `bloc`).

* `bloc:us`, `bloc:china`: the country is a member of the bloc in that quarter of the baseline scenario, by the rule on
  acts of `sim/calibration/initial.py` (two acts; a membership is not undone by inaction).
* `club:FAMILY:KIND`: the country has joined a new club of that kind by then, *if one is open*. Its size is not known;
  it is drawn from the sizes of comparable clubs. `club:FAMILY:any`: at least one of the family's kinds.

The columns after `probability` are what baselines say: everybody alike, UN votes alone, size of the economy alone, a plain
logistic regression on the same covariates, and (blocs only) that nothing changes.

"""


def describe(statements: Sequence[Statement], names: dict[str, str]) -> str:
    """Return the description as Markdown."""
    lines = [_HEAD.format(cutoff=CUTOFF)]
    lines.append("## Kinds of clubs\n\n")
    for kind in KINDS:
        mean, sd = kind.log_size
        sizes = ", ".join(f"{what}: {size}" for what, size in kind.sizes.items())
        lines.append(
            f"* `club:{kind.family}:{kind.name}`: {kind.text}. Members expected: median {np.exp(mean):.0f}, 90 % "
            f"{np.exp(mean - 1.645 * sd):.0f} to {np.exp(mean + 1.645 * sd):.0f}, from {sizes}.\n"
        )
    lines.append(
        "\n## Statements\n\n| statement | by | expected number | most likely |\n| --- | --- | --- | --- |\n"
    )
    for entry in statements:
        order = np.argsort(-entry.probability, kind="stable")[:SHOWN]
        top = ", ".join(f"{names[entry.iso3[n]]} {entry.probability[n]:.2f}" for n in order)
        lines.append(f"| `{entry.name}` | {entry.date} | {entry.probability.sum():.1f} | {top} |\n")
    return "".join(lines)
