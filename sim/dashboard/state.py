"""State of the page as frozen objects: what is simulated, how it is shown, and the undo history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from sim.scenario.schema import MAX_SEED
from sim.words import ENGLISH

VIEWS = ("map", "tiles")
TINTS = ("state", "change", "reality")
TABS = (
    "outcomes",
    "flows",
    "positions",
    "compare",
    "table",
    "timeline",
    "evidence",
    "sweep",
    "agents",
    "export",
)
WEIGHTS = ("count", "gdp", "population", "compute")
MOST_RUNS = 2000
LARGEST_SEED = MAX_SEED
MOST_EDITS = 20
MOST_DROPPED = 100
MOST_STEPS = 100


@dataclass(frozen=True)
class Edit:
    """A dated change made on the page: one of the user's own, or an entry of the scenario's timeline that was altered.

    Attributes
    ----------
    date : day on which it begins (of a random date: after which it may happen)
    parameter, value : what it sets; of an altered entry a number that takes the place of the entry's, or "" for none
    reference : where it comes from; "" = an assumption, or what the altered entry says
    over : quarters of a ramp; 0 = at once
    until : day on which it ends; "" = for good
    chance : probability that it happens at all; None = it does
    attention : probability that it makes a country look again at once
    entry : the entry of the scenario that it takes the place of, by name; all that is not stated here stays
    more : further (parameter, value)
    """

    date: str
    parameter: str = ""
    value: float = 0.0
    reference: str = ""
    over: int = 0
    until: str = ""
    chance: float | None = None
    attention: float = 0.0
    entry: str = ""
    more: tuple[tuple[str, float], ...] = ()

    @property
    def values(self) -> dict[str, float]:
        """Every parameter that it sets, and to what."""
        return {**({self.parameter: self.value} if self.parameter else {}), **dict(self.more)}

    @property
    def is_plain(self) -> bool:
        """Whether it sets one parameter at once and for good."""
        return bool(self.parameter) and self == Edit(self.date, self.parameter, self.value, self.reference)


@dataclass(frozen=True)
class Future:
    """What is simulated: a scenario of the library and what the page changed in it.

    Attributes
    ----------
    scenario : its name
    overrides : (parameter, value), sorted by parameter; they hold throughout, whatever the timeline says
    edits : dated changes, sorted by date
    rule : decision rule, or "" for the scenario's own
    dropped : entries of the scenario's timeline that are left out, by name
    text : YAML of a scenario of the user's own; "" = the scenario of the library
    """

    scenario: str = "baseline"
    overrides: tuple[tuple[str, float], ...] = ()
    edits: tuple[Edit, ...] = ()
    rule: str = ""
    dropped: tuple[str, ...] = ()
    text: str = ""

    @property
    def unchanged(self) -> Future:
        """The scenario as it stands, without any change of the page."""
        return Future(self.scenario, text=self.text)

    def setting(self, parameter: str, value: float | None) -> Future:
        """Return this future with one parameter set, or (None) back at the scenario's value."""
        kept = dict(self.overrides)
        kept.pop(parameter, None)
        if value is not None:
            kept[parameter] = float(value)
        return replace(self, overrides=tuple(sorted(kept.items())))

    def editing(self, edits: Collection[Edit]) -> Future:
        """Return this future with another list of dated changes."""
        return replace(self, edits=tuple(sorted(set(edits), key=lambda e: (e.date, e.parameter, repr(e)))))

    def dropping(self, dropped: Collection[str]) -> Future:
        """Return this future with other entries of the scenario's timeline left out."""
        return replace(self, dropped=tuple(sorted(set(dropped))))


@dataclass(frozen=True)
class PageState:
    """Everything that a link restores.

    Attributes
    ----------
    future, reference : what is shown, and the pinned one it is compared with (None = nothing pinned)
    seed, runs : of the ensemble
    quarter, since : the quarter shown and the one that flows start from; "" = the last and the first
    selected : ISO3 of a country, or ""
    view, tint, tab, weight : how it is shown, one of `VIEWS`, `TINTS`, `TABS`, `WEIGHTS`
    outcome : list whose frozen forecast is set against what happened; "" = the first
    lang : language of its words, one of `sim.words.LANGUAGES`
    """

    future: Future = field(default_factory=Future)
    reference: Future | None = None
    seed: int = 1
    runs: int = 200
    quarter: str = ""
    since: str = ""
    selected: str = ""
    view: str = VIEWS[0]
    tint: str = TINTS[0]
    tab: str = TABS[0]
    weight: str = WEIGHTS[0]
    outcome: str = ""
    lang: str = ENGLISH


@dataclass(frozen=True)
class UndoHistory:
    """States before and after the present one, oldest first.

    Attributes
    ----------
    present : what the page shows
    past, undone : what undo and redo lead to
    step : number of steps from the first state to the present one
    """

    present: PageState
    past: tuple[PageState, ...] = ()
    undone: tuple[PageState, ...] = ()
    step: int = 0

    def moved(self, state: PageState, *, joined: bool = False) -> UndoHistory:
        """Return the history after a change of the user; ``joined`` makes it one step with the change before.

        A slider that is dragged through many values is one step to undo.
        """
        if state == self.present:
            return self
        if joined:
            return UndoHistory(state, self.past, step=self.step)
        return UndoHistory(state, (*self.past, self.present)[-MOST_STEPS:], step=self.step + 1)

    def undo(self) -> UndoHistory:
        """Return the history one step back, or itself at its beginning."""
        if not self.past:
            return self
        return UndoHistory(self.past[-1], self.past[:-1], (self.present, *self.undone), self.step - 1)

    def redo(self) -> UndoHistory:
        """Return the history one step forth again, or itself at its end."""
        if not self.undone:
            return self
        return UndoHistory(self.undone[0], (*self.past, self.present), self.undone[1:], self.step + 1)

    def turned_to(self, state: PageState) -> UndoHistory:
        """Return the history at a state that was met before, the nearest one, or with ``state`` as a new step."""
        if state == self.present:
            return self
        back = next((n for n, met in enumerate(reversed(self.past), 1) if met == state), MOST_STEPS + 1)
        forth = next((n for n, met in enumerate(self.undone, 1) if met == state), MOST_STEPS + 1)
        if min(back, forth) > MOST_STEPS:
            return self.moved(state)
        history = self
        for _ in range(min(back, forth)):
            history = history.undo() if back <= forth else history.redo()
        return history
