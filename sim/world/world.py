"""The world: who the countries are, what is known about each, and what ties them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean, nearest
from sim.types import Brief
from sim.world.aliases import by_alias, plain
from sim.world.columns import BY_NAME, CLUBS, LABELS, NUMBERS
from sim.world.record import GIVEN, Provenance, Source, ValueRecord, constants, sources

_NOBODY = Source(GIVEN, "the author of this world", "", "", "as its author states", "", "")


@dataclass(frozen=True, eq=False, repr=False)
class Ties(Brief):
    """Ties between countries, each in both directions, sorted by (i, j).

    ``start`` : int32[N + 1]; the ties of country ``i`` are entries ``start[i] .. start[i + 1]``
    ``i, j`` : int32[E] the country and the other
    ``trade_share`` : float64[E] trade with ``j`` as a share of all goods trade of ``i``; 0 also if not known
    ``contiguous, pact, common_language`` : bool[E]
    ``trade_kind`` : where the trade shares come from, per entry
    """

    start: NDArray[np.int32]
    i: NDArray[np.int32]
    j: NDArray[np.int32]
    trade_share: NDArray[np.float64]
    contiguous: NDArray[np.bool_]
    pact: NDArray[np.bool_]
    common_language: NDArray[np.bool_]
    trade_kind: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class World:
    """Countries in the order of their codes, with every column as a read-only array over them.

    Parameters
    ----------
    iso3
        Codes of the N countries, sorted.
    values
        float64[N] for every number of `sim.world.columns`.
    labels
        N texts for every label (``name``, ``region``, ``subregion``, ``income_group``, ``us_tier``).
    clubs
        bool[N] for every club.
    ties
        Trade, borders and pacts between them.
    origins
        For every column, the origin of each country's value.
    """

    iso3: tuple[str, ...]
    values: dict[str, NDArray[np.float64]]
    labels: dict[str, tuple[str, ...]]
    clubs: dict[str, NDArray[np.bool_]]
    ties: Ties
    origins: dict[str, tuple[Provenance, ...]]

    def __len__(self) -> int:
        return len(self.iso3)

    def __repr__(self) -> str:
        return f"World({len(self)} countries, {len(self.ties.i) // 2} ties, sha256 {self.sha256[:12]})"

    @property
    def names(self) -> tuple[str, ...]:
        """Short English names."""
        return self.labels["name"]

    @property
    def region(self) -> tuple[str, ...]:
        """Regions."""
        return self.labels["region"]

    @property
    def income(self) -> tuple[str, ...]:
        """Income groups: low, lower_middle, upper_middle or high."""
        return self.labels["income_group"]

    @cached_property
    def _position(self) -> dict[str, int]:
        return {code: n for n, code in enumerate(self.iso3)}

    def index(self, iso3: str) -> int:
        """Return the position of a country in every array.

        Raises
        ------
        InputError
            If there is no such code; names the nearest one, also when a country's name was given.
        """
        position = self._position.get(iso3)
        if position is None:
            raise InputError(
                Problem(f"{iso3!r} is not a country code of this world", hint=self._advice(iso3))
            )
        return position

    def resolve(self, text: str) -> str:
        """Return the code of a country given by its code, its name or another name (`sim.world.aliases`), in any case.

        Raises
        ------
        InputError
            If it is neither; names the nearest code or name.
        """
        wanted = plain(text)
        for code, name in zip(self.iso3, self.names, strict=True):
            if wanted in (code.casefold(), plain(name)):
                return code
        other = by_alias(text)
        if other in self._position:
            return other
        raise InputError(Problem(f"{text!r} is not a country of this world", hint=self._advice(text)))

    def _advice(self, text: str) -> str:
        """Name the country that was probably meant, by its code or by its name."""
        codes = {name.casefold(): code for code, name in zip(self.iso3, self.names, strict=True)}
        codes |= {code.casefold(): code for code in self.iso3}
        alias = by_alias(text)
        code = alias if alias in self._position else codes.get(nearest(text.strip(), codes) or "")
        if code is None:
            return "`aiblocs data` lists the countries"
        return f"did you mean {code} ({self.names[self._position[code]]})?"

    def provenance(self, iso3: str, column: str) -> ValueRecord:
        """Return one value with its unit, year, source, licence, kind and note.

        Raises
        ------
        InputError
            If the country or the column is unknown.
        """
        n = self.index(iso3)
        if column not in BY_NAME:
            raise InputError(f"{column!r} is not a column of the world{did_you_mean(column, BY_NAME)}")
        spec = BY_NAME[column]
        origin = self.origins[column][n]
        source = sources().get(origin.source, _NOBODY)
        return ValueRecord(
            iso3=iso3,
            column=column,
            value=self._value(column, n),
            unit=spec.unit,
            description=spec.description,
            year=origin.year,
            source=origin.source,
            publisher=source.publisher,
            licence=source.licence,
            kind=origin.kind,
            note=origin.note,
        )

    def _value(self, column: str, n: int) -> float | str | bool:
        if column in self.values:
            return float(self.values[column][n])
        if column in self.clubs:
            return bool(self.clubs[column][n])
        return self.labels[column][n]

    def imputed_share(self, columns: Iterable[str] | None = None) -> float:
        """Return the share of values that were not observed: imputed, or a neutral default.

        Parameters
        ----------
        columns
            Columns to look at. Default: all numbers.
        """
        wanted = list(columns) if columns is not None else [column.name for column in NUMBERS]
        kinds = [origin.kind for column in wanted for origin in self.origins[column]]
        return sum(kind in {"imputed", "default"} for kind in kinds) / len(kinds)

    @cached_property
    def sha256(self) -> str:
        """Hash of all values, labels, clubs, ties and of the constants (not of file layout, nor of notes)."""
        digest = hashlib.sha256()

        def add(name: str, content: bytes) -> None:
            digest.update(f"{name}:{len(content)}:".encode())
            digest.update(content)

        add("iso3", "\n".join(self.iso3).encode())
        for label in LABELS:
            add(label.name, "\n".join(self.labels[label.name]).encode())
        for number in NUMBERS:
            add(number.name, self.values[number.name].astype("<f8").tobytes())
        for club in CLUBS:
            add(club.name, self.clubs[club.name].astype("u1").tobytes())
        for name in ("i", "j"):
            add(f"ties.{name}", getattr(self.ties, name).astype("<i4").tobytes())
        add("ties.trade_share", self.ties.trade_share.astype("<f8").tobytes())
        for name in ("contiguous", "pact", "common_language"):
            add(f"ties.{name}", getattr(self.ties, name).astype("u1").tobytes())
        figures = sorted((figure.name, figure.value) for figure in constants().values())
        add("constants", repr(figures).encode())
        return digest.hexdigest()
