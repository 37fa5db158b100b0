"""What the page's sentences say in French: whole sentences, French numbers and names, no English left in them."""

import re

import pytest
from hypothesis import given, settings
from test_outcome import COMPARISONS, NAMES
from test_why import explanations

from sim.labels.dates import day_words
from sim.labels.events import acts_of, course_text
from sim.labels.glossary import terms
from sim.labels.levers import full_label, lever_heading, lever_label, search_words
from sim.labels.shares import few_futures
from sim.labels.terms import admission_text, because_text, market_text, term_words
from sim.plausibility import check_scenario, lines_of
from sim.registry.columns import registry
from sim.registry.terms import TERMS
from sim.report.acts import latest_acts
from sim.report.outcome import Background, outcome_sentences
from sim.report.why import standing, why_bloc
from sim.scenario.library import library
from sim.scenario.loader import load
from sim.scenario.stories import GROUPS
from sim.sensitivity.lever_card import card_of
from sim.sensitivity.levers import levers_of
from sim.words import LANGUAGES, speaking, spoken, tr
from tools import words

ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|with|would|which|members?|states|in|is|are|by|from|to|its|it|has|have|than|not|for|a year)\b"
)
CODE = re.compile(
    r"`[^`]*`|\{[^}]*\}|[a-z0-9]+(?:-[a-z0-9]+)+|\w+(?:\.\w+)+|\w*_\w*|\b[a-z]+: [a-z]+\b|\[.*\]"
)
"""What stays as it is in any language: code, values, names of scenarios, checks and parameters."""


def english_in(text):
    return ENGLISH_WORDS.findall(CODE.sub("", text))


def test_english_is_found():
    assert english_in("Le bloc of the membres") == ["of", "the"]
    assert english_in("voir us-exclusivity, blocs.us.aid_budget, {the_n} et `the page`") == []


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"en"}))
def test_no_word_of_a_catalog_is_left_in_english(code):
    found = words.written(code)
    left = {
        text: said
        for message in found
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string)
        if (said := english_in(text))
    }
    assert left == {}


def test_long_texts_differ_from_the_english_ones():
    same = [
        message.id
        for message in words.written("fr")
        if isinstance(message.id, str) and message.id == message.string and len(message.id.split()) > 3
    ]
    assert [text for text in same if re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", CODE.sub("", text))] == []


def test_labels_and_evidence_of_every_lever_are_french():
    scenario = load("baseline").scenario
    with speaking("fr"):
        for one in registry(("us", "china")):
            said = (
                full_label(one.name),
                lever_label(one.name),
                lever_heading(one.name),
                tr(one.description),
                tr(one.unit),
            )
            assert not [text for text in said if english_in(text)], one.name
        for lever in levers_of(("us", "china")):
            for rest in card_of(lever, scenario):
                assert not english_in(f"{rest.source} {rest.test} {tr(rest.grade)}"), rest
        assert full_label("blocs.us.access.tier2") == (
            "Conduit par les États-Unis\u00a0: Puces pour les membres, niveau 2"
        )
        assert "dons" in search_words("grant_share")
        assert "gifts" in search_words("grant_share")


def test_a_scenario_and_what_is_doubted_of_it_are_french():
    for name in library():
        loaded = load(name)
        with speaking("fr"):
            scenario = loaded.scenario
            texts = [
                " ".join(text.split()) for text in (scenario.question, scenario.description, scenario.look_at)
            ]
            said = [
                *map(tr, texts), *lines_of(map(spoken, loaded.notes), check_scenario(loaded)),
                *(act for entry in scenario.timeline for act in acts_of(entry, scenario.titles, {})),
                *(course_text(entry) for entry in scenario.timeline),
            ]  # fmt: skip
            assert not [text for text in said if english_in(text)], name


def test_a_country_stands_where_it_stands_in_french():
    with speaking("fr"):
        said = latest_acts(load("baseline").scenario, "us", "KEN")
        assert said.startswith("5 actes de ce côté à ce jour\u00a0: ")
        assert day_words("2024-05-02") == "2 mai 2024"
        assert "2 mai 2024" in said
        assert market_text(2500.0, 1250.0) == (
            "Il pourrait utiliser 2\u202f500 H100e par an et en obtient 1\u202f250 sans adhérer à aucun bloc, soit "
            "50\u00a0% de son besoin."
        )
        assert admission_text(tr("The {bloc} bloc", bloc="X"), 0.0, 0.0, 0.25, 0.055, 0.0) == (
            "Le bloc X lui ouvre une période des fondateurs dans 25\u00a0% des futurs et met en demeure un État membre "
            "de deux blocs avec une probabilité de 5,5\u00a0% par an."
        )
        assert because_text({"grants for members": -0.256}, 0.0) == "Dons pour les membres -0,26"
        assert few_futures(5).startswith("Les bandes de 5 futurs")
        assert [term for term in TERMS if english_in(term_words(term.name) + tr(term.text))] == []


def test_the_glossary_and_the_groups_of_stories_are_french():
    with speaking("fr"):
        for term in terms():
            said = [tr(text) for text in (term.name, term.meaning, term.example, term.written_forms)]
            assert not [text for text in said if english_in(text)], term.name
            assert said[1] != term.meaning
        assert not [group for group in GROUPS if english_in(tr(group)) or tr(group) == group]


@settings(max_examples=40)
@given(COMPARISONS)
def test_what_came_of_a_change_is_told_in_french_whoever_computed_it(found):
    background = Background(
        alone=(("Dons 1", found), ("Dons 2", found)), because=tr("no capacity programme is offered")
    )
    made = outcome_sentences(found, NAMES, ["Dons 1", "Dons 2"], background)
    with speaking("fr"):
        own = outcome_sentences(found, NAMES, ["Dons 1", "Dons 2"], background)
        assert tuple(map(spoken, made)) == own
    assert own[0].startswith("Dons 1 et Dons 2\u00a0: ")
    assert not [text for text in own if english_in(text) or re.search(r"\d\.\d", text)]


@settings(max_examples=40)
@given(explanations())
def test_why_a_country_stands_there_is_told_in_french(found):
    with speaking("fr"):
        said = [standing(found), *(text for bloc in found.blocs for text in why_bloc(found, bloc).sentences)]
    assert said[0].startswith("Fin 2031, Kenya\u00a0: ")
    assert not [text for text in said if english_in(text) or re.search(r"\d\.\d", text)]
