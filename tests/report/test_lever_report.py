"""What is said of levers: tables that fit a terminal, a reason beside every small effect, one lever in detail."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import sim
from sim.measures import Band
from sim.report.levers import cards_markdown, lever_document, levers_document, levers_markdown, short
from sim.report.terminal import on_screen
from sim.scenario.loader import load
from sim.sensitivity.lever_cache import Endings
from sim.sensitivity.lever_effects import SMALL, LeverTable, lever_table, share_names
from sim.sensitivity.levers import POSITIONS, Bench, levers_of
from sim.world import load_world

ROOT = Path(sim.__file__).parents[1]
CLIFF = 0.7
"""Share of a lever's whole effect that its response may bend by between neighbouring points; a step bends by all of it."""


@pytest.fixture(scope="module")
def kept() -> LeverTable:
    return LeverTable.of_dict(json.loads((ROOT / "docs" / "levers.json").read_text(encoding="utf-8")))


def screen(document: object, width: int = 80) -> list[str]:
    console = Console(width=width, highlight=False, emoji=False, force_terminal=False)
    with console.capture() as capture:
        console.print(on_screen(document))  # type: ignore[arg-type]
    return capture.get().splitlines()


def test_the_table_of_the_documentation_holds_every_lever(kept: LeverTable) -> None:
    assert [one.lever for one in kept.effects] == list(levers_of(("us", "china")))


def test_a_table_of_few_futures_says_so(kept: LeverTable) -> None:
    few = " ".join(" ".join(screen(levers_document(dataclasses.replace(kept, runs=12)))).split())
    assert "Bands of 12 futures are rough guesses" in few
    assert "rough guesses" not in " ".join(screen(levers_document(kept)))


def test_no_lever_is_without_effect_and_without_reason(kept: LeverTable) -> None:
    assert [one.lever.name for one in kept.unexplained] == []
    assert all((one.reason is not None) == (one.size < SMALL) for one in kept.effects)


def test_every_state_is_somewhere(kept: LeverTable) -> None:
    """A state in both blocs counts in each: members of either, less those of both, and the others make all."""
    for one in kept.effects:
        mean = {name: band.mean for name, band in one.change.items()}
        assert mean["us"] + mean["china"] - mean["several"] + mean["non_aligned"] == pytest.approx(
            0, abs=3e-4
        )


def test_no_lever_that_somebody_decides_on_has_a_cliff(kept: LeverTable) -> None:
    decided = [one for one in kept.effects if one.lever.bloc is not None or one.lever.name == "fund-for-all"]
    bends = {one.lever.name: max(one.bend(name) - CLIFF * one.size for name in one.change) for one in decided}
    assert {name: bend for name, bend in bends.items() if bend > SMALL} == {}


def test_the_tables_fit_eighty_columns(kept: LeverTable) -> None:
    lines = screen(levers_document(kept))
    assert max(len(line.rstrip()) for line in lines) <= 80
    text = "\n".join(lines)
    for part in (
        "In plain words",
        "Every slider",
        "Moves less than half a point, and why",
        "How to read this",
    ):
        assert part in text
    assert "not explained" not in text
    for one in kept.effects[:30]:
        detail = lever_document(dataclasses.replace(kept, effects=(one,)), load("baseline"))
        assert max(len(line.rstrip()) for line in screen(detail)) <= 80, one.lever.name


def test_small_effects_are_listed_apart_with_their_reason(kept: LeverTable) -> None:
    (part,) = (part for part in levers_document(kept).parts if part.title.startswith("Moves less than"))
    *_, small = part.blocks
    rows = {row[0].text: row for row in small.rows}  # type: ignore[union-attr]
    assert len(rows) == sum(one.size < SMALL for one in kept.effects)
    assert "chips of the China-led bloc would meet" in str(rows["China-led: Chips for partners only"][2])


def test_an_effect_is_told_with_its_interval_and_a_hump_where_it_stands(kept: LeverTable) -> None:
    one = next(one for one in kept.effects if one.lever.name == "chips-abroad.us")
    hump = np.array([-1.0, 0.2, 2.0, 0.4, -0.5])
    change = {name: Band(0 * hump, 0 * hump, 0 * hump) for name in one.change} | {
        "us": Band(hump, hump - 1, hump + 1)
    }
    changed = dataclasses.replace(one, change=change, main="us", size=3.0, reason=None)
    table = dataclasses.replace(kept, effects=(changed,))
    text = "\n".join(screen(levers_document(table)))
    for expected in (
        "US-led: Chips abroad",
        "0 to 6M H100e/year",
        "-1.0",
        "-2.0..0.0",
        "+2.0 at 3M",
        "prior only",
    ):
        assert expected in text
    page = levers_markdown(table)
    assert "-1.0 [-2.0, 0.0]" in page
    assert f"inputs `{kept.inputs_sha256[:16]}`" in page


def test_a_lever_in_detail_shows_its_points_its_countries_and_what_it_rests_on(kept: LeverTable) -> None:
    one = next(one for one in kept.effects if one.lever.name == "training.china")
    text = "\n".join(screen(lever_document(dataclasses.replace(kept, effects=(one,)), load("baseline")), 120))
    for expected in ("now 0.3", "weak (closing the divide)", "effect of a programme (judgement)", "0.25", "0.75",
                     '"waico-programme" no longer sets blocs.china.capacity_programme', "Countries that move most"):  # fmt: skip
        assert expected in text
    names = dict(zip(load_world().iso3, load_world().names, strict=True))
    assert names[one.movers[0].iso3] in text


def test_a_lever_in_detail_has_its_card(kept: LeverTable) -> None:
    one = next(one for one in kept.effects if one.lever.name == "finance.us")
    text = "\n".join(screen(lever_document(dataclasses.replace(kept, effects=(one,)), load("baseline")), 400))
    text = " ".join(text.split())
    for expected in ("US-led: Finance: what it rests on", "US-led: grants for members", "us.grants",
                     "donors also reward", "signatures of 2026 and later", "Range of effects: US-led",
                     "world columns `us_aid`, `cn_finance`"):  # fmt: skip
        assert expected in text


def test_every_lever_has_a_card_on_the_page(kept: LeverTable) -> None:
    page = cards_markdown(kept, load("baseline").scenario)
    for one in kept.effects:
        (line,) = (line for line in page.splitlines() if line.startswith(f"| `{one.lever.name}` |"))
        assert one.evidence.grade in line
        assert one.evidence.weight in line
    assert "held at its value" in page


def test_numbers_are_short() -> None:
    assert [short(x) for x in (6e6, 250, 0.25, 4000, 0, -3)] == ["6M", "250", "0.25", "4k", "0", "-3"]


def test_three_blocs_and_one_have_their_shares() -> None:
    assert share_names(("a",)) == ("a", "non_aligned")
    assert share_names(("a", "b", "c")) == ("a", "b", "c", "several", "non_aligned")


@pytest.fixture(scope="module")
def third() -> LeverTable:
    """Return some levers of a scenario with three blocs."""
    bench = Bench(sim.load_scenario("third-pole"))
    bloc = bench.inputs.blocs[2]
    names = (f"partners-only.{bloc}", f"signing-round.{bloc}", "choose.us")
    return lever_table(bench, [one for one in bench.levers if one.name in names], Endings(30, 1))


def test_three_blocs_are_told_apart(third: LeverTable) -> None:
    assert len(third.effects) == 3
    assert set(third.effects[0].change) == set(share_names(third.blocs))
    assert third.unexplained == ()
    assert len(third.effects[0].change["us"].mean) == len(POSITIONS)
    assert max(len(line.rstrip()) for line in screen(levers_document(third))) <= 80
