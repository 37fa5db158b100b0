"""Base scenarios, loaded or read back from a sweep's folder, and their arrays with the values of a sample put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import AiblocsError, InputError
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hashing import inputs_sha256
from sim.inputs.hold import set_attributes
from sim.inputs.memberships import state_names
from sim.plausibility import Finding, check_scenario
from sim.plausibility.kept import kept_or_checked
from sim.registry.attributes import attribute_row
from sim.results.manifest import MANIFEST
from sim.scenario.loader import Loaded, Override, load, load_text, released, revise
from sim.scenario.paths import CountryTarget
from sim.scenario.selectors import select
from sim.sweeps.folder import SweepFolder
from sim.world import World

Scalar = bool | float | str


@dataclass(frozen=True, eq=False)
class BaseScenario:
    """A scenario that a sweep varies, with its world; it can be pickled and gives the same arrays everywhere.

    Attributes
    ----------
    name : str
        As the specification writes it.
    loaded : Loaded
    world : World
    sha256 : str
        Identity of its arrays, checked by every process.
    """

    name: str
    loaded: Loaded
    world: World
    sha256: str
    _built: Inputs | None = field(default=None, repr=False)

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of the membership states."""
        return state_names(_blocs(self))

    def inputs(self) -> Inputs:
        """Return the arrays of the scenario as it is; they are built once a process.

        Raises
        ------
        AiblocsError
            If this process has other data than the one that began the sweep.
        """
        if self._built is not None:
            return self._built
        found = build_inputs(self.world, self.loaded)
        if inputs_sha256(found) != self.sha256:
            raise AiblocsError(f"{self.name}: this computer has other data than the one that began the sweep")
        object.__setattr__(self, "_built", found)
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs; it builds the arrays anew."""
        return {**vars(self), "_built": None}


def make_base(name: str, loaded: Loaded, world: World) -> BaseScenario:
    """Return a base of a loaded scenario and its world."""
    inputs = build_inputs(world, loaded)
    return BaseScenario(name, loaded, world, inputs_sha256(inputs), inputs)


def load_bases(names: Sequence[str], beside: Path | None) -> tuple[BaseScenario, ...]:
    """Load base scenarios; a relative path is looked for beside the specification ``beside``.

    Raises
    ------
    InputError
        As `sim.scenario.loader.load`.
    """
    bases = []
    for name in names:
        is_file = name.endswith((".yaml", ".yml"))
        loaded = load(beside.parent / name if beside is not None and is_file else name)
        bases.append(make_base(name, loaded, loaded.world))
    return tuple(bases)


def kept_bases(folder: SweepFolder) -> tuple[BaseScenario, ...]:
    """Return the base scenarios as the manifest of a sweep has them in full, in the world that its folder keeps.

    Raises
    ------
    InputError
        If the folder does not keep the scenarios, or they cannot be loaded.
    """
    texts = folder.manifest.provenance.get("scenarios", {})
    missing = [name for name in folder.spec.base if name not in texts]
    if missing:
        raise InputError(
            f"{folder.path / MANIFEST}: does not hold the scenario {missing[0]}, so that nothing can be computed again"
        )
    loaded = {name: load_text(texts[name], name, folder=folder.path) for name in folder.spec.base}
    return tuple(make_base(name, one, one.world) for name, one in loaded.items())


def with_structure(base: BaseScenario, values: Mapping[str, Scalar], varied: Iterable[str] = ()) -> Inputs:
    """Return the arrays of a base with values that need arrays of their own, its timeline kept off what is varied.

    Raises
    ------
    InputError
        If the scenario does not take a value.
    """
    overrides: dict[str, Override] = {}
    modes = base.loaded.scenario.leaders
    leaders: dict[str, str] = {
        bloc: modes if isinstance(modes, str) else modes.get(bloc, "scheduled") for bloc in _blocs(base)
    }
    for name, value in values.items():
        first, _, bloc = name.partition(".")
        if first == "leaders":
            leaders.update({bloc: str(value)} if bloc else dict.fromkeys(leaders, str(value)))
            overrides["leaders"] = dict(leaders)
        else:
            overrides[name] = int(value) if name == "peers.neighbours" else value
    loaded = without_timeline_for(base, varied, revise(base.loaded, overrides))
    return base.inputs() if loaded is base.loaded else build_inputs(base.world, loaded)


def without_timeline_for(base: BaseScenario, varied: Iterable[str], loaded: Loaded | None = None) -> Loaded:
    """Return a base whose timeline leaves alone what is varied: a swept value holds throughout.

    ``loaded`` : the base with other values; default: as it is
    """
    return released(loaded or base.loaded, varied, "it is varied")


def _blocs(base: BaseScenario) -> tuple[str, ...]:
    return tuple(base.loaded.scenario.blocs)


def with_attributes(inputs: Inputs, world: World, values: Sequence[tuple[CountryTarget, float]]) -> Inputs:
    """Return arrays in which countries have these attributes; later values go over earlier ones."""
    return set_attributes(
        inputs,
        [(target_row(inputs, target), select(world, target.selector), value) for target, value in values],
    )


def target_row(inputs: Inputs, target: CountryTarget) -> int:
    """Return the row of the attribute table that a target names."""
    return attribute_row(target.attribute, None if target.bloc is None else inputs.blocs.index(target.bloc))


def release_notes(base: BaseScenario, varied: Iterable[str]) -> list[str]:
    """Return in words which entries of the timeline no longer act, because what they act on is set or varied."""
    return list(without_timeline_for(base, varied).notes)


def base_findings(base: BaseScenario, varied: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what is doubted of a base whose timeline leaves alone what is varied."""
    return tuple(kept_or_checked(without_timeline_for(base, varied), check_scenario))


def check_bases(bases: Sequence[BaseScenario]) -> None:
    """Refuse bases that cannot be compared.

    Raises
    ------
    InputError
        If they differ in the quarters they cover or in their world.
    """
    first = bases[0]
    for other in bases[1:]:
        if other.loaded.scenario.horizon != first.loaded.scenario.horizon:
            raise InputError(f"base: {first.name} and {other.name} cover different quarters")
        if other.world.sha256 != first.world.sha256:
            raise InputError(f"base: {first.name} and {other.name} play in different worlds")
