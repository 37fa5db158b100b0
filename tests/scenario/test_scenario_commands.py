"""``aiblocs scenario``: the template, and what the commands print and return."""

import json
import re
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.plausibility.template import template, write_template
from sim.registry.columns import registry
from sim.scenario.json_schema import json_schema
from sim.scenario.library import library
from sim.scenario.loader import load, load_text, released

Capture = pytest.CaptureFixture[str]
BROKEN = Path(__file__).parents[1] / "fixtures" / "scenarios" / "broken"


def uncommented(text: str) -> str:
    """Return a template with every line of YAML in force."""
    return re.sub(r"(?m)^# (?!yaml-language-server)", "", text)


@pytest.mark.parametrize("parent", ["baseline", "eu-third-pole", "responsive-leaders"])
def test_a_template_loads_and_changes_nothing(parent: str) -> None:
    mine, theirs = load_text(template("mine", parent)).scenario, load(parent).scenario
    assert mine.name == "mine"
    assert mine.model_dump(exclude=OWN) == theirs.model_dump(exclude=OWN)


OWN = {"name", "description", "question", "look_at"}


@pytest.mark.parametrize("parent", ["baseline", "eu-third-pole", "responsive-leaders"])
def test_a_template_says_what_its_parent_says(parent: str) -> None:
    mine, theirs = load_text(uncommented(template("mine", parent))).scenario, load(parent).scenario
    examples = {"countries", "timeline", "behaviour"}
    assert mine.model_dump(exclude=OWN | examples) == theirs.model_dump(exclude=OWN | examples)
    held = released(load(parent), [p.name for p in registry(tuple(theirs.blocs))]).scenario.timeline
    assert [e.name for e in mine.timeline[:-3]] == [e.name for e in held], (
        "what it states holds against these"
    )
    assert set(mine.countries) > set(theirs.countries)


def test_a_template_names_every_parameter_with_unit_and_bounds() -> None:
    text = template("mine")
    for parameter in registry(("us", "china")):
        key = parameter.name.rpartition(".")[2]
        if parameter.name == "rules.choice":
            continue
        if ".coefficients." in parameter.name:
            assert re.search(rf"weights to fix .*\b{key}\b", text), parameter.name
        else:
            assert (
                f"# {parameter.description} [{parameter.unit}; {parameter.low:g} .. {parameter.high:g}]"
                in text
            )


def test_new_writes_a_file_that_is_fine_and_never_over_one(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "mine"
    assert main(["scenario", "new", str(path)]) == 0
    written = tmp_path / "mine.yaml"
    assert f"{written}: written" in capsys.readouterr().out
    assert main(["scenario", "check", str(written)]) == 0
    entries = len(load("baseline").scenario.timeline)
    said = f"{written}: ok (2 blocs, 197 countries, 2026Q4 to 2036Q4, {entries} dated entries)"
    assert said in capsys.readouterr().out
    before = written.read_text(encoding="utf-8")
    assert main(["scenario", "new", str(path)]) == 2
    assert "is there already; choose another name" in capsys.readouterr().err
    assert written.read_text(encoding="utf-8") == before


def test_new_may_extend_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text("extends: baseline\nseed: 4\n", encoding="utf-8")
    written = write_template(tmp_path / "child.yaml", "parent.yaml")
    assert load(written).scenario.seed == 4
    assert str(tmp_path) not in written.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "extends", "message"),
    [
        ("a b.yaml", "baseline", "'a b' cannot be the name of a scenario"),
        ("a.yaml", "baselin", "did you mean baseline?"),
        ("a.yaml", "../b.yaml", "leads outside the folder"),
        ("no/a.yaml", "baseline", "cannot be written"),
    ],
)
def test_new_says_why_it_cannot(tmp_path: Path, name: str, extends: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        write_template(tmp_path / name, extends)
    assert list(tmp_path.iterdir()) == []


def test_check_prints_every_file_and_all_mistakes(capsys: Capture) -> None:
    paths = [str(BROKEN / "unknown_key.yaml"), "baseline", str(BROKEN / "tag.yaml")]
    assert main(["scenario", "check", *paths]) == 2
    captured = capsys.readouterr()
    assert captured.out.startswith("baseline: ok (")
    assert [line.split(":")[0] for line in captured.err.splitlines()] == [paths[0], paths[2]]


def test_check_tells_findings_and_strict_refuses_them(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("extends: baseline\nbehaviour: {mu: 0}\nrules: {choice: threshold}\n", encoding="utf-8")
    assert main(["scenario", "check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "error coin-tosses: mu is 0 from 2026Q4" in out
    assert "info uncalibrated-rule" in out
    assert main(["scenario", "check", "--strict", "all", str(path)]) == 2
    captured = capsys.readouterr()
    assert f"{path}:2:13: coin-tosses: " in captured.err
    assert "uncalibrated-rule" not in captured.err
    assert main(["scenario", "check", "--strict", "uncalibrated-rule", str(path)]) == 2
    assert "uncalibrated-rule" in capsys.readouterr().err
    assert main(["scenario", "check", "--strict", "coin-toss", "baseline"]) == 2
    assert capsys.readouterr().err.strip() == "there is no check 'coin-toss'; did you mean coin-tosses?"


def test_list_names_every_scenario_with_its_question(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert main(["scenario", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    head = next(n for n, line in enumerate(lines) if line.split()[:2] == ["Scenario", "Question"])
    start, end = lines[head].index("Question"), lines[head].index("What it assumes")
    questions: dict[str, str] = {}
    name = ""
    for line in filter(str.strip, lines[head + 2 :]):  # a question may go on in the next line
        name = line[:start].strip() or name
        questions[name] = f"{questions.get(name, '')} {line[start:end].strip()}".strip()
    assert questions == {name: load(name).scenario.question for name in library()}


def test_schema_prints_the_schema(capsys: Capture) -> None:
    assert main(["scenario", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(json_schema()))


def test_show_says_where_each_value_comes_from(capsys: Capture) -> None:
    assert main(["scenario", "show", "us-aid-retreat-china-fills", "--set", "seed=3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = {line.split(":")[0].strip(): line.rpartition("# ")[2] for line in lines}
    assert found["seed"] == "--set"
    assert found["chip_supply"] == "july-2025"
    assert found["mu"] == "default"
    assert found["name"] == "us-aid-retreat-china-fills"
    start = next(n for n, line in enumerate(lines) if "name: usaid-dissolved" in line)
    assert lines[start].endswith("# us-aid-retreat")
