"""Where scenarios, sweeps and searches live: the library that comes with the project, and files of the user."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from sim.errors import InputError, Problem, did_you_mean
from sim.scenario.yaml_io import Document, quoted, read_yaml, shown

Kind = Literal["scenario", "sweep", "search"]

COMMANDS: dict[Kind, str] = {
    "scenario": "aiblocs run",
    "sweep": "aiblocs sweep",
    "search": "aiblocs cheapest",
}
"""The command that takes each kind."""
_MARKS: dict[Kind, tuple[str, ...]] = {
    "scenario": ("extends", "blocs", "timeline"),
    "sweep": ("design",),
    "search": ("goal",),
}
"""Keys that one kind has and no other."""

_PACKAGE = Path(__file__).resolve().parent.parent
_IN_WHEEL = _PACKAGE / "_scenarios"
_IN_CHECKOUT = _PACKAGE.parent / "scenarios"
SUFFIXES = (".yaml", ".yml")
"""How the names of their files end."""

PROJECT = ".aiblocs"
"""An empty file that marks the folder of a project, whose scenarios may share files."""


def library_folder() -> Path:
    """Return the folder of the library (inside an installed package, or beside it in a checkout)."""
    return _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT


def library() -> dict[str, Path]:
    """Return the scenarios of the library, name -> file: the baseline first, then in alphabetical order."""
    files = sorted(library_folder().glob("*.yaml"), key=lambda path: (path.stem != "baseline", path.stem))
    return {path.stem: path for path in files}


def sweep_library() -> dict[str, Path]:
    """Return the sweeps and searches that come with the project, name -> file."""
    return {path.stem: path for path in sorted((library_folder() / "sweeps").glob("*.yaml"))}


def of_library(kind: Kind) -> dict[str, Path]:
    """Return what the library has of one kind, name -> file."""
    if kind == "scenario":
        return library()
    return {
        name: path for name, path in sweep_library().items() if document_kind(read_yaml(path).data) == kind
    }


def specification(kind: Kind, reference: str | Path) -> Path:
    """Return the file of a sweep or a search: a name in the library, or a path ending in .yaml or .yml.

    Raises
    ------
    InputError
        If the library has none of that name.
    """
    text = str(reference)
    if text.endswith(SUFFIXES):
        return Path(text)
    if (path := sweep_library().get(text)) is not None and document_kind(read_yaml(path).data) == kind:
        return path
    raise InputError(unknown(kind, text))


def document_kind(data: Any) -> Kind | None:
    """Return what plain data describe, by the keys that only one kind has; None if they have those of none, or of several."""
    if not isinstance(data, Mapping):
        return None
    found = [kind for kind, keys in _MARKS.items() if any(key in data for key in keys)]
    return found[0] if len(found) == 1 else None


def unknown(kind: Kind, reference: str) -> Problem:
    """Return what is wrong with a name that the library does not have as that of one kind."""
    for other, command in COMMANDS.items():
        if other != kind and reference in of_library(other):
            return Problem(f"{quoted(reference)} is a {other}, not a {kind}", hint=f"it is for `{command}`")
    if Path(reference).is_dir():
        written = Path(reference) / "scenario.yaml"
        near = f"did you mean {shown(str(written))}?" if kind == "scenario" and written.is_file() else None
        return Problem(
            f"{quoted(reference)} is a folder; a {kind} is a name of the library or a .yaml file", hint=near
        )
    known = of_library(kind)
    hint = did_you_mean(shown(reference), known) or f"the library has {', '.join(known)}"
    return Problem(
        f"there is no {kind} {quoted(reference)} in the library, and it is no .yaml file", hint=hint
    )


def other_kind(kind: Kind, data: Any, document: Document | None = None) -> Problem | None:
    """Return what is wrong with data of another kind than was asked for, with its place in the document; None if nothing is."""
    found = document_kind(data)
    if found is None or found == kind:
        return None
    key = next(key for key in _MARKS[found] if key in data)
    said, hint = f"is a {found} (it has the key {key}), not a {kind}", f"it is for `{COMMANDS[found]}`"
    return Problem(said, hint=hint) if document is None else document.problem((key,), said, hint)


def find(reference: str, relative_to: Path | None = None) -> Path:
    """Return the file a scenario is named by: a library name, or a path ending in .yaml or .yml.

    Parameters
    ----------
    reference : what the user wrote
    relative_to : folder of the file that extends it; such a path must stay inside this folder, or its project

    Raises
    ------
    InputError
        If nothing of that name exists, or the path leads outside.
    """
    if not reference.endswith(SUFFIXES):
        if (path := library().get(reference)) is not None:
            return path
        raise InputError(unknown("scenario", reference))
    if relative_to is not None:
        return inside(reference, relative_to, "extends")
    if not _possible(reference):
        raise InputError(f"{quoted(reference)} is not the name of a file")
    return Path(reference)


def inside(reference: str, folder: Path, key: str) -> Path:
    """Return ``folder / reference``, refusing absolute paths and anything that leads out of the folder.

    Where the folder is part of a project (`project_root`), a reference may lead anywhere in it.
    """
    if not _possible(reference):
        raise InputError(f"{key}: {quoted(reference)} is not the name of a file")
    try:
        root = project_root(folder)
        target = (folder / reference).resolve()
    except (OSError, RuntimeError):  # links that go in a circle
        raise InputError(f"{key}: {quoted(reference)} cannot be followed") from None
    if Path(reference).is_absolute() or not target.is_relative_to(root):
        message = f"{key}: {quoted(reference)} leads outside the folder of the scenario"
        hint = f"to share files between folders, put an empty file {PROJECT} into the folder above them"
        raise InputError(Problem(message, hint=None if Path(reference).is_absolute() else hint))
    return folder / reference


def project_root(folder: Path) -> Path:
    """Return the nearest folder, this one or one above it, that holds a file ``.aiblocs``; without one, the folder itself."""
    here = folder.resolve()
    return next((place for place in (here, *here.parents) if (place / PROJECT).is_file()), here)


def in_library(source: str) -> bool:
    """Tell whether a file, as messages name it, is a scenario of the library."""
    return Path(source).resolve().parent == library_folder().resolve()


def _possible(reference: str) -> bool:
    """Tell whether a text can be a path at all."""
    return bool(reference.strip()) and "\0" not in reference
