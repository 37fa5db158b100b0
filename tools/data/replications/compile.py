"""Compile the published inputs and results of the replications.

    python -m tools.data.replications.compile --raw ../shared/data/benchmarks [--out DIR]

The raw folder holds the collected tables with their sources, ``sim/replications/data`` what the replications read. Each
file names its source; that of `travel_mode.csv` stands in :mod:`sim.replications.travel_mode`. Facts and figures only; no
code of the third parties is used.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path

from sim.calibration.csv_tables import write_csv
from sim.errors import InputError
from sim.replications.replication import DATA
from tools.data.replications.documents import DOCUMENTS, Document, travel_mode


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and write one file for each entry of `DOCUMENTS`."""
    parser = argparse.ArgumentParser(prog="python -m tools.data.replications.compile", description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder with the collected benchmark tables")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to")
    chosen = parser.parse_args(arguments)
    compile_all(chosen.raw, chosen.out)


def compile_all(raw: Path, out: Path) -> list[Path]:
    """Write every document and table made from ``raw`` into ``out`` and return the files.

    Raises
    ------
    InputError
        If a raw table is missing.
    """
    try:
        documents = {name: make(raw) for name, make in DOCUMENTS.items()}
        header, *travellers = travel_mode(raw)
    except FileNotFoundError as error:
        raise InputError(f"{error.filename}: no such table; --raw takes the folder of benchmarks") from None
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, document in documents.items():
        file = out / f"{name}.json"
        file.write_text(_text(document), encoding="utf-8")
        written.append(file)
    write_csv(out / "travel_mode.csv", header, travellers)
    return [*written, out / "travel_mode.csv"]


def _text(document: Document) -> str:
    """Return JSON with one line for each list of plain values."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    flat = re.compile(r"\[\s*([^\[\]{}]*?)\s*\]")
    return flat.sub(lambda found: "[" + re.sub(r"\s*\n\s*", " ", found.group(1)) + "]", text) + "\n"


if __name__ == "__main__":
    main()
