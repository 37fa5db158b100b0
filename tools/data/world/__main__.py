"""Command of the compile script."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.world.record import TABLES
from tools.data.world.tables import compile_tables


def main() -> None:
    """Compile the tables from a folder of collected material."""
    parser = argparse.ArgumentParser(prog="python -m tools.data.world", description=main.__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of the collected material")
    parser.add_argument("--out", type=Path, default=TABLES, help="folder to write to (default: the package)")
    given = parser.parse_args()
    if not given.raw.is_dir():
        parser.error(f"--raw: {given.raw} is not a folder")
    for path in compile_tables(given.raw, given.out):
        sys.stdout.write(f"{path} {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
