"""What a reader sees: the numbers of the summary, in words that fit them."""

from pathlib import Path

import pytest
from rich.console import Console, RenderableType

import sim
from sim.cli.screens.run import run_report
from sim.labels.imputed import doubtful, imputed_note
from sim.labels.words import percent, state_words
from sim.measures import likely_moves, swing_states
from sim.results.run import RunResult
from sim.scenario.loader import load_text

ONE = "name: one\nhorizon: {start: 2025Q3, end: 2026Q4}\nblocs:\n  us: {leader: USA, members: evidence}\n"
THREE = (
    "name: three\nhorizon: {start: 2025Q3, end: 2026Q4}\nblocs:\n  us: {leader: USA, members: evidence}\n"
    "  china: {leader: CHN, family: china, members: evidence}\n  middle_powers: {founders: [BRA, IND]}\n"
)
STILL = ONE + "behaviour: {attention: 0}\n"


def shown(part: RenderableType, width: int = 80) -> str:
    console = Console(width=width, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(part)
    return capture.get()


@pytest.fixture(scope="module")
def result() -> RunResult:
    return sim.run("baseline", 20, until="2028Q4")


def test_the_table_holds_the_shares(result: RunResult) -> None:
    text = shown(run_report(result, None))
    for state, label in state_words(result.summary.states).items():
        (line,) = (line for line in text.splitlines() if line.startswith(f" {label}  "))
        for weight in result.summary.weights:
            share = result.summary.share(weight, state).mean
            assert f"{percent(share[0])} → {percent(share[-1])}" in line
    (line,) = (line for line in text.splitlines() if line.startswith(" US-led, in all"))
    share = result.summary.bloc_share("gdp", "us").mean
    assert f"{percent(share[0])} → {percent(share[-1])}" in line


def test_no_line_is_wider_than_the_terminal(result: RunResult) -> None:
    for width in (60, 80, 120):
        assert max(map(len, shown(run_report(result, Path("results/x")), width).splitlines())) <= width


def test_swing_states_and_moves_are_named(result: RunResult) -> None:
    text = shown(run_report(result, None), width=120)
    world = result.world
    for code in [s.iso3 for s in swing_states(result.summary)[:8]] + [
        m.iso3 for m in likely_moves(result.summary)[:8]
    ]:
        assert world.names[world.index(code)] in text


def test_how_to_read_speaks_of_the_first_cell(result: RunResult) -> None:
    share = result.summary.share("count", "non_aligned")
    text = " ".join(shown(run_report(result, None)).split())
    assert f"How to read: {percent(share.mean[0])} % of states are non-aligned in 2025Q3" in text
    assert f"it is {percent(share.mean[-1])} % on average" in text


def test_files_are_named_only_if_there_are_any(result: RunResult) -> None:
    assert "Files:" not in shown(run_report(result, None))
    assert "Files: results/x (chart: results/x/figures/shares.png)" in shown(
        run_report(result, Path("results/x"))
    )


@pytest.mark.parametrize(("text", "rows"), [(ONE, 2), (THREE, 8)])
def test_other_numbers_of_blocs(text: str, rows: int) -> None:
    result = sim.run(load_text(text), 5)
    assert len(result.summary.states) == rows
    printed = shown(run_report(result, None))
    for label in state_words(result.summary.states).values():
        assert label.split(" ", maxsplit=1)[0] in printed
    assert ("in all" in printed) == (rows > 2)


def test_where_nobody_switches_it_says_so() -> None:
    printed = shown(run_report(sim.run(load_text(STILL), 1), None))
    assert "Nobody switches." in printed
    assert "Most likely first switches" not in printed
    assert "one: 1 future, " in printed


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0"), (0.0004, "0"), (0.004, "0.4"), (0.0949, "9.5"), (0.0996, "10"), (0.376, "38"), (1.0, "100")],
)
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_imputed_values_are_counted_and_marked(result: RunResult) -> None:
    world = result.world
    marked = doubtful(world)
    assert "USA" not in marked
    assert 0 < len(marked) < len(world) / 2
    assert f"{percent(world.imputed_share())} % of the" in imputed_note(world)
    assert f"({len(marked)} of {len(world)})" in imputed_note(world)
