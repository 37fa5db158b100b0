"""Results as they are shown in a session, and comparisons of more scenarios than the alphabet has letters."""

import json
import shutil
from pathlib import Path

import pytest

import sim
from sim.api.verify import verify
from sim.errors import InputError
from sim.results.comparison import ComparisonResult
from sim.results.kinds import ComparisonManifest


@pytest.fixture(scope="module")
def pair() -> ComparisonResult:
    return sim.compare("baseline", "waico-surge", runs=12, seed=7, until="2029Q4")


def test_a_run_is_shown_on_three_lines(pair: ComparisonResult) -> None:
    run = pair.others[0]
    head, ends, more = repr(run).splitlines()
    assert head == "RunResult waico-surge: 12 futures, seed 7, 2026Q4 to 2029Q4"
    share = run.summary.share("count", "non_aligned")[-1]
    assert f"states in 2029Q4: Non-aligned {100 * share.mean:.0f} % (" in ends
    assert ".save(folder)" in more
    assert len(repr(run)) < 400


def test_a_comparison_is_shown_on_three_lines(pair: ComparisonResult) -> None:
    head, change, more = repr(pair).splitlines()
    assert head == (
        "ComparisonResult waico-surge against baseline: 12 futures each, seed 7, 2026Q4 to 2029Q4"
    )
    mean = 100 * pair.comparison.bloc_change["count"]["china"].mean[-1]
    assert change.startswith("  waico-surge, percentage points of states in 2029Q4: US-led ")
    assert f"China-led {mean:+.1f} (" in change
    assert ".comparison has" in more
    assert len(repr(pair)) < 400


def test_an_explanation_is_shown_on_three_lines() -> None:
    found = sim.explain("baseline", "KEN", runs=12, seed=7, tipping=False)
    head, stand, more = repr(found).splitlines()
    assert head == "ExplanationResult Kenya (KEN) in baseline, 2036Q4: 12 futures, seed 7"
    assert stand.startswith("  most often ")
    assert ".tips" in more
    assert len(repr(found)) < 400
    leader = sim.explain("baseline", "USA", runs=12, seed=7, tipping=False)
    assert repr(leader).splitlines()[1] == "  leads the US-led bloc and does not choose"


def test_two_scenarios_have_the_comparison_and_more_have_to_choose(pair: ComparisonResult) -> None:
    assert pair.comparison is pair.comparisons[0]
    several = ComparisonResult(pair.reference, pair.others * 2, pair.comparisons * 2)
    with pytest.raises(
        InputError, match=r"2 scenarios were compared with baseline; choose one of \.comparisons"
    ):
        _ = several.comparison
    assert "waico-surge, waico-surge against baseline" in repr(several)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of 28 scenarios, whose names are in another order than they were given in."""
    place = tmp_path_factory.mktemp("many")
    (place / "mine").mkdir()
    (place / "mine" / "countries.csv").write_text(
        "iso3,gdp,population\nUSA,100,300\nCHN,90,1400\nKEN,1,50\n", encoding="utf-8"
    )
    names = [f"s{n * 11 % 28:02d}" for n in range(28)]
    for n, name in enumerate(names):
        (place / f"{name}.yaml").write_text(
            f"name: {name}\nworld: mine\nhorizon: {{start: 2025Q3, end: 2026Q1}}\n"
            f"blocs: {{us: {{leader: USA, exclusivity: 0.{n + 10}}}, china: {{leader: CHN}}}}\n",
            encoding="utf-8",
        )
    found = sim.compare(*(place / f"{name}.yaml" for name in names), runs=2)
    return found.save(place / "kept")


def test_more_scenarios_than_letters_keep_their_order(many: Path) -> None:
    places = ComparisonManifest.read(many).run_folders(many)
    assert [place.name for place in places] == [f"{n + 1:02d}-s{n * 11 % 28:02d}" for n in range(28)]
    assert places == sorted(places)
    assert verify(many).identical


def test_a_folder_whose_letters_began_anew_is_read_in_the_order_given(many: Path, tmp_path: Path) -> None:
    """As they were named before: the 27th scenario began with an ``a`` again."""
    folder = Path(shutil.copytree(many, tmp_path / "old"))
    for n, place in enumerate(sorted((folder / "runs").iterdir())):
        place.rename(place.with_name(f"{'abcdefghijklmnopqrstuvwxyz'[n % 26]}-{place.name[3:]}"))
    assert verify(folder).identical
    shutil.rmtree(folder / "runs" / "b-s17")
    with pytest.raises(InputError, match="runs: the run of s17 is missing"):
        verify(folder)


@pytest.mark.parametrize("key", ["a", "provenance"])
def test_a_damaged_comparison_is_named(many: Path, tmp_path: Path, key: str) -> None:
    data = json.loads((many / "comparison.json").read_text(encoding="utf-8"))
    for pair in data["comparisons"] if key == "a" else [data]:
        del pair[key]
    (tmp_path / "comparison.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match=r"comparison\.json: damaged at"):
        verify(tmp_path)
