"""What the user changed, in words, and each change alone; what came of all of it, with causes and what would matter more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sim.attribution.compare import Comparison
from sim.dashboard.compose import BuiltScenario, base_of
from sim.dashboard.effects import effects_of
from sim.dashboard.lever_items import (
    Item,
    front_item,
    front_levers,
    front_settings,
    front_value,
    open_rounds,
    parameter_items,
)
from sim.dashboard.solver import RunRequest
from sim.dashboard.state import Edit, Future
from sim.dashboard.tasks import compare_futures
from sim.labels.countries import country_names
from sim.labels.events import amount_text, name_words
from sim.labels.levers import full_label
from sim.labels.numbers import plain_number
from sim.labels.rules import rule_words
from sim.report.outcome import VISIBLE, Background, moves, outcome_sentences
from sim.sensitivity.lever_evidence import acts_through
from sim.sensitivity.levers import Lever
from sim.words import number_text, spoken, tr

MOST_ALONE = 4
"""Changes up to which each is also tried alone."""


@dataclass(frozen=True)
class Action:
    """One change: the lever that was moved ("" if it is none), words, the scenario with this change alone, what it is of."""

    name: str
    words: str
    alone: Future
    label: str


def actions_of(future: Future) -> tuple[Action, ...]:
    """Return what was changed in a scenario: front levers first, then parameters, dated changes, left-out entries, the rule."""
    base, plain = base_of(future.unchanged), future.unchanged
    left, edits, found = dict(future.overrides), list(future.edits), list[Action]()
    for lever in front_levers(base):
        if lever.window:
            rounds = open_rounds(future, lever)
            edits = [edit for edit in edits if edit not in rounds]
            words = front_item(base, lever)["full"]
            found += [Action(lever.name, words, plain.editing(rounds), words)] if rounds else []
        elif all(setting.path in left for setting in lever.settings):
            value = front_value(lever, left)
            assert value is not None
            alone = plain
            for setting in lever.settings:
                alone = alone.setting(setting.path, left.pop(setting.path))
            item = front_item(base, lever)
            found.append(Action(lever.name, _words(item, value), alone, item["full"]))
    items = {item["name"]: item for item in parameter_items(base)} if left else {}
    found += [
        Action(name, _words(items[name], value), plain.setting(name, value), items[name]["full"])
        for name, value in left.items()
        if name in items
    ]
    return (*found, *_others(base, future, edits))


def _others(base: BuiltScenario, future: Future, edits: list[Edit]) -> Iterator[Action]:
    plain = future.unchanged
    for edit in edits:
        named = name_words(edit.entry) or ", ".join(
            f"{full_label(name, base.inputs.titles)} {amount_text(name, value)}"
            for name, value in edit.values.items()
        )
        yield Action("", tr("{change} from {day}", change=named, day=edit.date), plain.editing([edit]), named)
    for name in future.dropped:
        words = tr("without {event}", event=name_words(name))
        yield Action("", words, plain.dropping([name]), words)
    if future.rule:
        words = tr("decision rule {rule}", rule=rule_words(future.rule))
        yield Action("", words, replace(plain, rule=future.rule), words)


def _words(item: Item, value: float) -> str:
    before = item["base_text"] or _number(item["base"] * item["scale"])
    return f"{item['full']} {before} → {_number(value * item['scale'])} {item['unit']}"


def _number(value: float) -> str:
    return plain_number(value)


@dataclass(frozen=True)
class OutcomeRequest:
    """What is to be told: a future against a reference."""

    now: RunRequest
    reference: RunRequest
    against: str


@dataclass(frozen=True)
class Outcome:
    """What came of a change, one sentence each, the first with what it was and did; ``final`` : nothing is added later."""

    sentences: tuple[str, ...]
    final: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.sentences)


def tell_outcome(ask: OutcomeRequest, tell: Callable[[Outcome], None], cancel: threading.Event) -> Outcome:
    """Return what came of a change; ``tell`` takes what can be said at once, before causes are looked for.

    Raises
    ------
    Cancelled
        If ``cancel`` was set.
    """
    future = ask.now.future
    found = compare_futures((ask.now, ask.reference), _silent, cancel)
    own = ask.reference.future == future.unchanged
    actions = actions_of(future) if own else ()
    world = base_of(future).world
    names = dict(zip(world.iso3, country_names(world.names), strict=True))
    words = [action.words for action in actions] or [
        tr("{future} against {reference}", future=_what(future), reference=spoken(ask.against))
    ]

    def said(background: Background, final: bool = True) -> Outcome:
        return Outcome(outcome_sentences(found, names, words, background), final)

    first = said(Background())
    small = not any(one.visible for one in moves(found)) and not found.nothing
    if not own or not (small or 2 <= len(actions) <= MOST_ALONE):
        return first
    if small and (len(actions) > 1 or not actions[0].name):
        return first
    tell(said(Background(), final=False))
    if not small:
        return said(Background(alone=tuple((one.label, _alone(one, ask, cancel)) for one in actions)))
    return said(_background_of_little(ask, actions[0], tell, said, cancel))


def _what(future: Future) -> str:
    return tr("This story") if future == future.unchanged else tr("This future")


def _alone(action: Action, ask: OutcomeRequest, cancel: threading.Event) -> Comparison:
    return compare_futures((replace(ask.now, future=action.alone), ask.reference), _silent, cancel)


def _background_of_little(
    ask: OutcomeRequest,
    action: Action,
    tell: Callable[[Outcome], None],
    said: Callable[[Background, bool], Outcome],
    cancel: threading.Event,
) -> Background:
    """Return why one lever does little: the computed reason, or a small move; and with which other it would count."""
    known = effects_of(ask.now.future)
    lever = known.levers[action.name]
    effect = known.effect(lever, cancel)
    if effect.small:
        because = "" if effect.reason is None else effect.reason.words
    else:
        ends = effect.change[effect.main].mean
        low, high = (f"{end:+z.1f}".replace("-", "−") for end in (min(0.0, ends.min()), max(0.0, ends.max())))
        because = tr(
            "this part of its range does little; the whole of it moves a share by {low} to {high} points",
            low=number_text(low),
            high=number_text(high),
        )
    tell(said(Background(because=because), False))
    best: tuple[str, Comparison] | None = None
    for other in _companions(lever, ask.now.future):
        pushed = front_settings(other, other.settings[0].high)
        both, only = (
            replace(request, future=_with(request.future, pushed)) for request in (ask.now, ask.reference)
        )
        found = compare_futures((both, only), _silent, cancel)
        largest = max(abs(one.mean) for one in moves(found))
        if largest >= VISIBLE and (best is None or largest > max(abs(one.mean) for one in moves(best[1]))):
            words = front_item(base_of(ask.now.future.unchanged), other)["full"]
            best = (words, found)
    return Background(because=because, joint=best)


def _with(future: Future, values: dict[str, float | None]) -> Future:
    for path, value in values.items():
        future = future.setting(path, value)
    return future


def _companions(lever: Lever, future: Future) -> list[Lever]:
    """Return the front levers of the same bloc that act through one of the same numbers and are not at their most."""
    scenario = base_of(future).loaded.scenario
    through = set(acts_through(lever, scenario))
    base = base_of(future.unchanged)
    held = dict(future.overrides)
    return [
        other
        for other in front_levers(base)
        if other.bloc is not None
        and other.bloc == lever.bloc
        and not other.window
        and other.parameters != lever.parameters
        and through & set(acts_through(other, scenario))
        and front_item(base, other)["base"] < other.settings[0].high
        and not any(setting.path in held for setting in other.settings)
    ]


def _silent(done: int, total: int) -> None:
    """Take progress that nobody watches."""
