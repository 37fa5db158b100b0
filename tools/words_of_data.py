"""Texts of data that the page speaks: the glossary, the library of scenarios, the registry, the world, guided questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import get_args

from sim.calibration.drawn import DRAWN, FROM_PRIOR, Grade
from sim.dashboard.questions.library import questions
from sim.labels.events import name_words
from sim.labels.glossary import terms
from sim.labels.levers import lever_label
from sim.labels.terms import TERM_WORDS
from sim.labels.units import unit_words
from sim.plausibility.finding import GRADES
from sim.registry.attributes import ATTRIBUTES
from sim.registry.columns import registry
from sim.registry.parameters import RULES, TIERS
from sim.registry.terms import TERMS
from sim.scenario.library import library
from sim.scenario.loader import load
from sim.sensitivity.lever_conditions import Cause
from sim.world import load_world
from sim.world.columns import COLUMNS, INCOME_GROUPS
from sim.world.record import KINDS

_TEXTS_OF_TERM = ("text", "words", "unit")


def said_in_data() -> Iterator[tuple[str, str]]:
    """Yield every text of the data that the page speaks, with the file it stands in."""
    for found in (_glossary(), _scenarios(), _registry(), _evidence(), _world(), _questions()):
        yield from ((file, text) for file, text in found if text)


def _glossary() -> Iterator[tuple[str, str]]:
    for term in terms():
        for text in (term.name, term.meaning, term.example, term.written_forms):
            yield "sim/labels/glossary.toml", text


def _scenarios() -> Iterator[tuple[str, str]]:
    for name in library():
        scenario, file = load(name).scenario, f"scenarios/{name}.yaml"
        for text in (scenario.question, scenario.description, scenario.look_at):
            yield file, " ".join(text.split())
        for bloc in scenario.blocs.values():
            yield file, bloc.title or ""
        for entry in scenario.timeline:
            yield file, name_words(entry.name) if entry.name else ""


def _registry() -> Iterator[tuple[str, str]]:
    for one in registry(("us",)):
        for text in (lever_label(one.name), one.description, one.unit, one.group, one.basis):
            yield "sim/registry/parameters.py", text
        yield "sim/registry/parameters.py", one.unit.removesuffix("/year")
        yield "sim/registry/parameters.py", unit_words(one.unit)[0]
        yield "sim/registry/parameters.py", one.basis.removeprefix("judgement: ")
    for tier in TIERS:
        yield "sim/registry/parameters.py", tier
    for rule in RULES:
        yield "sim/registry/parameters.py", rule.replace("_", " ")
    for attribute in ATTRIBUTES:
        yield "sim/registry/attributes.py", attribute.name.replace("_", " ")
        yield "sim/registry/attributes.py", attribute.text
    for term in TERMS:
        for text in (
            *(getattr(term, one.name) for one in fields(term) if one.name in _TEXTS_OF_TERM),
            *term.high_low,
        ):
            yield "sim/registry/terms.py", text
    for text in TERM_WORDS.values():
        yield "sim/registry/terms.py", text


def _evidence() -> Iterator[tuple[str, str]]:
    for drawn in DRAWN.values():
        for text in (drawn.source, drawn.test):
            yield "sim/calibration/drawn.py", text
    for text in (*FROM_PRIOR.values(), *get_args(Grade)):
        yield "sim/calibration/drawn.py", text
    for text in get_args(Cause):
        yield "sim/sensitivity/lever_conditions.py", text
    for grade in GRADES:
        yield "sim/plausibility/finding.py", grade


def _world() -> Iterator[tuple[str, str]]:
    for name in load_world().names:
        yield "sim/world/tables", name
    for column in COLUMNS:
        for text in (column.description, column.unit):
            yield "sim/world/columns.py", text
    for kind in KINDS:
        yield "sim/world/record.py", kind
    for group in INCOME_GROUPS:
        yield "sim/world/columns.py", group.replace("_", " ")


def _questions() -> Iterator[tuple[str, str]]:
    for one in questions().values():
        for text in (one.title, one.text, one.notice, *(reading.name for reading in one.reading)):
            yield "sim/dashboard/questions/questions.toml", text
