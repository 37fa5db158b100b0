"""What a sweep may vary, by dotted path, and how a value reaches the model.

Most names are columns of the parameter row, so that one set of arrays serves all samples. Attributes of countries
(``countries.KEN.aid_offer.china``) change one table of these arrays; the few remaining ones (``peers.network``,
``leaders.us``) need arrays of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.registry.attributes import BY_NAME
from sim.registry.columns import RULE_COLUMN, registry
from sim.registry.parameters import RULES, TIERS
from sim.scenario.paths import CountryTarget, country_target
from sim.sweeps.spec import Known

Kind = Literal["column", "attribute", "structure"]

LEADER_MODES = ("scheduled", "responsive")
NETWORKS = ("ties", "mean_field", "none")
AID_EXPONENTS = ("need", "size", "interest")


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
    found = {
        "peers.neighbours": Variable("structure", Known(1, 500), whole=True),
        "peers.network": Variable("structure", Known(choices=NETWORKS)),
        "leaders": Variable("structure", Known(choices=LEADER_MODES)),
    }
    for bloc in blocs:
        found[f"leaders.{bloc}"] = Variable("structure", Known(choices=LEADER_MODES))
        for exponent in AID_EXPONENTS:
            found[f"blocs.{bloc}.aid_rule.{exponent}"] = Variable("structure", Known(0, 3))
    return found


def _country_variable(name: str, blocs: tuple[str, ...]) -> Variable | None:
    target = country_target(name, blocs)
    if isinstance(target, CountryTarget):
        attribute = BY_NAME[target.attribute]
        return Variable("attribute", Known(attribute.low, attribute.high), target=target)
    parts = name.split(".")
    if len(parts) == 3 and parts[2] == "divide":
        return Variable("structure", Known(0, 1))
    if len(parts) == 4 and parts[2] == "tier" and parts[3] in blocs:
        return Variable("structure", Known(choices=TIERS))
    return None
