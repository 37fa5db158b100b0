"""`sim.run`: the same whatever the engine, the threads and the batches; arguments are checked."""

import threading
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.api import run as module
from sim.engine.run import Cancelled
from sim.errors import InputError
from sim.inputs.hashing import inputs_sha256
from sim.scenario.loader import Override

END = "2028Q1"


def test_a_run_is_the_same_again_and_another_with_another_seed() -> None:
    first, again = (sim.run("baseline", 10, seed=3, until=END) for _ in range(2))
    other = sim.run("baseline", 10, seed=4, until=END)
    assert first.to_json() == again.to_json()
    assert first.to_json() != other.to_json()


def test_threads_and_batches_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sim.run("baseline", 30, until=END, threads=2)
    monkeypatch.setattr(module, "BATCH", 7)
    parts = sim.run("baseline", 30, until=END, threads=1)
    assert whole.ensemble is not None
    assert parts.ensemble is None  # too many runs to keep every trajectory
    np.testing.assert_array_equal(parts.summary.first_moves, whole.summary.first_moves)
    np.testing.assert_allclose(parts.summary.shares.mean, whole.summary.shares.mean, atol=1e-15)
    assert parts.provenance == whole.provenance


def test_both_engines_give_the_same_document() -> None:
    ensemble, mesa = (sim.run("baseline", 2, until=END, engine=name) for name in ("ensemble", "mesa"))
    one, other = ensemble.to_dict(), mesa.to_dict()
    assert (one.pop("engine"), other.pop("engine")) == ("ensemble", "mesa")
    for key in ("shares", "bloc_shares", "countries", "moves", "provenance"):
        assert one[key] == other[key], key


def test_the_seed_of_the_scenario_is_the_default() -> None:
    stated = sim.run("baseline", 5, until=END, overrides={"seed": 7})
    given = sim.run("baseline", 5, seed=7, until=END)
    assert stated.seed == 7
    assert stated.summary.shares.mean.tolist() == given.summary.shares.mean.tolist()
    assert stated.provenance == given.provenance  # the seed is no part of what a scenario assumes


def test_overrides_and_until_count_and_are_part_of_the_identity() -> None:
    plain = sim.run("baseline", 5, until=END)
    changed = sim.run("baseline", 5, until=END, overrides={"behaviour.attention": 0.9})
    assert plain.summary.steps[-1] == changed.summary.steps[-1] == END
    assert changed.summary.switch_probability.mean() > plain.summary.switch_probability.mean()
    assert plain.provenance["scenario"] != changed.provenance["scenario"]
    assert plain.provenance["data"] == changed.provenance["data"]


def test_one_number_of_one_country_changes_the_identity() -> None:
    inputs = sim.run("baseline", 1, until=END).inputs
    gdp = inputs.countries.gdp.copy()
    same = replace(inputs, countries=inputs.countries._replace(gdp=gdp.copy()))
    gdp[7] += 1e-9
    other = replace(inputs, countries=inputs.countries._replace(gdp=gdp))
    assert inputs_sha256(same) == inputs_sha256(inputs) != inputs_sha256(other)


def test_a_loaded_scenario_can_be_run_and_changed() -> None:
    loaded = sim.load_scenario("baseline")
    again = sim.run(loaded, 5, until=END, overrides={"behaviour.mu": 2})
    named = sim.run("baseline", 5, until=END, overrides={"behaviour.mu": 2})
    assert again.to_json() == named.to_json()
    assert loaded.scenario.horizon.end != END, "the scenario given must stay as it was"


def test_progress_counts_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 30)
    seen: list[tuple[int, int]] = []
    sim.run("baseline", 70, until=END, threads=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (70, 70)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.mark.parametrize("engine", ["ensemble", "mesa"])
def test_a_run_can_be_stopped(engine: str) -> None:
    cancel = threading.Event()
    with pytest.raises(Cancelled, match="of 60 runs"):
        sim.run(
            "baseline",
            60,
            until=END,
            engine=engine,
            threads=None if engine == "mesa" else 1,
            cancel=cancel,
            progress=lambda *_: cancel.set(),
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"runs": 0}, "runs is 0; it must be 1 to 1,000,000"),
        ({"runs": 1_000_001}, "runs is 1000001; it must be 1 to 1,000,000"),
        ({"seed": -1}, "seed is -1; it must be 0 to 4,294,967,295"),
        ({"seed": 2**32}, "seed is 4294967296; it must be 0 to 4,294,967,295"),
        ({"engine": "messa"}, "engine is 'messa'; allowed: ensemble, mesa; did you mean mesa?"),
        ({"threads": 0}, "threads is 0; it must be 1 to 1,024"),
        ({"until": "2030Q5"}, "until: '2030Q5' is neither a quarter (2025Q3) nor a date (2025-07-26)"),
        ({"until": "2024Q1"}, "until: 2024Q1 must come after the start of the scenario (2026Q4)"),
        (
            {"runs": 0, "seed": -1},
            "runs is 0; it must be 1 to 1,000,000\nseed is -1; it must be 0 to 4,294,967,295",
        ),
    ],
)
def test_arguments_out_of_range_are_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        sim.run("baseline", **arguments)  # type: ignore[arg-type]
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"blocs.us.aid_budgt": 1}, "did you mean aid_budget?"),
        ({"blocs.us.aid_budget": -1}, "at least 0"),
        ({"blocs.us.aid_budget": "much"}, "must be a number"),
        ({"timeline.0.date": "2027Q1"}, "timeline"),
    ],
)
def test_overrides_that_cannot_be_used_are_named(overrides: dict[str, Override], words: str) -> None:
    with pytest.raises(InputError) as caught:
        sim.run("baseline", 2, overrides=overrides)
    assert f"--set {next(iter(overrides))}" in str(caught.value)
    assert words in str(caught.value)


def test_public_names_are_found_and_listed() -> None:
    assert set(sim.__all__) <= set(dir(sim))
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        sim.rnu  # noqa: B018
    assert callable(sim.theory.landscape.local_minima)
