"""The posterior as runs draw from it: the estimate, what only its prior is known of, and the levels of the offers.

Each value is a function of the name it belongs to and of its row, so that another name more or less, or another order,
changes no other value.
"""

from __future__ import annotations

import datetime as dt
import math
import zlib
from dataclasses import replace
from functools import cache

import numpy as np

from sim import _kept
from sim.calibration.dates import CUTOFF
from sim.calibration.drawn import DRAWN
from sim.calibration.initiatives import FAMILIES
from sim.calibration.posterior import Posterior, load_posterior
from sim.inputs.levels import KEPT, with_levels
from sim.registry.columns import Parameter, registry
from sim.registry.priors import Prior
from sim.scenario.schema import Scenario
from sim.theory.draws import STREAM_ID_BITS, fill_fine_draws, stream_key
from sim.types import Floats

PURPOSE = 40
"""Purpose of these draws among those of `sim.theory.draws`, all of which are smaller."""
SEED = 20250725
"""Not the seed of a run: that picks the row, not what stands in it."""
_READ = ("calibration", "inputs", "registry", "scenario", "theory", "world")
"""Packages whose code or tables the estimate with its levels depends on."""


@cache
def load_estimate(cutoff: dt.date = CUTOFF) -> Posterior:
    """Return an estimate that comes with the package with everything that a run draws.

    Raises
    ------
    InputError
        If there is no estimate on data to this day, or its files do not belong together.
    """
    posterior = load_posterior(cutoff)
    name = _kept.name_of("estimate", cutoff, _kept.sources(*_READ), _kept.version_of("scipy"))
    kept = _kept.find_arrays(KEPT, name)
    if kept is not None:
        return _restored(posterior, kept)
    estimate = with_levels(with_drawn(posterior))
    own = len(posterior.names)
    arrays = {"mean": estimate.mean[own:], "draws": estimate.draws[:, own:]}
    for family, shift in estimate.shift.items():
        arrays |= {f"shift.{family}": shift, f"shift_mean.{family}": np.array(estimate.shift_mean[family])}
    _kept.keep_arrays(KEPT, name, arrays)
    return estimate


def _restored(posterior: Posterior, kept: _kept.Arrays) -> Posterior:
    """Return a posterior with what is drawn besides, as it was computed before."""
    families = [name.partition(".")[2] for name in kept if name.startswith("shift.")]
    return replace(
        posterior, names=(*posterior.names, *DRAWN),
        mean=np.concatenate([posterior.mean, kept["mean"]]), draws=np.column_stack([posterior.draws, kept["draws"]]),
        shift_mean={family: float(kept[f"shift_mean.{family}"]) for family in families},
        shift={family: kept[f"shift.{family}"] for family in families},
    )  # fmt: skip


def estimate_of(scenario: Scenario) -> Posterior:
    """Return the estimate that a scenario takes its coefficients from, as `load_estimate`."""
    return load_estimate(dt.date.fromisoformat(scenario.estimate))


def with_drawn(posterior: Posterior) -> Posterior:
    """Return a posterior with a column for every name of `DRAWN`: as many draws as it has rows, and the centre."""
    rows = len(posterior.draws)
    parameters = [parameter_of(name) for name in DRAWN]
    columns = [values(name, parameter, rows) for name, parameter in zip(DRAWN, parameters, strict=True)]
    return replace(
        posterior,
        names=(*posterior.names, *DRAWN),
        mean=np.concatenate([posterior.mean, [centre(prior_of(parameter)) for parameter in parameters]]),
        draws=np.column_stack([posterior.draws, *columns]),
    )


def parameter_of(name: str) -> Parameter:
    """Return the parameter behind a name of the posterior (``us.chips``, ``behaviour.lock_in``)."""
    owner, _, term = name.partition(".")
    path = f"blocs.{owner}.coefficients.{term}" if owner in FAMILIES else name
    return next(parameter for parameter in registry(FAMILIES, FAMILIES) if parameter.name == path)


def prior_of(parameter: Parameter) -> Prior:
    """Return what is believed of a parameter that is drawn.

    Raises
    ------
    ValueError
        If the registry states no prior.
    """
    if parameter.prior is None:
        raise ValueError(f"{parameter.name} is drawn, but nothing is stated of it")
    return parameter.prior


def values(name: str, parameter: Parameter, rows: int) -> Floats:
    """Return the values of a name in so many rows, float64[rows], in the parameter's unit and within its bounds."""
    key, identity = stream_key(SEED, PURPOSE), zlib.crc32(name.encode())
    step, stream = divmod(identity, 1 << STREAM_ID_BITS)
    unit = np.empty(rows)
    fill_fine_draws(key, step, stream, unit)
    return np.clip(quantile(prior_of(parameter), unit), parameter.low, parameter.high)


def quantile(prior: Prior, unit: Floats) -> Floats:
    """Return the values below which the shares ``unit`` (each in (0, 1)) of a prior lie.

    Raises
    ------
    ValueError
        If nothing is drawn from distributions of this kind.
    """
    from scipy import special

    shape = dict(prior.shape)
    if prior.distribution == "beta":
        return np.asarray(special.betaincinv(shape["a"], shape["b"], unit), dtype=np.float64)
    if prior.distribution == "lognormal":
        return np.asarray(shape["median"] * np.exp(shape["sigma"] * special.ndtri(unit)), dtype=np.float64)
    low, high = 0.0, 1.0
    if prior.distribution == "truncated_normal":
        low, high = (special.ndtr((shape[end] - shape["mean"]) / shape["sd"]) for end in ("low", "high"))
    elif prior.distribution != "normal":
        raise ValueError(f"nothing is drawn from a {prior.distribution} distribution")
    scores = special.ndtri(low + unit * (high - low))
    return np.asarray(shape["mean"] + shape["sd"] * scores, dtype=np.float64)


def centre(prior: Prior) -> float:
    """Return the central value of a prior: its mean, and the median of a log-normal one, whose scale is multiplicative.

    Raises
    ------
    ValueError
        As `quantile`.
    """
    from scipy import special

    shape = dict(prior.shape)
    if prior.distribution == "beta":
        return shape["a"] / (shape["a"] + shape["b"])
    if prior.distribution == "lognormal":
        return shape["median"]
    if prior.distribution == "normal":
        return shape["mean"]
    if prior.distribution != "truncated_normal":
        raise ValueError(f"nothing is drawn from a {prior.distribution} distribution")
    ends = [(shape[end] - shape["mean"]) / shape["sd"] for end in ("low", "high")]
    density = [math.exp(-0.5 * end * end) / math.sqrt(2.0 * math.pi) for end in ends]
    mass = float(special.ndtr(ends[1]) - special.ndtr(ends[0]))
    return shape["mean"] + shape["sd"] * (density[0] - density[1]) / mass
