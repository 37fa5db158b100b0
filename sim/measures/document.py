"""A summary as plain data: one JSON object with the names of the steps, states, blocs and countries."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

from sim.measures.bands import NEVER
from sim.measures.catalog import WEIGHT, Measure, axis_keys, run_measures
from sim.measures.summary import Summary
from sim.measures.switches import likely_moves, swing_states
from sim.types import Floats

MOST = 20
"""How many swing states and moves the document lists."""

_PLURAL = {"share": "shares", "bloc_share": "bloc_shares"}


def document(summary: Summary) -> dict[str, Any]:
    """Return the summary as plain data: text, numbers, lists and mappings; None where there is no value.

    ``shares`` is keyed by weight and state: over the states it sums to 1. ``bloc_shares`` is keyed by weight
    and bloc: members of several blocs count in each, so that the state ``us`` (US-led alone) and the bloc
    ``us`` (all its members) are told apart.
    """
    return {
        "steps": list(summary.steps),
        "blocs": list(summary.blocs),
        "states": list(summary.states),
        **_bands(summary, weighted=True),
        "majority": _majority(summary),
        **_bands(summary, weighted=False),
        "moves": [dataclasses.asdict(move) for move in likely_moves(summary, MOST)],
        "swing_states": {
            weight: [dataclasses.asdict(state) for state in swing_states(summary, weight, MOST)]
            for weight in summary.weights
        },
        "countries": _countries(summary),
    }


def document_text(data: dict[str, Any]) -> str:
    """Return plain data as one line of JSON."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _bands(summary: Summary, *, weighted: bool) -> dict[str, Any]:
    """Return the bands of measures with or without weights, by name and keys; majorities have an entry of their own."""
    return {
        _PLURAL.get(measure.name, measure.name): _nested(summary, measure)
        for measure in run_measures()
        if (measure.axes[:1] == (WEIGHT,)) == weighted and measure.name != "majority"
    }


def _nested(summary: Summary, measure: Measure, keys: tuple[str, ...] = ()) -> dict[str, Any]:
    if len(keys) == len(measure.axes):
        return summary.band(measure, keys).to_dict()
    names = axis_keys(measure.axes[len(keys)], summary.blocs)
    return {name: _nested(summary, measure, (*keys, name)) for name in names}


def _known(values: Floats) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _majority(summary: Summary) -> dict[str, Any]:
    first = summary.first_majority

    def quarter(position: int) -> str | None:
        return None if position == NEVER else summary.steps[position]

    return {
        weight: {
            bloc: {
                "probability": _known(summary.majority[:, w, k]),
                "ever": float(first.probability[w, k]),
                "first_quarter": {
                    "p05": quarter(int(first.early[w, k])),
                    "p50": quarter(int(first.middle[w, k])),
                    "p95": quarter(int(first.late[w, k])),
                },
            }
            for k, bloc in enumerate(summary.blocs)
        }
        for w, weight in enumerate(summary.weights)
    }


def _countries(summary: Summary) -> dict[str, Any]:
    found = {}
    for i, code in enumerate(summary.iso3):
        member, state = summary.member_probability[:, i], summary.state_probability[:, i]
        found[code] = {
            "member": {bloc: member[:, k].tolist() for k, bloc in enumerate(summary.blocs)},
            "state": {name: state[:, s].tolist() for s, name in enumerate(summary.states)},
            "switched": summary.switched[:, i].tolist(),
            "switch_probability": float(summary.switch_probability[i]),
        }
    return found
