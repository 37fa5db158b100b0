"""Laying scenarios over each other: what is inherited, what is replaced, and where each value comes from."""

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.build import estimates
from sim.scenario.entry import Entry
from sim.scenario.loader import Loaded, load, load_text, revise
from sim.scenario.resolved import origin, resolved_text, scenario_sha256


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def entry(loaded: Loaded, name: str) -> Entry:
    (found,) = [e for e in loaded.scenario.timeline if e.name == name]
    return found


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """Return the youngest of three generations."""
    write(tmp_path, "old", (
        "name: old\nquestion: of the old\nlook_at: at the old\nextends: july-2025\nreferences: [a book]\n"
        "blocs: {us: {aid_budget: 5, exclusivity: 0.1}}\ncountries: {KEN: {chip_need: 2}, all: {attention: 1.5}}\n"
        "timeline:\n  - {name: first, date: 2027-01-01, set: {blocs.us.coercion: 0.2}, reference: a}\n"
        "  - {date: 2028-01-01, set: {blocs.us.coercion: 0.3}, reference: b}\n"
    ))  # fmt: skip
    write(
        tmp_path, "middle", "extends: old.yaml\nblocs: {us: {exclusivity: 0.15}}\nwithout: [waico-signing]\n"
    )
    return write(tmp_path, "young", (
        "extends: middle.yaml\nblocs: {china: {aid_budget: 7, access: {tier2: 0.9}}}\ncountries: {KEN: {readiness: 0.5}}\n"
        "timeline:\n  - {name: first, date: 2029-01-01, add: {blocs.us.exclusivity: 0.1}, reference: c}\n"
        "  - {date: 2030-01-01, set: {blocs.us.exclusivity: 0.4}, reference: d}\n"
    ))  # fmt: skip


def test_a_chain_of_files_is_laid_together(family: Path) -> None:
    loaded = load(family)
    us, china = loaded.scenario.blocs["us"], loaded.scenario.blocs["china"]
    base = load("july-2025").scenario.blocs
    assert (us.aid_budget, us.exclusivity) == (5, 0.15)
    assert (china.aid_budget, china.access.tier2, china.access.tier1) == (7, 0.9, base["china"].access.tier1)
    assert (
        (china.in_force, china.grant_share)
        == (base["china"].in_force, base["china"].grant_share)
        == (0, 0.11)
    )
    ken = loaded.scenario.countries["KEN"]
    assert (ken.chip_need, ken.readiness) == (2, 0.5)
    assert loaded.scenario.countries["all"].attention == 1.5
    assert loaded.scenario.references == ["a book"]


def test_what_a_scenario_says_of_itself_is_not_inherited(family: Path) -> None:
    scenario = load(family).scenario
    assert (scenario.name, scenario.question, scenario.look_at, scenario.description) == ("young", "", "", "")


def test_a_name_comes_from_the_file_if_none_is_given(tmp_path: Path) -> None:
    assert load(write(tmp_path, "my file (2)", "extends: baseline\n")).scenario.name == "my-file-2"
    assert load_text("extends: baseline\n", "日本.yaml").scenario.name == "scenario"


def test_a_timeline_is_continued_and_entries_are_replaced_by_name(family: Path) -> None:
    loaded = load(family)
    names = [e.name for e in loaded.scenario.timeline]
    baseline = [e.name for e in load("july-2025").scenario.timeline]
    gone = ("waico-signing", "us-exclusivity-letter")  # by name, and because the file sets what it set
    assert names == [*(n for n in baseline if n not in gone), "first", None, None]
    first = entry(loaded, "first")
    assert (first.date, first.set, first.add) == ("2029-01-01", {}, {"blocs.us.exclusivity": 0.1})
    assert [e.date for e in loaded.scenario.timeline if e.name is None] == ["2028-01-01", "2030-01-01"]


def test_places_follow_entries_that_move(family: Path, tmp_path: Path) -> None:
    loaded = load(family)
    places = {n: loaded.merged.problem(("timeline", n), "") for n in range(len(loaded.scenario.timeline))}
    position = {e.reference: n for n, e in enumerate(loaded.scenario.timeline)}
    assert (places[position["c"]].file, places[position["c"]].line) == (str(family), 5)
    assert (places[position["b"]].file, places[position["b"]].line) == (str(tmp_path / "old.yaml"), 10)
    later = next(n for n, e in enumerate(loaded.scenario.timeline) if e.name == "waico-in-force")
    assert loaded.merged.source_of(("timeline", later, "after")) == str(
        load("july-2025").merged.source_of(("name",))
    )


def test_every_value_knows_where_it_comes_from(family: Path, tmp_path: Path) -> None:
    loaded = revise(load(family), {"blocs.us.coercion": 0.5, "uncertainties.chance": False})
    assert origin(loaded, ("blocs", "china", "aid_budget")) == str(family)
    assert origin(loaded, ("blocs", "us", "exclusivity")) == str(tmp_path / "middle.yaml")
    assert origin(loaded, ("blocs", "us", "aid_budget")) == str(tmp_path / "old.yaml")
    assert origin(loaded, ("blocs", "us", "grant_share")) == "july-2025"
    assert origin(loaded, ("blocs", "us", "coercion")) == "--set"
    assert origin(loaded, ("behaviour", "mu")) == "default"
    shown = resolved_text(loaded.scenario, estimates(loaded.scenario), lambda path: origin(loaded, path))
    line = next(line for line in shown.splitlines() if line.strip().startswith("coercion: 0.5"))
    assert line.endswith("# --set")


def test_a_resolved_scenario_is_the_same_scenario(family: Path) -> None:
    for loaded in (load(family), load("eu-third-pole"), load("taiwan-crisis")):
        text = resolved_text(loaded.scenario, estimates(loaded.scenario))
        again = load_text(text, "resolved.yaml")
        assert again.scenario.model_dump() == loaded.scenario.model_dump()
        left = estimates(again.scenario)
        assert left == estimates(loaded.scenario)
        assert scenario_sha256(again.scenario, left) == scenario_sha256(
            loaded.scenario, estimates(loaded.scenario)
        )


def test_revising_leaves_the_original_alone() -> None:
    loaded = load("july-2025")
    before = loaded.scenario.model_dump()
    changed = revise(
        loaded, {"blocs.us.access.tier2": 0.1, "countries.region:Africa.chip_need": 2, "timeline": []}
    )
    assert loaded.scenario.model_dump() == before
    assert loaded.data["blocs"]["us"]["access"]["tier2"] == 1
    assert changed.scenario.blocs["us"].access.tier2 == 0.1
    assert changed.scenario.countries["region:Africa"].chip_need == 2
    assert revise(loaded, {}) is loaded


def test_overrides_hold_over_files() -> None:
    loaded = load("waico-surge", {"blocs.china.aid_budget": 9, "leaders": {"us": "responsive"}, "seed": 5})
    assert loaded.scenario.blocs["china"].aid_budget == 9
    assert loaded.scenario.leaders == {"us": "responsive"}
    assert loaded.scenario.seed == 5


def test_a_text_may_extend_the_library() -> None:
    loaded = load_text("extends: us-exclusivity\nblocs: {us: {coercion: 0.1}}\n")
    assert loaded.scenario.blocs["us"].coercion == 0.1
    assert entry(loaded, "choose-a-side").set == {"blocs.us.exclusivity": 0.3}
    assert loaded.folder is None


def test_a_scenario_beside_another_may_be_in_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    write(tmp_path / "below", "parent", "extends: baseline\nseed: 9\n")
    assert load(write(tmp_path, "child", "extends: below/parent.yaml\n")).scenario.seed == 9
    write(tmp_path / "below", "up", "extends: ../child.yaml\n")
    with pytest.raises(InputError, match="leads outside the folder"):
        load(tmp_path / "below" / "up.yaml")


def test_a_scenario_needs_no_parent() -> None:
    text = "name: alone\nblocs: {us: {leader: USA, members: none, chip_supply: 1000}}\n"
    scenario = load_text(text).scenario
    assert list(scenario.blocs) == ["us"]
    assert scenario.horizon.end == "2035Q4"
    assert scenario.timeline == []
