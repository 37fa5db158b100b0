"""One value with its origin, on its way into the tables."""

from __future__ import annotations

from dataclasses import dataclass

from sim.world.record import Kind


@dataclass(frozen=True)
class Datum:
    """A value with its reference year, source, kind and note.

    ``donor`` is False for values that say nothing about other countries (a leader's trade with itself);
    imputation does not borrow them.
    """

    value: str | float
    year: int | None
    source: str
    kind: Kind = "observed"
    note: str = ""
    donor: bool = True


Data = dict[str, Datum]
"""Values of one column by country; a country without one is missing."""
