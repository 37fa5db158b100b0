"""What a reader sees: the numbers of the summary, in words that fit them."""

import pytest
from rich.console import Console, RenderableType

import sim
from sim.labels.shares import doubtful, imputed_note, percent, state_words
from sim.measures import likely_moves, swing_states
from sim.report.blocks import Bullets, Cell, Document, Part, Table, Text
from sim.report.run import run_document
from sim.report.run_view import view_of
from sim.report.terminal import on_screen
from sim.results.run import RunResult
from sim.scenario.loader import load_text

ONE = "name: one\nhorizon: {start: 2025Q3, end: 2026Q4}\nblocs:\n  us: {leader: USA, members: evidence}\n"
THREE = (
    "name: three\nhorizon: {start: 2025Q3, end: 2026Q4}\nblocs:\n  us: {leader: USA, members: evidence}\n"
    "  china: {leader: CHN, family: china, members: evidence}\n  middle_powers: {founders: [BRA, IND]}\n"
)
STILL = ONE + "behaviour: {attention: 0}\n"


def run_screen(result: RunResult, *more: str) -> RenderableType:
    return on_screen(run_document(view_of(result)), *more)


def shown(part: RenderableType, width: int = 80) -> str:
    console = Console(width=width, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(part)
    return capture.get()


@pytest.fixture(scope="module")
def result() -> RunResult:
    return sim.run("baseline", 20, until="2028Q4")


def test_the_table_holds_the_shares(result: RunResult) -> None:
    text = shown(run_screen(result))
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
        assert max(map(len, shown(run_screen(result, "Files: results/x"), width).splitlines())) <= width


def test_swing_states_and_moves_are_named(result: RunResult) -> None:
    text = shown(run_screen(result), width=120)
    world = result.world
    for code in [s.iso3 for s in swing_states(result.summary)[:8]] + [
        m.iso3 for m in likely_moves(result.summary)[:8]
    ]:
        assert world.names[world.index(code)] in text


def test_how_to_read_speaks_of_the_first_cell(result: RunResult) -> None:
    share = result.summary.share("count", "non_aligned")
    text = " ".join(shown(run_screen(result)).split())
    assert f"How to read: {percent(share.mean[0])} % of states are non-aligned in 2026Q4" in text
    assert f"it is {percent(share.mean[-1])} % on average" in text


def test_the_swing_states_of_a_view_are_those_of_the_summary(result: RunResult) -> None:
    expected = swing_states(result.summary, "gdp", 20)
    found = view_of(result).swing()[:20]
    assert [iso3 for iso3, _ in found] == [state.iso3 for state in expected]
    assert [share for _, share in found] == pytest.approx([state.weight for state in expected])


WIDE = Table(
    ("Name of the country", "How many chips as a member", "Why", "n"),
    [("Trinidad and Tobago", "5,544,123", "because of a long story about chips", Cell("**7**", "6–8"))] * 3,
    (1, 3),
    "Wide",
)


@pytest.mark.parametrize("width", [45, 60, 80])
def test_a_number_is_never_broken_where_a_word_can_be(width: int) -> None:
    text = shown(on_screen(Document("t", [Part("", [WIDE])])), width)
    assert text.count("5,544,123") == 3
    assert text.count("6–8") == 3
    assert max(map(len, text.splitlines())) <= width


def test_a_screen_shows_the_first_rows_and_says_how_many_there_are() -> None:
    table = Table(("a",), [(f"row {n}",) for n in range(5)], shown=2, total=9, elsewhere="x.parquet has all")
    text = shown(on_screen(Document("t", [Part("P", [table])])))
    assert "row 1" in text
    assert "row 2" not in text
    assert "and 7 more; x.parquet has all" in text


def test_what_follows_a_titled_part_stands_apart_from_it() -> None:
    parts = [
        Part("Before", [Text("one")]),
        Part("", [Text("")]),
        Part("", [Text("two")]),
        Part("", [Text("three")]),
    ]
    assert shown(on_screen(Document("t", parts))) == "t\n\nBefore\none\n\ntwo\nthree\n\n"
    assert shown(on_screen(Document("t", parts[2:]))) == "t\ntwo\nthree\n\n"


def test_what_is_for_the_page_or_empty_is_not_on_a_screen() -> None:
    parts = [
        Part("Empty", [Table(("a",), (), title="none"), Bullets(()), Text("")]),
        Part("Page", [Text("seen on a page")], only="page"),
        Part("Both", [Text("left out", only="page"), Text("see `x` and **y**")]),
    ]
    text = shown(on_screen(Document("t", parts, facts=("one", "two"))))
    assert text == "t: one, two\n\nBoth\nsee `x` and y\n\n"


@pytest.mark.parametrize(("text", "rows"), [(ONE, 2), (THREE, 8)])
def test_other_numbers_of_blocs(text: str, rows: int) -> None:
    result = sim.run(load_text(text), 5)
    assert len(result.summary.states) == rows
    printed = shown(run_screen(result))
    for label in state_words(result.summary.states).values():
        assert label.split(" ", maxsplit=1)[0] in printed
    assert ("in all" in printed) == (rows > 2)


def test_where_no_country_switches_it_says_so() -> None:
    printed = shown(run_screen(sim.run(load_text(STILL), 1)))
    assert "No country switches." in printed
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
