"""The documentation: its tables have not drifted, its links lead somewhere, its notebooks show what they give."""

import importlib
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from blocks import BLOCK, COMMANDS, PAGES, SHOWN, blocks
from script_modules import DOCS, ROOT, load_tool

import sim
from sim.inputs.build import build_inputs
from sim.inputs.hashing import inputs_sha256
from sim.scenario.loader import load
from sim.world import load_world


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_is_of_a_kind_that_is_looked_after(page: Path) -> None:
    found = blocks(page)
    assert len(found) == len(re.findall(r"^```\w*$", page.read_text(encoding="utf-8"), re.M)) / 2
    for block in found:
        assert block.kind in COMMANDS | SHOWN | {"python"}, f"{page.name}:{block.line}"
        if block.kind in COMMANDS and block.mark is None:
            assert block.commands, f"{page.name}:{block.line} holds no command"


def test_the_generated_parts_are_those_of_the_code_and_the_data() -> None:
    drifted = load_tool("build").drifted()
    assert drifted == [], "run python docs/build.py"


def test_the_page_on_performance_says_what_was_measured() -> None:
    page = load_tool("page", ROOT / "benchmarks").page()
    assert (DOCS / "performance.md").read_text(encoding="utf-8") == page, "run python benchmarks/page.py"


def test_the_page_on_levers_is_of_the_baseline_as_it_is() -> None:
    kept = json.loads((DOCS / "levers.json").read_text(encoding="utf-8"))
    now = inputs_sha256(build_inputs(load_world(), load("baseline")))
    made = "run aiblocs levers baseline --json > docs/levers.json, then python docs/build.py"
    assert (kept["inputs_sha256"], kept["version"]) == (now, sim.__version__), made


def test_a_generated_part_that_nobody_knows_is_a_mistake() -> None:
    build = load_tool("build")
    with pytest.raises(KeyError):
        build.filled("<!-- generated: nonsense -->\n<!-- end -->")
    once = build.filled("<!-- generated: step-plan -->\nold\n<!-- end -->")
    assert "old" not in once
    assert build.filled(once) == once


def dotted_names() -> Iterator[tuple[str, str]]:
    """Yield every name of the package that a page mentions as code."""
    for page in PAGES:
        for name in re.findall(r"`(sim(?:\.\w+)+)(?:\(.*?\))?`", page.read_text(encoding="utf-8")):
            yield page.name, name


def resolve(name: str) -> object:
    parts = name.split(".")
    here: object = sim
    for n, part in enumerate(parts[1:], start=2):
        try:
            here = getattr(here, part)
        except AttributeError:
            here = importlib.import_module(".".join(parts[:n]))
    return here


def test_every_name_of_the_package_on_a_page_exists() -> None:
    names = set(dotted_names())
    assert len(names) > 30
    lost = []
    for page, name in sorted(names):
        try:
            resolve(name)
        except ImportError:
            lost.append(f"{page}: {name}")
    assert lost == []


def test_every_file_and_link_on_a_page_exists() -> None:
    lost = []
    for page in PAGES:
        text = BLOCK.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target.partition("#")[0]).exists():
                lost.append(f"{page.name}: {target}")
        for path in re.findall(r"`((?:sim|docs|tests|tools|scenarios)/[\w./-]+)`", text):
            if not (ROOT / path).exists():
                lost.append(f"{page.name}: {path}")
    assert lost == []


def test_every_module_that_a_page_tells_to_run_does_something() -> None:
    told = {
        (page.name, name)
        for page in PAGES
        for name in re.findall(r"python -m ((?:sim|tools)[\w.]*)", page.read_text(encoding="utf-8"))
    }
    assert told
    idle = []
    for page, name in sorted(told):
        path = ROOT.joinpath(*name.split("."))
        entry = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
        if not entry.is_file() or 'if __name__ == "__main__":' not in entry.read_text(encoding="utf-8"):
            idle.append(f"{page}: {name}")
    assert idle == []


def test_every_page_can_be_reached_from_the_start() -> None:
    reached, waiting = set(), [ROOT / "README.md", DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+)", page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link).resolve() for link in links if not re.match(r"[a-z]+:", link)]
    assert set(DOCS.rglob("*.md")) <= reached


def test_rooms_import_only_what_stands_before_them() -> None:
    rooms = load_tool("rooms")
    assert sorted(rooms.ORDER) == rooms.package_names()
    assert [one.place for one in rooms.against_order(rooms.imports())] == []


CIRCLES = (["sim.mesa_model.alignment", "sim.mesa_model.agents", "sim.mesa_model.agents"],)
"""Circles that are about to go."""


def test_no_two_files_import_each_other() -> None:
    rooms = load_tool("rooms")
    assert [group for group in rooms.circles(rooms.imports()) if group not in CIRCLES] == []


def test_rooms_see_every_kind_of_import(tmp_path: Path) -> None:
    rooms = load_tool("rooms")
    files = {
        "__init__": "from sim.cli import main",
        "errors": "import sim",
        "world/__init__": "from sim.world.reader import read",
        "world/reader": "def late():\n    from sim.world import loader",
        "world/loader": "import sim.world.reader",
        "cli/__init__": "from sim import errors, theory",
        "theory": "if TYPE_CHECKING:\n    from sim.cli import main",
    }
    for name, text in files.items():
        path = tmp_path / "sim" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = rooms.imports(tmp_path / "sim")
    backward = {(one.source, one.target) for one in rooms.against_order(found)}
    assert backward == {("sim.theory", "sim.cli"), ("sim.errors", "sim")}
    assert next(one.place for one in found if one.source == "sim.world.reader") == "sim/world/reader.py:2"
    assert rooms.circles(found) == [
        ["sim", "sim.cli", "sim.errors", "sim.theory"],
        ["sim.world.loader", "sim.world.reader"],
    ]
    (tmp_path / "sim" / "errors.py").write_text("from . import world", encoding="utf-8")
    with pytest.raises(ValueError, match="relative import"):
        rooms.imports(tmp_path / "sim")


def test_the_architecture_page_says_where_to_change_what() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    body = text.partition("## Where do I change ...\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in body.splitlines() if line.startswith("| ")][2:]
    places = {row[0].removeprefix("| "): re.findall(r"`([\w./-]+)`", row[1]) for row in rows}
    for subject in (
        "an equation", "a parameter's default, bounds, text or prior", "a sentence of the report", "a column of a table",
        "a colour of the map or of a chart", "the way a chunk of a sweep is stored", "a country attribute",
        "a utility term", "an outcome", "a decision rule", "a scenario", "a command", "a source table, a value in it",
    ):  # fmt: skip
        assert places[subject], subject
    named = {
        path for paths in places.values() for path in paths if "/" in path or path in ("docs", "scenarios")
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_size_counts_code_without_words(tmp_path: Path) -> None:
    size = load_tool("size", ROOT / "tools")
    text = '"""Words\nover two lines."""\n\n# a remark\nX = """\na\n"""\n"""What X is."""\n\n\ndef f():\n    """Words."""\n    return (\n        X  # why\n    )\n'
    path = tmp_path / "sim" / "part" / "file.py"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert size.size_of(path) == size.Size(15, 7)
    (tmp_path / "sim" / "other.py").write_text("A = 1\n", encoding="utf-8")
    lines = [line.split() for line in size.table(size.sizes(tmp_path)).splitlines()[1:]]
    assert lines == [
        ["(top", "level)", "1", "1", "1", "1"],
        ["part", "1", "15", "7", "15"],
        ["all", "2", "16", "8", "8"],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ten-questions.ipynb", "tutorial.ipynb"])
def test_a_notebook_shows_what_it_gives(name: str, tmp_path: Path) -> None:
    for module in ("nbformat", "nbclient", "ipykernel", "xarray"):
        pytest.importorskip(module, reason=f"the notebooks need {module} (extras `dev` and `sweep`)")
    import nbformat

    tool = load_tool("notebooks")
    assert name in {path.name for path in tool.notebooks()}
    kept = nbformat.read(DOCS / name, as_version=4)
    again = tool.executed(DOCS / name, tmp_path)
    assert any(any(texts) for texts in tool.shown(kept)), "kept without outputs; run python docs/notebooks.py"
    for n, (before, now) in enumerate(zip(tool.shown(kept), tool.shown(again), strict=True)):
        assert before == now, f"{name}: cell {n} shows something else; run python docs/notebooks.py {name}"
    pictures = [
        out
        for cell in kept.cells
        for out in cell.get("outputs", [])
        if "image/svg+xml" in out.get("data", {})
    ]
    assert len(pictures) >= (3 if name == "tutorial.ipynb" else 0)


def test_every_notebook_is_tried_and_holds_no_progress_and_no_place() -> None:
    tool = load_tool("notebooks")
    assert [path.name for path in tool.notebooks()] == ["ten-questions.ipynb", "tutorial.ipynb"]
    for path in tool.notebooks():
        text = path.read_text(encoding="utf-8")
        assert "<progress" not in text
        assert str(ROOT) not in text
        assert "/tmp/" not in text


def test_every_question_of_the_ten_has_what_an_expert_would_object_to() -> None:
    cells = json.loads((DOCS / "ten-questions.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    asked = [n for n, text in enumerate(texts) if re.match(r"## [a-j]\. ", text)]
    assert len(asked) == 10
    for n in asked:
        assert texts[n + 1].startswith("**An expert would object:**"), texts[n]
        assert not re.search(r"\d+[.,]\d|\d ?%", texts[n + 1]), "numbers come from cells that compute them"
