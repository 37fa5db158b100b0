"""Checks of how countries decide, of what is drawn, and of the horizon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from sim.plausibility.finding import Case, Doubt, Grade, check
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.yaml_io import Path_
from sim.words import tr

MEANINGFUL_YEARS = 15
LONGEST_YEARS = 30
MOST_NOTICES = 0.3  # a year
FAR_FROM_ESTIMATE = 4.0  # posterior standard deviations


@check("coin-tosses")
def coin_tosses(case: Case) -> Iterator[Doubt]:
    """Find choices that do not depend on any utility (mu = 0)."""
    mu = case.course("behaviour.mu")
    if (mu == 0).any():
        step = int(np.argmax((mu == 0).any(axis=0)))
        place = case.where_set("behaviour.mu", step)
        yield (
            "error",
            place,
            tr("mu is 0 from {quarter}", quarter=case.quarter(step)),
            tr("every membership is then equally likely, whatever is offered"),
        )


@check("nearly-deterministic")
def nearly_deterministic(case: Case) -> Iterator[Doubt]:
    """Find a logit so sharp that it is the best response."""
    mu = case.course("behaviour.mu")
    if mu.max() > 10 and case.scenario.rules.choice == "logit":
        text = tr("mu reaches {most:g}", most=mu.max())
        reason = tr(
            "coefficients were estimated with mu = 1; rules.choice: best_response says the same thing plainly"
        )
        yield "info", case.where_set("behaviour.mu", 0), text, reason


@check("nobody-decides")
def nobody_decides(case: Case) -> Iterator[Doubt]:
    """Find memberships that can never change."""
    attention = case.course("behaviour.attention")
    if attention.max() > 0:
        return
    stirred = any(entry.attention > 0 for entry in case.scenario.timeline)
    reason = (
        tr("only events of the timeline make a state reconsider")
        if stirred
        else tr("no state ever reconsiders")
    )
    yield (
        "warning" if stirred else "error",
        case.where_set("behaviour.attention"),
        tr("attention is 0 throughout"),
        reason,
    )


@check("restless")
def restless(case: Case) -> Iterator[Doubt]:
    """Find states that reconsider their alignment more often than not."""
    attention = case.course("behaviour.attention")
    if attention.max() > 0.5:
        text = tr("attention reaches {most:g} a quarter", most=attention.max())
        yield (
            "warning",
            case.where_set("behaviour.attention"),
            text,
            tr("alignments were reviewed every few years in the record"),
        )


@check("prohibitive-exclusivity")
def prohibitive_exclusivity(case: Case) -> Iterator[Doubt]:
    """Find demands of exclusivity beyond the point where more changes anything."""
    limits = {f"blocs.{bloc}.exclusivity": MOST_NOTICES for bloc in case.blocs}
    reasons = (
        tr("hedging is one in twenty thousand at 10 already"),
        tr("every hedger is asked within a few years at 0.3 already"),
    )
    for name, limit in {"behaviour.hedging_cost": 10.0, **limits}.items():
        course = case.course(name)
        if course.max() > limit + 1e-9:
            step = int(np.argmax(course.max(axis=0)))
            text = (
                tr("{name} reaches {most:g} a year", name=name, most=course.max())
                if name in limits
                else tr("{name} reaches {most:g} logits", name=name, most=course.max())
            )
            yield "warning", case.where_set(name, step), text, reasons[name in limits]


@check("frozen-memberships")
def frozen_memberships(case: Case) -> Iterator[Doubt]:
    """Find costs of joining and leaving that hold everybody where they are."""
    for name in ("behaviour.join_cost", "behaviour.leave_cost"):
        if case.course(name).min() > 8:
            text = tr("{name} is at least {least:g} logits", name=name, least=case.course(name).min())
            yield (
                "warning",
                case.where_set(name),
                text,
                tr("no estimated difference between states is as large"),
            )


@check("fixed-coefficient")
def fixed_coefficient(case: Case) -> Iterator[Doubt]:
    """Find weights of utility terms set by hand instead of drawn from the calibration."""
    from sim.inputs.drawn import estimate_of

    posterior = estimate_of(case.scenario)
    spread = dict(
        zip(posterior.names, zip(posterior.mean, posterior.draws.std(axis=0), strict=True), strict=True)
    )
    for name, bloc in case.blocs.items():
        for term in type(bloc.coefficients).model_fields:
            value = getattr(bloc.coefficients, term)
            if value is None or f"{bloc.family}.{term}" not in spread:
                continue
            mean, sd = spread[f"{bloc.family}.{term}"]
            far = abs(value - mean) > FAR_FROM_ESTIMATE * max(float(sd), 1e-9)
            text = tr("the weight of {term} is fixed at {value:g}", term=term, value=value)
            reason = tr(
                "calibrated: {mean:.2f}, spread {sd:.2f}; a fixed weight is not drawn in any run",
                mean=mean,
                sd=sd,
            )
            yield "warning" if far else "info", ("blocs", name, "coefficients", term), text, reason


@check("nothing-drawn")
def nothing_drawn(case: Case) -> Iterator[Doubt]:
    """Find uncertainties that are switched off."""
    switches = case.scenario.uncertainties
    off = [name for name in ("coefficients", "country_effects", "chance") if not getattr(switches, name)]
    if off:
        place = ("uncertainties", off[0])
        all_off = tr("every run is the same; one is enough")
        reason = all_off if len(off) == 3 else tr("bands of the result leave this uncertainty out")
        yield "info", place, tr("not drawn: {names}", names=", ".join(off)), reason


@check("uncalibrated-rule")
def uncalibrated_rule(case: Case) -> Iterator[Doubt]:
    """Find decision rules other than the one the coefficients were estimated for."""
    rule = case.scenario.rules.choice
    if rule != "logit":
        reason = (
            tr("coefficients were estimated for the logit; it reads no offer, only who is where")
            if rule == "landscape"
            else tr("coefficients were estimated for the logit")
        )
        yield "info", ("rules", "choice"), tr("the rule is {rule}", rule=rule), reason


@check("unread-parameter")
def unread_parameter(case: Case) -> Iterator[Doubt]:
    """Find parameters that the scenario states and its decision rule does not read."""
    rule = case.scenario.rules.choice
    names = [p.name for p in case.parameters if p.name != "rules.choice" and not _reads(rule, p.name)]
    if stated := _stated(case, names):
        text = tr("the rule {rule} does not read {names}", rule=rule, names=_listed(stated))
        yield (
            "warning",
            next(iter(stated.values())),
            text,
            tr("they move no membership") if len(stated) > 1 else tr("it moves no membership"),
        )


@check("window-never-open")
def window_never_open(case: Case) -> Iterator[Doubt]:
    """Find statements about founders' windows where none is ever open."""
    keys = ("opening_attention", "opening_bonus", "signing_sd", "discrimination_sd")
    never = all(case.course(f"blocs.{bloc}.opening").max() == 0 for bloc in case.blocs)
    if never and (stated := _stated(case, [f"organizations.{key}" for key in keys])):
        reason = tr("no founders' window is ever open; an entry of the timeline opens one")
        named = _listed(stated)
        text = (
            tr("{names} have no effect", names=named)
            if len(stated) > 1
            else tr("{name} has no effect", name=named)
        )
        yield "warning", next(iter(stated.values())), text, reason


def _stated(case: Case, names: Sequence[str]) -> dict[str, Path_]:
    """Return which parameters the scenario itself states or moves away from their neutral default, and where."""
    found: dict[str, Path_] = {}
    for name in names:
        own: Path_ = tuple(name.split("."))
        if case.own(own) and case.course(name)[0, 0] != case.parameter(name).default:
            found[name] = own
        last = case.where_set(name, case.last - case.first)
        if last != own and case.own(last):
            found[name] = last
    return found


def _listed(names: Iterable[str]) -> str:
    first, *rest = names
    return tr("{name} and {n} more", name=first, n=len(rest)) if rest else first


def _reads(rule: str, name: str) -> bool:
    """Tell whether who joins what depends on a parameter under a decision rule."""
    if name == "behaviour.landscape_scale":
        return rule == "landscape"
    if name == "behaviour.mu":
        return rule in ("logit", "threshold")
    if rule != "landscape":
        return True
    section, *_, last = name.split(".")
    if section == "blocs":
        return last in ("exclusivity", "dissolved", "opening")
    return name in LANDSCAPE_READS


LANDSCAPE_READS = (
    "behaviour.attention", "behaviour.join_cost", "behaviour.leave_cost", "behaviour.hedging_cost",
    "organizations.opening_attention",
)  # fmt: skip
"""What the landscape rule reads beside who is where: when states decide, and what moving and hedging cost."""


@check("long-horizon")
def long_horizon(case: Case) -> Iterator[Doubt]:
    """Find horizons beyond what the calibration speaks of."""
    years = (case.last - case.first) / 4
    if years > MEANINGFUL_YEARS:
        grade: Grade = "error" if years > LONGEST_YEARS else "warning"
        reason = tr(
            "joining was observed over a decade; beyond {meaningful_years} years nothing was tested",
            meaningful_years=MEANINGFUL_YEARS,
        )
        yield grade, ("horizon", "end"), tr("the horizon is {years:g} years", years=years), reason


@check("start-not-calibrated")
def start_not_calibrated(case: Case) -> Iterator[Doubt]:
    """Find a start that is not that of the estimate: recorded memberships were not yet, or no longer, true."""
    recorded = [name for name, bloc in case.blocs.items() if bloc.members in ("evidence", "signatories")]
    day = case.scenario.estimate
    if recorded and case.first != parse_quarter(day):
        reason = tr(
            "members are those of {day} ({quarter}); the key estimate names the day",
            day=day,
            quarter=quarter_name(parse_quarter(day)),
        )
        place: Path_ = ("estimate",) if case.own(("estimate",)) else ("horizon", "start")
        yield "warning", place, tr("the scenario starts in {quarter}", quarter=case.quarter(0)), reason
    elif case.first != parse_quarter(day):
        reason = tr("weights and habits are those of the estimate to {day}", day=day)
        yield (
            "info",
            ("horizon", "start"),
            tr("the scenario starts in {quarter}", quarter=case.quarter(0)),
            reason,
        )
