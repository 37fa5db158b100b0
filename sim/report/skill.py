"""How the frozen forecasts met reality, in a sentence for each list."""

from __future__ import annotations

from sim.evidence.replays import Replay
from sim.evidence.rolling import Rolling
from sim.evidence.rolling_methods import SIMULATOR
from sim.evidence.verdicts import ListVerdicts
from sim.inputs.memberships import bloc_label
from sim.labels.dates import day_words
from sim.labels.partition import end_words
from sim.labels.shares import percent
from sim.report.validation.rolling_charts import GOOD
from sim.scenario.quarters import quarter_name
from sim.words import tr


def skill_sentence(one: ListVerdicts) -> str:
    """Return how many of the joiners of a list a forecast had named, against chance, and how many it expected."""
    hits, joined = one.count("hit"), one.joined
    return tr(
        "{name}: {joined} states joined, {expected:.1f} were expected by the forecast frozen on what was known on "
        "{day}; {hits} of the {joined} were among its {joined} likeliest (by chance {by_chance:.0f}).",
        name=one.name, joined=joined, expected=one.expected, day=day_words(one.frozen), hits=hits, by_chance=one.by_chance,
    )  # fmt: skip


def coverage_sentence(rolling: Rolling) -> str:
    """Return how often the number of members lay in its band, over all forecasts from past quarters, and what that means."""
    bands = [(one.members, *one.bands[SIMULATOR]) for one in rolling.cases]
    inside = sum(low <= members <= high for members, low, high in bands)
    share = inside / len(bands)
    verdict = (
        tr("its bands are about right")
        if GOOD[0] <= share <= GOOD[1]
        else tr("its bands are too narrow")
        if share < GOOD[0]
        else tr("its bands are too wide")
    )
    first = end_words(quarter_name(min(one.origin for one in rolling.cases)))
    return tr(
        "Asked again each quarter from the {first} on, with what was known then, it had the later number of members of a list "
        "or bloc in its 90 % band in {share} % of {forecasts:,} forecasts: {verdict}.",
        first=first, share=percent(share), forecasts=len(bands), verdict=verdict,
    )  # fmt: skip


def replay_sentence(one: Replay, name: str) -> str:
    """Return how often what happened lay within the band of a past simulated again."""
    whole = len(one.quarters)
    if whole > 1:
        return tr(
            "{name}: simulated again from the past, what happened lies in the 90 % band {inside} of {whole} times that it was "
            "compared.",
            name=name, inside=one.inside, whole=whole,
        )  # fmt: skip
    if one.inside:
        return tr(
            "{name}: simulated again from the past, what happened lies in the 90 % band once that it was compared.",
            name=name,
        )
    return tr(
        "{name}: simulated again from the past, what happened lies in the 90 % band not once that it was compared.",
        name=name,
    )


def replay_name(one: Replay, names: dict[str, str]) -> str:
    """Return whose members a replay counts, in words.

    ``names`` : of the lists, by code
    """
    kind, _, family = one.name.partition(":")
    if not family:
        return names.get(one.name, one.name)
    bloc = bloc_label(family)
    if kind == "ahead":
        return tr("{bloc} bloc, each forecast a year ahead", bloc=bloc)
    return tr("{bloc} bloc, from July 2025", bloc=bloc)
