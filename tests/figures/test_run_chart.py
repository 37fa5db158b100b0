"""The chart of a run: the bands it shows are those of the summary, and its files depend on nothing else."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

import sim
from sim.figures.paper import save_figure
from sim.figures.share_charts import PANELS, run_chart
from sim.inputs.memberships import state_labels
from sim.measures import Summary


@pytest.fixture(scope="module")
def summary() -> Summary:
    return sim.run("baseline", 20, until="2030Q4").summary


@pytest.fixture
def chart(summary: Summary) -> Figure:
    return run_chart(summary, summary.runs)


def test_lines_and_bands_are_the_shares(summary: Summary, chart: Figure) -> None:
    for axes, weight in zip(chart.axes, PANELS, strict=True):
        curves = [line for line in axes.lines if len(line.get_xdata()) > 1]
        for state, line, area in zip(summary.states, curves, axes.collections, strict=True):
            share = summary.share(weight, state)
            np.testing.assert_array_equal(line.get_ydata(), share.mean)
            heights = area.get_paths()[0].vertices[:, 1]
            assert heights.min() == pytest.approx(share.p05.min())
            assert heights.max() == pytest.approx(share.p95.max())
        assert axes.get_ylim()[1] >= summary.shares.p95[:, summary.weights.index(weight)].max()


def test_every_state_is_named_and_no_two_names_overlap(
    summary: Summary, chart: Figure, tmp_path: Path
) -> None:
    save_figure(chart, tmp_path / "chart")  # labels have a size once they are drawn
    for axes in chart.axes:
        labels = [child for child in axes.get_children() if isinstance(child, Annotation)]
        assert [label.get_text() for label in labels] == list(state_labels(summary.states))
        boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
        for lower, upper in pairwise(boxes):
            assert lower.y1 <= upper.y0 + 1
        assert all(box.x1 <= chart.bbox.x1 for box in boxes)


def test_the_years_are_on_the_axis(chart: Figure) -> None:
    assert [label.get_text() for label in chart.axes[0].get_xticklabels()] == [
        str(y) for y in range(2027, 2031)
    ]


def test_states_of_several_blocs_are_dashed(summary: Summary, chart: Figure) -> None:
    curves = [line for line in chart.axes[0].lines if len(line.get_xdata()) > 1]
    dashed = {state for state, line in zip(summary.states, curves, strict=True) if line.is_dashed()}
    assert dashed == {"us+china"}


def test_the_same_summary_gives_the_same_bytes(summary: Summary, tmp_path: Path) -> None:
    for name in ("one", "two"):
        png, svg = save_figure(run_chart(summary, summary.runs), tmp_path / name)
        assert (png.name, svg.name) == (f"{name}.png", f"{name}.svg")
    for suffix in ("png", "svg"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()
