"""What would tip a country, put on the page: a lever held at a value, or a dated change from the first quarter on."""

from __future__ import annotations

from sim.attribution.tipping import Tip
from sim.dashboard.compose import BuiltScenario
from sim.dashboard.dated import day_in
from sim.dashboard.event_text import MOST_VALUES
from sim.dashboard.state import Edit, Future
from sim.words import spoken, tr


def with_tip(future: Future, base: BuiltScenario, tip: Tip, name: str) -> Future:
    """Return a future with a tipping change made.

    Parameters
    ----------
    future, base : what is on the page, and its arrays
    tip : one that was found; what it sets of blocs and of all is held against the timeline, what it sets of countries is a
        dated change in the first quarter
    name : of the country that it tips
    """
    of_countries = tuple(move for move in tip.moves if move[0].startswith("countries."))
    for path, value in tip.moves:
        if (path, value) not in of_countries:
            future = future.setting(path, value)
    day = day_in(base.inputs.steps[0])
    for at in range(0, len(of_countries), MOST_VALUES):
        (parameter, value), *more = of_countries[at : at + MOST_VALUES]
        edit = Edit(
            day,
            parameter,
            value,
            tr("what would tip {country}: {lever}", country=name, lever=tr(spoken(tip.lever))),
            more=tuple(more),
        )
        future = future.editing([*future.edits, edit])
    return future
