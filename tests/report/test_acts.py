"""Acts come first: what makes a state a member is shown with date and source, and said before any utility."""

import pytest

import sim
from sim.report.acts import acts_part, latest_acts, starting_acts
from sim.report.blocks import Table, Text
from sim.report.data import country_document
from sim.results.run import RunResult
from sim.scenario.loader import load
from sim.world import describe, load_world


@pytest.fixture(scope="module")
def run() -> RunResult:
    return sim.run("baseline", runs=2, until="2027Q1")


def test_kenyas_acts_on_both_sides_with_date_source_and_whether_they_count() -> None:
    table, rule = acts_part("KEN").blocks
    assert isinstance(table, Table)
    assert isinstance(rule, Text)
    rows = [[str(cell) for cell in row] for row in table.rows]
    signed = next(row for row in rows if "World AI Cooperation" in row[1])
    assert signed[0] == "China-led"
    assert signed[2:4] == ["2026-07-16", "yes"]
    assert "foreign ministry" in signed[4]
    assert [row[3] for row in rows if "Infrastructure Investment Bank" in row[1]] == ["no"]
    assert "2026-10-09" in rule.text
    assert "2025-07-25" in rule.text


def test_a_leader_and_a_state_of_another_world_have_no_acts_of_joining() -> None:
    (said,) = acts_part("USA").blocks
    assert isinstance(said, Text)
    assert "leads a bloc" in said.text
    assert acts_part("XYZ").blocks == ()


def test_the_data_of_a_country_hold_its_acts() -> None:
    world = load_world()
    document = country_document(world, describe(world, "KEN"))
    assert "Acts" in [part.title for part in document.parts]


def test_an_explanation_says_by_which_acts_a_state_begins(run: RunResult) -> None:
    """What is said of every state is what the run starts from."""
    kenya = starting_acts(run, "KEN")
    assert kenya.startswith("It begins in the US-led bloc by Freedom Online Coalition (2011); ")
    assert ", and in the China-led bloc by " in kenya
    assert "World AI Cooperation Organization (agreement) (2026)" in kenya
    assert starting_acts(run, "USA") == ""
    codes, held = run.inputs.iso3, run.inputs.countries.initial
    for code, sides in zip(codes, held.tolist(), strict=True):
        if code not in ("USA", "CHN"):
            assert starting_acts(run, code).count(" bloc by ") == sides.bit_count(), code


def test_a_world_of_july_2025_is_explained_by_the_acts_of_july_2025() -> None:
    before = sim.run("july-2025", runs=2, until="2025Q4")
    assert "China" not in starting_acts(before, "KEN"), "one act that counted by July 2025 is not enough"
    assert starting_acts(before, "VNM") == (
        "It begins in no bloc: fewer than 2 acts that count were recorded by 2025-07-25."
    )


def test_signatories_are_explained_by_their_signature() -> None:
    both = {f"blocs.{bloc}.members": "signatories" for bloc in ("us", "china")}
    signed = sim.run("baseline", runs=2, until="2027Q1", overrides=both)
    assert starting_acts(signed, "KEN") == (
        "It begins in the China-led bloc by World AI Cooperation Organization (agreement) (2026)."
    )
    assert (
        starting_acts(signed, "FJI")
        == "It begins in no bloc: it had signed the organization of none by 2026-10-09."
    )


def test_where_a_scenario_names_the_members_itself_no_act_is_claimed() -> None:
    named = sim.run("baseline", runs=2, until="2027Q1", overrides={"blocs.china.members": ["KEN"]})
    assert starting_acts(named, "KEN").endswith(" and in the China-led bloc because the scenario says so.")
    assert "China-led" not in starting_acts(named, "VNM")


def test_the_latest_acts_of_a_side_are_named_with_their_days() -> None:
    scenario = load("baseline").scenario
    kenya = latest_acts(scenario, "china", "KEN")
    assert kenya.startswith("3 acts on this side so far: World AI Cooperation Organization (agreement), ")
    assert " 2026; " in kenya
    assert "It takes" not in kenya
    assert latest_acts(scenario, "us", "KEN", most=2).endswith("; and 3 before.")
    assert latest_acts(scenario, "us", "USA") == "", "a leader's own acts say nothing"
    earlier = latest_acts(load("july-2025").scenario, "china", "KEN")
    assert earlier.startswith("1 act on this side so far: ")
    assert earlier.endswith("It takes 2 to be a member.")
