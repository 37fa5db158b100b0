"""Reports and the page say what an entry opens, brings into force and dissolves, and when it may happen."""

import pytest

from sim.dashboard.page.timeline import entry_text
from sim.report.assumptions import timeline_part
from sim.report.blocks import Cell, Table
from sim.scenario.loader import Loaded, load_text

BASE = "name: a\nblocs:\n  us: {leader: USA}\n  china: {leader: CHN, family: china, in_force: 0}\n"


def scenario(fields: str) -> Loaded:
    return load_text(f"{BASE}timeline:\n  - {{name: e, {fields}, reference: a paper}}\n")


def said(fields: str) -> tuple[str, str]:
    """Return when and what a report says of an entry."""
    tables = [
        block
        for block in timeline_part(scenario(fields).scenario).blocks
        if isinstance(block, Table) and block.rows
    ]
    ((when, what, reference),) = tables[0].rows
    assert isinstance(what, Cell)
    assert reference == "a paper"
    return str(when), what.text


@pytest.mark.parametrize(
    ("fields", "when", "what"),
    [
        ("opens: china, date: 2026-07-16, until: 2026-10-01", "2026-07-16 to 2026-10-01", "`blocs.china.opening = 1`"),
        ("in_force: china, after: 2026-10-01, median: 2027-05-15", "after 2026-10-01, in half of the futures by 2027-05-15",
         "`blocs.china.in_force = 1`"),
        ("in_force: china, after: 2026Q4, median: 2027Q2, by: 2029Q4", "after 2026Q4 to 2029Q4, in half of the futures by 2027Q2",
         "`blocs.china.in_force = 1`"),
        ("dissolves: us, date: 2029Q1, chance: 0.25", "2029Q1, with 25 %", "`blocs.us.dissolved = 1`"),
        ("set: {blocs.us.appeal: 1}, date: 2029Q1, probability: 0.25", "from 2029Q1, with 25 % a year", "`blocs.us.appeal = 1`"),
        ("opens: us, add: {blocs.us.appeal: 1}, date: 2029Q1", "2029Q1", "`blocs.us.opening = 1`\n`blocs.us.appeal + 1`"),
    ],
)  # fmt: skip
def test_a_report_says_when_and_what(fields: str, when: str, what: str) -> None:
    assert said(fields) == (when, what)


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ("in_force: china, after: 2026-10-01, median: 2027-05-15", ", in half of the futures by 2027-05-15"),
        ("opens: china, date: 2026-07-16, chance: 0.5", ", with probability 0.5"),
        ("dissolves: china, date: 2026-07-16, probability: 0.5", ", with probability 0.5 a year"),
    ],
)
def test_the_page_says_what_an_entry_sets_and_its_chance(fields: str, end: str) -> None:
    (entry,) = scenario(fields).scenario.timeline
    text = entry_text(entry, {}, {})
    assert text.endswith(f" = 1{end}")
    assert "China" in text
