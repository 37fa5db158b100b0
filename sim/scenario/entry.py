"""One dated entry of a timeline, as a scenario file states it."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticKnownError

from sim.registry.fields import Section
from sim.scenario.quarters import parse_quarter, quarter_time
from sim.scenario.values import DISSOLVES, IN_FORCE, VERBS, WORDS, QuarterText, TextList, Token


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
