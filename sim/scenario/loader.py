"""From a YAML file to a resolved scenario: extends, overrides, and every mistake named with its place."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, Problem
from sim.scenario import merge, precedence
from sim.scenario.explain_error import MOST, dotted, problems_of
from sim.scenario.fit import check_fit
from sim.scenario.library import find, inside, other_kind
from sim.scenario.paths import check_names
from sim.scenario.plain import MAPPING, plain_document
from sim.scenario.schema import Scenario
from sim.scenario.yaml_io import Document, Path_, parse_document, quoted, read_document
from sim.scenario.yaml_write import yaml_text
from sim.types import Brief
from sim.world import World, load_world

__all__ = ["Loaded", "Override", "Path_", "load", "load_text", "loaded_of", "released", "revise"]

MAX_CHAIN = 10
_OWN_KEYS = ("extends", "without")
"""Keys of a file that are gone when its chain is laid together."""
Override = str | int | float | bool | list[Any] | dict[str, Any] | None


@dataclass(frozen=True, repr=False)
class Loaded(Brief):
    """A resolved scenario and where each of its values comes from.

    ``world`` is the world it plays in: the project's own, or the folder it names beside its file.
    ``origins`` maps a dotted path to the file that set it (``--set`` for overrides); what is missing is a
    default.
    ``folder`` is where a relative ``world`` is looked for; None if no file may be read (a scenario given as
    text).
    ``merged`` knows the line of every value.
    ``notes`` say which entries of the timeline were replaced, which leave alone what the user set, and if the estimate
    that the scenario asks for does not exist.
    """

    scenario: Scenario
    data: dict[str, Any]
    world: World = field(repr=False, compare=False)
    origins: dict[str, str] = field(default_factory=dict)
    folder: Path | None = Path(".")
    merged: merge.Merged = field(default_factory=merge.Merged, repr=False)
    notes: tuple[str, ...] = ()


def load(
    reference: str | Path | Mapping[str, Any], overrides: Mapping[str, Override] | None = None
) -> Loaded:
    """Load a scenario by library name or path, or from plain data, with overrides by dotted path.

    Plain data are what a scenario file holds: ``{"extends": "baseline", "blocs": {"us": {"aid_budget": 10}}}``; files that they
    name are looked for in the working folder.

    Raises
    ------
    InputError
        With all mistakes found (up to a hundred), each with file, line, column, reason and the nearest
        allowed word.
    """
    if not (overrides is None or isinstance(overrides, Mapping)):
        raise InputError(
            f"overrides is a {type(overrides).__name__}; it must be a mapping of dotted paths to values"
        )
    if isinstance(reference, Mapping):
        return _resolve(plain_document(reference), Path(MAPPING), overrides or {}, Path("."))
    if not isinstance(reference, str | os.PathLike):
        raise InputError(
            f"a scenario is a library name, a path or a mapping, not a {type(reference).__name__}"
        )
    path = find(str(reference))
    return _resolve(read_document(path), path, overrides or {}, path.parent)


def load_text(
    text: str,
    source: str = "scenario.yaml",
    overrides: Mapping[str, Override] | None = None,
    folder: Path | None = None,
) -> Loaded:
    """Load a scenario from YAML text; it may extend library scenarios only.

    Parameters
    ----------
    text : the YAML
    source : what messages call it
    overrides : values by dotted path
    folder : where a world that it names is looked for; None = it may name no world (an upload)

    Raises
    ------
    InputError
        As :func:`load` does.
    """
    return _resolve(parse_document(text, source), None, overrides or {}, folder)


def loaded_of(scenario: str | Path | Mapping[str, Any] | Loaded) -> Loaded:
    """Return a scenario that may be loaded already. Raises InputError as :func:`load` does."""
    return scenario if isinstance(scenario, Loaded) else load(scenario)


_TEXTS = ("name", "description", "question", "look_at", "references", "seed", "horizon", "world")
_OF_A_BLOC = ("title", "leader", "founders", "family")


def load_texts(path: Path) -> Loaded:
    """Load what an engine of before can be asked: texts, horizon, world and blocs of a scenario that it wrote, no numbers.

    Raises
    ------
    InputError
        If the file is no scenario.
    """
    document = read_document(path)
    data = document.data if isinstance(document.data, dict) else {}
    known = {key: data[key] for key in _TEXTS if key in data}
    blocs = data.get("blocs")
    if not isinstance(blocs, dict) or not all(isinstance(bloc, dict) for bloc in blocs.values()):
        raise InputError(document.problem((), "is no scenario of an earlier version: it has no blocs"))
    known["blocs"] = {name: {key: b[key] for key in _OF_A_BLOC if key in b} for name, b in blocs.items()}
    return load_text(yaml_text(known), document.source, folder=path.parent)


def revise(loaded: Loaded, overrides: Mapping[str, Override]) -> Loaded:
    """Return a loaded scenario with more overrides by dotted path. Raises InputError as :func:`load` does.

    What they set holds against every entry of the timeline, unless they set the timeline as well.
    """
    if not overrides:
        return loaded
    kept = None if "world" in overrides else loaded.world
    return _checked(_copy(loaded), [], overrides, loaded.folder, kept, loaded.notes)


def released(loaded: Loaded, names: Iterable[str], who: str = precedence.YOU) -> Loaded:
    """Return a loaded scenario whose timeline leaves parameters and country attributes alone, as if they were set.

    Parameters
    ----------
    names : dotted paths; those that this scenario does not have are passed over
    who : says in the notes who sets them
    """
    merged = _copy(loaded)
    notes = precedence.release(merged, loaded.world, precedence.stated_names(names, who))
    if not notes:
        return loaded
    return _loaded(merged, loaded.world, loaded.folder, (*loaded.notes, *notes))


def _copy(loaded: Loaded) -> merge.Merged:
    merged = loaded.merged
    return merge.Merged(deepcopy(merged.data), dict(merged.origin), merged.own, merged.chain)


def _resolve(
    document: Document, path: Path | None, overrides: Mapping[str, Override], folder: Path | None
) -> Loaded:
    """Lay the chain of a document together and check it; a text (``path`` None) extends no file."""
    chain, broken = _chain(document, path)
    merged = merge.Merged()
    problems: list[Problem] = []
    for layer in chain:
        problems += [
            *layer.problems,
            *(merged.add(layer.data, layer) if isinstance(layer.data, dict) else ()),
        ]
    merged.data.setdefault("name", _name_of(document.source))
    if (
        broken is not None
    ):  # what the missing part would have said is not known; say what is wrong with the rest
        wrong = [p for p in _typed(merged)[1] if not p.message.startswith("blocs is missing")]
        raise InputError(
            _sorted([broken, *problems, *wrong] if isinstance(document.data, dict) else [broken, *problems])
        )
    return _checked(merged, problems, overrides, folder)


def _chain(document: Document, path: Path | None) -> tuple[list[Document], Problem | None]:
    """Return the documents from the oldest ancestor on, and what broke the chain, if anything."""
    chain = [document]
    seen = {path.resolve()} if path is not None else set()
    while True:
        first = chain[0]
        if not isinstance(first.data, dict):
            found = "is empty" if first.data is None else f"holds a {type(first.data).__name__}"
            problem = first.problem((), f"{found}; a scenario is a mapping of keys to values")
            return chain, first.problems[0] if first.problems and first.data is None else problem
        if (wrong := other_kind("scenario", first.data, first)) is not None:
            raise InputError(wrong)
        parent = first.data.get("extends")
        if parent is None:
            return chain, None
        try:
            path = _parent_path(parent, path)
            if path.resolve() in seen or len(chain) >= MAX_CHAIN:
                cycle = (
                    "leads back to itself"
                    if path.resolve() in seen
                    else f"is a chain of over {MAX_CHAIN} files"
                )
                raise InputError(f"extends {quoted(parent)} {cycle}")
            seen.add(path.resolve())
            chain.insert(0, read_document(path))
        except InputError as error:
            problem = error.problems[0]
            named = f"extends {quoted(str(parent))} {problem.message}" if problem.file else problem.message
            return chain, first.problem(("extends",), named, problem.hint)


def _parent_path(parent: Any, child: Path | None) -> Path:
    if not isinstance(parent, str):
        raise InputError("extends must name one scenario")
    if child is None and parent.endswith((".yaml", ".yml")):
        raise InputError("extends: a scenario given as text can extend library scenarios only")
    return find(parent, child.parent if child is not None else None)


def _name_of(source: str) -> str:
    """Return a name for a scenario that states none, from its file."""
    letters = unicodedata.normalize("NFKD", Path(source).stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "-", letters).strip("-_")[:64] or "scenario"


def _typed(merged: merge.Merged) -> tuple[Scenario | None, list[Problem]]:
    try:
        return Scenario.model_validate(merged.data), []
    except ValidationError as error:
        return None, problems_of(
            error, Scenario, merged.problem, name=lambda path: dotted(path, merged), further_keys=_OWN_KEYS
        )


def _world(merged: merge.Merged, folder: Path | None) -> tuple[World | None, list[Problem]]:
    """Return the world of a scenario; or None, and what is wrong with it."""
    reference = merged.data.get("world")
    if not isinstance(reference, str):  # none, or of a wrong type, which is said elsewhere
        return load_world(), []
    if folder is None:
        return None, [merged.problem(("world",), "world: a scenario given as text cannot read files")]
    try:
        return load_world(inside(reference, folder, "world")), []
    except InputError as error:
        return None, [
            p if p.line is not None else merged.problem(("world",), _about_world(p, reference), p.hint)
            for p in error.problems
        ]


def _about_world(problem: Problem, reference: str) -> str:
    return f"world {quoted(reference)}: {problem.message}" if problem.file else problem.message


def _checked(
    merged: merge.Merged,
    problems: list[Problem],
    overrides: Mapping[str, Override],
    folder: Path | None,
    known_world: World | None = None,
    earlier: tuple[str, ...] | None = None,
) -> Loaded:
    """Check what was laid together and put what was set before the timeline.

    ``earlier`` : notes of the scenario that the overrides revise; None if it is loaded now, file by file
    """
    for name, value in overrides.items():
        problems += merged.override(name, value)
    scenario, wrong = _typed(merged)
    unread = {(p.file, p.line) for p in problems}
    problems += [p for p in wrong if (p.file, p.line) not in unread or p.line is None]
    problems += check_names(merged)
    world, unfit = (known_world, []) if known_world is not None else _world(merged, folder)
    problems += unfit if world is None else check_fit(merged, world)
    if scenario is None or world is None or problems:
        raise InputError(_sorted(problems))
    stated = precedence.stated_by_files(merged) if earlier is None else {}
    stated |= precedence.stated_on_top(overrides)
    own_timeline = "timeline" in overrides
    ranks = precedence.ranks(merged, own_timeline) if own_timeline or earlier is None else None
    notes = [*(earlier or ()), *merged.notes, *precedence.release(merged, world, stated, ranks)]
    return _loaded(merged, world, folder, tuple(notes))


def _loaded(merged: merge.Merged, world: World, folder: Path | None, notes: tuple[str, ...]) -> Loaded:
    scenario = Scenario.model_validate(merged.data)
    origins = {".".join(map(str, path)): document_name for path, document_name in merged.leaves()}
    return Loaded(scenario, merged.data, world, origins, folder, merged, notes)


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of the file, each once, the first `MOST` of them."""
    found = sorted(dict.fromkeys(problems), key=lambda p: (p.file or "", p.line or 0, p.column or 0))
    if len(found) < MOST:
        return found
    return [
        *found[:MOST],
        Problem(f"there may be more mistakes; these are the first {MOST}", file=found[0].file),
    ]
