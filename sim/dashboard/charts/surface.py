"""Response surface of two levers as a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from sim.dashboard.charts.frame import FONT, FloatArray, Option, frame, tooltip
from sim.figures.palette import Theme, theme
from sim.labels.numbers import plain_number
from sim.words import number_text, tr

MOST_NUMBERS = 150
"""Cells up to which each shows its number."""


@dataclass(frozen=True)
class Axis:
    """One axis of a response surface: name, unit and the values sampled, ascending."""

    name: str
    unit: str
    values: Sequence[float]

    @property
    def title(self) -> str:
        """Name with unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


def surface_option(
    horizontal: Axis,
    vertical: Axis,
    outcome: FloatArray,
    *,
    title: str,
    unit: str,
    digits: int = 1,
    centre: float | None = None,
    mark: tuple[int, int] | None = None,
    dark: bool = False,
) -> Option:
    """Return a response surface as a heat map.

    Parameters
    ----------
    horizontal, vertical : the two levers
    outcome : shape [vertical values, horizontal values]; NaN = not computed yet, left blank
    unit : what the colours stand for
    centre : value of the reference; colours then diverge from it
    mark : (column, row) of the current setting, ringed

    Raises
    ------
    ValueError
        If the shape of ``outcome`` is not that of the axes.
    """
    if outcome.shape != (len(vertical.values), len(horizontal.values)):
        raise ValueError(
            f"outcome has shape {outcome.shape}, axes {len(vertical.values), len(horizontal.values)}"
        )
    colours = theme(dark)
    cells = [
        _cell(horizontal, vertical, int(column), int(row), round(float(outcome[row, column]), digits), unit)
        for row, column in np.argwhere(np.isfinite(outcome))
    ]
    numbers = {"show": outcome.size <= MOST_NUMBERS, "fontSize": 11, "formatter": "{@[2]}"}
    series: list[Option] = [
        {
            "type": "heatmap",
            "data": cells,
            "label": numbers,
            "itemStyle": {"borderColor": colours.paper, "borderWidth": 1},
        }
    ]
    if mark is not None:
        ring = {"color": "transparent", "borderColor": colours.accent, "borderWidth": 2.5}
        series.append(
            {"type": "scatter", "data": [list(mark)], "symbolSize": 34, "itemStyle": ring, "silent": True}
        )
    return {
        **frame(title, colours, subtitle=tr("colour: {unit}", unit=unit)),
        "grid": {"left": 62, "right": 74, "top": 54, "bottom": 50},
        "tooltip": {**tooltip(colours), "trigger": "item"},
        "xAxis": _lever(horizontal, colours, gap=30),
        "yAxis": _lever(vertical, colours, gap=44),
        "visualMap": _scale(outcome, digits, centre, colours),
        "series": series,
    }


def _cell(horizontal: Axis, vertical: Axis, column: int, row: int, value: float, unit: str) -> Option:
    places = [
        f"{escape(axis.title)}: {plain_number(axis.values[index])}"
        for axis, index in ((horizontal, column), (vertical, row))
    ]
    return {
        "value": [column, row, value],
        "tooltip": {
            "formatter": "<br/>".join([*places, f"<b>{number_text(f'{value:g}')}</b> {escape(unit)}"])
        },
    }


def _lever(axis: Axis, colours: Theme, gap: int) -> Option:
    return {
        "type": "category",
        "name": axis.title,
        "nameLocation": "middle",
        "nameGap": gap,
        "nameTextStyle": {"color": colours.ink, "fontSize": 12},
        "data": [plain_number(value) for value in axis.values],
        "axisLabel": {"color": colours.muted, "fontSize": 11, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": colours.muted}},
        "axisTick": {"show": False},
    }


def _scale(outcome: FloatArray, digits: int, centre: float | None, colours: Theme) -> Option:
    """Return the colour scale over the finite outcomes, symmetric about ``centre`` if there is one."""
    known = outcome[np.isfinite(outcome)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    least = 10.0**-digits
    if centre is not None:
        reach = max(abs(low - centre), abs(high - centre), least)
        low, high = centre - reach, centre + reach
    return {
        "type": "continuous",
        "seriesIndex": 0,
        "min": round(low, digits),
        "max": round(max(high, low + least), digits),
        "precision": digits,
        "right": 0,
        "top": "middle",
        "calculable": True,
        "itemHeight": 150,
        "itemWidth": 14,
        "textStyle": {"color": colours.ink, "fontFamily": FONT, "fontSize": 11},
        "inRange": {"color": list(colours.sequential if centre is None else colours.diverging)},
    }
