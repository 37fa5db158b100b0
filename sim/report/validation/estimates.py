"""What the report says of the two estimates that scenarios may take: to the first cut-off, and to today."""

from __future__ import annotations

from sim.calibration.initiatives import FAMILIES, LATER_INITIATIVES, REGIME_SINCE
from sim.evidence.priors import LATER_SPECIFICATIONS
from sim.evidence.residuals import FAMILY_WORDS
from sim.evidence.two_estimates import Goal, TwoEstimates
from sim.report.blocks import Block, Table, Text
from sim.report.validation.summary import number

_NORMAL = 1.6448536269514722
"""Standard normal quantile of 0.95."""


def two_estimates(result: TwoEstimates) -> tuple[Block, ...]:
    """Return coefficients side by side, goals, and the specifications that were declared, chosen and dropped."""
    first, second = result.days
    names = {item.id: item.name for item in LATER_INITIATIVES}
    without = "; ".join(
        f"{names[part]}: AUC {auc:.3f}, log score {log_score:.3f}"
        for part, (auc, log_score) in result.without_neutral.items()
    )
    return (
        Text(
            f"A scenario says which estimate it takes (`estimate: {second}`). The one on data to {first} stands behind the "
            f"frozen register and is never made anew with later data; the one on data to {second} knows all lists "
            f"opened since. Coefficients of the US side are those of the regime of today: old plus shift on lists from "
            f"{REGIME_SINCE} on. Attention, costs of joining and leaving, and peers are those of the first estimate: "
            "lists signed within days do not tell them."
        ),
        _coefficients(result),
        Text(
            "Goals set before the second estimate was made. Each list is forecast without itself; Pax Silica and AI "
            "Opportunity, which mostly the same states signed, are left out together; how many joined is given. The lists "
            f"of before are judged on what was known on {first}."
        ),
        Table(
            ("what", "score", "wanted", "reached", "met"),
            tuple((goal.what, *_cells(goal)) for goal in result.goals),
            2,
        ),
        Text(
            "Of the regime of today the forecasts of these two lists know only from lists of neither side (New Delhi, "
            "February 2026; the call on frontier models, September 2026): out of sample, but not ahead of time. Without "
            f"those lists: {without}."
        ),
        Text(
            f"The {len(LATER_SPECIFICATIONS)} specifications that were tried, with their mean log score on lists left out; "
            "each family takes its best, all others were dropped. The best of several flatters itself a little. A new "
            "regime was tried for the US side only.",
            only="page",
        ),
        _variants(result),
    )


def _cells(goal: Goal) -> tuple[str, str, str, str]:
    return goal.score, goal.bound, number(goal.value, 3), "yes" if goal.met else "NO"


def _coefficients(result: TwoEstimates) -> Table:
    rows = tuple(
        (
            FAMILY_WORDS[pull.family],
            pull.term,
            _interval(pull.first),
            _interval(pull.second),
            _interval(pull.shift) if pull.shift else "",
        )
        for pull in result.pulls
    )
    first, second = result.days
    return Table(("family", "term", f"to {first}", f"to {second}", "of it new regime"), rows, 3)


def _interval(pair: tuple[float, float]) -> str:
    mean, sd = pair
    return f"{mean:+z.2f} ({mean - _NORMAL * sd:+z.2f} to {mean + _NORMAL * sd:+z.2f})"


def _variants(result: TwoEstimates) -> Table:
    rows = []
    for entry in LATER_SPECIFICATIONS:
        score = result.selection[entry.name]
        chosen = [family for family in FAMILIES if result.specifications[family] == entry.name]
        remark = f"chosen: {', '.join(FAMILY_WORDS[family] for family in chosen)}" if chosen else ""
        cells = [f"{score[family]:.4f}" if family in score else "" for family in FAMILIES]
        rows.append((entry.name, remark, *cells))
    return Table(("specification", "", "us", "china"), tuple(rows), 2, only="page")
