"""The statements of a forecast register, and the register as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.csv_tables import read_csv, write_csv

Floats = NDArray[np.float64]

REGISTER = Path("results") / "reference" / "forecast-2026.csv"
BASELINES = ("base_rate", "ideal_point", "gdp", "plain_logistic", "status_quo")
COLUMNS = ("statement", "date", "iso3", "name", "probability", *BASELINES)


@dataclass(frozen=True)
class Statement:
    """Probabilities of one statement for every country, with what the baselines say.

    ``name`` : ``bloc:china`` or ``club:china:treaty`` (``any`` for at least one new club of the family)
    ``date`` : the quarter by which it is to be judged
    """

    name: str
    date: str
    iso3: tuple[str, ...]
    probability: Floats = field(repr=False)
    baselines: dict[str, Floats] = field(repr=False)

    @property
    def family(self) -> str:
        """Whose bloc or club."""
        return self.name.split(":")[1]


def write_register(statements: Sequence[Statement], names: dict[str, str], path: Path) -> Path:
    """Write statements as a table, four decimals, one row per statement and country."""
    rows = []
    for entry in statements:
        for n, code in enumerate(entry.iso3):
            says = [
                f"{entry.baselines[name][n]:.4f}" if name in entry.baselines else "" for name in BASELINES
            ]
            rows.append((entry.name, entry.date, code, names[code], f"{entry.probability[n]:.4f}", *says))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, COLUMNS, rows)
    return path


def read_register(path: Path) -> list[Statement]:
    """Read a register back."""
    grouped: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read_csv(path):
        grouped.setdefault((row["statement"], row["date"]), []).append(row)
    out = []
    for (name, date), rows in grouped.items():
        baselines = {
            column: np.array([float(row[column]) for row in rows]) for column in BASELINES if rows[0][column]
        }
        chance = np.array([float(row["probability"]) for row in rows])
        out.append(Statement(name, date, tuple(row["iso3"] for row in rows), chance, baselines))
    return out
