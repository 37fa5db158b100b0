"""On a terminal of any width no number, no heading and no word is cut, in any table of the project and in random ones."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import sim
from sim.attribution.tipping import Tip
from sim.evidence.board import score_board
from sim.labels.letters import HANDLER, writable
from sim.report.blocks import Block, Bullets, Cell, Document, Part, Table, Text, cell_of, content, marked
from sim.report.comparison import comparison_document, comparison_view
from sim.report.data import columns_document, country_document
from sim.report.explanation import explanation_document
from sim.report.levers import lever_document, levers_document
from sim.report.lists import library_document, outcomes_document, plan_document, sweeps_document
from sim.report.run import run_document
from sim.report.run_view import view_of
from sim.report.scoreboard import scoreboard_document
from sim.report.terminal import on_screen
from sim.results.explanation import ExplanationResult
from sim.scenario.loader import load
from sim.sensitivity.lever_effects import LeverTable
from sim.world import describe, describe_columns, load_world

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (40, 60, 80, 120)


def screen(document: Document, width: int, encoding: str = "utf-8") -> str:
    """Return what a terminal of some width shows that writes in some encoding."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=HANDLER, newline="\n")
    Console(file=stream, width=width, highlight=False, emoji=False).print(on_screen(document))
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined,no-any-return]


def texts(block: Block, left_out: str) -> list[str]:
    """Return every text that a screen has to show of a block whole."""
    if isinstance(block, Text):
        return [plain(block.text)]
    if isinstance(block, Bullets):
        return [plain(item) for item in block.items[: block.shown]]
    assert isinstance(block, Table)
    spare = [block.headings[n] for n in block.spare if block.headings[n] in left_out]
    kept = [n for n, heading in enumerate(block.headings) if heading not in spare]
    rows = [row for row in block.rows if row][: block.shown]
    cells = [cell_of(row[n]) for row in rows for n in kept]
    headings = [block.headings[n] for n in kept]
    return [*headings, *(plain(part) for cell in cells for part in (cell.text, cell.below)), block.title]


def plain(text: str) -> str:
    """Return a sentence without its marks; the backticks of code count as letters that may be there or not."""
    return "".join(piece for piece, _ in marked(text))


def words(text: str) -> Counter[str]:
    """Return every word of a text, brackets, quotes and colons around it aside."""
    return Counter(word for raw in text.split() if (word := raw.replace("`", "").strip("()*:")))


def check(document: Document, width: int) -> None:
    """Fail if a word or a number of a document is not whole on a screen, or a line is too long."""
    shown = screen(document, width)
    assert max(map(len, shown.splitlines())) <= width
    left_out = " ".join(" ".join(re.findall(r"too\s+narrow\s+for\s+it:((?:.*\S.*\n)+)", shown)).split())
    said = [
        text for part in document.parts for one in content(part, "screen") for text in texts(one, left_out)
    ]
    for word in (words(" ".join(said)) - words(shown)) | Counter():
        # a row that is stacked does not repeat its first heading; only what is wider than the line may be cut
        assert len(word) > width - 5 or word in " ".join(first_headings(document)), f"{word!r} is cut"
    for number in re.findall(r"\d %", " ".join(said)):
        assert number in shown
    assert not re.search(r"\d\n\s*%", shown), "a number is parted from its unit"
    assert shown.count("…") <= " ".join(said).count("…")


def first_headings(document: Document) -> list[str]:
    """Return the heading of the first column of every table."""
    return [
        one.headings[0]
        for part in document.parts
        for one in content(part, "screen")
        if isinstance(one, Table)
    ]


def _lever_table() -> LeverTable:
    return LeverTable.of_dict(json.loads((ROOT / "docs" / "levers.json").read_text(encoding="utf-8")))


def _explanation() -> Document:
    why = sim.explain("baseline", "CAN", "2027Q4", 30, tipping=False)
    tips = tuple(
        Tip("us", direction, lever, unit, 3.0, 0.000123, 0.25, 0.625, reached, "blocs.us.exclusivity: 0")
        for direction, lever, unit, reached in (
            ("in", "exclusivity of us", "1/year", True),
            ("out", "aid offer, US-led", "US$ million a year", False),
        )
    )
    return explanation_document(ExplanationResult(why.run, why.explanation, tips))


def _published_validation() -> Document:
    """Return the tables of docs/validation.md, as the last `aiblocs validate` wrote them."""
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    tables = []
    for found in re.findall(r"(?:^\|.*\|\n)+", text, re.M):
        heads, _, *rows = (
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in found.splitlines()
        )
        tables.append(Table(heads, [[Cell(*cell.split("<br>", 1)) for cell in row] for row in rows]))
    assert len(tables) > 5
    return Document("validation", (Part("", tables),))


DOCUMENTS: dict[str, Callable[[], Document]] = {
    "run": lambda: run_document(view_of(sim.run("baseline", 30, until="2027Q4"))),
    "comparison": lambda: comparison_document(
        comparison_view(sim.compare("baseline", "waico-surge", runs=30, until="2027Q4"))
    ),
    "explanation": _explanation,
    "levers": lambda: levers_document(_lever_table()),
    "lever": lambda: lever_document(_lever_table(), load("baseline")),
    "validation": _published_validation,
    "scoreboard": lambda: scoreboard_document(score_board()),
    "country": lambda: country_document(load_world(), describe(load_world(), "KEN")),
    "columns": lambda: columns_document(load_world(), describe_columns(load_world())),
    "plan": plan_document,
    "library": library_document,
    "outcomes": lambda: outcomes_document(("us", "china")),
    "sweeps": sweeps_document,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_cut_in_the_tables_of_the_project(name: str) -> None:
    document = DOCUMENTS[name]()
    for width in WIDTHS:
        check(document, width)


_WORDS = st.text("abcdefgäöé", min_size=1, max_size=16)
_NUMBERS = st.floats(-1e7, 1e7).map("{:,.2f}".format)
_CELLS = st.one_of(
    _NUMBERS,
    _NUMBERS.map("{} %".format),
    st.tuples(_NUMBERS, _NUMBERS).map(lambda pair: f"{pair[0]} → **{pair[1]}**"),
    st.lists(_WORDS, max_size=12).map(" ".join),
    st.builds(Cell, _NUMBERS, st.tuples(_NUMBERS, _NUMBERS).map("–".join)),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 8))
    headings = draw(st.lists(st.lists(_WORDS, max_size=4).map(" ".join), min_size=columns, max_size=columns))
    rows = draw(st.lists(st.lists(_CELLS, min_size=columns, max_size=columns), min_size=1, max_size=4))
    numbers = draw(st.lists(st.integers(0, columns - 1), unique=True))
    spare = draw(st.lists(st.integers(1, columns - 1), unique=True)) if columns > 1 else []
    return Table(headings, rows, numbers, draw(_WORDS), spare=spare)


@settings(max_examples=60, deadline=None)
@given(table=tables(), width=st.sampled_from(WIDTHS))
def test_nothing_is_cut_in_random_tables(table: Table, width: int) -> None:
    check(Document("t", (Part("", (table,)),)), width)


def test_a_table_too_narrow_for_its_columns_says_which_went_and_stacks_at_last() -> None:
    table = Table(("Name", "Value", "Where it comes from"), [("compute", "5,544,123", "a_long_source_name")] * 2,
                  (1,), spare=(2,))  # fmt: skip
    document = Document("t", (Part("", (table,)),))
    assert "a_long_source_name" in screen(document, 60)
    narrow = screen(document, 30)
    assert "a_long_source_name" not in narrow
    assert "Left out, as this screen is\ntoo narrow for it: Where it\ncomes from" in narrow
    stacked = screen(document, 16)
    assert stacked.count("- Value:") == 2
    assert stacked.count("5,544,123") == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_letters_that_a_terminal_does_not_have_are_written_with_others(encoding: str) -> None:
    table = Table(("From → to", "n"), [("Côte d'Ivoire → Türkiye", "4–8"), ("“x” ± 3", "≥ 2 × 5…")], 1)
    shown = screen(Document("t", (Part("a — b", (table, Text("Lačn “in all”"))),)), 80, encoding)
    assert "?" not in shown
    assert "->" in shown if encoding != "utf-8" else "→" in shown
    heads, _, *rows = (line for line in shown.splitlines() if line.startswith(" "))
    assert len({line.rstrip().rfind(" ") for line in (heads, rows[0])}) <= 2
    assert len(heads.rstrip()) == len(rows[0].rstrip())


def test_what_is_printed_without_a_table_is_writable_too() -> None:
    assert writable("Türkiye → ok", "ascii") == "Turkiye -> ok"
    assert "Türkiye → ok".encode("cp1252", HANDLER) == "Türkiye -> ok".encode("cp1252")
    assert writable("日", "ascii") == "?"
    assert writable("→", "no-such-encoding") == "→"
