"""Computing a finished sweep again from what its folder says, and naming the first number that differs."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim._version import __version__
from sim.sweeps.bases import BaseScenario, kept_bases
from sim.sweeps.design import build_design
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.folder import SweepFolder
from sim.sweeps.manifest import DESIGN, OUTCOMES
from sim.sweeps.merge import ROW_GROUP
from sim.sweeps.progress import Progress
from sim.sweeps.runner import Execution, compute_chunks
from sim.sweeps.spec import REPLICATE, SAMPLE
from sim.sweeps.writer import SweepWriter


def differences(store: SweepFolder, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Check the files of a sweep, compute all its runs again and return what differs, a sentence each.

    Scenarios, specification and growth are read from its manifest, samples from its design; what the folder does not
    hold is not needed. The runs are kept in a temporary folder until they are compared.

    Parameters
    ----------
    progress : called with (runs done, runs)

    Raises
    ------
    InputError
        If the sweep is not finished, or does not say what it was computed from.
    DiskFull, AiblocsError
        If it could not be computed again.
    """
    manifest = store.manifest
    store.refuse_unfinished()
    found = [problem.removeprefix(f"{store.path}/") for problem in store.verify()]
    with tempfile.TemporaryDirectory(prefix="aiblocs-verify-") as temporary:
        bases = kept_bases(store)
        found += _other_origins(store, bases)
        again = SweepWriter(Path(temporary))
        again.commit(manifest.spec, manifest.context, store.design, manifest.sizes, manifest.layers, {})
        evaluator = ModelEvaluator(bases, manifest.spec.outcomes, manifest.spec.record)
        execution = Execution(progress=None if progress is None else _counting(progress))
        compute_chunks(again, frozenset(), evaluator, execution)
        again.merge()
        found += _other_numbers(store.path / OUTCOMES, again.path / OUTCOMES)
    return found


def _counting(progress: Callable[[int, int], None]) -> Callable[[Progress], None]:
    return lambda state: progress(state.runs_done, state.runs)


def _other_origins(store: SweepFolder, bases: tuple[BaseScenario, ...]) -> Iterator[str]:
    context = store.manifest.context
    if context.get("version") != __version__:
        then = context.get("version", "not recorded")
        yield f"the version of the program is another: {then} then, {__version__} now"
    for base in bases:
        then = context.get(f"scenario.{base.name}", "not recorded")
        if then != base.sha256:
            yield f"what {base.name} is computed from is another: {then[:12]} then, {base.sha256[:12]} now"
    if store.spec.design.table is None and not build_design(store.spec, store.manifest.sizes).equals(
        store.design
    ):
        yield f"{DESIGN} is not what the specification makes"


def _other_numbers(kept: Path, again: Path) -> Iterator[str]:
    """Compare two files of outcomes, a piece at a time."""
    try:
        with pq.ParquetFile(kept) as then, pq.ParquetFile(again) as now:
            same = then.schema_arrow.names == now.schema_arrow.names
            if not same or then.metadata.num_rows != now.metadata.num_rows:
                yield (
                    f"{OUTCOMES} has another shape: {then.metadata.num_rows:,} runs of {then.metadata.num_columns} "
                    f"columns then, {now.metadata.num_rows:,} of {now.metadata.num_columns} now"
                )
                return
            pieces = zip(then.iter_batches(ROW_GROUP), now.iter_batches(ROW_GROUP), strict=True)
            runs = then.metadata.num_rows
            found = [difference for pair in pieces for difference in _differing_rows(*pair)]
    except (OSError, pa.ArrowException) as error:
        yield f"{OUTCOMES} cannot be read ({error})"
        return
    if found:
        rows = sorted({run for run, _ in found})
        yield f"{OUTCOMES}: {len(rows):,} of {runs:,} runs differ, first {min(found)[1]}"


def _differing_rows(then: pa.RecordBatch, now: pa.RecordBatch) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield (sample, replicate) and the first difference of every row that differs."""
    if then.equals(now):
        return
    olds, news = then.to_pylist(), now.to_pylist()
    for old, new in zip(olds, news, strict=True):
        column = next((name for name in new if not _alike(old[name], new[name])), None)
        if column is not None:
            run = (new[SAMPLE], new[REPLICATE])
            yield (
                run,
                f"sample {run[0]}, replicate {run[1]}: {column} {old[column]} then, {new[column]} now",
            )


def _alike(old: object, new: object) -> bool:
    """Tell whether two values are the same; two that are no number are."""
    if isinstance(old, float) and isinstance(new, float) and math.isnan(old):
        return math.isnan(new)
    return old == new
