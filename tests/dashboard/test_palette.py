"""Colours stay apart for colour-blind readers; every state of up to three blocs has one."""

import itertools

import numpy as np
import pytest

from sim.figures.palette import DARK, LIGHT, state_colours, stripes
from sim.inputs.memberships import bloc_label, blocs_of, state_labels

TWO = ("non_aligned", "us", "china", "us+china")
THREE = ("non_aligned", "us", "china", "us+china", "eu", "us+eu", "china+eu", "us+china+eu")
# Machado, Oliveira, Fernandes (2009), severity 1: linear RGB as seen with each kind of colour blindness
SEEN = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(colour, kind="normal"):
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.072175],
            [0.0193339, 0.119192, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(SEEN[kind] @ linear(colour), 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other, kind):
    return float(np.linalg.norm(lab(one, kind) - lab(other, kind)))


def contrast(one, other):
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted([weights @ linear(one), weights @ linear(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("states", "least"), [(TWO, 20.0), (THREE, 10.0)])
def test_states_stay_apart(states, least, dark, kind):
    pairs = itertools.combinations(state_colours(states, dark=dark), 2)
    assert min(distance(a, b, kind) for a, b in pairs) > least


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_signs_stay_apart_and_lie_away_from_the_paper(theme, kind):
    assert distance(theme.positive, theme.negative, kind) > 40
    assert distance(theme.positive, theme.paper, kind) > 40
    assert distance(theme.negative, theme.paper, kind) > 40


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_is_readable(theme):
    assert contrast(theme.ink, theme.paper) > 7
    assert contrast(theme.muted, theme.paper) > 4.5
    assert contrast(theme.muted, theme.soft) > 4.5
    assert contrast(theme.focus, theme.paper) > 3
    dark = theme is DARK
    assert contrast(state_colours(("non_aligned", "us"), dark=dark)[0], theme.paper) > 3


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_scales_are_ordered_by_lightness(theme):
    lightness = [lab(colour)[0] for colour in theme.sequential]
    steps = np.diff(lightness)
    assert np.all(steps < 0) or np.all(steps > 0)
    middle = len(theme.diverging) // 2
    away = np.abs([lab(colour)[0] - lab(theme.diverging[middle])[0] for colour in theme.diverging])
    assert np.all(np.diff(away[middle:]) > 0)
    assert np.all(np.diff(away[: middle + 1]) < 0)


def test_us_and_china_keep_their_colours_beside_a_third_bloc():
    assert state_colours(THREE)[:4] == state_colours(TWO)
    other_order = ("non_aligned", "eu", "us", "eu+us")
    assert state_colours(other_order)[2] == state_colours(TWO)[1]
    assert state_colours(other_order)[1] == state_colours(THREE)[4]


def test_stripes_are_the_colours_of_the_blocs():
    colours = state_colours(TWO)
    assert stripes(TWO) == ((), (colours[1],), (colours[2],), (colours[1], colours[2]))


def test_names():
    assert state_labels(TWO) == ("Non-aligned", "US-led", "China-led", "Both")
    assert state_labels(THREE)[-1] == "All three"
    assert state_labels(THREE)[5] == "US-led + EU"
    assert bloc_label("middle_powers") == "Middle powers"
    assert blocs_of("non_aligned") == ()


def test_four_blocs_have_no_colours():
    with pytest.raises(ValueError, match="three blocs, not for 4"):
        state_colours(("non_aligned", "a", "b", "c", "d"))
