"""What a table of levers says: what moves a scenario, how sure, on what evidence; and what does not, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.inputs.memberships import NON_ALIGNED, Titles, bloc_label
from sim.labels.levers import full_label
from sim.labels.numbers import plain_number
from sim.labels.shares import few_futures, futures, percent
from sim.plausibility import Finding, lines_of
from sim.report.blocks import Bullets, Cell, Document, Part, Row, Table, Text
from sim.report.lever_cards import card_rows, card_table, number_words
from sim.report.markdown import markdown_table
from sim.report.origins import before_reading
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.sensitivity.lever_card import Rest, card_of
from sim.sensitivity.lever_effects import SEVERAL, SMALL, Effect, LeverTable, share_names
from sim.sensitivity.levers import POSITIONS, Lever
from sim.words import number_text

_LOW, _HIGH = 0, len(POSITIONS) - 1
_BENDS = 0.5
"""Percentage points by which an inner point must lie beyond both ends to be shown."""


def levers_document(found: LeverTable) -> Document:
    """Return what the table of all levers says."""
    large = [one for one in _by_size(found.effects) if not one.small]
    small = [one for one in _by_size(found.effects) if one.small]
    parts = (
        before_reading(_said(found)),
        Part("", _begin(found)),
        Part("In plain words", (_effects(found, [one for one in large if one.lever.front]),)),
        Part("Every slider", (_effects(found, [one for one in large if not one.lever.front]),)),
        Part("Moves less than half a point, and why", (_reasons(found, small),)),
        Part("How to read this", (Bullets(_reading(found)),)),
    )
    return Document(f"What moves {found.scenario}", parts, facts=_facts(found))


def lever_document(found: LeverTable, loaded: Loaded) -> Document:
    """Return what is to be said of one lever of a scenario, or of each bloc's own, with its card of evidence."""
    parts = [part for one in found.effects for part in _detail(found, one, loaded)]
    parts += [Part("How to read this", (Bullets(_reading(found)),))]
    names = ", ".join(one.lever.name for one in found.effects)
    return Document(
        f"{names} in {found.scenario}",
        (before_reading(_said(found)), Part("", _begin(found)), *parts),
        facts=_facts(found),
    )


def levers_markdown(found: LeverTable) -> str:
    """Return the tables of a page: all shares of the front levers, then what each slider moves, then what is small."""
    front = [one for one in found.effects if one.lever.front]
    sliders = [one for one in _by_size(found.effects) if not one.lever.front and not one.small]
    small = [one for one in _by_size(found.effects) if one.small]
    made = (
        f"Made by `aiblocs levers {found.scenario}`, version {found.version}, {futures(found.runs)} at each point, seed "
        f"{found.seed}, inputs `{found.inputs_sha256[:16]}`."
    )
    parts = [
        _stands(found), made, *(f"- {line}" for line in _reading(found)),
        "### In plain words", markdown_table(_every_share(found, front)),
        "### Every slider that moves half a point or more", markdown_table(_effects(found, sliders)),
        "### What moves less than half a point, and why", markdown_table(_reasons(found, small)),
    ]  # fmt: skip
    return "\n\n".join(parts).replace("\n\n- ", "\n- ").replace("\n- ", "\n\n- ", 1) + "\n"


def _said(found: LeverTable) -> list[str]:
    return lines_of(found.notes, map(Finding.of_dict, found.findings))


def _facts(found: LeverTable) -> list[str]:
    return [f"{futures(found.runs)} at each point", f"end of {found.end}", f"seed {found.seed}"]


def _by_size(effects: Sequence[Effect]) -> list[Effect]:
    return sorted(effects, key=lambda one: (-one.size, one.lever.name))


def _begin(found: LeverTable) -> tuple[Text, Text]:
    return Text(_stands(found)), Text(few_futures(found.runs), "note")


def _stands(found: LeverTable) -> str:
    shares = (
        f"{_share(name, found)} {percent(found.shares[name] / 100)} %" for name in share_names(found.blocs)
    )
    return f"As it stands, of states at the end of {found.end}: {', '.join(shares)}."


def _share(name: str, found: LeverTable) -> str:
    if name == SEVERAL:
        return "Both" if len(found.blocs) == 2 else "Several"
    return "Non-aligned" if name == NON_ALIGNED else bloc_label(name, found.titles)


def lever_words(lever: Lever, titles: Titles) -> str:
    """Return a lever as people read it: "US-led: Chips for partners only"."""
    if not lever.front:
        return full_label(lever.name, titles)
    return lever.words if lever.bloc is None else f"{bloc_label(lever.bloc, titles)}: {lever.words}"


def short(value: float) -> str:
    """Return a number in few letters: 6M, 0.25, 200."""
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{number_text(f'{value / size:.3g}')}{letter}"
    return plain_number(value)


def range_words(lever: Lever) -> str:
    """Return the range of a lever with its unit: "0 to 200 US$ bn/year"."""
    first = lever.settings[0]
    return f"{short(first.low)} to {short(first.high)} {first.unit}"


def _evidence(one: Effect) -> str:
    """Return the grade of the evidence and the weight that it is of, unless that is the lever itself."""
    weight = one.evidence.weight
    own = weight in (*one.lever.parameters, one.lever.name)
    return one.evidence.grade if own else f"{one.evidence.grade} ({number_words(weight)})"


def _effects(found: LeverTable, effects: Sequence[Effect]) -> Table:
    rows: list[Row] = [
        (
            Cell(lever_words(one.lever, found.titles), range_words(one.lever)),
            _share(one.main, found),
            *(
                Cell(_signed(float(one.change[one.main].mean[p])), _between(one, one.main, p))
                for p in (_LOW, _HIGH)
            ),
            Cell(one.evidence.grade, _hump(one)),
        )
        for one in effects
    ]
    return Table(("Lever", "Moves", "Low end", "High end", "Evidence"), rows, (2, 3))


def _change(one: Effect, name: str, point: int) -> str:
    """Return a change with its interval: "+2.7 [0.2, 6.4]"; a change of nothing has none."""
    band = one.change[name]
    mean, low, high = (float(part[point]) for part in (band.mean, band.p05, band.p95))
    if not any((mean, low, high)):
        return "0"
    return f"{_signed(mean)} [{_plain(low)}, {_plain(high)}]"


def _signed(points: float) -> str:
    return _plain(points) if abs(points) < 0.05 else f"{points:+z.1f}"


def _plain(points: float) -> str:
    return "0.0" if abs(points) < 0.05 else f"{points:.1f}"


def _hump(one: Effect) -> str:
    """Return the inner point that lies beyond both ends, if one does."""
    mean = one.change[one.main].mean
    inner = 1 + int(np.abs(mean[1:-1] - 0.5 * (mean[0] + mean[-1])).argmax())
    beyond = max(mean[inner] - max(mean[0], mean[-1]), min(mean[0], mean[-1]) - mean[inner])
    if beyond < _BENDS:
        return ""
    return f"{mean[inner]:+z.1f} at {short(one.lever.settings[0].at(POSITIONS[inner]))}"


def _every_share(found: LeverTable, effects: Sequence[Effect]) -> Table:
    names = share_names(found.blocs)
    rows = []
    for one in effects:
        for point, end in ((_LOW, one.lever.settings[0].low), (_HIGH, one.lever.settings[0].high)):
            head = lever_words(one.lever, found.titles) if point == _LOW else ""
            grade = _evidence(one) if point == _LOW else ""
            rows.append((head, short(end), *(_change(one, name, point) for name in names), grade))
    shares = (_share(name, found) for name in names)
    return Table(("Lever", "At", *shares, "Evidence"), rows, range(1, 2 + len(names)))


def _reasons(found: LeverTable, effects: Sequence[Effect]) -> Table:
    rows = [
        (
            Cell(lever_words(one.lever, found.titles), range_words(one.lever)),
            f"{one.size:.1f}",
            "not explained" if one.reason is None else one.reason.words,
        )
        for one in effects
    ]
    return Table(("Lever", "Most", "Why"), rows, (1,))


def _reading(found: LeverTable) -> list[str]:
    usual, worst = found.errors
    return [
        "Changes are in percentage points of states at the end, against the scenario as it stands, with the same draws on "
        "both sides; a state in two blocs counts in each.",
        "In brackets is the middle 90 % of futures: what is not known of the weights, and chance. Where it holds zero, "
        f"some futures go the other way. The means themselves are known to {usual:.1f} points for half of the levers, to "
        f"{worst:.1f} at worst (Monte Carlo error, 90 %).",
        "A lever is tried alone and holds in every quarter: the timeline does not change what it sets.",
        "Evidence is that of the weakest weight through which a lever acts: estimated out of sample, estimated in sample, "
        "weak, prior only, or judgement.",
    ]


def _detail(found: LeverTable, one: Effect, loaded: Loaded) -> list[Part]:
    lever, world = one.lever, loaded.world
    also = [f"{number_words(name)} ({grade})" for name, grade in one.evidence.also.items()]
    acts = f"; it also acts through {', '.join(also)}" if also else ""
    said = [f"It sets {_settings(one)}.", f"Evidence: {_evidence(one)}{acts}."]
    if one.small:
        why = "nothing on the list of causes explains it" if one.reason is None else one.reason.words
        said.append(f"It moves no share by {SMALL:g} points: {why}.")
    said += [f"{note}." for note in one.stopped]
    heads = tuple(short(lever.settings[0].at(position)) for position in POSITIONS)
    rows: list[Row] = [
        (
            _share(name, found),
            *(Cell(_signed(float(band.mean[p])), _between(one, name, p)) for p in range(len(POSITIONS))),
        )
        for name, band in one.change.items()
    ]
    names = dict(zip(world.iso3, world.names, strict=True))
    movers = [
        (
            names.get(mover.iso3, mover.iso3),
            bloc_label(mover.bloc, found.titles),
            percent(mover.low),
            percent(mover.high),
        )
        for mover in one.movers
    ]
    blocks = (
        Bullets(said),
        Table((lever.unit, *heads), rows, len(heads)),
        Table(
            ("Country", "In bloc", f"At {heads[0]}", f"At {heads[-1]}"), movers, 2,
            "Countries that move most, % of futures",
        ),
    )  # fmt: skip
    words = lever_words(lever, found.titles)
    rests = card_of(lever, loaded.scenario)
    card = (
        card_table(rests, found.titles),
        Text(_range_of_effects(one, found)),
        card_rows(rests, found.titles),
    )
    return [Part(words, blocks), Part(f"{words}: what it rests on", card)]


def _range_of_effects(one: Effect, found: LeverTable) -> str:
    """Return how far the share that a lever moves most goes over its range, and over nine futures in ten."""
    band = one.change[one.main]
    return (
        f"Range of effects: {_share(one.main, found)} {_signed(float(band.mean.min()))} to {_signed(float(band.mean.max()))} "
        f"points over the range; in nine futures of ten within {_plain(float(band.p05.min()))} to "
        f"{_plain(float(band.p95.max()))}."
    )


def cards_markdown(found: LeverTable, scenario: Scenario) -> str:
    """Return the card of every lever of a table as a part of a page: levers first, then the numbers they act through."""
    rests: dict[str, Rest] = {}
    rows: list[Row] = []
    for one in found.effects:
        own = card_of(one.lever, scenario)
        rests |= {rest.name: rest for rest in own}
        band = one.change[one.main]
        rows.append(
            (
                f"`{one.lever.name}`", one.evidence.grade, ", ".join(f"`{rest.name}`" for rest in own),
                f"{_share(one.main, found)} {_signed(float(band.mean.min()))} to {_signed(float(band.mean.max()))}",
                f"{_plain(float(band.p05.min()))} to {_plain(float(band.p95.max()))}",
            )
        )  # fmt: skip
    levers = Table(("Lever", "Grade", "Acts through", "Range of effects", "90 % of futures"), rows, 2)
    numbers = list(rests.values())
    where = card_rows(numbers, found.titles)
    parts = [
        markdown_table(levers), "### What each number rests on", markdown_table(card_table(numbers, found.titles)),
        "### Where the data stand", "\n".join(f"- {line}" for line in where.items),
    ]  # fmt: skip
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _between(one: Effect, name: str, point: int) -> str:
    band = one.change[name]
    low, high = float(band.p05[point]), float(band.p95[point])
    return f"{_plain(low)}..{_plain(high)}" if low or high else ""


def _settings(one: Effect) -> str:
    if one.lever.window:
        return f"`{one.lever.settings[0].path}` for one quarter, in the second year"
    return ", ".join(
        f"`{setting.path}` (now {short(one.present[setting.path])})" for setting in one.lever.settings
    )
