"""A summary as plain data: one JSON object with the names of the steps, states, blocs and countries."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from sim.measures.bands import Band
from sim.measures.passage import NEVER
from sim.measures.summary import Summary
from sim.measures.switches import likely_moves, swing_states
from sim.world.columns import INCOME_GROUPS

MOST = 20
"""How many swing states and moves the document lists."""


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
        "shares": _by_weight(summary, summary.shares, summary.states),
        "bloc_shares": _by_weight(summary, summary.bloc_shares, summary.blocs),
        "effective_blocs": _by_weight(summary, summary.effective_blocs),
        "polarization": _by_weight(summary, summary.polarization),
        "majority": _majority(summary),
        "divide": {state: summary.divide[:, s].to_dict() for s, state in enumerate(summary.states)},
        "compute_per_head": {
            group: summary.compute_per_head[:, g].to_dict() for g, group in enumerate(INCOME_GROUPS)
        },
        "compute_gap": summary.compute_gap.to_dict(),
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


def _by_weight(summary: Summary, band: Band, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    if names is None:
        return {weight: band[:, w].to_dict() for w, weight in enumerate(summary.weights)}
    return {
        weight: {name: band[:, w, n].to_dict() for n, name in enumerate(names)}
        for w, weight in enumerate(summary.weights)
    }


def _majority(summary: Summary) -> dict[str, Any]:
    first = summary.first_majority

    def quarter(position: int) -> str | None:
        return None if position == NEVER else summary.steps[position]

    return {
        weight: {
            bloc: {
                "probability": summary.majority[:, w, k].tolist(),
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
