"""What is known of a run, at hand or read back from its folder: its scenario, its world, its tables as bands by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim._version import other_engine
from sim.errors import InputError, Problem
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import NO_TITLES, Titles
from sim.labels.groups import group_words
from sim.measures import Band, Move, likely_moves
from sim.measures.excerpt import COMPUTE, WHOLE, Excerpt
from sim.plausibility import Finding, lines_of
from sim.results.kinds import RunManifest
from sim.results.manifest import COUNTRIES, OUTCOMES, SCENARIO
from sim.results.parquet import read_parquet
from sim.results.run import RunResult
from sim.results.tables import LABELS, countries_table, outcomes_table
from sim.scenario.loader import Loaded, load, load_texts
from sim.types import Brief, Floats
from sim.world import World

SHOWN = 8
"""Rows of the lists of countries on a screen."""
_KEY = LABELS[:-1]  # outcome, weight, membership, income_group


@dataclass(frozen=True, eq=False, repr=False)
class RunTables(Brief):
    """Measures over time by outcome, weight, membership and income group, and the ends of countries.

    ``bands`` : float64[T] each, by the four labels of the table (None where a label does not apply)
    ``ends`` : probability of each state in the last quarter, by ISO3, in the order of ``states``
    ``first`` : the state at the start, by ISO3
    ``switched`` : probability of having left the first state by the last quarter, by ISO3
    ``titles`` : names of the blocs to show, by key
    """

    steps: tuple[str, ...]
    states: tuple[str, ...]
    blocs: tuple[str, ...]
    bands: dict[tuple[str | None, ...], Band] = field(repr=False)
    ends: dict[str, Floats] = field(repr=False)
    first: dict[str, str] = field(repr=False)
    switched: dict[str, float] = field(repr=False)
    titles: Titles = field(default_factory=dict)

    def band(
        self, outcome: str, weight: str | None = None, name: str | None = None, group: str | None = None
    ) -> Band:
        """Return one measure, band [T]."""
        return self.bands[outcome, weight, name, group]

    def share(self, weight: str, membership: str) -> Band:
        """Return the band [T] of one membership state's share by one weight."""
        return self.band("share", weight, membership)


def read_tables(folder: Path, titles: Titles = NO_TITLES) -> RunTables:
    """Read the two tables of a run.

    Raises
    ------
    InputError
        If a table is missing, damaged, or not of the form that a run writes.
    """
    outcomes, countries = read_parquet(folder / OUTCOMES), read_parquet(folder / COUNTRIES)
    try:
        return run_tables(outcomes, countries, titles)
    except (KeyError, ValueError, IndexError):
        raise InputError(Problem("the tables are not those of a run", file=str(folder))) from None


def run_tables(outcomes: pa.Table, countries: pa.Table, titles: Titles) -> RunTables:
    """Return what the tables of `sim.results.tables` hold.

    Raises
    ------
    KeyError, ValueError, IndexError
        If they are not of that form.
    """
    bands, steps = _bands(outcomes)
    states, blocs = (
        tuple(name for kind, weight, name, _ in bands if kind == wanted and weight == WEIGHTS[0] and name)
        for wanted in ("share", "bloc_share")
    )
    return RunTables(steps, states, blocs, bands, *_countries(countries, states, steps), titles)


def _bands(table: pa.Table) -> tuple[dict[tuple[str | None, ...], Band], tuple[str, ...]]:
    labels = [table.column(name).to_pylist() for name in _KEY]
    numbers = [np.array(table.column(name).to_pylist(), np.float64) for name in ("mean", "p05", "p95")]
    keys = list(zip(*labels, strict=True))
    starts = [n for n, key in enumerate(keys) if n == 0 or keys[n - 1] != key]
    stops = [*starts[1:], len(keys)]
    bands = {
        keys[start]: Band(*(column[start:stop] for column in numbers))
        for start, stop in zip(starts, stops, strict=True)
    }
    return bands, tuple(map(str, table.column("step").to_pylist()[: stops[0]]))


def _countries(
    table: pa.Table, states: tuple[str, ...], steps: tuple[str, ...]
) -> tuple[dict[str, Floats], dict[str, str], dict[str, float]]:
    ends: dict[str, Floats] = {}
    first: dict[str, str] = {}
    switched: dict[str, float] = {}
    columns = [
        table.column(name).to_pylist() for name in ("iso3", "outcome", "membership", "step", "probability")
    ]
    for iso3, outcome, membership, step, probability in zip(*columns, strict=True):
        if outcome == "state" and step == steps[-1]:
            ends.setdefault(iso3, np.zeros(len(states)))[states.index(membership)] = probability
        elif outcome == "state" and step == steps[0] and probability == 1.0:
            first[iso3] = membership
        elif outcome == "switched" and step == steps[-1]:
            switched[iso3] = probability
    return ends, first, switched


@dataclass(frozen=True, eq=False, repr=False)
class RunView(Brief):
    """What is known of a run, at hand or read back from its folder.

    ``moves`` : the likeliest first switches; a folder does not keep them
    ``manifest`` : of a folder; None for a result at hand
    ``doubted`` : findings of a result at hand
    ``excerpt`` : which countries and quarters its tables are of, if not all
    """

    runs: int
    seed: int
    loaded: Loaded
    world: World
    tables: RunTables
    moves: tuple[Move, ...] = ()
    manifest: RunManifest | None = None
    folder: str = ""
    doubted: tuple[Finding, ...] = ()
    excerpt: Excerpt = WHOLE

    @property
    def weights(self) -> tuple[str, ...]:
        """What countries count by; compute is not known of some countries only."""
        return WEIGHTS[:COMPUTE] if self.excerpt.among else WEIGHTS

    @property
    def of(self) -> str:
        """What the shares are of, in words: "the world", "Africa"."""
        return group_words(self.excerpt.among) or "the world"

    @property
    def imputed_share(self) -> float:
        """Share of the numbers on countries that nothing observed, as it was when they were used."""
        return self.world.imputed_share() if self.manifest is None else self.manifest.imputed_share

    @property
    def notes(self) -> tuple[str, ...]:
        """What no longer acts in the timeline, as it was said when the scenario was loaded from its own file."""
        return self.loaded.notes if self.manifest is None else self.manifest.notes

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was doubted of the scenario when it was loaded from its own file."""
        return self.doubted if self.manifest is None else tuple(map(Finding.of_dict, self.manifest.findings))

    @property
    def said_before(self) -> list[str]:
        """Notes and findings as lines, for those who read the result."""
        return lines_of(self.notes, self.findings)

    @property
    def other_engine(self) -> str:
        """Version and commit of the engine that made it, if the present one does not make it again; else nothing."""
        return "" if self.manifest is None else other_engine(self.manifest.provenance.get("version", ""))

    def name(self, iso3: str) -> str:
        """Return the name of a country."""
        return self.world.names[self.world.index(iso3)]

    def swing(self) -> list[tuple[str, float]]:
        """Return the countries whose switch would move most GDP, the largest first, with their share of it.

        They are ordered by the probability of a switch times the share; who never switches is left out.
        """
        gdp = dict(zip(self.world.iso3, self.world.values["gdp"], strict=True))
        whole = sum(float(gdp[iso3]) for iso3 in self.tables.ends)
        score = {iso3: chance * float(gdp[iso3]) for iso3, chance in self.tables.switched.items()}
        order = sorted(score, key=lambda code: (-score[code], code))
        return [(code, float(gdp[code]) / whole) for code in order if score[code] > 0]


def view_of(result: RunResult) -> RunView:
    """Return a result at hand as what is known of it."""
    tables = run_tables(
        outcomes_table(result.summary), countries_table(result.summary), result.summary.titles
    )
    moves = likely_moves(result.summary, SHOWN)
    return RunView(
        result.runs,
        result.seed,
        result.loaded,
        result.world,
        tables,
        moves,
        doubted=result.findings,
        excerpt=result.excerpt,
    )


def read_run(place: Path) -> RunView:
    """Read the folder of a run.

    Raises
    ------
    InputError
        If it is none, or damaged, or a file of it was changed (all are named).
    """
    manifest = RunManifest.read(place)
    manifest.refuse_changed(place)
    file = place / SCENARIO
    loaded = load_texts(file) if other_engine(manifest.provenance.get("version", "")) else load(str(file))
    tables = read_tables(place, loaded.scenario.titles)
    return RunView(
        manifest.runs,
        manifest.seed,
        loaded,
        loaded.world,
        tables,
        (),
        manifest,
        place.name,
        excerpt=manifest.excerpt,
    )
