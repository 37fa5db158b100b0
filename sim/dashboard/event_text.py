"""A dated change as one part of a link: ``date=2027-04-01~set=blocs.us.aid_budget=8~over=4~reference=...``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

from sim.dashboard.state import Edit
from sim.errors import did_you_mean
from sim.words import tr

KEYS = ("date", "entry", "set", "over", "until", "chance", "attention", "reference")
LONGEST_RAMP = 200
MOST_VALUES = 12


def day_of(text: str) -> str:
    """Return a day as ``2027-01-31``.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(tr("{text} is not a date; write it as 2027-01-31", text=repr(text[:40]))) from None


def write_event(edit: Edit) -> str:
    """Return a dated change as text that `read_event` restores; the reference comes last and may hold anything."""
    parts = [f"date={edit.date}"]
    parts += [f"entry={edit.entry}"] * bool(edit.entry)
    parts += [f"set={name}={number_text(value)}" for name, value in edit.values.items()]
    parts += [f"over={edit.over}"] * bool(edit.over)
    parts += [f"until={edit.until}"] * bool(edit.until)
    parts += [f"chance={number_text(edit.chance)}"] if edit.chance is not None else []
    parts += [f"attention={number_text(edit.attention)}"] * bool(edit.attention)
    parts += [f"reference={edit.reference}"] * bool(edit.reference)
    return "~".join(parts)


def read_event(
    text: str, parameter: Callable[[str, str], float], entries: Sequence[str], longest_reference: int
) -> Edit:
    """Return the dated change that a text describes.

    Parameters
    ----------
    parameter : checks name and number of what is set, and returns the number within its bounds
    entries : names that ``entry`` may have

    Raises
    ------
    ValueError
        If a part cannot be used.
    """
    plain, _, reference = text.partition("~reference=")
    found: dict[str, str] = {}
    values: dict[str, float] = {}
    for part in plain.split("~"):
        key, equals, said = part.partition("=")
        if key not in KEYS or not equals:
            raise ValueError(
                tr(
                    "{text} is no part of a dated change{hint}",
                    text=repr(part[:40]),
                    hint=did_you_mean(key, KEYS),
                )
            )
        if key == "set":
            name, _, number = said.rpartition("=")
            values[name] = parameter(name, number)
        else:
            found[key] = said
    entry = found.get("entry", "")
    if entry and entry not in entries:
        raise ValueError(
            tr(
                "{text} is no entry of this timeline{hint}",
                text=repr(entry[:40]),
                hint=did_you_mean(entry, entries),
            )
        )
    if not entry and not values:
        raise ValueError(tr("the dated change of {day} sets nothing", day=found.get("date", "")[:40]))
    if len(values) > MOST_VALUES:
        raise ValueError(tr("a dated change sets at most {most} parameters", most=MOST_VALUES))
    (name, value), *more = [*values.items()] or [("", 0.0)]
    return Edit(
        day_of(found.get("date", "")),
        name,
        value,
        reference[:longest_reference],
        over=int(_within("over", found.get("over", "0"), 0, LONGEST_RAMP)),
        until=day_of(found["until"]) if "until" in found else "",
        chance=_within("chance", found["chance"], 0, 1) if "chance" in found else None,
        attention=_within("attention", found.get("attention", "0"), 0, 1),
        entry=entry,
        more=tuple(more),
    )


def _within(name: str, text: str, low: float, high: float) -> float:
    return number_within(name, text, low, high, most_shown=40)


def number_within(
    name: str,
    text: str,
    low: float,
    high: float,
    read: Callable[[str], float] = float,
    most_shown: int | None = None,
) -> float:
    """Return the number that a text says of something called ``name``.

    ``read`` : reads it, or raises ValueError; ``most_shown`` : letters of the text in a message, None = all

    Raises
    ------
    ValueError
        If it is none, or outside its bounds.
    """
    try:
        value = read(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(
            tr(
                "{field}: {text} is not a number from {low:g} to {high:g}",
                field=name,
                text=repr(text[:most_shown]),
                low=low,
                high=high,
            )
        )
    return value


def number_text(value: float) -> str:
    """Return a number as links write it: exact, without ".0"."""
    return repr(value).removesuffix(".0")
