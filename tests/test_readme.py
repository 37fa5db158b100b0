"""The README: its commands run, its links lead somewhere, its picture is drawn by the script."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.errors import InputError

ROOT = Path(sim.__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [command for command in re.findall(r"`(aiblocs [^`]+)`", TEXT) if command != "aiblocs verify"]


def test_every_link_and_picture_is_there() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(targets) > 3
    for target in targets:
        path, _, place = target.partition("#")
        assert (ROOT / path).is_file(), target
        heads = (
            re.findall(r"^#+ (.+)$", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE) if place else []
        )
        anchors = [re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads]
        assert place in ["", *anchors], target


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(command)[1:]
    assert main([*arguments, "--runs", "2"] if arguments[0] == "run" else arguments) == 0


def test_no_result_is_typed_into_it() -> None:
    typed = re.sub(
        r"<!-- generated: .*?<!-- end -->", "", TEXT, flags=re.DOTALL
    )  # these are written by docs/build.py
    shares = re.findall(r"(\d[\d.]*) ?%", typed)
    assert set(shares) <= {"100", "90", "60"}, (
        "sums, bands and the example of a probability, and nothing else"
    )


def test_it_fits_a_screen() -> None:
    assert len(TEXT.partition("## Pictures")[0].splitlines()) < 60


def test_the_pictures_are_drawn_by_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = runpy.run_path(str(ROOT / "docs" / "make_images.py"))
    assert {path.stem for path in (ROOT / "docs" / "images").glob("*.png")} <= script["PICTURES"].keys()
    monkeypatch.setitem(script["main"].__globals__, "IMAGES", tmp_path)
    assert script["main"](["baseline"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["baseline.png"]
    assert (tmp_path / "baseline.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="did you mean baseline"):
        script["main"](["baselin"])
