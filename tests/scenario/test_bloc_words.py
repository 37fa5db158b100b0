"""Entries that open, bring into force and dissolve blocs, at dates and at random dates: language, checks, precedence."""

from __future__ import annotations

from typing import Any

import jsonschema
import numpy as np
import pytest

from sim.calibration.posterior import load_posterior
from sim.errors import InputError
from sim.inputs.build import parameter_row
from sim.inputs.timeline import build_timeline, event_identity
from sim.registry.columns import registry
from sim.scenario.json_schema import json_schema
from sim.scenario.loader import Loaded, load_text, released, revise
from sim.scenario.resolved import resolved_text, scenario_sha256
from sim.scenario.yaml_io import parse_yaml
from sim.theory.timeline import NEVER, Timeline, draw_starts
from sim.world import load_world

WORLD = load_world()
BASE = """name: a
horizon: {start: 2025Q3, end: 2031Q4}
blocs:
  us: {leader: USA}
  china: {leader: CHN, family: china, in_force: 0}
"""
OPENING, IN_FORCE, DISSOLVED = (f"blocs.china.{name}" for name in ("opening", "in_force", "dissolved"))
FUTURES = 20_000


def entry(fields: str, name: str = "e") -> str:
    return f"  - {{name: {name}, {fields}, reference: x}}\n"


def loaded(*entries: str, **overrides: Any) -> Loaded:
    return load_text(f"{BASE}timeline:\n{''.join(entries)}" if entries else BASE, overrides=overrides)


def timeline_of(one: Loaded) -> Timeline:
    return build_timeline(one.scenario, WORLD, registry(tuple(one.scenario.blocs)))


def course(one: Loaded, name: str) -> list[float]:
    """Return a parameter in every quarter of one future, seen from the arrays: what is certain, each change a step."""
    timeline = timeline_of(one)
    parameters = registry(tuple(one.scenario.blocs))
    column = [p.name for p in parameters].index(name)
    starts = np.zeros(timeline.event_id.size, dtype=np.int64)
    draw_starts(timeline, 1, 0, starts)
    row, _ = parameter_row(one.scenario, parameters, load_posterior())
    values = []
    for step in range(12):
        value = row[column]
        for e in np.flatnonzero(timeline.column == column):
            begun = starts[timeline.event[e]]
            if begun <= step < begun + timeline.event_length[timeline.event[e]]:
                value = timeline.value[e]
        values.append(float(value))
    return values


def starts_of(one: Loaded, seed: int = 7) -> np.ndarray:
    """Return the step at which the first event begins in each of many futures, int64[FUTURES]."""
    timeline = timeline_of(one)
    found = np.zeros((FUTURES, timeline.event_id.size), dtype=np.int64)
    for r in range(FUTURES):
        draw_starts(timeline, seed, r, found[r])
    return found[:, 0]


def test_a_window_is_open_until_its_end() -> None:
    values = course(loaded(entry("opens: china, date: 2026-07-16, until: 2027-01-01")), OPENING)
    assert values == [0.0] * 4 + [1.0] * 2 + [0.0] * 6


def test_a_window_without_an_end_is_open_for_a_quarter_while_the_rest_of_its_entry_lasts() -> None:
    one = loaded(entry("opens: china, date: 2026-07-16, set: {blocs.china.appeal: 0.5}, attention: 0.3"))
    assert course(one, OPENING) == [0.0] * 4 + [1.0] + [0.0] * 7
    assert course(one, "blocs.china.appeal") == [0.0] * 4 + [0.5] * 8
    assert sorted(timeline_of(one).event_attention.tolist()) == [0.0, 0.3]  # the attention is raised once


def test_a_window_of_a_random_event_opens_in_the_quarter_of_the_event() -> None:
    one = loaded(entry("opens: china, date: 2026Q1, probability: 0.3, set: {blocs.china.appeal: 1}"))
    timeline = timeline_of(one)
    both = np.zeros((200, 2), dtype=np.int64)
    for r in range(200):
        draw_starts(timeline, 3, r, both[r])
    assert (both[:, 0] == both[:, 1]).all()
    assert len(set(both[:, 0].tolist())) > 5


def test_in_force_and_dissolved_are_for_good() -> None:
    assert course(loaded(entry("in_force: china, date: 2026Q1")), IN_FORCE) == [0.0] * 2 + [1.0] * 10
    assert course(loaded(entry("dissolves: china, date: 2026Q1")), DISSOLVED) == [0.0] * 2 + [1.0] * 10


def test_words_act_at_once_beside_a_ramp() -> None:
    one = loaded(entry("in_force: china, date: 2026Q1, over: 8, set: {blocs.china.appeal: 1}"))
    assert sorted(timeline_of(one).ramp.tolist()) == [0, 8]


def test_half_of_the_futures_have_a_random_date_by_its_median_and_nearly_all_between_its_bounds() -> None:
    one = loaded(entry("in_force: china, after: 2026-10-01, median: 2027-12-31"))
    starts = starts_of(one)
    first, quarters = 5, 5
    assert starts.min() >= first
    by = [np.mean(starts < first + j) for j in range(1, 21)]
    expected = 1.0 - 2.0 ** -((np.arange(1, 21) / quarters) ** 2)
    np.testing.assert_allclose(by, expected, atol=4 * 0.5 / np.sqrt(FUTURES))
    assert by[4] == pytest.approx(0.5, abs=0.015)


def test_a_median_within_a_quarter_counts_its_days() -> None:
    def quarters(median: str) -> float:
        return float(
            timeline_of(loaded(entry(f"in_force: china, after: 2026-10-01, median: {median}"))).event_median[
                0
            ]
        )

    assert quarters("2027-03-31") == quarters("2027Q1") == 2.0
    assert quarters("2027-05-15") == pytest.approx(2.0 + 45 / 91)


def test_a_random_date_stops_at_by() -> None:
    starts = starts_of(loaded(entry("in_force: china, after: 2026Q4, median: 2027Q4, by: 2027Q1")))
    assert set(starts.tolist()) == {5, 6, NEVER}


def test_a_random_date_that_could_have_come_before_the_start_has_not() -> None:
    starts = starts_of(loaded(entry("in_force: china, after: 2024Q3, median: 2026Q2")))
    m, j = 8, np.arange(4, 20)  # eight quarters to the end of the median, of which four are over at the start
    left = 2.0 ** -((j / m) ** 2)
    share = [np.mean(starts >= step) for step in range(16)]
    np.testing.assert_allclose(share, left / left[0], atol=4 * 0.5 / np.sqrt(FUTURES))


def test_a_chance_is_taken_at_its_date_or_never() -> None:
    starts = starts_of(loaded(entry("set: {blocs.us.exclusivity: 0.1}, date: 2027-01-01, chance: 0.3")))
    assert set(starts.tolist()) == {6, NEVER}
    assert np.mean(starts == 6) == pytest.approx(0.3, abs=4 * 0.46 / np.sqrt(FUTURES))
    before = starts_of(loaded(entry("set: {blocs.us.exclusivity: 0.1}, date: 2024Q1, chance: 0.3")))
    assert set(before.tolist()) == {-6, NEVER}
    assert np.mean(before == -6) == pytest.approx(0.3, abs=4 * 0.46 / np.sqrt(FUTURES))


@pytest.mark.parametrize(("chance", "first"), [(0, NEVER), (1, 6)])
def test_a_chance_of_none_or_one_is_certain(chance: int, first: int) -> None:
    starts = starts_of(loaded(entry(f"set: {{blocs.us.exclusivity: 0.1}}, date: 2027Q1, chance: {chance}")))
    assert set(starts.tolist()) == {first}


def test_what_could_only_happen_before_the_start_does_not() -> None:
    one = loaded(entry("set: {blocs.us.exclusivity: 0.1}, date: 2024Q1, by: 2024Q1, probability: 0.9"))
    assert set(starts_of(one).tolist()) == {NEVER}


def test_a_chance_may_have_a_dated_end() -> None:
    one = loaded(entry("set: {blocs.us.exclusivity: 0.1}, date: 2027Q1, until: 2027Q3, chance: 0.5"))
    assert timeline_of(one).event_length.tolist() == [2]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("opens: chna, date: 2026Q1", "timeline[e].opens: 'chna' is not a bloc of this scenario; did you mean china?"),
        ("in_force: them, date: 2026Q1", "timeline[e].in_force: 'them' is not a bloc of this scenario; blocs: us, china"),
        ("dissolves: uss, date: 2026Q1", "timeline[e].dissolves: 'uss' is not a bloc of this scenario; did you mean us?"),
        ("opens: 3, date: 2026Q1", "timeline[e].opens must be text, not 3"),
        ("opens: china", "timeline[e].date is missing; every entry needs a beginning"),
        ("opens: china, date: 2026Q1, set: {blocs.china.opening: 0.5}", "opens sets blocs.china.opening already"),
        ("in_force: china, date: 2026Q1, scale: {blocs.china.in_force: 2}", "in_force sets blocs.china.in_force already"),
        ("dissolves: china, opens: china, date: 2026Q1", "cannot dissolve china and open it"),
        ("dissolves: china, in_force: china, date: 2026Q1", "cannot dissolve china and open it"),
        ("in_force: china, date: 2026Q1, until: 2027Q1", "in_force is for good; for a time, write set: {blocs.china.in_force: 1}"),
        ("dissolves: china, date: 2026Q1, lasts: 4", "dissolves is for good"),
        ("in_force: china, date: 2026Q1, over: 4", "over is a ramp of set, add and scale; in_force acts at once"),
        ("in_force: china, after: 2026Q4", "a random date needs after (from when it may happen) and median"),
        ("in_force: china, median: 2026Q4", "a random date needs after (from when it may happen) and median"),
        ("in_force: china, after: 2026Q4, median: 2027Q4, date: 2026Q4", "after takes the place of date"),
        ("in_force: china, after: 2026Q4, median: 2026Q3", "median (2026Q3) must come after 2026Q4"),
        ("in_force: china, after: 2026-11-02, median: 2026-11-01", "median (2026-11-01) must come after 2026-11-02"),
        ("in_force: china, after: 2026Q4, median: 2027Q4, by: 2026Q3", "by (2026Q3) must not come before date (2026Q4)"),
        ("in_force: china, after: 2026Q4, median: 2027Q4, chance: 0.5", "chance and median contradict each other"),
        ("in_force: china, date: 2026Q4, probability: 0.1, chance: 0.5", "probability and chance contradict each other"),
        ("in_force: china, date: 2026Q4, chance: 0.5, by: 2027Q4", "by does not go with chance"),
        ("in_force: china, date: 2026Q4, chance: 1.5", "timeline[e].chance is 1.5; it must be at most 1"),
        ("opens: china, after: 2026Q4, median: 2027Q4, until: 2028Q1", "use until for a dated end, lasts for"),
        ("date: 2026Q4", "an entry must set, add to or scale something, raise attention, or open, bring into force or dissolve a bloc"),
    ],
)  # fmt: skip
def test_contradictions_and_unknown_blocs_are_refused(fields: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        loaded(entry(fields))
    assert len(error.value.problems) == 1
    assert message in str(error.value)
    assert str(error.value).startswith("scenario.yaml:7:")


ENTRIES = [
    entry("opens: china, date: 2026-07-16, until: 2026-10-01, attention: 0.2, concerns: [KEN]", "window"),
    entry("in_force: china, after: 2026-10-01, median: 2027-05-15, by: 2030Q4", "ratified"),
    entry("in_force: china, after: 2026-10-01, median: 2027-05-15, set: {blocs.china.appeal: 0.2}", "both"),
    entry("dissolves: us, date: 2029Q1, chance: 0.1", "end"),
]


def test_a_scenario_with_words_is_written_and_read_back_the_same() -> None:
    one = loaded(*ENTRIES)
    text = resolved_text(one.scenario, {})
    again = load_text(text)
    assert again.scenario.timeline == one.scenario.timeline
    assert scenario_sha256(again.scenario, {}) == scenario_sha256(one.scenario, {})
    for n, (mine, back) in enumerate(zip(timeline_of(one), timeline_of(again), strict=True)):
        assert np.array_equal(mine, back), Timeline._fields[n]


def test_every_word_tells_entries_and_scenarios_apart() -> None:
    texts = ["opens: china, date: 2027Q1", "in_force: china, date: 2027Q1", "dissolves: china, date: 2027Q1",
             "dissolves: us, date: 2027Q1", "in_force: china, date: 2027Q1, chance: 0.5",
             "in_force: china, after: 2027Q1, median: 2028Q1", "in_force: china, after: 2027Q1, median: 2028Q2"]  # fmt: skip
    all_of_them = [loaded(f"  - {{{text}, reference: x}}\n").scenario for text in texts]
    assert len({scenario_sha256(one, {}) for one in all_of_them}) == len(texts)
    assert (
        len({event_identity(one.timeline[0]) for one in all_of_them}) == 4
    )  # by bloc and word; all begin in one quarter


def test_the_identity_of_an_entry_without_name_is_what_it_was() -> None:
    one = loaded("  - {date: 2027Q1, set: {blocs.us.appeal: 1}, probability: 0.1, reference: x}\n")
    import zlib

    name = "2027Q1|['blocs.us.appeal']|[]|[]|x"
    assert event_identity(one.scenario.timeline[0]) == zlib.crc32(name.encode()) % (1 << 20)


@pytest.mark.parametrize(
    ("fields", "name"), [("opens: china, date: 2027Q1", OPENING), ("in_force: china, after: 2027Q1, median: 2028Q1", IN_FORCE),
                         ("dissolves: china, date: 2027Q1", DISSOLVED)]
)  # fmt: skip
def test_what_a_user_sets_holds_against_words_and_it_is_said(fields: str, name: str) -> None:
    note = f'"e" no longer sets {name}: you set it'
    only = loaded(entry(fields))
    set_on_top = revise(only, {name: 0.25})
    assert (set_on_top.scenario.timeline, set_on_top.notes) == ([], (note,))
    more = loaded(entry(f"{fields}, set: {{blocs.china.appeal: 1}}"), **{name: 0.25})
    assert more.notes == (note,)
    assert [(e.words, e.set) for e in more.scenario.timeline] == [({}, {"blocs.china.appeal": 1.0})]
    assert released(only, [name], "it is varied").notes == (f'"e" no longer sets {name}: it is varied',)
    other = revise(only, {"blocs.us.in_force": 0.25, "blocs.us.opening": 0.25, "blocs.us.dissolved": 0.25})
    assert (other.scenario.timeline, other.notes) == (only.scenario.timeline, ())


def test_a_child_that_states_in_force_holds_against_its_parent(tmp_path: Any) -> None:
    (tmp_path / "parent.yaml").write_text(f"{BASE}timeline:\n{''.join(ENTRIES[:2])}", encoding="utf-8")
    child = "name: c\nextends: parent.yaml\nblocs: {china: {in_force: 0.5}}\n"
    (tmp_path / "child.yaml").write_text(child, encoding="utf-8")
    from sim.scenario.loader import load

    one = load(tmp_path / "child.yaml")
    assert [e.name for e in one.scenario.timeline] == ["window"]
    assert one.notes == ('"ratified" no longer sets blocs.china.in_force: you set it',)
    parent = load(
        tmp_path / "parent.yaml"
    )  # the same file states in_force and brings it into force: its entries act
    assert [e.name for e in parent.scenario.timeline] == ["window", "ratified"]


@pytest.mark.parametrize("text", ENTRIES)
def test_the_schema_takes_what_the_language_takes(text: str) -> None:
    jsonschema.validate(parse_yaml(f"{BASE}timeline:\n{text}", "x").data, json_schema())


@pytest.mark.parametrize(
    "fields", ["date: 2027Q1", "opens: china", "opens: china, after: 2027Q1", "opens: 3, date: 2027Q1"]
)
def test_the_schema_refuses_what_the_language_refuses(fields: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(parse_yaml(f"{BASE}timeline:\n{entry(fields)}", "x").data, json_schema())
