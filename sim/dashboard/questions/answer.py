"""What a question asks the model, and what it answered: from the futures that the page solves, never typed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.dashboard.compose import base_of
from sim.dashboard.lever_items import signing_round
from sim.dashboard.questions.library import SEVERAL, Question, against_of, moved_levers
from sim.dashboard.state import Future, PageState
from sim.dashboard.tasks import Shown
from sim.evidence.verdicts import ListVerdicts, list_verdicts
from sim.inputs.memberships import NON_ALIGNED, Titles, bloc_label, holding
from sim.labels.dates import at_end
from sim.measures import band
from sim.types import Floats
from sim.words import decimal, tr, trn

LAST = -1
"""Quarter that is asked about: the last."""


def state_of(question: Question, runs: int = PageState.runs, seed: int = PageState.seed) -> PageState:
    """Return what the page shows of a question: its future, what that is set against, and the map tinted by it.

    Raises
    ------
    InputError
        If its scenario cannot be used.
    """
    if question.forecast:
        return PageState(runs=runs, seed=seed, tint="reality", outcome=question.forecast)
    future = Future(question.scenario)
    for one in moved_levers(question):
        if one.lever.window:
            if one.position:
                future = future.editing([*future.edits, signing_round(base_of(future.unchanged), one.lever)])
            continue
        for path, value in one.lever.values(one.position).items():
            future = future.setting(path, value)
    against = Future(against_of(question))
    changed = question.of == "change"
    reference = against if changed or against != future else None
    return PageState(future, reference, runs=runs, seed=seed, tint="change" if changed else "state")


@dataclass(frozen=True)
class Answer:
    """The answer to a question, number of states.

    Attributes
    ----------
    value : what is right: the mean of the futures, or how many states really joined
    low, high : middle 90 % of the futures; None of a forecast, of which the expected number alone was frozen
    forecast : number of states that a frozen forecast expected; None of a question about futures
    """

    value: float
    low: float | None = None
    high: float | None = None
    forecast: float | None = None

    def holds(self, guess: float) -> bool:
        """Return whether a guess lies in the band, to a whole state."""
        if self.low is None or self.high is None:
            return round(guess) == round(self.value)
        return round(self.low) <= round(guess) <= round(self.high)


def answer_of(question: Question, shown: Shown) -> Answer:
    """Return the answer that the result at hand gives.

    Parameters
    ----------
    shown : the result of `state_of` of the question
    """
    if question.forecast:
        one = verdicts_of(question)
        return Answer(float(one.joined), forecast=one.expected)
    now = shown.now.ensemble
    values = _shares(question, shown.now.ensemble.shares, shown.now.blocs)
    if question.of == "change":
        assert shown.reference is not None  # the file is checked for it
        values = values - _shares(question, shown.reference.ensemble.shares, shown.now.blocs)
    found = band(values * len(now.inputs.iso3), hold_mean=question.of == "level")
    return Answer(float(found.mean), float(found.p05), float(found.p95))


def verdicts_of(question: Question) -> ListVerdicts:
    """Return the frozen forecast that a question is about, against what happened."""
    return next(one for one in list_verdicts() if one.initiative == question.forecast)


def _shares(question: Question, shares: Floats, blocs: Sequence[str]) -> Floats:
    """Return the share of states asked for at the end of every future, float64[R].

    ``shares`` : float64[R, T, W, S]
    """
    last = shares[:, LAST, 0]
    if question.outcome == NON_ALIGNED:
        found = last[:, 0]
    elif question.outcome == SEVERAL:
        found = last[:, [mask for mask in range(last.shape[1]) if mask.bit_count() > 1]].sum(axis=1)
    else:
        found = last @ holding(len(blocs))[:, list(blocs).index(question.outcome)]
    return np.asarray(found, np.float64)


def start_of(question: Question, shown: Shown) -> int:
    """Return the number of states asked about as the futures begin."""
    first = shown.now.ensemble.shares[:, :1]
    return round(
        float(_shares(question, first, shown.now.blocs).mean()) * len(shown.now.ensemble.inputs.iso3)
    )


def what_is_guessed(question: Question, steps: Sequence[str], titles: Titles) -> str:
    """Return what the slider stands for, in words."""
    if question.forecast:
        return tr("Number of states that signed")
    who = {
        NON_ALIGNED: tr("States in no bloc"),
        SEVERAL: tr("States in both blocs"),
    }.get(
        question.outcome,
        tr("States in the {bloc} bloc", bloc=bloc_label(question.outcome, titles)),
    )
    end = at_end(steps[LAST])
    if question.of == "level":
        return tr("{who} {end}", who=who, end=end)
    return tr("{who} {end}: how many more (+) or fewer (−)", who=who, end=end)


def answer_words(question: Question, answer: Answer) -> str:
    """Return the answer in a sentence."""
    if answer.forecast is not None:
        return tr(
            "{joined} states signed; the frozen forecast had expected {expected}.",
            joined=decimal(answer.value),
            expected=decimal(answer.forecast, 1),
        )
    assert answer.low is not None  # only a forecast has none
    assert answer.high is not None
    say = _say(question)
    return tr(
        "The model's answer: {value}; nine futures in ten lie between {low} and {high}.",
        value=say(answer.value),
        low=say(answer.low),
        high=say(answer.high),
    )


def guess_words(guess: float, answer: Answer) -> str:
    """Return how far a guess was off, and whether the band holds it."""
    off = abs(round(guess) - round(answer.value))
    if not off:
        return tr("You guessed it.")
    far = trn("Your guess is {n} state away.", "Your guess is {n} states away.", off)
    if answer.low is None:
        return far
    inside = tr("It lies in the band.") if answer.holds(guess) else tr("It lies outside the band.")
    return f"{far} {inside}"


def class_words(question: Question, guesses: Sequence[float], answer: Answer) -> str:
    """Return what a class guessed: how many, middle and ends, and how many the band holds."""
    say = _say(question)
    low, middle, high = (say(part) for part in np.percentile(np.asarray(guesses, np.float64), (0, 50, 100)))
    count = trn("{n} guess", "{n} guesses", len(guesses))
    said = tr(
        "{count}: from {low} to {high}, the middle one {middle}.",
        count=count,
        low=low,
        high=high,
        middle=middle,
    )
    held = sum(answer.holds(one) for one in guesses)
    if answer.low is None:
        return f"{said} {trn('{n} is right.', '{n} are right.', held)}"
    return f"{said} {trn('{n} lies in the band.', '{n} lie in the band.', held)}"


def _say(question: Question) -> Callable[[float], str]:
    """Return how numbers of a question are written: changes with their sign."""
    return signed_states if question.of == "change" and not question.forecast else states_text


def states_text(number: float) -> str:
    """Return a number of states, to a whole one."""
    return decimal(round(number))


def signed_states(number: float) -> str:
    """Return a change of the number of states with its sign, to a whole one."""
    whole = round(number)
    return "±0" if not whole else f"{'+' if whole > 0 else '−'}{decimal(abs(whole))}"
