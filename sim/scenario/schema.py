"""The scenario language as typed models: what a YAML file may hold, with bounds, units and meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model, model_validator

from sim.registry.attributes import ATTRIBUTES
from sim.registry.fields import Section
from sim.registry.parameters import (
    AidRule,
    Behaviour,
    BlocParameters,
    Chips,
    Coefficients,
    Divide,
    Organizations,
    PeerWeights,
)
from sim.scenario.entry import Entry
from sim.scenario.quarters import parse_quarter
from sim.scenario.values import (
    EstimateDay,
    LeaderModes,
    Membership,
    QuarterText,
    RuleName,
    TextList,
    TierName,
    Token,
)

MAX_BLOCS = 3
MAX_STEPS = 400
MAX_SEED = 2**32 - 1
"""Seeds are 0 to this, everywhere."""


class Horizon(Section):
    """First and last quarter; the first is the start, the decisions begin in the next."""

    start: QuarterText = Field(default="2025Q3", description="First quarter: memberships as they stand")
    end: QuarterText = Field(default="2035Q4", description="Last quarter")

    @model_validator(mode="after")
    def _ordered(self) -> Horizon:
        length = parse_quarter(self.end) - parse_quarter(self.start)
        if length < 1:
            raise ValueError(f"the end ({self.end}) must come after the start ({self.start})")
        if length > MAX_STEPS:
            raise ValueError(f"a horizon of {length} quarters is too long; at most {MAX_STEPS}")
        return self


class Bloc(BlocParameters):
    """One bloc: who leads it, what it offers and what it demands."""

    title: str = Field(default="", description="Name shown to people")
    leader: TextList = Field(
        default=[], description="Country (or countries) leading the bloc; they never reconsider"
    )
    founders: TextList = Field(
        default=[], description="Countries that never leave the bloc but may join others too"
    )
    members: Membership = Field(
        default="none",
        description="Members at the start: by the documented rule from participation data (evidence), who signed a list of the "
        "bloc's organization (signatories), none, or a list",
    )
    excludes: TextList = Field(
        default=[],
        description="Whom the bloc does not take (a country, region:..., income:..., club:..., or tier1 .. tier3 of its own "
        "export policy); who belongs to it already stays",
    )
    supply_at: QuarterText | None = Field(
        default=None,
        description="Quarter at which chip_supply and domestic_supply hold and from which they grow; default: the start",
    )
    family: Literal["us", "china"] = Field(
        default="us", description="Whose calibrated coefficients the bloc takes"
    )
    aid_rule: AidRule = Field(default=AidRule(), description="How the aid pool is shared")
    coefficients: Coefficients = Field(default=Coefficients(), description="Fixed weights of utility terms")


class Peers(PeerWeights):
    """Who is a peer of whom."""

    network: Literal["ties", "mean_field", "none"] = Field(
        default="ties",
        description="ties = trade, region and UN votes from data; mean_field = all count all",
    )
    neighbours: int = Field(
        default=15, ge=1, le=500, description="Peers of a country in each of the networks trade and votes"
    )


class Rules(Section):
    """Variants of the theory."""

    choice: RuleName = Field(default="logit", description="How a country decides")


class Uncertainties(Section):
    """What differs between the runs of an ensemble; each can be held still."""

    coefficients: bool = Field(default=True, description="Draw the coefficients from their posterior")
    country_effects: bool = Field(default=True, description="Draw the persistent country-bloc effects")
    given_members: bool = Field(
        default=True,
        description="Draw them given who is a member at the start; false = as the lists alone tell",
    )
    chance: bool = Field(
        default=True, description="Draw attention, choices and random events anew in each run"
    )


def _attribute_fields() -> dict[str, Any]:
    """Return a field for every attribute of the registry: a number, or a number for each bloc."""
    fields: dict[str, Any] = {}
    for attribute in ATTRIBUTES:
        low, high, text = attribute.low, attribute.high, attribute.text
        if attribute.per_bloc:
            kind: Any = dict[str, Annotated[float, Field(ge=low, le=high)]]
            fields[attribute.name] = (kind, Field(default={}, description=text))
        else:
            fields[attribute.name] = (
                float | None,
                Field(default=None, ge=low, le=high, description=text),
            )
    return fields


if TYPE_CHECKING:
    _Attributes = Section
else:
    _Attributes = create_model("_Attributes", __base__=Section, **_attribute_fields())


class CountryOverride(_Attributes):
    """What a scenario changes about one country, a region, an income group or a club."""

    divide: float | None = Field(default=None, ge=0, le=1, description="Digital divide at the start")
    tier: dict[str, TierName] = Field(default={}, description="Its tier in the export policy of a bloc")
    member_of: list[str] | None = Field(default=None, description="Blocs it belongs to at the start")

    def number(self, attribute: str) -> float | None:
        """Return what is stated of an attribute of the country itself; None if nothing is."""
        stated: float | None = getattr(self, attribute)
        return stated

    def by_bloc(self, attribute: str) -> dict[str, float]:
        """Return what is stated of an attribute that a country has towards each bloc, by bloc."""
        stated: dict[str, float] = getattr(self, attribute)
        return stated


PER_BLOC_KEYS: tuple[str, ...] = tuple(
    name for name, field in CountryOverride.model_fields.items() if isinstance(field.default, dict)
)
"""Keys of a country under which each bloc has a value of its own."""


class Scenario(Section):
    """A future to be simulated: blocs, rules, behaviour, what happens when, and what is uncertain."""

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Show what tells it from others; all of it is in ``model_dump()``."""
        yield "name", self.name
        yield "blocs", tuple(self.blocs)
        yield "horizon", f"{self.horizon.start} to {self.horizon.end}"
        yield "timeline", f"{len(self.timeline)} entries"

    name: Token = Field(description="Short name")
    description: str = Field(default="", description="What this scenario assumes, in a sentence")
    question: str = Field(default="", description="The question it is meant to answer")
    look_at: str = Field(default="", description="What to look at in the result")
    references: list[str] = Field(default=[], description="Sources for the scenario as a whole")
    sources: dict[str, str] = Field(default={}, description="Where a value comes from, by parameter name")
    seed: int = Field(
        default=1, ge=0, le=MAX_SEED, description="Seed of all draws, unless a command gives another"
    )
    horizon: Horizon = Field(default=Horizon(), description="Time covered")
    estimate: EstimateDay = Field(
        default="2025-07-25",
        description="Last day of the records that members: evidence and the coefficients rest on: 2025-07-25 or 2026-10-09",
    )
    world: str | None = Field(
        default=None, description="Folder with a world of your own, relative to this file"
    )
    blocs: dict[Token, Bloc] = Field(
        min_length=1, max_length=MAX_BLOCS, description="The blocs, one to three"
    )
    rules: Rules = Field(default=Rules(), description="Variants of the theory")
    leaders: LeaderModes = Field(
        default="scheduled", description="How leaders act: all in one way or by bloc"
    )
    behaviour: Behaviour = Field(default=Behaviour(), description="How countries decide")
    chips: Chips = Field(default=Chips(), description="The chip market")
    divide: Divide = Field(default=Divide(), description="Digital divides")
    organizations: Organizations = Field(
        default=Organizations(), description="How organizations open, are signed and come into force"
    )
    peers: Peers = Field(default=Peers(), description="Peers")
    countries: dict[str, CountryOverride] = Field(
        default={}, description="Changes for a country (KEN), region:..., income:..., club:..."
    )
    timeline: list[Entry] = Field(default=[], description="What happens when")
    uncertainties: Uncertainties = Field(default=Uncertainties(), description="What is drawn per run")

    @property
    def titles(self) -> dict[str, str]:
        """Names of the blocs that state one, by key; one that two blocs state tells neither and is left out."""
        stated = [bloc.title for bloc in self.blocs.values()]
        return {
            name: bloc.title
            for name, bloc in self.blocs.items()
            if bloc.title and stated.count(bloc.title) == 1
        }
