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


def skill_sentence(one: ListVerdicts) -> str:
    """Return how many of the joiners of a list a forecast had named, against chance, and how many it expected."""
    hits, joined = one.count("hit"), one.joined
    return (
        f"{one.name}: {joined} states joined, {one.expected:.1f} were expected by the forecast frozen on what was known on "
        f"{day_words(one.frozen)}; {hits} of the {joined} were among its {joined} likeliest (by chance {one.by_chance:.0f})."
    )


def coverage_sentence(rolling: Rolling) -> str:
    """Return how often the number of members lay in its band, over all forecasts from past quarters, and what that means."""
    bands = [(one.members, *one.bands[SIMULATOR]) for one in rolling.cases]
    inside = sum(low <= members <= high for members, low, high in bands)
    share = inside / len(bands)
    verdict = (
        "about right" if GOOD[0] <= share <= GOOD[1] else "too narrow" if share < GOOD[0] else "too wide"
    )
    first = end_words(quarter_name(min(one.origin for one in rolling.cases)))
    return (
        f"Asked again each quarter from the {first} on, with what was known then, it had the later number of members of a list "
        f"or bloc in its 90 % band in {percent(share)} % of {len(bands):,} forecasts: its bands are {verdict}."
    )


def replay_sentence(one: Replay, name: str) -> str:
    """Return how often what happened lay within the band of a past simulated again."""
    whole = len(one.quarters)
    times = f"{one.inside} of {whole} times" if whole > 1 else ("once" if one.inside else "not once")
    return f"{name}: simulated again from the past, what happened lies in the 90 % band {times} that it was compared."


def replay_name(one: Replay, names: dict[str, str]) -> str:
    """Return whose members a replay counts, in words.

    ``names`` : of the lists, by code
    """
    kind, _, family = one.name.partition(":")
    if not family:
        return names.get(one.name, one.name)
    return (
        f"{bloc_label(family)} bloc, {'each forecast a year ahead' if kind == 'ahead' else 'from July 2025'}"
    )
