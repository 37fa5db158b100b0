"""Compile the outcome tables from the collected material.

    python -m tools.data.participation.compile --raw ../shared/data [--tables DIR]

Raw material: ``countries.csv``, ``participation.csv``, ``participation_2026.csv``, ``bri.csv``, ``infrastructure.csv``,
``country_panel.csv``, ``aid_panel.csv``, ``ties.csv`` and ``ideal_points_panel.csv``.

Three rules decide what becomes a row (also written to ``tables/SOURCES.md``):

1. A row whose date lies after the cut-off is left out; so is every initiative that opened after it.
2. A row without a date, or with a date that may lie on either side of the cut-off, is kept with an *empty*
   status: the state is unknown, neither member nor outsider.
3. Organizations that are no states, and territories outside the world tables, are left out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.calibration.csv_tables import read_csv, write_csv
from sim.calibration.dates import CUTOFF, TODAY, cutoff_side, date_precision
from sim.calibration.initiatives import INITIATIVES, LATER_INITIATIVES, Initiative
from sim.calibration.participation import TABLES, table_name
from tools.data.participation.document import sources_document
from tools.data.participation.past_compile import write_past

LATER_STATUSES = {
    "signed": "1", "founding_signatory": "1", "leader_signed": "1", "member": "1", "withdrawn": "0", "not_signed": "0",
}  # fmt: skip
"""What counts as joining or staying out; all other words (observer, invited, considering, represented by the European
Union, took part without signing, attended, early support, text of a regional body) are no membership."""
LATER_SOURCES = {
    "AI_OPPORTUNITY": "US Department of State, 26 June 2026, as listed by the tracker geopoliticsai",
    "PAX_SILICA": "US Department of State, Pax Silica page, as listed by two trackers (geopoliticsai, pax-silica)",
    "FRONTIER_CALL": "governments of Norway and Finland, as listed by two trackers (airegulationmap, geopoliticsai)",
    "DELHI_2026": "Indian foreign ministry, declaration and its updates, as listed by airegulationmap",
    "NAAIMES": "airegulationmap, 1 October 2026",
    "WAICO": "China's foreign ministry, July and August 2026, as listed by the tracker geopoliticsai",
    "COE_AI": "Council of Europe signatures, as reported by the press and airegulationmap",
    "US_AI_DEALS": "US government and press, by agreement",
}
"""Publishers of the later lists, in words of our own; the collected file says more on single rows."""
NOT_STATES = ("EUU", "XAU", "XIF")
JOINED_STATUSES = frozenset({"signed", "member", "cosponsor", "leader", "cohost", "cochair", "bloc_member"})
LAST_NAME_IN_FORUM_LIST = "Sierra Leone"
LATER_COOPERATION_PARTNERS = frozenset({"LAO"})
"""Became a dialogue partner of the Shanghai Cooperation Organisation in September 2025, after the cut-off."""
FIELDS = (
    "initiative", "iso3", "date", "date_precision", "status", "confidence", "date_confidence", "source",
)  # fmt: skip
REGISTER_FIELDS = (
    "id", "name", "family", "kind", "opened", "completeness", "absence", "role", "estimate", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One act of one state; ``status`` is ``1`` (joined), ``0`` (stayed out or left) or empty (unknown).

    ``confidence`` speaks of the status; ``date_confidence`` of the date, and is the same where it is left
    empty.
    """

    initiative: str
    iso3: str
    date: str
    status: str
    confidence: str
    source: str
    date_confidence: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as written to ``participation.csv``."""
        precision = date_precision(self.date)
        dated = self.date_confidence or self.confidence
        return (
            self.initiative, self.iso3, self.date, precision, self.status, self.confidence, dated,
            self.source,
        )  # fmt: skip


def compile_rows(raw: Path) -> list[Row]:
    """Read the collected files below ``raw`` and return the compiled rows, sorted.

    Raises
    ------
    InputError
        If a collected file is missing.
    """
    names = {row["iso3"]: row["name"] for row in read_csv(raw / "countries.csv")}
    rows = [
        *_club_rows(read_csv(raw / "participation.csv")),
        *_belt_and_road_rows(read_csv(raw / "bri.csv")),
        *_infrastructure_rows(read_csv(raw / "infrastructure.csv"), names),
        *_cooperation_rows(read_csv(raw / "countries.csv")),
    ]
    kept = [_settle(row) for row in rows if row.iso3 in names and cutoff_side(row.date) != "after"]
    return sorted(kept, key=lambda row: row.cells())


def write_tables(raw: Path, tables: Path = TABLES) -> None:
    """Write ``initiatives.csv``, ``participation.csv``, ``past.csv`` and ``SOURCES.md`` into ``tables``."""
    tables.mkdir(parents=True, exist_ok=True)
    write_csv(tables / "initiatives.csv", REGISTER_FIELDS, (_register_cells(item) for item in INITIATIVES))
    rows = compile_rows(raw)
    write_csv(tables / "participation.csv", FIELDS, (row.cells() for row in rows))
    write_past(raw, tables / "past.csv")
    later = compile_later_rows(raw)
    write_csv(
        tables / table_name("initiatives", TODAY),
        REGISTER_FIELDS,
        (_register_cells(item) for item in LATER_INITIATIVES),
    )
    write_csv(tables / table_name("participation", TODAY), FIELDS, (row.cells() for row in later))
    text = sources_document(INITIATIVES, _facts(rows), LATER_INITIATIVES, _facts(later))
    (tables / "SOURCES.md").write_text(text, encoding="utf-8")


def _facts(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    return [(row.initiative, row.iso3, row.status) for row in rows]


def compile_later_rows(raw: Path) -> list[Row]:
    """Read what was collected of the time after the first cut-off, and return the rows up to today's, sorted.

    Raises
    ------
    InputError
        If a collected file is missing.
    """
    names = {row["iso3"] for row in read_csv(raw / "countries.csv")}
    wanted = {item.id for item in (*INITIATIVES, *LATER_INITIATIVES)}
    rows = []
    for entry in read_csv(raw / "participation_2026.csv"):
        if entry["initiative_id"] not in wanted or entry["iso3"] not in names:
            continue
        status = LATER_STATUSES.get(entry["status"])
        if status is None or cutoff_side(entry["date"]) == "before":
            continue
        confidence = "low" if entry["source"] == "memory" else entry["confidence"]
        publisher = LATER_SOURCES.get(entry["initiative_id"], entry["source"])
        source = "memory" if entry["source"] == "memory" else publisher
        rows.append(Row(entry["initiative_id"], entry["iso3"], entry["date"], status, confidence, source))
    kept = [_settle(row, TODAY) for row in rows if cutoff_side(row.date, TODAY) != "after"]
    return sorted(kept, key=lambda row: row.cells())


def _settle(row: Row, cutoff: dt.date = CUTOFF) -> Row:
    """Turn a status that cannot be placed before the cut-off into unknown (rule 2)."""
    known_absence = row.status == "0" and not row.date
    if cutoff_side(row.date, cutoff) == "before" or known_absence:
        return row
    return replace(row, status="")


def _club_rows(table: Iterable[dict[str, str]]) -> list[Row]:
    wanted = {item.id for item in INITIATIVES}
    rows = []
    for entry in table:
        if entry["initiative_id"] not in wanted or entry["iso3"] in NOT_STATES:
            continue
        status = {"not_signed": "0", "withdrawn": "0", "member_ambiguous": ""}.get(entry["status"], "1")
        if status == "1" and entry["status"] not in JOINED_STATUSES:
            continue  # votes, attendance and statements are no acts of joining
        date = entry["date"] if status else ""
        rows.append(
            Row(entry["initiative_id"], entry["iso3"], date, status, entry["confidence"], entry["source"])
        )
    return rows


def _belt_and_road_rows(table: Iterable[dict[str, str]]) -> list[Row]:
    rows = []
    for entry in table:
        iso3, dated, source = entry["iso3"], entry["confidence"], entry["source"]
        joined = _year_month(entry["joined_year"], entry["joined_month"])
        if entry["status"] == "never":
            rows.append(Row("BRI", iso3, "", "0", dated, source or "on neither published list"))
            continue
        rows.append(Row("BRI", iso3, joined, "1", _listing_confidence(entry), source, dated))
        if entry["status"] == "left":
            left = _year_month(entry["left_year"], entry["left_month"])
            rows.append(Row("BRI", iso3, left, "0", dated, source))
    return rows


def _listing_confidence(entry: dict[str, str]) -> str:
    """Confidence that a state is in the Belt and Road at all; the sources disagree more often on the year."""
    if entry["source"] == "official_text":
        return "high"
    if entry["sw2022_not_signed"] == "1" and entry["joined_year"] <= "2021":
        return "low"
    return "high" if entry["gfdc2025_year"] else "medium"


def _infrastructure_rows(table: Iterable[dict[str, str]], names: dict[str, str]) -> list[Row]:
    rows = []
    for entry in table:
        iso3 = entry["iso3"]
        if entry["aiib_member"] == "1":
            confidence = "high" if entry["aiib_source"] == "seen" else "medium"
            date = _year_month(entry["aiib_approved_year"], entry["aiib_approved_month"])
            rows.append(Row("AIIB", iso3, date, "1", confidence, f"AIIB approvals ({entry['aiib_source']})"))
        if entry["dsr_initiative_2017"] == "1":
            rows.append(Row("DSR_2017", iso3, "2017-12", "1", "high", "Chinese press"))
        if entry["brf3_digital_green_2023"] == "1":
            rows.append(Row("BRF3_DIGITAL", iso3, "2023-10-18", "1", "high", "press"))
        elif _without_accents(names.get(iso3, "")) > LAST_NAME_IN_FORUM_LIST:
            rows.append(Row("BRF3_DIGITAL", iso3, "", "", "low", "list breaks off before this name"))
        if entry["gdi_friends_seen"] == "1":
            year, source = entry["gdi_friends_seen_year"], "Chinese ministry or UN mission"
            rows.append(Row("GDI_FRIENDS", iso3, year, "1", "medium", source, "low"))
    return rows


def _cooperation_rows(table: Iterable[dict[str, str]]) -> list[Row]:
    """Ties with the Shanghai Cooperation Organisation, dated by the last summit before the cut-off's year."""
    rows = []
    for entry in table:
        tied = "1" in (entry["sco"], entry["sco_partner"])
        if tied and entry["iso3"] not in LATER_COOPERATION_PARTNERS:
            rows.append(Row("SCO", entry["iso3"], "2024-07", "1", "medium", "public member lists", "low"))
    return rows


def _year_month(year: str, month: str) -> str:
    return f"{int(year):04d}-{int(month):02d}" if year and month else year


def _without_accents(name: str) -> str:
    """Return the name without accents, so that it sorts as in an English list."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter.isascii())


def _register_cells(item: Initiative) -> tuple[str, ...]:
    return (
        item.id, item.name, item.family, item.kind, item.opened, item.completeness, item.absence, item.role,
        item.estimate, item.note,
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Command-line entry of the module."""
    parser = argparse.ArgumentParser(description="Compile the outcome tables of the evidence.")
    parser.add_argument("--raw", type=Path, required=True, help="folder of the collected files")
    parser.add_argument("--tables", type=Path, default=TABLES, help="where to write the tables")
    options = parser.parse_args(arguments)
    write_tables(options.raw, options.tables)


if __name__ == "__main__":
    main()
