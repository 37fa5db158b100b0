"""What came of a change, in a few sentences: who gains how many states, which, through what; or why nothing is to be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.attribution.compare import Comparison, Flip
from sim.inputs.memberships import NON_ALIGNED, bloc_label, blocs_of
from sim.labels.numbers import SAME, signed_number
from sim.labels.partition import by_end
from sim.labels.terms import term_words
from sim.measures import Band

VISIBLE = 0.005
"""Change of a share, of states, from which it is called visible: half a point."""
SEVERAL = "several"
PASSING = 1.5
"""How many times larger than at the end a change must once have been for that to be said."""
LEAST_NAMED = 0.02
"""Share of futures in which a country must end elsewhere to be named."""
MOST_NAMED = 4


@dataclass(frozen=True)
class Background:
    """What is known of a change beside the comparison itself; all may be empty.

    Attributes
    ----------
    alone : of several changes, what each does by itself: (words, comparison with the same reference)
    because : why it does little, as a clause
    joint : another lever with which it would do more, in words, and the comparison of both with that lever alone
    """

    alone: tuple[tuple[str, Comparison], ...] = ()
    because: str = ""
    joint: tuple[str, Comparison] | None = None


@dataclass(frozen=True)
class Moved:
    """Change of one share at the end: ``name`` of a bloc with all its members, ``several`` or ``non_aligned``."""

    name: str
    mean: float
    low: float
    high: float

    @property
    def visible(self) -> bool:
        """Whether its mean moves by half a point of states or more."""
        return abs(self.mean) >= VISIBLE


def moves(found: Comparison) -> tuple[Moved, ...]:
    """Return how every share of states moves at the end: each bloc with all its members, those in several, those in none."""
    count = found.change["count"]
    made = [_moved(bloc, found.bloc_change["count"][bloc]) for bloc in found.blocs]
    both = [state for state in found.states if len(blocs_of(state)) > 1]
    if len(both) == 1:
        made.append(_moved(SEVERAL, count[both[0]]))
    return (*made, _moved(NON_ALIGNED, count[NON_ALIGNED]))


def _moved(name: str, band: Band) -> Moved:
    return Moved(name, float(band.mean[-1]), float(band.p05[-1]), float(band.p95[-1]))


def outcome_sentences(
    found: Comparison, names: Mapping[str, str], actions: Sequence[str], background: Background = Background()
) -> tuple[str, ...]:
    """Return what came of a change: what it was and what it did first, then who and through what, then each alone.

    Parameters
    ----------
    found : the changed future (B) against the reference (A), common draws
    names : of the countries, by code; as many as there are states
    actions : what was changed, in words
    """
    what = _listed(actions) if actions else f"{found.b} against {found.a}"
    end = by_end(found.steps[-1])
    if found.nothing:
        return (
            f"{what}: nothing changes. Every state stands where it stood, in every quarter of every future.",
        )
    moved = moves(found)
    visible = sorted(
        (one for one in moved if one.visible), key=lambda one: (one.name not in found.blocs, -abs(one.mean))
    )
    if not visible:
        return _small(found, what, end, moved, background)
    first, *others = visible
    told = [
        _told(one, found, len(names), end if n == 0 else "") for n, one in enumerate([first, *others][:2])
    ]
    still = [one for one in moved if one.name in found.blocs and not one.visible]
    if still and first.name in found.blocs:
        told.append(f"{_listed([_share(one.name, found) for one in still])} hardly {_plural('moves', still)}")
    lead = f"{what}: {'; '.join(told)}."
    more = (_who(found, first, names), _passing(found), _alone(found, first, background))
    return (lead, *(part for part in more if part))


def _small(
    found: Comparison, what: str, end: str, moved: Sequence[Moved], background: Background
) -> tuple[str, ...]:
    largest = max(moved, key=lambda one: abs(one.mean))
    most = points(largest.mean)
    told = "" if most == SAME else f" (the most is {_share(largest.name, found)} {most})"
    lead = f"{what}: no visible change, no share of states moves by half a point by {end}{told}"
    because = f"{lead}, because {background.because}." if background.because else f"{lead}."
    return tuple(part for part in (because, _passing(found), _joint(found, background)) if part)


def _passing(found: Comparison) -> str:
    """Return when a bloc's share differed most, where that is visible and little of it is left at the end."""
    for bloc in found.blocs:
        mean = found.bloc_change["count"][bloc].mean
        peak = int(np.abs(mean).argmax())
        there, left = abs(float(mean[peak])), abs(float(mean[-1]))
        if there >= VISIBLE and there > PASSING * left:
            return (
                f"In between it moved {_share(bloc, found)} by {points(float(mean[peak]))} points, by "
                f"{by_end(found.steps[peak])}."
            )
    return ""


def _joint(found: Comparison, background: Background) -> str:
    if background.joint is None:
        return ""
    words, both = background.joint
    largest = max(moves(both), key=lambda one: abs(one.mean))
    if not largest.visible:
        return ""
    return (
        f"It would count with “{words}” at its most: there the same change moves {_share(largest.name, both)} by "
        f"{points(largest.mean)} points."
    )


def points(share: float) -> str:
    """Return a change of a share in percentage points with its sign; what rounds to nothing is ±0."""
    return signed_number(100 * share)


def _told(one: Moved, found: Comparison, countries: int, end: str) -> str:
    number = round(abs(one.mean) * countries)
    verb = "gains" if one.mean > 0 else "loses"
    low, high = (_states(share, countries) for share in (one.low, one.high))
    about = f"about {number} {'state' if number == 1 else 'states'}" if number else "less than a state"
    when = f" by {end}" if end else ""
    ten = "nine futures in ten: " if end else ""
    band = low if low == high else f"{low} to {high}"
    skewed = "" if one.low <= one.mean <= one.high else ", skewed: a few futures change much"
    return f"{_share(one.name, found)} {verb} {about}{when} ({points(one.mean)} points; {ten}{band}{skewed})"


def _states(share: float, countries: int) -> str:
    number = round(share * countries)
    return "0" if number == 0 else f"{'+' if number > 0 else '−'}{abs(number)}"


def _who(found: Comparison, first: Moved, names: Mapping[str, str]) -> str:
    flips = [flip for flip in found.flips if flip.probability >= LEAST_NAMED and _goes(flip, first)]
    if not flips:
        return ""
    unit = iter([" of futures"])
    named = [
        f"{names.get(one.iso3, one.iso3)} ({100 * one.probability:.0f} %{next(unit, '')})"
        for one in flips[:MOST_NAMED]
    ]
    return f"Most often {_listed(named)} {_plural('ends', named)} elsewhere; {_cause(flips)}."


def _goes(flip: Flip, moved: Moved) -> bool:
    """Return whether a country's switch adds to the change of a share."""
    before, after = _counts(flip.origin, moved.name), _counts(flip.destination, moved.name)
    return before != after and after == (moved.mean > 0)


def _counts(state: str, name: str) -> bool:
    held = blocs_of(state)
    if name == SEVERAL:
        return len(held) > 1
    return not held if name == NON_ALIGNED else name in held


def _cause(flips: Sequence[Flip]) -> str:
    """Return through what most of the switches come about."""
    total = sum(flip.probability for flip in flips)
    if sum(flip.probability * flip.closed_in_one for flip in flips) >= 0.5 * total:
        return "a bloc is closed to them in one of the two futures"
    if sum(flip.probability * flip.reviewed_in_one for flip in flips) >= 0.5 * total:
        return "what differs is when they decide"
    weight: dict[str, float] = {}
    for flip in flips:
        for term, change in flip.because.items():
            weight[term] = weight.get(term, 0.0) + flip.probability * change
    term = max(weight, key=lambda name: (weight[name], name)) if weight else ""
    return (
        f"what tips them most is {term_words(term)}" if term and weight[term] > 0 else "chance decides which"
    )


def _alone(found: Comparison, first: Moved, background: Background) -> str:
    if len(background.alone) < 2:
        return ""
    each = []
    for words, one in background.alone:
        own = next((moved for moved in moves(one) if moved.name == first.name), None)
        each.append(f"{words} {points(0.0 if own is None else own.mean)}")
    return f"Each alone, for {_share(first.name, found)}: {'; '.join(each)}; together {points(first.mean)} points."


def _share(name: str, found: Comparison) -> str:
    if name == SEVERAL:
        return "the group in both blocs"
    return "the non-aligned group" if name == NON_ALIGNED else f"the {bloc_label(name, found.titles)} bloc"


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _plural(verb: str, subjects: Sequence[object]) -> str:
    return verb if len(subjects) == 1 else verb.removesuffix("s")
