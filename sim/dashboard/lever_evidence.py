"""What the effect of a lever rests on, in lines for its help: weights, their spread, their grade, what would change them."""

from __future__ import annotations

from sim.dashboard.compose import BuiltScenario
from sim.inputs.memberships import Titles
from sim.registry.columns import Parameter
from sim.report.lever_cards import number_words
from sim.sensitivity.lever_card import Rest, card_of
from sim.sensitivity.levers import Lever, Setting
from sim.words import capital, spoken_cache, tr

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
    return (tr("Evidence:"), *(_line(one, titles) for one in rests)) if rests else ()


def _line(one: Rest, titles: Titles) -> str:
    said = {
        "weight": capital(number_words(one.name, titles)), "grade": tr(one.grade), "source": tr(one.source),
        "test": tr(one.test),
    }  # fmt: skip
    if one.interval is None:
        return tr("{weight}: {grade}. Rests on {source}. Would change with {test}.", **said)
    mean, low, high = one.interval
    return tr(
        "{weight}: {mean:.2g}, 90 % {low:.2g} to {high:.2g} {unit}; {grade}. Rests on {source}. Would change with {test}.",
        mean=mean,
        low=low,
        high=high,
        unit=tr(one.unit),
        **said,
    )
