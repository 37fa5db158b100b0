"""The specification: what is accepted, what each factor means, and what mistakes are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import InputError
from sim.sweeps.spec import Known, SweepSpec, check_factors, load_spec, read_spec

GOOD: dict[str, Any] = {
    "name": "chips-aid",
    "base": "baseline",
    "levers": {"blocs.us.aid_budget": {"range": [0, 20]}},
    "design": {"method": "latin_hypercube", "size": 10},
}


def factor(**data: Any) -> Any:
    return read_spec({**GOOD, "levers": {"x": data}}).levers["x"]


def messages(data: Any, known: dict[str, Known] | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_spec(data) if known is None else check_factors(read_spec(data), known)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "reference"),
    [
        ({"range": [2, 5]}, stats.uniform(2, 3)),
        ({"distribution": "uniform", "low": 2, "high": 5}, stats.uniform(2, 3)),
        ({"distribution": "loguniform", "low": 0.1, "high": 10}, stats.loguniform(0.1, 10)),
        ({"distribution": "normal", "mean": 1, "sd": 2}, stats.norm(1, 2)),
        (
            {"distribution": "truncated_normal", "mean": 0, "sd": 1, "low": -1, "high": 3},
            stats.truncnorm(-1, 3),
        ),
        (
            {"distribution": "truncated_normal", "mean": 0, "sd": 2, "low": 8, "high": 12},
            stats.truncnorm(4, 6, scale=2),
        ),
        ({"distribution": "beta", "a": 4, "b": 12}, stats.beta(4, 12)),
        ({"distribution": "beta", "a": 2, "b": 3, "low": -1, "high": 4}, stats.beta(2, 3, -1, 5)),
        ({"distribution": "lognormal", "median": 3, "sigma": 0.5}, stats.lognorm(0.5, scale=3)),
        ({"distribution": "triangular", "low": 1, "mode": 2, "high": 5}, stats.triang(0.25, 1, 4)),
        ({"distribution": "triangular", "low": 1, "mode": 5, "high": 5}, stats.triang(1, 1, 4)),
    ],
)
def test_quantiles_are_those_of_scipy(data: dict[str, Any], reference: Any) -> None:
    unit = np.array([0.001, 0.1, 0.37, 0.5, 0.8, 0.999])
    np.testing.assert_allclose(factor(**data).at(unit), reference.ppf(unit), rtol=1e-7)


@pytest.mark.parametrize("name", ["normal", "lognormal"])
def test_unbounded_factors_stay_finite_at_the_ends(name: str) -> None:
    data = {"mean": 0, "sd": 1} if name == "normal" else {"median": 1, "sigma": 1}
    assert np.isfinite(factor(distribution=name, **data).at(np.array([0.0, 1.0]))).all()


def test_lists_share_the_unit_interval_evenly() -> None:
    values = factor(values=["logit", "threshold", "landscape"])
    drawn = values.at((np.arange(3000) + 0.5) / 3000)
    assert [int((drawn == name).sum()) for name in values.values] == [1000, 1000, 1000]
    assert factor(values=[True, False]).at(np.array([0.2, 1.0])).tolist() == [True, False]


def test_every_mistake_is_reported_with_a_correction() -> None:
    data = {
        **GOOD,
        "levers": {
            "a": {"distribution": "betta"},
            "b": {"rnge": [0, 1]},
            "c": {"range": [0, 1], "point": 3},
            "d": {"range": [2, 1]},
            "e": {"distribution": "beta", "a": -1, "b": 2},
            "f": {"values": [1, "two"]},
            "g": {"values": [1, 1.0]},
            "h": 5,
            "range": {"range": [0, 1], "rnge": 3},
            "i": {"distribution": "triangular", "low": 0, "mode": 2, "high": 1},
            "j": {"distribution": "truncated_normal", "mean": 0, "sd": 1, "low": 50, "high": 60},
            "k": {"distribution": "lognormal", "median": 1, "sd": 1},
            "l": {"range": [0, "one"]},
        },
        "design": {"metod": "grid"},
        "record": "sumary",
        "outcome": ["x"],
    }
    found = messages(data)
    for text in (
        "levers.a: betta is not a known distribution; did you mean beta?",
        "levers.b: does not say how it varies; did you mean range?",
        "levers.c.point is not a known key; did you mean points?",
        "levers.d: the lower end (2) must be below the upper end (1)",
        "levers.e.a is -1; it must be above 0",
        "levers.f: a list mixes names and numbers; give values of one kind",
        "levers.g: a value stands twice in the list",
        "levers.h: does not say how it varies; give range: [low, high], values: [...] or distribution: NAME",
        "levers.range.rnge is not a known key; did you mean range?",
        "levers.i: mode must lie between low and high",
        "levers.j: low and high lie so far from the mean that nothing is left between them",
        "levers.k.sd is not a known key; allowed: distribution, median, sigma",
        "levers.k.sigma is missing",
        "levers.l.range.1 must be a number, not 'one'",
        "design.metod is not a known key; did you mean method?",
        "record is 'sumary'; allowed: summary, countries or trajectories; did you mean summary?",
        "outcome is not a known key; did you mean outcomes?",
    ):
        assert text in found
    assert len(found) == 17


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"levers": {}}, "nothing is varied"),
        ({"levers": {"scenario": {"range": [0, 1]}}}, "scenario is a column of every sweep"),
        ({"uncertainties": {"blocs.us.aid_budget": {"range": [0, 1]}}}, "both a lever and an uncertainty"),
        ({"base": ["a", "a"]}, "base names the same entry twice"),
        ({"design": {"method": "grid"}}, "a grid needs a size, or points for blocs.us.aid_budget"),
        ({"design": {"method": "sobol"}}, "sobol needs a size"),
        ({"design": {"method": "grid", "table": "x.csv"}}, "give either a method"),
        ({"design": {"table": "x.csv", "size": 3}}, "size does not go with a table"),
        ({"design": {"method": "morris", "size": 3}, "levers": {"r": {"values": ["a", "b", "c"]}}}, "Morris"),
        ({"name": "../x"}, "name is '../x'; it may hold letters without accents"),
        ({"design": {"method": "grid", "size": 9, "seed": -1}}, "design.seed is -1; it must be at least 0"),
    ],
)
def test_nonsense_is_refused(changes: dict[str, Any], text: str) -> None:
    assert any(text in message for message in messages({**GOOD, **changes}))


def test_parameters_are_checked_against_the_registry() -> None:
    known = {"blocs.us.aid_budget": Known(0, 500), "rules.choice": Known(choices=("logit", "threshold"))}
    data = {
        **GOOD,
        "levers": {"blocs.us.aid_budgt": {"range": [0, 1]}, "blocs.us.aid_budget": {"range": [-1, 20]}},
        "uncertainties": {"rules.choice": {"values": ["logit", "loggit"]}},
    }
    assert messages(data, known) == [
        "levers.blocs.us.aid_budgt: not a parameter that can be varied; did you mean blocs.us.aid_budget?",
        "levers.blocs.us.aid_budget: reaches from -1 to 20, outside the bounds 0 to 500",
        "uncertainties.rules.choice: loggit not allowed; allowed: logit, threshold",
    ]
    normal = {"blocs.us.aid_budget": {"distribution": "normal", "mean": 5, "sd": 1}}
    assert "cut it with truncated_normal" in messages({**GOOD, "levers": normal}, known)[0]


def test_a_file_gives_line_and_column_and_the_place_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text("name: s\nbase: [a, b]\nlevers:\n  x: {rang: [0, 1]}\ndesign: {table: t.csv, size: 1}\n")
    with pytest.raises(InputError) as caught:
        load_spec(path)
    assert str(caught.value).splitlines() == [
        f"{path}:4:3: levers.x: does not say how it varies; did you mean range?",
        f"{path}:5:1: design: size does not go with a table, whose rows are the samples",
    ]
    path.write_text("name: s\nbase: [a, b]\nlevers:\n  x: {range: [0, 1]}\ndesign: {table: t.csv}\n")
    assert load_spec(path)[0].design.table == str(tmp_path / "t.csv")


def test_a_specification_survives_json() -> None:
    spec = read_spec({**GOOD, "uncertainties": {"n": {"distribution": "normal", "mean": 0, "sd": 1}}})
    assert SweepSpec.model_validate_json(spec.model_dump_json()) == spec


def test_identity_ignores_growth_and_words_only() -> None:
    spec = read_spec(GOOD)
    larger = read_spec(
        {**GOOD, "description": "x", "design": {**GOOD["design"], "size": 99, "replicates": 4}}
    )
    other = read_spec({**GOOD, "design": {**GOOD["design"], "seed": 2}})
    assert spec.identity() == larger.identity()
    assert len({spec.identity(), other.identity(), spec.identity({"data": "abc"})}) == 3
