"""Reports and the page say what an entry opens, brings into force and dissolves, and when it may happen."""

import pytest

from sim.labels.events import acts_of, course_text, event_title, name_words
from sim.report.assumptions import timeline_part
from sim.report.blocks import Cell, Table
from sim.scenario.library import library
from sim.scenario.loader import Loaded, load, load_text

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
    ("fields", "act", "course"),
    [
        ("in_force: china, after: 2026-10-01, median: 2027-05-15", "China-led: organization in force",
         "in half of the futures by 15 May 2027"),
        ("opens: china, date: 2026-07-16, until: 2027Q2", "China-led: founders' window opens", "until end of June 2027"),
        ("opens: china, date: 2026-07-16, chance: 0.5", "China-led: founders' window opens", "with probability 50 %"),
        ("dissolves: china, date: 2026-07-16, probability: 0.5", "China-led: dissolved", "with probability 50 % a year"),
        ("set: {blocs.us.access.tier2: 0.25}, date: 2029Q4, over: 4", "US-led: Chips for members, tier 2 = 25 %",
         "over 4 quarters"),
        ("add: {countries.KEN.aid_offer.china: 900}, date: 2029Q4", "Kenya: aid offer, China-led + 900", ""),
        ("scale: {blocs.us.aid_budget: 0.5}, date: 2029Q4, lasts: 4", "US-led: Aid budget × 0.5", "for 4 quarters"),
    ],
)  # fmt: skip
def test_the_page_says_what_an_entry_does_and_its_course(fields: str, act: str, course: str) -> None:
    (entry,) = scenario(fields).scenario.timeline
    assert acts_of(entry, {}, {"KEN": "Kenya"}) == [act]
    assert course_text(entry) == course


def test_names_of_entries_are_words() -> None:
    assert name_words("us-exclusivity-letter") == "US exclusivity letter"
    assert name_words("waico-in-force") == "WAICO in force"
    library_names = [e.name for s in library() for e in load(s).scenario.timeline]
    assert len(library_names) > 50
    assert not [name for name in library_names if name and set(name_words(name)) & set("-_")]
    entry = scenario("opens: china, date: 2026-07-16").scenario.timeline[0]
    assert event_title(entry.model_copy(update={"name": None})) == "China-led: founders' window opens"
