"""Some countries only, up to some quarter: the same measures as of the whole, kept, read back and computed again."""

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.api.verify import verify
from sim.cli import main
from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS
from sim.labels.groups import group_words
from sim.measures.excerpt import COMPUTE
from sim.report.comparison import comparison_document, comparison_view, read_comparison_view
from sim.report.markdown import markdown
from sim.report.run import run_document
from sim.report.run_view import read_run, view_of
from sim.results.comparison import ComparisonResult
from sim.results.run import RunResult
from sim.results.tables import countries_table, outcomes_table
from sim.scenario.selectors import select, select_several
from sim.world import load_world

RUNS, END, EARLIER = 30, "2029Q4", "2028Q2"


@pytest.fixture(scope="module")
def result() -> RunResult:
    return sim.run("baseline", RUNS, until=END)


@pytest.fixture(scope="module")
def compared() -> ComparisonResult:
    return sim.compare("baseline", "waico-surge", runs=RUNS, until=END)


@pytest.mark.parametrize("selectors", [("region:Africa",), ("club:gcc", "KEN"), ("IND",)])
def test_shares_are_those_of_the_countries_named(result: RunResult, selectors: tuple[str, ...]) -> None:
    part = result.among(*selectors).summary
    world, ensemble = result.world, result.ensemble
    chosen = select_several(world, ",".join(selectors))
    assert part.iso3 == tuple(code for code, among in zip(world.iso3, chosen, strict=True) if among)
    assert ensemble is not None
    assert ensemble.membership is not None
    for w, weight in enumerate(WEIGHTS[:COMPUTE]):
        amounts = ensemble.inputs.countries.weight[w, chosen]
        for s, state in enumerate(part.states):
            held = (ensemble.membership[:, :, chosen] == s) @ amounts / amounts.sum()
            assert part.share(weight, state).mean == pytest.approx(held.mean(axis=0), abs=1e-12)
            assert part.share(weight, state).p95 == pytest.approx(
                np.maximum(np.quantile(held, 0.95, axis=0), held.mean(axis=0))
            )
    assert np.isnan(part.share("compute", "us").mean).all()
    places = np.flatnonzero(chosen)
    assert np.array_equal(part.state_probability, result.summary.state_probability[:, places])
    assert np.array_equal(part.switched, result.summary.switched[:, places])


def test_all_countries_and_the_last_quarter_are_the_whole(result: RunResult) -> None:
    whole = result.among("all").at(END)
    known = slice(None), slice(0, COMPUTE)
    assert whole.summary.shares.mean[known] == pytest.approx(result.summary.shares.mean[known], abs=1e-12)
    assert countries_table(whole.summary).equals(countries_table(result.summary))
    assert result.among("KEN").among().summary.iso3 == result.summary.iso3


def test_a_quarter_is_what_a_run_up_to_it_shows(result: RunResult, compared: ComparisonResult) -> None:
    early, short = result.at(EARLIER).summary, sim.run("baseline", RUNS, until=EARLIER).summary
    assert outcomes_table(early).equals(outcomes_table(short))
    assert countries_table(early).equals(countries_table(short))
    there = compared.at(EARLIER).comparison.to_json()
    asked = sim.compare("baseline", "waico-surge", runs=RUNS, until=EARLIER).comparison.to_json()
    assert there.pop("at") == EARLIER
    assert there == asked


def test_a_comparison_among_some_counts_these_alone(compared: ComparisonResult) -> None:
    part = compared.among("region:Africa").comparison
    africa = select(compared.reference.world, "region:Africa")
    assert part.flows.sum() == pytest.approx(africa.sum())
    assert {flip.iso3 for flip in part.flips} == {
        flip.iso3 for flip in compared.comparison.flips if africa[compared.reference.world.index(flip.iso3)]
    }
    assert set(part.change) == set(WEIGHTS[:COMPUTE])
    first, second = (run.among("region:Africa").summary for run in compared.runs)
    change = second.bloc_share("gdp", "china").mean - first.bloc_share("gdp", "china").mean
    assert part.bloc_change["gdp"]["china"].mean == pytest.approx(change, abs=1e-12)


def test_a_part_is_kept_read_back_and_computed_again(
    result: RunResult, compared: ComparisonResult, tmp_path: Path
) -> None:
    part = result.among("region:Africa").at(EARLIER)
    folder = part.save(tmp_path / "run")
    kept = read_run(folder)
    assert kept.excerpt == part.excerpt
    assert verify(folder).identical
    said = markdown(run_document(kept), "images")
    assert said.startswith("# baseline in Africa")
    assert "Shares are of the 54 countries of Africa alone." in said
    assert f"Share of Africa: 2026Q4 → {EARLIER}" in said
    assert "AI compute" not in said.partition("## Assumptions")[0].replace("AI compute differs", "")
    assert not re.search(r"\bnan\b", said)
    pair = compared.among("club:gcc")
    place = pair.save(tmp_path / "pair")
    assert verify(place).identical
    told = markdown(comparison_document(read_comparison_view(place)), "images")
    assert "percentage points of GCC" in told
    assert not re.search(r"\bnan\b", told)
    assert told.startswith("# waico-surge against baseline in GCC")
    assert markdown(comparison_document(comparison_view(pair)), "images").startswith("# waico-surge against")


def test_a_part_of_a_result_prints(result: RunResult) -> None:
    part = result.among("region:Africa")
    assert "among region:Africa" in repr(part)
    assert "nan" not in part._repr_html_()
    assert part.to_dict()["among"] == "region:Africa"
    assert dict(part.to_xarray().sizes)["country"] == 54
    assert "54 countries" in run_document(view_of(part)).facts
    assert part.to_json()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("africa", "did you mean region:Africa?"),
        ("Afrca", "did you mean region:Africa?"),
        ("region:africa", "did you mean Africa?"),
        ("club:gc", "did you mean gcc?"),
        ("gcc", "did you mean club:gcc?"),
        ("KEM", "'KEM' is not a country code"),
        (",", "names no country"),
        ("club:gcc!club:gcc", "names no country"),
    ],
)
def test_a_wrong_group_is_one_message_with_the_nearest(
    asked: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["run", "baseline", "--among", asked, "--out", str(tmp_path / "x")]) == 2
    out, error = capsys.readouterr()
    assert said in error
    assert len(error.splitlines()) == 1
    assert out == ""
    assert not (tmp_path / "x").exists()


def test_a_wrong_quarter_is_told_before_anything_is_simulated(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ("2040Q1", "2026Q4", "soon"):
        assert main(["compare", "baseline", "waico-surge", "--at", wrong]) == 2
        assert "at: " in capsys.readouterr().err


def test_several_wrong_names_are_all_told() -> None:
    with pytest.raises(InputError) as caught:
        select_several(load_world(), "KEN, club:gc, Afrca")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("selectors", "words"),
    [
        ("region:Africa", "Africa"),
        ("region:Africa!KEN", "Africa without KEN"),
        ("income:upper_middle", "upper middle-income countries"),
        ("club:gcc,IND", "GCC, IND"),
    ],
)
def test_words_of_a_group(selectors: str, words: str) -> None:
    assert group_words(selectors) == words
