"""Who is with whom, as one bar: parts that sum to 100 %, their bands, and the change against a named reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import solara

from sim.dashboard.page.cells import WEIGHT_UNITS
from sim.dashboard.record import record_of, replay_notes
from sim.dashboard.session import Session
from sim.dashboard.solver import PageResult
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import Partition, describe_states
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import bloc_label, holding
from sim.labels.partition import end_words, part_order, rounded_parts
from sim.measures import Band
from sim.types import Floats
from sim.words import tr


def percentages(result: PageResult, weight: str) -> Floats:
    """Return the mean share of every membership set in whole per cent, float64[T, S]; each quarter sums to 100."""
    return rounded_parts(100.0 * result.shares.mean[:, WEIGHTS.index(weight)])


def changes(shown: Shown, weight: str) -> Floats | None:
    """Return the change of every share against the reference, points with one decimal, float64[T, S]; they sum to 0."""
    if shown.reference is None:
        return None
    w = WEIGHTS.index(weight)
    return rounded_parts(100.0 * (shown.now.shares.mean - shown.reference.shares.mean)[:, w], digits=1)


def partition_bar(shown: Shown, weight: str) -> dict[str, Any]:
    """Return the bar as the widget `Partition` wants it."""
    now = shown.now
    w, held = WEIGHTS.index(weight), holding(len(now.blocs))
    shares, changed = percentages(now, weight), changes(shown, weight)
    together = [] if len(now.blocs) < 2 else list(enumerate(now.blocs))
    return {
        "states": describe_states(now.states, now.titles),
        "order": list(part_order(len(now.blocs))),
        "shares": _whole(shares),
        **_band(now, now.shares[:, w], shares),
        "change": None if changed is None else changed.round(1).tolist(),
        "ends": [end_words(step) for step in now.steps],
        "unit": _unit(now, weight),
        "starts": end_words(now.steps[0]),
        "past": _past(now, weight),
        "against": "" if shown.reference is None else shown.reference_label,
        "all": [
            {
                "label": bloc_label(bloc, now.titles),
                "share": _whole(shares @ held[:, k]),
                **_band(now, now.bloc_shares[:, w, k], shares @ held[:, k]),
                "change": None if changed is None else (changed @ held[:, k]).round(1).tolist(),
            }
            for k, bloc in together
        ],
    }


def _unit(now: PageResult, weight: str) -> str:
    """Return what the numbers of the bar are."""
    said = {"unit": tr(WEIGHT_UNITS[weight]), "futures": now.counted}
    if now.ensemble.runs == 1:
        return tr("{unit}, {futures}", **said)
    return tr("{unit}, {futures}; small: nine in ten", **said)


def _past(now: PageResult, weight: str) -> dict[str, Any]:
    """Return the record before the futures in the same parts; empty where there is none, or none in this weight."""
    inputs = now.ensemble.inputs
    record = record_of(inputs, now.base.loaded.scenario)
    if record is None or WEIGHTS.index(weight) >= len(inputs.countries.weight):
        return {"shares": [], "ends": [], "unit": ""}
    shares = record.shares(inputs.countries.weight[WEIGHTS.index(weight)])
    unit = tr(WEIGHT_UNITS[weight])
    if weight != WEIGHTS[0]:
        unit = tr("{unit} of today", unit=unit)
    return {
        "shares": _whole(rounded_parts(100.0 * shares)),
        "ends": [end_words(quarter) for quarter in record.quarters],
        "notes": [replay_notes().get(quarter, "") for quarter in record.quarters],
        "unit": tr("{unit}, as it was: members by the acts of the time", unit=unit),
    }


def _band(now: PageResult, band: Band, shares: Floats) -> dict[str, Any]:
    """Return the ends of a band in whole per cent, widened to hold the rounded shares; one future alone has none."""
    if now.ensemble.runs == 1:
        return {"low": _whole(shares), "high": _whole(shares)}
    return {
        "low": _whole(np.minimum(100 * band.p05, shares)),
        "high": _whole(np.maximum(100 * band.p95, shares)),
    }


def _whole(values: Floats) -> list[Any]:
    found: list[Any] = np.rint(values).astype(int).tolist()
    return found


@solara.component
def WhoIsWithWhom(session: Session) -> None:  # noqa: N802
    """Show the bar of the result at hand."""
    shown, weight = session.seen(), session.weight.value
    if shown is None:
        return
    bar = solara.use_memo(lambda: partition_bar(shown, weight), [shown, weight])
    Partition.element(bar=bar, quarter=session.moment(shown))
