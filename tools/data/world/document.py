"""``SOURCES.md``: what each column is, where it comes from, and how much was filled in, counted here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sim.world.columns import COLUMNS, TIE_COLUMNS, Column
from sim.world.record import Constant
from tools.data.world.catalogue import SOURCES
from tools.data.world.compute import CLUSTER_WEIGHT
from tools.data.world.datum import Data
from tools.data.world.impute import FEWEST_DONORS
from tools.data.world.prose import HEAD, LEFT_OUT, METHODS, TIES
from tools.data.world.ties import LEAST_SHARE

_BY_ID = {source.id: source for source in SOURCES}


def document(columns: dict[str, Data], constants: Iterable[Constant], ties: Counter[str]) -> str:
    """Return the text of ``SOURCES.md``."""
    parts = [
        HEAD.format(countries=len(columns["name"]), members=_members(columns)),
        _summary(columns),
        "## Columns of countries.csv\n",
        _table(
            (
                "column",
                "definition",
                "unit",
                "source",
                "years",
                "licence",
                "seen",
                "filled in",
                "rule for gaps",
                "use",
            ),
            (_column_row(spec, columns[spec.name]) for spec in COLUMNS),
        ),
        METHODS.format(fewest=FEWEST_DONORS, cluster=f"{CLUSTER_WEIGHT:.0%}".replace("%", " %")),
        "## Filled-in values\n",
        _table(("column", "countries"), _imputed_rows(columns)),
        TIES.format(least=f"{LEAST_SHARE:.1%}".replace("%", " %")),
        _table(
            ("column", "definition", "unit"), ((f"`{c.name}`", c.description, c.unit) for c in TIE_COLUMNS)
        ),
        _table(("dyads", "number"), ((name, str(count)) for name, count in sorted(ties.items()))),
        "## constants.csv\n",
        _table(("name", "unit", "year", "source", "kind", "use", "note"), map(_constant_row, constants)),
        "## Sources\n",
        _table(
            ("id", "publisher", "dataset", "vintage", "licence", "attribution", "describes the world until"),
            (
                (s.id, s.publisher, s.dataset, s.vintage, s.licence, s.attribution, s.data_until)
                for s in SOURCES
            ),
        ),
        LEFT_OUT,
    ]
    return "\n".join(parts)


def _members(columns: dict[str, Data]) -> int:
    return sum(datum.value == 1.0 for datum in columns["un_member"].values())


def _summary(columns: dict[str, Data]) -> str:
    kinds = Counter(
        datum.kind for spec in COLUMNS if spec.type == "number" for datum in columns[spec.name].values()
    )
    total = sum(kinds.values())
    words = ", ".join(
        f"{count} {kind} ({count / total:.1%})".replace("%", " %") for kind, count in kinds.most_common()
    )
    return f"Of the {total} numbers (labels and clubs not counted): {words}.\n"


def _column_row(spec: Column, data: Data) -> tuple[str, ...]:
    kinds = Counter(datum.kind for datum in data.values())
    used = [_BY_ID[source] for source, _ in Counter(datum.source for datum in data.values()).most_common()]
    years = [datum.year for datum in data.values() if datum.year]
    span = str(min(years)) if min(years) == max(years) else f"{min(years)}-{max(years)}"
    seen = "; ".join(f"{kinds[kind]} {kind}" for kind in ("observed", "derived", "memory") if kinds[kind])
    return (
        f"`{spec.name}`",
        spec.description,
        spec.unit,
        "; ".join(f"{source.id} ({source.publisher})" for source in used),
        span,
        "; ".join(dict.fromkeys(source.licence for source in used)),
        seen,
        str(kinds["imputed"]),
        spec.missing,
        spec.use,
    )


def _imputed_rows(columns: dict[str, Data]) -> Iterable[tuple[str, str]]:
    for spec in COLUMNS:
        codes = sorted(code for code, datum in columns[spec.name].items() if datum.kind == "imputed")
        if codes:
            yield (f"`{spec.name}`", f"{len(codes)}: {', '.join(codes)}")


def _constant_row(constant: Constant) -> tuple[str, ...]:
    return (
        f"`{constant.name}`",
        constant.unit,
        str(constant.year),
        constant.source,
        constant.kind,
        constant.use,
        constant.note,
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
