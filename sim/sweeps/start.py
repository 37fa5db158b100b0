"""What to do with a folder: begin a sweep, continue it, let it grow, or refuse and say why."""

from __future__ import annotations

from typing import Any

from sim._version import other_engine
from sim.errors import InputError
from sim.sweeps.chunks import extent, grow
from sim.sweeps.design import build_design
from sim.sweeps.manifest import SweepManifest
from sim.sweeps.spec import SweepSpec
from sim.sweeps.table import check_grown
from sim.sweeps.writer import SweepWriter


def begin_or_continue(
    writer: SweepWriter,
    spec: SweepSpec,
    context: dict[str, str],
    *,
    resume: bool,
    extend: bool,
    chunk_runs: int | None,
    provenance: dict[str, Any],
) -> SweepManifest:
    """Make the folder hold the sweep that ``spec`` asks for, with the chunks that are there already.

    Raises
    ------
    InputError
        If the folder holds a sweep and neither ``resume`` nor ``extend`` is set, holds another sweep, or
        would have to shrink, or to grow without ``extend``.
    """
    manifest = writer.manifest
    if manifest is None:
        sizes = () if spec.design.size is None else (spec.design.size,)
        design = build_design(spec)
        layers = grow((), design.num_rows, spec.design.replicates, chunk_runs)
        return writer.commit(spec, context, design, sizes, layers, provenance)
    if not (resume or extend):
        state = "unfinished" if manifest.outcomes is None else "complete"
        raise InputError(
            f"{writer.path}: holds the sweep {manifest.spec.name} ({state}); resume it or use another folder"
        )
    if made := other_engine(manifest.context.get("version", "")):
        raise InputError(f"{writer.path}: was begun by {made}; only that engine goes on with it")
    if manifest.identity != spec.identity(context):
        unlike = ", ".join(_differences(manifest, spec, context))
        raise InputError(f"{writer.path}: holds another sweep, different in {unlike}; use another folder")
    return _grown(writer, manifest, spec, context, extend, chunk_runs, provenance)


def _grown(
    writer: SweepWriter,
    manifest: SweepManifest,
    spec: SweepSpec,
    context: dict[str, str],
    extend: bool,
    chunk_runs: int | None,
    provenance: dict[str, Any],
) -> SweepManifest:
    size, before = spec.design.size, manifest.sizes
    sizes = before if size is None or size in before[-1:] else (*before, size)
    design = writer.design
    if sizes != before and spec.design.method == "grid":
        raise InputError(
            f"{writer.path}: a grid of another size has other samples; only its replicates can be extended"
        )
    if (sizes != before and sizes[-1] > before[-1]) or spec.design.table is not None:
        grown = build_design(spec, sizes)
        check_grown(design, grown)
        design = grown
    samples, replicates = extent(manifest.layers)
    smaller = design.num_rows < samples or sizes[-1:] < before[-1:] or spec.design.replicates < replicates
    if smaller:
        raise InputError(
            f"{writer.path}: holds {samples} samples x {replicates} replicates, more than is asked for"
        )
    layers = grow(manifest.layers, design.num_rows, spec.design.replicates, chunk_runs)
    if layers == manifest.layers:
        return manifest
    if not extend:
        raise InputError(
            f"{writer.path}: holds {samples} samples x {replicates} replicates, asked for are "
            f"{design.num_rows} x {spec.design.replicates}; {_way_to_grow(spec)} adds the rest (in Python: extend=True)"
        )
    return writer.commit(spec, context, design, sizes, layers, provenance)


def _way_to_grow(spec: SweepSpec) -> str:
    """Return the options with which the command lets a sweep grow to what is asked for."""
    size = "" if spec.design.size is None else f"--samples {spec.design.size} "
    return f"--resume {size}--replicates {spec.design.replicates}"


def _differences(manifest: SweepManifest, spec: SweepSpec, context: dict[str, str]) -> list[str]:
    """Return the dotted names of what makes two sweeps different."""
    there = {"spec": manifest.spec.model_dump(mode="json"), "context": manifest.context}
    asked = {"spec": spec.model_dump(mode="json"), "context": context}
    ignored = ("spec.description", "spec.design.size", "spec.design.replicates", "spec.design.table")
    return [name.partition(".")[2] for name in _unlike(there, asked, "") if name not in ignored]


def _unlike(left: Any, right: Any, place: str) -> list[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        keys = list(dict.fromkeys([*left, *right]))
        return [
            name
            for key in keys
            for name in _unlike(left.get(key), right.get(key), f"{place}.{key}" if place else str(key))
        ]
    return [] if left == right else [place]
