"""Write ``tables/SOURCES.md``: where the outcome tables come from, by which rules, and how far they reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sim.calibration.dates import CUTOFF, TODAY
from sim.calibration.initiatives import ORGANIZATIONS, Initiative
from sim.calibration.participation import CONFIDENCE_WEIGHTS, NOT_UN_MEMBERS

_HEAD = """# Sources of the outcome tables

Written by `python -m tools.data.participation.compile`; do not edit.

`initiatives.csv` holds one row per initiative with the judgements made about its list; `participation.csv`
one row per act of a state. Both state facts (who signed what, when), gathered from the publishers named in
the column `source` and listed below; no text or table of theirs is copied. Licence: CC BY 4.0.

## Rules

1. **Cut-off.** Nothing dated after {cutoff} enters. A partial date stands for every day it may mean: a row
   counts only if its last possible day is not after the cut-off. The loader refuses a table that breaks this.
2. **Undated rows** (and dates that may fall on either side of the cut-off) have an empty `status`: the state
   is unknown on that list, neither member nor outsider, and contributes to no estimate or score.
3. **Absence.** On a list marked `complete` a state without a row did not join, with the confidence given in
   the column `absence`. On any other list a missing row means nothing, except where it is `auxiliary` in the
   estimate: there the outcome is to be *named* among the leader's partners. States outside the United Nations
   ({outside}) are not invited to most lists: their absence never counts.
4. **Bodies that are no states** (European Union, African Union Commission, IFAD) are left out; their
   signature is not their members' signature.
5. **Confidence** speaks of the status, `date_confidence` of the date. Weights in every likelihood and score:
   {weights} (judgement). A state that left has a second row with status 0.
6. **Memory.** A source that says "memory" was not seen in a stored document; such rows are at best of medium
   confidence, except official lists remembered exactly that match the official count.

## Publishers

* Belt and Road: Nedopil (2025), Countries of the Belt and Road Initiative, Green Finance & Development
  Center, Fudan University (`GFDC2025`); Steinert and Weyrauch (2022), year of first agreement read off a
  published map (`SW2022`); deliverables of the Belt and Road Forums 2017 and 2019 and statements of Chinese
  ministries (`official_text`). Where the first two disagree by more than a year, `date_confidence` is low;
  where only one lists the state at all, `confidence` is.
* Asian Infrastructure Investment Bank: approvals by the board of governors, from its pages and press; others
  from memory.
* Shanghai Cooperation Organisation: members, observers and dialogue partners from public member lists, as they
  stood after the summit of July 2024. Group of Friends of the Global Development Initiative: states named by
  Chinese ministries and the mission to the United Nations.
* Declarations and clubs: texts and lists of gov.uk, oecd.org, the Latvian foreign ministry, the Council of
  Europe, the US mission to the United Nations and fmprc.gov.cn; lists compiled by dig.watch and by the
  airegulationmap project; press.

## The past (`past.csv`)

Yearly values 2012-2024, used by joining histories and replays; a gap takes the nearest year. `ideal_point`: Bailey,
Strezhnev & Voeten, UN General Assembly ideal points, version of July 2025 (final-passage votes). `gdp` (US$ bn) and
`internet_users` (share): World Bank, World Development Indicators. `electoral_democracy`: V-Dem v16 polyarchy.
`us_aid`: ForeignAssistance.gov, disbursements in constant 2024 US$ million, mean of the five years before.
`cn_finance`: AidData Global Chinese Development Finance 3.0, commitments in constant 2021 US$ million, mean of the five
years before (recorded to 2021). `pact_us`: NATO by date of accession, and the Pacific allies; `mnna_us`: major non-NATO
allies by year of designation.

## Initiatives

Members, absences and unknowns are states with a row in `participation.csv`; on a complete list all other
states count as absent too.

"""
_COLUMNS = (
    "id", "family", "list", "opened", "status of the list", "absence", "role", "in the estimate", "members",
    "absent", "unknown", "note",
)  # fmt: skip


_LATER_HEAD = """
## Acts since

`initiatives-{today}.csv` and `participation-{today}.csv` hold what was done between the two cut-offs, {cutoff} and
{today}, by the same rules; nothing of it enters an estimate of the first. What is *no* membership: an observer, an
invitation, a state that considers or supports, one represented by the European Union, one that took part without
signing, a text that a regional body adopted. The rosters were read in the first days of October 2026; "not found" means
not known by then. `members: signatories` in a scenario takes the lists {lists} alone.

"""


def sources_document(
    items: Sequence[Initiative],
    rows: Iterable[tuple[str, str, str]],
    later_items: Sequence[Initiative],
    later_rows: Iterable[tuple[str, str, str]],
) -> str:
    """Return the text of ``SOURCES.md``.

    Parameters
    ----------
    items, later_items
        The registers of the first cut-off and of the time since.
    rows, later_rows
        (initiative, country, status) of every compiled row, in order of date; the last one of a state counts.
    """
    head = _HEAD.format(
        cutoff=CUTOFF,
        outside=", ".join(sorted(NOT_UN_MEMBERS)),
        weights=", ".join(f"{name} {weight:g}" for name, weight in CONFIDENCE_WEIGHTS.items()),
    )
    lists = ", ".join(name for names in ORGANIZATIONS.values() for name in names)
    between = _LATER_HEAD.format(cutoff=CUTOFF, today=TODAY, lists=lists)
    return head + _table(items, rows) + between + _table(later_items, later_rows)


def _table(items: Sequence[Initiative], rows: Iterable[tuple[str, str, str]]) -> str:
    latest = {(initiative, iso3): status for initiative, iso3, status in rows}
    counts = Counter((initiative, status) for (initiative, _), status in latest.items())
    lines = [_COLUMNS, ("---",) * len(_COLUMNS)]
    for item in items:
        seen = (str(counts[item.id, status]) for status in ("1", "0", ""))
        judged = (item.opened, item.completeness, item.absence, item.role, item.estimate)
        lines.append((item.id, item.family, item.name, *judged, *seen, item.note))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
