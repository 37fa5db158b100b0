"""The scenario language as typed models: what a YAML file may hold, with bounds, units and meaning."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticKnownError

from sim.calibration.dates import CUTOFFS
from sim.registry.attributes import ATTRIBUTES
from sim.registry.fields import Section
from sim.registry.parameters import (
    RULES,
    TIERS,
    AidRule,
    Behaviour,
    BlocParameters,
    Chips,
    Coefficients,
    Divide,
    Organizations,
    PeerWeights,
)
from sim.scenario.quarters import parse_quarter, quarter_time

MAX_BLOCS = 3
MAX_STEPS = 400
MAX_SEED = 2**32 - 1
"""Seeds are 0 to this, everywhere."""
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def _quarter_text(text: str) -> str:
    parse_quarter(text)
    return text


def is_token(text: str) -> bool:
    """Tell whether a text can be a name: letters, digits, - and _ only, up to 64, the first no sign."""
    return TOKEN.fullmatch(text) is not None


def _token(text: str) -> str:
    if not is_token(text):
        raise ValueError(f"{text!r} is not a name: letters, digits, - and _ only, up to 64")
    return text


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


WORD, LIST, MAP = "<word>", "<list>", "<map>"
"""Branches of a value that is a word or a list or a mapping: messages speak of the branch that was meant."""


QuarterText = Annotated[
    str,
    AfterValidator(_quarter_text),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}(Q[1-4]|-[0-9]{2}-[0-9]{2})$"}),
]
Token = Annotated[
    str, AfterValidator(_token), WithJsonSchema({"type": "string", "pattern": f"^{TOKEN.pattern}$"})
]
TextList = Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
RuleName = Literal["logit", "best_response", "threshold", "landscape"]
TierName = Literal["tier1", "tier2", "tier2_licence", "tier3"]
LeaderMode = Literal["scheduled", "responsive"]
EstimateDay = Annotated[Literal["2025-07-25", "2026-10-09"], BeforeValidator(_as_text)]
Membership = Annotated[
    Annotated[Literal["evidence", "signatories", "none"], Tag(WORD)] | Annotated[list[str], Tag(LIST)],
    Discriminator(lambda value: LIST if isinstance(value, list) else WORD),
]
LeaderModes = Annotated[
    Annotated[LeaderMode, Tag(WORD)] | Annotated[dict[str, LeaderMode], Tag(MAP)],
    Discriminator(lambda value: MAP if isinstance(value, dict) else WORD),
]
assert get_args(RuleName) == RULES
assert get_args(TierName) == TIERS
assert get_args(get_args(EstimateDay)[0]) == tuple(map(str, CUTOFFS))

OPENS, IN_FORCE, DISSOLVES = "opens", "in_force", "dissolves"
WORDS: dict[str, str] = {OPENS: "opening", IN_FORCE: "in_force", DISSOLVES: "dissolved"}
"""Keys of an entry that name a bloc, and the parameter of the bloc that each sets to 1."""
VERBS: tuple[str, ...] = ("set", "add", "scale")
"""Keys of an entry that hold parameters and numbers."""


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


class Entry(Section):
    """One dated entry of the timeline.

    A random entry has a ``chance`` at its date, a ``probability`` a year from its date on, or a ``median`` counted
    from ``after``.
    """

    name: Token | None = Field(
        default=None, description="Short name, so that a child scenario can replace or drop the entry"
    )
    after: QuarterText | None = Field(
        default=None,
        description="Random date: it may happen from then on, ever more likely (Weibull, shape 2)",
    )
    median: QuarterText | None = Field(
        default=None, description="Random date: half of the futures have it by then"
    )
    date: QuarterText | None = Field(
        default=None,
        validate_default=True,
        description="When it begins (a date or a quarter); after and median in its place for a random date",
    )
    opens: Token | None = Field(
        default=None,
        description="Bloc whose founders' window is open, from the date until the end; without an end for one quarter",
    )
    in_force: Token | None = Field(
        default=None, description="Bloc whose organization is in force from then on"
    )
    dissolves: Token | None = Field(default=None, description="Bloc that is dissolved for good")
    set: dict[str, float] = Field(default={}, description="Parameters and the values they take")
    add: dict[str, float] = Field(default={}, description="Parameters and what is added to them")
    scale: dict[str, float] = Field(default={}, description="Parameters and what they are multiplied by")
    over: int = Field(default=0, ge=0, le=200, description="Quarters of a ramp; 0 = at once")
    until: QuarterText | None = Field(
        default=None, description="When it ends and the parameters return; none = for good"
    )
    lasts: int | None = Field(default=None, ge=1, le=400, description="Quarters it lasts; for random events")
    probability: float | None = Field(
        default=None, ge=0, le=1, description="Random event: probability per year from its date on"
    )
    chance: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Random event: chance that it happens at its date; else it never does",
    )
    by: QuarterText | None = Field(
        default=None, description="Random event or date: last quarter in which it may happen"
    )
    attention: float = Field(
        default=0, ge=0, le=1, description="Probability that it makes a country reconsider at once"
    )
    concerns: TextList = Field(
        default=[], description="Whose attention it raises (selectors); empty = all countries"
    )
    reference: str = Field(min_length=1, description="Source, or 'assumption'")

    @field_validator("date")
    @classmethod
    def _has_a_beginning(cls, date: str | None, info: ValidationInfo) -> str | None:
        if date is None and not any(info.data.get(key) for key in ("after", "median")):
            raise PydanticKnownError("missing")
        return date

    @property
    def begins(self) -> str:
        """The date, or what stands in its place: the day after which its random date lies."""
        begins = self.date or self.after
        assert begins is not None
        return begins

    @property
    def is_random(self) -> bool:
        """Whether some futures have it and others have it at another time, or never."""
        return self.probability is not None or self.chance is not None or self.median is not None

    @property
    def words(self) -> dict[str, str]:
        """Parameter that each of ``opens``, ``in_force`` and ``dissolves`` sets to 1, by key; only those that are given."""
        named = {word: getattr(self, word) for word in WORDS}
        return {word: f"blocs.{bloc}.{WORDS[word]}" for word, bloc in named.items() if bloc is not None}

    def changes(self, verb: str) -> dict[str, float]:
        """Return parameters and numbers under ``set``, ``add`` or ``scale``; ``set`` holds what the words set, too."""
        stated: dict[str, float] = getattr(self, verb)
        return {**dict.fromkeys(self.words.values(), 1.0), **stated} if verb == "set" else stated

    @model_validator(mode="after")
    def _sensible(self) -> Entry:
        if not (self.set or self.add or self.scale or self.attention or self.words):
            raise ValueError(
                "an entry must set, add to or scale something, raise attention, or open, bring into force or dissolve a bloc"
            )
        self._check_time()
        self._check_chance()
        self._check_words()
        return self

    def _check_time(self) -> None:
        if self.after is not None and self.date is not None:
            raise ValueError("after takes the place of date; give one of them")
        if (self.after is None) != (self.median is None):
            raise ValueError(
                "a random date needs after (from when it may happen) and median (by when half of the futures have it)"
            )
        if (
            self.after is not None
            and self.median is not None
            and quarter_time(self.median) <= _beginning(self.after)
        ):
            raise ValueError(f"median ({self.median}) must come after {self.after}")
        if self.until is not None and parse_quarter(self.until) <= parse_quarter(self.begins):
            raise ValueError(f"until ({self.until}) must come after date ({self.begins})")
        if self.until is not None and (
            self.lasts is not None or self.probability is not None or self.median is not None
        ):
            raise ValueError("use until for a dated end, lasts for a number of quarters or a random event")

    def _check_chance(self) -> None:
        given = [name for name in ("probability", "chance", "median") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(
                f"{' and '.join(given)} contradict each other: probability is a year's, chance is at the date, median is of a "
                "random date"
            )
        if self.by is not None and self.chance is not None:
            raise ValueError("by does not go with chance: it happens at its date or never")
        if self.by is not None and not given:
            raise ValueError("by is for random events; give a probability per year too")
        if self.by is not None and parse_quarter(self.by) < parse_quarter(self.begins):
            raise ValueError(f"by ({self.by}) must not come before date ({self.begins})")

    def _check_words(self) -> None:
        for word, path in self.words.items():
            if any(path in getattr(self, verb) for verb in VERBS):
                raise ValueError(f"{word} sets {path} already; say it once")
        if self.dissolves is not None and self.dissolves in (self.opens, self.in_force):
            raise ValueError(f"an entry cannot dissolve {self.dissolves} and open it or bring it into force")
        if (self.in_force or self.dissolves) and (self.until is not None or self.lasts is not None):
            word = IN_FORCE if self.in_force else DISSOLVES
            raise ValueError(
                f"{word} is for good; for a time, write set: {{{self.words[word]}: 1}} in an entry with an end"
            )
        if self.words and self.over and not (self.set or self.add or self.scale):
            raise ValueError(f"over is a ramp of set, add and scale; {', '.join(self.words)} acts at once")


def _beginning(text: str) -> float:
    """Return the first moment of a date or a quarter on the axis of quarters."""
    return float(parse_quarter(text)) if "Q" in text else quarter_time(text)


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
