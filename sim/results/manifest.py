"""What a results folder says of itself: what made it, how, on what, and what its files must contain.

Every kind of folder has a file of its own form; `Manifest` is what they share, and the sentences with which a folder
that is none, of another kind or damaged is refused.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import InputError, Problem
from sim.results.files import file_sha256, write_atomically

Kind = Literal["run", "comparison", "sweep"]

MANIFEST = "manifest.json"
COMPARISON = "comparison.json"
SCENARIO = "scenario.yaml"
OUTCOMES = "outcomes.parquet"
COUNTRIES = "countries.parquet"
CHANGE = "change.parquet"
FLIPS = "flips.parquet"
MIX = "mix.json"
RUNS = "runs"
FIGURES = "figures"
WORLD = "world"
REPORT = "report.html"
CRATE = "ro-crate-metadata.json"

FORMATS: dict[Kind, str] = {
    "run": "aiblocs run 1",
    "comparison": "aiblocs comparison 1",
    "sweep": "aiblocs sweep 1",
}
"""How each kind of manifest names its own form; the number grows when the form changes."""

SEAL = "seal"
_LONGEST = 40
"""Letters of a strange format that are shown."""


class Manifest(BaseModel, ABC):
    """What every results folder says of itself; each kind adds fields of its own.

    ``kind`` : what made the folder; ``file`` : where it stands in the folder
    ``seal`` : SHA-256 of everything else that the manifest says; folders of before have none
    ``own`` : what may stand beside it; anything else is the user's and is not written over
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[Kind]
    file: ClassVar[str] = MANIFEST
    own: ClassVar[tuple[str, ...]] = ()

    format: str
    seal: str = ""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is, in a few words."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """Name of the scenario, scenarios or sweep that it is the result of."""

    @property
    @abstractmethod
    def facts(self) -> dict[str, str]:
        """What is known of its making (command, seed, versions, hashes), by name."""

    @property
    @abstractmethod
    def origins(self) -> dict[str, str]:
        """Version and hashes of everything the numbers depend on, by name."""

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of files that were written with it, by path in the folder."""
        return {}

    @abstractmethod
    def made(self, folder: Path) -> str:
        """Return when it was made (ISO 8601); ``folder`` is the one that it was read from."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the manifest of a folder.

        Raises
        ------
        InputError
            If there is none, or it is damaged or of another kind.
        """
        path = folder / cls.file
        try:
            data = json.loads(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise cls._refused(folder, f"no {cls.file}") from None
        except OSError as error:
            raise InputError(Problem(f"cannot be read ({error.strerror})", file=str(path))) from None
        except ValueError as error:
            raise InputError(Problem(f"damaged, it is no JSON ({error})", file=str(path))) from None
        found = data.get("format") if isinstance(data, dict) else None
        if found != FORMATS[cls.kind]:
            other = next((kind for kind, known in FORMATS.items() if found == known), None)
            if other is not None:
                raise InputError(
                    Problem(f"is the folder of a {other}, not of a {cls.kind}", file=str(folder))
                )
            said = "says nothing of its format" if found is None else f"has the format {_shown(found)}"
            raise cls._refused(folder, f"{cls.file} {said}, not {FORMATS[cls.kind]!r}")
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(key) for key in first["loc"]) or "its top"
            raise InputError(Problem(f"damaged at {place} ({first['msg']})", file=str(path))) from None

    @classmethod
    def _refused(cls, folder: Path, why: str) -> InputError:
        return InputError(Problem(f"is not the folder of a {cls.kind} ({why})", file=str(folder)))

    def content(self) -> dict[str, Any]:
        """Return what the file holds, without the seal."""
        return {key: value for key, value in self.model_dump(mode="json").items() if key != SEAL}

    def write(self, folder: Path) -> None:
        """Write the manifest atomically, sealed."""
        data = self.content()
        text = json.dumps(data | {SEAL: seal_of(data)}, indent=1, ensure_ascii=False)
        write_atomically(folder / self.file, text.encode() + b"\n")

    def seal_broken(self, folder: Path) -> bool:
        """Return whether the file says something else than what was sealed."""
        return bool(self.seal) and seal_of(json.loads((folder / self.file).read_bytes())) != self.seal

    def changed(self, folder: Path) -> list[str]:
        """Return a sentence for every file that is not as it was written, the manifest itself among them; quick ones first."""
        own = [f"{self.file} was changed after it was written"] if self.seal_broken(folder) else []
        return [*own, *changed_files(folder, self.checksums)]

    def refuse_changed(self, folder: Path) -> None:
        """Refuse a folder in which a file is not as it was written.

        Raises
        ------
        InputError
            With every such file.
        """
        if found := self.changed(folder):
            raise InputError([Problem(one, file=str(folder)) for one in found])


def seal_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a manifest says, however its file is laid out."""
    stated = {key: value for key, value in data.items() if key != SEAL}
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def changed_files(folder: Path, checksums: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for every file that is missing or has another SHA-256; ``checksums`` by path in the folder."""
    for name, sha256 in checksums.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif file_sha256(path) != sha256:
            yield f"{name} was changed after it was written"


def kind_of(folder: str | Path) -> Kind:
    """Return what made a results folder.

    Raises
    ------
    InputError
        If nothing of ours did.
    """
    place = Path(folder)
    if (place / COMPARISON).is_file():
        return "comparison"
    if (place / MANIFEST).is_file():
        return "sweep" if _format(place / MANIFEST) == FORMATS["sweep"] else "run"
    if (place / MIX).is_file():
        what = "is the folder of a search, which has no report and nothing to verify"
        raise InputError(Problem(what, file=str(folder), hint=f"run its scenario: {place / SCENARIO}"))
    if (place / SCENARIO).is_file():
        return "run"
    what = f"is not a folder of results (no {MANIFEST})" if place.is_dir() else "there is no such folder"
    raise InputError(Problem(what, file=str(folder)))


def _format(path: Path) -> object:
    """Return what a manifest says it is of; None if it cannot be read, which its reader will explain."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data.get("format") if isinstance(data, dict) else None


def _shown(found: object) -> str:
    text = repr(found)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
