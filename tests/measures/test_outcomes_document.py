"""The result as JSON: the keys of the manual, every number where it belongs."""

import json
from typing import Any

import pytest

import sim
from sim.results.run import RunResult

WEIGHTS = ("count", "gdp", "population", "compute")


@pytest.fixture(scope="module")
def result() -> RunResult:
    return sim.run("baseline", runs=20, until="2029Q1")


@pytest.fixture(scope="module")
def document(result: RunResult) -> dict[str, Any]:
    text = result.to_json()
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_head(document: dict[str, Any]) -> None:
    head = {key: document[key] for key in ("scenario", "seed", "runs", "engine", "blocs", "states")}
    assert head == {
        "scenario": "baseline",
        "seed": 1,
        "runs": 20,
        "engine": "ensemble",
        "blocs": ["us", "china"],
        "states": ["non_aligned", "us", "china", "us+china"],
    }
    assert document["steps"][0] == "2026Q4"
    assert document["steps"][-1] == "2029Q1"
    assert len(document["steps"]) == 10


def test_shares_of_the_states_sum_to_one_at_each_step(document: dict[str, Any]) -> None:
    assert tuple(document["shares"]) == WEIGHTS
    for weight in WEIGHTS:
        shares = document["shares"][weight]
        assert list(shares) == document["states"]
        for t in range(len(document["steps"])):
            assert sum(shares[state]["mean"][t] for state in shares) == pytest.approx(1.0, abs=1e-9)


def test_bands_are_ordered(document: dict[str, Any]) -> None:
    for kind in ("shares", "bloc_shares"):
        for weight in WEIGHTS:
            for band in document[kind][weight].values():
                for low, mean, high in zip(band["p05"], band["mean"], band["p95"], strict=True):
                    assert 0 <= low <= mean <= high <= 1


def test_blocs_hold_the_states_that_name_them(document: dict[str, Any]) -> None:
    for weight in WEIGHTS:
        states, blocs = document["shares"][weight], document["bloc_shares"][weight]
        for bloc in document["blocs"]:
            alone_and_both = [states[bloc]["mean"], states["us+china"]["mean"]]
            assert blocs[bloc]["mean"] == pytest.approx(
                [sum(pair) for pair in zip(*alone_and_both, strict=True)]
            )


def test_every_country_has_its_probabilities(document: dict[str, Any]) -> None:
    assert len(document["countries"]) >= 194
    quarters = len(document["steps"])
    for code, country in document["countries"].items():
        assert len(code) == 3
        assert list(country["member"]) == document["blocs"]
        assert list(country["state"]) == document["states"]
        for t in range(quarters):
            state = {name: path[t] for name, path in country["state"].items()}
            assert sum(state.values()) == pytest.approx(1.0)
            assert country["member"]["us"][t] == pytest.approx(state["us"] + state["us+china"])
        assert country["switch_probability"] == country["switched"][-1]
    assert document["countries"]["USA"]["state"]["us"] == [1.0] * quarters
    assert document["countries"]["CHN"]["switch_probability"] == 0.0


def test_shares_by_count_are_the_mean_of_the_countries(document: dict[str, Any]) -> None:
    countries = document["countries"].values()
    for state in document["states"]:
        mean = sum(country["state"][state][-1] for country in countries) / len(countries)
        assert document["shares"]["count"][state]["mean"][-1] == pytest.approx(mean, abs=1e-9)


def test_provenance_names_what_the_numbers_depend_on(document: dict[str, Any], result: RunResult) -> None:
    provenance = document["provenance"]
    assert provenance["version"] == sim.__version__
    assert provenance["data"] == result.world.sha256
    assert {len(provenance[key]) for key in ("data", "scenario", "inputs")} == {64}


def test_lists_are_in_order_and_name_countries_and_states(document: dict[str, Any]) -> None:
    moves = document["moves"]
    assert moves
    assert [move["probability"] for move in moves] == sorted((m["probability"] for m in moves), reverse=True)
    for move in moves:
        assert move["iso3"] in document["countries"]
        assert {move["origin"], move["target"]} <= set(document["states"])
        assert move["quarter"] in document["steps"][1:]
    assert [state["score"] for state in document["swing_states"]["gdp"]] == sorted(
        (state["score"] for state in document["swing_states"]["gdp"]), reverse=True
    )
