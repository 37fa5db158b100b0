"""The language of a visit: asked for in the address, handed to the browser, kept apart from that of others."""

import json
import math
import re

import pytest

from sim.dashboard.page.event_fields import typed_number
from sim.dashboard.page.reality import scoreboard
from sim.dashboard.spoken import language_of, reader, speak
from sim.dashboard.widgets import LanguageLinks
from sim.dashboard.widgets.scripts import script, words_script
from sim.report.scoreboard import score_rows
from sim.words import LANGUAGES, language, messages_of, speaking

LINKS = "sim/dashboard/widgets/languages.js"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "en"), ("lang=fr", "fr"), ("seed=2&lang=fr&tab=flows", "fr"), ("lang=en", "en"), ("lang=xx", "en"),
        ("lang=fr&lang=xx", "fr"), ("lang", "en"), ("reference=lang%3Dfr", "en"),
    ],
)  # fmt: skip
def test_the_address_names_the_language(query, code):
    assert language_of(query) == code


def test_outside_of_a_visit_nothing_is_kept():
    speak("fr")
    assert (reader(), language()) == ("", "en")


def test_a_widget_is_handed_the_words_of_its_own_files_in_the_language_of_its_reader():
    english = LanguageLinks()._esm
    with speaking("fr"):
        french = LanguageLinks()._esm
    assert "Langue de la page" in french
    assert 'SPOKEN = "fr"' in french
    assert "Langue de la page" not in english
    assert "SAID = {}" in english
    assert "Langue de la page" not in script(("common.js",))
    assert LanguageLinks()._esm == english


def test_things_that_are_counted_have_both_forms():
    said = messages_of("fr", {LINKS})
    assert said["Language of the page"] == "Langue de la page"
    assert messages_of("en", {LINKS}) == {}
    with speaking("fr"):
        constants = re.findall(r"const SAID = (.*);", words_script(("languages.js",)))
    assert json.loads(constants[0]) == said


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("en", "1,234.5", 1234.5), ("en", "−0.25", -0.25), ("fr", "1\u202f234,5", 1234.5), ("fr", "1234.5", 1234.5),
        ("fr", "-0,2450", -0.245),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_reader_writes_them(code, text, number):
    with speaking(code):
        assert typed_number(text) == number


def test_every_panel_of_the_evidence_can_be_made_in_every_language():
    board = scoreboard()
    for code in LANGUAGES:
        with speaking(code):
            for _, _, _, questions, yes, _, log, gap in score_rows(board):
                for text in (questions, yes, log, gap.text):
                    assert math.isfinite(typed_number(text))
