"""What widgets are given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from sim.dashboard.widgets import describe_axes, describe_states, encode_probabilities
from sim.dashboard.widgets.scripts import style
from sim.figures.palette import DARK, LIGHT

TWO = ("non_aligned", "us", "china", "us+china")
THREE = (*TWO, "third", "us+third", "china+third", "us+china+third")


@given(nps.arrays(np.float64, (2, 3, 4), elements=st.floats(0, 1)))
def test_probabilities_survive_to_half_a_half_per_cent(probability):
    sent = np.frombuffer(encode_probabilities(probability), np.uint8).reshape(probability.shape)
    assert np.abs(sent / 200 - probability).max() <= 0.0025 + 1e-12


def test_two_hundred_runs_are_sent_exactly():
    counts = np.arange(201).reshape(1, 201, 1)
    sent = np.frombuffer(encode_probabilities(counts / 200), np.uint8)
    assert np.array_equal(sent, counts.ravel())


@pytest.mark.parametrize(
    "wrong", [np.full((1, 1, 1), 1.2), np.full((1, 1, 1), np.nan), np.full((1, 1, 1), -0.1)]
)
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        encode_probabilities(wrong)


def test_another_number_of_axes_is_refused():
    with pytest.raises(ValueError, match="3 axes"):
        encode_probabilities(np.zeros((2, 2)))


def test_states_know_the_states_their_stripes_come_from():
    described = describe_states(THREE)
    assert [state["blocs"] for state in described] == [[], [1], [2], [1, 2], [4], [1, 4], [2, 4], [1, 2, 4]]
    assert all(state["light"] != state["dark"] for state in described)


def test_corners_of_the_square_are_the_four_states():
    corners = {(corner["x"], corner["y"]): corner["label"] for corner in describe_axes(TWO)["corners"]}
    assert corners == {(0, 0): "Non-aligned", (1, 0): "US-led only", (0, 1): "China-led only", (1, 1): "Both"}
    with_third = describe_axes(THREE, 0, 2)
    assert with_third["axes"][1] == {"bloc": 2, "label": "of being in the Third bloc"}
    assert with_third["corners"][3]["label"] == "US-led + Third"


@pytest.mark.parametrize(("horizontal", "vertical"), [(0, 0), (0, 2), (-1, 0)])
def test_axes_must_be_two_blocs(horizontal, vertical):
    with pytest.raises(ValueError, match="two different blocs"):
        describe_axes(TWO, horizontal, vertical)


def test_the_style_sheet_takes_its_colours_from_the_palette():
    text = style()
    assert f"--positive: {LIGHT.positive};" in text
    assert f"--positive: {DARK.positive};" in text
    used = {part.split(")")[0] for part in text.split("var(--")[1:]}
    local = {"at", "to", "lane", "row", "left", "right", "mark-light, transparent", "mark-dark, transparent"}
    defined = {part.split(":")[0] for part in text.split("--")[1:] if ":" in part.split(";")[0]}
    assert used - local <= defined
