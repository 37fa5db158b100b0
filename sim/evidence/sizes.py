"""How many states a new China-led list may count, from how long lists of its kind have stood open.

Some lists are signed on a day or by the members of a club; others stand open to every state for years. The logit of the
share that joined is normal around ``a + b ln(1 + years open)``, a Bayesian linear regression over the other lists of the
side. How long a new list will have stood open by the day in question is known beforehand; who will have joined is not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from sim.calibration.initiatives import LEADERS
from sim.calibration.participation import Participation, decimal_year
from sim.errors import InputError
from sim.types import Floats

STANDING = ("BRI", "AIIB", "IOMED")
"""China-led lists that any state could join on any day after the first; the others were signed on one day, within two weeks,
or by the members of a club."""
_COUNTED = ("AIIB",)
"""Lists that are no targets, but whose full membership is recorded: it tells of sizes."""
_PRIOR_SD = (3.0, 1.0)
"""Prior standard deviations of level (logits) and slope (logits per unit of ln(1 + years)), around 0."""
_FREEDOM, _VARIANCE = 1.0, 1.0
"""Prior of the residual variance: so many lists' worth of a variance of one logit squared."""
_STEPS = 50


@dataclass(frozen=True)
class ListSize:
    """One list: ``open`` is ln(1 + years open), ``share`` the logit of the share of known states that joined."""

    name: str
    open: float
    share: float


def china_sizes(participation: Participation) -> tuple[ListSize, ...]:
    """Return the sizes of China's lists on the day of the cut-off, leaders left out."""
    end = decimal_year(participation.cutoff.isoformat())
    others = np.array([code not in LEADERS.values() for code in participation.iso3])
    out = []
    for row, item in enumerate(participation.items):
        if item.family != "china" or not (item.estimate == "target" or item.id in _COUNTED):
            continue
        known = np.isfinite(participation.y[row]) & others
        joined = float(participation.y[row][known].sum())
        years = end - decimal_year(item.opened) if item.id in STANDING else 0.0
        share = float(logit((joined + 0.5) / (known.sum() + 1.0)))
        out.append(ListSize(item.id, float(np.log1p(max(0.0, years))), share))
    return tuple(out)


def expected_size(sizes: tuple[ListSize, ...], name: str, without: Collection[str]) -> tuple[float, float]:
    """Return mean and standard deviation of the logit of a list's share, from the other lists.

    Parameters
    ----------
    sizes
        All lists, the one in question included (of which only ``open`` is used).
    name, without
        The list, and those to leave out besides.

    Raises
    ------
    InputError
        If fewer than two other lists are known.
    """
    own = next(entry for entry in sizes if entry.name == name)
    others = [entry for entry in sizes if entry.name != name and entry.name not in without]
    if len(others) < 2:
        raise InputError(f"the size of {name} cannot be told from {len(others)} other lists")
    design = np.array([[1.0, entry.open] for entry in others])
    share = np.array([entry.share for entry in others])
    at = np.array([1.0, own.open])
    variance = _VARIANCE
    for _ in range(_STEPS):  # the residual variance by its conditional mode, level and slope given it
        precision = design.T @ design / variance + np.diag(np.array(_PRIOR_SD) ** -2.0)
        mean: Floats = np.linalg.solve(precision, design.T @ share / variance)
        away = share - design @ mean
        variance = (float(away @ away) + _FREEDOM * _VARIANCE) / (len(others) + _FREEDOM - 1.0)
    spread = variance + float(at @ np.linalg.solve(precision, at))
    return float(at @ mean), float(np.sqrt(spread))
