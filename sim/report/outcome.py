"""What came of a change, in a few sentences: who gains how many states, which, through what; or why nothing is to be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.attribution.compare import Comparison, Flip
from sim.inputs.memberships import NON_ALIGNED, bloc_label, blocs_of
from sim.labels.numbers import SAME, signed_number
from sim.labels.partition import by_end
from sim.labels.terms import change_words
from sim.measures import Band
from sim.words import joined, listed, mark, tr, trn

VISIBLE = 0.005
"""Change of a share, of states, from which it is called visible: half a point."""
SEVERAL = "several"
PASSING = 1.5
"""How many times larger than at the end a change must once have been for that to be said."""
LEAST_NAMED = 0.02
"""Share of futures in which a country must end elsewhere to be named."""
MOST_NAMED = 4
LIKELY = 0.2
"""Share of futures in which a country must end elsewhere to be named although no share of states moves."""
WEIGHTS = {"gdp": mark("GDP"), "population": mark("population"), "compute": mark("AI compute")}
"""Shares other than that of states, as they stand within a sentence."""
WEIGHTY = 0.02
MUCH_MORE = 3
"""Change of another share (of people, output, compute), alone and in changes of that of states, from which it is told."""


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
    what = listed(actions) if actions else tr("{b} against {a}", b=found.b, a=found.a)
    end = by_end(found.steps[-1])
    if found.nothing:
        return (
            tr(
                "{what}: nothing changes. Every state stands where it stood, in every quarter of every future.",
                what=what,
            ),
        )
    moved = moves(found)
    visible = sorted(
        (one for one in moved if one.visible), key=lambda one: (one.name not in found.blocs, -abs(one.mean))
    )
    if not visible:
        return _small(found, what, end, moved, background, names)
    first, *others = visible
    told = [
        _told(one, found, len(names), end if n == 0 else "") for n, one in enumerate([first, *others][:2])
    ]
    still = [one for one in moved if one.name in found.blocs and not one.visible]
    if still and first.name in found.blocs:
        names_still = listed([_share(one.name, found) for one in still])
        one_alone = len(still) == 1
        told.append(
            tr("{who} hardly moves", who=names_still)
            if one_alone
            else tr("{who} hardly move", who=names_still)
        )
    lead = tr("{what}: {told}.", what=what, told=joined(tr("; "), told))
    more = (_who(found, first, names), _weighty(found), _passing(found), _alone(found, first, background))
    return (lead, *(part for part in more if part))


def _small(
    found: Comparison,
    what: str,
    end: str,
    moved: Sequence[Moved],
    background: Background,
    names: Mapping[str, str],
) -> tuple[str, ...]:
    largest = max(moved, key=lambda one: abs(one.mean))
    most = points(largest.mean)
    if most == SAME:
        lead = tr(
            "{what}: no visible change, no share of states moves by half a point by {end}", what=what, end=end
        )
    else:
        lead = tr(
            "{what}: no visible change, no share of states moves by half a point by {end} (the most is {who} {points})",
            what=what, end=end, who=_share(largest.name, found), points=most,
        )  # fmt: skip
    because = (
        tr("{said}, because {reason}.", said=lead, reason=background.because)
        if background.because
        else tr("{said}.", said=lead)
    )
    more = (_likely(found, names), _weighty(found), _passing(found), _joint(found, background))
    return tuple(part for part in (because, *more) if part)


def _likely(found: Comparison, names: Mapping[str, str]) -> str:
    """Return which countries end elsewhere in many futures, where shares of states do not show it."""
    likely = [flip for flip in found.flips if flip.probability >= LIKELY][:MOST_NAMED]
    if not likely:
        return ""
    told = [
        tr(
            "{country} ({share:.0f} % of futures)",
            country=tr(names.get(one.iso3, one.iso3)),
            share=100 * one.probability,
        )
        for one in likely
    ]
    if len(told) == 1:
        return tr("{country} ends elsewhere all the same.", country=told[0])
    return tr("{countries} end elsewhere all the same.", countries=listed(told))


def _weighty(found: Comparison) -> str:
    """Return what a bloc's share of people, output or compute does, where it moves much more than its share of states."""
    told = []
    for weight, bands in found.bloc_change.items():
        for bloc in found.blocs if weight != "count" else ():
            mean, states = (float(one[bloc].mean[-1]) for one in (bands, found.bloc_change["count"]))
            if abs(mean) >= WEIGHTY and abs(mean) >= MUCH_MORE * abs(states):
                words = tr(WEIGHTS[weight])
                told.append(
                    (
                        abs(mean),
                        tr(
                            "{who} by {points} points of {weight}",
                            who=_share(bloc, found),
                            points=points(mean),
                            weight=words,
                        ),
                    )
                )
    first = [text for _, text in sorted(told, reverse=True)[:2]]
    return tr("By weight it moves more: {told}.", told=listed(first)) if first else ""


def _passing(found: Comparison) -> str:
    """Return when a bloc's share differed most, where that is visible and little of it is left at the end."""
    for bloc in found.blocs:
        mean = found.bloc_change["count"][bloc].mean
        peak = int(np.abs(mean).argmax())
        there, left = abs(float(mean[peak])), abs(float(mean[-1]))
        if there >= VISIBLE and there > PASSING * left:
            return tr(
                "In between it moved {who} by {points} points, by {end}.",
                who=_share(bloc, found), points=points(float(mean[peak])), end=by_end(found.steps[peak]),
            )  # fmt: skip
    return ""


def _joint(found: Comparison, background: Background) -> str:
    if background.joint is None:
        return ""
    words, both = background.joint
    largest = max(moves(both), key=lambda one: abs(one.mean))
    if not largest.visible:
        return ""
    return tr(
        "It would count with “{lever}” at its most: there the same change moves {who} by {points} points.",
        lever=words, who=_share(largest.name, both), points=points(largest.mean),
    )  # fmt: skip


def points(share: float) -> str:
    """Return a change of a share in percentage points with its sign; what rounds to nothing is ±0."""
    return signed_number(100 * share)


def _told(one: Moved, found: Comparison, countries: int, end: str) -> str:
    number = round(abs(one.mean) * countries)
    who, more = _share(one.name, found), one.mean > 0
    if number and more:
        change = trn("{who} gains about {n} state", "{who} gains about {n} states", number, who=who)
    elif number:
        change = trn("{who} loses about {n} state", "{who} loses about {n} states", number, who=who)
    else:
        change = (
            tr("{who} gains less than a state", who=who)
            if more
            else tr("{who} loses less than a state", who=who)
        )
    low, high = (_states(share, countries) for share in (one.low, one.high))
    band = (
        trn("{low} state", "{low} states", abs(round(one.low * countries)), low=low)
        if low == high
        else tr("{low} to {high} states", low=low, high=high)
    )
    if not one.low <= one.mean <= one.high:
        band = tr("{band}, skewed: a few futures change much", band=band)
    if not end:
        return tr("{change} ({points} points; {band})", change=change, points=points(one.mean), band=band)
    return tr(
        "{change} by {end} ({points} points; nine futures in ten: {band})",
        change=change, end=end, points=points(one.mean), band=band,
    )  # fmt: skip


def _states(share: float, countries: int) -> str:
    number = round(share * countries)
    return "0" if number == 0 else f"{'+' if number > 0 else '−'}{abs(number)}"


def _who(found: Comparison, first: Moved, names: Mapping[str, str]) -> str:
    likely = [flip for flip in found.flips if flip.probability >= LEAST_NAMED]
    flips = [flip for flip in likely if _goes(flip, first)]
    if not flips:
        return ""
    cause = _cause(found, flips)
    named = [
        tr(
            "{country} ({share:.0f} %)",
            country=tr(names.get(one.iso3, one.iso3)),
            share=100 * one.probability,
        )
        for one in flips[1:MOST_NAMED]
    ]
    first_one = tr(
        "{country} ({share:.0f} % of futures)",
        country=tr(names.get(flips[0].iso3, flips[0].iso3)), share=100 * flips[0].probability,
    )  # fmt: skip
    countries = listed([first_one, *named])
    likeliest = flips[:MOST_NAMED] == likely[: len(flips[:MOST_NAMED])]
    if not likeliest:  # others end elsewhere more often, on another way
        share = _share(first.name, found)
        if first.mean > 0:
            return tr(
                "Most often gained by {who}: {countries}; {cause}.",
                who=share,
                countries=countries,
                cause=cause,
            )
        return tr(
            "Most often lost by {who}: {countries}; {cause}.", who=share, countries=countries, cause=cause
        )
    if not named:
        return tr("Most often {country} ends elsewhere; {cause}.", country=first_one, cause=cause)
    return tr("Most often {countries} end elsewhere; {cause}.", countries=countries, cause=cause)


def _goes(flip: Flip, moved: Moved) -> bool:
    """Return whether a country's switch adds to the change of a share."""
    before, after = _counts(flip.origin, moved.name), _counts(flip.destination, moved.name)
    return before != after and after == (moved.mean > 0)


def _counts(state: str, name: str) -> bool:
    held = blocs_of(state)
    if name == SEVERAL:
        return len(held) > 1
    return not held if name == NON_ALIGNED else name in held


def _cause(found: Comparison, flips: Sequence[Flip]) -> str:
    """Return through what most of the switches come about."""
    flips = [flip for flip in flips if not found.from_start(flip)]
    if not flips:
        return tr("what differs is where they stand at the start")
    total = sum(flip.probability for flip in flips)
    if sum(flip.probability * flip.closed_in_one for flip in flips) >= 0.5 * total:
        return tr("a bloc is closed to them in one of the two futures")
    if sum(flip.probability * flip.reviewed_in_one for flip in flips) >= 0.5 * total:
        return tr("what differs is when they decide")
    weight: dict[str, float] = {}
    for flip in flips:
        for term, change in flip.because.items():
            weight[term] = weight.get(term, 0.0) + flip.probability * change
    term = max(weight, key=lambda name: (weight[name], name)) if weight else ""
    if term and weight[term] > 0:
        return tr("what tips them most is {term}", term=change_words(term))
    return tr("chance decides which")


def _alone(found: Comparison, first: Moved, background: Background) -> str:
    if len(background.alone) < 2:
        return ""
    each = []
    for words, one in background.alone:
        own = next((moved for moved in moves(one) if moved.name == first.name), None)
        each.append(joined(" ", (words, points(0.0 if own is None else own.mean))))
    return tr(
        "Each alone, for {who}: {each}; together {points} points.",
        who=_share(first.name, found), each=joined(tr("; "), each), points=points(first.mean),
    )  # fmt: skip


def _share(name: str, found: Comparison) -> str:
    if name == SEVERAL:
        return tr("the group in both blocs")
    if name == NON_ALIGNED:
        return tr("the group outside these blocs") if found.unshared else tr("the non-aligned group")
    return tr("the {bloc} bloc", bloc=bloc_label(name, found.titles))
