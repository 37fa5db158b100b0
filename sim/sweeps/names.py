"""What a sweep may vary, by dotted path, and how a value reaches the model.

Most names are columns of the parameter row, so that one set of arrays serves all samples. Attributes of countries
(``countries.KEN.aid_offer.china``) change one table of these arrays; the few remaining ones (``peers.network``,
``leaders.us``) need arrays of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.registry.attributes import BY_NAME
from sim.registry.columns import RULE_COLUMN, registry
from sim.registry.parameters import RULES, TIERS, AidRule
from sim.scenario.paths import CountryTarget, country_target
from sim.scenario.schema import CountryOverride, Peers
from sim.scenario.values import LeaderMode
from sim.sweeps.spec import Known

Kind = Literal["column", "attribute", "structure"]


@dataclass(frozen=True)
class Variable:
    """A name that may be varied.

    ``kind`` : ``column`` of the parameter row, ``attribute`` of countries, or ``structure`` (arrays of its own)
    ``known`` : its bounds or names; ``whole`` : takes whole numbers only; ``target`` : of an attribute
    """

    kind: Kind
    known: Known
    whole: bool = False
    target: CountryTarget | None = None


class Variables(Mapping[str, Known]):
    """All names that may be varied with these blocs; names of countries are understood, not listed."""

    def __init__(self, blocs: tuple[str, ...]) -> None:
        self._blocs = blocs
        self._listed = {
            p.name: Variable("column", Known(p.low, p.high))
            for p in registry(blocs)
            if p.name != RULE_COLUMN.name
        }
        self._listed[RULE_COLUMN.name] = Variable("column", Known(choices=RULES))
        self._listed.update(_structures(blocs))

    def variable(self, name: str) -> Variable | None:
        """Return what is known of a name, None if it cannot be varied."""
        if name in self._listed:
            return self._listed[name]
        return _country_variable(name, self._blocs) if name.startswith("countries.") else None

    def __getitem__(self, name: str) -> Known:
        """Return bounds or names; KeyError if the name cannot be varied."""
        found = self.variable(name)
        if found is None:
            raise KeyError(name)
        return found.known

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)


def _structures(blocs: tuple[str, ...]) -> dict[str, Variable]:
    leaders = Variable("structure", Known(choices=get_args(LeaderMode)))
    found = {f"peers.{name}": _structure(Peers.model_fields[name]) for name in ("neighbours", "network")}
    found["leaders"] = leaders
    for bloc in blocs:
        found[f"leaders.{bloc}"] = leaders
        for name, exponent in AidRule.model_fields.items():
            found[f"blocs.{bloc}.aid_rule.{name}"] = _structure(exponent)
    return found


def _structure(field: FieldInfo) -> Variable:
    """Return what the scenario language says of a field: its words, or its bounds and whether it is whole."""
    if get_origin(field.annotation) is Literal:
        return Variable("structure", Known(choices=get_args(field.annotation)))
    (low,) = (float(mark.ge) for mark in field.metadata if hasattr(mark, "ge"))
    (high,) = (float(mark.le) for mark in field.metadata if hasattr(mark, "le"))
    return Variable("structure", Known(low, high), whole=field.annotation is int)


def _country_variable(name: str, blocs: tuple[str, ...]) -> Variable | None:
    target = country_target(name, blocs)
    if isinstance(target, CountryTarget):
        attribute = BY_NAME[target.attribute]
        return Variable("attribute", Known(attribute.low, attribute.high), target=target)
    parts = name.split(".")
    if len(parts) == 3 and parts[2] == "divide":
        return _structure(CountryOverride.model_fields["divide"])
    if len(parts) == 4 and parts[2] == "tier" and parts[3] in blocs:
        return Variable("structure", Known(choices=TIERS))
    return None
