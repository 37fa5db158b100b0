"""What the speed of the project aims at, beside what was measured: a table of docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Measured = dict[str, dict[str, Any]]
"""What the benchmarks left in ``measured/``, by the name of its file: ``measured`` and ``ratios``."""


@dataclass(frozen=True)
class Aim:
    """An aim: what is measured, in which unit, how much it may be (or, ``at_least``, must be), and where it is found."""

    what: str
    unit: str
    bound: float
    value: Callable[[Measured], float]
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        """Return whether a value is as it is to be."""
        return value >= self.bound if self.at_least else value <= self.bound

    def row(self, found: Measured) -> str:
        """Return a line of the table; what was not measured has no value."""
        wanted = f"{'at least' if self.at_least else 'at most'} {self.bound:,.4g}{self.unit}"
        try:
            value = self.value(found)
        except KeyError:
            return f"| {self.what} | {wanted} | not measured | |"
        met = self.met_by(value)
        shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
        digits = 3
        while self.met_by(float(shown.replace(",", ""))) != met:  # as many digits as tell it from the aim
            digits += 1
            shown = f"{value:,.{digits}g}"
        return f"| {self.what} | {wanted} | {shown}{self.unit} | {'met' if met else '**missed**'} |"


def _answer(name: str) -> Callable[[Measured], float]:
    return lambda found: statistics.median(found["answers"]["measured"]["answers"][name])


def _cold(name: str) -> Callable[[Measured], float]:
    return lambda found: float(found["answers"]["measured"]["cold"][name])


def _scale(name: str) -> Callable[[Measured], float]:
    return lambda found: float(found["scale"]["ratios"][name])


def _core(found: Measured) -> dict[str, Any]:
    measured: dict[str, Any] = found["core"]["measured"]
    return measured


def _sweep(found: Measured) -> dict[str, Any]:
    overhead: dict[str, Any] = found["sweep"]["measured"]["overhead"]
    return overhead


AIMS = (
    Aim("a run of the ensemble", " ms", 0.33, lambda found: 1e3 * _core(found)["kernel"]),
    Aim("the same, in floors", "", 1.3, lambda found: float(found["core"]["ratios"]["kernel"])),
    Aim("`mesa.batch_run` of the same model, times the ensemble", "", 1500,
        lambda found: _core(found)["batch_run"] / _core(found)["kernel"], at_least=True),
    Aim("compiling, once after an install", " s", 25, _cold("of which compiling")),
    Aim("`aiblocs run baseline`", " s", 1.8, _answer("aiblocs run baseline")),
    Aim("`aiblocs explain`", " s", 4, _answer("aiblocs explain baseline KEN")),
    Aim("`aiblocs levers baseline`, kept", " s", 1, _answer("aiblocs levers baseline (kept)")),
    Aim("`aiblocs levers baseline`, anew", " s", 20, _cold("aiblocs levers baseline, anew")),
    Aim("`aiblocs analyze` of 2,048 runs", " s", 8, _answer("aiblocs analyze (2,048 runs, 3 outcomes)")),
    Aim("`aiblocs sweep`, complete and resumed", " s", 1.3, _answer("aiblocs sweep (complete, resumed)")),
    Aim("200 futures on the page", " s", 0.1, _answer("an answer of the page, 200 futures")),
    Aim("the page asked for to its map coloured", " s of wall time", 3,
        lambda found: statistics.median(found["scale"]["measured"]["map"])),
    Aim("100,000 futures of a sweep", " s of wall time", 20, lambda found: _sweep(found)["sweep"]["wall"]),
    Aim("the same, over the bare kernel", " %", 10, lambda found: 100 * _sweep(found)["overhead"]["wall"]),
    Aim("the same, largest memory", " MB", 450, lambda found: _sweep(found)["sweep"]["megabytes"]),
    Aim("a country of a world ten times as large, time", " times", 1.1, _scale("time of a country in a large world")),
    Aim("the same, memory", " times", 1.1, _scale("memory of a country in a large world")),
    Aim("responsive leaders, against scheduled ones", " times", 1.3, _scale("responsive leaders")),
    Aim("a Dask cluster of two processes, against one", " times", 1.8, _scale("two processes against one"), at_least=True),
)  # fmt: skip
"""What the project aims at; seconds are of one processor unless it is said, for a quiet computer of two."""


def table(found: Measured) -> str:
    """Return the table of all aims."""
    return "\n".join(
        [
            "Seconds are processor time unless wall time is said.",
            "",
            "| what | aim | measured | |",
            "| --- | ---: | ---: | --- |",
            *(aim.row(found) for aim in AIMS),
            "",
        ]
    )
