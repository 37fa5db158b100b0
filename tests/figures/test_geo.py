"""The map holds every country once, each can be hit, and the tile grid has one free cell for each."""

import csv
import json
import re
import shutil
import subprocess

import numpy as np
import pytest

from sim.figures.geo import shapes
from tools.data.map import build_tiles

with build_tiles.PLACES.open(encoding="utf-8", newline="") as places:
    PLACES = {row["iso3"]: row for row in csv.DictReader(places)}


def rings(path):
    """Return the rings of a stored path as arrays of points."""
    found = []
    for ring in path.split("z")[:-1]:
        start, steps = ring[1:].split("l")
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        points = np.array([[int(n) for n in start.split()], *zip(numbers[::2], numbers[1::2], strict=True)])
        found.append(points.cumsum(axis=0))
    return found


def area(ring):
    x, y = ring[:, 0], ring[:, 1]
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


def test_every_country_is_on_the_map_and_the_grid_once():
    on_map = [country["iso"] for country in shapes.world_map()["countries"]]
    assert sorted(on_map) == sorted(PLACES)
    assert sorted(shapes.tile_grid()["tiles"]) == sorted(PLACES)
    assert len(on_map) == 197
    assert {"TWN", "PSE", "XKX", "VAT", "TUV"} <= set(on_map)


def test_each_country_is_large_enough_to_be_hit():
    shape = shapes.world_map()
    for country in shape["countries"]:
        largest = max((area(ring) for ring in rings(country["d"])), default=0) / shape["scale"] ** 2
        assert country["r"] >= 3 or largest >= 5, country["iso"]


def test_everything_lies_inside_the_picture():
    shape = shapes.world_map()
    for country in shape["countries"]:
        assert 0 <= country["x"] - country["r"] <= country["x"] + country["r"] <= shape["width"]
        assert 0 <= country["y"] <= shape["height"]
        for ring in rings(country["d"]):
            assert np.all(ring >= 0)
            assert np.all(ring <= np.array([shape["width"], shape["height"]]) * shape["scale"])


def test_circles_do_not_hide_each_other():
    circles = [country for country in shapes.world_map()["countries"] if country["r"]]
    places = np.array([[country["x"], country["y"]] for country in circles])
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > circles[0]["r"] * 1.6


def test_land_is_drawn_to_scale():
    """The projection keeps areas: shares of the land area agree with the CIA World Factbook (km2)."""
    shape = {country["iso"]: country["d"] for country in shapes.world_map()["countries"]}
    published = {
        "RUS": 16_377_742,
        "BRA": 8_358_140,
        "AUS": 7_633_565,
        "DZA": 2_381_741,
        "KAZ": 2_699_700,
        "SOM": 627_337,
    }
    drawn = {iso: sum(area(ring) for ring in rings(shape[iso])) for iso in published}
    total = sum(published.values())
    for iso, square in published.items():
        assert drawn[iso] / sum(drawn.values()) == pytest.approx(square / total, rel=0.05)


def equal_earth(lat, lon):
    """Savric, Patterson, Jenny (2018), "The Equal Earth map projection", IJGIS 33(3)."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    eastward = (np.radians(np.asarray(lon, float) - 11) + np.pi) % (2 * np.pi) - np.pi
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(np.asarray(lat, float))))
    slope = 9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1
    y = a4 * theta**9 + a3 * theta**7 + a2 * theta**3 + a1 * theta
    return np.stack([2 * np.sqrt(3) * eastward * np.cos(theta) / (3 * slope), -y], axis=-1)


def placed():
    """Return scale and shift of the map in pixels, and how far label points are from where they should be."""
    countries = [country for country in shapes.world_map()["countries"] if not country["r"]]
    flat = equal_earth(
        *zip(*[(PLACES[c["iso"]]["lat"], PLACES[c["iso"]]["lon"]) for c in countries], strict=True)
    )
    drawn = np.array([[country["x"], country["y"]] for country in countries])
    spread, middle = flat - flat.mean(0), drawn - drawn.mean(0)
    scale = (spread * middle).sum() / (spread**2).sum()
    shift = drawn.mean(0) - scale * flat.mean(0)
    return scale, shift, np.abs(scale * flat + shift - drawn).max()


def holds(iso, lat, lon):
    """Return whether the outline of a country holds a place (even-odd rule)."""
    scale, shift, _ = placed()
    shape = shapes.world_map()
    x, y = (scale * equal_earth(lat, lon) + shift) * shape["scale"]
    path = next(country["d"] for country in shape["countries"] if country["iso"] == iso)
    crossings = 0
    for ring in rings(path):
        (x1, y1), (x2, y2) = ring.T, np.roll(ring, 1, axis=0).T
        cuts = (y1 > y) != (y2 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings += np.sum(cuts & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1))
    return bool(crossings % 2)


def test_labels_lie_where_the_projection_puts_them():
    assert placed()[2] < 0.06


@pytest.mark.parametrize(
    ("iso", "lat", "lon"),
    [
        ("UKR", 45.2, 34.3),  # Crimea
        ("SOM", 9.6, 45.0),  # Somaliland
        ("CYP", 35.27, 33.5),  # northern Cyprus
        ("XKX", 42.6, 20.9),
        ("TWN", 23.7, 121.0),
        ("RUS", 66.5, -172.0),  # Chukotka, beyond the antimeridian
        ("USA", 65.0, -153.0),  # Alaska
        ("FRA", 4.0, -53.0),  # French Guiana
        ("LSO", -29.6, 28.2),
    ],
)
def test_places_are_in_the_country_they_should_be_in(iso, lat, lon):
    assert [country for country in PLACES if holds(country, lat, lon)] == [iso]


def test_files_stay_small():
    assert (shapes.HERE / "world_map.json").stat().st_size < 300_000
    assert (shapes.HERE / "tiles.json").stat().st_size < 10_000


def test_tiles_do_not_overlap_and_lie_on_the_grid():
    grid = shapes.tile_grid()
    cells = [tuple(cell) for cell in grid["tiles"].values()]
    assert len(set(cells)) == len(cells)
    assert {column for column, _ in cells} <= set(range(grid["columns"]))
    assert {row for _, row in cells} <= set(range(grid["rows"]))


def test_the_grid_reads_as_the_world():
    """North is up and west is left: ranks on the grid agree with those on the globe."""
    tiles = shapes.tile_grid()["tiles"]
    lat = np.array([float(PLACES[iso]["lat"]) for iso in tiles])
    lon = np.array([float(PLACES[iso]["lon"]) for iso in tiles])
    lon = np.where(lon < -169, lon + 360, lon)
    columns, rows = np.array(list(tiles.values())).T
    rank = lambda values: values.argsort(kind="stable").argsort()  # noqa: E731
    assert np.corrcoef(rank(lon), rank(columns))[0, 1] > 0.95
    assert np.corrcoef(rank(-lat), rank(rows))[0, 1] > 0.85
    for west, east in (("PRT", "ESP"), ("MEX", "CUB"), ("TUR", "IRN"), ("THA", "KHM"), ("CIV", "NGA")):
        assert tiles[west][0] <= tiles[east][0], (west, east)
    for north, south in (("CAN", "USA"), ("NOR", "DNK"), ("EGY", "SDN"), ("COL", "PER"), ("KAZ", "UZB")):
        assert tiles[north][1] < tiles[south][1], (north, south)


def test_the_committed_grid_is_the_computed_one():
    computed = build_tiles.build(build_tiles.PLACES)
    assert {iso: tuple(cell) for iso, cell in shapes.tile_grid()["tiles"].items()} == computed


def test_a_country_without_a_cell_is_reported(tmp_path):
    text = build_tiles.PLACES.read_text(encoding="utf-8")
    extra = tmp_path / "places.csv"
    extra.write_text(text + "ATL,,31,-30,Southern Europe\n", encoding="utf-8")
    with pytest.raises(ValueError, match="mask E: 45 cells for 46 countries"):
        build_tiles.build(extra)


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_scripts_are_valid_javascript():
    for script in (build_tiles.PLACES.with_name("build_map.mjs"),):
        done = subprocess.run(["node", "--check", str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_map_is_json_without_waste():
    text = (shapes.HERE / "world_map.json").read_text(encoding="utf-8")
    assert json.loads(text) == shapes.world_map()
    assert text.count("\n") == 1
