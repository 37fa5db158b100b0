"""What the report says about lists and regions that were left out, and about the estimate behind it."""

from __future__ import annotations

from functools import partial

from sim.calibration.initiatives import FAMILIES
from sim.evidence.backtest import METHODS
from sim.evidence.priors import SPECIFICATIONS, name_of
from sim.evidence.validate import Validation
from sim.report.blocks import Block, Bullets, Picture, Table, Text
from sim.report.validation import charts
from sim.report.validation.summary import score_table

MISSES = 24
"""Misses shown."""


def lists(result: Validation) -> tuple[Block, ...]:
    """Return the scores of lists that were left out, against all baselines."""
    out: list[Block] = [
        Text(
            "Each list is forecast by a model estimated without it. With the size known, the intercept is set so that the true "
            "number is expected: who joins, given how many. With the size unknown, how many and who: of US-led lists, the "
            "intercept is drawn from the spread of the other lists' intercepts; China-led lists differ more, and their size is "
            "drawn from what other China-led lists say of those signed on a day and those that stand open for years (of the "
            "second kind they know few: the Belt and Road and the infrastructure bank tell each other's size). The same for "
            "every baseline. AUC: chance that a random member ranks above a random outsider. Brier and log score: 0 is perfect "
            "for both, lower is better for Brier, higher for the log score."
        ),
        Picture("validation-ranking", "Ranking of members and outsiders on lists that were left out.",
                partial(charts.ranking_chart, result.backtests), wide=True),
    ]  # fmt: skip
    for test in ("list", "list, size unknown"):
        means = [result.backtests.mean(test, family, method) for family in FAMILIES for method in METHODS]
        rows = tuple(
            (
                test,
                charts.FAMILY_NAMES[row.family],
                row.method,
                f"{row.auc:.3f}",
                f"{row.brier:.4f}",
                f"{row.log_score:.4f}",
            )
            for row in means
        )
        out.append(Table(("mean over", "family", "method", "AUC", "Brier", "log score"), rows, 3))
    out.append(score_table([row for row in result.backtests.rows if row.test == "list"], "list"))
    out.append(Picture("validation-calibration", "Do forecasts mean what they say? Pooled over all lists left out.",
                       partial(charts.reliability_chart, result.backtests.reliability), wide=True))  # fmt: skip
    return tuple(out)


def regions(result: Validation) -> tuple[Block, ...]:
    """Return the scores of regions that were left out."""
    rows = tuple(
        (charts.FAMILY_NAMES[family], method, f"{row.auc:.3f}", f"{row.brier:.4f}", f"{row.log_score:.4f}")
        for family in FAMILIES
        for method in METHODS
        for row in [result.backtests.mean("region", family, method)]
    )
    return (
        Text(
            "All lists, but only the countries of one UN region are forecast, from all others; their own effects are unknown."
        ),
        Table(("family", "method", "AUC", "Brier", "log score"), rows, 3),
    )


def estimation(result: Validation) -> tuple[Block, ...]:
    """Return the specifications compared, the coefficients, and what is not identified."""
    chosen = name_of(result.evidence.specifications)
    selection = []
    for entry in SPECIFICATIONS:
        scores = [f"{result.selection[entry.name][key]:.4f}" for key in (*FAMILIES, "mean")]
        remark = "chosen" if entry.name == chosen else "" if entry.complete else "not complete: shown only"
        selection.append((entry.name, remark, *scores))
    terms = tuple(
        (family, term, f"{mean:+z.2f}", f"{sd:.2f}", f"{result.resampled[family][term]:.2f}")
        for family, estimate in result.evidence.estimates.items()
        for term, mean, sd in zip(
            estimate.design.terms, estimate.fit.coefficients, estimate.fit.coefficient_sd, strict=True
        )
    )
    return (
        Text(
            "Leave-one-list-out log score (size known) of specifications declared beforehand; the best complete one is used."
        ),
        Table(("specification", "", "us", "china", "mean"), tuple(selection), 3),
        Table(("family", "term", "logits per sd", "Laplace sd", "resampled sd / Laplace sd"), terms, 3),
        Bullets(
            (
                "Where resampling countries moves a coefficient more than its Laplace interval says (last column "
                "above 1), the draws "
                "that scenarios use are widened by that factor.",
                "Not identified by a cross-section: what offers of chips, aid and infrastructure do. Allies are "
                "offered chips because "
                "they are allies. These weights are priors, truncated at zero, and act on differences from the "
                "reference offer only.",
                "Partial lists: the co-sponsors read out with the two UN resolutions, the friends named by Chinese "
                "ministries and the "
                "network of institutes tell who is near; being named is their outcome, and they are never a target.",
            )
        ),
    )


def invitations(result: Validation) -> tuple[Block, ...]:
    """Return the scores of lists by invitation."""
    rows = tuple(
        (
            one.initiative,
            str(one.invited),
            f"{one.auc:.3f}",
            f"{one.log_score:.4f}",
            f"{one.family_auc:.3f}",
            f"{one.family_log_score:.4f}",
        )
        for one in result.invitations
    )
    return (
        Text(
            "Small US-led clubs by invitation, each forecast from the other three around the family's coefficients, and by the "
            "family's estimate alone (size known). The family's estimate has seen their members on other lists."
        ),
        Table(
            ("list", "invited", "AUC", "log score", "AUC, family alone", "log score, family alone"), rows, 5
        ),
    )


def largest_errors(result: Validation) -> tuple[Block, ...]:
    """Return the worst misses by name."""
    items = tuple(f"{error.initiative}: {error.text}" for error in result.largest_errors[:MISSES])
    return (
        Text(
            "Forecasts with the list left out, size known, worst first (rows of low confidence left out). "
            "Reasons are the terms that "
            "moved the country's value most."
        ),
        Bullets(items, shown=8),
    )


def residual_groups(result: Validation) -> tuple[Block, ...]:
    """Return the groups of states that the terms do not explain."""
    return (
        Text(
            "Groups whose memberships over all lists depart most from the sum of their forecasts; z ignores that "
            "members of a group "
            "move together, so that values near 2 are common."
        ),
        Bullets(tuple(group.text for group in result.residual_groups)),
    )
