"""What is known of a lever's whole range, as the widget `Levers` shows it: a bar, and a line with evidence or reason."""

from __future__ import annotations

from typing import Any

from sim.dashboard.effects import Effects
from sim.figures.palette import state_colours
from sim.inputs.memberships import NON_ALIGNED, Titles, bloc_label
from sim.registry.fields import BEHAVIOUR
from sim.report.lever_cards import number_words
from sim.sensitivity.lever_effects import SEVERAL, Effect
from sim.words import mark, number_text, spoken, tr

IN_FULL = mark("{share} {low} to {high} pp; {grade}")
IN_SHORT = {
    "us": mark("US-led {low} to {high} pp; {grade}"),
    "china": mark("China-led {low} to {high} pp; {grade}"),
}
"""What a lever does, in the one line that there is room for; of blocs that have no title of their own, by key."""
LEAST_SCALE = 2.0
"""Percentage points that a full bar stands for at least, so that small effects look small."""


def learned(
    known: Effects,
    names: list[str],
    states: tuple[str, ...],
    titles: Titles,
    groups: dict[str, str],
    in_full: bool = False,
) -> dict[str, dict[str, Any]]:
    """Return what the named levers show of what is known.

    Parameters
    ----------
    known : effects by lever, as far as they are computed
    states : membership sets of the scenario, for the colours
    groups : group of every parameter; what is assumed of states has a scale of bars of its own
    in_full : whether a reason is told in full, where there is room
    """
    scale = {True: LEAST_SCALE, False: LEAST_SCALE}
    for one in known.values():
        if one.lever.front:
            scale[_assumed(one, groups)] = max(scale[_assumed(one, groups)], one.size)
    return {
        name: _shown(known[name], states, titles, scale[_assumed(known[name], groups)], in_full)
        for name in names
        if name in known
    }


def _assumed(one: Effect, groups: dict[str, str]) -> bool:
    return groups.get(one.lever.settings[0].path) == BEHAVIOUR


def _shown(
    one: Effect, states: tuple[str, ...], titles: Titles, scale: float, in_full: bool
) -> dict[str, Any]:
    state = NON_ALIGNED if one.main == NON_ALIGNED else states[-1] if one.main == SEVERAL else one.main
    position = states.index(state)
    weights = ", ".join(
        dict.fromkeys([number_words(one.evidence.weight), *map(number_words, one.evidence.also)])
    )
    band = one.change[one.main]
    reach = tr(
        "Its whole range, alone, with the same draws: nine futures in ten lie within {low} to {high} points.",
        low=_signed(float(band.p05.min())),
        high=_signed(float(band.p95.max())),
    )
    evidence = tr(
        "Evidence: {grade}. It acts through {weights}.", grade=tr(one.evidence.grade), weights=weights
    )
    why = ""
    if one.small and one.reason:
        why = tr(
            "Over its whole range it moves no share by half a point: {reason}.",
            reason=spoken(one.reason.words),
        )
    return {
        "text": effect_line(one, titles, in_full),
        "title": f"{reach} {why} {evidence}",
        "length": min(1.0, one.size / scale),
        "light": state_colours(states)[position],
        "dark": state_colours(states, dark=True)[position],
        "idle": one.small,
        "help": [why],
    }  # fmt: skip


def effect_line(one: Effect, titles: Titles, in_full: bool = False) -> str:
    """Return what the whole range of a lever does, in a line: how far which share goes (percentage points), or why not."""
    if one.small:
        if one.reason is None:
            return tr("little")
        reason = one.reason.words if in_full else one.reason.cause
        return tr("little: {reason}", reason=tr(spoken(reason)))
    mean = one.change[one.main].mean
    low, high = min(0.0, float(mean.min())), max(0.0, float(mean.max()))
    words = IN_FULL
    if bloc_label(one.main, titles) == bloc_label(one.main):
        words = IN_SHORT.get(one.main, words)
    return tr(
        words,
        share=share_words(one.main, titles),
        low=_signed(low),
        high=_signed(high),
        grade=tr(one.evidence.grade),
    )


def share_words(name: str, titles: Titles) -> str:
    """Return the share that a lever moves, in words."""
    if name == SEVERAL:
        return tr("both")
    return tr("non-aligned") if name == NON_ALIGNED else bloc_label(name, titles)


def _signed(points: float) -> str:
    return "0" if abs(points) < 0.05 else number_text(f"{'+' if points > 0 else '−'}{abs(points):.1f}")
