"""Charts of relations: flows between states from date to date, a network of countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from sim.dashboard.charts.frame import FloatArray, Option, frame, tooltip
from sim.figures.palette import Theme, theme
from sim.labels.partition import rounded_parts
from sim.words import mark, tr

CANVAS = 1000
"""Positions are stretched by this: the chart rounds the ends of level lines to whole units."""

SMALLEST_FLOW = 0.05
"""Flows of fewer expected countries than this are not drawn."""


COUNTRIES = mark("countries")


@dataclass(frozen=True)
class Node:
    """One agent of a network: label, place (about -1 to 1, y downwards), diameter in px, colour, tooltip."""

    label: str
    x: float
    y: float
    size: float
    colour: str
    note: str
    strong: bool = False


@dataclass(frozen=True)
class Edge:
    """A tie between two nodes (positions in the list of nodes) with its weight in (0, 1]."""

    source: int
    target: int
    weight: float


def flows_option(
    dates: Sequence[str],
    names: Sequence[str],
    colours_of: Sequence[str],
    flows: Sequence[FloatArray],
    *,
    title: str,
    dark: bool = False,
) -> Option:
    """Return an alluvial picture of how many countries move between states from date to date.

    Parameters
    ----------
    dates : two or more names, in order
    names, colours_of : one per state
    flows : one matrix per pair of neighbouring dates: expected countries, [state before, state after]
    """
    colours = theme(dark)
    stocks = [flows[0].sum(axis=1), *(matrix.sum(axis=0) for matrix in flows)]
    whole = [rounded_parts(stock) for stock in stocks]
    last = len(dates) - 1
    nodes = [
        _stock(names[state], date, float(whole[column][state]), (column, last), colours_of[state])
        for column, (date, stock) in enumerate(zip(dates, stocks, strict=True))
        for state in range(len(names))
        if stock[state] >= SMALLEST_FLOW
    ]
    links = [
        {
            "source": f"{names[before]}, {dates[column]}",
            "target": f"{names[after]}, {dates[column + 1]}",
            "value": round(float(matrix[before, after]), 1),
        }
        for column, matrix in enumerate(flows)
        for before, after in np.argwhere(matrix >= SMALLEST_FLOW)
    ]
    words = {"color": colours.ink, "fontSize": 12, "textBorderColor": colours.paper, "textBorderWidth": 2}
    series = {
        "type": "sankey",
        "left": 4,
        "right": 4,
        "top": 52,
        "bottom": 8,
        "nodeGap": 14,
        "nodeWidth": 16,
        "draggable": False,
        "layoutIterations": 0,
        "emphasis": {"focus": "adjacency"},
        "lineStyle": {"color": "gradient", "opacity": 0.42, "curveness": 0.5},
        "label": words,
        "data": nodes,
        "links": links,
    }
    return {
        **frame(
            title, colours, subtitle=tr("expected number of countries, {dates}", dates=" → ".join(dates))
        ),
        "tooltip": {
            **tooltip(colours),
            "trigger": "item",
            "formatter": f"{{b}}: <b>{{c}}</b> {tr(COUNTRIES)}",
        },
        "series": [series],
    }


def _stock(name: str, date: str, count: float, place: tuple[int, int], colour: str) -> Option:
    """Return one bar; ``place`` : its column and the last one. Names stand at both ends, so that none collide on a phone."""
    column, last = place
    words = f"{count:.0f}" if 0 < column < last else f"{name} {count:.0f}"
    return {
        "name": f"{name}, {date}",
        "depth": column,
        "itemStyle": {"color": colour, "borderWidth": 0},
        "label": {"position": "left" if column == last else "right", "formatter": words},
    }


def network_option(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    title: str,
    subtitle: str = "",
    dark: bool = False,
) -> Option:
    """Return a network with given positions; wheel zooms, dragging moves."""
    colours = theme(dark)
    series = {
        "type": "graph",
        "layout": "none",
        "left": "center",  # and no width or height: circles stay circles, whatever the shape of the chart
        "top": 60,
        "roam": True,
        "label": {"show": True, "position": "bottom", "distance": 1, "color": colours.ink, "fontSize": 9},
        "labelLayout": {"hideOverlap": True},
        "emphasis": {"focus": "adjacency", "lineStyle": {"opacity": 0.9}},
        "data": [_graph_node(index, node, colours) for index, node in enumerate(nodes)],
        "links": [_graph_edge(edge, nodes, colours) for edge in edges],
    }
    return {
        **frame(title, colours, subtitle=subtitle),
        "tooltip": {**tooltip(colours), "trigger": "item"},
        "series": [series],
    }


def _graph_node(index: int, node: Node, colours: Theme) -> Option:
    border = {
        "borderColor": colours.accent if node.strong else colours.paper,
        "borderWidth": 2.5 if node.strong else 1,
    }
    return {
        "id": str(index),
        "name": node.label,
        "x": round(CANVAS * node.x, 1),
        "y": round(CANVAS * node.y, 1),
        "symbolSize": node.size,
        "itemStyle": {"color": node.colour, **border},
        "tooltip": {"formatter": escape(node.note)},
    }


def _graph_edge(edge: Edge, nodes: Sequence[Node], colours: Theme) -> Option:
    ends = f"{escape(nodes[edge.source].label)} – {escape(nodes[edge.target].label)}"
    return {
        "source": str(edge.source),
        "target": str(edge.target),
        "lineStyle": {"color": colours.muted, "width": round(0.5 + 3 * edge.weight, 2), "opacity": 0.28},
        "tooltip": {"formatter": tr("{ends}: weight {weight:.2f}", ends=ends, weight=edge.weight)},
    }
