"""Every argument of every public function, if it is of a wrong kind, is named in one sentence; and plain data are scenarios."""

from __future__ import annotations

import datetime
import inspect
import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.run import Cancelled
from sim.errors import InputError

END = "2027Q4"
USED: dict[str, tuple[Any, ...]] = {
    "analyze": ("no-such-folder",),
    "cheapest": ("no-such-file.yaml",),
    "compare": ("baseline", "baseline"),
    "explain": ("baseline", "KEN"),
    "levers": ("baseline",),
    "load_scenario": ("baseline",),
    "load_world": (),
    "open_run": ("no-such-folder",),
    "open_sweep": ("no-such-folder",),
    "outcomes": ("baseline",),
    "parameters": ("baseline",),
    "run": ("baseline",),
    "scenarios": (),
    "sweep": ("no-such-file.yaml",),
    "verify": ("no-such-folder",),
}
"""Every public function that takes arguments of users, with what it must be given."""


def wrong() -> list[Any]:
    cases = []
    for name, given in USED.items():
        function = getattr(sim, name)
        for n, (parameter, kind) in enumerate(inspect.signature(function).parameters.items()):
            if kind.kind is inspect.Parameter.VAR_POSITIONAL:
                cases.append(pytest.param(function, (*given, object()), {}, id=f"{name}-{parameter}"))
            elif n < len(given):
                cases.append(
                    pytest.param(
                        function, (*given[:n], object(), *given[n + 1 :]), {}, id=f"{name}-{parameter}"
                    )
                )
            else:
                cases.append(pytest.param(function, given, {parameter: object()}, id=f"{name}-{parameter}"))
    return cases


def test_every_public_function_is_tried() -> None:
    functions = {name for name in sim.__all__ if inspect.isfunction(getattr(sim, name))}
    assert functions - set(USED) == {"validate"}  # takes sizes and a log, no words or numbers


@pytest.mark.parametrize(("function", "given", "named"), wrong())
def test_an_argument_of_a_wrong_kind_is_named(
    function: Callable[..., Any], given: Any, named: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as caught:
        function(*given, **named)
    text = str(caught.value)
    assert "a object" in text or " object" in text
    assert " at 0x" not in text
    assert "\n" not in text
    for name in named:
        assert text.startswith(name)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"runs": 1.5}, "runs is 1.5; it must be a whole number, 1 to 1,000,000"),
        ({"runs": 1e3}, "runs is 1000.0; it must be a whole number, 1 to 1,000,000; write 1000"),
        ({"runs": True}, "runs is True; it must be a whole number, 1 to 1,000,000"),
        ({"runs": float("nan")}, "runs is nan; it must be a whole number, 1 to 1,000,000"),
        ({"seed": "1"}, "seed is '1'; it must be a whole number, 0 to 4,294,967,295"),
        ({"threads": 2.0}, "threads is 2.0; it must be a whole number, 1 to 1,024; write 2"),
        ({"until": 2030}, "until is 2030; it must be text"),
        ({"overrides": ["a"]}, "overrides is ['a']; it must be a mapping of dotted paths to values"),
        ({"progress": 1}, "progress is 1; it must be True, False or a function of (done, total)"),
        (
            {"cancel": True},
            "cancel is True; it must be a threading.Event or a function that returns True to stop",
        ),
        (
            {"scenario": 3},
            "scenario is 3; it must be a library name, a path or a mapping, or what sim.load_scenario returned",
        ),
    ],
)
def test_values_of_another_kind_say_what_to_write(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        sim.run(**{"scenario": "baseline"} | arguments)
    assert str(caught.value) == message


def test_numbers_of_numpy_are_numbers() -> None:
    found = sim.run("baseline", np.int64(3), seed=np.uint32(2), until=END)  # type: ignore[arg-type]
    assert found.runs == 3


def test_a_scenario_may_be_plain_data() -> None:
    date = datetime.date(2027, 1, 1)
    data = {
        "name": "mine", "extends": "baseline", "blocs": {"us": {"aid_budget": np.float64(30)}}, "horizon": {"end": END},
        "timeline": ({"name": "more", "date": date, "set": {"blocs.us.exclusivity": 1}, "reference": "assumption"},),
    }  # fmt: skip
    found = sim.run(data, 6)
    assert found.scenario.name == "mine"
    assert found.scenario.blocs["us"].aid_budget == 30
    same = sim.run("baseline", 6, overrides={"blocs.us.aid_budget": 30, "horizon.end": END})
    assert found.summary.steps == same.summary.steps
    assert sim.compare("baseline", data, runs=4, until=END).comparison.b == "mine"
    assert sim.parameters(data)["value"]["blocs.us.aid_budget"] == 30


def test_plain_data_keep_in_a_folder_and_verify(tmp_path: Any) -> None:
    found = sim.run({"extends": "baseline", "horizon": {"end": END}}, 4)
    assert sim.verify(found.save(tmp_path / "kept")).identical


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"extends": "baseline", "blocs": {"us": {"aid_budgt": 1}}}, "mapping: blocs.us.aid_budgt is not a known key; did you mean aid_budget?"),
        ({"extends": "baselin"}, "mapping: extends: there is no scenario"),
        ({"extends": "baseline", 3: 1}, "mapping: 3: keys are text, this is a int"),
        ({"extends": "baseline", "seed": float("nan")}, "mapping: seed is nan; allowed: text, numbers"),
        ({"extends": "baseline", "blocs": {"us": {"aid_budget": {1, 2}}}}, "mapping: blocs.us.aid_budget is a set; allowed"),
        ({"extends": "baseline", "seed": -1}, "seed"),
        ({}, "blocs"),
    ],
)  # fmt: skip
def test_mistakes_in_plain_data_are_named(data: dict[Any, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        sim.run(data, 2)
    assert message.removeprefix("mapping: extends: ") in str(caught.value)
    assert "mapping:1" not in str(caught.value)


def test_plain_data_that_hold_themselves_are_refused() -> None:
    data: dict[str, Any] = {"extends": "baseline"}
    data["blocs"] = data
    with pytest.raises(InputError, match="nested too deeply"):
        sim.run(data)


def stopping() -> list[Any]:
    return ["run", "compare", "explain", "verify"]


@pytest.mark.parametrize("manner", ["event", "function"])
@pytest.mark.parametrize("name", stopping())
def test_everything_is_stopped_in_both_manners(name: str, manner: str, tmp_path: Any) -> None:
    asked = threading.Event()
    asked.set()
    cancel = asked if manner == "event" else asked.is_set
    if name == "verify":
        folder = sim.run("baseline", 4, until=END).save(tmp_path / "kept")
        with pytest.raises(Cancelled):
            sim.verify(folder, cancel=cancel)
        return
    given: dict[str, Any] = {"explain": {"tipping": False}}.get(name, {"until": END})
    with pytest.raises(Cancelled, match="stopped after"):
        getattr(sim, name)(*USED[name], runs=4, cancel=cancel, **given)


def test_a_sweep_is_counted_in_runs_and_stopped_in_both_manners(tmp_path: Any) -> None:
    spec = {
        "name": "small", "base": "baseline", "levers": {"blocs.us.aid_budget": {"range": [0, 9]}},
        "design": {"method": "latin_hypercube", "size": 4, "replicates": 2},
    }  # fmt: skip
    seen: list[tuple[int, int]] = []
    found = sim.sweep(
        spec, tmp_path / "a", progress=lambda done, total: seen.append((done, total)), chunk_runs=2
    )
    assert seen[-1] == (8, 8)
    assert found.samples == 4
    asked = threading.Event()
    asked.set()
    for n, cancel in enumerate((asked, asked.is_set)):
        with pytest.raises(Cancelled):
            sim.sweep(spec, tmp_path / f"b{n}", cancel=cancel)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seeds_have_one_range(seed: int, tmp_path: Any) -> None:
    spec = {"name": "s", "base": "baseline", "levers": {"blocs.us.aid_budget": {"range": [0, 9]}},
            "design": {"method": "latin_hypercube", "size": 2, "seed": seed}}  # fmt: skip
    for call in (
        lambda: sim.run("baseline", 1, seed=seed),
        lambda: sim.run({"extends": "baseline", "seed": seed}, 1),
        lambda: sim.levers("baseline", seed=seed),
        lambda: sim.sweep(spec, tmp_path / "s"),
        lambda: sim.analyze(tmp_path, seed=seed),
        lambda: sim.AlignmentModel("baseline", seed=seed),
        lambda: sim.AlignmentModel("baseline", rng=seed),
    ):
        with pytest.raises(InputError, match=r"seed|rng"):
            call()


@pytest.mark.parametrize(
    "name", sorted(name for name in sim.__all__ if inspect.isfunction(getattr(sim, name)))
)
def test_a_misspelt_keyword_is_named_with_the_nearest(name: str) -> None:
    function = getattr(sim, name)
    assert pickle.loads(pickle.dumps(function)) is function, "a pool of processes can be given it"
    for word, one in inspect.signature(function).parameters.items():
        if one.kind is inspect.Parameter.VAR_POSITIONAL:
            continue
        with pytest.raises(TypeError, match=rf"^sim\.{name}\(\) got .* '{word}z'; did you mean {word}\?$"):
            function(**{f"{word}z": 1})
    with pytest.raises(TypeError, match=r"'qqqq'; it takes \w+"):
        function(qqqq=1)


def test_a_misspelt_name_of_the_package_is_named_with_the_nearest() -> None:
    with pytest.raises(
        AttributeError, match=r"module 'sim' has no attribute 'comapre'; did you mean compare\?"
    ):
        sim.comapre  # type: ignore[attr-defined]  # noqa: B018
