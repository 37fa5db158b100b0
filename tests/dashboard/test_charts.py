"""Charts: every number drawn is the one given, every chart has a title and units, nothing moves by itself."""

import json

import numpy as np
import pytest

from sim.dashboard.charts import (
    Axis,
    BandLine,
    Edge,
    Node,
    areas_option,
    bands_option,
    flows_option,
    network_option,
    surface_option,
)
from sim.measures import Band

QUARTERS = [f"{2025 + q // 4}Q{q % 4 + 1}" for q in range(12)]
NAMES, COLOURS = ("Non-aligned", "US-led"), ("#cccccc", "#2a6fc0")
BAND = Band(np.arange(12.0), np.arange(12.0) - 4, np.arange(12.0) + 2)
CURVE = BandLine("US-led", "#2a6fc0", BAND)
FLOW = np.array([[50.0, 10.0], [0.01, 40.0]])
SURFACE = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, 6.04]])
ACROSS, UP = Axis("Aid", "US$ bn/year", (0, 5, 10)), Axis("Access", "share", (0, 1))


def every_option(dark):
    yield bands_option(QUARTERS, [CURVE], title="T", unit="countries", dark=dark)
    yield areas_option(QUARTERS, NAMES, np.full((12, 2), 0.5), COLOURS, title="T", dark=dark)
    yield flows_option(("2025Q1", "2027Q4"), NAMES, COLOURS, [FLOW], title="T", dark=dark)
    yield network_option([Node("A", 0, 0, 9, "#111111", "note")], [], title="T", dark=dark)
    yield surface_option(ACROSS, UP, SURFACE, title="T", unit="countries", dark=dark)


@pytest.mark.parametrize("dark", [False, True])
def test_every_chart_is_json_with_a_title_and_stands_still(dark):
    for option in every_option(dark):
        assert json.loads(json.dumps(option, allow_nan=False)) == option
        assert option["title"]["text"] == "T"
        assert option["animation"] is False


def test_light_and_dark_differ():
    for light, dark in zip(every_option(False), every_option(True), strict=True):
        assert light != dark


def test_bands_hold_mean_low_high_and_reference():
    with_reference = BandLine("US-led", "#2a6fc0", BAND, reference=np.ones(12))
    option = bands_option(QUARTERS, [with_reference, CURVE], title="T", unit="countries")
    mean, low, high, width, reference = option["series"][:5]
    assert mean["data"] == list(range(12))
    assert low["data"] == [q - 4 for q in range(12)]
    assert high["data"] == [q + 2 for q in range(12)]
    assert width["data"] == [6.0] * 12
    assert low["stack"] == width["stack"]
    assert reference["data"] == [1.0] * 12
    assert option["yAxis"]["name"] == "countries"
    # the tooltip speaks of the series it numbers: first band 0 1 2 and reference 4, second band 5 6 7
    assert "<b>{c0}</b> ({c1} – {c2})" in option["tooltip"]["formatter"]
    assert "reference {c4}" in option["tooltip"]["formatter"]
    assert "<b>{c5}</b> ({c6} – {c7})" in option["tooltip"]["formatter"]


def test_names_cannot_smuggle_markup_into_a_tooltip():
    evil = "<img src=x>"
    option = bands_option(QUARTERS, [BandLine(evil, "#000000", BAND)], title="T", unit="")
    assert evil not in option["tooltip"]["formatter"]
    network = network_option([Node(evil, 0, 0, 9, "#111111", evil)], [Edge(0, 0, 1)], title="T")
    assert evil not in json.dumps([network["series"][0]["data"][0]["tooltip"], network["series"][0]["links"]])


def test_areas_are_per_cents():
    shares = np.stack([np.linspace(0, 1, 12), np.linspace(1, 0, 12)], axis=1)
    option = areas_option(QUARTERS, NAMES, shares, COLOURS, title="T")
    assert option["series"][0]["data"][-1] == 100
    assert sum(series["data"][5] for series in option["series"]) == pytest.approx(100, abs=0.1)


def test_flows_conserve_countries_and_leave_out_what_nobody_does():
    series = flows_option(("a", "b", "c"), NAMES, COLOURS, [FLOW, FLOW.T], title="T")["series"][0]
    assert {link["source"] for link in series["links"]} == {
        "Non-aligned, a",
        "US-led, a",
        "Non-aligned, b",
        "US-led, b",
    }
    assert len(series["links"]) == 6
    first = sum(link["value"] for link in series["links"] if link["source"].endswith(", a"))
    assert first == pytest.approx(FLOW.sum(), abs=0.2)
    labels = [node["label"]["formatter"] for node in series["data"]]
    assert labels[:2] == ["Non-aligned 60", "US-led 40"]


def test_surface_leaves_unknown_cells_blank_and_centres_on_the_reference():
    option = surface_option(ACROSS, UP, SURFACE, title="T", unit="countries", centre=3.0, mark=(2, 1))
    cells = [tuple(cell["value"]) for cell in option["series"][0]["data"]]
    assert len(cells) == 5
    assert (2, 1, 6.0) in cells
    assert (option["visualMap"]["min"], option["visualMap"]["max"]) == pytest.approx((-0.04, 6.04), abs=0.06)
    assert option["series"][1]["data"] == [[2, 1]]
    assert option["xAxis"]["name"] == "Aid (US$ bn/year)"


def test_surface_before_its_first_result_is_empty():
    option = surface_option(ACROSS, UP, np.full((2, 3), np.nan), title="T", unit="countries")
    assert option["series"][0]["data"] == []
    assert option["visualMap"]["min"] < option["visualMap"]["max"]


def test_surface_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 2\)"):
        surface_option(ACROSS, UP, SURFACE.T, title="T", unit="countries")
