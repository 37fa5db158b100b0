"""Numbers and tables of scores, as the report writes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.evidence.backtest import Row
from sim.report.validation.blocks import Table


def score_table(rows: Sequence[Row], first: str) -> Table:
    """Return scores as a table, one row for each method and part; ``first`` heads the column of parts."""
    cells = tuple(
        (
            row.part,
            row.method,
            str(row.states),
            str(row.members),
            number(row.auc, 3),
            f"{row.brier:.4f}",
            f"{row.log_score:.4f}",
        )
        for row in rows
    )
    return Table((first, "method", "states", "members", "AUC", "Brier", "log score"), cells, 5)


def number(value: float, digits: int) -> str:
    """Return a number with so many digits; a dash where there is none."""
    return "–" if np.isnan(value) else f"{value:.{digits}f}"
