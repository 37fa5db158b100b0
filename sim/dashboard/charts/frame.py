"""What all charts share: heading, tooltip, axes, fonts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.figures.palette import Theme
from sim.labels.dates import quarter_label

Option = dict[str, Any]
FloatArray = npt.NDArray[np.float64]

FONT = "Roboto, Helvetica, Arial, sans-serif"
MOST_TIME_LABELS = 6


def frame(title: str, colours: Theme, *, subtitle: str = "") -> Option:
    """Return the parts of an option that do not depend on the kind of chart."""
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": FONT, "color": colours.ink},
        "aria": {"enabled": True, "label": {"description": f"{title}. {subtitle}" if subtitle else title}},
        "title": {
            "text": title,
            "subtext": subtitle,
            "left": 0,
            "top": 0,
            "padding": 0,
            "itemGap": 6,
            "textStyle": {
                "fontSize": 14,
                "lineHeight": 18,
                "fontWeight": 600,
                "color": colours.ink,
                "fontFamily": FONT,
            },
            "subtextStyle": {"fontSize": 12, "color": colours.muted, "fontFamily": FONT},
        },
    }


def tooltip(colours: Theme) -> Option:
    """Return a tooltip that stays inside its chart."""
    return {
        "confine": True,
        "backgroundColor": colours.paper,
        "borderColor": colours.grid,
        "textStyle": {"color": colours.ink, "fontSize": 12, "fontFamily": FONT},
    }


def dot(colour: str) -> str:
    """Return the mark of a series in a tooltip."""
    style = (
        f"display:inline-block;width:9px;height:9px;border-radius:5px;margin-right:6px;background:{colour}"
    )
    return f'<span style="{style}"></span>'


def time_axis(quarters: Sequence[str], colours: Theme) -> Option:
    """Return the horizontal axis of quarters, with whole years between its labels."""
    years = max(1, -(-len(quarters) // (4 * MOST_TIME_LABELS)))
    return {
        "type": "category",
        "data": [quarter_label(quarter) for quarter in quarters],
        "boundaryGap": False,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": colours.muted}},
        "axisLabel": {
            "color": colours.muted,
            "interval": 4 * years - 1,
            "fontSize": 11,
            "hideOverlap": True,
        },
    }


def value_axis(name: str, colours: Theme) -> Option:
    """Return the vertical axis with its unit above it."""
    return {
        "type": "value",
        "name": name,
        "nameLocation": "end",
        "nameGap": 10,
        "nameTextStyle": {"color": colours.muted, "align": "left", "padding": [0, 0, 0, -40], "fontSize": 11},
        "splitLine": {"lineStyle": {"color": colours.grid}},
        "axisLabel": {"color": colours.muted, "fontSize": 11},
        "splitNumber": 4,
    }


def rounded(values: Iterable[float], digits: int) -> list[float]:
    """Return plain rounded numbers, as JSON wants them."""
    return [round(float(value), digits) for value in values]
