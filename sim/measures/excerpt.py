"""A part of what was simulated: some countries, up to some quarter, measured like the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.engine.run import Ensemble
from sim.errors import InputError, Problem, did_you_mean
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.measures.bands import Band
from sim.measures.summary import Summary
from sim.measures.tally import summarize
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.selectors import select_several
from sim.types import Floats
from sim.world import World

COMPUTE = WEIGHTS.index("compute")
"""Position of the last weight, the only one that is not recorded country by country."""


@dataclass(frozen=True)
class Excerpt:
    """Which part of a result is shown.

    ``among`` : countries that alone count, as selectors with commas between them ("region:Africa"); "" = all
    ``at`` : last quarter that is shown ("2029Q4"); "" = that of the scenario
    """

    among: str = ""
    at: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What names it in a file: letters, digits and hyphens."""
        return tuple(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in (self.among, self.at) if part)

    def check(self, world: World, start: str, end: str) -> None:
        """Raise InputError if it names no countries of a world, or no quarter of decisions from ``start`` to ``end``."""
        if self.among:
            select_several(world, self.among)
        if self.at:
            steps = tuple(quarter_name(n) for n in range(parse_quarter(start), _last(end) + 1))
            quarters_until(self.at, steps)

    def of(self, ensemble: Ensemble, world: World) -> Ensemble:
        """Return that part of an ensemble; its inputs are those of the part and cannot be simulated again.

        Raises
        ------
        InputError
            If it names no countries, or no quarter of decisions.
        ValueError
            If the ensemble recorded shares only.
        """
        part = ensemble
        if self.at:
            part = until(part, quarters_until(self.at, part.inputs.steps))
        if self.among:
            part = among(part, self.countries(ensemble.inputs, world))
        return part

    def countries(self, inputs: Inputs, world: World) -> NDArray[np.bool_]:
        """Return which countries of the inputs count, bool[N]. Raises InputError as `of` does."""
        if not self.among:
            return np.ones(len(inputs.iso3), dtype=np.bool_)
        chosen = select_several(world, self.among)
        found: NDArray[np.bool_] = chosen[[world.index(code) for code in inputs.iso3]]
        return found

    def summary(self, ensemble: Ensemble, world: World) -> Summary:
        """Return the measures of the part; compute is not recorded by country, so that shares of it are NaN for some.

        Raises as `of` does.
        """
        found = summarize(self.of(ensemble, world))
        if not self.among:
            return found
        chance = found.bands["majority"]
        mean = chance.mean.copy()
        mean[:, COMPUTE] = np.nan
        return replace(found, bands={**found.bands, "majority": Band(mean, chance.p05, chance.p95)})


WHOLE = Excerpt()
"""All countries, all quarters."""


def _last(end: str) -> int:
    try:
        return parse_quarter(end)
    except ValueError as error:
        raise InputError(f"until: {error}") from None


def quarters_until(at: str, steps: tuple[str, ...]) -> int:
    """Return how many quarters there are up to one of them, at least two.

    Parameters
    ----------
    at : quarter (``2029Q4``) or a date in it
    steps : recorded quarters

    Raises
    ------
    InputError
        If it is none of them, or the first, in which nothing has been decided.
    """
    try:
        name = quarter_name(parse_quarter(at))
    except ValueError as error:
        raise InputError(f"at: {error}") from None
    if name not in steps[1:]:
        hint = did_you_mean(name, steps[1:]) or ""
        raise InputError(
            f"at: {name} is not a quarter of decisions; this scenario has {steps[1]} to {steps[-1]}{hint}"
        )
    return steps.index(name) + 1


def until(ensemble: Ensemble, quarters: int) -> Ensemble:
    """Return the first quarters of an ensemble: what a run that ends there records."""

    def cut(array: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        return None if array is None else array[:, :quarters]

    return replace(
        ensemble,
        inputs=replace(ensemble.inputs, steps=ensemble.inputs.steps[:quarters]),
        shares=ensemble.shares[:, :quarters],
        state_count=ensemble.state_count[:quarters],
        membership=None if ensemble.membership is None else ensemble.membership[:, :quarters],
        divide=cut(ensemble.divide),
        income=cut(ensemble.income),
        chips=cut(ensemble.chips),
        aid=cut(ensemble.aid),
    )


def among(ensemble: Ensemble, countries: NDArray[np.bool_]) -> Ensemble:
    """Return some countries (bool[N]) of an ensemble: shares are of these; what is not recorded by country is NaN.

    Raises
    ------
    ValueError
        If the ensemble recorded shares only.
    """
    if ensemble.membership is None or ensemble.divide is None or ensemble.income is None:
        raise ValueError("some countries can be taken of an ensemble that recorded trajectories only")
    inputs = ensemble.inputs
    kept = inputs.countries._replace(
        initial=inputs.countries.initial[countries],
        weight=inputs.countries.weight[:, countries],
        compute=inputs.countries.compute[countries],
        population=inputs.countries.population[countries],
        income=inputs.countries.income[countries],
    )
    iso3 = tuple(code for code, chosen in zip(inputs.iso3, countries, strict=True) if chosen)
    return replace(
        ensemble,
        inputs=replace(inputs, iso3=iso3, countries=kept),
        shares=shares_among(ensemble, countries),
        state_count=ensemble.state_count[:, countries],
        membership=ensemble.membership[:, :, countries],
        divide=np.full_like(ensemble.divide, np.nan),
        income=np.full_like(ensemble.income, np.nan),
    )


def shares_among(ensemble: Ensemble, countries: NDArray[np.bool_]) -> Floats:
    """Return shares [R, T, W, S] of some countries (bool[N]): exact sums of fixed-point weights; compute is NaN.

    Raises
    ------
    InputError
        If these countries weigh nothing.
    """
    assert ensemble.membership is not None
    membership = ensemble.membership[:, :, countries]
    weights = ensemble.inputs.countries.weight[:, countries].astype(np.float64)  # below 2**53: sums are exact
    total: Floats = weights.sum(axis=1)
    if not total.all():
        raise InputError(Problem("these countries weigh nothing"))
    shares: Floats = np.full(ensemble.shares.shape, np.nan)
    for state in range(len(ensemble.inputs.states)):
        held = (membership == state).astype(np.float64)
        shares[:, :, :COMPUTE, state] = held @ weights.T / total
    return shares
