"""The schedule is one object: what is printed is what both engines execute, in that order."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from futures_data import triad

from sim.engine import kernel
from sim.engine.record import Runs, empty_record, optional_parts
from sim.engine.schedule import ORDER, SCHEDULE, Phase
from sim.engine.state import setup_of, state_for
from sim.inputs.arrays import Inputs
from sim.mesa_model import AlignmentModel, BlocLeader, Country
from sim.report.lists import plan_table

STEPS = 7


def printed() -> list[tuple[str, str]]:
    """Return name and function of every phase, as `aiblocs plan` and the documentation show them."""
    return [(row[1], row[4].split(", ")[0].strip("`")) for row in plan_table().rows]


def plain(function: Any) -> Callable[..., Any]:
    """Return a compiled function as the Python function it was made of."""
    original: Callable[..., Any] = getattr(function, "py_func", function)
    return original


def functions_called(monkeypatch: pytest.MonkeyPatch, inputs: Inputs) -> list[str]:
    """Run the kernel's own loop in Python and return the dotted names of the phase functions in the order of calls."""
    called: list[str] = []

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            called.append(name)
            return function(*arguments)

        return call

    for module in (
        "events",
        "market",
        "leadership",
        "occasions",
        "decision",
        "delivery",
        "recorder",
        "moves",
    ):
        real = getattr(kernel, module)
        phases = {name.rpartition(".")[2]: name for _, name in printed() if name.split(".")[2] == module}
        own = {attribute: getattr(real, attribute) for attribute in dir(real)}
        replaced = {attribute: noted(name, own[attribute]) for attribute, name in phases.items()}
        monkeypatch.setattr(kernel, module, SimpleNamespace(**{**own, **replaced}))
    monkeypatch.setattr(kernel, "carry_out", plain(kernel.carry_out))
    runs = Runs(
        np.zeros(1, np.int64), inputs.params[None], np.zeros(1, np.int64), np.zeros(1, np.int64), True
    )
    record = empty_record(inputs, 1)
    optional = optional_parts(inputs, runs.params, record.watch)
    plain(kernel.run_chunk)(1, runs, setup_of(inputs), STEPS, optional, state_for(inputs), record)
    start, *quarters = called
    assert start == "sim.engine.recorder.write_quarter"
    return quarters


def test_every_phase_names_functions_that_are_there() -> None:
    for phase in SCHEDULE:
        for name in phase.functions:
            module, _, function = name.rpartition(".")
            assert callable(getattr(import_module(module), function)), name


def test_codes_are_those_the_engines_know() -> None:
    assert sorted(ORDER) == list(range(len(SCHEDULE)))


def test_the_kernel_executes_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    called = functions_called(monkeypatch, triad())
    assert called == [function for _, function in printed()] * (STEPS - 1)


def test_the_kernel_follows_the_schedule_and_no_order_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "ORDER", ORDER[::-1])
    called = functions_called(monkeypatch, triad())
    assert called == [function for _, function in printed()][::-1] * (STEPS - 1)


class Noting:
    """Classes of agents that note what they do, in one list."""

    did: list[str]


class NotingCountry(Country):
    def decide(self) -> None:
        Noting.did.append("choice")
        super().decide()

    def commit(self) -> None:
        Noting.did.append("moves")
        super().commit()

    def close_quarter(self) -> None:
        Noting.did.append("delivery")
        super().close_quarter()


class NotingLeader(BlocLeader):
    def plan(self) -> None:
        Noting.did.append("reserves")
        super().plan()


class NotingModel(AlignmentModel):
    def carry_out(self, phase: Phase) -> None:
        Noting.did.append(f"begin {phase.name}")
        super().carry_out(phase)


def test_the_mesa_model_executes_what_is_printed() -> None:
    Noting.did = []
    model = NotingModel(inputs=triad(), country_class=NotingCountry, leader_class=NotingLeader)
    model.step()
    model.step()
    names = [name for name, _ in printed()]
    assert [what.removeprefix("begin ") for what in Noting.did if what.startswith("begin ")] == names * 2
    phase = ""
    acted: dict[str, set[str]] = {}
    for what in Noting.did:
        if what.startswith("begin "):
            phase = what.removeprefix("begin ")
        else:
            acted.setdefault(phase, set()).add(what)
    assert acted == {name: {name} for name in ("reserves", "choice", "moves", "delivery")}
