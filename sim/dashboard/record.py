"""What really happened, as the page draws it: who had joined what by each quarter before the futures begin, and since when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from sim.calibration.dates import TODAY
from sim.calibration.initial import membership_over_time, recorded_acts
from sim.calibration.initiatives import FAMILIES, LATER_INITIATIVES, LEADERS
from sim.calibration.participation import Participation, load_participation
from sim.dashboard.widgets.encode import encode_probabilities
from sim.evidence.replays import forecasts_ahead, load_replays
from sim.evidence.rolling_tables import read_tables
from sim.evidence.verdicts import Kind, list_verdicts
from sim.inputs.arrays import Inputs
from sim.inputs.memberships import bloc_label
from sim.labels.dates import day_words
from sim.report.skill import skill_sentence
from sim.scenario.quarters import parse_quarter, quarter_names
from sim.scenario.schema import Scenario
from sim.words import spoken_cache, tr

FIRST = "2013Q1"
"""First quarter of the record that is shown: the year in which the Belt and Road began."""
OUTCOMES = tuple(item.id for item in LATER_INITIATIVES if item.estimate == "target")
"""Lists that opened after the first register was frozen."""
PALE = 0.25
"""How a country that joined lists of a side, and is no member, is drawn on the scale of probabilities."""
RECORDS_KEPT = 8


@dataclass(frozen=True, eq=False)
class Record:
    """Memberships before the futures begin, by the rule on acts.

    ``quarters`` : their names, oldest first (T of them); ``member`` : bool[T, N, K]; ``acted`` : whether the country had joined
    any list of the side, bool[T, N, K]
    ``frames`` : both as the map draws them; ``text`` : JSON of who joined what, see `record_text`
    ``events`` : openings of lists, as marks of the scrubber
    """

    quarters: tuple[str, ...]
    member: NDArray[np.bool_]
    acted: NDArray[np.bool_]
    frames: bytes
    text: str
    events: tuple[dict[str, Any], ...]

    def shares(self, weight: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share of each membership set in every quarter, float64[T, 2**K].

        ``weight`` : int64[N], of the countries
        """
        sets = self.member @ (1 << np.arange(self.member.shape[2]))
        found = np.stack([(sets == s) @ weight for s in range(1 << self.member.shape[2])], axis=1)
        return np.asarray(found / max(1, int(weight.sum())), dtype=np.float64)


def past_quarters(start: str) -> tuple[str, ...]:
    """Return the quarters of the record before futures that begin in a quarter; none if they begin before it."""
    first, last = parse_quarter(FIRST), parse_quarter(start) - 1
    return quarter_names(first, last) if last >= first else ()


def record_of(inputs: Inputs, scenario: Scenario) -> Record | None:
    """Return the record of a scenario's countries; None if its world is another, or it has none of the blocs of the record."""
    sides = sides_of(scenario)
    known = load_participation(cutoff=TODAY)
    if not sides or not set(known.iso3).issuperset(inputs.iso3):
        return None
    return _record(inputs.iso3, inputs.steps[0], len(inputs.blocs), tuple(sides.items()))


def sides_of(scenario: Scenario) -> dict[str, int]:
    """Return which bloc of a scenario stands for each side of the record, by position: the leader's own."""
    found: dict[str, int] = {}
    for family in FAMILIES:
        for k, bloc in enumerate(scenario.blocs.values()):
            if bloc.family == family and LEADERS[family] in bloc.leader:
                found.setdefault(family, k)
    return found


@spoken_cache(RECORDS_KEPT)
def _record(iso3: tuple[str, ...], start: str, blocs: int, sides: tuple[tuple[str, int], ...]) -> Record:
    known = load_participation(cutoff=TODAY)
    quarters = past_quarters(start)
    numbers = [parse_quarter(quarter) for quarter in quarters]
    shape = (len(quarters), len(iso3), blocs)
    member, acted = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    members = membership_over_time(known, iso3, numbers)
    acts = {family: {code: recorded_acts(known, family, code) for code in iso3} for family, _ in sides}
    for family, k in sides:
        member[:, :, k] = members[family]
        for i, code in enumerate(iso3):
            begun = min((_quarter(act.date) for act in acts[family][code]), default=None)
            acted[:, i, k] = [begun is not None and number >= begun for number in numbers]
    return Record(
        quarters,
        member,
        acted,
        encode_probabilities(_drawn(member, acted)),
        record_text(known, iso3, dict(sides)),
        tuple(_openings(known, numbers, dict(sides))),
    )


def _quarter(date: str) -> int:
    """Return the quarter in which a partial date ends."""
    year, month = (*date.split("-"), "12")[:2]
    return 4 * int(year) + (int(month) - 1) // 3


def _drawn(member: NDArray[np.bool_], acted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the record on the scale of probabilities, float64[T, N, 2**K]: 1 = member (or of nothing), `PALE` = acts alone."""
    bits = 1 << np.arange(member.shape[2])
    sets, tried = member @ bits, acted @ bits
    shown = np.where(sets > 0, sets, tried)
    found = np.zeros((*sets.shape, 1 << member.shape[2]))
    np.put_along_axis(
        found, shown[..., None], np.where((sets > 0) | (tried == 0), 1.0, PALE)[..., None], axis=2
    )
    return found


def record_text(known: Participation, iso3: Sequence[str], sides: dict[str, int]) -> str:
    """Return who joined what as JSON: ``lists`` [{name, state}], ``acts`` {iso3: [[date, list]]} by date, ``until``."""
    lists: list[dict[str, Any]] = []
    position: dict[str, int] = {}
    joined: dict[str, list[list[Any]]] = {}
    for family, k in sides.items():
        for item in known.items:
            if item.family == family:
                position[item.id] = len(lists)
                lists.append({"name": item.name, "state": 1 << k})
        for code in iso3:
            acts = [[act.date, position[act.initiative]] for act in recorded_acts(known, family, code)]
            joined[code] = sorted(joined.get(code, []) + acts)
    there = {code: acts for code, acts in joined.items() if acts}
    return json.dumps({"lists": lists, "acts": there, "until": day_words(str(TODAY))}, separators=(",", ":"))


def verdicts_text(inputs: Inputs, scenario: Scenario) -> str:
    """Return every resolved list of the frozen register as JSON, for the map.

    ``[{key, name, state, sentence, counts {kind: number}, states {iso3: [kind, probability]}}]``; nothing of a world of its own
    """
    sides = sides_of(scenario)
    return _verdicts(tuple(sides.items())) if record_of(inputs, scenario) is not None else "[]"


@spoken_cache(RECORDS_KEPT)
def _verdicts(sides: tuple[tuple[str, int], ...]) -> str:
    found = [
        {
            "key": one.initiative, "name": one.name, "state": 1 << dict(sides)[one.family], "sentence": skill_sentence(one),
            "counts": {kind: one.count(kind) for kind in get_args(Kind)},
            "states": {code: [verdict.kind, verdict.probability] for code, verdict in one.states.items()},
        }
        for one in list_verdicts()
        if one.family in dict(sides)
    ]  # fmt: skip
    return json.dumps(found, separators=(",", ":"))


@spoken_cache()
def replay_notes() -> dict[str, str]:
    """Return by quarter what the simulator had said of both blocs: forecast a year before, and again from July 2025."""
    kinds = {"ahead": tr("Forecast a year before"), "bloc": tr("Simulated from July 2025")}
    said: dict[str, dict[str, list[str]]] = {}
    for one in (*forecasts_ahead(read_tables()), *(one for one in load_replays() if ":" in one.name)):
        kind, _, family = one.name.partition(":")
        for quarter, joined, low, high in zip(one.quarters, one.joined, one.low, one.high, strict=True):
            text = tr(
                "{bloc} {joined} ({low:.0f} to {high:.0f})",
                bloc=bloc_label(family),
                joined=joined,
                low=low,
                high=high,
            )
            said.setdefault(quarter, {}).setdefault(kinds[kind], []).append(text)
    return {
        quarter: " ".join(
            (
                tr("Members, leaders left out, and 90 % band."),
                *(
                    tr("{when}: {event}.", when=words, event=", ".join(parts))
                    for words, parts in found.items()
                ),
            )
        )
        for quarter, found in said.items()
    }


def _openings(known: Participation, numbers: Sequence[int], sides: dict[str, int]) -> list[dict[str, Any]]:
    """Return the openings of the lists that count, as marks of the scrubber: the last quarter of the record is number -1."""
    found = []
    for item in known.items:
        if item.family in sides and item.estimate == "target" and _quarter(item.opened) in numbers:
            index = numbers.index(_quarter(item.opened)) - len(numbers)
            found.append(
                {
                    "index": index,
                    "date": item.opened,
                    "label": tr("{list} opens", list=item.name),
                    "side": sides[item.family],
                }
            )
    return sorted(found, key=lambda event: str(event["date"]))
