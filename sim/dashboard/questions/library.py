"""The guided questions: those of ``questions.toml``, and those of a file of the user's, each checked when it is read."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.calibration.initiatives import LATER_INITIATIVES
from sim.errors import InputError, Problem, did_you_mean
from sim.inputs.memberships import NON_ALIGNED
from sim.scenario.library import library
from sim.scenario.loader import load
from sim.scenario.schema import Scenario
from sim.sensitivity.levers import Lever, find_levers, levers_of

OWN = Path(__file__).with_name("questions.toml")
SEVERAL = "several"
"""Outcome: the states that are in two blocs or more."""
LEAST, MOST = "least", "most"
MOST_QUESTIONS = 100
FORECASTS = tuple(item.id for item in LATER_INITIATIVES if item.estimate == "target")
"""Lists of which there is a frozen forecast, and of which it is known who joined."""


class Reading(BaseModel):
    """Something to read: its name, and its address if it has one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    address: Annotated[str, Field(pattern=r"^https?://\S+$")] = ""


class Question(BaseModel):
    """A guided question.

    Attributes
    ----------
    name : in the address of the page
    title, text : in a few words, and as it is asked
    notice : what to notice once the answer is there; states no number, since numbers are computed
    scenario : story of the library that is asked about; levers : front levers or parameters that are moved in it, each to
        ``"least"``, ``"most"`` or a number in its unit
    against : story that it is set against; "" = the same story without the levers, or the baseline
    outcome : a bloc with all its members, ``several`` or ``non_aligned``; of : its ``change``, or its ``level``
    forecast : in place of all these, a list whose frozen forecast is set against what happened
    range : ends of the slider, number of states
    reading : what to read beside the sources of the scenario
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    title: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=600)
    notice: str = Field(min_length=1, max_length=800)
    scenario: str = "baseline"
    levers: dict[str, float | Literal["least", "most"]] = {}
    against: str = ""
    outcome: str = ""
    of: Literal["change", "level"] = "change"
    forecast: str = ""
    range: tuple[int, int] = Field(default=(-50, 50), strict=False)
    reading: tuple[Reading, ...] = Field(default=(), strict=False)


@dataclass(frozen=True)
class MovedLever:
    """A lever of a question, and where it stands: a position of its range from 0 to 1."""

    lever: Lever
    position: float


def moved_levers(question: Question) -> tuple[MovedLever, ...]:
    """Return the levers that a question moves."""
    blocs = tuple(load(question.scenario).scenario.blocs)
    return tuple(_moved(name, at, blocs) for name, at in question.levers.items())


def _moved(name: str, at: float | str, blocs: tuple[str, ...]) -> MovedLever:
    """Return one lever at its place. Raises InputError if there is none, or the place is outside its range."""
    found = find_levers(levers_of(blocs), name)
    if len(found) > 1:
        raise InputError(f"lever {name!r} is one of several; allowed: {', '.join(one.name for one in found)}")
    lever, first = found[0], found[0].settings[0]
    if isinstance(at, str):
        return MovedLever(lever, 1.0 if at == MOST else 0.0)
    if not first.low <= at <= first.high:
        raise InputError(f"lever {name!r} is {at:g}; allowed: {first.low:g} to {first.high:g} {first.unit}")
    return MovedLever(lever, (at - first.low) / (first.high - first.low))


_added: list[Path] = []


def add_questions(file: Path) -> None:
    """Add the questions of a file behind those of the library.

    Raises
    ------
    InputError
        If it cannot be read, or a question of it cannot be asked: all mistakes at once.
    """
    _added.append(file)
    questions.cache_clear()
    try:
        questions()
    except InputError:
        _added.remove(file)
        questions.cache_clear()
        raise


@cache
def questions() -> dict[str, Question]:
    """Return all questions by name: those of the library, then added ones.

    Raises
    ------
    InputError
        As `read_questions`, or if two have the same name.
    """
    found: dict[str, Question] = {}
    for file in (OWN, *_added):
        for one in read_questions(file):
            if one.name in found:
                raise InputError(
                    Problem(f"there is a question {one.name!r} already; choose another name", str(file))
                )
            found[one.name] = one
    return found


def read_questions(file: Path) -> tuple[Question, ...]:
    """Return the questions of a TOML file, in its order.

    Raises
    ------
    InputError
        If it cannot be read, or a question of it cannot be asked: all mistakes at once, each with what is allowed.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror or error}", str(file))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"is no TOML file: {error}", str(file))) from None
    problems = list(_of_file(data))
    entries = _entries(data)
    for number, entry in enumerate(entries, 1):
        problems += _of_question(entry, number)
    if problems:
        raise InputError([Problem(message, str(file)) for message in problems])
    return tuple(Question.model_validate(entry) for entry in entries)


def _of_file(data: Mapping[str, Any]) -> Iterator[str]:
    for key in data:
        if key != "question":
            yield f"{key} is not a known key{did_you_mean(key, ['question'])}; questions stand under [[question]]"
    entries = _entries(data)
    if not entries:
        yield "there is no question; each begins with a line [[question]]"
    if len(entries) > MOST_QUESTIONS:
        yield f"there are {len(entries)} questions; at most {MOST_QUESTIONS} are allowed"
    names = Counter(str(one["name"]) for one in entries if "name" in one)
    for name, times in names.items():
        if times > 1:
            yield f"{times} questions are called {name!r}; each needs a name of its own"


def _entries(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what stands under ``[[question]]``; nothing if anything else does."""
    found = data.get("question")
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else ()


def _of_question(entry: Mapping[str, Any], number: int) -> Iterator[str]:
    """Yield what is wrong with one question."""
    called = f"question {entry.get('name') or number}"
    try:
        question = Question.model_validate(entry)
    except ValidationError as error:
        yield from dict.fromkeys(f"{called}: {_message(one)}" for one in error.errors(include_url=False))
        return
    for message in _of_names(question):
        yield f"{called}: {message}"


def _message(error: Mapping[str, Any]) -> str:
    place = [str(part) for part in error["loc"] if part not in ("float", "literal['least','most']")]
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        return f"{key} is not a known key{did_you_mean(place[-1], Question.model_fields)}"
    if error["type"] == "missing":
        return f"{key} is missing"
    if key.startswith("levers"):
        return f'{key} is {error["input"]!r}; allowed: "least", "most" or a number in its unit'
    if key == "name":
        return f"name is {error['input']!r}; allowed: up to forty small letters, digits and hyphens"
    return f"{key}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _of_names(question: Question) -> Iterator[str]:
    """Yield what a question names that is not there."""
    known = library()
    low, high = question.range
    if not low < high:
        yield f"range is {low} to {high}; the first must be below the second"
    unknown = [name for name in (question.scenario, question.against) if name and name not in known]
    for name in unknown:
        yield f"there is no scenario {name!r} in the library{did_you_mean(name, known)}"
    if unknown:
        return
    if question.forecast:
        yield from _of_forecast(question)
        return
    scenario = load(question.scenario).scenario
    yield from _of_outcome(question, scenario)
    for name, at in question.levers.items():
        try:
            _moved(name, at, tuple(scenario.blocs))
        except InputError as error:
            yield str(error)
    if question.of == "change":
        yield from _of_reference(question, scenario)


def _of_forecast(question: Question) -> Iterator[str]:
    if question.forecast not in FORECASTS:
        yield (
            f"there is no forecast of a list {question.forecast!r}{did_you_mean(question.forecast, FORECASTS)}; "
            f"allowed: {', '.join(FORECASTS)}"
        )
    extra = [key for key in ("outcome", "levers", "against", "of") if key in question.model_fields_set]
    if extra:
        yield f"forecast stands alone; leave out {', '.join(extra)}"


def _of_outcome(question: Question, scenario: Scenario) -> Iterator[str]:
    allowed = (*scenario.blocs, SEVERAL, NON_ALIGNED)
    if not question.outcome:
        yield f"outcome or forecast is missing; outcomes are {', '.join(allowed)}"
    elif question.outcome not in allowed:
        hint = did_you_mean(question.outcome, allowed)
        yield f"there is no outcome {question.outcome!r}{hint}; allowed: {', '.join(allowed)}"


def _of_reference(question: Question, scenario: Scenario) -> Iterator[str]:
    against = against_of(question)
    if against == question.scenario and not question.levers:
        yield "nothing is changed; name levers, another scenario, or of = 'level'"
        return
    other = load(against).scenario
    if (tuple(other.blocs), other.horizon) != (tuple(scenario.blocs), scenario.horizon):
        yield f"{question.scenario} cannot be set against {against}, which has other blocs or quarters; use of = 'level'"


def against_of(question: Question) -> str:
    """Return the story that a question is set against."""
    return question.against or (question.scenario if question.levers else "baseline")
