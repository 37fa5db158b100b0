"""Read the map and the tile grid that the scripts beside this file wrote."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from sim.words import mark

HERE = Path(__file__).parent

BOUNDARIES_NOTE = mark(
    "Outlines: Natural Earth (public domain), Equal Earth projection. Boundaries, names and the entities "
    "listed serve to show data and are no position on the status of any territory."
)
"""Shown under every map."""


@functools.cache
def world_map() -> dict[str, Any]:
    """Return the outlines: width, height, scale, ``countries`` (iso, d, x, y, r) and ``neutral`` territory.

    ``d`` is an SVG path in units of 1/``scale`` pixel; ``x, y`` the label point and ``r`` the radius of the
    circle of a small country (0 = none), both in pixels. The object is shared: do not change it.
    """
    shapes: dict[str, Any] = json.loads((HERE / "world_map.json").read_text(encoding="utf-8"))
    return shapes


@functools.cache
def tile_grid() -> dict[str, Any]:
    """Return ``columns``, ``rows`` and ``tiles`` {iso3: [column, row]}. Shared: do not change it."""
    grid: dict[str, Any] = json.loads((HERE / "tiles.json").read_text(encoding="utf-8"))
    return grid
