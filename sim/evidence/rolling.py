"""Rolling origins: fifteen quarters from whose end everything is forecast anew with what was known then, and scored.

Each origin leaves one file, written whole or not at all, so that a run that was killed is resumed. Scores are computed from
the files; the package ships them as tables (`sim.evidence.rolling_tables`).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim._version import __version__
from sim.calibration.dates import TODAY
from sim.calibration.participation import load_participation
from sim.engine.parallel import Part, Result, map_chunks
from sim.engine.run import Cancelled
from sim.errors import InputError, did_you_mean
from sim.evidence.known import known_on
from sim.evidence.monthly import files_sha256, outcome_tables
from sim.evidence.past import PAST
from sim.evidence.rolling_lists import Target, last_day, not_scored, origins, targets, truth
from sim.evidence.rolling_origin import RollingSizes, forecast_origin, origin_file, read_origin, write_origin
from sim.evidence.rolling_scores import Case, Gap, Scorer
from sim.evidence.workers import end_with_parent
from sim.results.files import FolderLock, remove_leftovers
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.world import load_world

Log = Callable[[str], None]
Progress = Callable[[int, int], None]
_CODE = ("calibration", "engine", "evidence", "inputs", "theory")
"""Packages that a forecast from an origin comes from."""
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class Rolling:
    """Forecasts from rolling origins, scored.

    Attributes
    ----------
    cases, gaps
        Scores of every list, origin and horizon; differences from the baselines.
    left_out : dict of str to str
        Lists that no forecast is made of, with the reason.
    unscored : tuple of str
        Forecasts that could not be scored, in words.
    specifications : dict of str to str
        By origin, how the coefficients were estimated.
    survivors : dict of str to int
        By origin, joint draws that the past does not rule out.
    imputed : dict of str to dict
        By origin and covariate, for how many countries no value was known.
    sizes
        How much was computed.
    """

    cases: tuple[Case, ...] = field(repr=False)
    gaps: tuple[Gap, ...] = field(repr=False)
    left_out: dict[str, str]
    unscored: tuple[str, ...]
    specifications: dict[str, str]
    survivors: dict[str, int]
    imputed: dict[str, dict[str, int]] = field(repr=False)
    sizes: RollingSizes

    @property
    def origins(self) -> tuple[str, ...]:
        """Quarters from whose end was forecast."""
        return tuple(self.specifications)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, None for a score that there is none of."""
        return {
            "origins": list(self.origins),
            "cases": [_case_dict(case) for case in self.cases],
            "gaps": [{**gap.__dict__} for gap in self.gaps],
            "not_scored": self.left_out,
            "unscored": list(self.unscored),
            "sizes": {**self.sizes.__dict__},
        }


def _case_dict(case: Case) -> dict[str, Any]:
    methods = {
        name: {key: value if np.isfinite(value) else None for key, value in one.__dict__.items()}
        for name, one in case.methods.items()
    }
    return {**case.__dict__, "origin": quarter_name(case.origin), "methods": methods}


@dataclass(frozen=True)
class _Job:
    origin: int
    wanted: tuple[Target, ...]
    sizes: RollingSizes
    folder: Path
    recipe: dict[str, str]


def parse_origins(text: str) -> tuple[int, ...]:
    """Return the quarters named in a text, separated by commas.

    Raises
    ------
    InputError
        If one of them is no origin.
    """
    known = {quarter_name(quarter): quarter for quarter in origins()}
    wanted = [name.strip() for name in text.split(",")]
    for name in wanted:
        if name not in known:
            first, *_, last = known
            hint = did_you_mean(name, known)
            raise InputError(f"--origins: {name!r} is no origin; they are {first} to {last}{hint}")
    return tuple(sorted({parse_quarter(name) for name in wanted}))


def run_rolling(
    folder: Path,
    quarters: Sequence[int] | None = None,
    sizes: RollingSizes | None = None,
    *,
    resume: bool = False,
    workers: int = 1,
    log: Log = lambda text: None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Rolling:
    """Forecast from every origin that a folder does not hold yet, and score all of them.

    Parameters
    ----------
    folder
        Where one file for each origin is kept.
    quarters
        Origins (4 x year + 0..3); default: all 15.
    sizes
        How much to compute.
    resume
        Go on with what the folder holds; files that were made from other code, data or sizes are made anew.
    workers
        Processes.
    log, progress, cancel
        Called with a line at each origin; with (origins done, origins); asked whether to stop.

    Raises
    ------
    Cancelled
        If ``cancel`` said so; what is done is kept.
    InputError
        If the folder holds origins and is not to be resumed, or cannot be written.
    AiblocsError
        If nothing can be scored.
    """
    asked = origins() if quarters is None else tuple(quarters)
    amount = sizes or RollingSizes()
    world = load_world()
    known = load_participation(world.iso3, cutoff=TODAY)
    wanted = targets(known)
    folder.mkdir(parents=True, exist_ok=True)
    with FolderLock(folder):
        remove_leftovers(folder)
        there = [quarter for quarter in asked if origin_file(folder, quarter).is_file()]
        if there and not resume:
            raise InputError(
                f"{folder} holds {len(there)} of {len(asked)} origins: --resume goes on with them, --out DIR starts elsewhere"
            )
        recipe = recipe_of(amount)
        done = [quarter for quarter in there if read_origin(origin_file(folder, quarter))[1] == recipe]
        log(f"{len(done)} of {len(asked)} origins are there" if resume else f"{len(asked)} origins")
        jobs = [_Job(quarter, wanted, amount, folder, recipe) for quarter in asked if quarter not in done]
        made = len(done)
        with _workers(min(workers, max(1, len(jobs)))) as pool:
            for job, _ in map_chunks(_make, jobs, pool, cancel=cancel):
                made += 1
                log(f"{quarter_name(job.origin)}: forecast ({made} of {len(asked)})")
                if progress is not None:
                    progress(made, len(asked))
        if made < len(asked):
            raise Cancelled(f"stopped after {made} of {len(asked)} origins; --resume goes on")
        scorer = Scorer(truth(world.iso3, wanted))
        specifications, survivors, imputed = {}, {}, {}
        for quarter in asked:
            found, _ = read_origin(origin_file(folder, quarter))
            scorer.add(found)
            specifications[quarter_name(quarter)] = found.specification
            survivors[quarter_name(quarter)] = found.survivors
            imputed[quarter_name(quarter)] = found.imputed
    gaps = scorer.gaps()
    return Rolling(
        tuple(scorer.cases),
        tuple(gaps),
        not_scored(known),
        tuple(scorer.unscored),
        specifications,
        survivors,
        imputed,
        amount,
    )


def recipe_of(sizes: RollingSizes) -> dict[str, str]:
    """Return what forecasts from origins are made from: version, sizes, hashes of code and data."""
    package = Path(__file__).parents[1]
    code = [path for name in _CODE for path in sorted((package / name).glob("*.py"))]
    return {
        "version": __version__,
        "runs": str(sizes.runs),
        "draws": str(sizes.draws),
        "resamples": str(sizes.resamples),
        "code": files_sha256(code),
        "data": f"{load_world().sha256}{files_sha256([*outcome_tables(), PAST])}",
    }


def _make(job: _Job) -> None:
    made = forecast_origin(known_on(last_day(job.origin)), job.origin, job.wanted, job.sizes)
    write_origin(made, job.folder, job.recipe)


class _Pool:
    """Workers of `map_chunks`: this process, or several others with one thread each."""

    def __init__(self, executor: Executor | None, size: int) -> None:
        self._executor, self._size = executor, size

    def slots(self) -> int:
        """Return how many origins are under way at once."""
        return self._size

    def submit(self, work: Callable[[Part], Result], part: Part, /) -> Future[Result]:
        """Start an origin."""
        if self._executor is not None:
            return self._executor.submit(work, part)
        future: Future[Result] = Future()
        try:
            future.set_result(work(part))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def _workers(count: int) -> Iterator[_Pool]:
    if count == 1:
        yield _Pool(None, 1)
        return
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    spawn = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=spawn, initializer=end_with_parent)
    try:
        yield _Pool(executor, count)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
