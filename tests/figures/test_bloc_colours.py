"""A reader knows the blocs by their colours: blue is US-led, orange is China-led, in every theme and order."""

import colorsys

import pytest

from sim.figures.palette import state_colours


def hue(colour: str) -> float:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return 360 * colorsys.rgb_to_hls(red, green, blue)[0]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("blocs", [("us", "china"), ("china", "us"), ("eu", "us", "china")])
def test_blue_is_us_led_and_orange_is_china_led(blocs: tuple[str, ...], dark: bool) -> None:
    colours = dict(zip(blocs, state_colours(blocs, dark=dark), strict=True))
    assert 190 < hue(colours["us"]) < 250
    assert 5 < hue(colours["china"]) < 45
