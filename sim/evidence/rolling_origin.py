"""One origin: an estimate from what was known on its day, and the forecasts of every method; its file, whole or absent."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initiatives import FAMILIES
from sim.errors import InputError, Problem
from sim.evidence.coefficients import SEED, held_out_lists
from sim.evidence.crossval import pooled
from sim.evidence.data import evidence_data
from sim.evidence.diagnostics import bootstrap
from sim.evidence.family import family_data
from sim.evidence.known import Known
from sim.evidence.priors import SPECIFICATIONS, Specification, name_of
from sim.evidence.rolling_lists import AHEAD, KNOWN_TO, Target, belonging
from sim.evidence.rolling_methods import (
    HAZARD,
    METHODS,
    NO_CHANGE,
    REGISTER,
    SIMULATOR,
    STATIC,
    STAYS,
    baseline_chances,
    kept,
    new_list,
    new_list_hazard,
    source_of,
)
from sim.evidence.rolling_simulation import (
    Flags,
    OriginEstimate,
    origin_posterior,
    simulate_blocs,
    simulate_list,
)
from sim.results.files import write_atomically
from sim.scenario.quarters import quarter_name
from sim.types import Floats


@dataclass(frozen=True)
class RollingSizes:
    """How much is computed at an origin.

    ``runs`` : simulated futures of each target; ``draws`` : posterior draws; ``resamples`` : bootstrap samples of countries
    """

    runs: int = 300
    draws: int = 300
    resamples: int = 20


QUICK_ROLLING = RollingSizes(runs=40, draws=60, resamples=4)


@dataclass(frozen=True)
class TargetForecast:
    """What every method says of one list or bloc from one origin.

    Attributes
    ----------
    target
        The list or bloc.
    horizons
        Quarters ahead; of a list that opens later, from its opening on.
    before : float64[n]
        Who belonged to it at the origin; nan unknown.
    chance : dict of str to float32[H, n]
        By method, chance of belonging at the end of each quarter.
    members : dict of str to bool[R, H, n]
        By method, drawn members, where countries go together; of a new list the same in all quarters (H = 1) but for the
        simulator.
    """

    target: Target
    horizons: tuple[int, ...]
    before: Floats = field(repr=False)
    chance: dict[str, NDArray[np.float32]] = field(repr=False)
    members: dict[str, Flags] = field(repr=False)


@dataclass(frozen=True)
class OriginForecast:
    """Every forecast from one origin.

    ``iso3`` : the n countries compared; ``specification`` : how the coefficients were estimated
    ``survivors`` : joint draws that the past does not rule out
    ``imputed`` : by covariate, for how many countries no value was known
    """

    origin: int
    iso3: tuple[str, ...]
    specification: str
    survivors: int
    imputed: dict[str, int] = field(repr=False)
    targets: tuple[TargetForecast, ...] = field(repr=False)


def choose(known: Known) -> dict[str, Specification]:
    """Return the specification whose lists, each left out, were forecast best at an origin, on average over both sides.

    Among those of the first estimate that the simulator can read.
    """
    complete = [one for one in SPECIFICATIONS if one.complete]

    def score(one: Specification) -> float:
        parts = [
            pooled(held_out_lists(known.world, known.participation, family, one), "model").log_score
            for family in FAMILIES
        ]
        return float(np.mean(parts))

    return dict.fromkeys(FAMILIES, max(complete, key=score))


def estimate_at(known: Known, origin: int, sizes: RollingSizes) -> OriginEstimate:
    """Estimate everything from what was known at an origin."""
    evidence = evidence_data(choose(known), known.world, known.participation, known.past)
    targets = {
        family: sum(item.family == family and item.estimate == "target" for item in known.participation.items)
        for family in FAMILIES
    }
    widening = {}
    for family, estimate in evidence.estimates.items():
        source = family_data(known.world, known.participation, family, evidence.specifications[family])
        spread = bootstrap(source.data, source.prior, sizes.resamples, SEED).std(axis=0, ddof=1)
        widening[family] = np.maximum(1.0, spread / estimate.fit.coefficient_sd)
    return OriginEstimate(origin, evidence, evidence.dynamics(sizes.draws), targets, widening)


def forecast_origin(
    known: Known, origin: int, wanted: Sequence[Target], sizes: RollingSizes | None = None
) -> OriginForecast:
    """Forecast every list that is open at an origin or opens within reach of it, and both blocs.

    Parameters
    ----------
    known
        What was known on the origin's last day: nothing else is read.
    origin
        Quarter (4 x year + 0..3).
    wanted
        What to forecast: that a list opens, and when, is given.
    sizes
        How much to compute.
    """
    amount = sizes or RollingSizes()
    end = min(origin + AHEAD, KNOWN_TO)
    made = estimate_at(known, origin, amount)
    before = belonging(known.participation, wanted, origin)
    sources = {family: source_of(made, family) for family in FAMILIES}
    posterior = origin_posterior(made, amount.draws)
    members = {family: before[f"bloc:{family}"] for family in FAMILIES}
    blocs = simulate_blocs(made, posterior, members, amount.runs, end)
    found = []
    for target in wanted:
        if target.opened > end:
            continue
        own = before[target.name]
        drawn = blocs[target.family] if target.is_bloc else simulate_list(made, target, own, amount.runs, end)
        found.append(_target(made, target, own[kept(made)], drawn, sources, end))
    codes = tuple(made.iso3[n] for n in kept(made))
    chosen = name_of(made.evidence.specifications)
    return OriginForecast(origin, codes, chosen, len(posterior.draws), dict(known.imputed), tuple(found))


def _target(
    made: OriginEstimate, target: Target, before: Floats, drawn: Flags, sources: dict[str, Any], end: int
) -> TargetForecast:
    first = max(1, target.opened - made.origin)
    ahead = np.arange(first, end - made.origin + 1)
    drawn = drawn[:, first - 1 :]
    # Half a run is added on both sides: no share of a finite number of runs is certain.
    share = (drawn.sum(axis=0) + 0.5) / (len(drawn) + 1.0)
    chance, members = {SIMULATOR: share}, {SIMULATOR: drawn}
    source = sources[target.family]
    if target.is_new(made.origin):
        for method in (REGISTER, *STATIC):
            one, who = new_list(made, target, source, method, len(drawn), end)
            chance[method], members[method] = np.tile(one, (len(ahead), 1)), who[:, None]
        rate = new_list_hazard(made, target, ahead - first + 1)
        chance[HAZARD] = np.tile(rate[:, None], (1, len(before)))
        chance[NO_CHANGE] = np.full((len(ahead), len(before)), 1.0 - STAYS)
    else:
        chance[REGISTER], members[REGISTER] = share, drawn
        chance |= baseline_chances(made, target, source, before, ahead)
    whole = {name: chance[name].astype(np.float32) for name in METHODS}
    return TargetForecast(target, tuple(int(h) for h in ahead), before, whole, members)


def origin_file(folder: Path, origin: int) -> Path:
    """Return the file of an origin."""
    return folder / f"origin-{quarter_name(origin)}.npz"


def write_origin(made: OriginForecast, folder: Path, recipe: dict[str, str]) -> Path:
    """Write the forecasts of an origin, whole or not at all; ``recipe`` : what they were made from."""
    arrays: dict[str, NDArray[Any]] = {}
    heads = []
    for n, one in enumerate(made.targets):
        arrays[f"{n}-before"] = one.before
        for method in METHODS:
            arrays[f"{n}-chance-{method}"] = one.chance[method]
        for method, drawn in one.members.items():
            if method == REGISTER and not one.target.is_new(made.origin):
                continue  # it is the simulator
            arrays[f"{n}-members-{method}"] = np.packbits(drawn, axis=None)
            arrays[f"{n}-shape-{method}"] = np.array(drawn.shape)
        heads.append([one.target.name, one.target.family, one.target.opened, list(one.horizons)])
    head = {
        "origin": made.origin, "iso3": made.iso3, "specification": made.specification, "survivors": made.survivors,
        "imputed": made.imputed,
        "targets": heads, "recipe": recipe,
    }  # fmt: skip
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    path = origin_file(folder, made.origin)
    write_atomically(path, content.getvalue())
    return path


def read_origin(path: Path) -> tuple[OriginForecast, dict[str, str]]:
    """Read what `write_origin` wrote, and what it was made from.

    Raises
    ------
    InputError
        If the file is none of ours.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes())) as stored:
            arrays = {name: stored[name] for name in stored.files}
        head = json.loads(arrays["head"].tobytes())
        found = []
        for n, (name, family, opened, ahead) in enumerate(head["targets"]):
            target = Target(name, family, opened)
            chance = {method: arrays[f"{n}-chance-{method}"] for method in METHODS}
            members = {}
            for method in METHODS:
                if f"{n}-shape-{method}" in arrays:
                    shape = tuple(int(size) for size in arrays[f"{n}-shape-{method}"])
                    bits = np.unpackbits(arrays[f"{n}-members-{method}"], count=int(np.prod(shape)))
                    members[method] = bits.reshape(shape).astype(np.bool_)
            members.setdefault(REGISTER, members[SIMULATOR])
            found.append(TargetForecast(target, tuple(ahead), arrays[f"{n}-before"], chance, members))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise InputError(
            Problem("is no file of an origin; remove it, and it is made anew", str(path))
        ) from None
    made = OriginForecast(
        head["origin"],
        tuple(head["iso3"]),
        head["specification"],
        head["survivors"],
        head["imputed"],
        tuple(found),
    )
    return made, head["recipe"]
