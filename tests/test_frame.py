"""The frame: the locks fit the package and name no place, and what is installed holds all that is needed."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

import sim

ROOT = Path(sim.__file__).parents[1]
LOCKS = ("core", "all")

Lock = dict[str, list[tuple[Requirement, frozenset[str]]]]


def read_lock(name: str) -> Lock:
    """Return, for each package, its locked requirements (one per environment) with their hashes."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lock: Lock = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pinned, *hashes = re.split(r"\s+--hash=", line.strip())
            requirement = Requirement(pinned)
            lock.setdefault(canonicalize_name(requirement.name), []).append((requirement, frozenset(hashes)))
    return lock


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_with_hashes(name: str) -> None:
    pins = [pin for pins in read_lock(name).values() for pin in pins]
    assert len(pins) > 20
    for requirement, hashes in pins:
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z-]+", text))
    assert options == {"--hash"}
    assert "/" not in text
    assert "@" not in text


def test_the_light_lock_is_a_part_of_the_full_one() -> None:
    core, everything = read_lock("core"), read_lock("all")
    assert core.keys() < everything.keys()
    for name, pins in core.items():
        assert all(pin in everything[name] for pin in pins), name


def required(pyproject: dict[str, Any], lock: str) -> list[Requirement]:
    """Return what the package asks for in the environment a lock describes."""
    project = pyproject["project"]
    lines = [*project["dependencies"], *pyproject["dependency-groups"]["build"]]
    if lock == "all":
        lines += [line for extra in project["optional-dependencies"].values() for line in extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_the_package_asks_for(name: str, pyproject: dict[str, Any]) -> None:
    lock = read_lock(name)
    for wanted in required(pyproject, name):
        pins = lock.get(canonicalize_name(wanted.name), [])
        assert pins, f"{wanted} is not locked; run `make lock`"
        for pin, _ in pins:
            (specifier,) = pin.specifier
            assert wanted.specifier.contains(specifier.version, prereleases=True), f"{pin}; run `make lock`"


def test_what_builds_the_package_is_locked(pyproject: dict[str, Any]) -> None:
    assert sorted(pyproject["build-system"]["requires"]) == sorted(pyproject["dependency-groups"]["build"])


def test_the_citation_is_of_this_version() -> None:
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == sim.__version__


def files_below(folder: Path) -> set[str]:
    """Return the files of a folder, without what Python and editors leave there."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_a_wheel_holds_the_package_its_data_and_the_scenarios(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name.removeprefix("sim/") for name in archive.namelist() if name.startswith("sim/")}
    library = {f"_scenarios/{name}" for name in files_below(ROOT / "scenarios")}
    assert "_scenarios/baseline.yaml" in library
    report = {"validation.md", "replays.csv"} | {
        f"images/{path.name}" for path in ROOT.glob("docs/images/validation-*.svg")
    }
    assert len(report) > 1
    register = {"forecast-2026.csv", "forecast-2026.manifest.json", "forecast-2026.offers.csv"}
    register |= {f"forecast-2026-12.{part}" for part in ("csv", "manifest.json", "questions.csv")}
    validation = {f"calibration/tables/{name}" for name in report | register}
    assert packed == files_below(ROOT / "sim") | library | validation
    assert "py.typed" in packed


def test_no_two_files_of_tests_have_the_same_name() -> None:
    names = [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        if path.name not in ("conftest.py", "__init__.py")
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    assert twice == [], "pytest collects only one of them"
