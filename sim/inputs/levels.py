"""What the membership at a start says: how high intercepts stand beside offers, and what it tells of single countries.

Chips and the divide enter the value as levels, weight x offer, but the intercepts were estimated without them. The
intercept of the bloc that a family's leader leads is therefore shifted, in every draw, so that under the reference offers
as many members are expected at the estimate's start as without the two terms. The reference offers are those of the
estimate, whatever the scenario offers. A weight or an intercept that a scenario states is taken as it is and moves
nothing else: as with every other weight, the start then departs from the estimate by what was stated.

Country effects (:func:`given_members`) take the membership at the start of the scenario as one more observation. The lists
behind that membership informed them before, as single acts; the update leans on those acts once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sim import _kept
from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import LEADERS
from sim.calibration.participation import load_participation
from sim.calibration.posterior import Posterior
from sim.errors import AiblocsError
from sim.inputs.arrays import Countries, Network
from sim.inputs.covariates import static_terms
from sim.inputs.network import build_network
from sim.registry.attributes import ATTRIBUTES
from sim.registry.terms import TRAIT_NAMES
from sim.scenario.schema import Bloc, Peers, Scenario
from sim.scenario.selectors import select
from sim.theory.levels import fill_leverage
from sim.theory.peers import WEIGHT_UNIT
from sim.types import Floats
from sim.world import World, load_world

KEPT = "inputs"
"""Kind of what is kept in the user's cache folder."""
_EXACT = 1e-11
_DIGITS = 11
"""Decimals of what is found to that: those beyond are of the library, and differ between releases of NumPy and SciPy."""
_STEPS = 100
LAYERS: Floats = np.ones(3)
"""Weights of trade, region and votes with which the estimates mix peers: equal ones."""


@dataclass(frozen=True)
class Start:
    """Where a family's estimate starts: what every draw says of every country that leads nothing.

    ``value`` : float64[D, n] standing value (intercept, traits, mean effect, peers as they stand), logits
    ``offered`` : float64[D, n] what chips and divide of the reference offer add to it, logits
    ``cost`` : float64[D, n] what holds members in (plus) and others out (minus), logits
    """

    value: Floats = field(repr=False)
    offered: Floats = field(repr=False)
    cost: Floats = field(repr=False)

    def expected(self, shift: Floats) -> Floats:
        """Return the expected number of members with the offers and intercepts shifted by float64[D], float64[D]."""
        from scipy.special import expit

        total: Floats = expit(self.value + self.offered + shift[:, None] + self.cost).sum(axis=1)
        return total

    def expected_without(self) -> Floats:
        """Return the expected number of members without chips and divide, float64[D]."""
        from scipy.special import expit

        total: Floats = expit(self.value + self.cost).sum(axis=1)
        return total


def led_by_family(bloc: Bloc) -> bool:
    """Return whether a bloc is the one that the evidence knows: the leader of its family leads it, alone."""
    return bloc.leader == [LEADERS[bloc.family]]


def with_levels(posterior: Posterior) -> Posterior:
    """Return a posterior with the shifts of the intercepts, for every family that has a reference offer.

    Raises
    ------
    AiblocsError
        If no shift matches the expected membership.
    """
    mean, draws = {}, {}
    for family, offered in posterior.reference.items():
        if offered:
            central = matching_shift(start_of(posterior, family, posterior.mean[None, :]))
            mean[family] = float(central[0])
            draws[family] = matching_shift(start_of(posterior, family, posterior.draws))
    return replace(posterior, shift_mean=mean, shift=draws)


def start_of(posterior: Posterior, family: str, rows: Floats) -> Start:
    """Return the start of a family's estimate at draws of the posterior, float64[D, C]."""
    world = load_world()
    offered = posterior.reference[family]
    kept = [i for i, code in enumerate(world.iso3) if code in offered and code not in LEADERS.values()]
    codes = [world.iso3[i] for i in kept]
    member = initial_membership(load_participation(cutoff=posterior.cutoff), world.iso3)[family]
    shares = peer_shares(build_network(world, Peers()), LAYERS, member)[kept]
    effect = np.array([posterior.effect(family, code)[0] for code in codes])
    value = _standing(posterior, family, rows, _traits(posterior, family, world)[:, kept]) + effect
    value = value + _column(posterior, rows, f"{family}.peers") * shares

    gains = np.array([offered[code] for code in codes]).T
    need, inside, outside, free, _, _, divide = (np.ascontiguousarray(row) for row in gains)
    readiness = next(one.default for one in ATTRIBUTES if one.name == "readiness")
    assert callable(readiness)
    ready = np.ascontiguousarray(np.asarray(readiness(world), dtype=np.float64)[kept])
    chips = np.empty(value.shape)
    h = np.ascontiguousarray(_column(posterior, rows, "chips.sufficiency")[:, 0])
    fill_leverage(ready, need, inside, outside, free, h, chips)
    moved = _column(posterior, rows, f"{family}.chips") * chips
    moved = moved + _column(posterior, rows, f"{family}.divide") * divide

    join, leave = (_column(posterior, rows, f"behaviour.{name}_cost") for name in ("join", "leave"))
    return Start(value, moved, np.where(member[kept], leave, -join))


def matching_shift(start: Start) -> Floats:
    """Return the shift of each draw's intercept at which the offers leave expected membership as it was, float64[D].

    Raises
    ------
    AiblocsError
        If it is not found to within 1e-11 members.
    """
    from scipy.special import expit

    wanted = start.expected_without()

    def excess(shift: Floats) -> tuple[Floats, Floats]:
        chance = expit(start.value + start.offered + shift[:, None] + start.cost)
        return chance.sum(axis=1) - wanted, (chance * (1.0 - chance)).sum(axis=1)

    return _root(excess, -start.offered.max(axis=1), -start.offered.min(axis=1)).round(_DIGITS)


def _root(function: Callable[[Floats], tuple[Floats, Floats]], low: Floats, high: Floats) -> Floats:
    """Return where rising functions are zero, between bounds: Newton steps, halved intervals where those lead outside.

    ``function`` : points -> values and slopes, all of one shape
    """
    at = (low + high) / 2.0
    for _ in range(_STEPS):
        value, slope = function(at)
        if np.abs(value).max(initial=0.0) <= _EXACT:
            return at
        low, high = np.where(value < 0.0, at, low), np.where(value > 0.0, at, high)
        step = at - value / np.maximum(slope, 1e-300)
        at = np.where((step > low) & (step < high), step, (low + high) / 2.0)
    raise AiblocsError("no level of the intercept or of a country effect fits the membership at the start")


def peer_shares(network: Network, layers: Floats, member: NDArray[np.bool_]) -> Floats:
    """Return the weighted share of every country's peers that are members, float64[N], 0 .. 1.

    Parameters
    ----------
    network : who counts whom as a peer
    layers : float64[3], relative weights of trade, region and votes
    member : bool[N]
    """
    n, total = len(member), float(layers.sum())
    if total <= 0.0:
        return np.zeros(n)
    if network.mean_weight > 0:
        alike: Floats = (int(member.sum()) - member.astype(np.float64)) * (network.mean_weight / WEIGHT_UNIT)
        return alike
    rows = np.repeat(np.arange(n), np.diff(network.row_start))
    weight = network.row_weight / WEIGHT_UNIT * layers[network.row_layer] * member[network.row_peer]
    share: Floats = np.bincount(rows, weights=weight, minlength=n) / total
    return share


def given_members(
    countries: Countries,
    scenario: Scenario,
    world: World,
    network: Network,
    posterior: Posterior,
    *,
    keep: bool = False,
) -> Countries:
    """Return countries whose effects are those given the membership at the start.

    ``keep`` : in the user's cache folder, or found there; for an estimate that is used again and again

    Each effect N(m, s^2) on the bloc that its family's leader leads is updated with membership, a Bernoulli observation
    with log odds value + effect, the likelihood that it was estimated with: no costs, the value at the estimate's mean
    coefficients with peers as they stand, mixed as it mixed them. The update is Laplace's: the mode, and the curvature there.

    A bloc without recorded or listed members says nothing (``members: none``), nor does a country that leads a bloc or
    whose ``member_of`` the scenario states: that is a what-if.
    """
    told = ~countries.frozen
    for selector, change in scenario.countries.items():
        if change.member_of is not None:
            told &= ~select(world, selector)
    mean, sd = countries.effect_mean.copy(), countries.effect_sd.copy()
    for b, bloc in enumerate(scenario.blocs.values()):
        family = bloc.family
        if not led_by_family(bloc) or bloc.members == "none" or f"{family}.intercept" not in posterior.names:
            continue
        member = (countries.initial >> b & 1).astype(np.bool_)
        rows = posterior.mean[None, :]
        value = _standing(posterior, family, rows, countries.traits[b])
        value = value + _column(posterior, rows, f"{family}.peers") * peer_shares(network, LAYERS, member)
        kept = told & (sd[b] > 0.0)
        given = _effect_kept if keep else effect_given
        updated = given(value[0, kept], member[kept], mean[b, kept], sd[b, kept])
        mean[b, kept], sd[b, kept] = updated
    return countries._replace(effect_mean=mean, effect_sd=sd)


def effect_given(value: Floats, member: NDArray[np.bool_], mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Return mean and sd of effects N(mean, sd^2) after one observation each (Laplace's approximation).

    Parameters
    ----------
    value : float64[n], log odds of membership without the effect
    member : bool[n], whether it was one
    mean, sd : float64[n], logits; sd > 0
    """
    from scipy.special import expit

    variance = sd**2

    def slope(effect: Floats) -> tuple[Floats, Floats]:
        chance = expit(value + effect)
        return effect - mean - variance * (member - chance), 1.0 + variance * chance * (1.0 - chance)

    mode = _root(slope, mean - variance, mean + variance)
    chance = expit(value + mode)
    spread = sd / np.sqrt(1.0 + variance * chance * (1.0 - chance))
    return mode.round(_DIGITS), spread.round(_DIGITS)


def _effect_kept(value: Floats, member: NDArray[np.bool_], mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Return what `effect_given` returns, from the user's cache folder if it is there: SciPy is slow to import."""
    name = _kept.name_of(
        "effects", value, member, mean, sd, _kept.sources("inputs"), _kept.version_of("scipy")
    )
    kept = _kept.find_arrays(KEPT, name)
    if kept is None:
        mode, updated = effect_given(value, member, mean, sd)
        _kept.keep_arrays(KEPT, name, {"mode": mode, "sd": updated})
        return mode, updated
    return kept["mode"], kept["sd"]


def _standing(posterior: Posterior, family: str, rows: Floats, traits: Floats) -> Floats:
    """Return intercept and estimated traits, float64[D, n], for traits float64[J, n] in the order of the registry."""
    known = [
        (j, f"{family}.{term}") for j, term in enumerate(TRAIT_NAMES) if f"{family}.{term}" in posterior.names
    ]
    beta = np.column_stack([_column(posterior, rows, name) for _, name in known])
    traits = traits[[j for j, _ in known]]
    value: Floats = _column(posterior, rows, f"{family}.intercept") + beta @ traits
    return value


def _column(posterior: Posterior, rows: Floats, name: str) -> Floats:
    """Return one name's values in rows of the posterior, float64[D, 1]."""
    at = posterior.names.index(name)
    return np.asarray(rows[:, at : at + 1], dtype=np.float64)


def _traits(posterior: Posterior, family: str, world: World) -> Floats:
    """Return the traits of the estimate, standardised as it does, float64[J, N]; 0 for one that it does not know."""
    rivals = [world.index(code) for other, code in LEADERS.items() if other != family]
    raw = static_terms(world, [world.index(LEADERS[family])], rivals)
    scaling = posterior.traits(family)
    traits = np.zeros((len(TRAIT_NAMES), len(world)))
    for j, term in enumerate(TRAIT_NAMES):
        if term in scaling:
            traits[j] = (raw[term] - scaling[term][0]) / scaling[term][1]
    return traits
