"""The folder of a sweep while it is being computed: begun, continued, extended, chunk by chunk, then merged.

Layout: ``manifest.json``, ``design.parquet``, ``chunks/chunk-00000.parquet`` ... with
``chunks/checksums.txt`` (the format of ``sha256sum``), and at the end ``outcomes.parquet`` in sample x
replicate order.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.results.files import (
    LOCK,
    atomic_file,
    file_sha256,
    os_errors_as_input_errors,
    remove_leftovers,
    sync_folder,
    write_atomically,
)
from sim.results.folder import refuse_strangers
from sim.results.manifest import MANIFEST, OUTCOMES
from sim.results.parquet import column_of, open_writer, parquet_bytes, read_parquet
from sim.sweeps.chunks import ChunkSpec, Layer, chunk_count
from sim.sweeps.manifest import CHECKSUMS, CHUNKS, DESIGN, OutcomesRecord, SweepManifest
from sim.sweeps.merge import merged_groups
from sim.sweeps.spec import REPLICATE, RESERVED, SAMPLE, SweepSpec

_NEXT_DESIGN = "design.parquet.next"
_IDENTITY_KEY, _CHUNK_KEY = b"aiblocs.sweep", b"aiblocs.chunk"


class SweepWriter:
    """A sweep's folder, open for writing; the caller holds its lock (`sim.results.files.FolderLock`).

    Parameters
    ----------
    path
        The folder. It exists.

    Attributes
    ----------
    manifest : SweepManifest or None
        What the folder holds; None = nothing yet.

    Raises
    ------
    InputError
        If the folder holds something else, files of another sweep, or a damaged manifest.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._chunks = path / CHUNKS
        self._finished: dict[int, str] = {}
        self._schema: pa.Schema | None = None
        self.manifest = SweepManifest.read(path) if (path / MANIFEST).exists() else None
        if self.manifest is None:
            self._refuse_foreign()
        with os_errors_as_input_errors(path):
            self._chunks.mkdir(exist_ok=True)
            remove_leftovers(path)
            remove_leftovers(self._chunks)
        if self.manifest is not None:
            self._settle_design(self.manifest)
            self._refuse_strays(self.manifest)

    @property
    def design(self) -> pa.Table:
        """The design table as stored."""
        return read_parquet(self.path / DESIGN)

    def commit(
        self,
        spec: SweepSpec,
        context: dict[str, str],
        design: pa.Table,
        sizes: tuple[int, ...],
        layers: tuple[Layer, ...],
        provenance: dict[str, Any],
    ) -> SweepManifest:
        """Write design and manifest of a sweep that begins or grows; a crash leaves either state whole."""
        sha256 = write_atomically(self.path / _NEXT_DESIGN, parquet_bytes(design))
        manifest = SweepManifest(
            identity=spec.identity(context),
            spec=spec,
            context=context,
            sizes=sizes,
            layers=layers,
            design_sha256=sha256,
            provenance=provenance,
        )
        manifest.write(self.path)
        self._settle_design(manifest)
        self.manifest = manifest
        return manifest

    def load_finished(self) -> frozenset[int]:
        """Return the numbers of the chunks that are there and undamaged, and forget the others.

        A chunk counts if its checksum is listed, its bytes match it and it was made for this sweep.
        """
        manifest = self._manifest()
        listed = self._read_checksums()
        self._finished = {
            index: sha256
            for index, sha256 in sorted(listed.items())
            if index < chunk_count(manifest.layers) and self._is_whole(index, sha256, manifest.identity)
        }
        self._write_checksums()
        return frozenset(self._finished)

    def add_chunk(self, chunk: ChunkSpec, outcomes: pa.Table) -> None:
        """SweepFolder the outcomes of a chunk, one row per run in the order of the chunk, durably.

        Raises
        ------
        ValueError
            If the table does not have one row per run, has reserved columns, or other columns than the chunks
            before.
        DiskFull, InputError, AiblocsError
            If it cannot be written; nothing of the chunk is left then.
        """
        if outcomes.num_rows != chunk.runs:
            raise ValueError(f"{outcomes.num_rows} rows of outcomes for {chunk.runs} runs")
        if any(name in outcomes.column_names for name in RESERVED) or not outcomes.column_names:
            raise ValueError(f"outcomes need columns, and none of the names {', '.join(RESERVED)}")
        table = outcomes.add_column(0, REPLICATE, column_of(chunk.replicate))
        table = table.add_column(0, SAMPLE, column_of(chunk.sample))
        metadata = {_IDENTITY_KEY: self._manifest().identity.encode(), _CHUNK_KEY: str(chunk.index).encode()}
        content = parquet_bytes(table.replace_schema_metadata(metadata))
        if not self._same_columns(pq.read_schema(pa.BufferReader(content))):
            raise ValueError("other outcome columns than in the chunks before")
        name = _chunk_name(chunk.index)
        sha256 = write_atomically(self._chunks / name, content)
        checksums = self._chunks / CHECKSUMS
        with os_errors_as_input_errors(checksums), checksums.open("ab") as file:
            file.write(_checksum_line(name, sha256))
            file.flush()
            os.fsync(file.fileno())
        self._finished[chunk.index] = sha256

    def merge(self) -> SweepManifest:
        """Write ``outcomes.parquet`` from all chunks, in sample x replicate order; that completes the sweep.

        Memory does not grow with the number of runs; the bytes do not depend on how the runs were cut into
        chunks.
        """
        manifest = self._manifest()
        self._write_checksums()
        groups = merged_groups(manifest.layers, lambda index: read_parquet(self._chunks / _chunk_name(index)))
        first = next(groups)
        with atomic_file(self.path / OUTCOMES) as file, open_writer(file, first.schema) as writer:
            rows = 0
            for group in itertools.chain((first,), groups):
                writer.write_table(group, row_group_size=group.num_rows)
                rows += group.num_rows
        record = OutcomesRecord(sha256=file.sha256, bytes=file.size, rows=rows)
        self.manifest = manifest.model_copy(update={"outcomes": record})
        self.manifest.write(self.path)
        return self.manifest

    def _manifest(self) -> SweepManifest:
        if self.manifest is None:
            raise ValueError("the folder holds no sweep yet")
        return self.manifest

    def _refuse_foreign(self) -> None:
        """Refuse a folder without a manifest that holds more than what a sweep writes before it."""
        own = {LOCK, _NEXT_DESIGN, f".{_NEXT_DESIGN}.part", f".{MANIFEST}.part", CHUNKS}
        refuse_strangers(self.path, own, "sweep")
        if self._chunks.is_dir():
            refuse_strangers(self._chunks, (), "sweep")

    def _settle_design(self, manifest: SweepManifest) -> None:
        """Put the design that the manifest names in its place, after a commit or after a crash during one."""
        path, waiting = self.path / DESIGN, self.path / _NEXT_DESIGN
        with os_errors_as_input_errors(path):
            if waiting.exists() and file_sha256(waiting) == manifest.design_sha256:
                waiting.replace(path)
                sync_folder(self.path)
            waiting.unlink(missing_ok=True)
        if not path.exists() or file_sha256(path) != manifest.design_sha256:
            what = "is missing" if not path.exists() else "was changed or belongs to another sweep"
            raise InputError(f"{path}: {what}; the folder is damaged, use another one")

    def _refuse_strays(self, manifest: SweepManifest) -> None:
        expected = {CHECKSUMS, *(_chunk_name(index) for index in range(chunk_count(manifest.layers)))}
        stray = sorted(entry.name for entry in self._chunks.iterdir() if entry.name not in expected)
        if stray:
            raise InputError(
                f"{self._chunks / stray[0]}: does not belong to the sweep {manifest.spec.name} "
                f"({chunk_count(manifest.layers)} chunks); remove it or use another folder"
            )

    def _is_whole(self, index: int, sha256: str, identity: str) -> bool:
        path = self._chunks / _chunk_name(index)
        if not path.is_file() or file_sha256(path) != sha256:
            return False
        schema = pq.read_schema(path)
        if (schema.metadata or {}).get(_IDENTITY_KEY) != identity.encode():
            raise InputError(
                f"{path}: belongs to another sweep; files of two sweeps are mixed, use another folder"
            )
        return self._same_columns(schema)

    def _same_columns(self, schema: pa.Schema) -> bool:
        """Tell whether a chunk's file has the columns of the first one; both as read back from Parquet."""
        columns = schema.remove_metadata()
        if self._schema is None:
            self._schema = columns
        return self._schema.equals(columns, check_metadata=True)

    def _read_checksums(self) -> dict[int, str]:
        path = self._chunks / CHECKSUMS
        lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
        names = {_chunk_name(index): index for index in range(chunk_count(self._manifest().layers))}
        pairs = (line.split("  ", 1) for line in lines if "  " in line)
        return {names[name]: sha256 for sha256, name in pairs if name in names}

    def _write_checksums(self) -> None:
        lines = [
            _checksum_line(_chunk_name(index), sha256) for index, sha256 in sorted(self._finished.items())
        ]
        write_atomically(self._chunks / CHECKSUMS, b"".join(lines))


def _chunk_name(index: int) -> str:
    return f"chunk-{index:05d}.parquet"


def _checksum_line(name: str, sha256: str) -> bytes:
    return f"{sha256}  {name}\n".encode()
