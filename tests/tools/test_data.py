"""The scripts that build the shipped tables still give them, byte for byte, from the collected material."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from sim.calibration import participation
from sim.figures.geo import shapes
from sim.replications.replication import DATA
from sim.scenario.library import library_folder
from sim.world import record
from tools.data import schema
from tools.data.map import build_tiles
from tools.data.participation.compile import write_tables
from tools.data.replications.compile import compile_all
from tools.data.world.tables import compile_tables

RAW = Path(__file__).resolve().parents[3] / "shared" / "data"
ESTIMATES = {"coefficients.json", "dynamics.json", "posterior.csv", "reference_offer.csv"}
"""Files beside the outcome tables that `aiblocs calibrate` writes."""


def compile_world(made: Path) -> None:
    compile_tables(RAW, made)


def compile_participation(made: Path) -> None:
    write_tables(RAW, made)


def compile_replications(made: Path) -> None:
    compile_all(RAW / "benchmarks", made)


def compile_places(made: Path) -> None:
    build_tiles.write_places(RAW, made / "places.csv")


def compile_tiles(made: Path) -> None:
    build_tiles.write_tiles(build_tiles.PLACES, made / "tiles.json")


def files(folder: Path, *names: str) -> list[Path]:
    """The named files of a folder, or all."""
    return [folder / name for name in names] or [path for path in folder.iterdir() if path.is_file()]


def compare(build: Callable[[Path], None], shipped: Iterable[Path], made: Path) -> None:
    build(made)
    wanted = {path.name: path for path in shipped}
    assert sorted(path.name for path in made.iterdir()) == sorted(wanted)
    for path in made.iterdir():
        assert path.read_bytes() == wanted[path.name].read_bytes(), path.name


@pytest.mark.skipif(
    not RAW.is_dir(),
    reason="the collected material (../shared/data) is not here; the package works without it",
)
@pytest.mark.parametrize(
    ("build", "shipped"),
    [
        (compile_world, files(record.TABLES)),
        (compile_participation, [path for path in files(participation.TABLES) if path.name not in ESTIMATES]),
        (compile_replications, files(DATA)),
        (compile_places, [build_tiles.PLACES]),
    ],
    ids=["world", "participation", "replications", "places"],
)
def test_the_collected_material_gives_the_shipped_bytes(
    build: Callable[[Path], None], shipped: list[Path], tmp_path: Path
) -> None:
    compare(build, shipped, tmp_path)


def test_places_and_registry_give_the_shipped_bytes(tmp_path: Path) -> None:
    for name, build, shipped in (
        ("tiles", compile_tiles, [shapes.HERE / "tiles.json"]),
        ("schema", schema.write_generated, files(library_folder(), "parameters.md", "scenario.schema.json")),
    ):
        made = tmp_path / name
        made.mkdir()
        compare(build, shipped, made)


def test_a_changed_byte_is_seen(tmp_path: Path) -> None:
    other = tmp_path / "shipped" / "tiles.json"
    other.parent.mkdir()
    other.write_bytes((shapes.HERE / "tiles.json").read_bytes().replace(b"1", b"2", 1))
    made = tmp_path / "made"
    made.mkdir()
    with pytest.raises(AssertionError, match=r"tiles\.json"):
        compare(compile_tiles, [other], made)
