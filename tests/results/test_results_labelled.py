"""Results as labelled data, as HTML and as pictures: the same numbers as the summary, with names and units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim import errors
from sim.errors import AiblocsError, InputError
from sim.figures.drawing import Drawing
from sim.results import run as run_module
from sim.results.comparison import ComparisonResult
from sim.results.explanation import ExplanationResult
from sim.results.run import RunResult
from sim.results.shown import shown_html

END = "2028Q4"


@pytest.fixture(scope="module")
def pair() -> ComparisonResult:
    return sim.compare("baseline", "waico-surge", runs=24, seed=7, until=END)


@pytest.fixture(scope="module")
def run(pair: ComparisonResult) -> RunResult:
    return pair.others[0]


@pytest.fixture(scope="module")
def why() -> ExplanationResult:
    return sim.explain("baseline", "KEN", runs=12, seed=7)


def test_shares_are_those_of_the_summary(run: RunResult) -> None:
    frame = run.to_pandas()
    assert list(frame) == ["kind", "weight", "membership", "quarter", "mean", "p05", "p95"]
    one = frame.query("kind == 'state' and weight == 'gdp' and membership == 'us+china'")
    assert one["quarter"].tolist() == list(run.summary.steps)
    np.testing.assert_array_equal(one["mean"], run.summary.share("gdp", "us+china").mean)
    whole = frame.query("kind == 'bloc' and weight == 'count' and membership == 'china'")
    np.testing.assert_array_equal(whole["p95"], run.summary.bloc_share("count", "china").p95)
    totals = frame.query("kind == 'state'").groupby(["weight", "quarter"])["mean"].sum()
    np.testing.assert_allclose(totals, 1.0)


def test_countries_are_those_of_the_summary(run: RunResult) -> None:
    frame = run.to_pandas("countries")
    assert list(frame) == [
        "iso3", "country", "region", "quarter", "state_non_aligned", "state_us", "state_china", "state_us_china",
        "bloc_us", "bloc_china", "switched",
    ]  # fmt: skip
    assert len(frame) == 197 * len(run.summary.steps)
    kenya = frame[frame["iso3"] == "KEN"]
    assert set(kenya["country"]) == {"Kenya"}
    i = run.summary.iso3.index("KEN")
    np.testing.assert_array_equal(kenya["bloc_china"], run.summary.member_probability[:, i, 1])
    np.testing.assert_array_equal(kenya["switched"], run.summary.switched[:, i])
    assert kenya["quarter"].tolist() == list(run.summary.steps)


def test_switches_add_up_to_the_probability_of_a_switch(run: RunResult) -> None:
    frame = run.to_pandas("switches")
    assert frame["probability"].is_monotonic_decreasing
    assert (frame["origin"] != frame["destination"]).all()
    found = frame.groupby("iso3")["probability"].sum()
    for code, chance in zip(run.summary.iso3, run.summary.switch_probability, strict=True):
        assert found.get(code, 0.0) == pytest.approx(chance), code


def test_one_dataset_holds_every_trajectory(run: RunResult) -> None:
    xarray = pytest.importorskip("xarray", reason="needs the extra `sweep`")
    data = run.to_xarray()
    assert isinstance(data, xarray.Dataset)
    assert data["member"].dims == ("future", "quarter", "country", "bloc")
    assert all({"units", "long_name"} <= set(data[name].attrs) for name in data.data_vars)
    kenya = data["member"].sel(country="KEN", bloc="china")
    i = run.summary.iso3.index("KEN")
    np.testing.assert_allclose(kenya.mean("future"), run.summary.member_probability[:, i, 1])
    share = data["share"].sel(weight="gdp", state="us").mean("future")
    np.testing.assert_allclose(share, run.summary.share("gdp", "us").mean)
    whole = data["bloc_share"].sel(weight="count", bloc="us")
    np.testing.assert_allclose(whole, data["member"].sel(bloc="us").mean("country"))
    assert str(data["time"].sel(quarter="2027Q3").dt.date.item()) == "2027-07-01"
    assert data["country_name"].sel(country="CIV").item() == "Côte d'Ivoire"
    assert data.attrs["scenario"] == "waico-surge"
    assert data.attrs["version"] == sim.__version__


def test_a_comparison_is_one_dataset_whose_futures_pair(pair: ComparisonResult) -> None:
    pytest.importorskip("xarray", reason="needs the extra `sweep`")
    data = pair.to_xarray()["bloc_share"].sel(weight="count", bloc="china")
    assert data["scenario"].values.tolist() == ["baseline", "waico-surge"]
    change = data.sel(scenario="waico-surge") - data.sel(scenario="baseline")
    np.testing.assert_allclose(
        change.mean("future"), pair.comparison.bloc_change["count"]["china"].mean, atol=1e-12
    )
    assert "seed" in pair.to_xarray().attrs


def test_scenarios_with_other_blocs_share_the_blocs_that_both_have() -> None:
    pytest.importorskip("xarray", reason="needs the extra `sweep`")
    data = sim.compare("baseline", "third-pole", runs=4, until="2027Q4").to_xarray()
    assert data["bloc"].values.tolist() == ["us", "china"]
    assert "share" not in data
    assert data["member"].dtype == bool


def test_a_comparison_has_tables(pair: ComparisonResult) -> None:
    shares = pair.to_pandas("shares")
    one = shares.query("kind == 'bloc' and weight == 'count' and membership == 'china'")
    np.testing.assert_array_equal(one["mean"], pair.comparison.bloc_change["count"]["china"].mean)
    countries = pair.to_pandas("countries")
    assert countries["scenario"].unique().tolist() == ["baseline", "waico-surge"]
    switches = pair.to_pandas("switches")
    assert switches["iso3"].tolist() == [flip.iso3 for flip in pair.comparison.flips]
    assert len(switches) > 0


def test_tipping_that_was_not_looked_for_is_not_said_to_be_none(why: ExplanationResult) -> None:
    assert f"tip it: {sum(tip.reached for tip in why.tips)}" in repr(why)
    unasked = sim.explain("baseline", "KEN", runs=4, tipping=False)
    assert "single changes found" not in repr(unasked)


def test_an_explanation_has_tables(why: ExplanationResult) -> None:
    terms = why.to_pandas()
    for bloc, total in why.explanation.value.items():
        assert terms[terms["bloc"] == bloc]["mean"].sum() == pytest.approx(total, abs=1e-9)
    path = why.to_pandas("path").groupby("quarter")["probability"].sum()
    np.testing.assert_allclose(path, 1.0)
    tips = why.to_pandas("tips")
    assert tips["lever"].tolist() == [tip.lever for tip in why.tips]


def test_no_column_needs_quotes_in_sql(
    run: RunResult, pair: ComparisonResult, why: ExplanationResult
) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs the extra `sweep`")
    asked = {
        run: ("shares", "countries", "switches"),
        pair: ("shares", "countries", "switches"),
        why: ("terms", "path", "tips"),
    }
    for result, tables in asked.items():
        for table in tables:
            frame = result.to_pandas(table)
            connection = duckdb.connect()
            connection.register("result", frame)
            said = connection.execute(f"select {', '.join(frame)} from result").df()
            assert list(said) == list(frame), table


def test_a_table_that_there_is_not_is_named(
    run: RunResult, pair: ComparisonResult, why: ExplanationResult
) -> None:
    with pytest.raises(
        InputError, match=r"table is 'share'; allowed: shares, countries, switches; did you mean shares"
    ):
        run.to_pandas("share")
    with pytest.raises(InputError, match="table is 3; allowed"):
        pair.to_pandas(3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="table is 'term'; allowed: terms, path, tips; did you mean terms"):
        why.to_pandas("term")
    with pytest.raises(InputError, match="did you mean waico-surge"):
        pair.plot("waico-surg")


def test_without_xarray_the_message_says_how_to_get_it(
    run: RunResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(errors.importlib, "import_module", missing)
    with pytest.raises(
        AiblocsError, match=r"xarray is not installed; install it with: pip install 'aiblocs\[sweep\]'"
    ):
        run.to_xarray()


def test_runs_without_trajectories_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.api.run.BATCH", 4)
    monkeypatch.setattr(run_module, "BATCH", 4)
    found = sim.run("baseline", 6, until="2027Q1")
    with pytest.raises(InputError, match="6 runs keep no trajectories, at most 4 do"):
        found.to_xarray()
    assert len(found.to_pandas("countries")) == 197 * 2


@pytest.mark.parametrize("result", ["run", "pair", "why"])
def test_results_are_shown_in_notebooks_and_drawn(
    result: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    found = request.getfixturevalue(result)
    shown = found._repr_html_()
    assert shown.count("<table") == 1
    assert len(shown) < 6_000
    assert len(repr(found).splitlines()) == 3
    picture = found.plot()
    assert isinstance(picture, Drawing)
    assert "<svg" in picture._repr_svg_()
    assert len(repr(picture)) < 200
    for path in picture.save(tmp_path / "figure"):
        assert path.stat().st_size > 1_000
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        picture.save(tmp_path / "file" / "figure")


def test_html_is_escaped(run: RunResult) -> None:
    shown = shown_html("a <b> & c\n  d <e>", ("<h>",), [("<i>", "<j>")])
    assert "<b>" not in shown
    assert "&lt;b&gt; &amp; c" in shown
    assert shown.count("&lt;") == 5
    titled = sim.run("baseline", 2, until="2027Q1", overrides={"blocs.us.title": "A<script>B"})
    assert "<script>" not in titled._repr_html_()
    assert "A&lt;script&gt;B" in titled._repr_html_()


def test_scenarios_that_begin_with_other_members_are_compared() -> None:
    signed = {
        "extends": "baseline",
        "blocs": {"us": {"members": "signatories"}, "china": {"members": "signatories"}},
    }
    found = sim.compare("baseline", signed, runs=4, until="2027Q4")
    first = found.comparison.steps[0]
    parted = [flip for flip in found.comparison.flips if flip.first_quarter == first]
    assert parted
    assert all(flip.because for flip in parted)
    assert found.comparison.bloc_change["count"]["us"].mean[0] != 0
