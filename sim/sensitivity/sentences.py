"""An analysis in sentences: size first, then what moves it, where it tips, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.sensitivity.analyze import Analysis
from sim.sensitivity.boxes import Discovery, limits_text
from sim.sensitivity.convergence import Convergence
from sim.sensitivity.effects import Effect, Effects
from sim.sensitivity.morris import MorrisEffects
from sim.sensitivity.question import Label, Question
from sim.sensitivity.sobol import SobolIndices
from sim.sensitivity.surface import Crossing
from sim.sensitivity.variance import VarianceSplit
from sim.types import Floats

_NAMED = 3
"""Factors that a sentence names."""
_CROSSINGS = 2
"""Tipping points along one line that a sentence names."""
_LIFT = 1.1
"""How much denser than everything a box must be to be worth a sentence."""


def sentences(analysis: Analysis, label: Label = str) -> list[str]:
    """Return what an analysis says, a sentence each without the full stop, the most important first.

    ``label`` : puts factors into words; default: their names, which commands and files take
    """
    parts: list[tuple[object | None, Callable[[], list[str]]]] = [
        (analysis.spread, lambda: [_size(analysis)]),
        (analysis.effects, lambda: _effects(analysis.effects, label)),
        (analysis.sobol, lambda: _sobol(analysis.sobol, label)),
        (analysis.morris, lambda: _morris(analysis.morris, label)),
        (analysis.surface, lambda: _tipping(analysis, label)),
        (analysis.boxes or None, lambda: _box(analysis.boxes[0], analysis.question, label)),
        (analysis.sources, lambda: _sources(analysis.sources)),
        (analysis.variance, lambda: _variance(analysis.variance)),
        (analysis.convergence, lambda: _convergence(analysis.convergence)),
    ]
    return [sentence for result, written in parts if result is not None for sentence in written()]


def headline(analysis: Analysis, label: Label = str) -> str:
    """Return the whole in one sentence without the full stop: how far the outcome ranges, and what moves it most.

    ``label`` : see `sentences`
    """
    assert analysis.spread is not None
    low, middle, high = (number(value) for value in analysis.spread.means)
    text = f"median over samples {middle}, {low} to {high} in nine of ten of them"
    strongest = max(analysis.effects.effects, key=lambda one: one.size) if analysis.effects else None
    if strongest is None or strongest.size == 0:
        return f"{text}; no factor alone has a detectable effect"
    start, stop, mean, interval = (
        _value(strongest.start),
        _value(strongest.stop),
        strongest.mean,
        strongest.interval,
    )
    if strongest.turn is not None and abs(strongest.turn[1]) > abs(mean):
        place, mean, *ends = strongest.turn
        stop, interval = number(place), (ends[0], ends[1])
    verb = "adds" if mean > 0 else "takes"
    low, high = (number(value) for value in sorted(abs(value) for value in interval))
    sure = f" ({low} to {high})" if math.isfinite(interval[0]) else ""
    change = f"from {start} to {stop} it {verb} {number(abs(mean))}{sure}"
    return f"{text}; {label(strongest.name)} matters most: {change}"


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a number with three digits that count, and a true minus sign."""
    return f"{value:z.3g}".replace("-", "−")


def percent(share: float) -> str:
    """Return a share in whole per cent, from 0 to 100 %."""
    return f"{100 * min(max(share, 0.0), 1.0):.0f} %"


def _size(analysis: Analysis) -> str:
    assert analysis.spread is not None
    low, middle, high = (number(value) for value in analysis.spread.means)
    lowest, _, highest = (number(value) for value in analysis.spread.futures)
    return (
        f"Median over samples: {middle}; nine of ten samples lie between {low} and {high} (means over futures), nine of "
        f"ten single futures between {lowest} and {highest}"
    )


def _effects(found: Effects | None, label: Label) -> list[str]:
    assert found is not None
    clear = [effect for effect in found.effects if effect.clear]
    said = [_effect(effect, label) for effect in clear[:_NAMED]]
    turning = [effect for effect in found.effects if not effect.clear and effect.turn is not None]
    said += [f"{label(effect.name)}: {_turning(effect)}" for effect in turning[:_NAMED]]
    unclear = [label(effect.name) for effect in found.effects if effect.size == 0]
    if unclear:
        names = ", ".join(unclear[:_NAMED]) + (
            f" and {len(unclear) - _NAMED} more" if len(unclear) > _NAMED else ""
        )
        said.append(
            f"No detectable effect between the ends of its range or on the way: {names} "
            f"({percent(found.confidence)} interval of the mean includes zero)"
        )
    return said


def _effect(effect: Effect, label: Label) -> str:
    verb = "raises" if effect.mean > 0 else "lowers"
    start, stop = (
        value if isinstance(value, str) else number(value) for value in (effect.start, effect.stop)
    )
    low, high = sorted(abs(value) for value in effect.interval)
    sure = (
        f"90 % interval of the mean {number(low)} to {number(high)}" if math.isfinite(high) else "one future"
    )
    text = f"{label(effect.name)} from {start} to {stop} {verb} it by {number(abs(effect.mean))} ({sure}"
    if effect.rises is not None and effect.band is not None:
        share = effect.rises if effect.mean > 0 else effect.falls
        text += f"; {number(effect.band[0])} to {number(effect.band[1])} in nine of ten futures"
        if share is not None:
            text += f", {'up' if effect.mean > 0 else 'down'} in {percent(share)}"
    return f"{text}){_where(effect)}"


def _where(effect: Effect) -> str:
    """Return where on the way most of an effect comes about, and whether it turns; nothing if it is even."""
    if effect.turn is not None:
        return f", but not all the way: {_turning(effect)}"
    if effect.most is None:
        return ""
    low, high = effect.most
    part = (
        f"below {number(high)}" if low == effect.start else
        f"above {number(low)}" if high == effect.stop else
        f"between {number(low)} and {number(high)}"
    )  # fmt: skip
    return f", most of it {part}"


def _turning(effect: Effect) -> str:
    """Return where an effect turns on its way."""
    assert effect.turn is not None
    place, change, low, high = effect.turn
    word, start = "highest" if change > 0 else "lowest", _value(effect.start)
    size, ends = number(abs(change)), " to ".join(number(abs(one)) for one in sorted((low, high), key=abs))
    return f"it is {word} near {number(place)}, {size} {'above' if change > 0 else 'below'} that at {start} ({ends})"


def _shares(names: Sequence[str], values: Floats, intervals: Floats, unknown: Sequence[bool]) -> str:
    """Return shares with their intervals, the largest first; of what is not determined only that."""
    order = sorted(range(len(names)), key=lambda j: (unknown[j], -values[j]))
    return ", ".join(
        f"{names[j]} undetermined"
        if unknown[j]
        else f"{names[j]} {percent(values[j])} ({percent(intervals[j][0])} to {percent(intervals[j][1])})"
        for j in order[: _NAMED + 2]
    )


def _unknown(found: SobolIndices) -> list[bool]:
    return [name in found.undetermined for name in found.names]


def _sobol(found: SobolIndices | None, label: Label) -> list[str]:
    assert found is not None
    if set(found.names) == set(found.undetermined):
        return [
            f"What share of the variance between samples goes with which factor cannot be told from {found.size} base points"
        ]
    names = [label(name) for name in found.names]
    shares = _shares(names, found.total, found.total_interval, _unknown(found))
    said = [f"Share of the variance between samples, interactions included: {shares}"]
    return said + (["These indices have not converged; see the notes"] if found.warnings else [])


def _morris(found: MorrisEffects | None, label: Label) -> list[str]:
    assert found is not None
    order = sorted(range(len(found.names)), key=lambda j: -found.mu_star[j])[: _NAMED + 2]
    moved = ", ".join(
        f"{label(found.names[j])} ({number(float(found.mu_star[j]))} ± {number(float(found.mu_star_error[j]))})"
        for j in order
    )
    return [f"Mean size of its change when one factor alone moves through its range, largest first: {moved}"]


def _tipping(analysis: Analysis, label: Label) -> list[str]:
    surface, levers, question = analysis.surface, analysis.surface_levers, analysis.question
    assert surface is not None
    assert levers is not None
    assert question.level is not None
    x, y = (label(lever) for lever in levers)
    level = number(question.level)
    if not surface.tipping_lines(question.level):
        return [f"Its mean stays on one side of {level} wherever {x} and {y} go"]
    if not (np.abs(surface.side(question.level)) == 1).any():
        return [f"Where along {x} and {y} its mean crosses {level} cannot be told from these futures"]
    return [
        f"With {y} at its {end} ({number(float(surface.y[row]))}) the mean "
        + _crossed(x, level, surface.crossings(question.level, row))
        for row, end in ((0, "lowest"), (len(surface.y) - 1, "highest"))
    ]


def _crossed(lever: str, level: str, crossings: Sequence[Crossing]) -> str:
    """Return where the mean crosses the level along a lever."""
    if not crossings:
        return f"stays on one side of {level} over the whole range of {lever}"
    said = []
    for n, crossing in enumerate(crossings[:_CROSSINGS]):
        verb = "rises above" if crossing.rising else "falls below"
        what, where = (level, f"once {lever} exceeds") if n == 0 else ("it", "beyond")
        said.append(f"{verb} {what} {where} {number(crossing.x)} (90 %: {_range(crossing)})")
    more = len(crossings) - _CROSSINGS
    return " and ".join(said) + (f", and crosses it {more} more time{'s' * (more > 1)}" if more > 0 else "")


def _range(crossing: Crossing) -> str:
    low, high = math.isfinite(crossing.low), math.isfinite(crossing.high)
    if low and high:
        return f"{number(crossing.low)} to {number(crossing.high)}"
    if low or high:
        return f"at least {number(crossing.low)}" if low else f"at most {number(crossing.high)}"
    return "anywhere in its range"


def _box(discovery: Discovery, question: Question, label: Label) -> list[str]:
    box = discovery.box
    everything = discovery.trajectory[0].density
    side = "at or above" if question.above else "below"
    assert question.level is not None
    level = number(question.level)
    if not box.limits or box.density < _LIFT * everything:
        return [
            f"No range of the factors makes futures {side} {level} much more common than the {percent(everything)} of all"
        ]
    return [
        f"It is {side} {level} in {percent(box.density)} of the futures where {' and '.join(limits_text(box, label))}, against "
        f"{percent(everything)} of all; these hold {percent(box.coverage)} of all such futures"
    ]


def _sources(found: SobolIndices | None) -> list[str]:
    assert found is not None
    shares = _shares(found.names, found.first, found.first_interval, _unknown(found))
    rest = 1 - sum(max(value, 0.0) for value in found.first.tolist())
    more = f"; several together {percent(rest)}" if rest >= 0.01 and not found.undetermined else ""
    return [f"Variance between single futures by source alone: {shares}{more}"]


def _variance(found: VarianceSplit | None) -> list[str]:
    assert found is not None
    pairs = zip(found.levels, found.shares, strict=True)
    return [
        "The spread over runs comes from " + ", ".join(f"{name} {percent(share)}" for name, share in pairs)
    ]


def _convergence(found: Convergence | None) -> list[str]:
    assert found is not None
    count = int(found.replicates[-1])
    wanted = number(found.tolerance)
    return [
        f"Enough runs? With {count} replicates the mean of a sample is known to ±{number(float(found.half_width[-1]))} at "
        f"worst and the difference of two samples to ±{number(float(found.contrast_half_width[-1]))} "
        f"({percent(found.confidence)}); ±{wanted} would need {found.needed:,} replicates (means) or "
        f"{found.needed_for_contrasts:,} (differences)"
    ]
