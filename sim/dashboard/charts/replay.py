"""What happened over time, the band of a past simulated again, and the futures, in one chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.dashboard.charts.frame import Option, frame, time_axis, tooltip, value_axis
from sim.figures.palette import theme
from sim.words import tr

Number = float | int | None


@dataclass(frozen=True)
class Counted:
    """Members of one list or bloc over quarters; None where there is nothing.

    ``name`` : of whom; ``colour`` : of the side
    ``joined`` : as it was; ``replay, futures`` : (low, middle, high) of the past simulated again, and of the futures
    """

    name: str
    colour: str
    quarters: tuple[str, ...]
    joined: tuple[Number, ...]
    replay: tuple[tuple[Number, Number, Number], ...]
    futures: tuple[tuple[Number, Number, Number], ...]


def replay_option(counted: Counted, *, dark: bool = False) -> Option:
    """Return the chart: what happened as dots on a line, both bands with their middle."""
    colours = theme(dark)
    replay = _band(tr("simulated again, 90 %"), counted.replay, colours.muted, [5, 4])
    futures = _band(tr("futures, 90 %"), counted.futures, counted.colour, "solid")
    was = tr("as it was")
    real = {
        "type": "line", "name": was, "data": list(counted.joined), "connectNulls": True, "symbol": "circle",
        "symbolSize": 5, "showSymbol": _few(counted.joined), "lineStyle": {"color": colours.ink, "width": 2},
        "itemStyle": {"color": colours.ink}, "z": 6, "silent": True,
    }  # fmt: skip
    bands = [*(replay if _any(counted.replay) else []), *(futures if _any(counted.futures) else [])]
    names = [was, *(str(one["name"]) for one in bands if "name" in one and "areaStyle" not in one)]
    return {
        **frame(tr("{list}: members, its leader left out", list=counted.name), colours),
        "legend": {
            "data": names, "left": 0, "top": 24, "itemGap": 14, "icon": "roundRect", "itemWidth": 12, "itemHeight": 12,
            "textStyle": {"color": colours.ink, "fontSize": 12}, "selectedMode": False,
        },
        "grid": {"left": 40, "right": 24, "top": 76, "bottom": 26},
        "tooltip": {**tooltip(colours), "trigger": "axis"},
        "xAxis": time_axis(counted.quarters, colours),
        "yAxis": value_axis(tr("states"), colours),
        "series": [real, *bands],
    }  # fmt: skip


def _band(
    name: str, parts: Sequence[tuple[Number, Number, Number]], colour: str, dashes: str | list[int]
) -> list[Option]:
    """Return the middle, then the unseen lower end and the area above it."""
    plain: Option = {"type": "line", "symbol": "none", "silent": True, "connectNulls": False}
    width = [None if low is None or high is None else round(high - low, 1) for low, _, high in parts]
    stack = {"stack": name, "stackStrategy": "all", "tooltip": {"show": False}}
    return [
        {
            **plain, "name": name, "data": [middle for _, middle, _ in parts], "z": 5,
            "lineStyle": {"color": colour, "width": 2, "type": dashes}, "itemStyle": {"color": colour},
        },
        {**plain, **stack, "data": [low for low, _, _ in parts], "lineStyle": {"opacity": 0}},
        {**plain, **stack, "data": width, "lineStyle": {"opacity": 0}, "areaStyle": {"color": colour, "opacity": 0.22}},
    ]  # fmt: skip


def _any(parts: Sequence[tuple[Number, Number, Number]]) -> bool:
    return any(low is not None for low, _, _ in parts)


def _few(values: Sequence[Number]) -> bool:
    """Return whether there are so few values that each is worth a dot."""
    return sum(value is not None for value in values) <= MOST_DOTS


MOST_DOTS = 20
