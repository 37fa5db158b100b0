"""Messages a user sees: one line each, with place, reason and the nearest allowed word."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import AiblocsError, InputError, Problem, did_you_mean, nearest


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("no such state"), "no such state"),
        (Problem("not a table", "a.csv"), "a.csv: not a table"),
        (Problem("not a number", "a.csv", 3), "a.csv:3: not a number"),
        (Problem("not a number", "a.csv", 3, 7), "a.csv:3:7: not a number"),
        (Problem("not a number", "a.csv", column=7), "a.csv: not a number"),
        (Problem("not a number", line=3), "line 3: not a number"),
        (Problem("not a number", line=3, column=7), "line 3, column 7: not a number"),
        (Problem("too large", hint="at most 5"), "too large; at most 5"),
        (Problem("too large", hint=""), "too large"),
        (Problem("while scanning\n  a key", "a.yaml", 1, 1), "a.yaml:1:1: while scanning a key"),
    ],
)
def test_a_problem_is_one_line_with_its_place(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_the_message_of_the_manual() -> None:
    hint = did_you_mean("aid_budgt", ["aid_budget", "exclusivity"])
    problem = Problem("blocs.us.aid_budgt is not a known key", "file.yaml", 12, 5, hint)
    assert str(problem) == ("file.yaml:12:5: blocs.us.aid_budgt is not a known key; did you mean aid_budget?")


def test_an_input_error_holds_every_problem_in_order() -> None:
    problems = [Problem("first", "a.yaml", 1, 1), Problem("second", "a.yaml", 9, 3)]
    error = InputError(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml:1:1: first\na.yaml:9:3: second"


@pytest.mark.parametrize("given", ["plain text", Problem("plain text"), [Problem("plain text")]])
def test_an_input_error_takes_text_one_problem_or_many(given: str | Problem | list[Problem]) -> None:
    assert InputError(given).problems == (Problem("plain text"),)


def test_an_input_error_without_a_problem_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        InputError([])


def test_exit_codes() -> None:
    assert (AiblocsError("x").exit_code, InputError("x").exit_code) == (1, 2)
    assert issubclass(InputError, AiblocsError)


def test_an_input_error_survives_the_way_from_a_worker_process() -> None:
    error = InputError([Problem("first", "a.yaml", 1, 1, "mend it"), Problem("second")])
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is InputError
    assert (copy.problems, str(copy)) == (error.problems, str(error))


@pytest.mark.parametrize(
    ("word", "expected"),
    [("KNE", "KEN"), ("ken", "KEN"), ("Keny", "KEN"), ("USA", "USA"), ("quarterly", None), ("", None)],
)
def test_nearest(word: str, expected: str | None) -> None:
    assert nearest(word, ("KEN", "USA", "CHN")) == expected


def test_the_beginning_of_a_word_is_enough() -> None:
    keys = ["debt", "aid_budget", "chip_supply", "chip_quality", "chip_growth", "chip_growth_short"]
    assert did_you_mean("aid", keys) == "; did you mean aid_budget?"
    assert did_you_mean("chip", ["debt_distress", *keys]).count(" or ") == 2
    assert did_you_mean("xyz", keys) == did_you_mean("", keys) == ""


def test_nothing_is_near_when_nothing_is_allowed() -> None:
    assert nearest("us", []) is None
    assert did_you_mean("us", []) == ""


@given(st.lists(st.text(min_size=1), min_size=1), st.data())
def test_an_allowed_word_is_its_own_nearest_up_to_case(allowed: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(allowed))
    match = nearest(word, allowed)
    assert match is not None
    assert match.casefold() == word.casefold()
