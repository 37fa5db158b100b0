"""How the frozen forecasts met reality, in a sentence for each list."""

from __future__ import annotations

from sim.evidence.replays import Replay
from sim.evidence.verdicts import ListVerdicts
from sim.inputs.memberships import bloc_label
from sim.labels.dates import day_words


def skill_sentence(one: ListVerdicts) -> str:
    """Return how many of the joiners of a list a forecast had named, against chance, and how many it expected."""
    hits, joined = one.count("hit"), one.joined
    return (
        f"{one.name}: {joined} states joined, {one.expected:.1f} were expected by the forecast frozen on what was known on "
        f"{day_words(one.frozen)}; {hits} of the {joined} were among its {joined} likeliest (by chance {one.by_chance:.0f})."
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
    _, _, family = one.name.partition(":")
    return f"{bloc_label(family)} bloc, from July 2025" if family else names.get(one.name, one.name)
