"""One file per kind of mistake: each is told with place, reason and the nearest word, and never as a traceback."""

import os
import re
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario.loader import load, load_text, revise
from sim.scenario.yaml_io import MAX_BYTES

FOLDER = Path(__file__).parents[1] / "fixtures" / "scenarios" / "broken"
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.is_file())


def expected(path: Path) -> list[str]:
    """Return the parts of messages that the file itself says it should give."""
    return re.findall(r"^# expect: (.*)$", path.read_bytes().decode("latin-1"), re.MULTILINE)


def refusal(path: Path | str, **overrides: object) -> InputError:
    with pytest.raises(InputError) as error:
        load(path, dict(overrides))  # type: ignore[arg-type]
    return error.value


def test_there_is_a_file_for_every_kind_of_mistake() -> None:
    assert len(FILES) >= 100
    assert all(expected(path) for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_its_place_and_reason(path: Path) -> None:
    error = refusal(path)
    text = str(error)
    for part in expected(path):
        assert part in text, text
    assert error.exit_code == 2
    for problem in error.problems:
        assert problem.file is not None
        assert "\n" not in str(problem)
        assert str(problem).isprintable()
        assert len(str(problem)) < 600 + len(problem.file)
        assert "Error" not in problem.message
        assert "pydantic" not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_as_text_too(path: Path) -> None:
    with pytest.raises(InputError):
        load_text(path.read_bytes().decode("utf-8", "surrogateescape"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "does not exist, expected a YAML file" in str(refusal(tmp_path / "no.yaml"))
    (tmp_path / "folder.yaml").mkdir()
    assert "is a folder, expected a YAML file" in str(refusal(tmp_path / "folder.yaml"))


def test_a_name_that_is_none_of_the_library_is_told() -> None:
    assert "did you mean waico-surge?" in str(refusal("waico-surg"))
    assert "the library has baseline, " in str(refusal("zzzz"))
    assert "is not the name of a file" in str(refusal("a\0b.yaml"))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "is no plain file" in str(refusal(tmp_path / "pipe.yaml"))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * MAX_BYTES)
    assert "is larger than 256,000 bytes" in str(refusal(path))


def test_an_unreadable_name_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in str(refusal(tmp_path / ("x" * 300 + ".yaml")))


@pytest.mark.parametrize("key", ["extends", "world"])
def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path, key: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside / "secret.yaml", "name: secret\nquestion: a secret\nextends: baseline\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    target = outside / "secret.yaml" if key == "extends" else outside
    (inside / "link.yaml").symlink_to(target)
    base = "" if key == "extends" else "extends: baseline\n"
    path = write(inside / "a.yaml", f"name: a\n{base}{key}: link.yaml\n")
    error = refusal(path)
    assert "leads outside the folder of the scenario" in str(error)
    assert "secret" not in str(error).replace("secret.yaml", "")


@pytest.mark.parametrize("key", ["extends", "world"])
def test_a_circle_of_links_is_told(tmp_path: Path, key: str) -> None:
    (tmp_path / "x.yaml").symlink_to(tmp_path / "y.yaml")
    (tmp_path / "y.yaml").symlink_to(tmp_path / "x.yaml")
    base = "" if key == "extends" else "extends: baseline\n"
    path = write(tmp_path / "a.yaml", f"name: a\n{base}{key}: x.yaml\n")
    assert refusal(path).problems[0].file == str(path)


def test_a_chain_may_not_be_endless(tmp_path: Path) -> None:
    for n in range(12):
        write(tmp_path / f"s{n}.yaml", f"extends: s{n + 1}.yaml\n")
    write(tmp_path / "s12.yaml", "extends: baseline\n")
    assert "is a chain of over 10 files" in str(refusal(tmp_path / "s0.yaml"))
    assert load(tmp_path / "s5.yaml").scenario.name == "s5"


def test_two_files_that_extend_each_other_are_told(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "extends: b.yaml\n")
    write(tmp_path / "b.yaml", "extends: a.yaml\n")
    assert "b.yaml:1:1: extends 'a.yaml' leads back to itself" in str(refusal(tmp_path / "a.yaml"))


def test_a_text_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "parent.yaml", "extends: baseline\n")
    write(tmp_path / "countries.csv", "iso3,gdp\nAAA,1\n")
    for text in ("extends: parent.yaml\n", "extends: ./parent.yaml\n", "extends: baseline\nworld: .\n"):
        with pytest.raises(InputError, match="given as text can"):
            load_text(text)
    loaded = load_text("extends: baseline\n")
    with pytest.raises(InputError, match="given as text cannot read files"):
        revise(loaded, {"world": "."})
    with pytest.raises(InputError, match="given as text cannot read files"):
        load_text("extends: baseline\n", overrides={"world": "."})


def test_thousands_of_mistakes_are_told_in_short(tmp_path: Path) -> None:
    keys = "".join(f"    unknown_{n}: {n}\n" for n in range(9000))
    path = write(tmp_path / "many.yaml", f"extends: baseline\nblocs:\n  us:\n{keys}")
    assert len(refusal(path).problems) == 101
    wrong = "".join(f"  - {{date: 2026-01-01, set: {{no.{n}: 1}}, reference: x}}\n" for n in range(1500))
    error = refusal(write(tmp_path / "more.yaml", f"extends: baseline\nseed: x\ntimeline:\n{wrong}"))
    assert len(error.problems) == 101
    assert "there may be more mistakes" in error.problems[-1].message


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"blocs.us.aid_budgt": 1}, "--set blocs.us.aid_budgt is not a known key; did you mean aid_budget?"),
        ({"blocs.us.aid_budget": -1}, "--set blocs.us.aid_budget is -1; it must be at least 0"),
        ({"blocs.us.aid_budget": "much"}, "--set blocs.us.aid_budget must be a number, not 'much'"),
        ({"blocs.us.aid_budget": float("nan")}, "--set blocs.us.aid_budget must be a finite number"),
        ({"blocs.us.leader": "USB"}, "--set blocs.us.leader: 'USB' is not a country code"),
        ({"countries.KEX.chip_need": 1}, "countries.KEX: 'KEX' is not a country code"),
        ({"blocs..x": 1}, "--set blocs..x: write a dotted path such as blocs.us.aid_budget"),
        ({"name.part": 1}, "--set name.part: name is one value and has no parts"),
        ({"timeline.0.date": "2026Q1"}, "--set timeline.0.date: timeline is a list, to be set as a whole"),
        ({"timeline": []}, None),
        ({"horizon.end": "2025Q1"}, "horizon: the end (2025Q1) must come after the start (2026Q4)"),
        ({"seed": 10**400}, "--set seed"),
        ({"world": "/etc"}, "--set world: '/etc' leads outside the folder of the scenario"),
    ],
)  # fmt: skip
def test_overrides_are_checked_like_files(overrides: dict[str, object], message: str | None) -> None:
    if message is None:
        assert load("baseline", overrides).scenario.timeline == []  # type: ignore[arg-type]
        return
    with pytest.raises(InputError) as error:
        load("baseline", overrides)  # type: ignore[arg-type]
    assert message in str(error.value)
