"""The facilitator's guide names buttons, questions, stories and teams as the page has them, and its minutes add up."""

import re

import pytest
from script_modules import DOCS

from sim.dashboard.questions.library import questions
from sim.scenario.library import library
from sim.scenario.loader import load
from sim.scenario.selectors import select
from tools.words import said_in_code

TEXT = (DOCS / "facilitator.md").read_text(encoding="utf-8")
PARTS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
SESSIONS = {name: int(name.split()[0]) for name in PARTS if " minutes: " in name}


@pytest.mark.parametrize("name", SESSIONS)
def test_the_minutes_of_a_session_follow_each_other_and_add_up(name):
    spans = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)–(\d+) \|", PARTS[name], re.MULTILINE)]
    assert spans[0][0] == 0
    assert spans[-1][1] == SESSIONS[name]
    assert [end for _, end in spans[:-1]] == [begin for begin, _ in spans[1:]]


def test_there_is_a_short_session_and_a_long_one():
    assert sorted(SESSIONS.values()) == [45, 90]


@pytest.mark.parametrize("name", SESSIONS)
def test_buttons_and_questions_are_those_of_the_page(name):
    said, titles = said_in_code(), {one.title.rstrip(".") for one in questions().values()}
    buttons = [
        re.sub(r"\d+", "{n}", words).rstrip(".") for words in re.findall(r"\*\*(.+?)\*\*", PARTS[name])
    ]
    asked = [words.rstrip(".") for words in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", PARTS[name])]
    assert buttons
    assert asked
    assert [words for words in buttons if words not in said] == []
    assert [words for words in asked if words not in titles] == []


def test_stories_teams_and_events_are_there():
    rows = re.findall(r"^\| [^|]+ \| ([^|]*`[^|]*) \|", PARTS["Which story suits"], re.MULTILINE)
    assert rows
    for row in rows:
        names = re.findall(r"`([^`]+)`", row)
        stories = [name for name in names if name in library()]
        assert stories, row
        entries = {entry.name for name in stories for entry in load(name).scenario.timeline}
        for name in names:
            if ":" in name:
                assert len(select(load(stories[0]).world, name)), name
            else:
                assert name in library() or name in entries, name
