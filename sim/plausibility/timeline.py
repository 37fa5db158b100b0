"""Checks of the dated timeline: entries that do nothing, too much, or not what was meant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.plausibility.finding import Case, Doubt, check
from sim.registry.attributes import attribute_row
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.schema import VERBS

LIKELY = 0.5
SHOCK = 0.5
QUARTERS_AGO = 4


@check("outside-horizon")
def outside_horizon(case: Case) -> Iterator[Doubt]:
    """Find entries that begin after the end or are over before the start."""
    for n, entry, name in case.entries():
        span = f"the scenario runs from {case.quarter(0)} to {case.quarter(case.last - case.first)}"
        key = "date" if entry.date is not None else "after"
        begins = parse_quarter(entry.begins)
        own = case.own(
            ("timeline", n)
        )  # a parent's entry may lie outside a horizon that was shortened on purpose
        if begins > case.last and own:
            text = f"{name} begins in {entry.begins}"
            yield "warning", ("timeline", n, key), text, f"{span}; it has no effect"
        if entry.opens is not None and entry.until is None and entry.lasts is None and begins < case.first:
            text = f"{name} was open in {quarter_name(begins)}"
            yield (
                "warning",
                ("timeline", n, "opens"),
                text,
                f"{span}; a window without an end lasts a quarter",
            )
        over = next((e for e in (entry.until, entry.by) if e and parse_quarter(e) <= case.first), None)
        past = begins < case.first and over is None and entry.opens is None and not entry.is_random
        if begins >= case.first - QUARTERS_AGO and entry.attention == 0:
            past = False  # what is in force at the start is often stated by its own date
        if past and case.of_user(("timeline", n)):
            acts = any(entry.changes(verb) for verb in VERBS)
            effects = [
                *(["it is in force from the start on"] if acts else []),
                *(["nobody reconsiders for it"] if entry.attention > 0 else []),
            ]
            text = f"{name} begins in {entry.begins}"
            yield "warning", ("timeline", n, "date"), text, f"{span}; {' and '.join(effects)}"
        for key in ("until", "by"):
            end = getattr(entry, key)
            if end is not None and parse_quarter(end) <= case.first:
                yield "warning", ("timeline", n, key), f"{name} is over in {end}", f"{span}; it has no effect"


@check("no-change")
def no_change(case: Case) -> Iterator[Doubt]:
    """Find entries that set a value that is so already."""
    known = {p.name for p in case.parameters}
    for n, entry, name in case.entries():
        step = parse_quarter(entry.begins) - case.first
        if entry.is_random or not 1 <= step <= case.last - case.first:
            continue
        words = {path: word for word, path in entry.words.items()}
        for path, value in entry.changes("set").items():
            if path in known and np.isclose(case.course(path)[0, step - 1], value, rtol=0, atol=1e-12):
                text = f"{name} sets {path} to {value:g}, which it is already"
                place = ("timeline", n, words[path]) if path in words else ("timeline", n, "set", path)
                yield "info", place, text, "the entry changes nothing"


@check("out-of-bounds")
def out_of_bounds(case: Case) -> Iterator[Doubt]:
    """Find entries that add or scale beyond the bounds of a parameter, where it is cut."""
    beyond = case.unbounded
    for column, parameter in enumerate(case.parameters):
        values = beyond[:, :, column]
        wrong = ((values > parameter.high + 1e-9) | (values < parameter.low - 1e-9)).any(axis=0)
        if wrong.any():
            step = int(np.argmax(wrong))
            bounds = f"{parameter.low:g} .. {parameter.high:g}"
            text = f"{parameter.name} would leave {bounds} in {case.quarter(step)}"
            yield "warning", case.where_set(parameter.name, step), text, "it is cut at the bound"


@check("chance-of-event")
def chance_of_event(case: Case) -> Iterator[Doubt]:
    """Find random events that never or nearly always happen."""
    for n, entry, name in case.entries():
        if entry.median is not None and parse_quarter(entry.median) > case.last:
            text = f"{name} has happened by {entry.median} in half of the futures"
            yield (
                "info",
                ("timeline", n, "median"),
                text,
                "the horizon ends before; most futures never see it",
            )
        key = "chance" if entry.chance is not None else "probability"
        chance = getattr(entry, key)
        if chance is None:
            continue
        place = ("timeline", n, key)
        if chance == 0:
            yield "warning", place, f"{name} has {key} 0", "it never happens"
        elif chance == 1:
            yield "info", place, f"{name} is certain", f"without {key} it is an ordinary dated entry"
        elif entry.probability is not None and entry.probability > LIKELY:
            yield (
                "info",
                place,
                f"{name} happens within a year in {100 * entry.probability:.0f} % of futures",
                "a date says it more plainly",
            )


@check("random-for-good")
def random_for_good(case: Case) -> Iterator[Doubt]:
    """Find random events without an end."""
    for n, entry, name in case.entries():
        if entry.probability is not None and entry.lasts is None and (entry.set or entry.add or entry.scale):
            yield (
                "info",
                ("timeline", n),
                f"{name} never ends once it has happened",
                "say how many quarters it lasts",
            )


@check("random-without-name")
def random_without_name(case: Case) -> Iterator[Doubt]:
    """Find random events whose draws change when their text does."""
    for n, entry, name in case.entries():
        if entry.is_random and entry.name is None:
            reason = "its draws follow its name; without one, any edit draws anew and comparisons blur"
            yield "info", ("timeline", n), f"random event {name} has no name", reason


@check("ramp-beyond-horizon")
def ramp_beyond_horizon(case: Case) -> Iterator[Doubt]:
    """Find ramps that the horizon or their own end cuts off."""
    for n, entry, name in case.entries():
        start = parse_quarter(entry.begins)
        end = min(
            case.last,
            parse_quarter(entry.until) - 1 if entry.until else case.last,
            start + (entry.lasts or 10**6) - 1,
        )
        if (
            entry.over
            and case.own(("timeline", n))
            and case.first <= start <= case.last
            and start + entry.over > end
        ):
            yield (
                "info",
                ("timeline", n, "over"),
                f"{name} is never in full force",
                "the ramp is longer than the time left",
            )


@check("concerns-without-attention")
def concerns_without_attention(case: Case) -> Iterator[Doubt]:
    """Find entries that name whom they concern, where that says nothing, or not what was meant."""
    for n, entry, name in case.entries():
        if not entry.concerns:
            continue
        place = ("timeline", n, "concerns")
        whole = [p for verb in VERBS for p in entry.changes(verb) if not p.startswith("countries.")]
        if entry.attention == 0:
            text = f"{name} concerns {', '.join(entry.concerns[:3])} and raises no attention"
            yield "warning", place, text, "concerns says whose attention is raised, and nothing else"
        elif whole:
            text = f"{name} raises the attention of {', '.join(entry.concerns[:3])} alone"
            reason = f"{whole[0]} acts on all countries; write countries.KEN.... for one of them"
            yield "info", place, text, reason


@check("window-for-nobody")
def window_for_nobody(case: Case) -> Iterator[Doubt]:
    """Find a founders' window through which nobody can come."""
    for bloc in case.blocs:
        name = f"blocs.{bloc}.opening"
        course = case.course(name)
        if course.max() == 0:
            continue
        place = case.where_set(name, int(np.argmax(course.max(axis=0))))
        barred = case.countries[1][attribute_row("barred", tuple(case.blocs).index(bloc))] > 0
        if not (case.outside(bloc) & ~barred).any():
            reason = "every state belongs to it already, leads a bloc, or is excluded"
            yield "warning", place, f"nobody can join {bloc} while it is open", reason
        elif case.course("organizations.opening_attention").max() == 0:
            reason = "organizations.opening_attention is 0: an open window makes nobody decide"
            yield "warning", place, f"nobody hears that {bloc} is open", reason
        elif (case.course(f"blocs.{bloc}.dissolved")[course > 0] >= 0.5).all():
            yield "warning", place, f"{bloc} opens and is dissolved", "nobody can join a bloc that is no more"


@check("in-force-before-signing")
def in_force_before_signing(case: Case) -> Iterator[Doubt]:
    """Find an organization that may come into force before it is signed."""
    entries = list(case.entries())
    for n, entry, name in entries:
        signed = [
            (parse_quarter(other.begins), title)
            for m, other, title in entries
            if entry.in_force is not None and other.opens == entry.in_force and case.rank(m) <= case.rank(n)
        ]  # a window that a child adds to what it extends is a later round
        if signed and parse_quarter(entry.begins) < min(signed)[0]:
            text = f"{name} may come before {min(signed)[1]}"
            reason = f"{entry.in_force} opens for signature in {quarter_name(min(signed)[0])}"
            yield "warning", ("timeline", n, "in_force"), text, reason


@check("attention-shock")
def attention_shock(case: Case) -> Iterator[Doubt]:
    """Find events that make most states decide in the same quarter."""
    for n, entry, name in case.entries():
        if entry.attention > SHOCK and not entry.concerns:
            text = f"{name} makes {100 * entry.attention:.0f} % of all states reconsider at once"
            yield (
                "warning",
                ("timeline", n, "attention"),
                text,
                "no event on record did; name whom it concerns",
            )


@check("assumptions")
def assumptions(case: Case) -> Iterator[Doubt]:
    """Find how much of the scenario's own timeline is assumption, and assumptions without a reason."""
    own = case.loaded.merged.own
    mine = [
        (n, e, name) for n, e, name in case.entries() if case.loaded.merged.source_of(("timeline", n)) == own
    ]
    assumed = [(n, e, name) for n, e, name in mine if e.reference.strip().lower().startswith("assum")]
    for n, entry, name in assumed:
        if len(entry.reference.strip(" .:").split()) == 1:
            yield (
                "info",
                ("timeline", n, "reference"),
                f"{name} is an assumption",
                "say why this size and this date",
            )
    if len(assumed) > 1 and 2 * len(assumed) > len(mine):
        text = f"{len(assumed)} of {len(mine)} entries are assumptions"
        yield "info", ("timeline", mine[0][0]), text, "the result is an answer to 'what if', not a forecast"
