"""Guided questions: each can be asked and answered, states no result by itself, and a wrong file is told what is wrong."""

import re
import tomllib

import pytest

from sim.dashboard.questions import library
from sim.dashboard.questions.address import asked_question, asked_runs, page_address, question_address
from sim.dashboard.questions.answer import (
    Answer,
    answer_of,
    answer_words,
    class_words,
    guess_words,
    start_of,
    state_of,
    verdicts_of,
    what_is_guessed,
)
from sim.dashboard.questions.asked import reasons
from sim.dashboard.questions.library import Question, add_questions, questions, read_questions
from sim.dashboard.questions.rests import changed_levers, grade_of_question, readings_of, rests_of
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import PageState
from sim.dashboard.tasks import Shown, compare_futures
from sim.errors import InputError
from sim.sensitivity.lever_evidence import ORDER
from sim.words import speaking, tr

RUNS = 40
NAMES = tuple(questions())


@pytest.fixture(scope="module")
def shown():
    """Return the result of a question, solved as the page solves it."""
    kept = {}

    def of(question):
        if question.name not in kept:
            state = state_of(question, RUNS)
            now, against = (
                None if future is None else solve(RunRequest(future, RUNS, state.seed))
                for future in (state.future, state.reference)
            )
            kept[question.name] = Shown(now, against, "the reference")
        return kept[question.name]

    return of


def test_there_are_ten_and_each_is_asked_of_something_else():
    assert len(NAMES) == 10
    asked = {(one.scenario, tuple(one.levers), one.outcome, one.forecast) for one in questions().values()}
    assert len(asked) == 10
    assert sum(bool(one.forecast) for one in questions().values()) == 1
    assert any(len(one.levers) > 1 for one in questions().values())


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_an_answer_that_the_slider_reaches(name, shown):
    question = questions()[name]
    answer = answer_of(question, shown(question))
    low, high = question.range
    assert low < answer.value < high
    if question.forecast:
        assert low < answer.forecast < high
        assert answer.value == verdicts_of(question).joined
        return
    assert low <= answer.low < answer.high <= high
    assert 0 <= start_of(question, shown(question)) <= len(shown(question).now.ensemble.inputs.iso3)
    label = what_is_guessed(question, shown(question).now.steps, shown(question).now.titles)
    assert "at the end of 2036" in label


@pytest.mark.parametrize("name", [name for name in NAMES if not questions()[name].forecast])
def test_the_answer_is_that_of_the_command_line_and_of_the_comparison(name, shown):
    question, state = questions()[name], state_of(questions()[name], RUNS)
    result = shown(question)
    answer, countries = answer_of(question, result), len(result.now.ensemble.inputs.iso3)
    if question.of == "level":
        band = result.now.run.summary.bloc_share("count", question.outcome)
    else:
        found = compare_futures(
            (RunRequest(state.future, RUNS), RunRequest(state.reference, RUNS)),
            lambda done, total: None,
            None,
        )
        many = question.outcome == "several"
        band = found.change["count"]["us+china"] if many else found.bloc_change["count"][question.outcome]
    told = [float(part[-1]) * countries for part in (band.mean, band.p05, band.p95)]
    assert [answer.value, answer.low, answer.high] == pytest.approx(told)


@pytest.mark.parametrize("name", NAMES)
def test_evidence_and_sources_come_with_every_question(name):
    question = questions()[name]
    readings = readings_of(question)
    assert readings
    assert all(one.address.startswith("http") for one in readings if one.address)
    assert len({one.name for one in readings}) == len(readings)
    if question.forecast:
        assert not changed_levers(question)
        return
    assert grade_of_question(question) in ORDER
    assert all(one.grade in ORDER and one.test for one in rests_of(question))


def test_a_story_is_known_by_what_it_changes():
    changed = {name: {lever.name for lever in changed_levers(questions()[name])} for name in NAMES}
    assert changed["chips-for-partners"] == {
        f"blocs.us.conditionality.{tier}" for tier in ("tier1", "tier2", "tier2_licence")
    }
    assert changed["the-door-opens-again"] == {"blocs.china.opening"}
    assert "blocs.us.exclusivity" in changed["nobody-minds"]  # an entry that the story leaves out
    assert changed["money-alone"] == {"finance.china"}


def test_of_a_bloc_that_only_one_story_has_counts_what_it_states():
    entry = tomllib.loads(GOOD)["question"][0] | {"scenario": "eu-third-pole", "outcome": "eu", "of": "level"}
    names = {lever.name for lever in changed_levers(Question.model_validate(entry))}
    assert "blocs.eu.chip_supply" in names
    assert len(names) < 10
    assert grade_of_question(Question.model_validate(entry)) in ORDER
    alone = Question.model_validate(entry | {"scenario": "baseline", "outcome": "us"})
    assert grade_of_question(alone) == ""


def test_texts_state_no_result():
    for question in questions().values():
        for text in (question.title, question.text, question.notice):
            plain = re.sub(r"\b(January|July|October) \d{4}\b", "", text)
            assert not re.search(r"\d", plain), (question.name, plain)


def test_all_texts_are_french_in_french():
    with speaking("fr"):
        for question in questions().values():
            for text in (question.title, question.text, question.notice):
                assert tr(text) != text


def test_words_of_the_answer_are_plain_and_say_what_the_numbers_say():
    question = questions()["money-alone"]
    answer = Answer(-2.4, -5.2, 0.3)
    assert (
        answer_words(question, answer) == "The model's answer: −2; nine futures in ten lie between −5 and ±0."
    )
    assert guess_words(-2, answer) == "You guessed it."
    assert guess_words(-1, answer) == "Your guess is 1 state away. It lies in the band."
    assert guess_words(12, answer) == "Your guess is 14 states away. It lies outside the band."
    said = class_words(question, [-4, -4, 1, 30], answer)
    assert said == "4 guesses: from −4 to +30, the middle one −2. 2 lie in the band."
    real = questions()["what-really-happened"]
    assert (
        class_words(real, [20, 23], Answer(23, forecast=8.46))
        == "2 guesses: from 20 to 23, the middle one 22. 1 is right."
    )
    assert guess_words(20, Answer(23, forecast=8.46)) == "Your guess is 3 states away."
    with speaking("fr"):
        assert "neuf futurs sur dix" in answer_words(question, answer)


def test_where_nothing_can_be_compared_the_story_says_what_to_look_at():
    entry = tomllib.loads(GOOD)["question"][0] | {"scenario": "eu-third-pole", "outcome": "eu", "of": "level"}
    question = Question.model_validate(entry)
    assert "third pole" in reasons(question, False, ())[0]
    assert reasons(question, True, ("It gains.",)) == ("It gains.",)
    assert "looks for the reasons" in reasons(question, True, ())[0]
    assert "23 states joined" in reasons(questions()["what-really-happened"], True, ())[0]


def test_addresses_lead_to_questions_and_ask_for_no_more_futures_than_the_page_has():
    assert asked_question("scenario=detente") is None
    assert asked_question("question=") == ""
    assert asked_question(question_address("money-alone", "fr")[1:]) == "money-alone"
    assert question_address("a", "en") == "?question=a"
    assert page_address("fr") == "?lang=fr"
    assert [asked_runs(f"question=a&runs={text}") for text in ("40", "x", "1", "999999", "²")] == [
        40,
        *[PageState.runs] * 4,
    ]


GOOD = """
[[question]]
name = "gulf"
title = "Whom does the Gulf choose?"
text = "Only the Gulf is asked."
notice = "Look at the map."
scenario = "gulf-must-choose"
outcome = "several"
reading = [{ name = "A page", address = "https://example.org/page" }]
"""


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a file of questions and returns its path."""

    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"gulf-must-choose"', '"gulf-must-chose"', "there is no scenario 'gulf-must-chose' in the library; did you mean gulf-must-choose?"),
        ('"several"', '"severl"', "there is no outcome 'severl'; did you mean several?; allowed: us, china, several, non_aligned"),
        ('outcome = "several"', "", "outcome or forecast is missing; outcomes are us, china, several, non_aligned"),
        ('outcome = "several"', 'forecast = "PAX"', "there is no forecast of a list 'PAX'"),
        ('outcome = "several"', 'outcome = "us"\nforecast = "WAICO"', "forecast stands alone; leave out outcome"),
        ('name = "gulf"', 'name = "The Gulf"', "name is 'The Gulf'; allowed: up to forty small letters, digits and hyphens"),
        ('title =', 'titel =', "titel is not a known key; did you mean title?"),
        ('notice = "Look at the map."', "", "notice is missing"),
        ('outcome =', 'levers = { "finance.chna" = "most" }\noutcome =', "there is no lever 'finance.chna'; did you mean finance.china?"),
        ('outcome =', 'levers = { "finance" = "most" }\noutcome =', "lever 'finance' is one of several; allowed: finance.us, finance.china"),
        ('outcome =', 'levers = { "training.us" = 3 }\noutcome =', "lever 'training.us' is 3; allowed: 0 to 1 share of a full programme"),
        ('outcome =', 'levers = { "training.us" = "lots" }\noutcome =', "levers.training.us is 'lots'; allowed: \"least\", \"most\" or a number in its unit"),
        ('outcome =', 'range = [40, -40]\noutcome =', "range is 40 to -40; the first must be below the second"),
        ('scenario = "gulf-must-choose"', "", "nothing is changed; name levers, another scenario, or of = 'level'"),
        ('"gulf-must-choose"', '"eu-third-pole"', "eu-third-pole cannot be set against baseline, which has other blocs or quarters"),
        ('address = "https:', 'address = "javascript:', "reading.0.address"),
        ("[[question]]", "[[questions]]", "questions is not a known key; did you mean question?"),
        ("[[question]]", "[[question", "is no TOML file"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_with_what_is_allowed(old, new, said, file):
    assert old in GOOD
    with pytest.raises(InputError) as told:
        read_questions(file(GOOD.replace(old, new)))
    assert said in str(told.value)
    assert "mine.toml" in str(told.value)


def test_all_mistakes_of_a_file_are_told_at_once(file):
    with pytest.raises(InputError) as told:
        read_questions(file(GOOD + GOOD.replace("several", "severl").replace("title", "titel")))
    assert len(told.value.problems) == 3  # the name twice, a key that is unknown and one that is missing


def test_a_teacher_adds_questions_that_stand_behind_those_of_the_page(file, monkeypatch, tmp_path):
    monkeypatch.setattr(library, "_added", [])
    with pytest.raises(InputError, match="cannot be read"):
        add_questions(tmp_path / "none.toml")
    with pytest.raises(InputError, match="there is a question 'money-alone' already"):
        add_questions(file(GOOD.replace("gulf", "money-alone", 1)))
    assert tuple(questions()) == NAMES
    add_questions(file(GOOD))
    assert tuple(questions()) == (*NAMES, "gulf")
    assert readings_of(questions()["gulf"])[0].address == "https://example.org/page"
    questions.cache_clear()


def test_levers_may_stand_at_a_number_and_windows_open():
    entry = tomllib.loads(GOOD)["question"][0] | {
        "scenario": "baseline",
        "levers": {"finance.us": 100, "signing-round.us": "most"},
    }
    state = state_of(Question.model_validate(entry))
    assert dict(state.future.overrides) == {"blocs.us.aid_budget": pytest.approx(100)}
    assert [edit.parameter for edit in state.future.edits] == ["blocs.us.opening"]
    assert state.reference == state.future.unchanged
