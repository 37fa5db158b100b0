"""Why a country stands where it stands: its terms, what is behind them, its path, its peers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.attribution.advantage import (
    ALL_LABELS,
    chance_of_holding,
    probabilities,
    set_terms,
    utilities,
)
from sim.attribution.market import why_little
from sim.attribution.observe import LABELS, Observation, observe
from sim.engine.run import Ensemble
from sim.engine.values import peer_share
from sim.inputs.arrays import Inputs
from sim.inputs.memberships import Titles, bloc_label, states_with
from sim.labels.terms import CHIP_REASONS, admission_text, market_text
from sim.measures.bands import HIGH, LOW
from sim.registry.attributes import attribute_row
from sim.registry.terms import columns_behind
from sim.scenario.schema import Scenario
from sim.types import Brief
from sim.words import tr
from sim.world import ValueRecord, World

PEERS_SHOWN = 10


@dataclass(frozen=True, repr=False)
class Term(Brief):
    """One term of the value of a bloc: mean and percentiles over runs, logit units, and the data behind it."""

    name: str
    mean: float
    p05: float
    p95: float
    inputs: tuple[ValueRecord, ...]


@dataclass(frozen=True)
class Offer:
    """What a bloc offers the country at the quarter, as a member and as an outsider (means over runs).

    ``chips`` H100e a year (quality-weighted); ``aid`` US$ million a year; ``effort`` share of a full programme
    ``little`` : why its chips are worth little (a key of `sim.labels.terms.CHIP_REASONS`), "" if they are not
    """

    chips: tuple[float, float]
    aid: tuple[float, float]
    effort: tuple[float, float]
    little: str = ""


@dataclass(frozen=True)
class Admission:
    """How open a bloc is to the country at the quarter; shares of futures, but for ``notice``.

    ``closed`` : does not take it (if it belongs, it stays); ``dissolved`` : is no more; ``window`` : has a founders' window
    open to it; ``told`` : tells it in this quarter to choose; ``notice`` : mean chance in a year that it tells a state in two
    blocs to choose
    """

    closed: float
    dissolved: float
    window: float
    notice: float
    told: float


@dataclass(frozen=True)
class Peer:
    """A country that counts: its weight in the peer share, and its probability of belonging to each bloc."""

    iso3: str
    name: str
    weight: float
    member: dict[str, float]


@dataclass(frozen=True, eq=False, repr=False)
class Explanation(Brief):
    """Why a country stands where it stands at a quarter.

    ``terms`` : bloc -> its terms, which add up to ``value``; ``sets`` : membership set -> every term of its utility
    (mean over runs), which add up to ``utility``; ``chance`` : probability of each set if it decided then; ``allowed`` : share
    of futures in which it may take the set
    ``path`` : membership set -> probability by quarter; ``attention`` : probability of reconsidering in the quarter
    ``market`` : chips it wants, and has without joining anybody, H100e a year (means over runs)
    ``admission`` : bloc -> how open it is to the country
    ``costs`` : of joining a bloc and of leaving one (means over runs, logit units)
    ``joins, stays`` : bloc -> probability that a review in this quarter would end in it, were the country outside before, and
        were it inside; all else as it is
    ``titles`` : names of the blocs to show, by key; ``effect_set`` : those towards which the scenario shifts its own effect
    """

    scenario: str
    iso3: str
    name: str
    quarter: str
    runs: int
    seed: int
    leads: str | None
    blocs: tuple[str, ...]
    states: tuple[str, ...]
    steps: tuple[str, ...]
    terms: dict[str, tuple[Term, ...]]
    value: dict[str, float]
    sets: dict[str, dict[str, float]]
    utility: dict[str, float]
    chance: dict[str, float]
    allowed: dict[str, float]
    attention: float
    path: dict[str, NDArray[np.float64]]
    offers: dict[str, Offer]
    market: tuple[float, float]
    admission: dict[str, Admission]
    peers: tuple[Peer, ...]
    costs: tuple[float, float]
    joins: dict[str, float]
    stays: dict[str, float]
    titles: Titles = field(default_factory=dict)
    effect_set: tuple[str, ...] = ()

    @property
    def market_said(self) -> tuple[str, ...]:
        """What it makes of chips: need, what it has without joining anybody, and where and why they are worth little."""
        little = (
            tr(
                "Chips of the {bloc} bloc are worth little to it: {reason}.",
                bloc=bloc_label(bloc, self.titles),
                reason=tr(CHIP_REASONS[offer.little]),
            )
            for bloc, offer in self.offers.items()
            if offer.little
        )
        return (market_text(*self.market), *little)

    @property
    def limits(self) -> tuple[str, ...]:
        """What stands between the country and each bloc beside its value, a sentence each; only what there is to say."""
        said = (
            admission_text(tr("The {bloc} bloc", bloc=bloc_label(bloc, self.titles)), **asdict(one))
            for bloc, one in self.admission.items()
        )
        return tuple(sentence for sentence in said if sentence)

    @property
    def now(self) -> str:
        """The most probable membership at the quarter."""
        t = self.steps.index(self.quarter)
        return max(self.states, key=lambda state: float(self.path[state][t]))

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as the command's JSON object."""
        return {
            "scenario": self.scenario, "iso3": self.iso3, "name": self.name, "quarter": self.quarter, "runs": self.runs,
            "seed": self.seed, "leads": self.leads, "blocs": list(self.blocs), "states": list(self.states),
            "steps": list(self.steps), "now": self.now, "value": self.value, "utility": self.utility,
            "chance": self.chance, "allowed": self.allowed, "attention": self.attention,
            "terms": {
                bloc: [
                    {"term": t.name, "mean": t.mean, "p05": t.p05, "p95": t.p95, "inputs": [_record(r) for r in t.inputs]}
                    for t in terms
                ]
                for bloc, terms in self.terms.items()
            },
            "sets": self.sets, "path": {state: path.tolist() for state, path in self.path.items()},
            "offers": {
                b: {"chips": o.chips, "aid_musd": o.aid, "effort": o.effort, "chips_worth_little": o.little}
                for b, o in self.offers.items()
            },
            "market": dict(zip(("chips_wanted", "chips_without_joining"), self.market, strict=True)),
            "admission": {bloc: asdict(one) for bloc, one in self.admission.items()},
            "costs": dict(zip(("joining", "leaving"), self.costs, strict=True)),
            "would_join_from_outside": self.joins, "would_stay_inside": self.stays,
            "peers": [{"iso3": p.iso3, "name": p.name, "weight": p.weight, "member": p.member} for p in self.peers],
        }  # fmt: skip


def _record(record: ValueRecord) -> dict[str, Any]:
    return {"column": record.column, "value": record.value, "unit": record.unit, "year": record.year,
            "source": record.source, "publisher": record.publisher, "kind": record.kind}  # fmt: skip


def explain_ensemble(
    ensemble: Ensemble, world: World, scenario: Scenario, iso3: str, at: int | None = None
) -> Explanation:
    """Return why a country stands where it stands.

    Parameters
    ----------
    ensemble : with memberships recorded
    world, scenario : what the ensemble was made of
    iso3 : the country
    at : recorded quarter (1 .. T - 1); default: the last

    Raises
    ------
    InputError
        If the country is unknown.
    """
    inputs = ensemble.inputs
    i = world.index(iso3)
    t = len(inputs.steps) - 1 if at is None else at
    watched = np.stack(
        [np.arange(ensemble.runs), np.full(ensemble.runs, t), np.full(ensemble.runs, i)], axis=1
    )
    seen = observe(ensemble, watched)
    sets = {state: set_terms(seen, s).mean(axis=0) for s, state in enumerate(inputs.states)}
    leads = next((bloc for k, bloc in enumerate(inputs.blocs) if inputs.countries.leads[k, i]), None)
    counts = ensemble.state_count[:, i]
    return Explanation(
        scenario=scenario.name, iso3=iso3, name=world.names[i], quarter=inputs.steps[t], runs=ensemble.runs,
        seed=ensemble.seed, leads=leads, blocs=inputs.blocs, states=inputs.states, steps=inputs.steps,
        terms={bloc: _terms(seen, k, world, iso3, scenario.blocs[bloc].family) for k, bloc in enumerate(inputs.blocs)},
        value={bloc: float(seen.values[:, k].mean()) for k, bloc in enumerate(inputs.blocs)},
        sets={s: {n: float(x) for n, x in zip(ALL_LABELS, terms, strict=True) if x != 0} for s, terms in sets.items()},
        utility={state: float(terms.sum()) for state, terms in sets.items()},
        chance=dict(zip(inputs.states, probabilities(seen).mean(axis=0).tolist(), strict=True)),
        allowed=dict(zip(inputs.states, np.isfinite(utilities(seen)).mean(axis=0).tolist(), strict=True)),
        attention=0.0 if leads else float(seen.costs[:, 0].mean()),
        path={state: counts[:, s] / ensemble.runs for s, state in enumerate(inputs.states)},
        offers={bloc: _offer(seen, k) for k, bloc in enumerate(inputs.blocs)},
        market=(float(seen.market[:, 0].mean()), float(seen.market[:, 1].mean())),
        admission={bloc: _admission(seen, k) for k, bloc in enumerate(inputs.blocs)},
        peers=_peers(inputs, ensemble, world, i, t),
        costs=(float(seen.costs[:, 3].mean()), float(seen.costs[:, 4].mean())),
        joins=_holding(seen, inputs.blocs, inside=False), stays=_holding(seen, inputs.blocs, inside=True),
        titles=inputs.titles, effect_set=_effect_set(inputs, i),
    )  # fmt: skip


def _effect_set(inputs: Inputs, i: int) -> tuple[str, ...]:
    """Return the blocs towards which the scenario itself shifts the effect of country ``i``, at the start or by date."""
    plan, found = inputs.timeline, []
    for k, bloc in enumerate(inputs.blocs):
        shift = attribute_row("effect", k)
        dated = plan.masks[plan.mask[plan.attribute == shift], i]
        if inputs.attributes[shift, i] != 0.0 or dated.any():
            found.append(bloc)
    return tuple(found)


def _holding(seen: Observation, blocs: tuple[str, ...], *, inside: bool) -> dict[str, float]:
    return {bloc: float(chance_of_holding(seen, k, inside=inside).mean()) for k, bloc in enumerate(blocs)}


def _terms(seen: Observation, k: int, world: World, iso3: str, family: str) -> tuple[Term, ...]:
    terms = []
    for label, values in zip(LABELS, seen.terms[:, k].T, strict=True):
        low, high = np.quantile(values, [LOW, HIGH])
        records = tuple(world.provenance(iso3, column) for column in columns_behind(label, family))
        terms.append(Term(label, float(values.mean()), float(low), float(high), records))
    return tuple(terms)


def _offer(seen: Observation, k: int) -> Offer:
    member_chips, chips, member_aid, aid, member_effort, effort = seen.offers[:, k].mean(axis=0).tolist()
    return Offer(
        (member_chips, chips),
        (1000.0 * member_aid, 1000.0 * aid),
        (member_effort, effort),
        why_little(seen, k),
    )


def _admission(seen: Observation, k: int) -> Admission:
    closed, dissolved, window = (seen.admission >> k & 1).mean(axis=0).tolist()
    told = float((seen.masks[:, 2] >> k & 1).mean())
    return Admission(closed, dissolved, window, float(seen.notice[:, k].mean()), told)


def _peers(inputs: Inputs, ensemble: Ensemble, world: World, i: int, t: int) -> tuple[Peer, ...]:
    weights = peer_weights(inputs, i)
    chosen = sorted(weights, key=lambda j: (-weights[j], j))[:PEERS_SHOWN]
    return tuple(
        Peer(
            world.iso3[j],
            world.names[j],
            weights[j],
            {
                bloc: float(ensemble.state_count[t, j, states_with(len(inputs.blocs), k)].sum())
                / ensemble.runs
                for k, bloc in enumerate(inputs.blocs)
            },
        )
        for j in chosen
    )


def peer_weights(inputs: Inputs, i: int) -> dict[int, float]:
    """Return the weight of every peer of country ``i`` in its peer share (they add up to one, rounding aside)."""
    network = inputs.network
    if network.mean_weight:
        others = [j for j in range(len(inputs.iso3)) if j != i]
        return dict.fromkeys(others, 1.0 / max(1, len(others)))
    layers: dict[int, list[int]] = {}
    for e in range(network.row_start[i], network.row_start[i + 1]):
        sums = layers.setdefault(int(network.row_peer[e]), [0, 0, 0])
        sums[network.row_layer[e]] += int(network.row_weight[e])
    return {j: float(peer_share(inputs.params, (a, b, c))) for j, (a, b, c) in layers.items()}
