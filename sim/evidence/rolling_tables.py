"""The tables of rolling origins that the package ships: written, read, and compared with what is computed anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sim.calibration.csv_tables import read_csv, write_csv
from sim.calibration.participation import TABLES
from sim.errors import InputError
from sim.evidence.rolling import Rolling
from sim.evidence.rolling_methods import METHODS, REGISTER, SIMULATOR
from sim.evidence.rolling_origin import RollingSizes
from sim.evidence.rolling_scores import Case, Gap, MethodCase
from sim.scenario.quarters import parse_quarter, quarter_name

SHIPPED = TABLES / "rolling"
CASES, GAPS, ABOUT = "cases.csv", "gaps.csv", "about.json"
SCORES = ("brier", "log_score", "auc", "crps")
SAME = 2e-3
"""Largest difference of a score that rounding, and the arithmetic of another machine in a few runs, make."""
_HEAD = ("origin", "list", "family", "kind", "horizon", "questions", "unknown", "members", "came")
_GAP = ("cut", "value", "kind", "forecaster", "baseline", "questions", "mean", "low", "high")


def write_tables(found: Rolling, folder: Path) -> list[Path]:
    """Write the scores as tables into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    header = (*_HEAD, *(f"{method}:{score}" for method in METHODS for score in SCORES),
              *(f"{who}:{end}" for who in (SIMULATOR, REGISTER) for end in ("low", "high")))  # fmt: skip
    write_csv(folder / CASES, header, [_case_row(one) for one in found.cases])
    write_csv(folder / GAPS, _GAP, [_gap_row(one) for one in found.gaps])
    about = {
        "sizes": asdict(found.sizes), "specifications": found.specifications,
        "survivors": found.survivors, "imputed": found.imputed,
        "left_out": found.left_out, "unscored": list(found.unscored),
    }  # fmt: skip
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return [folder / name for name in (CASES, GAPS, ABOUT)]


def _case_row(one: Case) -> list[str]:
    scored = [_number(getattr(one.methods[method], score)) for method in METHODS for score in SCORES]
    bands = [_number(end) for who in (SIMULATOR, REGISTER) for end in one.bands[who]]
    return [
        quarter_name(one.origin), one.name, one.family, one.kind, str(one.horizon), str(one.questions), str(one.unknown),
        str(one.members), str(one.came), *scored, *bands,
    ]  # fmt: skip


def _gap_row(one: Gap) -> list[str]:
    value = quarter_name(int(one.value)) if one.cut == "origin" else one.value
    ends = [_number(number) for number in (one.mean, one.low, one.high)]
    return [one.cut, value, one.kind, one.forecaster, one.baseline, str(one.questions), *ends]


def _number(value: float) -> str:
    """Return four decimals; nothing for a score that there is none of."""
    return f"{value:.4f}" if np.isfinite(value) else ""


def read_tables(folder: Path = SHIPPED) -> Rolling:
    """Read what `write_tables` wrote.

    Raises
    ------
    InputError
        If a table is missing, empty, or none of ours.
    """
    cases = [_case(row) for row in read_csv(folder / CASES)]
    gaps = [_gap(row) for row in read_csv(folder / GAPS)]
    if not cases or not gaps:
        raise InputError(
            f"{folder}: there is no score in it; `aiblocs validate --rolling --write` makes them"
        )
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return Rolling(
            tuple(cases), tuple(gaps), about["left_out"], tuple(about["unscored"]), about["specifications"],
            about["survivors"], about["imputed"], RollingSizes(**about["sizes"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{folder / ABOUT}: is no record of rolling origins") from None


def _case(row: Mapping[str, str]) -> Case:
    try:
        methods = {
            method: MethodCase(*(_value(row[f"{method}:{score}"]) for score in SCORES)) for method in METHODS
        }
        bands = {who: (float(row[f"{who}:low"]), float(row[f"{who}:high"])) for who in (SIMULATOR, REGISTER)}
        horizon, questions, unknown, members, came = (int(row[name]) for name in _HEAD[4:])
        return Case(
            parse_quarter(row["origin"]), row["list"], row["family"], row["kind"], horizon, questions, unknown, members,
            came, methods, bands,
        )  # fmt: skip
    except (KeyError, ValueError, TypeError):
        raise InputError(f"{CASES}: a row is no score of a rolling origin") from None


def _gap(row: Mapping[str, str]) -> Gap:
    try:
        value = str(parse_quarter(row["value"])) if row["cut"] == "origin" else row["value"]
        ends = [float(row[name]) for name in ("mean", "low", "high")]
        return Gap(
            row["cut"], value, row["kind"], row["forecaster"], row["baseline"], int(row["questions"]), *ends
        )
    except (KeyError, ValueError, TypeError):
        raise InputError(f"{GAPS}: a row is no difference of scores") from None


def _value(text: str) -> float:
    return float(text) if text else float("nan")


@dataclass(frozen=True)
class Comparison:
    """Scores computed anew against those shipped: how many cases, the largest difference of a log score, and where."""

    cases: int
    largest: float
    where: str
    missing: int

    @property
    def same(self) -> bool:
        """Whether the package ships what its code computes."""
        return self.cases > 0 and self.missing == 0 and self.largest <= SAME


def compare_tables(made: Rolling, shipped: Rolling) -> Comparison:
    """Compare the cases of the origins that were computed with those shipped."""
    there = {_key(one): one for one in shipped.cases}
    largest, where, missing, count = 0.0, "", 0, 0
    for one in made.cases:
        other = there.get(_key(one))
        if other is None or (one.questions, one.members) != (other.questions, other.members):
            missing += 1
            continue
        count += 1
        away = _away(one, other)
        if away > largest:
            largest = away
            where = f"{one.name} from {quarter_name(one.origin)}, {one.horizon} quarters ahead"
    return Comparison(count, largest, where, missing)


def _key(one: Case) -> tuple[int, str, int]:
    return one.origin, one.name, one.horizon


def _away(one: Case, other: Case) -> float:
    pairs: Sequence[float] = [
        abs(one.methods[method].log_score - other.methods[method].log_score) for method in METHODS
    ]
    return max(pairs)
