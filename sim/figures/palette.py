"""The one palette: colours of membership states, of signs and of scales, for paper, screen and dark screen.

Colours are chosen to stay apart for readers with protanopia, deuteranopia and tritanopia (a test simulates
each), and no figure relies on colour alone: states of two or more blocs are striped in the colours of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.inputs.memberships import blocs_of

# Keyed by the slots that a membership set fills: a = US-led, b = China-led, c = a third bloc.
_LIGHT = {
    "": "#949494",
    "a": "#2a6fc0",
    "b": "#dd5f1b",
    "ab": "#5f1f63",
    "c": "#35b27d",
    "ac": "#5fd3e6",
    "bc": "#dcb92e",
    "abc": "#1f2124",
}
_DARK = {
    "": "#6b6f76",
    "a": "#4f9bec",
    "b": "#f0803a",
    "ab": "#e3b4f4",
    "c": "#5fd39a",
    "ac": "#a5ecf7",
    "bc": "#f5da66",
    "abc": "#ffffff",
}
_HOME_SLOT = {"us": "a", "china": "b"}


@dataclass(frozen=True)
class Theme:
    """Colours of everything that is not a state, for one background.

    Attributes
    ----------
    paper, ink, muted, grid : background, text, secondary text, axis lines
    soft, land, focus : raised background, territory outside the model, ring around what has the keyboard
    positive, negative : signed quantities (terms of a utility); none of the bloc colours
    accent : what is selected or in focus
    sequential : low to high, monotone in lightness
    diverging : below, equal to and above a reference; the middle is neutral
    """

    paper: str
    ink: str
    muted: str
    grid: str
    soft: str
    land: str
    focus: str
    positive: str
    negative: str
    accent: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]


LIGHT = Theme(
    paper="#ffffff",
    ink="#1d232b",
    muted="#59626e",
    grid="#e2e5e9",
    soft="#f3f4f6",
    land="#f2f1ee",
    focus="#0b57d0",
    positive="#0b7f79",
    negative="#9a6b00",
    accent="#111418",
    sequential=("#f1f6ee", "#cfe6d8", "#9dd0c4", "#62b1b0", "#308c9a", "#17647e", "#123c5c"),
    diverging=("#7a5200", "#bd933c", "#e6d6ae", "#f4f4f2", "#c4e3e2", "#5fb3b1", "#0a625e"),
)
DARK = Theme(
    paper="#1e1e1e",
    ink="#eef0f2",
    muted="#a9b1ba",
    grid="#3a3f45",
    soft="#2b2e33",
    land="#2b2d30",
    focus="#8ab4f8",
    positive="#4cc3c0",
    negative="#dcae3f",
    accent="#ffffff",
    sequential=("#16303f", "#1b4a5d", "#22687a", "#2f8993", "#55aca6", "#93cdb9", "#def1d8"),
    diverging=("#f0c75e", "#a9842f", "#5c4d2a", "#37393c", "#275556", "#2f9391", "#74dedb"),
)


def theme(dark: bool = False) -> Theme:
    """Return the colours for a light or a dark background."""
    return DARK if dark else LIGHT


def state_colours(states: Sequence[str], *, dark: bool = False) -> tuple[str, ...]:
    """Return one colour for each membership state.

    Parameters
    ----------
    states
        All states of a scenario in the order of their bitmask, as in ``inputs.states``: ``"non_aligned"``,
        names of blocs, and names joined by ``+``. Up to three blocs.
    dark
        Whether the background is dark.

    Raises
    ------
    ValueError
        If there are more than three blocs.
    """
    slots = _slots(states)
    table = _DARK if dark else _LIGHT
    return tuple(table["".join(sorted(slots[bloc] for bloc in blocs_of(state)))] for state in states)


def stripes(states: Sequence[str], *, dark: bool = False) -> tuple[tuple[str, ...], ...]:
    """Return, for each state, the colours of its blocs: what a hatch of the state is drawn with."""
    slots = _slots(states)
    table = _DARK if dark else _LIGHT
    return tuple(tuple(table[slots[bloc]] for bloc in blocs_of(state)) for state in states)


def _slots(states: Sequence[str]) -> dict[str, str]:
    """Return the colour slot of each bloc: its own, else that of a third bloc, else a free one."""
    blocs = list(dict.fromkeys(bloc for state in states for bloc in blocs_of(state)))
    if len(blocs) > 3:
        raise ValueError(f"there are colours for three blocs, not for {len(blocs)}: {', '.join(blocs)}")
    slots = {bloc: _HOME_SLOT[bloc] for bloc in blocs if bloc in _HOME_SLOT}
    free = [slot for slot in "cab" if slot not in slots.values()]
    for bloc in blocs:
        if bloc not in slots:
            slots[bloc] = free.pop(0)
    return slots
