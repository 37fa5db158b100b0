"""Every analysis of one outcome that the design of a finished sweep allows, as results and figures."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, did_you_mean
from sim.figures.drawing import Drawing
from sim.figures.paper import Printed, printed
from sim.labels.levers import factor_words
from sim.labels.numbers import plain_number
from sim.labels.shares import FEWEST
from sim.results.labelled import check_choice
from sim.results.parquet import array_of
from sim.results.shown import shown_html
from sim.sensitivity.boxes import Discovery
from sim.sensitivity.convergence import Convergence, replicate_convergence
from sim.sensitivity.effects import Effects, main_effects
from sim.sensitivity.morris import MorrisEffects, morris_effects
from sim.sensitivity.prim import prim
from sim.sensitivity.question import Question, Spread, outer_points, tipping_level
from sim.sensitivity.sobol import SobolIndices, sobol_indices
from sim.sensitivity.surface import Surface, grid_surface, smooth_surface, with_draw_error
from sim.sensitivity.variance import VarianceSplit, variance_split
from sim.sweeps.design import factor_columns, unit_design
from sim.sweeps.factors import Range, Values
from sim.sweeps.folder import SweepFolder
from sim.sweeps.spec import SCENARIO
from sim.types import Brief, Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FEWEST_CASES = 20
_FINE = 5
"""A mean is asked for with a half width of about the outcome's spread over all runs divided by this."""


@dataclass(frozen=True, repr=False)
class Analysis(Brief):
    """Answers about one outcome; what the design does not allow is None, and ``notes`` says why.

    Attributes
    ----------
    question : Question
        What was asked, with the level filled in.
    spread : Spread or None
        How far the outcome ranges.
    effects, sobol, morris, surface, boxes, convergence, variance
        The results.
    sources : SobolIndices or None
        The parts of the variance by source, where the futures were computed for it (`sim.sensitivity.variance_sources`); the
        coarser ``variance`` is left out then.
    surface_levers : tuple of str or None
        The levers of the surface.
    notes : tuple of str
        What was left out or should be read with care.
    words : dict of str to str
        The outcome and the factors by name, in words with units.
    unit : str
        Unit of the outcome, as the folder says: shares are said in per cent.
    levers : tuple of str
        The factors that an actor decides; the others are uncertainties, or the scenario.
    outcomes_sha256 : str
        SHA-256 of the outcomes that were analysed, which change when a sweep grows.
    """

    question: Question
    spread: Spread | None = None
    effects: Effects | None = None
    sobol: SobolIndices | None = None
    morris: MorrisEffects | None = None
    surface: Surface | None = None
    surface_levers: tuple[str, str] | None = None
    boxes: tuple[Discovery, ...] = ()
    convergence: Convergence | None = None
    variance: VarianceSplit | None = None
    sources: SobolIndices | None = None
    notes: tuple[str, ...] = field(default=())
    words: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    levers: tuple[str, ...] = ()
    outcomes_sha256: str = ""

    def label(self, name: str) -> str:
        """Return a factor or the outcome in words; its name, if it has none."""
        return self.words.get(name, name)

    def _repr_html_(self) -> str:
        effects = () if self.effects is None else self.effects.effects
        rows = [
            (self.label(one.name), plain_number(one.start) if isinstance(one.start, float) else str(one.start),
             plain_number(one.stop) if isinstance(one.stop, float) else str(one.stop), plain_number(one.mean))
            for one in effects
        ]  # fmt: skip
        title = f"Analysis of {self.question.outcome}: {self.label(self.question.outcome)}"
        return shown_html(title, ("factor", "from", "to", "change") if rows else (), rows)

    def plot(self, figure: str | None = None) -> Drawing:
        """Draw one of the results, by its name in `figures`; default: the effects, else the first there is.

        Raises
        ------
        InputError
            If there is no such figure.
        """
        drawn = self.figures()
        if not drawn:
            raise InputError(f"nothing of {self.question.outcome} can be drawn: {'; '.join(self.notes)}")
        name = check_choice("figure", next(iter(drawn)) if figure is None else figure, tuple(drawn))
        return Drawing(drawn[name], f"{name} of {self.question.outcome}")

    @cached_property
    def printed(self) -> dict[str, Printed]:
        """The figure of every result as the contents of its files, by name; drawn once."""
        return {name: printed(figure) for name, figure in self.figures().items()}

    def figures(self) -> dict[str, Figure]:
        """Return a figure for every result, by name."""
        from sim.sensitivity import figures  # Matplotlib is slow to import

        outcome, level, label = self.question.outcome, self.question.level, self.label
        drawn: dict[str, Figure] = {}
        if self.effects is not None:
            drawn["effects"] = figures.effects_figure(self.effects, outcome, label)
        if self.sobol is not None:
            drawn["sobol"] = figures.sobol_figure(self.sobol, outcome, label)
        if self.morris is not None:
            drawn["morris"] = figures.morris_figure(self.morris, outcome, label)
        if self.surface is not None and self.surface_levers is not None:
            drawn["surface"] = figures.surface_figure(
                self.surface, self.surface_levers, outcome, level, label
            )
        for number, discovery in enumerate(self.boxes, start=1):
            limit = f"{'≥' if self.question.above else '<'} {plain_number(level or 0.0)}"
            drawn[f"box-{number}"] = figures.prim_figure(discovery, outcome, limit, label)
        if self.convergence is not None:
            drawn["convergence"] = figures.convergence_figure(self.convergence, outcome, label)
        if self.sources is not None:
            drawn["sources"] = figures.sources_figure(self.sources, outcome, label)
        if self.variance is not None:
            drawn["variance"] = figures.variance_figure(self.variance, outcome, label)
        return drawn


def analyze(store: SweepFolder, question: Question, *, seed: int = 1) -> Analysis:
    """Answer a question with every analysis that the sweep's design allows.

    Parameters
    ----------
    store
        A complete sweep.
    question
        The outcome to explain, its tipping level and the levers of the surface.
    seed
        Of the bootstrap intervals.

    Raises
    ------
    InputError
        If the outcome or a lever of the surface does not exist, or the sweep is not complete.
    """
    runs = store.outcome(question.outcome)
    if not np.isfinite(runs).all():
        raise InputError(f"{store.path}: outcome {question.outcome} has values that are no numbers")
    mean = runs.mean(axis=1)
    level = tipping_level(question, mean)
    asked = dataclasses.replace(question, level=level)
    columns = _varying(store)
    found: dict[str, Any] = {"spread": Spread(outer_points(mean), outer_points(runs))}
    notes: list[str] = []
    shared = store.spec.design.common_random_numbers
    ends = {name: _ends(store, name, column) for name, column in columns.items() if column.dtype.kind == "f"}
    complete = store.spec.design.method == "grid"
    notes += _few(store)
    _attempt(
        found, notes, "effects", lambda: main_effects(columns, runs, ends, shared=shared, complete=complete)
    )
    _indices(store, mean, seed, found, notes)
    _surface(store, asked, columns, runs, found, notes)
    share = np.mean(runs >= level, axis=1)
    interest = share if asked.above else 1 - share
    _attempt(found, notes, "boxes", lambda: _boxes(columns, interest))
    spread = float(runs.std())
    if store.replicates > 1 and spread > 0:
        found["convergence"] = replicate_convergence(runs, _round_number(spread / _FINE))
    _attempt(found, notes, "variance", lambda: _variance(store, columns, runs))
    words = {name: str(factor_words(name)) for name in columns} | {
        asked.outcome: store.meaning(asked.outcome)
    }
    record = store.manifest.outcomes
    assert record is not None  # the outcomes were read
    return Analysis(
        asked, **found, notes=tuple(notes), words=words, unit=store.unit(asked.outcome),
        levers=tuple(name for name in columns if name in store.spec.levers), outcomes_sha256=record.sha256,
    )  # fmt: skip


def _few(store: SweepFolder) -> list[str]:
    """Return that there are too few futures or samples for bands, if there are."""
    notes = []
    if store.replicates < FEWEST and store.spec.design.common_random_numbers:
        noun = "replicate" if store.replicates == 1 else "replicates"
        notes.append(
            f"{store.replicates} {noun}: what is said of nine of ten futures is a rough guess below {FEWEST}"
        )
    if store.samples < FEWEST:
        notes.append(
            f"{store.samples} samples: what is said of nine of ten of them is a rough guess below {FEWEST}"
        )
    return notes


def _round_number(value: float) -> float:
    """Return the greatest of 1, 2, 5, 10, ... (times a power of ten) that is not above a number."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9)) * power:.1g}")


def _ends(store: SweepFolder, name: str, column: Floats) -> tuple[float, float]:
    """Return the ends of a factor's range, or its outer quantiles if it has none."""
    factor = store.spec.factors.get(name)
    if isinstance(factor, Range | Values) and factor.support is not None:
        return factor.support
    if factor is None:
        return float(column.min()), float(column.max())
    low, _, high = outer_points(column)
    return low, high


def _indices(store: SweepFolder, mean: Floats, seed: int, found: dict[str, Any], notes: list[str]) -> None:
    """Add the indices that go with the design."""
    names = list(store.spec.factors)
    if store.spec.design.method == "sobol":
        found["sobol"] = sobol_indices(mean, names, seed=seed)
        notes += found["sobol"].warnings
    if store.spec.design.method == "morris":
        unit = unit_design(store.spec, store.manifest.sizes)
        _attempt(found, notes, "morris", lambda: morris_effects(unit, mean, names, seed=seed))


def _surface(
    store: SweepFolder,
    asked: Question,
    columns: dict[str, NDArray[Any]],
    runs: Floats,
    found: dict[str, Any],
    notes: list[str],
) -> None:
    """Add the response surface. Futures that all samples share move it as a whole; its error says so."""
    mean = runs.mean(axis=1)
    levers = _surface_levers(columns, mean, asked.surface)
    if levers is None:
        notes.append("no response surface: fewer than two factors with an order vary")
        return
    found["surface_levers"] = levers
    x, y = (columns[name].astype(np.float64) for name in levers)
    make = grid_surface if store.spec.design.method in ("grid", "morris") else smooth_surface
    shared = alone = 0.0
    if store.replicates > 1:
        alone = math.sqrt(float(runs.var(axis=1, ddof=1).mean()) / store.replicates)
        if store.spec.design.common_random_numbers:
            shared = float(runs.mean(axis=0).std(ddof=1)) / math.sqrt(store.replicates)
    _attempt(found, notes, "surface", lambda: with_draw_error(make(x, y, mean), shared, alone))


def _attempt(found: dict[str, Any], notes: list[str], name: str, make: Callable[[], Any]) -> None:
    """Keep a result, or a note of why there is none."""
    try:
        found[name] = make()
    except InputError as error:
        notes.append(f"no {name}: {error}")


def _varying(store: SweepFolder) -> dict[str, NDArray[Any]]:
    """Return the columns of the design that vary, the scenario among them."""
    names = [SCENARIO, *factor_columns(store.design)]
    columns = {name: array_of(store.design.column(name)) for name in names}
    return {name: column for name, column in columns.items() if len(np.unique(column)) > 1}


def _surface_levers(
    columns: dict[str, NDArray[Any]], mean: Floats, wanted: tuple[str, str] | None
) -> tuple[str, str] | None:
    """Return the levers of the surface: those asked for, or the two that move the outcome most."""
    numbers = [name for name, column in columns.items() if column.dtype.kind == "f"]
    if wanted is not None:
        for name in wanted:
            if name not in numbers:
                raise InputError(f"{name} is not a number that the sweep varies{did_you_mean(name, numbers)}")
        if wanted[0] == wanted[1]:
            raise InputError("a surface needs two different levers")
        return wanted
    if len(numbers) < 2:
        return None
    strength = {name: _strength(columns[name], mean) for name in numbers}
    first, second = sorted(numbers, key=lambda name: -strength[name])[:2]
    return first, second


def _strength(column: Floats, mean: Floats) -> float:
    """Return the share of variance that a quadratic in a factor explains."""
    scaled = (column - column.mean()) / column.std()
    basis = np.column_stack([np.ones_like(scaled), scaled, scaled**2])
    fit, *_ = np.linalg.lstsq(basis, mean, rcond=None)
    return float(np.var(basis @ fit))


def _boxes(columns: dict[str, NDArray[Any]], interest: Floats) -> tuple[Discovery, ...]:
    if len(interest) < _FEWEST_CASES:
        raise InputError(
            f"{len(interest)} samples are too few for scenario discovery; it needs {_FEWEST_CASES}"
        )
    return tuple(prim(columns, interest))


def _variance(store: SweepFolder, columns: dict[str, NDArray[Any]], runs: Floats) -> VarianceSplit:
    """Split the variance into rules (the factor named ``rules...``), sampled parameters, and draws."""
    if store.spec.design.method not in ("latin_hypercube", "sobol_sequence"):
        raise InputError("the samples of this design are no random draws of the parameters")
    rule = next((name for name in columns if name.startswith("rules.")), None)
    groups: Sequence[NDArray[np.bool_]] = [np.ones(len(runs), dtype=bool)]
    if rule is not None:
        groups = [columns[rule] == value for value in np.unique(columns[rule])]
    levels = ("parameters", "country effects and chance")
    crossed = store.spec.design.common_random_numbers
    return variance_split([runs[group] for group in groups], levels, crossed=crossed)
