"""Laying one scenario over another: mappings merge, values replace, the timeline is continued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.errors import Problem, did_you_mean
from sim.scenario.yaml_io import Document, Path_

COMMAND_LINE = "--set"


@dataclass
class Merged:
    """The data of a chain of documents, and which document each value came from."""

    data: dict[str, Any] = field(default_factory=dict)
    origin: dict[Path_, tuple[Document, Path_] | None] = field(default_factory=dict)

    def add(self, layer: dict[str, Any], document: Document) -> list[Problem]:
        """Lay a document over what is there; ``extends`` and ``without`` are acted upon and not kept."""
        problems = self._drop(layer.get("without"), document)
        for key, value in layer.items():
            if key in ("extends", "without"):
                continue
            if key == "timeline" and isinstance(value, list):
                self._continue_timeline(value, document)
            elif key in ("name", "description", "question", "look_at", "references"):
                self._replace((key,), value, document, (key,))
            else:
                self._merge((key,), value, document, (key,))
        return problems

    def _drop(self, names: Any, document: Document) -> list[Problem]:
        if names is None:
            return []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return [document.problem(("without",), "without must be a list of names of timeline entries")]
        timeline = self.data.get("timeline", [])
        known = [entry["name"] for entry in timeline if isinstance(entry, dict) and entry.get("name")]
        problems = []
        for n, name in enumerate(names):
            if name not in known:
                hint = did_you_mean(name, known)
                problems.append(document.problem(("without", n), f"no entry {name!r} in the timeline it extends", hint))
        self._set_timeline([entry for entry in timeline if not (isinstance(entry, dict) and entry.get("name") in names)])
        return problems

    def _set_timeline(self, entries: list[Any]) -> None:
        """Replace the timeline, moving the origins of the entries that stay with them."""
        moved: dict[Path_, tuple[Document, Path_] | None] = {}
        old = {id(entry): n for n, entry in enumerate(self.data.get("timeline", []))}
        for n, entry in enumerate(entries):
            for path, origin in self.origin.items():
                if path[:2] == ("timeline", old.get(id(entry), -1)):
                    moved[("timeline", n, *path[2:])] = origin
        self.origin = {path: origin for path, origin in self.origin.items() if path[:1] != ("timeline",)} | moved
        self.data["timeline"] = entries

    def _continue_timeline(self, entries: list[Any], document: Document) -> None:
        timeline = list(self.data.get("timeline", []))
        names = {entry.get("name"): n for n, entry in enumerate(timeline) if isinstance(entry, dict) and entry.get("name")}
        for m, entry in enumerate(entries):
            name = entry.get("name") if isinstance(entry, dict) else None
            n = names.get(name, len(timeline)) if isinstance(name, str) else len(timeline)
            self._forget(("timeline", n))
            if n < len(timeline):
                timeline[n] = entry
            else:
                timeline.append(entry)
            self._note(("timeline", n), entry, document, ("timeline", m))
        self.data["timeline"] = timeline

    def _merge(self, path: Path_, value: Any, document: Document, place: Path_) -> None:
        existing = self._get(path)
        if isinstance(value, dict) and isinstance(existing, dict):
            for key, inner in value.items():
                self._merge((*path, key), inner, document, (*place, key))
        else:
            self._replace(path, value, document, place)

    def _replace(self, path: Path_, value: Any, document: Document, place: Path_) -> None:
        parent = self.data
        for key in path[:-1]:
            parent = parent[key]  # type: ignore[index]
        parent[path[-1]] = _copy(value)  # type: ignore[index]
        self._forget(path)
        self._note(path, value, document, place)

    def _forget(self, path: Path_) -> None:
        for known in [p for p in self.origin if p[: len(path)] == path]:
            del self.origin[known]

    def _note(self, path: Path_, value: Any, document: Document, place: Path_) -> None:
        self.origin[path] = (document, place)
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
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
            if not isinstance(here[key], dict):
                what = "a list, to be set as a whole" if isinstance(here[key], list) else "one value and has no parts"
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
                    return Problem(f"{COMMAND_LINE} {'.'.join(map(str, here))}: {message}", hint=hint)
                document, place = found
                return document.problem((*place, *path[len(here) :]), message, hint)
            here = here[:-1]
        documents = [found[0] for found in self.origin.values() if found is not None]
        return documents[-1].problem((), message, hint) if documents else Problem(message, hint=hint)

    def leaves(self) -> Iterator[tuple[Path_, str]]:
        """Yield the path of every single value with the name of the file that set it."""
        for path, found in self.origin.items():
            if not isinstance(self._at(path), dict | list):
                yield path, COMMAND_LINE if found is None else found[0].source

    def _at(self, path: Path_) -> Any:
        here: Any = self.data
        for key in path:
            if isinstance(here, list) and isinstance(key, int) and key < len(here):
                here = here[key]
            elif isinstance(here, dict) and key in here:
                here = here[key]
            else:
                return None
        return here


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
