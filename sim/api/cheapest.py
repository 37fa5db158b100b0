"""The cheapest mix of levers that reaches a goal in a share of the futures, as a scenario to go on with."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, progress_of
from sim.engine.parallel import map_in_order, usable_cores
from sim.errors import InputError, Problem
from sim.inputs.arrays import Inputs
from sim.inputs.build import estimates
from sim.registry.renamed import name_hint
from sim.results.crate import write_crate
from sim.results.files import os_errors_as_input_errors, write_atomically
from sim.results.folder import refuse_strangers
from sim.results.manifest import CRATE
from sim.results.provenance import time_now
from sim.scenario.resolved import resolved_text
from sim.scenario.selectors import select
from sim.scenario.yaml_write import yaml_text
from sim.sweeps.bases import BaseScenario, load_bases, release_notes, target_row
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.mix_spec import Lever, MixSpec, linear_cost, read_mix_spec
from sim.sweeps.names import Variable, Variables
from sim.sweeps.optimise import CheapestMix, cheapest_mix
from sim.sweeps.spec import SAMPLE, SCENARIO
from sim.types import Floats

SCENARIO_FILE, MIX_FILE, BASE_FILE = "scenario.yaml", "mix.json", "base.yaml"
OWN = (SCENARIO_FILE, MIX_FILE, BASE_FILE, CRATE)


@dataclass(frozen=True, eq=False)
class MixResult:
    """The cheapest mix, and the scenario that holds it.

    ``mix`` : levers, cost and robustness; ``reference`` : values of the levers in the base scenario
    ``scenario`` : YAML that extends the base; ``base`` : YAML of a base that is not in the library, nothing left out
    ``notes`` : what should be known before it is read
    """

    spec: MixSpec
    mix: CheapestMix
    reference: dict[str, float]
    scenario: str
    base: str | None
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        mix = dataclasses.asdict(self.mix) | {
            "robustness": self.mix.robustness,
            "cost_unit": self.spec.cost_unit,
        }
        return {"name": self.spec.name, "goal": self.spec.goal.model_dump(exclude_none=True), "base": self.spec.base,
                "runs": self.spec.runs, "seed": self.spec.seed, "reference": self.reference, **mix,
                "notes": list(self.notes)}  # fmt: skip

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def save(self, folder: str | Path) -> Path:
        """Write ``scenario.yaml`` and ``mix.json`` into a folder that holds nothing else, and describe it for machines.

        A base that is not in the library is written beside them: a scenario may extend what is in its own folder.

        Raises
        ------
        InputError
            If the folder holds something else or cannot be written.
        """
        target = Path(folder)
        check_mix_folder(target)
        with os_errors_as_input_errors(target):
            target.mkdir(parents=True, exist_ok=True)
        if self.base is not None:
            write_atomically(target / BASE_FILE, self.base.encode())
        write_atomically(target / SCENARIO_FILE, self.scenario.encode())
        write_atomically(target / MIX_FILE, f"{self.to_json()}\n".encode())
        facts = {"base": self.spec.base, "seed": str(self.spec.seed), "runs": str(self.spec.runs)}
        name = f"aiblocs cheapest mix {self.spec.name}"
        write_crate(target, name=name, description=name, made=time_now(), facts=facts)
        return target


def check_mix_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier result. Raises InputError."""
    if folder.is_dir():
        refuse_strangers(folder, OWN, "search for the cheapest mix")


class Trial:
    """Futures of one base scenario under mixes of levers, all with the same draws for the same seed."""

    def __init__(self, base: BaseScenario, outcome: str, runs: int) -> None:
        self._base = base
        self._evaluator = ModelEvaluator([base], (outcome,))
        names = [found.name for found in self._evaluator.outcomes]
        if len(names) != 1:
            raise InputError(f"goal.outcome: {outcome} names {len(names)} outcomes; a goal needs one")
        self._outcome = names[0]
        self._runs = np.arange(runs, dtype=np.int64)

    def values(self, levers: Mapping[str, float], seed: int) -> Floats:
        """Return the outcome in every future, float64[R]."""
        columns = {name: pa.array([float(value)]) for name, value in levers.items()}
        design = pa.table({SAMPLE: pa.array([0]), SCENARIO: pa.array([self._base.name]), **columns})
        parts = np.array_split(self._runs, min(len(self._runs), usable_cores()))

        def work(runs: NDArray[np.int64]) -> Floats:
            none = np.zeros_like(runs)
            table = self._evaluator(ChunkSpec(0, seed, none, runs, runs, design, none))
            values: Floats = table.column(self._outcome).to_numpy()
            return values

        return np.concatenate(map_in_order(work, parts))


def cheapest(
    spec: str | Path | Mapping[str, Any], *, progress: AskedProgress = None, cancel: Cancel = None
) -> MixResult:
    """Search the cheapest mix of levers that reaches a goal in the wanted share of the futures.

    Parameters
    ----------
    spec
        Name of a search in the library, path of a YAML file, or the same as plain data.
    progress
        True for a bar, False for none, or a function that is called after every mix with (mixes tried, budget); default: a
        bar in notebooks.
    cancel
        An event that is set, or a function that returns True, when the search shall stop.

    Raises
    ------
    InputError
        If an argument is wrong or the description has mistakes.
    Cancelled
        If ``cancel`` asked to stop.
    """
    check_arguments(spec=spec, progress=progress, cancel=cancel)
    asked, _ = read_mix_spec(spec)
    with progress_of(progress, f"Searching {asked.name}", cancel) as report:
        return search_mix(spec, None if report is None else lambda tried, _: report(tried, asked.budget))


def search_mix(
    spec: str | Path | Mapping[str, Any], watch: Callable[[int, float | None], None] | None
) -> MixResult:
    """Search as `cheapest` does; ``watch`` is called with mixes tried and the cost of the best that reaches the goal."""
    asked, path = read_mix_spec(spec)
    base = load_bases((asked.base,), path)[0]
    inputs = base.inputs()
    variables = _levers(asked, base)
    reference = {name: _present(inputs, base, name, variable) for name, variable in variables.items()}
    trial = Trial(base, asked.goal.outcome, asked.runs)
    untouched: dict[int, Floats] = {}

    def goal(levers: Mapping[str, float], seed: int) -> float:
        if seed not in untouched:
            untouched[seed] = trial.values({}, seed)
        return float(asked.goal.reached(trial.values(levers, seed), untouched[seed]).mean())

    cost = linear_cost({name: lever.cost for name, lever in asked.levers.items()}, reference)
    levers = {name: Lever(*lever.range, lever.step) for name, lever in asked.levers.items()}
    mix = cheapest_mix(
        goal, levers, cost, asked.goal.probability, seed=asked.seed, budget=asked.budget, progress=watch
    )
    notes = release_notes(base, variables)
    if not mix.reached:
        notes.append("the goal was not reached; the mix is the one that comes nearest")
    text = None
    if _is_file(asked.base):
        scenario = base.loaded.scenario
        text = resolved_text(scenario, estimates(scenario))
        if scenario.world is not None:
            notes.append(
                f"{asked.base} has a world of its own; copy the folder {scenario.world} beside the scenario"
            )
    return MixResult(asked, mix, reference, _scenario_text(asked, mix), text, tuple(notes))


def _is_file(base: str) -> bool:
    return base.endswith((".yaml", ".yml"))


def _levers(spec: MixSpec, base: BaseScenario) -> dict[str, Variable]:
    names = Variables(tuple(base.loaded.scenario.blocs))
    found: dict[str, Variable] = {}
    problems = []
    for name, lever in spec.levers.items():
        variable = names.variable(name)
        if variable is None or variable.kind == "structure" or variable.known.choices is not None:
            problems.append(
                Problem(
                    f"levers.{name}: not a number that can be searched",
                    hint=name_hint(name, names) or None,
                )
            )
            continue
        low, high = variable.known.low, variable.known.high
        if lever.range[0] < low or lever.range[1] > high:
            problems.append(Problem(f"levers.{name}: reaches outside the bounds {low:g} to {high:g}"))
        found[name] = variable
    if problems:
        raise InputError(problems)
    return found


def _present(inputs: Inputs, base: BaseScenario, name: str, variable: Variable) -> float:
    """Return the value of a lever in the base scenario at its start; of several countries, their mean."""
    if variable.target is None:
        return float(inputs.params[inputs.columns[name]])
    chosen = select(base.world, variable.target.selector)
    return float(inputs.attributes[target_row(inputs, variable.target), chosen].mean())


def _scenario_text(spec: MixSpec, mix: CheapestMix) -> str:
    """Return a scenario that extends the base and sets the mix, which holds against the base's timeline."""
    data: dict[str, Any] = {
        "name": spec.name,
        "description": f"{spec.description} Cheapest mix found: {mix.cost:.6g} {spec.cost_unit}.".strip(),
        "extends": BASE_FILE if _is_file(spec.base) else spec.base,
    }
    for name, value in mix.levers.items():
        here = data
        *sections, last = name.split(".")
        for section in sections:
            here = here.setdefault(section, {})
        here[last] = value
    return yaml_text(data)
