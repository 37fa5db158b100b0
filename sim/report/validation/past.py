"""What the report says about simulated pasts: replays, rival rules, dynamics, draws that survive, coverage."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.evidence.coefficients import SEED
from sim.evidence.dynamics import prior_draws
from sim.evidence.hindcast_tests import disagreement
from sim.evidence.history_matching import LIMIT, TOLERANCE
from sim.evidence.validate import Validation
from sim.registry.parameters import RULES
from sim.report.blocks import Block, Bullets, Picture, Table, Text
from sim.report.validation import charts
from sim.report.validation.summary import score_table


def hindcasts(result: Validation) -> tuple[Block, ...]:
    """Return the replays: curves, order, scores, misses."""
    out: list[Block] = [
        Text(
            "The simulator is started in the past with the world as recorded the year before, its leader the only member. "
            "Out of sample: coefficients and country effects come from the family's other lists, dynamics from "
            "the other lists' "
            "joining dates (the bloc's own history, which counts the same acts, is left out too). In sample: the "
            "intercept, set so "
            "that the final number is met on average; trade shares, readiness and infrastructure indices, which have no yearly "
            "record; and lists of later years help to estimate coefficients. Openings and the frequency of rounds are those of "
            "the other lists; which quarters had a round is drawn."
        ),
        Picture("validation-replays", "Joining curves: simulated from the past, and what happened.",
                partial(charts.curves_chart, result.hindcasts), wide=True),
    ]  # fmt: skip
    own = [test for test in result.hindcasts if test.rule == RULES[0]]
    rows = []
    for test in own:
        hit, chance = test.order()
        rows.append(
            (test.setup.name, f"{int(test.curve.inside.sum())} of {len(test.curve.checks)}", f"{100 * hit:.0f} %",
             f"{100 * chance:.0f} %", f"{test.intercept:+z.2f}")
        )  # fmt: skip
    out.append(
        Table(
            ("replay", "checks inside the 90 % band", "order: within a year", "by chance", "intercept"),
            tuple(rows),
            4,
        )
    )
    out.append(score_table([*(test.row() for test in own), *result.hindcast_baselines], "replay"))
    worst = [_hindcast_errors(result, name) for name in dict.fromkeys(test.setup.name for test in own)]
    out.append(Bullets(tuple(worst)))
    return tuple(out)


def _hindcast_errors(result: Validation, name: str, count: int = 6) -> str:
    test = next(test for test in result.hindcasts if test.setup.name == name and test.rule == RULES[0])
    names = dict(zip(result.evidence.world.iso3, result.evidence.world.names, strict=True))
    surprise = np.where(test.outcome, 1.0 - test.probability, test.probability)
    worst = np.argsort(-surprise, kind="stable")[:count]
    said = [
        f"{names[test.iso3[n]]} ({100 * test.probability[n]:.0f} %, {'joined' if test.outcome[n] else 'stayed out'})"
        for n in worst
    ]
    return f"Misses of the replay of {name}: {', '.join(said)}."


def rules(result: Validation) -> tuple[Block, ...]:
    """Return the rival rules on the same replays."""
    rows = tuple(
        (row.part, row.method, f"{row.auc:.3f}", f"{row.brier:.4f}", f"{row.log_score:.4f}", inside)
        for test in result.hindcasts
        for row, inside in [(test.row(), f"{int(test.curve.inside.sum())} of {len(test.curve.checks)}")]
    )
    names = dict(zip(result.evidence.world.iso3, result.evidence.world.names, strict=True))
    said = []
    for code, chances, joined in disagreement(result.hindcasts, "BRI", 8):
        numbers = ", ".join(f"{rule} {100 * chance:.0f} %" for rule, chance in chances.items())
        said.append(f"{names[code]}: {numbers}; {'joined' if joined else 'stayed out'}.")
    return (
        Text(
            "The same replays under each decision rule, with the same draws; each rule's intercept is set to "
            "meet the final number. "
            "The landscape rule knows sizes and affinities but no list, and with the estimated cost of joining "
            "it expects no country "
            "to join: it is a theory of alignment, not of clubs."
        ),
        Table(("replay", "rule", "AUC", "Brier", "log score", "in band"), rows, 4),
        Text("Belt and Road: where logit, best response and threshold disagree most."),
        Bullets(tuple(said)),
    )


def dynamics(result: Validation) -> tuple[Block, ...]:
    """Return attention, costs and peers, before and after the dates."""
    fit = result.dynamics
    prior = prior_draws(result.evidence.histories, len(fit.draws), SEED)
    rows = []
    for name, mode in zip(fit.names, fit.mode, strict=True):
        low, high = fit.interval(name)
        prior_low, prior_high = prior.interval(name)
        rows.append((name, f"{mode:.3g}", f"{low:.3g} to {high:.3g}", f"{prior_low:.3g} to {prior_high:.3g}"))
    between = fit.quarterly_attention
    standing = fit.standing_attention(result.evidence.histories, SEED)
    sentences = (
        f"Between openings the chance that a state reconsiders is {between.mean():.3f} a quarter (90 % "
        f"{np.quantile(between, 0.05):.3f} to {np.quantile(between, 0.95):.3f}); with the blocs' own frequency of openings, "
        f"{standing.mean():.3f} ({np.quantile(standing, 0.05):.3f} to {np.quantile(standing, 0.95):.3f}): "
        "this is what scenarios draw.",
        "Joining comes in rounds common to all states. Without them the Belt and Road's bursts would be read as strong peers.",
        f"Not identified separately: join_cost and the intercept of a list (their posterior correlation is "
        f"{_correlation(result, 'intercept:BRI'):+z.2f} for the Belt and Road); the blocs, whose intercept is "
        "fixed by today's members, "
        "tell them apart. Where joining is rare, attention and exp(-join_cost) are a product. Peers are an association: states "
        "move together for unseen reasons too.",
        f"{int(sum(entry.leaves.sum() for entry in result.evidence.histories))} exits in all histories: leave_cost is a bound "
        "more than an estimate.",
    )
    return (
        Text(
            "From the joining dates of "
            + ", ".join(_histories(result))
            + ", with the simulator's own choice rule as hazard."
        ),
        Picture(
            "validation-dynamics",
            "90 % intervals before and after the dates.",
            partial(charts.dynamics_chart, fit, prior),
            wide=True,
        ),
        Table(("parameter", "mode", "90 %", "prior 90 %"), tuple(rows), 3),
        Bullets(sentences),
    )


def _correlation(result: Validation, name: str) -> float:
    fit = result.dynamics
    return float(fit.correlation[fit.names.index("join_cost"), fit.names.index(name)])


def _histories(result: Validation) -> list[str]:
    return [f"{entry.name} ({int(entry.joins.sum())})" for entry in result.evidence.histories]


def matching(result: Validation) -> tuple[Block, ...]:
    """Return how many draws survive the past."""
    rows = []
    for label, one in zip(("posterior", "priors of the dynamics"), result.constrained, strict=True):
        matching = one.matching
        ruled_out = ", ".join(f"{name} {count}" for name, count in matching.ruled_out_by().items())
        rows.append((label, str(len(matching.survives)), str(int(matching.survives.sum())), ruled_out))
    return (
        Text(
            f"A draw survives if no observed count lies more than {LIMIT:g} standard deviations from its replays, "
            "where the variance "
            f"is that of chance plus a discrepancy of {100 * TOLERANCE:g} % of the countries. Scenarios draw from "
            "survivors of the "
            "posterior."
        ),
        Table(("draws from", "tested", "survive", "ruled out by"), tuple(rows)),
    )


def coverage(result: Validation) -> tuple[Block, ...]:
    """Return the measured coverage of all 90 % intervals."""
    rows = tuple(
        (entry.what, str(entry.cases), str(entry.inside), f"{100 * entry.share:.0f} %")
        for entry in result.coverage
    )
    return (Table(("intervals of 90 % for", "cases", "inside", "measured"), rows, 3),)
