"""The fields of a dated change: what it may set and for whom, and numbers and days as they are typed."""

from __future__ import annotations

import math

from sim.dashboard.compose import BuiltScenario
from sim.dashboard.event_text import day_of, number_within
from sim.inputs.memberships import bloc_label
from sim.labels.countries import country_names
from sim.labels.dates import quarter_label
from sim.labels.events import amount_text, is_share
from sim.labels.levers import full_label, target_label
from sim.registry.attributes import ATTRIBUTES
from sim.scenario.quarters import parse_quarter
from sim.words import decimal, mark, number_text, tr

OPENING = "opening"
ALL = "all"
INCOMES = {
    "high": mark("high"), "upper_middle": mark("upper middle"), "lower_middle": mark("lower middle"), "low": mark("low"),
}  # fmt: skip


def targets(base: BuiltScenario) -> dict[str, str]:
    """Return what a dated change may set, by label: paths, with ``{who}`` where it is an attribute of countries."""
    titles, blocs = base.inputs.titles, base.inputs.blocs
    found = {
        str(tr("{bloc}: Founders' window opens", bloc=bloc_label(bloc, titles))): f"blocs.{bloc}.{OPENING}"
        for bloc in blocs
    }
    nobody = tr("{country}: {label}", country="", label="")
    found |= {full_label(p.name, titles): p.name for p in base.parameters if p.slider is not None}
    for attribute in ATTRIBUTES:
        of = blocs if attribute.per_bloc else ("",)
        for bloc in of:
            path = f"countries.{{who}}.{attribute.name}" + (f".{bloc}" if bloc else "")
            what = target_label(path.replace("{who}", ""), {"": ""}, titles).removeprefix(nobody)
            found[str(tr("Some countries: {what}", what=what))] = path
    return found


def groups(base: BuiltScenario) -> dict[str, str]:
    """Return what countries a dated change may be for, by label: all, a region, an income group, one country."""
    world = base.world
    found = {str(tr("All countries")): ALL}
    for kind in ("region", "subregion"):
        for name in sorted(set(world.labels[kind]) - {""}):
            found[str(tr("Region: {region}", region=tr(name)))] = f"region:{name}"
    for name in sorted(set(world.labels["income_group"]) - {""}):
        words = tr(INCOMES.get(name, name.replace("_", " ")))
        found[str(tr("Income: {group}", group=words))] = f"income:{name}"
    return found | dict(sorted(zip(map(str, country_names(world.names)), world.iso3, strict=True)))


def path_of(pattern: str, who: str) -> str:
    """Return the path of what is set for a group of countries."""
    return pattern.replace("{who}", who)


def pattern_of(path: str) -> tuple[str, str]:
    """Return a path with ``{who}`` in the place of its countries, and these."""
    if not path.startswith("countries."):
        return path, ALL
    section, who, rest = path.split(".", 2)
    return f"{section}.{{who}}.{rest}", who


def number_in(text: str, path: str, bounds: tuple[float, float]) -> float:
    """Return a number as typed, shares in per cent.

    Raises
    ------
    ValueError
        If it is none, or outside its bounds.
    """
    label = target_label(path, {})
    try:
        value = typed_number(text.replace("%", ""))
    except ValueError:
        raise ValueError(tr("{field}: {text} is not a number", field=label, text=repr(text))) from None
    value = value / 100 if is_share(path) else value
    low, high = bounds
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(
            tr(
                "{field}: {text} is outside {low} to {high}",
                field=label,
                text=text,
                low=amount_text(path, low),
                high=amount_text(path, high),
            )
        )
    return value


def typed_number(text: str) -> float:
    """Return a number as the reader writes it; where a comma stands before decimals, a point may too.

    Raises
    ------
    ValueError
        If it is none.
    """
    comma = "," in decimal(0.5, 1)
    return float("".join(text.split()).replace("−", "-").replace(",", "." if comma else ""))


def typed(path: str, value: float) -> str:
    """Return a number as it stands in its field, shares in per cent."""
    return number_text(f"{100 * value if is_share(path) else value:.10g}")


def unit_words(path: str, bounds: tuple[float, float]) -> str:
    """Return unit and bounds of a field."""
    low, high = bounds
    unit = amount_text(path, 0).removeprefix("0").strip()
    scale = 100 if is_share(path) else 1
    span = tr(
        "{low} to {high}", low=number_text(f"{scale * low:,.10g}"), high=number_text(f"{scale * high:,.10g}")
    )
    return ", ".join(part for part in (unit, span) if part)


def day_within(text: str, first: str, last: str) -> str:
    """Return a day as typed.

    Raises
    ------
    ValueError
        If it is none, or outside the quarters from ``first`` to ``last``.
    """
    day = day_of(text.strip())
    if not parse_quarter(first) <= parse_quarter(day) <= parse_quarter(last):
        raise ValueError(
            tr(
                "{day} is outside the scenario, {first} to {last}",
                day=day,
                first=quarter_label(first),
                last=quarter_label(last),
            )
        )
    return day


def number_between(name: str, text: str, low: float, high: float) -> float:
    """Return the number in a field called ``name``.

    Raises
    ------
    ValueError
        If it is none, or outside its bounds.
    """
    return number_within(name, text, low, high, lambda said: typed_number(said.replace("%", "")))
