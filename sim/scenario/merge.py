"""Laying one scenario over another: mappings merge, values replace, the timeline is continued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import Problem, did_you_mean
from sim.scenario.yaml_io import Document, Path_, quoted, shown
from sim.types import Brief
from sim.words import tr

COMMAND_LINE = "--set"
OWN_TEXTS = ("name", "description", "question", "look_at")


@dataclass(repr=False)
class Merged(Brief):
    """The data of a chain of documents, and which document each value came from.

    ``own`` is the file of the last one, the scenario itself; ``chain`` are all, the oldest ancestor first.
    ``notes`` say what one document puts in the place of another's.
    """

    data: dict[str, Any] = field(default_factory=dict)
    origin: dict[Path_, tuple[Document, Path_] | None] = field(default_factory=dict)
    own: str | None = None
    chain: list[Document] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, layer: dict[str, Any], document: Document) -> list[Problem]:
        """Lay a document over what is there; ``extends`` and ``without`` are acted upon and not kept.

        What a scenario states about itself (``name``, ``description``, ``question``, ``look_at``) is never
        inherited.
        """
        self.own = document.source
        self.chain.append(document)
        problems = self._drop(layer.get("without"), document)
        for key in OWN_TEXTS:
            self.data.pop(key, None)
            self._forget((key,))
        for key, value in layer.items():
            if key in ("extends", "without"):
                continue
            if key == "timeline" and isinstance(value, list):
                problems += self._continue_timeline(value, document)
            else:
                self._merge((key,), value, document, (key,))
        return problems

    def _drop(self, names: Any, document: Document) -> list[Problem]:
        if names is None:
            return []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return [document.problem(("without",), "without must be a list of names of timeline entries")]
        timeline = self._timeline()
        known = [entry["name"] for entry in timeline if _named(entry)]
        problems = []
        for n, name in enumerate(names):
            if name not in known:
                message = f"no entry {quoted(name)} in the timeline it extends"
                problems.append(document.problem(("without", n), message, did_you_mean(shown(name), known)))
        self._keep_entries(
            [n for n, entry in enumerate(timeline) if not (_named(entry) and entry["name"] in names)]
        )
        return problems

    def _timeline(self) -> list[Any]:
        timeline = self.data.get("timeline")
        return timeline if isinstance(timeline, list) else []

    def _keep_entries(self, kept: list[int]) -> None:
        """Drop all other entries of the timeline; the origins of those that stay move with them."""
        if len(kept) == len(self._timeline()):
            return
        new = {old: n for n, old in enumerate(kept)}
        moved: dict[Path_, tuple[Document, Path_] | None] = {}
        for path, origin in self.origin.items():
            if path[0] != "timeline" or len(path) == 1:
                moved[path] = origin
            elif path[1] in new:
                moved[("timeline", new[int(path[1])], *path[2:])] = origin
        self.origin = moved
        self.data["timeline"] = [self.data["timeline"][n] for n in kept]

    def _continue_timeline(self, entries: list[Any], document: Document) -> list[Problem]:
        """Put entries behind those of the parent; one with the name of a parent's entry takes its place."""
        timeline = list(self._timeline())
        if not timeline:
            self._forget(("timeline",))
            self.origin[("timeline",)] = (document, ("timeline",))
        inherited = {entry["name"]: n for n, entry in enumerate(timeline) if _named(entry)}
        seen: set[str] = set()
        problems = []
        for m, entry in enumerate(entries):
            name = entry["name"] if _named(entry) else None
            if name in seen:
                message = f"the timeline has two entries named {quoted(str(name))}"
                problems.append(
                    document.problem(("timeline", m, "name"), message, "a name identifies one entry")
                )
                name = None
            n = len(timeline)
            if name is not None:
                seen.add(name)
                n = inherited.get(name, n)
            if n < len(timeline):
                self._note_replaced(n, str(name))
                self._forget(("timeline", n))
                timeline[n] = _copy(entry)
            else:
                timeline.append(_copy(entry))
            self._note(("timeline", n), entry, document, ("timeline", m))
        self.data["timeline"] = timeline
        return problems

    def _note_replaced(self, n: int, name: str) -> None:
        found = self.origin.get(("timeline", n))
        of = Path(found[0].source).stem if found is not None else "before"
        self.notes.append(
            tr('"{entry}" replaces the entry of this name of {scenario}', entry=name, scenario=of)
        )

    def _merge(self, path: Path_, value: Any, document: Document, place: Path_) -> None:
        existing = self._get(path)
        if isinstance(value, dict) and isinstance(existing, dict):
            for key, inner in value.items():
                self._merge((*path, key), inner, document, (*place, key))
        else:
            self._replace(path, value, document, place)

    def _replace(self, path: Path_, value: Any, document: Document, place: Path_) -> None:
        parent: Any = self.data
        for key in path[:-1]:
            parent = parent[key]
        if isinstance(parent.get(path[-1]), dict | list):  # only then are there origins below it
            self._forget(path)
        parent[path[-1]] = _copy(value)
        self._note(path, value, document, place)

    def _forget(self, path: Path_) -> None:
        for known in [p for p in self.origin if p[: len(path)] == path]:
            del self.origin[known]

    def _note(self, path: Path_, value: Any, document: Document, place: Path_) -> None:
        self.origin[path] = (document, place)
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, inner in items:
            self._note((*path, key), inner, document, (*place, key))

    def _get(self, path: Path_) -> Any:
        here: Any = self.data
        for key in path:
            if not isinstance(here, dict) or key not in here:
                return None
            here = here[key]
        return here

    def override(self, name: str, value: Any) -> list[Problem]:
        """Set one value by dotted path, as ``--set`` does."""
        path = tuple(name.split("."))
        if not all(path):
            return [Problem(f"{COMMAND_LINE} {name}: write a dotted path such as blocs.us.aid_budget")]
        here: Any = self.data
        for n, key in enumerate(path[:-1]):
            if here.get(key) is None:
                here[key] = {}
                self.origin[path[: n + 1]] = None
            if not isinstance(here[key], dict):
                what = (
                    "a list, to be set as a whole"
                    if isinstance(here[key], list)
                    else "one value and has no parts"
                )
                return [Problem(f"{COMMAND_LINE} {name}: {'.'.join(path[: n + 1])} is {what}")]
            here = here[key]
        here[path[-1]] = value
        self._forget(path)
        self.origin[path] = None
        return []

    def problem(self, path: Path_, message: str, hint: str | None = None) -> Problem:
        """Return a problem at the place of the document that set the value (or the key around it)."""
        here = path
        while here:
            if here in self.origin:
                found = self.origin[here]
                if found is None:
                    name = ".".join(map(str, here))
                    own = message.startswith(name)
                    return Problem(f"{COMMAND_LINE} {message if own else f'{name}: {message}'}", hint=hint)
                document, place = found
                return document.problem((*place, *path[len(here) :]), message, hint)
            here = here[:-1]
        documents = [found[0] for found in self.origin.values() if found is not None]
        return documents[-1].problem((), message, hint) if documents else Problem(message, hint=hint)

    def entry_name(self, position: str | int) -> str:
        """Return the name of an entry of the timeline; without one, its place in the list of its own file."""
        entry = self._at(("timeline", position))
        if _named(entry):
            return shown(entry["name"])
        found = self.origin.get(("timeline", position))
        own = found[1][1] if found is not None else position
        return str(own + 1) if isinstance(own, int) else shown(str(own))

    def source_of(self, path: Path_) -> str | None:
        """Return the file (or ``--set``) that a value comes from; None for what no file states."""
        if path not in self.origin:
            return None
        found = self.origin[path]
        return COMMAND_LINE if found is None else found[0].source

    def leaves(self) -> Iterator[tuple[Path_, str]]:
        """Yield the path of every single value with the name of the file that set it."""
        for path, found in self.origin.items():
            if not isinstance(self._at(path), dict | list):
                yield path, COMMAND_LINE if found is None else found[0].source

    def stated(self) -> Iterator[tuple[Path_, Document]]:
        """Yield the path of every single value that a document states outside the timeline, with that document."""
        for path, found in self.origin.items():
            if (
                found is not None
                and path[0] != "timeline"
                and not isinstance(self._at(path), dict | list | None)
            ):
                yield path, found[0]

    def rank(self, document: Document) -> int:
        """Return the place of a document in the chain, 0 for the oldest ancestor."""
        return next(n for n, one in enumerate(self.chain) if one is document)

    def written_in(self) -> list[Document | None]:
        """Return the document that each entry of the timeline is written in; None if it is in no file."""
        found = (self.origin.get(("timeline", n)) for n in range(len(self._timeline())))
        return [None if one is None else one[0] for one in found]

    def rename(self, section: Path_, key: str, new: str | None) -> None:
        """Give a key of a mapping another name in the same place, or take it out (None)."""
        mapping = self._at(section)
        changed = {
            (new if name == key else name): value for name, value in mapping.items() if name != key or new
        }
        mapping.clear()
        mapping.update(changed)
        origin = self.origin.pop((*section, key), None)
        if new is not None:
            self.origin[(*section, new)] = origin

    def drop_idle_entries(self, verbs: Iterable[str]) -> None:
        """Drop the entries of the timeline that have nothing left to do."""
        busy = (*verbs, "attention")
        self._keep_entries(
            [n for n, entry in enumerate(self._timeline()) if any(entry.get(key) for key in busy)]
        )

    def _at(self, path: Path_) -> Any:
        here: Any = self.data
        for key in path:
            if isinstance(here, dict):
                here = here.get(str(key))
            elif isinstance(here, list) and isinstance(key, int) and key < len(here):
                here = here[key]
            else:
                return None
        return here


def _named(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("name"), str)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
