"""The compiled-code cache: never stale, never in the way."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

import sim.theory._folder as subject

CALLEE = """
from sim.theory._compile import compiled

@compiled
def half(x: float) -> float:
    return x / 2.0
"""

CALLER = """
from sim.theory._compile import compiled
from sim.theory.callee import half

@compiled
def total(x: float) -> float:
    return half(x) + 1.0
"""

USE = """
import numba
from sim.engine.caller import total
from sim.theory._folder import cache_folder
print(total(10.0))
print(sum(total.stats.cache_hits.values()))
print(cache_folder())
print(repr(numba.config.CACHE_DIR))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package with the real decorator: a caller in one folder, the function it calls in another."""
    root = tmp_path / "install"
    for folder in ("theory", "engine", "scenario"):
        (root / "sim" / folder).mkdir(parents=True)
        (root / "sim" / folder / "__init__.py").touch()
    (root / "sim" / "__init__.py").touch()
    for name in ("_announce", "_compile", "_folder", "_inner_code", "_packed"):
        shutil.copy(Path(subject.__file__).with_name(f"{name}.py"), root / "sim" / "theory")
    (root / "sim" / "theory" / "callee.py").write_text(CALLEE)
    (root / "sim" / "engine" / "caller.py").write_text(CALLER)
    return root


def environment(package: Path, **changes: str) -> dict[str, str]:
    """The process environment without the variables that steer the cache, then ``changes``."""
    steering = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "HOME", "AIBLOCS_NO_COMPILE")
    kept = {name: value for name, value in os.environ.items() if name not in steering}
    temporary = package.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return {**kept, "PYTHONPATH": str(package), "TMPDIR": str(temporary), **changes}


def use(package: Path, code: str = USE, **changes: str) -> list[str]:
    """Lines printed by a fresh process that uses the package."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(package, **changes),
        capture_output=True,
        text=True,
        check=False,
        cwd=package.parent,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def make_unwritable(package: Path) -> None:
    """Nothing can be written below the package, not even by root: a file stands in the way."""
    shutil.rmtree(package / "sim" / "__pycache__", ignore_errors=True)
    (package / "sim" / "__pycache__").touch()


def test_second_process_loads_what_the_first_compiled(package: Path) -> None:
    first, second = use(package), use(package)
    assert first[:2] == ["6.0", "0"]
    assert second[:2] == ["6.0", "1"]
    assert second[2].startswith(str(package / "sim" / "__pycache__" / "compiled-"))
    assert second[3] == "''", "the folder of other packages' compiled code must be put back"


def test_scipy_is_not_imported_to_compile_and_matrices_of_others_are_multiplied_as_before(
    package: Path,
) -> None:
    others = (
        "import sys\nfrom sim.engine.caller import total\nprint(total(10.0), 'scipy.linalg' in sys.modules)\n"
        "import numba, numpy as np\nproduct = numba.njit(lambda a: np.dot(a, a))(np.full((2, 2), 3.0))\n"
        "print(product.sum(), 'scipy.linalg' in sys.modules)"
    )
    assert use(package, others) == ["6.0 False", "72.0 True"]


def test_a_function_gets_an_entry_for_python_only_when_python_calls_it(package: Path) -> None:
    def kept(folder: str) -> set[str]:
        files = package.glob(f"sim/__pycache__/compiled-*/{folder}*/*.nbi")
        return {file.name.split("-")[0] for file in files}

    use(package)
    assert (kept(""), kept("entries/")) == ({"callee.half"}, {"caller.total"})
    called = (
        "from sim.theory.callee import half\nprint(half(3.0))\nprint(sum(half.stats.cache_hits.values()))"
    )
    assert use(package, called) == ["1.5", "0"]
    assert kept("entries/") == {"callee.half", "caller.total"}
    assert use(package, called) == ["1.5", "1"]
    assert use(package)[:2] == ["6.0", "1"]


def test_a_change_in_a_called_function_reaches_the_caller(package: Path) -> None:
    caller = package / "sim" / "engine" / "caller.py"
    before_source = caller.stat().st_mtime_ns
    assert use(package)[0] == "6.0"
    callee = package / "sim" / "theory" / "callee.py"
    callee.write_text(callee.read_text().replace("x / 2.0", "x * 2.0"))
    assert use(package)[:2] == ["21.0", "0"]
    assert caller.stat().st_mtime_ns == before_source
    callee.write_text(CALLEE)
    assert use(package)[:2] == ["6.0", "1"], "going back to the old source finds its old folder"


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("theory/new.py", True),
        ("engine/deep/new.py", True),
        ("registry/parameters.py", True),
        ("inputs/arrays.py", True),
        ("cli.py", False),
    ],
)
def test_every_source_of_compiled_code_counts(
    package: Path, monkeypatch: pytest.MonkeyPatch, name: str, counts: bool
) -> None:
    monkeypatch.setattr(subject, "PACKAGE", package / "sim")
    digests = [subject.source_digest.__wrapped__()]
    file = package / "sim" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    for content in ("CONSTANT = 1\n", "CONSTANT = 2\n"):
        file.write_text(content)
        digests.append(subject.source_digest.__wrapped__())
    assert len(set(digests)) == (3 if counts else 1)


def test_compiled_code_and_its_constants_come_from_counted_sources() -> None:
    package = Path(subject.__file__).parent.parent
    counted = {file for pattern in subject.COMPILED_SOURCES for file in package.glob(pattern)}
    using = {file for file in package.rglob("*.py") if "import compiled" in file.read_text(encoding="utf-8")}
    assert len(using) >= 5
    assert using <= counted
    for file in using:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
                place = package.joinpath(*str(node.module).split(".")[1:])
                sources = {place.with_suffix(".py"), place / "__init__.py"} & set(package.rglob("*.py"))
                assert sources <= counted | {package / "errors.py"}, (file, node.module)


@pytest.mark.parametrize(
    ("variable", "below"),
    [("XDG_CACHE_HOME", "aiblocs"), ("HOME", ".cache/aiblocs"), ("NUMBA_CACHE_DIR", "")],
)
def test_read_only_package_uses_another_folder(package: Path, variable: str, below: str) -> None:
    make_unwritable(package)
    elsewhere = package.parent / "elsewhere"
    expected = str(elsewhere / below / "compiled-")
    assert use(package, **{variable: str(elsewhere)})[2].startswith(expected)
    assert use(package, **{variable: str(elsewhere)})[1] == "1"


@pytest.mark.parametrize("home", [{}, {"HOME": ""}, {"HOME": "relative"}, {"HOME": "{file}"}])
def test_without_a_usable_home_a_private_temporary_folder_serves(
    package: Path, home: Mapping[str, str]
) -> None:
    make_unwritable(package)
    changes = {name: value.format(file=package / "sim" / "__init__.py") for name, value in home.items()}
    lines = use(package, **changes)
    folder = package.parent / "temporary" / f"aiblocs-{os.getuid()}"
    assert lines[0] == "6.0"
    assert Path(lines[2]).parent == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_temporary_folder_others_can_write_to_is_not_trusted(package: Path) -> None:
    make_unwritable(package)
    planted = package.parent / "temporary" / f"aiblocs-{os.getuid()}"
    planted.mkdir(parents=True)
    planted.chmod(0o777)
    lines = use(package)
    assert lines[0] == "6.0"
    assert planted not in Path(lines[2]).parents
    assert not Path(lines[2]).parent.exists(), "the folder of one process goes with it"


def test_broken_files_are_compiled_again(package: Path) -> None:
    folder = Path(use(package)[2])
    files = [file for file in folder.rglob("*.nb*") if file.is_file()]
    assert len(files) >= 4
    for file in files:
        file.write_bytes(file.read_bytes()[:40])
    assert use(package)[:2] == ["6.0", "0"]


def test_processes_at_once(package: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", f"from sim.engine.caller import total; print(total({value}))"],
            env=environment(package),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=package.parent,
        )
        for value in ("10.0", "10", "True", "10.0", "10", "True")  # three signatures compete for file numbers
    ]
    answers = [process.communicate() for process in started]
    assert [out.strip() for out, _ in answers] == ["6.0", "6.0", "1.5"] * 2, answers
    assert use(package)[0] == "6.0"


def test_a_file_of_another_signature_is_not_used(package: Path) -> None:
    folder = Path(use(package)[2])
    use(package, "from sim.engine.caller import total; total(10)")
    data = sorted(folder.rglob("caller.total*.nbc"))
    assert len(data) == 2
    contents = [file.read_bytes() for file in data]
    data[0].write_bytes(contents[1])
    data[1].write_bytes(contents[0])
    assert use(package)[:2] == ["6.0", "0"]


@pytest.mark.parametrize(
    ("seconds_unused", "kept"),
    [
        (
            {"a": 10.0, "b": 7200.0, "c": 7300.0, "d": 9e6},
            {"a", "b"},
        ),  # the newest three, with the current one
        ({"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0, "e": 7200.0}, {"a", "b", "c", "d"}),  # perhaps in use
    ],
)
def test_old_folders_go_and_recent_ones_stay(
    package: Path, seconds_unused: Mapping[str, float], kept: set[str]
) -> None:
    parent = package / "sim" / "__pycache__"
    (parent / "other").mkdir(parents=True)
    now = time.time()
    for name, age in seconds_unused.items():
        (parent / f"compiled-{name}").mkdir()
        os.utime(parent / f"compiled-{name}", (now - age, now - age))
    current = Path(use(package)[2]).name
    left = {folder.name for folder in parent.iterdir() if folder.is_dir()}
    assert left == {current, "other", *(f"compiled-{name}" for name in kept)}


@pytest.mark.parametrize("variable", ["AIBLOCS_NO_COMPILE", "NUMBA_DISABLE_JIT"])
def test_compilation_can_be_switched_off(package: Path, variable: str) -> None:
    code = "from sim.engine.caller import total; print(type(total).__name__, total(10.0))"
    assert use(package, code, **{variable: "1"}) == ["function 6.0"]
    assert not list(package.rglob("compiled-*"))


def test_division_by_zero_follows_numpy(package: Path) -> None:
    code = "from sim.theory.callee import half\nprint(half(float('inf')), half.py_func(4.0))"
    (package / "sim" / "theory" / "callee.py").write_text(
        CALLEE.replace("x / 2.0", "1.0 / (x - x * 1.0 + 0.0)")
    )
    assert use(package, "from sim.theory.callee import half\nprint(half(3.0))") == ["inf"]
    (package / "sim" / "theory" / "callee.py").write_text(CALLEE)
    assert use(package, code) == ["inf 2.0"]


def test_where_nothing_can_be_written_the_model_is_compiled_and_nothing_kept(package: Path) -> None:
    make_unwritable(package)
    refused = (
        "import os, tempfile\n"
        "def refuse(*_, **__): raise FileNotFoundError('No usable temporary directory found')\n"
        "tempfile.mkdtemp = tempfile.gettempdir = tempfile.TemporaryFile = refuse\n"
        "import sim.theory._folder as folder\n"
        "from sim.engine.caller import total\nprint(total(10.0), folder.lasts())\n"
    )
    assert use(package, refused, HOME=os.devnull) == ["6.0 False"]
