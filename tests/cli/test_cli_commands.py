"""The commands as a person uses them: what they print, what they write, how they end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from patience import PATIENCE

import sim
from sim.cli import CLOSED_PIPE, main
from sim.engine.schedule import SCHEDULE
from sim.scenario.library import library

ROOT = Path(sim.__file__).parents[1]
SHORT = ("baseline", "--runs", "10", "--until", "2027Q1")


def start(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_help_names_every_command_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from sim.cli import main; main(['--help']); "
        "print('heavy:', {'numpy', 'numba', 'pydantic', 'pyarrow', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("run", "scenario", "data", "plan", "verify"):
        assert f"│ {command} " in done.stdout
    assert done.stdout.endswith("heavy: set()\n")
    assert done.stderr == ""


def test_a_command_of_its_own_process_does_not_look_for_cycles_when_it_ends() -> None:
    code = (
        "import gc, sys; from sim.cli import main; main(['--version']); print(gc.get_freeze_count()); "
        "sys.argv = ['aiblocs', '--version']; main(); print(gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1::2] == ["0", "True"]


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    bare = capsys.readouterr().out
    assert main(["--help"]) == 0
    assert bare == capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"aiblocs {sim.__version__}\n"


def test_a_run_in_a_process_of_its_own_and_its_verification(tmp_path: Path) -> None:
    process = start(tmp_path, "run", *SHORT)
    out, err = (stream.decode() for stream in process.communicate(timeout=PATIENCE))
    assert (process.returncode, err) == (0, ""), err
    for words in (
        "baseline: 10 futures, 2026Q4 to 2027Q1, seed 1",
        "Non-aligned",
        "Swing states",
        "How to read",
    ):
        assert words in out
    assert list(Path("results").iterdir()), "an unchanged name is kept apart from a shortened run"
    (folder,) = Path("results").iterdir()
    assert f"Files: results/{folder.name} " in out
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "aiblocs run baseline --runs 10 --until 2027Q1"
    process = start(tmp_path, "verify", str(folder))
    out, err = (stream.decode() for stream in process.communicate(timeout=PATIENCE))
    assert (process.returncode, err) == (0, "")
    assert out == f"{folder}: identical (files as written, 10 runs again with the same numbers)\n"


def test_the_plain_scenario_has_its_plain_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "baseline", "--runs", "2", "--threads", "1"]) == 0
    assert [path.name for path in Path("results").iterdir()] == ["baseline"]
    assert main(["run", "baseline", "--runs", "2", "--set", "blocs.us.exclusivity=0.2"]) == 0
    assert len(list(Path("results").iterdir())) == 2, (
        "a changed scenario must not take the place of the plain one"
    )


def test_json_is_all_that_is_printed_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SHORT, "--json", "--seed", "9", "--set", "blocs.us.exclusivity=0.2"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.count("\n") == 1
    found = json.loads(said.out)
    expected = sim.run("baseline", 10, seed=9, until="2027Q1", overrides={"blocs.us.exclusivity": 0.2})
    assert found == expected.to_dict()
    assert list(Path.cwd().iterdir()) == []


def test_json_with_a_folder_gives_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SHORT, "--json", "--out", "kept"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == 10
    assert (Path("kept") / "outcomes.parquet").exists()


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2), ("2.5", 2.5), ("1e-3", 1e-3), ("responsive", "responsive"), ("[USA]", ["USA"])],
)
def test_values_of_set_are_read_as_yaml(text: str, value: object) -> None:
    from sim.cli.shared import overrides_of

    assert overrides_of([f"a.b={text}"]) == {"a.b": value}


def test_the_last_of_two_sets_counts(capsys: pytest.CaptureFixture[str]) -> None:
    sets = ("--set", "behaviour.mu=3", "--set", "behaviour.mu=0.5")
    assert main(["scenario", "show", "baseline", *sets]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("  mu:"))
    assert line.split() == ["mu:", "0.5", "#", "--set"]


def test_verify_exits_with_one_where_something_differs(capsys: pytest.CaptureFixture[str]) -> None:
    sim.run("baseline", 3, until="2027Q1").save("kept")
    with Path("kept/outcomes.parquet").open("ab") as file:
        file.write(b"!")
    assert main(["verify", "kept"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("kept: not identical\n  outcomes.parquet was changed after it was written\n")
    assert said.err == ""


def test_plan_lists_every_phase_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    listed = [(words[0], words[1]) for words in lines if words and words[0].isdigit()]
    wanted = [(str(n), phase.name.split()[0]) for n, phase in enumerate(SCHEDULE, start=1)]
    assert listed == wanted


def test_data_of_a_country_and_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    world = sim.load_world()
    assert main(["data", "kenya", "--json"]) == 0
    records = {record["column"]: record for record in json.loads(capsys.readouterr().out)}
    assert records["gdp"]["value"] == world.values["gdp"][world.index("KEN")]
    assert records["gdp"]["source"]
    assert records["gdp"]["licence"]
    assert main(["data", "KEN"]) == 0
    assert capsys.readouterr().out.startswith(f"Kenya (KEN): {len(records)} values, ")
    assert main(["data", "--json"]) == 0
    everything = json.loads(capsys.readouterr().out)
    assert everything["countries"]["KEN"] == "Kenya"
    assert {column["column"] for column in everything["columns"]} == set(records)
    assert main(["data"]) == 0
    out = capsys.readouterr().out
    assert f"{len(world)} countries, {len(records)} columns" in out
    assert "KEN Kenya" in out


def test_the_library_is_listed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["scenario", "list"]) == 0
    out = capsys.readouterr().out
    for name in library():
        assert f" {name} " in out


def test_a_template_is_valid_as_it_comes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "new", "mine"]) == 0
    assert "mine.yaml: written" in capsys.readouterr().out
    assert main(["scenario", "check", "mine.yaml", "baseline"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("mine.yaml: ok (2 blocs, ")
    assert second.startswith("baseline: ok (2 blocs, ")


def test_show_is_a_scenario_that_runs_to_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "show", "baseline"]) == 0
    Path("shown.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    shown, named = (sim.run(scenario, 5, until="2027Q1") for scenario in ("shown.yaml", "baseline"))
    assert shown.to_json() == named.to_json()


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert {"blocs", "timeline", "extends"} <= schema["properties"].keys()


def test_a_reader_that_stops_early_gets_no_traceback(tmp_path: Path) -> None:
    process = start(tmp_path, "data", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(timeout=PATIENCE) in (0, CLOSED_PIPE)
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("command", ["plan", "run --help", "scenario schema", "data KEN --json"])
def test_every_reader_that_has_gone_is_answered_alike(command: str) -> None:
    """Tables that Rich draws, help that Typer draws, plain text and JSON."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "sim", *command.split()],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, b"")


def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    process = start(tmp_path, "run", "baseline", "--runs", "1000000", "--threads", "1")
    time.sleep(6)
    assert process.poll() is None, "it must still be computing"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert (out, err) == (b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_no_progress_bar_where_nobody_sees_it(tmp_path: Path) -> None:
    process = start(tmp_path, "run", *SHORT, "--json")
    _, err = process.communicate(timeout=PATIENCE)
    assert err == b""


@pytest.mark.skipif(shutil.which("script") is None, reason="needs the command script to make a terminal")
def test_a_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    command = f"{sys.executable} -m sim run baseline --runs 2000 --until 2027Q4 --json --threads 1 > out.json"
    done = subprocess.run(
        ["script", "--quiet", "--return", "--command", command, "/dev/null"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Simulating baseline" in done.stdout
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["runs"] == 2000


def test_a_terminal_that_knows_ascii_only(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", *SHORT, "--out", "kept"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Non-aligned" in done.stdout
