"""The forecast register: its statements, the table that holds them, its manifest and its description.

The manifest stands beside the table (``forecast-2026.manifest.json``): the SHA-256 of its bytes, the last day that the
estimates behind it had seen, and the version that made it. A register without one, or of other bytes, is not read:
what was edited after the fact is no forecast.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim._version import __version__
from sim.calibration.csv_tables import read_csv, write_csv
from sim.calibration.dates import CUTOFF
from sim.calibration.participation import TABLES
from sim.errors import InputError, Problem
from sim.evidence.clubs import KINDS
from sim.evidence.questions import Question, questions_path, read_questions, write_questions
from sim.results.files import file_sha256
from sim.types import Floats

BASELINES = ("base_rate", "ideal_point", "gdp", "plain_logistic", "status_quo", "joining_hazard")
SHOWN = 12
"""Countries named for each statement of the description."""
COLUMNS = ("statement", "date", "iso3", "name", "probability")
_NAME = "forecast-2026.csv"
_CHECKOUT = TABLES.parents[2] / "results" / "reference" / _NAME
REGISTER = _CHECKOUT if _CHECKOUT.is_file() else TABLES / _NAME
"""The first register: of the checkout, else the copy that an installed package carries."""


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


@dataclass(frozen=True)
class Register:
    """A frozen register: its file, its statements, the last day that the estimates behind them had seen, and who made it.

    ``version`` : of the package that made it
    ``as_of`` : day that it bears: what happened by then tests nothing
    ``questions`` : dated questions beside the statements
    ``recipe`` : of a monthly register, what makes it again: scenario, runs, seed, and the hashes of what it was made from
    """

    path: Path
    statements: tuple[Statement, ...]
    cutoff: dt.date
    version: str
    as_of: dt.date
    questions: tuple[Question, ...] = ()
    recipe: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the file without its suffix."""
        return self.path.stem


def registers(folder: Path = REGISTER.parent) -> list[Path]:
    """Return the registers of a folder, oldest first."""
    paths = (path for path in folder.glob("forecast-*.csv") if "." not in path.stem)
    return sorted(paths, key=lambda path: path.stem)  # whole names would put the month before its year


def manifest_path(path: Path) -> Path:
    """Return the manifest that stands beside a register."""
    return path.with_suffix(".manifest.json")


def write_register(
    statements: Sequence[Statement],
    names: Mapping[str, str],
    path: Path,
    cutoff: dt.date = CUTOFF,
    *,
    as_of: dt.date | None = None,
    questions: Sequence[Question] = (),
    recipe: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write a register and return its files: table, manifest and, if there are any, questions.

    The table has four decimals, one row per statement and country, and a column for each baseline that says anything.

    Parameters
    ----------
    statements, questions : what it says
    names : of the countries by code
    path : of the table; the other files stand beside it
    cutoff : last day that the estimates had seen
    as_of : day that it bears; default: the cut-off
    recipe : what makes it again
    """
    used = [name for name in BASELINES if any(name in entry.baselines for entry in statements)]
    rows = []
    for entry in statements:
        for n, code in enumerate(entry.iso3):
            says = [f"{entry.baselines[name][n]:.4f}" if name in entry.baselines else "" for name in used]
            rows.append((entry.name, entry.date, code, names[code], f"{entry.probability[n]:.4f}", *says))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, (*COLUMNS, *used), rows)
    manifest = {
        "file": path.name,
        "sha256": file_sha256(path),
        "cutoff": cutoff.isoformat(),
        "version": __version__,
    }
    written = [path, manifest_path(path)]
    if as_of is not None:
        manifest["as_of"] = as_of.isoformat()
    if questions:
        written.append(write_questions(questions, path))
        manifest["questions_sha256"] = file_sha256(questions_path(path))
    manifest |= recipe or {}
    manifest_path(path).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return written


def read_register(path: Path) -> Register:
    """Read a register back.

    Raises
    ------
    InputError
        If it or its manifest is missing, if its bytes are not those that were written, or if it holds no statement.
    """
    rows = read_csv(path)
    known = _checked_manifest(path)
    if not rows:
        raise InputError(Problem("there is no statement in it", str(path)))
    questions = read_questions(path) if "questions_sha256" in known else ()
    cutoff = dt.date.fromisoformat(known.pop("cutoff"))
    as_of = dt.date.fromisoformat(known.pop("as_of", str(cutoff)))
    version = known.pop("version")
    return Register(path, grouped_statements(rows), cutoff, version, as_of, questions, known)


def grouped_statements(rows: Sequence[Mapping[str, str]]) -> tuple[Statement, ...]:
    """Return the statements that the rows of a register hold, in their order."""
    grouped: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in rows:
        grouped.setdefault((row["statement"], row["date"]), []).append(row)
    out = []
    for (name, date), own in grouped.items():
        baselines = {
            column: np.array([float(row[column]) for row in own])
            for column in BASELINES
            if own[0].get(column)
        }
        chance = np.array([float(row["probability"]) for row in own])
        out.append(Statement(name, date, tuple(row["iso3"] for row in own), chance, baselines))
    return tuple(out)


def _checked_manifest(path: Path) -> dict[str, str]:
    """Return the manifest of a register whose bytes, and those of its questions, are the ones that it names."""
    manifest = manifest_path(path)
    if not manifest.is_file():
        text = f"there is no {manifest.name} beside it, so that nobody can tell whether it was edited"
        raise InputError(Problem(text, str(path)))
    try:
        known = {
            str(key): str(value) for key, value in json.loads(manifest.read_text(encoding="utf-8")).items()
        }
        days = [dt.date.fromisoformat(known[key]) for key in ("cutoff", "as_of") if key in known]
        whole = bool(known["sha256"] and known["version"] and known["cutoff"]) and days == sorted(days)
    except (ValueError, TypeError, KeyError, AttributeError):
        whole = False
    if not whole:
        raise InputError(Problem("is no manifest of a register", str(manifest)))
    for key, file in (("sha256", path), ("questions_sha256", questions_path(path))):
        if key in known and (not file.is_file() or file_sha256(file) != known[key]):
            text = f"was edited after it was frozen: its SHA-256 is not the one in {manifest.name}"
            raise InputError(Problem(text, str(file)))
    return known


def offers_path(path: Path) -> Path:
    """Return the table of what the offers assumed add to each country's value of a bloc, beside a register."""
    return path.with_suffix(".offers.csv")


def write_offers(shift: Mapping[str, Floats], iso3: Sequence[str], path: Path) -> Path:
    """Write what offers add to the value of each family's bloc (float64[N], logits) beside a register; return the file."""
    rows = [
        (family, code, repr(float(number)))
        for family, numbers in shift.items()
        for code, number in zip(iso3, numbers, strict=True)
    ]
    write_csv(offers_path(path), ("family", "iso3", "shift"), rows)
    return offers_path(path)


def read_offers(path: Path, iso3: Sequence[str]) -> dict[str, Floats]:
    """Return what `write_offers` wrote beside a register, float64[N] per family in the order of ``iso3``.

    Raises
    ------
    InputError
        If there is no such table, or a country is missing.
    """
    known: dict[str, dict[str, float]] = {}
    for row in read_csv(offers_path(path)):
        known.setdefault(row["family"], {})[row["iso3"]] = float(row["shift"])
    missing = [code for numbers in known.values() for code in iso3 if code not in numbers]
    if missing:
        raise InputError(Problem(f"says nothing of {', '.join(missing[:5])}", str(offers_path(path))))
    return {family: np.array([numbers[code] for code in iso3]) for family, numbers in known.items()}


_HEAD = """# Forecast register

Frozen, dated probabilistic statements. Every estimate behind them comes from what was known on {cutoff}; the statements
about blocs are those of the scenario `baseline`, whose dated policy events (what the two leaders offer and announce, with
references) are assumptions and partly later than that day. No record of who joined what after {cutoff} was used.

Written by `aiblocs forecast` beside `forecast-2026.csv` and never edited. `aiblocs forecast --check` makes the numbers
again and compares; `aiblocs score FILE.csv` scores them against outcomes (columns `iso3`, `date`, `initiative` or `bloc`).

* `bloc:us`, `bloc:china`: the country is a member of the bloc in that quarter of the baseline scenario, by the rule on
  acts of `sim/calibration/initial.py` (two acts; a membership is not undone by inaction).
* `club:FAMILY:KIND`: the country has joined a new club of that kind by then, *if one is open*. Its size is not known;
  it is drawn from the sizes of comparable clubs. `club:FAMILY:any`: at least one of the family's kinds.

The columns after `probability` are what baselines say: everybody alike, UN votes alone, size of the economy alone, a plain
logistic regression on the same covariates, and (blocs only) that nothing changes.

"""


def describe(statements: Sequence[Statement], names: dict[str, str]) -> str:
    """Return the description as Markdown."""
    lines = [_HEAD.format(cutoff=CUTOFF)]
    lines.append("## Kinds of clubs\n\n")
    for kind in KINDS:
        mean, sd = kind.log_size
        sizes = ", ".join(f"{what}: {size}" for what, size in kind.sizes.items())
        lines.append(
            f"* `club:{kind.family}:{kind.name}`: {kind.text}. Members expected: median {np.exp(mean):.0f}, 90 % "
            f"{np.exp(mean - 1.645 * sd):.0f} to {np.exp(mean + 1.645 * sd):.0f}, from {sizes}.\n"
        )
    lines.append(
        "\n## Statements\n\n| statement | by | expected number | most likely |\n| --- | --- | --- | --- |\n"
    )
    for entry in statements:
        order = np.argsort(-entry.probability, kind="stable")[:SHOWN]
        top = ", ".join(f"{names[entry.iso3[n]]} {entry.probability[n]:.2f}" for n in order)
        lines.append(f"| `{entry.name}` | {entry.date} | {entry.probability.sum():.1f} | {top} |\n")
    return "".join(lines)
