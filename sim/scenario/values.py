"""Kinds of values in the scenario language: names, quarters, words and lists."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, WithJsonSchema

from sim.calibration.dates import CUTOFFS
from sim.registry.parameters import RULES, TIERS
from sim.scenario.quarters import parse_quarter

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
