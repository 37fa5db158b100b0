"""The manifests of runs and comparisons; that of a sweep is `sim.sweeps.manifest.SweepManifest`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from sim.errors import InputError, Problem
from sim.measures.excerpt import Excerpt
from sim.results.files import write_atomically
from sim.results.manifest import (
    CHANGE,
    COMPARISON,
    COUNTRIES,
    CRATE,
    FIGURES,
    FLIPS,
    FORMATS,
    MANIFEST,
    OUTCOMES,
    REPORT,
    RUNS,
    SCENARIO,
    WORLD,
    Manifest,
    seal_of,
)


class RunManifest(Manifest):
    """The manifest of a run.

    ``provenance`` : version and hashes that the numbers depend on; ``tools`` : versions of what computed them
    ``files`` : SHA-256 of every other file, by its path in the folder
    ``among, at`` : countries and last quarter that the tables are of, if not all (`sim.measures.excerpt.Excerpt`)
    ``notes`` : what no longer acts in the timeline of the scenario as it was loaded (`sim.scenario.loader.Loaded`)
    ``findings`` : what was doubted of it then (`sim.plausibility.Finding.to_dict`)
    ``command, time, git`` : how, when (UTC) and from which commit it was made; nothing depends on them
    """

    kind = "run"
    own = (MANIFEST, SCENARIO, WORLD, OUTCOMES, COUNTRIES, FIGURES, REPORT, CRATE)

    format: str = FORMATS["run"]
    scenario: str
    seed: int
    runs: int
    engine: str
    among: str = ""
    at: str = ""
    provenance: dict[str, str]
    tools: dict[str, str]
    imputed_share: float
    notes: tuple[str, ...] = ()
    findings: tuple[dict[str, str], ...] = ()
    command: str
    time: str
    git: str | None
    files: dict[str, str]

    @model_serializer(mode="wrap")
    def _without_what_is_empty(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave notes, findings and a part out where there are none, as a manifest written before has none."""
        data: dict[str, Any] = write(self)
        return {
            key: value
            for key, value in data.items()
            if value or key not in ("notes", "findings", "seal", "among", "at")
        }

    @property
    def excerpt(self) -> Excerpt:
        """Which part of the run its tables are of."""
        return Excerpt(self.among, self.at)

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return f"aiblocs run of {self.scenario}"

    @property
    def subject(self) -> str:
        """Name of the scenario."""
        return self.scenario

    @property
    def facts(self) -> dict[str, str]:
        """Command, seed, runs, engine, hashes and versions."""
        hashes = {
            f"sha256-{key}" if key != "version" else key: value for key, value in self.provenance.items()
        }
        counts = {"seed": str(self.seed), "runs": str(self.runs)}
        return {"command": self.command, **counts, "engine": self.engine, **hashes, **self.tools}

    @property
    def origins(self) -> dict[str, str]:
        """Version of the program and hashes of data, scenario and inputs."""
        return self.provenance

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of every other file."""
        return self.files

    def made(self, folder: Path) -> str:
        """Return when it was made (UTC, ISO 8601)."""
        return self.time


class ComparisonManifest(Manifest):
    """The manifest of a comparison: the whole result as JSON, whose runs have folders of their own.

    ``provenance`` : that of every run, the first scenario first
    ``files`` : SHA-256 of tables and figures, by path in the folder; runs have manifests of their own
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    kind = "comparison"
    file = COMPARISON
    own = (COMPARISON, CHANGE, FLIPS, RUNS, FIGURES, REPORT, CRATE)

    format: str = FORMATS["comparison"]
    command: str
    provenance: dict[str, dict[str, str]]
    files: dict[str, str] = Field(default_factory=dict)

    @property
    def found(self) -> dict[str, Any]:
        """What the comparison found, as `sim.results.comparison.ComparisonResult.to_dict` gives it."""
        return {**(self.model_extra or {}), "provenance": self.provenance}

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """What `Comparison.to_json` gave for each scenario after the first, in the order in which they were given."""
        pairs: list[dict[str, Any]] = self.found.get("comparisons", [self.found])
        return pairs

    @property
    def excerpt(self) -> Excerpt:
        """Which part of the runs was compared."""
        return Excerpt(str(self.pairs[0].get("among", "")), str(self.pairs[0].get("at", "")))

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order in which they were given."""
        return [self.pairs[0]["a"], *(pair["b"] for pair in self.pairs)]

    @model_validator(mode="after")
    def _check_pairs(self) -> Self:
        """Refuse a content in which no scenarios are compared."""
        try:
            named = [str(pair[key]) for pair in self.pairs for key in ("a", "b", "seed", "runs")]
            origins = [one["inputs"] for one in self.provenance.values()]
        except (TypeError, KeyError) as error:
            raise ValueError(f"it lacks {error}") from None
        if len(named) != 4 * (len(origins) - 1) or not named:
            raise ValueError("it does not say what was compared")
        return self

    def run_folders(self, folder: Path) -> list[Path]:
        """Return the folders of the runs, in the order in which the scenarios were given.

        Raises
        ------
        InputError
            If one is missing.
        """
        runs = folder / RUNS
        left = sorted(runs.iterdir()) if runs.is_dir() else []
        found = []
        for name in self.scenarios:
            place = next((place for place in left if place.name.partition("-")[2] == name), None)
            if place is None:
                raise InputError(Problem(f"the run of {name} is missing", file=str(runs)))
            left.remove(place)
            found.append(place)
        return found

    @property
    def origins(self) -> dict[str, str]:
        """Hash of the inputs of every scenario, by its name."""
        hashes = (origins["inputs"] for origins in self.provenance.values())
        return {f"inputs-{name}": value for name, value in zip(self.scenarios, hashes, strict=True)}

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return f"aiblocs comparison of {', '.join(self.scenarios)}"

    @property
    def subject(self) -> str:
        """Names of the scenarios."""
        return ", ".join(self.scenarios)

    @property
    def facts(self) -> dict[str, str]:
        """Command, seed, runs, and the hash of the inputs of every scenario."""
        counts = {key: str(self.pairs[0][key]) for key in ("seed", "runs")}
        return {"command": self.command, **counts, **self.origins}

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of tables and figures."""
        return self.files

    def changed(self, folder: Path) -> list[str]:
        """Return a sentence for every file that is not as it was written, those of the runs among them."""
        runs = [(place, RunManifest.read(place)) for place in self.run_folders(folder)]
        inner = [f"{RUNS}/{place.name}: {one}" for place, kept in runs for one in kept.changed(place)]
        return [*super().changed(folder), *inner]

    def made(self, folder: Path) -> str:
        """Return when its first run was made (UTC, ISO 8601)."""
        return RunManifest.read(self.run_folders(folder)[0]).time

    def content(self) -> dict[str, Any]:
        """Return what the file holds, without the seal: what was found stands before the sums of files."""
        return {"format": self.format, "command": self.command, **self.found, "files": self.files}

    def write(self, folder: Path) -> None:
        """Write the manifest atomically, on one line, sealed."""
        data = self.content()
        content = json.dumps(data | {"seal": seal_of(data)}, ensure_ascii=False)
        write_atomically(folder / self.file, content.encode() + b"\n")
