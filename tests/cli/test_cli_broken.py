"""What is wrong is said on one line, with place, reason and nearest word; nothing is written."""

import ast
import json
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.application import COMMANDS
from sim.scenario.library import document_kind
from sim.scenario.yaml_io import read_yaml

BROKEN = Path(__file__).parents[1] / "fixtures" / "broken"

# fixture: place in the file, and what must be said of it
SCENARIOS = {
    "a_list": (":1:1:", "a list"),
    "alias": (":3:14:", "anchors and aliases"),
    "duplicate_key": (":5:3:", "'mu' appears twice"),
    "empty": ("", "empty"),
    "end_before_start": ("", "the end (2029Q4) must come after the start (2030Q1)"),
    "extends_itself": (":2:", "leads back to itself"),
    "four_blocs": ("", "3"),
    "no_reference": (":4:", "reference"),
    "no_such_date": (":4:", "2027-02-30 is not a date that exists"),
    "not_a_number": (":4:7:", ".nan is not a number"),
    "not_utf8": (":2", "not UTF-8"),
    "out_of_bounds": (":4:11:", "blocs.china.grant_share is 1.5; it must be at most 1"),
    "path_outside": (":2:", "leads outside"),
    "tab": (":4:", "a tab is not allowed"),
    "unclosed": (":4:", "not valid YAML"),
    "unknown_country": (":4:3:", "'KNE' is not a country"),
    "unknown_key": (":4:8:", "blocs.us.aid_budgt is not a known key; did you mean aid_budget?"),
    "unknown_parameter": (":5:", "did you mean blocs.us.aid_budget?"),
    "unknown_parent": (":2:", "did you mean baseline?"),
    "unknown_region": (":4:3:", "did you mean"),
    "unknown_rule": (":3:9:", "did you mean logit?"),
    "world_outside": ("", "leads outside"),
    "wrong_type": (":4:3:", "behaviour.attention must be a number, not 'often'"),
}
WORLDS = {
    "bad_number": ("countries.csv:2:", "gdp: 'a lot' is not a number"),
    "bad_tie": ("ties.csv:2:", "did you mean CHN?"),
    "no_header": ("mine.yaml:2:1: world 'mine", "the file is empty"),
    "no_leader": ("mine.yaml:6:", "'CHN' is not a country code of this world"),
    "nothing": ("mine.yaml:2:1: world 'mine", "there is no such file"),
    "short_row": ("countries.csv:2:", "2 cells where the header has 3"),
    "twice": ("countries.csv:4:", "stands twice"),
    "unknown_column": ("countries.csv:1:", "did you mean population?"),
}
CALLS = {
    "rnu baseline": "aiblocs: there is no command 'rnu'; did you mean run?",
    "fly": "aiblocs: there is no command 'fly'; commands: run, ",
    "--verson": "aiblocs: there is no option --verson; did you mean --version?",
    "run": "aiblocs run: missing argument",
    "run baselin": "did you mean baseline?",
    "run baseline compare": "aiblocs run: got unexpected extra argument",
    "run missing.yaml": "missing.yaml: does not exist, expected a YAML file",
    "run .": "'.' is a folder; a scenario is a name of the library or a .yaml file",
    "run chips-aid-divide": "'chips-aid-divide' is a sweep, not a scenario; it is for `aiblocs sweep`",
    "scenario check cheapest-us-states": "'cheapest-us-states' is a search, not a scenario; it is for `aiblocs cheapest`",
    "sweep baseline": "'baseline' is a scenario, not a sweep; it is for `aiblocs run`",
    "sweep cheapest-us-states": "'cheapest-us-states' is a search, not a sweep; it is for `aiblocs cheapest`",
    "sweep chips-aid-divid": "there is no sweep 'chips-aid-divid' in the library, and it is no .yaml file; did you mean",
    "cheapest nowhere": "there is no search 'nowhere' in the library, and it is no .yaml file; the library has cheapest-",
    "cheapest exclusivity-game": "'exclusivity-game' is a sweep, not a search; it is for `aiblocs sweep`",
    "cheapest .": "'.' is a folder; a search is a name of the library or a .yaml file",
    "run baseline --rnus 5": "aiblocs run: there is no option --rnus; did you mean --runs?",
    "run baseline --runs": "option '--runs' requires an argument",
    "run baseline --runs many": "aiblocs run: invalid value for '--runs'",
    "run baseline --runs 0": "runs is 0; it must be 1 to 1,000,000",
    "run baseline --runs 2000000": "runs is 2000000; it must be 1 to 1,000,000",
    "run baseline --seed -1": "seed is -1; it must be 0 to 4,294,967,295",
    "run baseline --threads 0": "threads is 0; it must be 1 to 1,024",
    "run baseline --engine messa": "engine is 'messa'; allowed: ensemble, mesa; did you mean mesa?",
    "run baseline --until 2030Q7": "until: '2030Q7' is neither a quarter (2025Q3) nor a date (2025-07-26)",
    "run baseline --until 2020Q1": "until: 2020Q1 must come after the start of the scenario (2026Q4)",
    "run baseline --set blocs.us.aid_budget": "--set blocs.us.aid_budget: write PATH=VALUE",
    "run baseline --set =3": "--set =3: write PATH=VALUE",
    "run baseline --set blocs.us.aid_budgt=3": "did you mean aid_budget?",
    "run baseline --set blocs.us.aid_budget=lots": "--set blocs.us.aid_budget must be a number, not 'lots'",
    "run baseline --set blocs.us.aid_budget=[1": "--set blocs.us.aid_budget:1:",
    "run baseline --set behaviour.mu=.inf": "--set behaviour.mu:1:1: .inf is not a number",
    "scenario": "aiblocs scenario: missing command",
    "scenario shwo baseline": "aiblocs scenario: there is no command 'shwo'; did you mean show?",
    "scenario check baselin": "did you mean baseline?",
    "scenario show baselin": "did you mean baseline?",
    "scenario new b@d.yaml": "b@d.yaml: 'b@d' cannot be the name of a scenario",
    "scenario new mine --extends baselin": "did you mean baseline?",
    "data KNYA": "did you mean KEN (Kenya)?",
    "data --world nowhere": "nowhere: the world's folder does not exist",
    "verify nowhere": "nowhere: there is no such folder",
}


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a call that must fail, and return the one line it says."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert list(Path.cwd().rglob("*")) == [], "nothing may be written"
    assert said.err.endswith("\n")
    assert said.err.count("\n") == 1, said.err
    return said.err.removesuffix("\n")


def test_every_fixture_is_tried() -> None:
    assert {path.stem for path in (BROKEN / "scenarios").glob("*.yaml")} == SCENARIOS.keys()
    assert {path.name for path in (BROKEN / "worlds").iterdir()} == WORLDS.keys()
    assert len(SCENARIOS) + len(WORLDS) + len(CALLS) > 60


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_broken_scenario(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    place, words = SCENARIOS[name]
    text = complaint(capsys, "run", str(BROKEN / "scenarios" / f"{name}.yaml"))
    assert words in text
    if place:
        assert text.startswith(f"{BROKEN / 'scenarios' / name}.yaml{place}"), text


KINDS = {
    "scenario": ("extends: baseline\n", "run", "extends"),
    "sweep": ("base: baseline\ndesign: grid\n", "sweep", "design"),
    "search": ("base: baseline\ngoal: {outcome: bloc.count.us, at_least: 0.5}\n", "cheapest", "goal"),
}
"""What a file of each kind holds, the command that takes it, and the key by which it is known."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", KINDS)
def test_a_file_of_another_kind_is_named_in_one_line(
    kind: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, command, key = KINDS[kind]
    (path := tmp_path / "mine.yaml").write_text(f"name: mine\n{text}", encoding="utf-8")
    if kind == asked:
        assert document_kind(read_yaml(path).data) == kind
        return
    said = complaint(capsys, KINDS[asked][1], str(path))
    place = f"{path}:{2 if kind == 'scenario' else 3}:1"
    assert (
        said == f"{place}: is a {kind} (it has the key {key}), not a {asked}; it is for `aiblocs {command}`"
    )


@pytest.mark.parametrize("name", WORLDS)
def test_a_broken_world(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, words = WORLDS[name]
    shutil.copytree(BROKEN / "worlds" / name, tmp_path / "mine")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "name: mine\nworld: mine\n\nblocs:\n  us: {leader: USA}\n  china: {leader: CHN}\n", encoding="utf-8"
    )
    text = complaint(capsys, "run", str(scenario))
    assert place in text
    assert words in text


@pytest.mark.parametrize("call", CALLS)
def test_a_broken_call(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert CALLS[call] in complaint(capsys, *call.split())


def test_all_mistakes_of_a_file_are_said_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "three.yaml"
    path.write_text(
        "extends: baseline\nbehaviour:\n  mu: -1\n  attentoin: 1\nrules: {choice: dice}\n", encoding="utf-8"
    )
    assert main(["scenario", "check", str(path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{path}:3:3", f"{path}:4:3", f"{path}:5:9"]


def test_a_foreign_folder_is_refused_before_anything_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.api.run.simulate", None)  # to call it would fail
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    assert main(["run", "baseline", "--out", str(tmp_path / "mine")]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path / 'mine'}: holds notes.txt, which no run wrote; choose a new or an empty folder\n"
    )


def test_a_template_is_never_written_over_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("precious", encoding="utf-8")
    assert main(["scenario", "new", "mine"]) == 2
    assert capsys.readouterr().err == "mine.yaml: is there already; choose another name\n"
    assert Path("mine.yaml").read_text(encoding="utf-8") == "precious"


def test_a_fault_of_the_program_is_one_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.report.lists.plan_document", None)
    assert main(["plan"]) == 1
    assert capsys.readouterr().err.startswith("aiblocs: a fault of the program (TypeError: ")
    monkeypatch.setenv("AIBLOCS_TRACEBACK", "1")
    with pytest.raises(TypeError):
        main(["plan"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("sweep", "--outcomes", "--out", "x"),
            "--out without a sweep that is run: --outcomes lists and runs nothing",
        ),
        (
            ("sweep", "--resume", "--samples", "5"),
            "--resume, --samples without a sweep that is run: give the sweep to run",
        ),
        (("sweep", "exclusivity-game", "--threads", "2", "--workers", "2"), "leave threads out"),
        (("run", "baseline", "--engine", "mesa", "--threads", "2"), "leave threads out"),
        (("forecast", "--check", "--replace"), "leave out --replace"),
    ],
)
def test_an_option_that_would_not_be_read_is_refused(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert list(Path.cwd().iterdir()) == []


def test_every_option_of_every_command_is_read() -> None:
    """The function behind a command uses each of its parameters."""
    for module in sorted(set(COMMANDS.values())):
        tree = ast.parse(Path(str(import_module(module).__file__)).read_text(encoding="utf-8"))
        for function in (
            node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list
        ):
            given = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
            read = {
                inner.id for node in function.body for inner in ast.walk(node) if isinstance(inner, ast.Name)
            }
            assert given <= read, f"{module}.{function.name} does not read {given - read}"


def test_lists_of_sweeps_and_outcomes_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--outcomes", "--json"]) == 0
    names = [one["name"] for one in json.loads(capsys.readouterr().out)]
    assert "bloc.gdp.us" in names
    assert main(["sweep", "--json"]) == 0
    assert {"exclusivity-game"} <= {one["name"] for one in json.loads(capsys.readouterr().out)}
    assert main(["sweep", "exclusivity-game", "--outcomes", "--json"]) == 0
    kept = {one["name"]: one["kept"] for one in json.loads(capsys.readouterr().out)}
    assert set(kept.values()) == {True, False}
    assert main(["sweep", "exclusivity-game", "--outcomes"]) == 0
    assert "(kept)" in capsys.readouterr().out
