"""From the world and the scenario to the arrays of :class:`sim.inputs.arrays.Countries` and the attribute table."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initial import initial_membership, signatory_membership
from sim.calibration.participation import load_participation
from sim.calibration.posterior import Posterior
from sim.errors import InputError, did_you_mean
from sim.inputs.arrays import Countries
from sim.inputs.covariates import debt_to, digital_divide, recorded_finance, static_terms, trade_with
from sim.inputs.levels import led_by_family
from sim.registry.attributes import ATTRIBUTES, attribute_row, attribute_rows
from sim.registry.parameters import TIERS, AidRule
from sim.registry.terms import TRAIT_NAMES
from sim.scenario.quarters import parse_quarter
from sim.scenario.schema import Bloc, Scenario
from sim.scenario.selectors import select, select_excluded
from sim.theory.draws import STREAM_ID_BITS
from sim.types import Floats
from sim.world import INCOME_GROUPS, World

OUTCOME_UNIT = 2.0**40  # weights of the outcomes are fixed point: sums are exact in any order
_RECORDED = {"evidence": initial_membership, "signatories": signatory_membership}
"""Rules that tell the members of the start from recorded acts."""
_POOR, _RICH = 1000.0, 20000.0  # US$ a head: full need of aid, and none


@dataclass(frozen=True)
class Leads:
    """Positions of each bloc's leaders and founders."""

    leaders: tuple[tuple[int, ...], ...]
    founders: tuple[tuple[int, ...], ...]


def bloc_leads(world: World, scenario: Scenario) -> Leads:
    """Return who leads and who founded each bloc.

    Raises
    ------
    InputError
        If a bloc names no leader or founder, a country that is not in the world, or one that leads two blocs.
    """
    leaders, founders = [], []
    taken: dict[str, str] = {}
    for name, bloc in scenario.blocs.items():
        for code in bloc.leader:
            if code in taken:
                raise InputError(f"blocs.{name}.leader: {code} already leads {taken[code]}")
            taken[code] = name
        leaders.append(tuple(_position(world, code, f"blocs.{name}.leader") for code in bloc.leader))
        founders.append(tuple(_position(world, code, f"blocs.{name}.founders") for code in bloc.founders))
    return Leads(tuple(leaders), tuple(founders))


def _position(world: World, code: str, where: str) -> int:
    if code not in world.iso3:
        raise InputError(f"{where}: {code!r} is not a country of this world{did_you_mean(code, world.iso3)}")
    return world.index(code)


def stream_ids(iso3: Sequence[str]) -> NDArray[np.int64]:
    """Return each country's identity in the random streams, from its code alone: others do not matter.

    Three-letter codes are read as a number in base 36; longer ones are hashed above those, and a collision
    moves the later code (alphabetically) to the next free identity.
    """
    room = 36**3
    used: set[int] = set()
    identity: dict[str, int] = {}
    for code in sorted(
        iso3, key=lambda text: (len(text) != 3 or not text.isalnum() or not text.isupper(), text)
    ):
        if len(code) == 3 and code.isascii() and code.isalnum() and code == code.upper():
            number = int(code, 36)
        else:
            number = room + zlib.crc32(code.encode()) % ((1 << STREAM_ID_BITS) - room)
            while number in used:
                number = number + 1 if number + 1 < 1 << STREAM_ID_BITS else room
        used.add(number)
        identity[code] = number
    return np.array([identity[code] for code in iso3], dtype=np.int64)


def build_countries(world: World, scenario: Scenario, posterior: Posterior) -> tuple[Countries, Floats]:
    """Return what is fixed about every country in a run, and the table of its adjustable attributes."""
    blocs = list(scenario.blocs.values())
    leads = bloc_leads(world, scenario)
    k, n = len(blocs), len(world)
    led = np.zeros((k, n), dtype=np.bool_)
    home = np.zeros((k, n))
    for b, positions in enumerate(leads.leaders):
        led[b, list(positions)] = True
        if positions:
            gdp = world.values["gdp"][list(positions)]
            home[b, list(positions)] = gdp / gdp.sum()
    frozen: NDArray[np.bool_] = np.any(led, axis=0)
    initial, permanent = _memberships(world, scenario, leads, led)
    traits, dependence, debt = _traits(world, blocs, leads, posterior)
    effect_mean, effect_sd = _effects(world, blocs, posterior)
    interest = np.tile(_unit(np.log(world.values["gdp"])), (k, 1))
    countries = Countries(
        stream_id=stream_ids(world.iso3),
        initial=initial, permanent_blocs=permanent, leads=led, frozen=frozen, home=home,
        traits=traits, dependence=dependence, debt=debt,
        reference=_reference(world, blocs, posterior), origin=_origin(blocs, led), supply_age=_supply_age(scenario),
        effect_mean=effect_mean, effect_sd=effect_sd, tier=_tiers(world, scenario),
        aid_weight=_aid_weight(world, blocs, leads), interest=interest,
        gdp=world.values["gdp"].copy(), compute=world.values["compute"].copy(),
        divide=_divide(world, scenario),
        population=world.values["population"].copy(), weight=outcome_weights(world),
        income=np.array([INCOME_GROUPS.index(g) for g in world.income], dtype=np.int64),
    )  # fmt: skip
    return countries, _attributes(world, scenario)


def _memberships(
    world: World, scenario: Scenario, leads: Leads, led: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    initial = np.zeros(len(world), dtype=np.int64)
    permanent = np.zeros(len(world), dtype=np.int64)
    recorded: dict[str, dict[str, NDArray[np.bool_]]] = {}
    for b, (name, bloc) in enumerate(scenario.blocs.items()):
        members = np.zeros(len(world), dtype=np.bool_)
        if isinstance(bloc.members, str) and bloc.members in _RECORDED:
            if bloc.members not in recorded:
                known = load_participation(cutoff=dt.date.fromisoformat(scenario.estimate))
                recorded[bloc.members] = _RECORDED[bloc.members](known, _known_states(world, bloc.members))
            members = recorded[bloc.members][bloc.family].copy()
        elif isinstance(bloc.members, list):
            members[[_position(world, code, f"blocs.{name}.members") for code in bloc.members]] = True
        members[list(leads.leaders[b] + leads.founders[b])] = True
        initial |= members.astype(np.int64) << b
        permanent[list(leads.founders[b])] |= 1 << b
    names = list(scenario.blocs)
    for selector, change in scenario.countries.items():
        if change.member_of is not None:
            initial[select(world, selector)] = sum(1 << names.index(name) for name in set(change.member_of))
    for b in range(len(led)):
        initial[led[b]] = 1 << b
    return initial | permanent, permanent


def _known_states(world: World, rule: str) -> tuple[str, ...]:
    recorded = set(load_participation().iso3)
    unknown = [code for code in world.iso3 if code not in recorded]
    if unknown:
        shown = ", ".join(unknown[:5])
        raise InputError(
            f"members: {rule} needs real countries; this world has others ({shown}); give a list or none"
        )
    return world.iso3


def _traits(
    world: World, blocs: Sequence[Bloc], leads: Leads, posterior: Posterior
) -> tuple[Floats, Floats, Floats]:
    traits = np.zeros((len(blocs), len(TRAIT_NAMES), len(world)))
    dependence = np.zeros((len(blocs), len(world)))
    debt = np.zeros((len(blocs), len(world)))
    for b, bloc in enumerate(blocs):
        heads = leads.leaders[b] or leads.founders[b]
        if not heads:
            continue
        rivals = [i for other, positions in enumerate(leads.leaders) if other != b for i in positions]
        raw = static_terms(world, heads, rivals)
        scaling = posterior.traits(bloc.family)
        for j, term in enumerate(TRAIT_NAMES):
            centre, scale = scaling[term] if term in scaling else _own_scaling(raw[term])
            traits[b, j] = (raw[term] - centre) / scale
        dependence[b] = trade_with(world, heads)
        debt[b] = debt_to(world, heads)
    return traits, dependence, debt


def _own_scaling(raw: Floats) -> tuple[float, float]:
    """Return centre and scale of a term that is not estimated yet: those of this world's countries."""
    return float(raw.mean()), float(raw.std()) or 1.0


def _reference(world: World, blocs: Sequence[Bloc], posterior: Posterior) -> Floats:
    """Return the grants and loans of the reference offer of the blocs that the evidence knows; 0 for any other."""
    reference = np.zeros((len(blocs), 2, len(world)))
    for b, bloc in enumerate(blocs):
        known = posterior.reference.get(bloc.family, {}) if led_by_family(bloc) else {}
        for i, code in enumerate(world.iso3):
            if code in known:
                reference[b, :, i] = known[code].grants, known[code].loans
    return reference


def _origin(blocs: Sequence[Bloc], led: NDArray[np.bool_]) -> Floats:
    """Return whose machines the compute of the start is, float64[K, N]: a leader's own, else the US-led bloc's."""
    maker = next((b for b, bloc in enumerate(blocs) if bloc.family == "us"), 0)
    origin = np.zeros(led.shape)
    origin[maker] = 1.0
    origin[:, led.any(axis=0)] = 0.0
    origin[led] = 1.0
    return origin


def _effects(world: World, blocs: Sequence[Bloc], posterior: Posterior) -> tuple[Floats, Floats]:
    mean = np.zeros((len(blocs), len(world)))
    sd = np.zeros((len(blocs), len(world)))
    for b, bloc in enumerate(blocs):
        for i, code in enumerate(world.iso3):
            mean[b, i], sd[b, i] = posterior.effect(bloc.family, code)
    return mean, sd


def _tiers(world: World, scenario: Scenario) -> NDArray[np.int64]:
    return np.array([tiers_of(world, scenario, bloc) for bloc in scenario.blocs])


def tiers_of(world: World, scenario: Scenario, bloc: str) -> NDArray[np.int64]:
    """Return each country's tier in the export policy of a bloc, int64[N] (position in ``TIERS``).

    The rules of the United States sort countries; in any other bloc all are in the first tier unless the
    scenario says otherwise.
    """
    tiers = np.zeros(len(world), dtype=np.int64)
    if "USA" in scenario.blocs[bloc].leader:
        tiers[:] = [TIERS.index(tier) for tier in world.labels["us_tier"]]
    for selector, change in scenario.countries.items():
        if bloc in change.tier:
            tiers[select(world, selector)] = TIERS.index(change.tier[bloc])
    return tiers


def aid_weights(world: World, rule: AidRule) -> Floats:
    """Return each country's claim on an aid pool, largest = 1: need^a x size^b x interest^c.

    Need falls from 1 at US$ 1,000 of GDP a head to 0 at US$ 20,000 and for high-income countries; size is
    population; interest is the place between the smallest and the largest economy, in logs.
    """
    head = 1000.0 * world.values["gdp"] / world.values["population"]
    need = np.clip(1.0 - np.log(head / _POOR) / np.log(_RICH / _POOR), 0.0, 1.0)
    need[np.array(world.income) == "high"] = 0.0
    size = world.values["population"] / world.values["population"].max()
    weight: Floats = need**rule.need * size**rule.size * _unit(np.log(world.values["gdp"])) ** rule.interest
    weight[need == 0.0] = 0.0
    return weight / weight.max() if weight.max() > 0 else weight


def _aid_weight(world: World, blocs: Sequence[Bloc], leads: Leads) -> Floats:
    """Return each country's claim on the finance of each bloc, float64[K, N], largest = 1; none for leaders.

    A mix of who got the leader's finance so far and of the rule, each as shares of what countries without a bloc of
    their own get: ``aid_rule.recorded`` of the first. The rule alone where nothing is recorded.
    """
    weights = np.zeros((len(blocs), len(world)))
    others = np.ones(len(world), dtype=np.bool_)
    others[[position for leaders in leads.leaders for position in leaders]] = False
    for b, bloc in enumerate(blocs):
        rule = _shares(aid_weights(world, bloc.aid_rule), others)
        past = _shares(recorded_finance(world, leads.leaders[b]), others)
        part = bloc.aid_rule.recorded if past.any() else 0.0
        mixed = part * past + (1.0 - part) * rule
        weights[b] = mixed / mixed.max() if mixed.max() > 0 else mixed
    return weights


def _shares(weights: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Return the share of each country in the sum over those that are counted; 0 for the others, and if there is no sum."""
    own = np.where(counted, weights, 0.0)
    return own / own.sum() if own.sum() > 0 else own


def _supply_age(scenario: Scenario) -> Floats:
    """Return the years from the date of each bloc's supply figures to the start, float64[K]; 0 where it states none."""
    start = parse_quarter(scenario.horizon.start)
    return np.array(
        [
            0.0 if bloc.supply_at is None else (start - parse_quarter(bloc.supply_at)) / 4.0
            for bloc in scenario.blocs.values()
        ]
    )


def _barred(world: World, scenario: Scenario, bloc: str) -> NDArray[np.bool_]:
    """Return which countries a bloc excludes, bool[N]; never its leaders and founders."""
    stated = scenario.blocs[bloc]
    barred = np.zeros(len(world), dtype=np.bool_)
    for selector in stated.excludes:
        barred |= select_excluded(world, selector, tiers_of(world, scenario, bloc))
    barred[[world.index(code) for code in (*stated.leader, *stated.founders)]] = False
    return barred


def _unit(values: Floats) -> Floats:
    span = values.max() - values.min()
    return (values - values.min()) / span if span > 0 else np.ones_like(values)


def outcome_weights(world: World) -> NDArray[np.int64]:
    """Return fixed-point weights of the outcomes: shares of states, of GDP and of people, int64[3, N]."""
    share = np.ones(len(world)) / len(world)
    gdp = world.values["gdp"] / world.values["gdp"].sum()
    people = world.values["population"] / world.values["population"].sum()
    return np.rint(np.array([share, gdp, people]) * OUTCOME_UNIT).astype(np.int64)


def _divide(world: World, scenario: Scenario) -> Floats:
    divide = digital_divide(world)
    for selector, change in scenario.countries.items():
        if change.divide is not None:
            divide[select(world, selector)] = change.divide
    return divide


def _attributes(world: World, scenario: Scenario) -> Floats:
    """Return the attribute table at the start, float64[A, N]: defaults, and what the scenario states over them."""
    names = tuple(scenario.blocs)
    table = np.zeros((attribute_rows(len(names)), len(world)))
    for attribute in ATTRIBUTES:
        default = attribute.default(world) if callable(attribute.default) else attribute.default
        for bloc in range(len(names)) if attribute.per_bloc else (None,):
            table[attribute_row(attribute.name, bloc)] = default
    for bloc, name in enumerate(names):
        table[attribute_row("barred", bloc)] = _barred(world, scenario, name)
    for selector, change in scenario.countries.items():
        mask = select(world, selector)
        for attribute in ATTRIBUTES:
            if attribute.per_bloc:
                for name, number in change.by_bloc(attribute.name).items():
                    table[attribute_row(attribute.name, names.index(name)), mask] = number
            elif (stated := change.number(attribute.name)) is not None:
                table[attribute_row(attribute.name), mask] = stated
    return table
