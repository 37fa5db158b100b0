"""Assign one tile of a grid to every country of the map: writes ``tiles.json``.

    python -m tools.data.map.build_tiles                          from ``places.csv`` beside this file
    python -m tools.data.map.build_tiles --raw ../shared/data     write ``places.csv`` first, from ``countries.csv`` there

The mask below says which cells belong to which region (drawn by hand, so that the grid reads as the world); which
country of the region takes which cell is computed: the assignment with the least squared displacement, then exchanges
of two tiles while they bring neighbours closer to the direction in which they lie on the globe.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from sim.calibration.csv_tables import write_csv
from sim.figures.geo import shapes

FloatArray = npt.NDArray[np.float64]

PLACES = Path(__file__).parent / "places.csv"

MASK = """
..........E..EEE.............
..........EE.EEEE............
.N.........EEEEEEE...........
.N.........EEEEEEE...K.......
.N.C.......EEEEEEE..KKKK.HH..
NN.CC.....EEEEEEEEWWW....HHH.
NN.CCCC.....EEEEEEWWWWII..H..
.N...CC...........WWWWIIII...
.N...CC..MMMMM....WWWW.I.JJJJ
..N..CC.AAAAAAMAA..WWWII.JJ..OOO
..SSSS..AAAAAAAAA........JJJ..OOO
..SS....AAAAAAAA..........JJ.OO.O
..SS.......AAAAAA............OOO
..SS.......AAAAAA...........O
..SS.......AAAAAA.............O
...........AAA.AA
"""

LETTERS = {
    "N": ("Northern America", "Central America"),
    "C": ("Caribbean",),
    "S": ("South America",),
    "E": ("Northern Europe", "Western Europe", "Eastern Europe", "Southern Europe"),
    "M": ("Northern Africa",),
    "A": ("Western Africa", "Middle Africa", "Eastern Africa", "Southern Africa"),
    "W": ("Western Asia",),
    "K": ("Central Asia",),
    "I": ("Southern Asia",),
    "H": ("Eastern Asia",),
    "J": ("South-eastern Asia",),
    "O": ("Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia"),
}
NEIGHBOURS = 5
DIRECTION_WEIGHT = 2.0


def cells(letter: str) -> FloatArray:
    """Return the (column, row) of every cell of the mask that holds ``letter``, shape [cells, 2]."""
    rows = MASK.strip("\n").splitlines()
    found = [(c, r) for r, row in enumerate(rows) for c, mark in enumerate(row) if mark == letter]
    return np.array(found, dtype=np.float64)


def globe_position(lat: float, lon: float) -> tuple[float, float]:
    """Return a flat (x, y) in degrees, y downwards, meridians drawn together towards the poles."""
    eastward = lon if lon > -169.0 else lon + 360.0
    return eastward * math.cos(math.radians(lat) * 0.7), -lat


def fill_box(points: FloatArray, box: FloatArray) -> FloatArray:
    """Stretch ``points`` over the bounding box of ``box``, halfway between true and even spacing."""
    stretched = np.empty_like(points)
    for axis in (0, 1):
        low, high = float(box[:, axis].min()), float(box[:, axis].max())
        values = points[:, axis]
        ranks = np.sort(box[:, axis])[values.argsort().argsort()]
        true = low + (values - values.min()) / max(float(np.ptp(values)), 1e-9) * (high - low)
        stretched[:, axis] = 0.35 * true + 0.65 * ranks
    return stretched


def neighbour_pairs(points: FloatArray) -> list[tuple[int, int, FloatArray]]:
    """Return (i, j, unit direction from i to j) for each country and its nearest neighbours."""
    pairs = []
    for i, here in enumerate(points):
        away = points - here
        distance = np.hypot(away[:, 0], away[:, 1])
        for j in distance.argsort()[1 : NEIGHBOURS + 1]:
            pairs.append((i, int(j), away[j] / max(float(distance[j]), 1e-9)))
    return pairs


def strain(placed: FloatArray, goal: FloatArray, pairs: Iterable[tuple[int, int, FloatArray]]) -> float:
    """Return squared displacement plus the misfit of neighbour distance and direction."""
    total = float(((placed - goal) ** 2).sum())
    for i, j, direction in pairs:
        step = placed[j] - placed[i]
        total += DIRECTION_WEIGHT * float(((step - 1.2 * direction) ** 2).sum()) / NEIGHBOURS
    return total


def place_region(points: FloatArray, free: FloatArray) -> FloatArray:
    """Return one cell of ``free`` per point (shape [points, 2])."""
    goal = fill_box(points, free)
    cost = ((goal[:, None, :] - free[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    placed: FloatArray = free[chosen]
    pairs = neighbour_pairs(points)
    best = strain(placed, goal, pairs)
    improved = True
    while improved:
        improved = False
        for i in range(len(points)):
            for j in range(i):
                placed[[i, j]] = placed[[j, i]]
                now = strain(placed, goal, pairs)
                if now < best - 1e-9:
                    best, improved = now, True
                else:
                    placed[[i, j]] = placed[[j, i]]
    return placed


def build(places: Path) -> dict[str, tuple[int, int]]:
    """Return ``{iso3: (column, row)}`` for every country of ``places``.

    Raises
    ------
    ValueError
        If the mask does not hold exactly one cell per country of each region.
    """
    with places.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tiles: dict[str, tuple[int, int]] = {}
    for letter, regions in LETTERS.items():
        members = [row for row in rows if row["region"] in regions]
        free = cells(letter)
        if len(members) != len(free):
            raise ValueError(f"mask {letter}: {len(free)} cells for {len(members)} countries")
        points = np.array([globe_position(float(row["lat"]), float(row["lon"])) for row in members])
        for row, (column, line) in zip(members, place_region(points, free), strict=True):
            tiles[row["iso3"]] = (int(column), int(line))
    return dict(sorted(tiles.items()))


def write_places(raw: Path, target: Path = PLACES) -> Path:
    """Write code, label point (degrees) and UN region of every country from the collected table of countries.

    Raises
    ------
    FileNotFoundError
        If ``raw`` holds no ``countries.csv``.
    """
    with (raw / "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["iso3"])
    cells = (
        (row["iso3"], row["m49_code"], row["label_lat"], row["label_lon"],
         row["un_intermediate_region"] or row["un_subregion"])
        for row in rows
    )  # fmt: skip
    write_csv(target, ("iso3", "m49", "lat", "lon", "region"), cells)
    return target


def write_tiles(places: Path, target: Path) -> Path:
    """Write the grid of the countries of ``places`` as JSON."""
    tiles = build(places)
    columns = 1 + max(column for column, _ in tiles.values())
    lines = 1 + max(line for _, line in tiles.values())
    text = json.dumps({"columns": columns, "rows": lines, "tiles": tiles})
    target.write_text(text + "\n", encoding="utf-8")
    return target


def main(arguments: Sequence[str] | None = None) -> None:
    """Write ``tiles.json`` into the package."""
    parser = argparse.ArgumentParser(prog="python -m tools.data.map.build_tiles", description=main.__doc__)
    parser.add_argument(
        "--raw", type=Path, help="folder of the collected material: places.csv is written anew, too"
    )
    given = parser.parse_args(arguments)
    if given.raw is not None:
        write_places(given.raw)
    write_tiles(PLACES, shapes.HERE / "tiles.json")


if __name__ == "__main__":
    main()
