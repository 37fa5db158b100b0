"""What the effect of a lever rests on, in lines for its help: weights, their spread, their grade, what would change them."""

from __future__ import annotations

from sim.dashboard.compose import BuiltScenario
from sim.inputs.memberships import Titles
from sim.registry.columns import Parameter
from sim.report.lever_cards import number_words
from sim.sensitivity.lever_card import Rest, card_of
from sim.sensitivity.levers import Lever, Setting
from sim.words import spoken_cache

CARDS_KEPT = 512


def of_parameter(parameter: Parameter) -> Lever:
    """Return a parameter with a slider as a lever of its own."""
    assert parameter.slider is not None
    low, high, _ = parameter.slider
    parts = parameter.name.split(".")
    bloc = parts[1] if parts[0] == "blocs" else None
    return Lever(parameter.name, "", bloc, (Setting(parameter.name, low, high, parameter.unit),))


@spoken_cache(CARDS_KEPT)
def evidence_lines(base: BuiltScenario, lever: Lever) -> tuple[str, ...]:
    """Return the card of evidence of a lever, a line for each number through which it acts; the first says what follows."""
    titles = base.inputs.titles
    rests = card_of(lever, base.loaded.scenario)
    return ("Evidence:", *(_line(one, titles) for one in rests)) if rests else ()


def _line(one: Rest, titles: Titles) -> str:
    words = number_words(one.name, titles)
    held = ""
    if one.interval is not None:
        mean, low, high = one.interval
        held = f" {mean:.2g}, 90 % {low:.2g} to {high:.2g} {one.unit};"
    return f"{words[:1].upper()}{words[1:]}:{held} {one.grade}. Rests on {one.source}. Would change with {one.test}."
