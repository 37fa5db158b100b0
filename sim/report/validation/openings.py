"""What the report says about openings of organizations: how many outsiders signed, who, and what the simulator expected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.evidence.openings import BONUS, DATES, WHO, OpeningScore
from sim.labels.shares import percent
from sim.report.blocks import Block, Bullets, Table, Text
from sim.report.validation.summary import number

_SEEN = {
    WHO: "who signed is in the coefficients",
    DATES: "joining dates are in attention and costs",
    BONUS: "founders' bonus was fitted to it",
}
SHOWN = 12
"""Names of one kind shown."""
ENOUGH_ALLIES = 10
"""Allies of the other leader from which their number is said."""


def openings(found: Sequence[OpeningScore], names: dict[str, str]) -> tuple[Block, ...]:
    """Return the scores of all openings, and their hits and misses by name.

    ``names`` : of the countries by code
    """
    widths = [one.high / max(one.low, 1.0) for one in found]
    return (
        Text(
            "An organization opens in the simulator, and outsiders of its leader's bloc sign or do not. Each launch is a "
            "scenario of its own: the world as recorded the year before, the members that the rule on acts finds on that day "
            "(none but the leader where there were no acts), a founders' window as long as the launch, offers and all else as "
            "in `july-2025` (chips and programmes of 2025 are an anachronism in 2014, but one without weight: with no offer "
            "at all as many sign, within a few states); no number was changed for it. What founders gain (the bonus) was "
            "fitted to WAICO and to the US-led statements of 2026: the other four launches say whether it carries over. They "
            "are no test of all that they touch: the table says where a list, among others, is in the estimate."
        ),
        _scores(found),
        Text(
            "Signed: outsiders whose names are known (and up to how many with the founders whose names are not). Hits: "
            "signatories among those that sign in one future, on average. Log score, size given: as above, against the base "
            "rate, which gives everybody the same chance and knows the number too. `july-2025` opens US-led statements half "
            "as wide as a treaty: those lists are shown at both widths. Bands are wide, the upper end "
            f"{min(widths):.1f} to {max(widths):.1f} times the lower: a number inside one is a weak test passed, a number "
            "outside one a test failed."
        ),
        Bullets([verdict(one) for one in found]),
        Text(
            "Names. As many states as signed are called the likeliest; in brackets the share of futures in which a state signs."
        ),
        Bullets(
            [text for one in found if one.opening.width == 1.0 for text in _names(one, names)], only="page"
        ),
    )


def label(one: OpeningScore) -> str:
    """Return the list, and how far its window is open if not fully."""
    width = one.opening.width
    return one.opening.initiative + ("" if width == 1.0 else f", window at {width:g}")


def verdict(one: OpeningScore) -> str:
    """Say in a sentence whether the number that signed, and who, was to be expected."""
    signed = _signed(one)
    band = f"{one.low:.0f} to {one.high:.0f}"
    if one.inside:
        number_said = f"{signed} signed, inside the band of {band}"
    elif one.joined > one.high:
        number_said = f"**{signed} signed, more than the band of {band}**: the bonus is too small for it"
    else:
        number_said = f"**{signed} signed, fewer than the band of {band}**: the bonus is too large for it"
    better = one.sized > one.base_rate
    who = "who signed is forecast better than by the base rate" if better else (
        "**who signed is forecast no better than by the base rate**"
    )  # fmt: skip
    allied = int(one.allied.sum())
    came, expected = int((one.signed & one.allied).sum()), float(one.chance[one.allied].sum())
    allies = (
        f"; of {allied} outsiders allied with the other leader {came} signed, {expected:.1f} expected"
        if allied >= ENOUGH_ALLIES
        else ""
    )
    return f"{label(one)} ({one.opening.note}): {number_said}; {who} (AUC {number(one.auc, 3)}){allies}."


def openings_in_short(found: Sequence[OpeningScore]) -> str:
    """Say for how many launches the number and the names were to be expected."""
    full = [one for one in found if one.opening.width == 1.0]
    inside = [one for one in full if one.inside]
    outside = ", ".join(label(one) for one in full if not one.inside)
    new = [one for one in full if BONUS not in one.opening.seen]
    aucs = ", ".join(f"{label(one)} {number(one.auc, 2)}" for one in new)
    but = f" (not {outside})" if outside else ""
    return (
        f"Openings in the simulator: the number of outsiders that signed lies in the 90 % band for {len(inside)} of "
        f"{len(full)} launches{but}; AUC of who signed where founders' bonus was not fitted: "
        f"{aucs}."
    )


def losses_of_openings(found: Sequence[OpeningScore]) -> list[str]:
    """Return where the base rate scored better, in words."""
    return [
        f"opening of {label(one)}, log score, size given: base rate"
        for one in found
        if one.sized <= one.base_rate
    ]


def _signed(one: OpeningScore) -> str:
    return f"{one.joined}" + (f" to {one.joined + one.opening.unnamed}" if one.opening.unnamed else "")


def _scores(found: Sequence[OpeningScore]) -> Table:
    rows = [
        (
            label(one), "; ".join(_SEEN[part] for part in one.opening.seen), str(one.members), str(len(one.iso3)),
            _signed(one), f"{one.mean:.1f} ({one.low:.0f}–{one.high:.0f})", f"{one.expected_hits:.1f}",
            number(one.auc, 3), f"{one.sized:.3f}", f"{one.base_rate:.3f}",
        )
        for one in found
    ]  # fmt: skip
    headings = (
        "opening", "in the estimate", "members before", "outsiders", "signed", "simulated (90 %)", "hits", "AUC",
        "log score, size given", "base rate",
    )  # fmt: skip
    return Table(headings, rows, 8)


def _names(one: OpeningScore, names: dict[str, str]) -> list[str]:
    top = one.likeliest()
    kinds = (
        (one.signed & top, "signed, among the likeliest"),
        (one.signed & ~top, "signed, not among them"),
        (top & ~one.signed, "among the likeliest, did not sign"),
    )
    return [
        f"{label(one)}: {words}: {_listed(one, chosen, names)}." for chosen, words in kinds if chosen.any()
    ]


def _listed(one: OpeningScore, chosen: NDArray[np.bool_], names: dict[str, str]) -> str:
    listed = one.named(chosen)
    shown = listed if len(listed) <= SHOWN else (*listed[: SHOWN // 2], *listed[-SHOWN // 2 :])
    texts = [f"{names[code]} ({percent(chance)} %)" for code, chance in shown]
    if len(listed) > SHOWN:
        texts.insert(SHOWN // 2, f"{len(listed) - SHOWN} more")
    return ", ".join(texts)
