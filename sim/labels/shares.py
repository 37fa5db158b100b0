"""Shares, bands and membership states as people read them, and the caveats that stand beside them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.inputs.memberships import NO_TITLES, NON_ALIGNED, Titles, blocs_of, state_labels
from sim.measures import Band
from sim.words import joined, mark, number_text, tr, trn
from sim.world import World
from sim.world.columns import NUMBERS

WEIGHT_NAMES = {
    "count": mark("States"), "gdp": mark("GDP"), "population": mark("Population"), "compute": mark("AI compute"),
}  # fmt: skip


def percent(share: float) -> str:
    """Return a share in per cent without the sign: two digits, more only where they say something."""
    points = 100.0 * share
    return number_text(f"{points:.0f}" if points >= 9.95 or points < 0.05 else f"{points:.1f}")


def band_text(band: Band) -> str:
    """Return the band of a single share in per cent, as in ``31-42``."""
    return joined("–", (percent(float(band.p05)), percent(float(band.p95))))


def signed(share: float) -> str:
    """Return a change of a share in percentage points with its sign; what rounds to nothing has none."""
    shown = f"{100 * share:+.1f}"
    return number_text("0.0" if shown in ("+0.0", "-0.0") else shown)


def change_band(band: Band) -> str:
    """Return the band of a single change in percentage points, as in ``-0.1 to +0.4``, and whether it is skewed."""
    mean, low, high = (round(100 * float(part), 1) for part in (band.mean, band.p05, band.p95))
    ends = {"low": signed(float(band.p05)), "high": signed(float(band.p95))}
    return tr("{low} to {high}", **ends) if low <= mean <= high else tr("{low} to {high}, skewed", **ends)


MEAN_OUTSIDE = mark(
    "Skewed: the mean lies outside the band, because a few futures change much and the others little or nothing."
)
"""Said under bands of a difference, which are percentiles, if one of them does not hold its mean."""

FEWEST = 30
"""Futures below which the outer one in ten is a guess; bands of fewer are shown with a warning."""


def few_futures(runs: int) -> str:
    """Return what is to be said of bands of too few futures; nothing if there are enough."""
    if runs >= FEWEST:
        return ""
    if runs == 1:
        return tr("A single future has no band: what stands for one only repeats the value.")
    return tr(
        "Bands of {futures} are rough guesses; they need at least {fewest}, better 200.",
        futures=futures(runs),
        fewest=FEWEST,
    )


def futures(runs: int) -> str:
    """Return how many futures, in words."""
    return trn("{n} future", "{n} futures", runs)


def inside(words: str) -> str:
    """Return words as they stand within a sentence: "Both" -> "both", but "US-led" and "GDP" as they are."""
    return words if words[:2].isupper() or words.startswith("China") else words[:1].lower() + words[1:]


def state_words(states: Sequence[str], titles: Titles = NO_TITLES, *, others: bool = False) -> dict[str, str]:
    """Return the name of every state; that of a single bloc says that there is no other.

    ``others`` : whether there are more blocs than these: who is in none of these may then be in another
    """
    several = any(len(blocs_of(state)) > 1 for state in states)
    words = {
        state: tr("{state} only", state=label) if several and len(blocs_of(state)) == 1 else label
        for state, label in zip(states, state_labels(states, titles), strict=True)
    }
    return words | {NON_ALIGNED: tr("Outside these blocs")} if others and NON_ALIGNED in words else words


MARK = "*"
MUCH = 0.25
"""Share of imputed numbers from which a country is marked."""

_NOT_OBSERVED = {"imputed", "default"}


def doubtful(world: World) -> frozenset[str]:
    """Return the countries with more than a quarter of their numbers imputed or at a neutral default."""
    origins = [world.origins[column.name] for column in NUMBERS]
    found = set()
    for n, code in enumerate(world.iso3):
        missing = sum(column[n].kind in _NOT_OBSERVED for column in origins)
        if missing > MUCH * len(origins):
            found.add(code)
    return frozenset(found)


def imputed_note(world: World, share: float | None = None) -> str:
    """Return how much of the input was filled in, and how to see it.

    ``share`` : of the numbers, where it was noted when they were used; default: that of this world
    """
    share = world.imputed_share() if share is None else share
    marked = len(doubtful(world))
    return tr(
        "{share} % of the {numbers} numbers per country were not observed but filled in; {mark} marks "
        "countries with more than a quarter of them ({marked} of {countries}). `aiblocs data KEN` shows "
        "every value with its source.",
        share=percent(share), numbers=len(NUMBERS), mark=MARK, marked=marked, countries=len(world),
    )  # fmt: skip
