"""Charts are handed on with what they show: the same numbers on the screen, on paper and in the table."""

import csv
import re

import numpy as np
import pytest

from sim._version import __version__
from sim.dashboard.charts import flows_option
from sim.dashboard.handout import caption_of, csv_text, file_name, files_of, future_words
from sim.dashboard.page.agents import middle_run
from sim.dashboard.page.moves import flows_between, square
from sim.dashboard.page.scene import share_bands, world_picture
from sim.dashboard.page.surface import nearest, tipping_words
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Edit, Future
from sim.dashboard.tasks import Shown
from sim.figures.exhibits import Areas, Curve, Flows, Lines
from sim.figures.geo.shapes import world_map
from sim.figures.network_exhibit import Network
from sim.figures.palette import state_colours
from sim.figures.world_exhibits import Bars, Surface, outline, position
from sim.words import speaking

CHANGED = (
    Future()
    .setting("blocs.china.aid_budget", 120.0)
    .editing(
        [Edit("2028-01-01", "blocs.us.exclusivity", 0.4), Edit("2029-01-01", entry="truce-ends", chance=0.3)]
    )
    .dropping(["waico-programme"])
)


@pytest.fixture(scope="module")
def shown():
    return Shown(solve(RunRequest(CHANGED, 20, 7)), solve(RunRequest(Future(), 20, 7)), "the baseline")


@pytest.fixture(scope="module")
def exhibits(shown):
    now = shown.now
    colours = state_colours(now.states)
    names = ("Non-aligned", "US-led only", "China-led only", "Both")
    curves = tuple(Curve(c.name, c.colour, c.band, c.reference) for c in share_bands(shown, "gdp", False))
    return {
        "lines": Lines("Shares", "% of world GDP", now.steps, curves, 3, shown.reference_label),
        "areas": Areas("Kenya", now.steps, names, colours, now.probability[:, 0]),
        "flows": Flows("Who moves", ("a", "b"), names, colours, (flows_between(now, 0, 20),)),
        "map": world_picture(shown, 8),
        "square": square(shown, (0, 1), 8),
        "network": Network(
            "Agents",
            ("KEN", "GHA"),
            ("Kenya", "Ghana"),
            (names[1], names[0]),
            np.array([[0.0, 1.0], [1.0, 0.0]]),
            np.array([9.0, 12.0]),
            (colours[1], colours[0]),
            ((0, 1, 0.5),),
        ),
        "bars": Bars("Value", "logit", ("one", "two"), (1.0, -0.4), (None, 0.2), "Sum", (("Cost", 2.0),)),
        "surface": Surface(
            "Share", "%", ("aid", (0.0, 1.0)), ("rest", (0.0, 2.0)), np.array([[1, 2], [3, np.nan]])
        ),
    }


def test_a_caption_says_what_was_changed_against_what_and_how(shown):
    lines = caption_of(shown)
    assert len(lines) == 3
    for part in ("“baseline”", "China-led: Aid budget 120 US$ bn a year", "Exclusivity = 40 % a year", "1 January 2029",
                 "waico-programme"):  # fmt: skip
        assert part in lines[0], part
    assert lines[1].startswith("Reference: the baseline.")
    for part in ("20 futures", "seed 7", f"aiblocs {__version__}", "CC BY-SA 4.0", "not a forecast"):
        assert part in lines[2]
    assert future_words(Future()) == "Scenario “baseline”, as it stands."


@pytest.mark.parametrize("name", ["lines", "areas", "flows", "map", "square", "network", "bars", "surface"])
def test_every_exhibit_is_drawn_with_its_caption_and_has_its_numbers(exhibits, shown, name):
    exhibit, caption = exhibits[name], caption_of(shown)
    files = {file.label: file for file in files_of(lambda: exhibit, caption, exhibit.title)}
    assert set(files) == {"PNG", "SVG", "CSV"}
    figure = exhibit.figure(caption)
    under = figure.get_supxlabel().replace("\n", " ")
    assert all(line in under for line in caption)
    assert files["PNG"].make().startswith(b"\x89PNG")
    assert b"<svg" in files["SVG"].make()[:1000]
    text = files["CSV"].make().decode()
    above = [line for line in text.splitlines() if line.startswith("# ")]
    assert above == [f"# {line}" for line in (exhibit.title, *caption)]
    heads, *rows = csv.reader(line for line in text.splitlines() if not line.startswith("# "))
    expected_heads, expected = exhibit.table()
    assert heads == expected_heads
    assert len(rows) == len(expected) > 1
    for row, wanted in zip(rows, expected, strict=True):
        for cell, value in zip(row, wanted, strict=True):
            assert cell == value if isinstance(value, str) else float(cell) == pytest.approx(value, rel=1e-5)


def test_parts_sum_to_the_whole_in_every_chart_and_table(exhibits, shown):
    heads, rows = exhibits["lines"].table()
    for of in ("mean", "mean of the reference"):
        columns = [n for n, head in enumerate(heads) if head.endswith(f": {of}")]
        assert len(columns) == 4
        assert [round(sum(row[n] for n in columns), 6) for row in rows] == [100] * len(rows)
    option = flows_option(("a", "b"), "NUCB", "rgby", [flows_between(shown.now, 0, 20)], title="")
    numbers = [int(node["label"]["formatter"].split()[-1]) for node in option["series"][0]["data"]]
    assert sum(numbers) == 2 * len(shown.now.base.world.iso3)
    written = [text.get_text() for text in exhibits["flows"].figure(()).axes[0].texts]
    assert [int(text.split()[-1]) for text in written if text.split()[-1].isdigit()] == numbers


def test_the_reference_is_drawn_dashed(exhibits):
    (axes,) = exhibits["lines"].figure(()).axes
    dashed = [line for line in axes.lines if line.is_dashed() and len(line.get_xdata()) > 2]
    assert len(dashed) == 4
    assert "The baseline" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_a_map_for_paper_has_the_outlines_of_the_page():
    for shape in world_map()["countries"]:
        if shape["d"]:
            path = outline(shape["d"])
            assert np.isfinite(path.vertices).all()
            low, high = path.vertices.min(axis=0), path.vertices.max(axis=0)
            scale = world_map()["scale"]
            assert (low >= -1).all()
            assert high[0] <= scale * world_map()["width"] + 1
            assert high[1] <= scale * world_map()["height"] + 1
            assert len(re.findall("M", shape["d"])) == (path.codes == 1).sum()


def test_no_cell_is_taken_for_a_formula_and_no_line_breaks_the_caption():
    text = csv_text(["a"], [["=1+1"], [0.123456789]], ["one\ntwo"])
    assert text == "# one two\na\n'=1+1\n0.123457\n"


def test_names_of_files_are_plain():
    assert file_name("Côte d'Ivoire: probability / 2030") == "aiblocs-cote-d-ivoire-probability-2030"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[22.0, 28.0]], "No tipping line between these ends: all of it lies below 50 % (22.0 to 28.0 %)."),
        ([[52.0, 58.0]], "No tipping line between these ends: all of it lies above 50 % (52.0 to 58.0 %)."),
        (
            [[42.0, np.nan, 58.0]],
            "Tipping line: somewhere in it the bloc passes 50 % (it spans 42.0 to 58.0 %).",
        ),
        ([[np.nan]], ""),
    ],
)
def test_a_surface_says_whether_half_lies_in_it(values, said):
    assert tipping_words(np.array(values), "%") == said


def test_the_agents_begin_with_a_future_in_the_middle():
    shares = np.zeros((3, 2, 1, 2))
    shares[:, :, 0, 0] = [[0.1, 0.2], [0.4, 0.5], [0.9, 0.7]]
    assert middle_run(shares) == 1


def test_the_present_point_lies_between_the_values_drawn():
    assert position((0.0, 10.0, 40.0), 25.0) == 1.5
    assert nearest((0.0, 10.0, 40.0), 26.0) == 2


def words_drawn(exhibit):
    """Return every text of a picture and every head of its table."""
    figure = exhibit.figure(())
    return {text.get_text() for text in figure.findobj(match=lambda part: hasattr(part, "get_text"))} | set(
        exhibit.table()[0]
    )


@pytest.mark.parametrize("name", ["lines", "areas", "flows", "map", "square", "network", "bars", "surface"])
def test_what_a_picture_or_its_table_adds_is_said_in_the_language_of_the_reader(exhibits, name):
    english = words_drawn(exhibits[name])
    with speaking("fr"):
        french = words_drawn(exhibits[name])
    ours = re.compile(
        r"\b(Colour|Boundaries|expected|most often|country|countries|quarter|mean|term|[Rr]eference|probability|date|from|to|agent|"
        r"tie|weight|holds)\b"
    )
    untold = {text for text in english & french - {exhibits[name].title} if ours.search(text)}
    assert not untold, f"English in a French picture: {untold}"
