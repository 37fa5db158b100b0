"""An analysis in sentences: size first, then what moves it, where it tips, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.labels.numbers import plain_number, whole_percent
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


@dataclass(frozen=True)
class _Say:
    """How an analysis puts names and numbers: factors by ``label``, shares in per cent, anything else as it is.

    ``levers`` : names of the factors that an actor decides
    """

    label: Label
    share: bool
    levers: frozenset[str]

    @classmethod
    def of(cls, analysis: Analysis, label: Label) -> _Say:
        return cls(label, analysis.unit == "share", frozenset(analysis.levers))

    def value(self, value: float) -> str:
        """Return a value of the outcome: "39.6 %"."""
        return f"{_points(value)} %" if self.share else number(value)

    def values(self, *values: float) -> list[str]:
        """Return several values, of which only the last has the sign of per cent."""
        return [_points(value) if self.share else number(value) for value in values[:-1]] + [
            self.value(values[-1])
        ]

    def size(self, change: float) -> str:
        """Return the size of a change of the outcome: "5.0 points"."""
        return f"{_points(abs(change))} points" if self.share else number(abs(change))

    def change(self, change: float) -> str:
        """Return a change without its unit, where the sentence has said it."""
        return _points(change) if self.share else number(change)


def _points(share: float) -> str:
    return f"{100 * share:z.1f}".replace("-", "−")


def sentences(analysis: Analysis, label: Label = str) -> list[str]:
    """Return what an analysis says, a sentence each without the full stop, the most important first.

    ``label`` : puts factors into words; default: their names, which commands and files take
    """
    say = _Say.of(analysis, label)
    parts: list[tuple[object | None, Callable[[], list[str]]]] = [
        (analysis.spread, lambda: [_size(analysis, say)]),
        (analysis.effects, lambda: _effects(analysis.effects, say)),
        (analysis.sobol, lambda: _sobol(analysis.sobol, label)),
        (analysis.morris, lambda: _morris(analysis.morris, say)),
        (analysis.surface, lambda: _tipping(analysis, say)),
        (analysis.boxes or None, lambda: _box(analysis.boxes[0], analysis.question, say)),
        (analysis.sources, lambda: _sources(analysis.sources)),
        (analysis.variance, lambda: _variance(analysis.variance)),
        (analysis.convergence, lambda: _convergence(analysis.convergence, say)),
    ]
    return [sentence for result, written in parts if result is not None for sentence in written()]


def headline(analysis: Analysis, label: Label = str) -> str:
    """Return the whole in one sentence without the full stop: how far the outcome ranges, and what moves it most.

    Levers come first; what no actor decides is named behind them where it moves the outcome more.

    ``label`` : see `sentences`
    """
    assert analysis.spread is not None
    say = _Say.of(analysis, label)
    low, high = say.values(analysis.spread.means[0], analysis.spread.means[2])
    text = (
        f"median over samples {say.value(analysis.spread.means[1])}, {low} to {high} in nine of ten of them"
    )
    moving = [one for one in (analysis.effects.effects if analysis.effects else ()) if one.size > 0]
    if not moving:
        return f"{text}; no factor alone has a detectable effect"
    strongest = max(moving, key=lambda one: one.size)
    levers = [one for one in moving if one.name in say.levers]
    if not levers:
        return f"{text}; {label(strongest.name)} matters most: {_moves(strongest, say)}"
    lever = max(levers, key=lambda one: one.size)
    if strongest is lever:
        return f"{text}; {label(lever.name)} matters most: {_moves(lever, say)}"
    return (
        f"{text}; of the levers {label(lever.name)} matters most: {_moves(lever, say)}; what nobody decides moves it more: "
        f"{label(strongest.name)}, {_moves(strongest, say)}"
    )


def _moves(effect: Effect, say: _Say) -> str:
    """Return from where to where a factor goes and what that adds, in a few words."""
    start, stop, mean, interval = _value(effect.start), _value(effect.stop), effect.mean, effect.interval
    if effect.turn is not None and abs(effect.turn[1]) > abs(mean):
        place, mean, *ends = effect.turn
        stop, interval = number(place), (ends[0], ends[1])
    verb = "adds" if mean > 0 else "takes"
    low, high = (say.change(value) for value in sorted(abs(value) for value in interval))
    sure = f" ({low} to {high})" if math.isfinite(interval[0]) else ""
    return f"from {start} to {stop} it {verb} {say.size(mean)}{sure}"


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a number with three digits that count, and a true minus sign."""
    return plain_number(value).replace("-", "−")


def _size(analysis: Analysis, say: _Say) -> str:
    assert analysis.spread is not None
    low, high = say.values(analysis.spread.means[0], analysis.spread.means[2])
    lowest, highest = say.values(analysis.spread.futures[0], analysis.spread.futures[2])
    return (
        f"Median over samples: {say.value(analysis.spread.means[1])}; nine of ten samples lie between {low} and {high} (means "
        f"over futures), nine of ten single futures between {lowest} and {highest}"
    )


def _effects(found: Effects | None, say: _Say) -> list[str]:
    """Return what each factor does: levers first, then what nobody decides."""
    assert found is not None
    said = []
    for levers in (True, False):
        some = [effect for effect in found.effects if (effect.name in say.levers) == levers]
        clear = [effect for effect in some if effect.clear]
        said += [_effect(effect, say) for effect in clear[:_NAMED]]
        turning = [effect for effect in some if not effect.clear and effect.turn is not None]
        said += [f"{say.label(effect.name)}: {_turning(effect, say)}" for effect in turning[:_NAMED]]
    unclear = [say.label(effect.name) for effect in found.effects if effect.size == 0]
    if unclear:
        names = ", ".join(unclear[:_NAMED]) + (
            f" and {len(unclear) - _NAMED} more" if len(unclear) > _NAMED else ""
        )
        said.append(
            f"No detectable effect between the ends of its range or on the way: {names} "
            f"({whole_percent(found.confidence)} interval of the mean includes zero)"
        )
    return said


def _effect(effect: Effect, say: _Say) -> str:
    verb = "raises" if effect.mean > 0 else "lowers"
    low, high = sorted(abs(value) for value in effect.interval)
    sure = (
        f"90 % interval of the mean {say.change(low)} to {say.change(high)}"
        if math.isfinite(high)
        else "one future"
    )
    text = (
        f"{say.label(effect.name)} from {_value(effect.start)} to {_value(effect.stop)} {verb} it by {say.size(effect.mean)} "
        f"({sure}"
    )
    if effect.rises is not None and effect.band is not None:
        share = effect.rises if effect.mean > 0 else effect.falls
        text += f"; {say.change(effect.band[0])} to {say.change(effect.band[1])} in nine of ten futures"
        if share is not None:
            text += f", {'up' if effect.mean > 0 else 'down'} in {whole_percent(share)}"
    return f"{text}){_where(effect, say)}"


def _where(effect: Effect, say: _Say) -> str:
    """Return where on the way most of an effect comes about, and whether it turns; nothing if it is even."""
    if effect.turn is not None:
        return f", but not all the way: {_turning(effect, say)}"
    if effect.most is None:
        return ""
    low, high = effect.most
    part = (
        f"below {number(high)}" if low == effect.start else
        f"above {number(low)}" if high == effect.stop else
        f"between {number(low)} and {number(high)}"
    )  # fmt: skip
    return f", most of it {part}"


def _turning(effect: Effect, say: _Say) -> str:
    """Return where an effect turns on its way."""
    assert effect.turn is not None
    place, change, low, high = effect.turn
    word, start = "highest" if change > 0 else "lowest", _value(effect.start)
    ends = " to ".join(say.change(abs(one)) for one in sorted((low, high), key=abs))
    way = "above" if change > 0 else "below"
    return f"it is {word} near {number(place)}, {say.size(change)} {way} that at {start} ({ends})"


def _shares(names: Sequence[str], values: Floats, intervals: Floats, unknown: Sequence[bool]) -> str:
    """Return shares with their intervals, the largest first; of what is not determined only that."""
    order = sorted(range(len(names)), key=lambda j: (unknown[j], -values[j]))
    return ", ".join(
        f"{names[j]} undetermined"
        if unknown[j]
        else f"{names[j]} {whole_percent(values[j])} ({whole_percent(intervals[j][0])} to {whole_percent(intervals[j][1])})"
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


def _morris(found: MorrisEffects | None, say: _Say) -> list[str]:
    assert found is not None
    order = sorted(range(len(found.names)), key=lambda j: -found.mu_star[j])[: _NAMED + 2]
    moved = ", ".join(
        f"{say.label(found.names[j])} ({say.change(float(found.mu_star[j]))} ± {say.change(float(found.mu_star_error[j]))})"
        for j in order
    )
    unit = " in percentage points" if say.share else ""
    return [
        f"Mean size of its change{unit} when one factor alone moves through its range, largest first: {moved}"
    ]


def _tipping(analysis: Analysis, say: _Say) -> list[str]:
    surface, levers, question = analysis.surface, analysis.surface_levers, analysis.question
    assert surface is not None
    assert levers is not None
    assert question.level is not None
    x, y = (say.label(lever) for lever in levers)
    level = say.value(question.level)
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


def _box(discovery: Discovery, question: Question, say: _Say) -> list[str]:
    box = discovery.box
    everything = discovery.trajectory[0].density
    side = "at or above" if question.above else "below"
    assert question.level is not None
    level = say.value(question.level)
    if not box.limits or box.density < _LIFT * everything:
        return [
            f"No range of the factors makes futures {side} {level} much more common than the {whole_percent(everything)} of all"
        ]
    return [
        f"It is {side} {level} in {whole_percent(box.density)} of the futures where "
        f"{' and '.join(limits_text(box, say.label))}, against {whole_percent(everything)} of all; these hold "
        f"{whole_percent(box.coverage)} of all such futures"
    ]


def _sources(found: SobolIndices | None) -> list[str]:
    assert found is not None
    shares = _shares(found.names, found.first, found.first_interval, _unknown(found))
    rest = 1 - sum(max(value, 0.0) for value in found.first.tolist())
    more = f"; several together {whole_percent(rest)}" if rest >= 0.01 and not found.undetermined else ""
    return [f"Variance between single futures by source alone: {shares}{more}"]


def _variance(found: VarianceSplit | None) -> list[str]:
    assert found is not None
    pairs = zip(found.levels, found.shares, strict=True)
    return [
        "The spread over runs comes from "
        + ", ".join(f"{name} {whole_percent(share)}" for name, share in pairs)
    ]


def _convergence(found: Convergence | None, say: _Say) -> list[str]:
    assert found is not None
    count = int(found.replicates[-1])
    wanted = say.size(found.tolerance)
    return [
        f"Enough runs? With {count} replicates the mean of a sample is known to ±{say.size(float(found.half_width[-1]))} at "
        f"worst and the difference of two samples to ±{say.size(float(found.contrast_half_width[-1]))} "
        f"({whole_percent(found.confidence)}); ±{wanted} would need {found.needed:,} replicates (means) or "
        f"{found.needed_for_contrasts:,} (differences)"
    ]
