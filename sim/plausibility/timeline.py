"""Checks of the dated timeline: entries that do nothing, too much, or not what was meant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.plausibility.finding import Case, Doubt, check
from sim.registry.attributes import attribute_row
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.values import VERBS
from sim.words import listed, tr

LIKELY = 0.5
SHOCK = 0.5
QUARTERS_AGO = 4


@check("outside-horizon")
def outside_horizon(case: Case) -> Iterator[Doubt]:
    """Find entries that begin after the end or are over before the start."""
    for n, entry, name in case.entries():
        span = tr(
            "the scenario runs from {first} to {last}",
            first=case.quarter(0), last=case.quarter(case.last - case.first),
        )  # fmt: skip
        key = "date" if entry.date is not None else "after"
        begins = parse_quarter(entry.begins)
        own = case.own(
            ("timeline", n)
        )  # a parent's entry may lie outside a horizon that was shortened on purpose
        if begins > case.last and own:
            text = tr("{name} begins in {begins}", name=name, begins=entry.begins)
            yield "warning", ("timeline", n, key), text, tr("{span}; it has no effect", span=span)
        if entry.opens is not None and entry.until is None and entry.lasts is None and begins < case.first:
            text = tr("{name} was open in {quarter}", name=name, quarter=quarter_name(begins))
            yield (
                "warning",
                ("timeline", n, "opens"),
                text,
                tr("{span}; a window without an end lasts a quarter", span=span),
            )
        over = next((e for e in (entry.until, entry.by) if e and parse_quarter(e) <= case.first), None)
        past = begins < case.first and over is None and entry.opens is None and not entry.is_random
        if begins >= case.first - QUARTERS_AGO and entry.attention == 0:
            past = False  # what is in force at the start is often stated by its own date
        if past and case.of_user(("timeline", n)):
            acts = any(entry.changes(verb) for verb in VERBS)
            effects = [
                *([tr("it is in force from the start on")] if acts else []),
                *([tr("nobody reconsiders for it")] if entry.attention > 0 else []),
            ]
            text = tr("{name} begins in {begins}", name=name, begins=entry.begins)
            yield (
                "warning",
                ("timeline", n, "date"),
                text,
                tr("{span}; {effects}", span=span, effects=listed(effects)),
            )
        for key in ("until", "by"):
            end = getattr(entry, key)
            if end is not None and parse_quarter(end) <= case.first:
                yield (
                    "warning",
                    ("timeline", n, key),
                    tr("{name} is over in {end}", name=name, end=end),
                    tr("{span}; it has no effect", span=span),
                )


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
                text = tr(
                    "{name} sets {path} to {value:g}, which it is already", name=name, path=path, value=value
                )
                place = ("timeline", n, words[path]) if path in words else ("timeline", n, "set", path)
                yield "info", place, text, tr("the entry changes nothing")


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
            text = tr(
                "{name} would leave {bounds} in {quarter}",
                name=parameter.name,
                bounds=bounds,
                quarter=case.quarter(step),
            )
            yield "warning", case.where_set(parameter.name, step), text, tr("it is cut at the bound")


@check("chance-of-event")
def chance_of_event(case: Case) -> Iterator[Doubt]:
    """Find random events that never or nearly always happen."""
    for n, entry, name in case.entries():
        if entry.median is not None and parse_quarter(entry.median) > case.last:
            text = tr(
                "{name} has happened by {median} in half of the futures", name=name, median=entry.median
            )
            yield (
                "info",
                ("timeline", n, "median"),
                text,
                tr("the horizon ends before; most futures never see it"),
            )
        key = "chance" if entry.chance is not None else "probability"
        chance = getattr(entry, key)
        if chance is None:
            continue
        place = ("timeline", n, key)
        if chance == 0:
            yield "warning", place, tr("{name} has {key} 0", name=name, key=key), tr("it never happens")
        elif chance == 1:
            yield (
                "info",
                place,
                tr("{name} is certain", name=name),
                tr("without {key} it is an ordinary dated entry", key=key),
            )
        elif entry.probability is not None and entry.probability > LIKELY:
            yield (
                "info",
                place,
                tr(
                    "{name} happens within a year in {probability:.0f} % of futures",
                    name=name,
                    probability=100 * entry.probability,
                ),
                tr("a date says it more plainly"),
            )


@check("random-for-good")
def random_for_good(case: Case) -> Iterator[Doubt]:
    """Find random events without an end."""
    for n, entry, name in case.entries():
        if entry.probability is not None and entry.lasts is None and (entry.set or entry.add or entry.scale):
            yield (
                "info",
                ("timeline", n),
                tr("{name} never ends once it has happened", name=name),
                tr("say how many quarters it lasts"),
            )


@check("random-without-name")
def random_without_name(case: Case) -> Iterator[Doubt]:
    """Find random events whose draws change when their text does."""
    for n, entry, name in case.entries():
        if entry.is_random and entry.name is None:
            reason = tr("its draws follow its name; without one, any edit draws anew and comparisons blur")
            yield "info", ("timeline", n), tr("random event {name} has no name", name=name), reason


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
                tr("{name} is never in full force", name=name),
                tr("the ramp is longer than the time left"),
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
            text = tr(
                "{name} concerns {names} and raises no attention",
                name=name,
                names=", ".join(entry.concerns[:3]),
            )
            yield "warning", place, text, tr("concerns says whose attention is raised, and nothing else")
        elif whole:
            text = tr(
                "{name} raises the attention of {names} alone", name=name, names=", ".join(entry.concerns[:3])
            )
            reason = tr(
                "{whole} acts on all countries; write countries.KEN.... for one of them", whole=whole[0]
            )
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
            reason = tr("every state belongs to it already, leads a bloc, or is excluded")
            yield "warning", place, tr("nobody can join {bloc} while it is open", bloc=bloc), reason
        elif case.course("organizations.opening_attention").max() == 0:
            reason = tr("organizations.opening_attention is 0: an open window makes nobody decide")
            yield "warning", place, tr("nobody hears that {bloc} is open", bloc=bloc), reason
        elif (case.course(f"blocs.{bloc}.dissolved")[course > 0] >= 0.5).all():
            yield (
                "warning",
                place,
                tr("{bloc} opens and is dissolved", bloc=bloc),
                tr("nobody can join a bloc that is no more"),
            )


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
            text = tr("{name} may come before {other}", name=name, other=min(signed)[1])
            reason = tr(
                "{bloc} opens for signature in {quarter}",
                bloc=entry.in_force,
                quarter=quarter_name(min(signed)[0]),
            )
            yield "warning", ("timeline", n, "in_force"), text, reason


@check("attention-shock")
def attention_shock(case: Case) -> Iterator[Doubt]:
    """Find events that make most states decide in the same quarter."""
    for n, entry, name in case.entries():
        if entry.attention > SHOCK and not entry.concerns:
            text = tr(
                "{name} makes {attention:.0f} % of all states reconsider at once",
                name=name,
                attention=100 * entry.attention,
            )
            yield (
                "warning",
                ("timeline", n, "attention"),
                text,
                tr("no event on record did; name whom it concerns"),
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
                tr("{name} is an assumption", name=name),
                tr("say why this size and this date"),
            )
    if len(assumed) > 1 and 2 * len(assumed) > len(mine):
        text = tr("{assumed} of {entries} entries are assumptions", assumed=len(assumed), entries=len(mine))
        yield (
            "info",
            ("timeline", mine[0][0]),
            text,
            tr("the result is an answer to 'what if', not a forecast"),
        )
