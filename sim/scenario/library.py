"""Where scenarios live: the library that comes with the project, and files of the user."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, Problem, did_you_mean
from sim.scenario.yaml_io import quoted, shown

_PACKAGE = Path(__file__).resolve().parent.parent
_IN_WHEEL = _PACKAGE / "_scenarios"
_IN_CHECKOUT = _PACKAGE.parent / "scenarios"


PROJECT = ".aiblocs"
"""An empty file that marks the folder of a project, whose scenarios may share files."""


def library_folder() -> Path:
    """Return the folder of the scenario library (inside an installed package, or beside it in a checkout)."""
    return _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT


def library() -> dict[str, Path]:
    """Return the scenarios of the library, name -> file: the baseline first, then in alphabetical order."""
    files = sorted(library_folder().glob("*.yaml"), key=lambda path: (path.stem != "baseline", path.stem))
    return {path.stem: path for path in files}


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
    if not reference.endswith((".yaml", ".yml")):
        known = library()
        if reference in known:
            return known[reference]
        message = f"there is no scenario {quoted(reference)} in the library, and it is no .yaml file"
        hint = did_you_mean(shown(reference), known) or f"the library has {', '.join(known)}"
        raise InputError([Problem(message, hint=hint)])
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
