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

from sim._version import __version__
from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, progress_of
from sim.engine.parallel import map_in_order, usable_cores
from sim.errors import InputError, Problem
from sim.inputs.arrays import Inputs
from sim.inputs.build import estimates
from sim.inputs.hashing import inputs_sha256
from sim.plausibility import Finding, warn_of
from sim.registry.renamed import name_hint
from sim.results.crate import write_crate
from sim.results.files import os_errors_as_input_errors, write_atomically
from sim.results.folder import refuse_strangers
from sim.results.manifest import CRATE, MIX
from sim.results.manifest import SCENARIO as SCENARIO_FILE
from sim.results.provenance import time_now
from sim.scenario.resolved import resolved_text
from sim.scenario.selectors import select
from sim.scenario.yaml_write import yaml_text
from sim.sweeps.bases import BaseScenario, base_findings, load_bases, release_notes, target_row
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.mix_spec import Lever, MixSpec, linear_cost, read_mix_spec
from sim.sweeps.names import Variable, Variables
from sim.sweeps.optimise import CheapestMix, cheapest_mix
from sim.sweeps.spec import SAMPLE, SCENARIO
from sim.types import Brief, Floats

BASE_FILE = "base.yaml"
TRIED_FILE = "tried.jsonl"
"""What an unfinished search has simulated, a line each; a finished one leaves none."""
OWN = (SCENARIO_FILE, MIX, BASE_FILE, CRATE, TRIED_FILE)


@dataclass(frozen=True, eq=False, repr=False)
class MixResult(Brief):
    """The cheapest mix, and the scenario that holds it.

    ``mix`` : levers, cost and robustness; ``reference`` : values of the levers in the base scenario
    ``scenario`` : YAML that extends the base; ``base`` : YAML of a base that is not in the library, nothing left out
    ``notes`` : what should be known before it is read; ``findings`` : what is doubted of the base
    """

    spec: MixSpec
    mix: CheapestMix
    reference: dict[str, float]
    scenario: str
    base: str | None
    notes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        mix = dataclasses.asdict(self.mix) | {
            "robustness": self.mix.robustness,
            "cost_unit": self.spec.cost_unit,
        }
        return {"name": self.spec.name, "goal": self.spec.goal.model_dump(exclude_none=True), "base": self.spec.base,
                "runs": self.spec.runs, "seed": self.spec.seed, "reference": self.reference, **mix,
                "notes": list(self.notes), "findings": [one.to_dict() for one in self.findings]}  # fmt: skip

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
        _refuse_others(target)
        with os_errors_as_input_errors(target):
            target.mkdir(parents=True, exist_ok=True)
        if self.base is not None:
            write_atomically(target / BASE_FILE, self.base.encode())
        write_atomically(target / SCENARIO_FILE, self.scenario.encode())
        write_atomically(target / MIX, f"{self.to_json()}\n".encode())
        (target / TRIED_FILE).unlink(missing_ok=True)
        facts = {"base": self.spec.base, "seed": str(self.spec.seed), "runs": str(self.spec.runs)}
        name = f"aiblocs cheapest mix {self.spec.name}"
        write_crate(target, name=name, description=name, made=time_now(), facts=facts)
        return target


def check_mix_folder(folder: Path, *, resume: bool = False) -> None:
    """Refuse a folder that holds anything but an earlier result, or an unfinished search unless it is to go on.

    Raises
    ------
    InputError
        If it does, or if there is nothing to resume.
    """
    _refuse_others(folder)
    unfinished = (folder / TRIED_FILE).exists()
    if unfinished and not resume:
        raise InputError(
            Problem(
                "holds an unfinished search; go on with --resume, or choose another folder", file=str(folder)
            )
        )
    if resume and not unfinished:
        raise InputError(Problem("holds no unfinished search to resume", file=str(folder)))


def _refuse_others(folder: Path) -> None:
    if folder.is_dir():
        refuse_strangers(folder, OWN, "search for the cheapest mix")


class _Tried:
    """Probabilities of mixes by seed, kept in a file as they come, so that a search that was killed can go on.

    The first line of the file says which search it is of; a last line that was cut off is dropped.
    """

    def __init__(self, folder: Path | None, search: Mapping[str, Any], *, resume: bool) -> None:
        self._path = None if folder is None else folder / TRIED_FILE
        self._known: dict[str, float] = {}
        head = json.dumps({"search": search}, sort_keys=True)
        if folder is None or self._path is None:
            return
        check_mix_folder(folder, resume=resume)
        if resume:
            self._read(self._path, head)
        else:
            with os_errors_as_input_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
            self._add(head)

    def _read(self, path: Path, head: str) -> None:
        text = path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        lines = whole.splitlines()
        if not lines or lines[0] != head:
            raise InputError(Problem("is of another search: its goal, levers, base, data or program differ; choose another "
                                     "folder", file=str(path)))  # fmt: skip
        for number, line in enumerate(lines[1:], start=2):
            try:
                entry = json.loads(line)
                self._known[entry["of"]] = float(entry["probability"])
            except (ValueError, TypeError, KeyError):
                damage = Problem(
                    "is damaged; remove the folder and search again", file=str(path), line=number
                )
                raise InputError(damage) from None
        write_atomically(path, whole.encode())

    def _add(self, line: str) -> None:
        if self._path is not None:
            with os_errors_as_input_errors(self._path), self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def get(self, levers: Mapping[str, float], seed: int, simulate: Callable[[], float]) -> float:
        """Return what is kept of a mix under a seed; simulate and keep it if nothing is."""
        key = json.dumps([seed, dict(levers)], sort_keys=True)
        if key not in self._known:
            self._known[key] = simulate()
            self._add(json.dumps({"of": key, "probability": self._known[key]}))
        return self._known[key]


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
    spec: str | Path | Mapping[str, Any],
    out: str | Path | None = None,
    *,
    resume: bool = False,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> MixResult:
    """Search the cheapest mix of levers that reaches a goal in the wanted share of the futures.

    Parameters
    ----------
    spec
        Name of a search in the library, path of a YAML file, or the same as plain data.
    out
        Folder where every simulated mix is kept as it comes, and where the result is written in the end; None = nowhere.
    resume
        Go on with the unfinished search in ``out``; nothing is simulated twice.
    progress
        True for a bar, False for none, or a function that is called after every mix with (mixes tried, budget); default: a
        bar in notebooks.
    cancel
        An event that is set, or a function that returns True, when the search shall stop.

    Raises
    ------
    InputError
        If an argument is wrong, the description has mistakes, or the folder holds something else.
    Cancelled
        If ``cancel`` asked to stop.
    """
    check_arguments(spec=spec, out=out, resume=resume, progress=progress, cancel=cancel)
    asked, _ = read_mix_spec(spec)
    with progress_of(progress, f"Searching {asked.name}", cancel) as report:
        watch = None if report is None else lambda tried, _: report(tried, asked.budget)
        return search_mix(spec, watch, out, resume=resume)


def search_mix(
    spec: str | Path | Mapping[str, Any],
    watch: Callable[[int, float | None], None] | None,
    folder: str | Path | None = None,
    *,
    resume: bool = False,
) -> MixResult:
    """Search as `cheapest` does; ``watch`` is called with mixes tried and the cost of the best that reaches the goal."""
    if resume and folder is None:
        raise InputError("resume needs the folder of the search that was interrupted")
    asked, path = read_mix_spec(spec)
    base = load_bases((asked.base,), path)[0]
    findings = base_findings(base, asked.levers)
    warn_of(findings)
    inputs = base.inputs()
    variables = _levers(asked, base)
    reference = {name: _present(inputs, base, name, variable) for name, variable in variables.items()}
    trial = Trial(base, asked.goal.outcome, asked.runs)
    search = {"spec": asked.model_dump(mode="json", exclude={"description"}), "inputs": inputs_sha256(inputs),
              "version": __version__}  # fmt: skip
    tried = _Tried(None if folder is None else Path(folder), search, resume=resume)
    untouched: dict[int, Floats] = {}

    def simulated(levers: Mapping[str, float], seed: int) -> float:
        if seed not in untouched:
            untouched[seed] = trial.values({}, seed)
        values = trial.values(levers, seed) if levers else untouched[seed]
        return float(asked.goal.reached(values, untouched[seed]).mean())

    def goal(levers: Mapping[str, float], seed: int) -> float:
        return tried.get(levers, seed, lambda: simulated(levers, seed))

    cost = linear_cost({name: lever.cost for name, lever in asked.levers.items()}, reference)
    levers = {name: Lever(*lever.range, lever.step) for name, lever in asked.levers.items()}
    mix = cheapest_mix(
        goal,
        levers,
        cost,
        asked.goal.probability,
        reference,
        seed=asked.seed,
        budget=asked.budget,
        progress=watch,
    )
    moved = {name: variable for name, variable in variables.items() if mix.levers[name] != reference[name]}
    notes = release_notes(base, moved)
    if not mix.reached:
        notes.append("the goal was not reached; of the mixes that were tried, this one came nearest")
    text = None
    if _is_file(asked.base):
        scenario = base.loaded.scenario
        text = resolved_text(scenario, estimates(scenario))
        if scenario.world is not None:
            notes.append(
                f"{asked.base} has a world of its own; copy the folder {scenario.world} beside the scenario"
            )
    found = MixResult(asked, mix, reference, _scenario_text(asked, mix, reference), text, tuple(notes),
                      findings)  # fmt: skip
    if folder is not None:
        found.save(folder)
    return found


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


def _scenario_text(spec: MixSpec, mix: CheapestMix, reference: Mapping[str, float]) -> str:
    """Return a scenario that extends the base and sets what the mix moves, which holds against the base's timeline."""
    data: dict[str, Any] = {
        "name": spec.name,
        "description": f"{spec.description} Cheapest mix found: {mix.cost:.6g} {spec.cost_unit}.".strip(),
        "extends": BASE_FILE if _is_file(spec.base) else spec.base,
    }
    for name, value in mix.levers.items():
        if value == reference[name]:
            continue  # left as it is
        here = data
        *sections, last = name.split(".")
        for section in sections:
            here = here.setdefault(section, {})
        here[last] = value
    return yaml_text(data)
