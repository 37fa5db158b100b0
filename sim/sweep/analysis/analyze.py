"""What a finished sweep says: every analysis that its design allows, as results, figures and JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.errors import InputError, did_you_mean
from sim.sweep.analysis import figures
from sim.sweep.analysis.boxes import Discovery
from sim.sweep.analysis.convergence import Convergence, replicate_convergence
from sim.sweep.analysis.morris import MorrisEffects, morris_effects
from sim.sweep.analysis.prim import prim
from sim.sweep.analysis.sobol import SobolIndices, sobol_indices
from sim.sweep.analysis.surface import Surface, grid_surface, smooth_surface
from sim.sweep.analysis.variance import VarianceSplit, variance_split
from sim.sweep.design import factor_columns, unit_design
from sim.sweep.folder import explained, write_atomically
from sim.sweep.reading import Store
from sim.sweep.spec import SCENARIO

Floats = NDArray[np.float64]

_TOLERANCE = 0.05
"""Half width of a mean that is asked for, as a share of the outcome's spread over all runs."""


@dataclass(frozen=True)
class Question:
    """What to ask of one outcome.

    Attributes
    ----------
    outcome : str
        The outcome.
    level : float or None
        Where it tips: the contour of the response surface, and the threshold of scenario discovery. None =
        its median over all runs.
    above : bool
        Whether scenario discovery looks for runs at or above the level, or for those below.
    surface : tuple of str or None
        The two levers of the response surface; None = the two that move the outcome most.
    """

    outcome: str
    level: float | None = None
    above: bool = True
    surface: tuple[str, str] | None = None


@dataclass(frozen=True)
class Analysis:
    """Answers about one outcome; what the design does not allow is None, and ``notes`` says why.

    Attributes
    ----------
    question : Question
        What was asked, with the level filled in.
    sobol, morris, surface, boxes, convergence, variance
        The results.
    surface_levers : tuple of str or None
        The levers of the surface.
    notes : tuple of str
        What was left out or should be read with care.
    """

    question: Question
    sobol: SobolIndices | None = None
    morris: MorrisEffects | None = None
    surface: Surface | None = None
    surface_levers: tuple[str, str] | None = None
    boxes: tuple[Discovery, ...] = ()
    convergence: Convergence | None = None
    variance: VarianceSplit | None = None
    notes: tuple[str, ...] = field(default=())

    def figures(self) -> dict[str, Figure]:
        """Return a figure for every result, by name."""
        outcome, level = self.question.outcome, self.question.level
        drawn: dict[str, Figure] = {}
        if self.sobol is not None:
            drawn["sobol"] = figures.sobol_figure(self.sobol, outcome)
        if self.morris is not None:
            drawn["morris"] = figures.morris_figure(self.morris, outcome)
        if self.surface is not None and self.surface_levers is not None:
            drawn["surface"] = figures.surface_figure(self.surface, *self.surface_levers, outcome, level)
        for number, discovery in enumerate(self.boxes, start=1):
            side = ">=" if self.question.above else "<"
            drawn[f"box-{number}"] = figures.prim_figure(discovery, f"{outcome} {side} {level:.3g}")
        if self.convergence is not None:
            drawn["convergence"] = figures.convergence_figure(self.convergence, outcome)
        if self.variance is not None:
            drawn["variance"] = figures.variance_figure(self.variance, outcome)
        return drawn


def analyze(store: Store, question: Question, *, seed: int = 1) -> Analysis:
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
    level = float(np.median(runs)) if question.level is None else question.level
    asked = dataclasses.replace(question, level=level)
    found: dict[str, Any] = {}
    notes: list[str] = []
    method = store.spec.design.method
    names, mean = list(store.spec.factors), runs.mean(axis=1)
    if method == "sobol":
        found["sobol"] = sobol_indices(mean, names, seed=seed)
        notes += found["sobol"].warnings
    if method == "morris":
        unit = unit_design(store.spec, store.manifest.sizes)
        _attempt(found, notes, "morris", lambda: morris_effects(unit, mean, names, seed=seed))
    columns = _varying(store)
    levers = _surface_levers(columns, mean, question.surface)
    if levers is None:
        notes.append("no response surface: fewer than two factors with an order vary")
    else:
        found["surface_levers"] = levers
        x, y = (columns[name].astype(np.float64) for name in levers)
        make = grid_surface if method == "grid" else smooth_surface
        _attempt(found, notes, "surface", lambda: make(x, y, mean))
    share = np.mean(runs >= level, axis=1)
    interest = share if asked.above else 1 - share
    _attempt(found, notes, "boxes", lambda: tuple(prim(columns, interest)))
    spread = float(runs.std())
    if store.replicates > 1 and spread > 0:
        found["convergence"] = replicate_convergence(runs, _TOLERANCE * spread)
    _attempt(found, notes, "variance", lambda: _variance(store, columns, runs))
    return Analysis(asked, **found, notes=tuple(notes))


def write_analysis(analysis: Analysis, folder: Path) -> list[Path]:
    """Write the figures (PNG and SVG) and ``<outcome>.json`` into a folder; return the paths.

    Raises
    ------
    DiskFull, InputError, AiblocsError
        If the folder cannot be written.
    """
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    stem = analysis.question.outcome
    paths = [
        path
        for name, figure in analysis.figures().items()
        for path in figures.save_figure(figure, folder / f"{stem}-{name}")
    ]
    target = folder / f"{stem}.json"
    write_atomically(target, (json.dumps(plain(analysis), indent=1, ensure_ascii=False) + "\n").encode())
    return [*paths, target]


def _attempt(found: dict[str, Any], notes: list[str], name: str, make: Callable[[], Any]) -> None:
    """Keep a result, or a note of why there is none."""
    try:
        found[name] = make()
    except InputError as error:
        notes.append(f"no {name}: {error}")


def _varying(store: Store) -> dict[str, NDArray[Any]]:
    """Return the columns of the design that vary, the scenario among them."""
    names = [SCENARIO, *factor_columns(store.design)]
    columns = {name: store.design.column(name).to_numpy() for name in names}
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


def _variance(store: Store, columns: dict[str, NDArray[Any]], runs: Floats) -> VarianceSplit:
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


def plain(value: Any) -> Any:
    """Return results as what JSON can hold; numbers that are not finite become null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
