"""From a YAML file to a resolved scenario: extends, overrides, and every mistake named with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, Problem
from sim.scenario import merge
from sim.scenario.explain_error import problems_of
from sim.scenario.library import find
from sim.scenario.paths import check_names
from sim.scenario.schema import Scenario
from sim.scenario.yaml_io import Document, Path_, parse_yaml, read_yaml

MAX_CHAIN = 10
Override = str | int | float | bool | list[Any] | dict[str, Any] | None


@dataclass(frozen=True)
class Loaded:
    """A resolved scenario and where each of its values comes from.

    ``origins`` maps a dotted path to the file that set it (``--set`` for overrides); what is missing is a default.
    ``folder`` is where a relative ``world`` is looked for; ``merged`` knows the line of every value.
    """

    scenario: Scenario
    data: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)
    folder: Path = Path(".")
    merged: merge.Merged = field(default_factory=merge.Merged, repr=False)


def load(reference: str | Path, overrides: Mapping[str, Override] | None = None) -> Loaded:
    """Load a scenario by library name or path, with overrides by dotted path.

    Raises
    ------
    InputError
        With all mistakes found, each with file, line, column, reason and the nearest allowed word.
    """
    path = find(str(reference))
    return _resolve(_chain(read_yaml(path), path), overrides or {}, path.parent)


def load_text(text: str, source: str = "scenario.yaml", overrides: Mapping[str, Override] | None = None) -> Loaded:
    """Load a scenario from YAML text (an upload); it may extend library scenarios only, and name no world."""
    document = parse_yaml(text, source)
    loaded = _resolve(_chain(document, None), overrides or {}, Path("."))
    if loaded.scenario.world is not None:
        raise InputError([document.problem(("world",), "world: a scenario given as text cannot read files")])
    return loaded


def revise(loaded: Loaded, overrides: Mapping[str, Override]) -> Loaded:
    """Return a loaded scenario with more overrides by dotted path. Raises InputError as :func:`load` does."""
    if not overrides:
        return loaded
    merged = merge.Merged(deepcopy(loaded.merged.data), dict(loaded.merged.origin))
    return _checked(merged, [], overrides, loaded.folder)


def _mapping(document: Document) -> dict[str, Any]:
    if not isinstance(document.data, dict):
        found = "is empty" if document.data is None else f"holds a {type(document.data).__name__}"
        raise InputError([document.problem((), f"{found}; a scenario is a mapping of keys to values")])
    return document.data


def _chain(document: Document, path: Path | None) -> list[Document]:
    """Return the documents from the oldest ancestor to the scenario itself."""
    chain = [document]
    seen = {path.resolve()} if path is not None else set()
    while (parent := _mapping(chain[0]).get("extends")) is not None:
        first = chain[0]
        if not isinstance(parent, str):
            raise InputError([first.problem(("extends",), "extends must name one scenario")])
        try:
            parent_path = find(parent, path.parent if path is not None else None)
            if path is None and parent.endswith((".yaml", ".yml")):
                raise InputError("extends: a scenario given as text can extend library scenarios only")
        except InputError as error:
            problem = error.problems[0]
            raise InputError([first.problem(("extends",), problem.message, problem.hint)]) from None
        if parent_path.resolve() in seen or len(chain) >= MAX_CHAIN:
            cycle = "leads back to itself" if parent_path.resolve() in seen else f"is a chain of over {MAX_CHAIN} files"
            raise InputError([first.problem(("extends",), f"extends {parent!r} {cycle}")])
        seen.add(parent_path.resolve())
        path = parent_path
        chain.insert(0, read_yaml(parent_path))
    return chain


def _resolve(chain: list[Document], overrides: Mapping[str, Override], folder: Path) -> Loaded:
    merged = merge.Merged()
    problems: list[Problem] = []
    for document in chain:
        problems += merged.add(_mapping(document), document)
    merged.data.setdefault("name", Path(chain[-1].source).stem)
    return _checked(merged, problems, overrides, folder)


def _checked(
    merged: merge.Merged, problems: list[Problem], overrides: Mapping[str, Override], folder: Path
) -> Loaded:
    for name, value in overrides.items():
        problems += merged.override(name, value)
    try:
        scenario = Scenario.model_validate(merged.data)
    except ValidationError as error:
        raise InputError(_unique([*problems, *problems_of(error, merged)])) from None
    problems += check_names(scenario, merged)
    if problems:
        raise InputError(_unique(problems))
    origins = {".".join(map(str, path)): document_name for path, document_name in merged.leaves()}
    return Loaded(scenario, merged.data, origins, folder, merged)


def _unique(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file or "", p.line or 0, p.column or 0))


__all__ = ["Loaded", "Path_", "load", "load_text"]
