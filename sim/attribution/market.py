"""Why the chips of a bloc are worth little to a country: what would have to be otherwise for them to be worth more."""

from __future__ import annotations

from collections import Counter

from sim.attribution.observe import LABELS, Observation
from sim.theory.chips import chip_leverage

LITTLE = 0.1
"""Logits below which chips are worth little: an even chance moves by less than three points."""

_CHIPS = LABELS.index("chips")
_HARDLY = 1.5
"""Times that the gain would have to grow for a cause to be named: below, nothing in the market keeps it small."""


def why_little(seen: Observation, k: int) -> str:
    """Return why the chips of bloc ``k`` are worth little, in most of the futures: a key of `sim.labels.terms.CHIP_REASONS`.

    Nothing ("") where they are worth a tenth of a logit or more on average.
    """
    if not len(seen.before) or abs(seen.terms[:, k, _CHIPS].mean()) >= LITTLE:
        return ""
    rows = zip(seen.market.tolist(), seen.offers[:, k, :2].tolist(), strict=True)
    found = Counter(
        chip_reason(need, member, outsider, free, enough) for (need, free, enough), (member, outsider) in rows
    )
    return max(sorted(found), key=lambda reason: found[reason])


def chip_reason(need: float, member: float, outsider: float, free: float, enough: float) -> str:
    """Return what keeps the gain in chips small, a key of `sim.labels.terms.CHIP_REASONS`.

    Where no single thing does, it is the one without which the gain would be largest (`sim.theory.chips.chip_leverage`).

    Parameters
    ----------
    need : chips wanted, H100e a year
    member, outsider : chips of the bloc as a member and as an outsider, H100e a year
    free : chips of all blocs had without joining anybody, H100e a year
    enough : chips that are nearly enough, H100e a year
    """
    if need <= 0.0:
        return "none wanted"
    if member <= 0.0:
        return "none on offer"
    if outsider >= need:
        return "supply meets need"
    if member <= outsider:
        return "nothing conditional"

    def gain(inside: float, outside: float, others: float) -> float:
        return chip_leverage(1.0, need, inside, outside, outside + others, enough / need)

    others = max(0.0, free - outsider)
    more = max(1.0, need / member)
    without = {
        "little conditional": gain(member, 0.0, others),
        "open chips elsewhere": gain(member, outsider, 0.0),
        "few chips": gain(more * member, more * outsider, others),
    }
    largest = max(without, key=lambda reason: without[reason])
    return largest if without[largest] > _HARDLY * gain(member, outsider, others) else "little use"
