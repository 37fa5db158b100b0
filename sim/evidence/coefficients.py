"""From participation to coefficients: the estimate that scenarios use by default.

`estimate_coefficients` is deterministic; `write_coefficients` stores its result, rounded, as
``tables/coefficients.json``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import FAMILIES, SHARED_SIGNERS
from sim.calibration.participation import TABLES, Participation, load_participation, table_name, tables_to
from sim.calibration.posterior import COEFFICIENTS, RECORDED_AS
from sim.evidence.covariates import correlations, variance_inflation
from sim.evidence.crossval import (
    HeldOut,
    Method,
    base_rate_method,
    fit_without_each,
    held_out_of,
    leave_one_item_out,
    logistic_method,
    model_method,
    pooled,
)
from sim.evidence.diagnostics import bootstrap
from sim.evidence.family import FamilyData, FamilyEstimate, estimate, family_data
from sim.evidence.priors import Specification, specifications
from sim.evidence.sizes import china_sizes
from sim.registry.terms import TRAIT_NAMES
from sim.types import Floats

if TYPE_CHECKING:
    from sim.world import World


VERSION = 2
RESAMPLES = 60
"""Bootstrap samples of countries behind the check of the Laplace intervals."""
SEED = 20250725
"""Seed of every draw of the calibration: the date of the cut-off."""
DECIMALS = 6
"""Digits kept in the file: far below the posterior's spread, far above the optimiser's error."""


@dataclass(frozen=True)
class CoefficientEstimate:
    """The estimate with the scores that chose its specification.

    Attributes
    ----------
    families : dict of str to FamilyEstimate
        Per bloc family.
    specifications : dict of str to Specification
        Per family: the complete specification with the best out-of-sample log score; for the first estimate, on average
        over both families.
    selection : dict of str to dict of str to float
        Per specification and family (and ``mean``): leave-one-list-out log score, size known.
    world : str
        SHA-256 of the world tables.
    resampled : dict of str to float64[P]
        Per family and term: standard deviation over resampled countries, over that of the Laplace posterior.
    cutoff : date
        Last day whose acts the estimate has seen.
    """

    families: dict[str, FamilyEstimate]
    specifications: dict[str, Specification]
    selection: dict[str, dict[str, float]] = field(repr=False)
    world: str
    resampled: dict[str, Floats] = field(repr=False)
    cutoff: dt.date = CUTOFF

    def widening(self, family: str) -> Floats:
        """Factor by which each coefficient's spread is widened in the draws: never below the resampled one."""
        return np.maximum(1.0, self.resampled[family])


def estimate_coefficients(
    world: World | None = None, participation: Participation | None = None, resamples: int = RESAMPLES
) -> CoefficientEstimate:
    """Estimate the coefficients of both families from participation up to its cut-off.

    Parameters
    ----------
    world, participation
        Default: the real world and its outcome tables to the first cut-off.
    resamples
        Bootstrap samples of countries behind the widening of the draws.

    Raises
    ------
    CutoffError
        If the outcome tables hold a later event.
    AiblocsError
        If an ascent does not converge.
    """
    if world is None:
        from sim.world import load_world

        world = load_world()
    if participation is None:
        participation = load_participation(world.iso3)
    selection = select(world, participation)
    best = _best(selection, participation.cutoff)
    families = {family: estimate(world, participation, family, best[family]) for family in FAMILIES}
    resampled = {}
    for family, entry in families.items():
        source = family_data(world, participation, family, best[family])
        spread = bootstrap(source.data, source.prior, resamples, SEED).std(axis=0, ddof=1)
        resampled[family] = spread / entry.fit.coefficient_sd
    return CoefficientEstimate(families, best, selection, world.sha256, resampled, participation.cutoff)


def _best(selection: dict[str, dict[str, float]], cutoff: dt.date) -> dict[str, Specification]:
    """Return the complete specification of each family with the best score."""
    chosen = {}
    for family in FAMILIES:
        score = "mean" if cutoff == CUTOFF else family
        complete = [entry for entry in specifications(cutoff, family) if entry.complete]
        chosen[family] = max(complete, key=lambda entry: selection[entry.name][score])
    return chosen


def select(world: World, participation: Participation) -> dict[str, dict[str, float]]:
    """Leave-one-list-out log score (size known) of every specification, per family that it is for and on average."""
    table: dict[str, dict[str, float]] = {}
    for family in FAMILIES:
        for specification in specifications(participation.cutoff, family):
            held_out = held_out_lists(world, participation, family, specification)
            table.setdefault(specification.name, {})[family] = pooled(held_out, "model").log_score
    for row in table.values():
        if len(row) == len(FAMILIES):
            row["mean"] = float(np.mean([row[family] for family in FAMILIES]))
    return table


def held_out_lists(
    world: World, participation: Participation, family: str, specification: Specification
) -> list[HeldOut]:
    """Forecast every target of a family from its other lists (size known); lists with the same signers go together."""
    source = family_data(world, participation, family, specification)
    method = model_method(source.prior, use_effects=specification.effects)
    return leave_one_item_out(source.data, source.targets, {"model": method}, "known", SHARED_SIGNERS)


def methods_for(source: FamilyData, specification: Specification) -> dict[str, Method]:
    """Return the model and the baselines it has to beat, by name."""
    design = source.design
    return {
        "model": model_method(source.prior, use_effects=specification.effects),
        "base rate": base_rate_method,
        "ideal point": logistic_method([design.terms.index("affinity")]),
        "GDP": logistic_method([design.terms.index("courtship")]),
        "plain logistic": logistic_method(),
    }


def leave_one_out(
    world: World, participation: Participation, family: str, specification: Specification, size: str
) -> list[HeldOut]:
    """Leave-one-list-out forecasts of the model and all baselines for one family."""
    return leave_one_out_of(world, participation, family, specification, (size,))[size]


def leave_one_out_of(
    world: World,
    participation: Participation,
    family: str,
    specification: Specification,
    settings: Sequence[str],
) -> dict[str, list[HeldOut]]:
    """Return the forecasts of `leave_one_out` by setting (``known`` or ``unknown``); everything is fitted once."""
    source = family_data(world, participation, family, specification)
    fitted = fit_without_each(source.data, source.targets, methods_for(source, specification), SHARED_SIGNERS)
    sizes = china_sizes(participation) if family == "china" else ()
    return {size: held_out_of(fitted, source.data, len(source.targets), size, sizes) for size in settings}


def write_coefficients(path: Path | None = None, calibration: CoefficientEstimate | None = None) -> Path:
    """Write the estimate as JSON and return where it stands.

    Parameters
    ----------
    path
        Default: the file of the package.
    calibration
        Default: a fresh `estimate_coefficients`.
    """
    target = COEFFICIENTS if path is None else path
    content = coefficients_record(estimate_coefficients() if calibration is None else calibration)
    target.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def coefficients_record(calibration: CoefficientEstimate) -> dict[str, Any]:
    """Return the estimate as plain, rounded values: the content of the coefficients file."""
    families = calibration.families
    record = estimates_record(families)
    first = calibration.cutoff == CUTOFF
    chosen = {name: entry.name for name, entry in calibration.specifications.items()}
    return {
        "version": VERSION,
        "cutoff": calibration.cutoff.isoformat(),
        "world": calibration.world,
        **({} if first else {"outcomes": outcome_hashes(calibration.cutoff)}),
        "specification": chosen[FAMILIES[0]] if first else chosen,
        "terms": [RECORDED_AS.get(term, term) for term in TRAIT_NAMES],
        "centre": {name: _rounded(entry.design.centre) for name, entry in families.items()},
        "scale": {name: _rounded(entry.design.scale) for name, entry in families.items()},
        "mean": record["mean"],
        "resampled_sd_ratio": {name: _rounded(ratio) for name, ratio in calibration.resampled.items()},
        "sd": record["sd"],
        "covariance": {name: _rounded(entry.fit.coefficient_covariance) for name, entry in families.items()},
        "intercepts": {
            name: dict(zip(entry.items, _rounded(entry.fit.intercepts), strict=True))
            for name, entry in families.items()
        },
        "membership_intercept": {
            name: round(entry.membership_intercept, DECIMALS) for name, entry in families.items()
        },
        "effect_sd": {name: round(entry.fit.tau, DECIMALS) for name, entry in families.items()},
        "effects": record["effects"],
        "selection": {
            name: {key: round(score, DECIMALS) for key, score in row.items()}
            for name, row in calibration.selection.items()
        },
        **({} if first else _later_record(families)),
        "diagnostics": {name: _diagnostics(entry) for name, entry in families.items()},
    }


def _later_record(families: Mapping[str, FamilyEstimate]) -> dict[str, Any]:
    """Return what only estimates after the first know: shifts of the new regime (in the means), discriminations."""
    return {
        "shifts": {
            name: {term: _rounded(pair) for term, pair in entry.shifts.items()}
            for name, entry in families.items()
        },
        "discrimination": {
            name: dict(zip(entry.items, _rounded(entry.fit.discrimination), strict=True))
            for name, entry in families.items()
        },
    }


def outcome_hashes(cutoff: dt.date) -> dict[str, str]:
    """Return the SHA-256 of the outcome tables that hold the acts up to a day, by file."""
    names = [
        table_name(table, day) for day in tables_to(cutoff) for table in ("initiatives", "participation")
    ]
    return {name: hashlib.sha256((TABLES / name).read_bytes()).hexdigest() for name in names}


def estimates_record(families: Mapping[str, FamilyEstimate]) -> dict[str, Any]:
    """Return what the coefficients file says of the estimates themselves, rounded.

    Parameters
    ----------
    families
        Estimates by family.

    Returns
    -------
    dict
        ``mean`` and ``sd`` of the coefficients, list[P] by family (logits per standard deviation of the term);
        ``effects`` : [mean, sd] by family and country (logits).
    """
    return {
        "mean": {name: _rounded(entry.fit.coefficients) for name, entry in families.items()},
        "sd": {name: _rounded(entry.fit.coefficient_sd) for name, entry in families.items()},
        "effects": {name: _effects(entry) for name, entry in families.items()},
    }


def _effects(entry: FamilyEstimate) -> dict[str, list[float]]:
    pairs = zip(entry.iso3, entry.fit.effect_mean, entry.fit.effect_sd, strict=True)
    return {code: _rounded([float(mean), float(sd)]) for code, mean, sd in pairs}


def _diagnostics(entry: FamilyEstimate) -> dict[str, Any]:
    return {
        "observations": entry.observations,
        "positives": entry.positives,
        "log_likelihood": round(entry.fit.log_likelihood, DECIMALS),
        "iterations": entry.fit.optimum.iterations,
        "converged": entry.fit.optimum.converged,
        "separated_lists": list(entry.separated),
        "variance_inflation": _rounded(variance_inflation(entry.design)),
        "correlations": _rounded(correlations(entry.design)),
    }


def _rounded(values: Floats | Sequence[float]) -> list[Any]:
    rounded = np.round(np.asarray(values, np.float64), DECIMALS) + 0.0
    listed: list[Any] = rounded.tolist()
    return listed
