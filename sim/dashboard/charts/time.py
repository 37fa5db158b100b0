"""Charts over time: lines with bands, stacked areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from sim.dashboard.charts.frame import (
    FloatArray,
    Option,
    dot,
    frame,
    rounded,
    time_axis,
    tooltip,
    value_axis,
)
from sim.figures.palette import Theme, theme
from sim.measures import Band
from sim.words import mark, tr

REFERENCE = mark("reference")


@dataclass(frozen=True)
class BandLine:
    """One quantity over time with its uncertainty.

    Attributes
    ----------
    name, colour : how it is labelled and drawn
    band : mean and 90 % band [T], in the unit of the axis
    reference : [T] the mean in the pinned future, or None
    """

    name: str
    colour: str
    band: Band
    reference: FloatArray | None = None


def bands_option(
    quarters: Sequence[str],
    curves: Sequence[BandLine],
    *,
    title: str,
    unit: str,
    digits: int = 1,
    dark: bool = False,
) -> Option:
    """Return lines over time with shaded 90 % bands.

    Parameters
    ----------
    quarters : names of the quarters
    curves : what to draw, see `BandLine`
    title, unit : heading and unit of the vertical axis
    digits : decimals in the tooltip
    """
    colours = theme(dark)
    series: list[Option] = []
    lines = ["<b>{b}</b>"]
    for curve in curves:
        first = len(series)
        series += _curve_series(curve, digits)
        spread = bool(np.any(curve.band.p05 != curve.band.p95))
        numbers = f"<b>{{c{first}}}</b>" + f" ({{c{first + 1}}} – {{c{first + 2}}})" * spread
        lines.append(f"{dot(curve.colour)}{escape(curve.name)} {numbers}")
        if curve.reference is not None:
            lines.append(f"{dot('transparent')}{tr(REFERENCE)} {{c{len(series) - 1}}}")
    return {
        **frame(title, colours),
        "legend": _legend(colours, [curve.name for curve in curves]),
        "grid": {"left": 40, "right": 24, "top": 82, "bottom": 26},
        "tooltip": {**tooltip(colours), "trigger": "axis", "formatter": "<br/>".join(lines)},
        "xAxis": time_axis(quarters, colours),
        "yAxis": value_axis(unit, colours),
        "series": series,
    }


def _curve_series(curve: BandLine, digits: int) -> list[Option]:
    """Return the mean, then the ends of the band (unseen, for the tooltip), its area, and the reference."""
    plain: Option = {"type": "line", "symbol": "none", "silent": True}
    unseen = {**plain, "lineStyle": {"opacity": 0}}
    low, high = rounded(curve.band.p05, digits), rounded(curve.band.p95, digits)
    width = [round(top - bottom, digits) for bottom, top in zip(low, high, strict=True)]
    stack = {"stack": curve.name, "stackStrategy": "all"}
    series = [
        {
            **plain,
            "name": curve.name,
            "data": rounded(curve.band.mean, digits),
            "lineStyle": {"color": curve.colour, "width": 2.2},
            "itemStyle": {"color": curve.colour},
            "z": 5,
        },
        {**unseen, **stack, "data": low},
        {**unseen, "data": high},
        {**unseen, **stack, "data": width, "areaStyle": {"color": curve.colour, "opacity": 0.17}},
    ]
    if curve.reference is not None:
        line = {"color": curve.colour, "width": 1.6, "type": [5, 4]}
        series.append({**plain, "data": rounded(curve.reference, digits), "lineStyle": line, "z": 4})
    return series


def areas_option(
    quarters: Sequence[str],
    names: Sequence[str],
    shares: FloatArray,
    colours_of: Sequence[str],
    *,
    title: str,
    dark: bool = False,
) -> Option:
    """Return stacked areas of probabilities over time.

    Parameters
    ----------
    shares : shape [quarters, states], each row adding to one
    names, colours_of : one per state
    """
    colours = theme(dark)
    lines = ["<b>{b}</b>"]
    series: list[Option] = []
    for index, (name, colour) in enumerate(zip(names, colours_of, strict=True)):
        lines.append(f"{dot(colour)}{escape(name)} <b>{{c{index}}} %</b>")
        series.append(
            {
                "type": "line",
                "name": name,
                "stack": "all",
                "symbol": "none",
                "silent": True,
                "lineStyle": {"width": 1, "color": colours.paper},
                "itemStyle": {"color": colour},
                "areaStyle": {"color": colour, "opacity": 0.92},
                "data": rounded(100 * shares[:, index], 1),
            }
        )
    return {
        **frame(title, colours),
        "legend": _legend(colours, names),
        "grid": {"left": 40, "right": 24, "top": 82, "bottom": 26},
        "tooltip": {**tooltip(colours), "trigger": "axis", "formatter": "<br/>".join(lines)},
        "xAxis": time_axis(quarters, colours),
        "yAxis": {**value_axis(tr("probability (%)"), colours), "max": 100, "interval": 25},
        "series": series,
    }


def _legend(colours: Theme, names: Sequence[str]) -> Option:
    return {
        "data": list(names),
        "left": 0,
        "top": 24,
        "padding": 0,
        "itemGap": 14,
        "icon": "roundRect",
        "itemWidth": 12,
        "itemHeight": 12,
        "selectedMode": False,
        "textStyle": {"color": colours.ink, "fontSize": 12},
    }
