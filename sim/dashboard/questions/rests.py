"""What the answer to a question rests on: the parameters that it changes, their evidence, and the sources to read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sim.calibration.dates import TODAY
from sim.calibration.participation import load_participation
from sim.dashboard.compose import BuiltScenario, base_of, original
from sim.dashboard.questions.library import Question, Reading, against_of, moved_levers
from sim.dashboard.state import Future
from sim.labels.dates import day_words
from sim.registry.columns import Parameter
from sim.registry.terms import TERM_BY_NAME
from sim.scenario.entry import Entry
from sim.scenario.schema import Scenario
from sim.scenario.values import VERBS
from sim.sensitivity.lever_card import Rest, rest_of
from sim.sensitivity.lever_evidence import ORDER, acts_through, evidence_of
from sim.sensitivity.levers import OPENING, Lever, Setting
from sim.world.record import addresses, sources

MOST_NAMED = 2
"""Sources named for a column at most: those with most of its values."""
_WINDOWS = {"opens": OPENING, "in_force": "in_force"}


def changed_levers(question: Question) -> tuple[Lever, ...]:
    """Return what a question changes: the levers that it moves, and every parameter in which its story differs."""
    if question.forecast:
        return ()
    story, against = (original(Future(name)).scenario for name in (question.scenario, against_of(question)))
    known = {parameter.name: parameter for parameter in base_of(Future(question.scenario)).parameters}
    paths = dict.fromkeys([*_differing(question), *_changed_paths(story, against)])
    moved = tuple(one.lever for one in moved_levers(question))
    return (*moved, *(_as_lever(known[path]) for path in paths if path in known))


def _differing(question: Question) -> Iterator[str]:
    """Yield parameters that have another value as the futures begin."""
    now, before = (base_of(Future(name)).inputs for name in (question.scenario, against_of(question)))
    stated = original(Future(question.scenario)).scenario.sources
    for path, column in now.columns.items():
        there = before.columns.get(path)
        if path in stated if there is None else now.params[column] != before.params[there]:
            yield path  # of a bloc that the other has not: what the story says of it


def _changed_paths(story: Scenario, against: Scenario) -> Iterator[str]:
    """Yield what the entries set that only one of two stories has."""
    for entry in own_entries(story, against) + own_entries(against, story):
        for verb in VERBS:
            yield from entry.changes(verb)
        for key, last in _WINDOWS.items():
            if bloc := getattr(entry, key):
                yield f"blocs.{bloc}.{last}"


def own_entries(story: Scenario, against: Scenario) -> list[Entry]:
    """Return the entries of a story's timeline that another one does not have."""
    return [entry for entry in story.timeline if entry not in against.timeline]


def _as_lever(parameter: Parameter) -> Lever:
    low, high, _ = parameter.slider or (parameter.low, parameter.high, 0.0)
    parts = parameter.name.split(".")
    bloc = parts[1] if parts[0] == "blocs" else None
    return Lever(
        parameter.name, "", bloc, (Setting(parameter.name, float(low), float(high), parameter.unit),)
    )


def grade_of_question(question: Question) -> str:
    """Return the grade of the weakest weight through which a question's changes act; "" if they act through none."""
    scenario = original(Future(question.scenario)).scenario
    grades = [evidence_of(lever, scenario).grade for lever in changed_levers(question)]
    return max(grades, key=ORDER.index) if grades else ""


def rests_of(question: Question) -> tuple[Rest, ...]:
    """Return what every number through which a question's changes act rests on, each once."""
    scenario = original(Future(question.scenario)).scenario
    names = (name for lever in changed_levers(question) for name in acts_through(lever, scenario))
    return tuple(rest_of(name, scenario) for name in dict.fromkeys(names))


def readings_of(question: Question) -> tuple[Reading, ...]:
    """Return what to read: what the question names, the sources of its story, then those of the data behind its weights."""
    base = base_of(Future(question.scenario))
    found = [*question.reading]
    if question.forecast:
        found += _of_list(question.forecast)
    else:
        found += [Reading(name=text) for text in _sources(question, base)]
        found += _of_data(question, base)
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def _of_list(name: str) -> Iterator[Reading]:
    """Yield the sources of a list's rows, the most used first."""
    known = load_participation(cutoff=TODAY)
    (row,) = (n for n, item in enumerate(known.items) if item.id == name)
    counted = Counter(
        known.source[row, column] for column in range(len(known.iso3)) if known.y[row, column] == 1
    )
    yield from (Reading(name=source) for source, _ in counted.most_common(MOST_NAMED))


def _sources(question: Question, base: BuiltScenario) -> Iterator[str]:
    story, against = base.loaded.scenario, original(Future(against_of(question))).scenario
    for text in story.references:
        if text not in against.references:
            yield _plain(text)
    for entry in own_entries(story, against):
        if entry.reference:
            yield _plain(entry.reference)
    for lever in changed_levers(question):
        for setting in lever.settings:
            if source := story.sources.get(setting.path):
                yield _plain(source)


def _plain(text: str) -> str:
    words = " ".join(text.split())
    return re.sub(r"\d{4}-\d{2}-\d{2}", lambda day: day_words(day[0]), words)


def _of_data(question: Question, base: BuiltScenario) -> Iterator[Reading]:
    """Yield the sources of the columns behind the weights, with their addresses."""
    columns = dict.fromkeys(
        column
        for rest in rests_of(question)
        if (term := TERM_BY_NAME.get(rest.name.rpartition(".")[2])) is not None
        for column in term.columns
    )
    known = addresses()
    for column in columns:
        origins = base.world.origins.get(column, ())
        counted = Counter(one.source for one in origins if one.source in known)
        for source, _ in counted.most_common(MOST_NAMED):
            yield Reading(
                name=f"{sources()[source].publisher}: {sources()[source].dataset}", address=known[source]
            )
