"""Openings of organizations: how many outsiders sign in the simulator's founders' window, and who, against who did.

Each opening is a scenario of its own: the world as recorded the year before, the members that the rule on acts finds on
that day, a window as long as the launch, and everything else as in ``july-2025``. The bonus of founders was fitted to the
World AI Cooperation Organization and to the US-led statements of 2026; the other openings it has not seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.dates import TODAY, cutoff_side
from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.participation import Participation, load_participation
from sim.engine.run import simulate
from sim.errors import InputError
from sim.evidence import scores
from sim.evidence.past import past_world
from sim.evidence.scoreboard import resized
from sim.inputs.build import build_inputs
from sim.measures.bands import HIGH, LOW
from sim.scenario.loader import load
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.schema import Scenario
from sim.types import Floats
from sim.world import World, load_world

BASE = "july-2025"
"""Scenario that says everything about an opening but its date, its members and its window."""
RUNS = 400


@dataclass(frozen=True)
class Opening:
    """One launch.

    Attributes
    ----------
    initiative
        The list; its family says whose bloc opens.
    opens, closes
        First day of the founders' window, and its last.
    listed
        Last day of the acts that count as signed at the launch (a list may be published after the window).
    seen
        What of the model was estimated on this list among others: ``who`` signs (coefficients, country effects), its
        joining ``dates`` (attention in a window, costs), or ``bonus`` (what founders gain).
    note
        What kind of list it is.
    unnamed
        Founding signatories whose names are not in the tables.
    width
        How far the window is open, 0 .. 1.
    """

    initiative: str
    opens: dt.date
    closes: dt.date
    listed: dt.date
    seen: tuple[str, ...]
    note: str
    unnamed: int = 0
    width: float = 1.0


WHO, DATES, BONUS = "who", "dates", "bonus"
OPENINGS = (
    Opening(
        "AIIB", dt.date(2014, 10, 24), dt.date(2015, 3, 31), dt.date(2015, 4, 30), (DATES,),
        "a bank, open to all for half a year",
    ),
    Opening(
        "IOMED", dt.date(2025, 5, 30), dt.date(2025, 5, 30), dt.date(2025, 5, 30), (WHO,),
        "a convention, signed on one day; a third of the names is not known", 11,
    ),
    Opening(
        "GPAI", dt.date(2020, 6, 15), dt.date(2020, 6, 15), dt.date(2020, 6, 15), (WHO, DATES),
        "a club by invitation: who is absent was not asked",
    ),
    Opening(
        "US_POLDECL_MIL", dt.date(2023, 11, 13), dt.date(2023, 11, 30), dt.date(2023, 11, 30), (WHO, DATES),
        "a declaration, endorsed without duties",
    ),
)  # fmt: skip
"""Launches that founders' bonus was not fitted to. Dates: signing of the bank's memorandum and the end of its founders' round
(57 approved by April 2015); signing of the mediation convention (33 states, 22 of them known by name); launch of the
partnership; first joint endorsement of the military declaration."""
FITTED = Opening(
    "WAICO",
    dt.date(2026, 7, 16),
    dt.date(2026, 7, 31),
    dt.date(2026, 7, 31),
    (BONUS,),
    "a treaty, signed in half a month",
)
"""The launch that the bonus was fitted to, from the start of the base scenario and by its own timeline."""
HALF = 0.5
"""Width of the window of US-led statements in the base scenario."""
_PACT_WITH_RIVAL = {"us": "pact_cn", "china": "pact_us"}
_PACT = 0.5


@dataclass(frozen=True)
class OpeningScore:
    """An opening as simulated, against who signed.

    Attributes
    ----------
    opening, family
        What opened, and whose bloc.
    runs
        Simulated futures.
    members
        States of the bloc before, the leader left out.
    iso3, chance, signed : n
        Outsiders whose signature is known (present or absent), the share of futures in which each signs, and who did.
    allied
        Which of them had a defence pact with the leader of the other side, bool[n].
    others
        Signatories that belonged to the bloc before.
    mean, low, high
        Outsiders that sign in a future: mean and 90 % band.
    log_score, sized, base_rate
        Mean log score (nats); once the true number is given; and of that number alone, the same chance for everybody.
    """

    opening: Opening
    family: str
    runs: int
    members: int
    iso3: tuple[str, ...] = field(repr=False)
    chance: Floats = field(repr=False)
    signed: NDArray[np.bool_] = field(repr=False)
    allied: NDArray[np.bool_] = field(repr=False)
    others: int
    mean: float
    low: float
    high: float
    auc: float
    log_score: float
    sized: float
    base_rate: float

    @property
    def joined(self) -> int:
        """Outsiders that signed."""
        return int(self.signed.sum())

    @property
    def inside(self) -> bool:
        """Whether the number that signed can lie in the band, whoever the unnamed signatories are."""
        return self.low <= self.joined + self.opening.unnamed and self.joined <= self.high

    @property
    def expected_hits(self) -> float:
        """Signatories among those that sign in a future, on average."""
        return float(self.chance[self.signed].sum())

    def likeliest(self) -> NDArray[np.bool_]:
        """Return as many outsiders as signed, those most likely to, bool[n]."""
        top = np.zeros(len(self.chance), dtype=np.bool_)
        top[np.argsort(-self.chance, kind="stable")[: self.joined]] = True
        return top

    def named(self, chosen: NDArray[np.bool_]) -> tuple[tuple[str, float], ...]:
        """Return some outsiders with their chances, the likeliest first."""
        order = np.argsort(-self.chance, kind="stable")
        return tuple((self.iso3[n], float(self.chance[n])) for n in order if chosen[n])

    def to_dict(self) -> dict[str, Any]:
        """Return the score as plain data."""
        return {
            "initiative": self.opening.initiative, "family": self.family, "width": self.opening.width,
            "seen": list(self.opening.seen), "runs": self.runs, "members_before": self.members, "outsiders": len(self.iso3),
            "signed": self.joined, "unnamed": self.opening.unnamed, "mean": self.mean, "band": [self.low, self.high],
            "inside": self.inside, "expected_hits": self.expected_hits, "auc": self.auc, "log_score": self.log_score,
            "log_score_size_given": self.sized, "log_score_base_rate": self.base_rate,
            "signatories": [{"iso3": code, "probability": chance} for code, chance in self.named(self.signed)],
        }  # fmt: skip


def as_of(participation: Participation, day: dt.date) -> Participation:
    """Return what was joined before a day: an act that may be of that day or later has not happened.

    A state that has left since is a member if it had joined (by the middle of the period that its date stands for).
    """
    y = participation.y.copy()
    eve = day - dt.timedelta(days=1)
    start = day.year + (day.timetuple().tm_yday - 1) / (366 if day.year % 4 == 0 else 365)
    for cell in np.argwhere(participation.y == 1.0):
        at = cell[0], cell[1]
        if cutoff_side(participation.date[at], eve) != "before":
            y[at] = 0.0
    y[(participation.left >= start) & (participation.joined < start)] = 1.0
    return replace(participation, y=y)


def opening_scenario(opening: Opening, family: str, members: Mapping[str, Sequence[str]]) -> Scenario:
    """Return the scenario of an opening.

    Parameters
    ----------
    opening
        The launch.
    family
        Whose bloc opens.
    members
        Members of each bloc before; a bloc that is not named has none but its leader.
    """
    stated = load(BASE).scenario.model_dump(exclude_unset=True)
    first, last = parse_quarter(opening.opens.isoformat()), parse_quarter(opening.closes.isoformat())
    for bloc in stated["blocs"].values():
        bloc["members"] = list(members.get(bloc["family"], ())) or "none"
    window = {"set": {f"blocs.{family}.opening": opening.width}}
    stated |= {
        "name": f"opening-{opening.initiative.lower().replace('_', '-')}",
        "horizon": {"start": quarter_name(first - 1), "end": quarter_name(last)},
        "timeline": [
            {"name": "opening", "date": quarter_name(first), "until": quarter_name(last + 1), "reference": "record"}
            | window
        ],
    }  # fmt: skip
    return Scenario.model_validate(stated)


def score_openings(runs: int, seed: int) -> tuple[OpeningScore, ...]:
    """Simulate every opening and score it; those of US-led lists also with the window that ``july-2025`` gives them.

    Parameters
    ----------
    runs
        Futures of each.
    seed
        Of all draws.
    """
    world = load_world()
    known = load_participation()
    found = []
    for opening in OPENINGS:
        family = known.items[known.item(opening.initiative)].family
        found.append(score_opening(opening, family, known, world, runs, seed))
        if family == FAMILIES[0]:
            found.append(score_opening(replace(opening, width=HALF), family, known, world, runs, seed))
    return (*found, score_fitted(world, runs, seed))


def score_opening(
    opening: Opening, family: str, known: Participation, world: World, runs: int, seed: int
) -> OpeningScore:
    """Simulate one opening in its own past and score it.

    Raises
    ------
    InputError
        If the list is unknown, or the past is not known so far back.
    """
    before = initial_membership(as_of(known, opening.opens), world.iso3)
    members = {
        name: [code for code, member in zip(world.iso3, flags, strict=True) if member]
        for name, flags in before.items()
    }
    others = {name: codes if codes != [LEADERS[name]] else () for name, codes in members.items()}
    scenario = opening_scenario(opening, family, others)
    return score_scenario(
        opening, family, scenario, known, past_world(world, opening.opens.year - 1), runs, seed
    )


def score_fitted(world: World, runs: int, seed: int) -> OpeningScore:
    """Simulate ``july-2025`` and score the window of its own timeline."""
    known = load_participation(cutoff=TODAY)
    family = known.items[known.item(FITTED.initiative)].family
    scenario = load(BASE).scenario
    last = quarter_name(parse_quarter(FITTED.closes.isoformat()))
    scenario = scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"end": last})})
    return score_scenario(FITTED, family, scenario, known, world, runs, seed)


def score_scenario(
    opening: Opening,
    family: str,
    scenario: Scenario,
    known: Participation,
    world: World,
    runs: int,
    seed: int,
) -> OpeningScore:
    """Simulate a scenario to the end of a launch, and score who signed in its quarters.

    A state signs in a future if it stands outside in the quarter before the window and inside in its last quarter.

    Parameters
    ----------
    opening, family
        What opens; its quarters lie within the scenario's horizon, after the start.
    scenario, world
        What is simulated.
    known
        Who signed; states whose signature is unknown are not compared, nor are the two leaders.
    runs, seed
        Futures, and seed of all draws.

    Raises
    ------
    InputError
        If nobody who could sign did, or everybody.
    """
    inputs = build_inputs(world, scenario)
    bloc = next(k for k, name in enumerate(inputs.blocs) if scenario.blocs[name].family == family)
    first = inputs.steps.index(quarter_name(parse_quarter(opening.opens.isoformat())))
    last = inputs.steps.index(quarter_name(parse_quarter(opening.closes.isoformat())))
    ensemble = simulate(inputs, runs, seed)
    assert ensemble.membership is not None
    belongs = (ensemble.membership >> bloc & 1).astype(np.bool_)
    signs = belongs[:, last] & ~belongs[:, first - 1]

    row = known.item(opening.initiative)
    columns = [known.iso3.index(code) for code in world.iso3]
    listed = np.array(
        [
            cutoff_side(known.date[row, column], opening.listed) == "before" and known.y[row, column] == 1.0
            for column in columns
        ]
    )
    leads = np.array([code in LEADERS.values() for code in world.iso3])
    member = (inputs.countries.initial >> bloc & 1).astype(np.bool_)
    compared = ~member & ~leads & np.isfinite(known.y[row, columns])
    signed, chance = listed[compared], signs[:, compared].mean(axis=0)
    if not 0 < signed.sum() < len(signed):
        raise InputError(
            f"{opening.initiative}: {signed.sum()} of {len(signed)} outsiders signed; nothing to rank"
        )
    count = signs[:, compared].sum(axis=1)
    low, high = np.quantile(count, [LOW, HIGH])
    rate = np.full(len(signed), signed.mean())
    return OpeningScore(
        opening=opening, family=family, runs=runs, members=int((member & ~leads).sum()),
        iso3=tuple(code for code, kept in zip(world.iso3, compared, strict=True) if kept), chance=chance, signed=signed,
        allied=(world.values[_PACT_WITH_RIVAL[family]] > _PACT)[compared],
        others=int((listed & member & ~leads).sum()), mean=float(count.mean()), low=float(low), high=float(high),
        auc=scores.auc(signed, chance), log_score=scores.log_score(signed, chance),
        sized=scores.log_score(signed, resized(chance, float(signed.sum()))), base_rate=scores.log_score(signed, rate),
    )  # fmt: skip
