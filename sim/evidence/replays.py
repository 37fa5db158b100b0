"""Pasts simulated again: members of a list, or of a bloc, over time as the simulator has them, and as they came.

Lists are the hindcasts of the validation (`sim.evidence.hindcast_tests`), simulated without having seen the list. Blocs are
simulated from the memberships of 25 July 2025 on, with the policies of the time (scenario ``july-2025``) and without knowing
who has joined since. The table is written with the validation report, so that nobody waits for a simulation to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np

from sim.calibration.csv_tables import read_csv, write_csv
from sim.calibration.dates import TODAY
from sim.calibration.initial import membership_over_time
from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.participation import TABLES, load_participation
from sim.engine.run import simulate
from sim.errors import InputError, Problem
from sim.evidence.hindcast_tests import HindcastTest
from sim.evidence.outcomes import KNOWN_TO
from sim.evidence.rolling import Rolling
from sim.evidence.rolling_methods import SIMULATOR
from sim.inputs.build import build_inputs
from sim.registry.parameters import RULES
from sim.scenario.loader import load
from sim.scenario.quarters import parse_quarter, quarter_name

_PLACES = (Path(__file__).resolve().parents[2] / "docs" / "replays.csv", TABLES / "replays.csv")
REPLAYS = next((path for path in _PLACES if path.is_file()), _PLACES[0])
"""In a checkout beside the validation report, else among the tables of the package."""
COLUMNS = ("replay", "family", "quarter", "joined", "low", "middle", "high")
SCENARIO = "july-2025"
RUNS = 200
AHEAD = 4
"""Quarters ahead at which the forecasts of blocs are shown."""
BOUNDS = (5.0, 50.0, 95.0)


@dataclass(frozen=True)
class Replay:
    """Members of one list or bloc, its leader left out.

    ``name`` : list, or ``bloc:us`` / ``bloc:china``; ``quarters`` : at whose ends members are counted
    ``joined`` : as they came; ``low, middle, high`` : 90 % band and median over simulated pasts (median may be missing)
    """

    name: str
    family: str
    quarters: tuple[str, ...]
    joined: tuple[int, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def inside(self) -> int:
        """Quarters in which the real number lies in the band."""
        return sum(
            low <= seen <= high for seen, low, high in zip(self.joined, self.low, self.high, strict=True)
        )


def replays_of_lists(tests: Iterable[HindcastTest]) -> tuple[Replay, ...]:
    """Return the hindcasts under the calibrated rule as replays."""
    return tuple(
        Replay(
            test.setup.name,
            test.family,
            test.curve.checks,
            tuple(test.curve.observed.tolist()),
            *(tuple(bound.tolist()) for bound in (test.curve.low, test.curve.middle, test.curve.high)),
        )
        for test in tests
        if test.rule == RULES[0]
    )


def replays_of_blocs(runs: int = RUNS, seed: int = 1) -> tuple[Replay, ...]:
    """Simulate both blocs from July 2025 to the last quarter that the tables know; the first quarter is given."""
    loaded = load(SCENARIO)
    inputs = build_inputs(loaded.world, loaded)
    kept = [n for n, quarter in enumerate(inputs.steps) if n and parse_quarter(quarter) <= KNOWN_TO]
    followers = np.array([code not in LEADERS.values() for code in inputs.iso3])
    membership = simulate(inputs, runs, seed).membership
    assert membership is not None
    quarters = tuple(inputs.steps[n] for n in kept)
    known = load_participation(inputs.iso3, cutoff=TODAY)
    observed = membership_over_time(known, inputs.iso3, [parse_quarter(quarter) for quarter in quarters])
    found = []
    for family in FAMILIES:
        bit = inputs.blocs.index(family)
        counts = (membership[:, kept][:, :, followers] >> bit & 1).sum(axis=2)
        low, middle, high = (tuple(bound) for bound in np.percentile(counts, BOUNDS, axis=0).tolist())
        came = tuple(observed[family][:, followers].sum(axis=1).tolist())
        found.append(Replay(f"bloc:{family}", family, quarters, came, low, middle, high))
    return tuple(found)


def forecasts_ahead(rolling: Rolling, horizon: int = AHEAD) -> tuple[Replay, ...]:
    """Return each bloc as the simulator forecast it so many quarters ahead, from every origin with what was known then.

    Their middle is not kept. Countries whose membership is not known for sure are left out.
    """
    found = []
    for family in FAMILIES:
        own = [
            one for one in rolling.cases
            if (one.kind, one.family, one.horizon) == ("bloc", family, horizon) and one.origin + horizon <= KNOWN_TO
        ]  # fmt: skip
        own.sort(key=lambda one: one.origin)
        low, high = (tuple(one.bands[SIMULATOR][end] for one in own) for end in (0, 1))
        quarters = tuple(quarter_name(one.origin + horizon) for one in own)
        found.append(
            Replay(f"ahead:{family}", family, quarters, tuple(one.members for one in own), low, (), high)
        )
    return tuple(one for one in found if one.quarters)


def write_replays(replays: Sequence[Replay], path: Path = REPLAYS) -> Path:
    """Write the table of replays, one decimal; return the file."""
    rows = [
        (one.name, one.family, quarter, str(joined), f"{low:.1f}", f"{middle:.1f}", f"{high:.1f}")
        for one in replays
        for quarter, joined, low, middle, high in zip(
            one.quarters, one.joined, one.low, one.middle, one.high, strict=True
        )
    ]
    write_csv(path, COLUMNS, rows)
    return path


@cache
def load_replays(path: Path = REPLAYS) -> tuple[Replay, ...]:
    """Read the table of replays.

    Raises
    ------
    InputError
        If it is missing, or a row of it is none of ours.
    """
    rows = read_csv(path)
    try:
        return tuple(_replay(name, list(own)) for name, own in groupby(rows, key=lambda row: row["replay"]))
    except (KeyError, ValueError):
        raise InputError(Problem("is no table of replays", str(path))) from None


def _replay(name: str, rows: Sequence[dict[str, str]]) -> Replay:
    for row in rows:
        parse_quarter(row["quarter"])
    bounds = (tuple(float(row[bound]) for row in rows) for bound in ("low", "middle", "high"))
    quarters = tuple(row["quarter"] for row in rows)
    return Replay(name, rows[0]["family"], quarters, tuple(int(row["joined"]) for row in rows), *bounds)
