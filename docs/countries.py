"""Eleven countries under the baseline, read by year: where they stand, what they did, and what pulls them; and who leaves.

Written into docs/countries.md by ``python docs/build.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.api.run import run
from sim.attribution.observe import LABELS, observe
from sim.calibration.dates import TODAY
from sim.calibration.initial import recorded_acts
from sim.calibration.initiatives import ORGANIZATIONS
from sim.calibration.participation import load_participation
from sim.inputs.memberships import bloc_label
from sim.labels.shares import state_words
from sim.labels.terms import term_words
from sim.results.run import RunResult
from sim.types import Floats

COUNTRIES = ("KEN", "IND", "BRA", "SAU", "ARE", "KAZ", "VNM", "IDN", "ZAF", "TUR", "RUS")
YEARS = (2027, 2030, 2035)
REASONED = 2030
"""Year whose reasons are shown."""
RUNS = 400
REASONS = 2
TASTE: dict[str, float] = {"behaviour.hedging_cost": 0.0}
NOTICE: dict[str, float] = {"blocs.us.exclusivity": 0.0, "blocs.china.exclusivity": 0.0}
LEAVERS = 10
"""Leavers named on each side."""


@dataclass(frozen=True)
class Reading:
    """One country.

    ``path`` : membership set -> share of futures at the end of each of ``YEARS``
    ``acts`` : bloc -> its acts that count, by name of the list
    ``reasons`` : bloc -> the largest terms of its value with their mean, logit units
    ``apart`` : terms that set the first bloc most apart from the second, with the difference
    """

    name: str
    path: dict[str, tuple[float, ...]]
    acts: dict[str, tuple[str, ...]]
    reasons: dict[str, tuple[tuple[str, float], ...]]
    apart: tuple[tuple[str, float], ...]


@cache
def baseline(runs: int = RUNS) -> RunResult:
    """Return the futures that are read."""
    return run("baseline", runs)


def readings(result: RunResult, codes: Iterable[str] = COUNTRIES) -> tuple[Reading, ...]:
    """Return what is to be read of some countries."""
    ensemble = result.ensemble
    assert ensemble is not None
    inputs, runs = ensemble.inputs, ensemble.runs
    steps = [inputs.steps.index(f"{year}Q4") for year in YEARS]
    at = inputs.steps.index(f"{REASONED}Q4")
    places = [result.world.index(code) for code in codes]
    watched = [(n, at, i) for i in places for n in range(runs)]
    terms = (
        observe(ensemble, np.array(watched))
        .terms.reshape(len(places), runs, len(inputs.blocs), -1)
        .mean(axis=1)
    )
    known = load_participation(cutoff=TODAY)
    found = []
    for i, own in zip(places, terms, strict=True):
        counts = ensemble.state_count[:, i] / runs
        acts = {
            bloc: tuple(act.initiative for act in recorded_acts(known, result.scenario.blocs[bloc].family, inputs.iso3[i])
                        if act.counts)
            for bloc in inputs.blocs
        }  # fmt: skip
        found.append(
            Reading(
                result.world.names[i],
                {state: tuple(float(counts[t, s]) for t in steps) for s, state in enumerate(inputs.states)},
                acts,
                {bloc: _largest(own[k]) for k, bloc in enumerate(inputs.blocs)},
                _largest(own[0] - own[1]),
            )
        )
    return tuple(found)


def _largest(terms: Floats) -> tuple[tuple[str, float], ...]:
    """Return the largest terms of a value, without the intercept, which is the same for all."""
    order = [n for n in np.argsort(-np.abs(terms), kind="stable") if LABELS[n] != "intercept"]
    return tuple((LABELS[n], float(terms[n])) for n in order[:REASONS])


def leavers(result: RunResult, bloc: str, signed: Iterable[str] = ()) -> list[tuple[str, float]]:
    """Return members of the start that most often stand outside a bloc at the end of the last year, with that share.

    ``signed`` : lists of which a state must have signed one; none for all members
    """
    ensemble = result.ensemble
    assert ensemble is not None
    assert ensemble.membership is not None
    inputs, known = ensemble.inputs, load_participation(cutoff=TODAY)
    k, last = inputs.blocs.index(bloc), inputs.steps.index(f"{YEARS[-1]}Q4")
    lists = [known.item(name) for name in signed]
    found = []
    for i, code in enumerate(inputs.iso3):
        begins = inputs.countries.initial[i] >> k & 1
        column = known.iso3.index(code)
        if begins and not inputs.countries.frozen[i] and (not lists or (known.y[lists, column] == 1.0).any()):
            outside = float(((ensemble.membership[:, last, i] >> k & 1) == 0).mean())
            found.append((result.world.names[i], outside))
    return sorted(found, key=lambda pair: -pair[1])[:LEAVERS]


def paths(result: RunResult) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of the table of memberships, % of futures at the end of each year."""
    words = state_words(result.inputs.states, result.inputs.titles)
    headings = ["% of futures, " + " / ".join(map(str, YEARS)), *words.values()]
    rows = [
        [one.name, *(" / ".join(f"{100 * share:.0f}" for share in one.path[state]) for state in words)]
        for one in readings(result)
    ]
    return headings, rows


def reasons(result: RunResult) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of the table of acts and reasons."""
    inputs = result.inputs
    labels = [bloc_label(bloc, inputs.titles) for bloc in inputs.blocs]
    headings = [
        "",
        *(f"{label}: acts that count" for label in labels),
        *(f"{label}: largest terms" for label in labels),
    ]
    rows = []
    for one in readings(result):
        acts = [", ".join(f"`{name}`" for name in one.acts[bloc]) or "none" for bloc in inputs.blocs]
        rows.append([one.name, *acts, *(_said(one.reasons[bloc]) for bloc in inputs.blocs), _said(one.apart)])
    return [*headings, f"{labels[0]} less {labels[1]}"], rows


def _said(terms: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{term_words(name)} {value:+.1f}" for name, value in terms)


def departures(result: RunResult) -> str:
    """Return in a list who most often stands outside a bloc to which it belonged at the start."""
    year = YEARS[-1]
    lines = []
    for bloc, lists, whose in (
        ("china", ORGANIZATIONS["china"], "Signatories of WAICO outside the China-led bloc"),
        ("us", (), "Members of the US-led bloc outside it"),
    ):
        named = ", ".join(f"{name} {100 * share:.0f} %" for name, share in leavers(result, bloc, lists))
        lines.append(f"- {whose} at the end of {year}, most often: {named}.\n")
    return "".join([*lines, f"- {kept_both()}\n"])


@cache
def kept_both() -> str:
    """Return in a sentence how many of those in both blocs stay so, and what of it is taste and what is notice."""
    shares = []
    for changes in ({}, TASTE, NOTICE, TASTE | NOTICE):
        ensemble = run("baseline", RUNS, overrides=changes).ensemble
        assert ensemble is not None
        assert ensemble.membership is not None
        last = ensemble.inputs.steps.index(f"{YEARS[-1]}Q4")
        both = (1 << len(ensemble.inputs.blocs)) - 1
        begin = ensemble.inputs.countries.initial == both
        shares.append(f"{100 * float((ensemble.membership[:, last, begin] == both).mean()):.0f} %")
    return (
        f"Of the {int(begin.sum())} states that begin in both, {shares[0]} are in both at the end of {YEARS[-1]}; without a "
        f"taste against rivals {shares[1]}, without notices {shares[2]}, without either {shares[3]}."
    )
