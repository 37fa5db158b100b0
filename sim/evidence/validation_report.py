"""What the validation says, as a page: every number is computed, every sentence with a number is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.evidence import charts
from sim.evidence.backtest import METHODS, Row
from sim.evidence.blocks import (
    Block,
    Bullets,
    Part,
    Picture,
    Table,
    Text,
    as_html,
    as_markdown,
    save_pictures,
)
from sim.evidence.calibrate import SEED
from sim.evidence.dates import CUTOFF
from sim.evidence.dynamics import prior_draws
from sim.evidence.matching import LIMIT, TOLERANCE
from sim.evidence.priors import SPECIFICATIONS
from sim.evidence.register import FAMILIES
from sim.evidence.replay_tests import disagreement
from sim.evidence.validate import Validation
from sim.scenario.registry import RULES

TITLE = "Validation"
LEAD = (
    "How well the model does where it could have been wrong, with its misses by name. Written by `aiblocs validate`; every "
    f"number is recomputed from what was known on {CUTOFF}, none is typed in."
)
MISSES = 24
_BETTER = {"auc": "AUC", "brier": "Brier", "log_score": "log score"}


def parts_of(result: Validation) -> tuple[Part, ...]:
    """Return the sections of the report."""
    return (
        Part("In short", _headline(result)),
        Part("Who joins an unseen list", _lists(result)),
        Part("Who joins in an unseen region", _regions(result)),
        Part("Replays with the simulator", _replays(result)),
        Part("Rival rules on the same past", _rules(result)),
        Part("How fast: attention, costs, peers", _dynamics(result)),
        Part("Draws that survive the past", _matching(result)),
        Part("Are 90 % intervals right", _coverage(result)),
        Part("Which specification, and what is not identified", _estimation(result)),
        Part("Lists by invitation", _invitations(result)),
        Part("Misses by name", _misses(result)),
        Part("What the misses have in common", _lessons(result)),
        Part("Published results computed again", _replications(result)),
        Part("What these numbers are not", _limits()),
    )


def write_report(result: Validation, html: Path, docs: Path | None = None) -> list[Path]:
    """Write the HTML page, and (if wanted) ``validation.md`` with its figures into a documentation folder."""
    parts = parts_of(result)
    html.parent.mkdir(parents=True, exist_ok=True)
    html.write_text(as_html(TITLE, LEAD.replace("`", ""), parts), encoding="utf-8")
    if docs is None:
        return [html]
    page = docs / "validation.md"
    docs.mkdir(parents=True, exist_ok=True)
    page.write_text(as_markdown(TITLE, LEAD, parts, "images"), encoding="utf-8")
    return [html, page, *save_pictures(parts, docs / "images")]


def _headline(result: Validation) -> tuple[Block, ...]:
    rows = [(name, "yes" if kept else "NO") for name, kept in result.checks().items()]
    sentences = []
    for family in FAMILIES:
        model = result.backtests.mean("list", family, "model")
        best = max(METHODS[1:], key=lambda name: result.backtests.mean("list", family, name).auc)
        other = result.backtests.mean("list", family, best)
        sentences.append(
            f"{charts.FAMILY_NAMES[family]}, each forecast from the others: mean AUC {model.auc:.3f} (best baseline: "
            f"{best}, {other.auc:.3f}), Brier {model.brier:.4f} ({other.brier:.4f}), log score {model.log_score:.4f} "
            f"({other.log_score:.4f})."
        )
    losses = _losses(result)
    sentences.append(
        "Where a baseline is better on average: " + ("; ".join(losses) if losses else "nowhere") + "."
    )
    return Table(("promise", "kept"), tuple(rows)), Bullets(tuple(sentences))


def _losses(result: Validation) -> list[str]:
    words = {
        "list": "an unseen list",
        "list, size unknown": "an unseen list of unknown size",
        "region": "an unseen region",
    }
    out = []
    for test, where in words.items():
        for family in FAMILIES:
            for score, name in _BETTER.items():
                lost = [
                    other
                    for other, better in result.backtests.beaten(test, family, score).items()
                    if not better
                ]
                if lost:
                    out.append(f"{where}, {family}, {name}: {', '.join(lost)}")
    for replay in result.replays:
        if replay.rule == RULES[0]:
            own = replay.row()
            for other in result.replay_baselines:
                if other.part == own.part and other.log_score > own.log_score:
                    out.append(f"replay of {own.part}, log score: {other.method}")
    return out


def _score_table(rows: Sequence[Row], first: str = "part") -> Table:
    cells = tuple(
        (
            row.part,
            row.method,
            str(row.states),
            str(row.members),
            _number(row.auc, 3),
            f"{row.brier:.4f}",
            f"{row.log_score:.4f}",
        )
        for row in rows
    )
    return Table((first, "method", "states", "members", "AUC", "Brier", "log score"), cells, 5)


def _number(value: float, digits: int) -> str:
    return "–" if np.isnan(value) else f"{value:.{digits}f}"


def _lists(result: Validation) -> tuple[Block, ...]:
    out: list[Block] = [
        Text(
            "Each list is forecast by a model estimated without it. With the size known, the intercept is set so that the true "
            "number is expected: who joins, given how many. With the size unknown, the intercept is drawn from "
            "the spread of the "
            "other lists' intercepts: how many and who. The same for every baseline. AUC: chance that a random "
            "member ranks above "
            "a random outsider. Brier and log score: 0 is perfect for both, lower is better for Brier, higher "
            "for the log score."
        ),
        Picture("validation-ranking", "Ranking of members and outsiders on lists that were left out.",
                charts.ranking_chart(result.backtests)),
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
    out.append(_score_table([row for row in result.backtests.rows if row.test == "list"], "list"))
    out.append(Picture("validation-calibration", "Do forecasts mean what they say? Pooled over all lists left out.",
                       charts.reliability_chart(result.backtests.reliability)))  # fmt: skip
    return tuple(out)


def _regions(result: Validation) -> tuple[Block, ...]:
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


def _replays(result: Validation) -> tuple[Block, ...]:
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
                charts.curves_chart(result.replays)),
    ]  # fmt: skip
    own = [test for test in result.replays if test.rule == RULES[0]]
    rows = []
    for test in own:
        hit, chance = test.order()
        rows.append(
            (test.plan.name, f"{int(test.curve.inside.sum())} of {len(test.curve.checks)}", f"{100 * hit:.0f} %",
             f"{100 * chance:.0f} %", f"{test.intercept:+.2f}")
        )  # fmt: skip
    out.append(
        Table(
            ("replay", "checks inside the 90 % band", "order: within a year", "by chance", "intercept"),
            tuple(rows),
            4,
        )
    )
    out.append(_score_table([*(test.row() for test in own), *result.replay_baselines], "replay"))
    worst = [_replay_misses(result, name) for name in dict.fromkeys(test.plan.name for test in own)]
    out.append(Bullets(tuple(worst)))
    return tuple(out)


def _replay_misses(result: Validation, name: str, count: int = 6) -> str:
    test = next(test for test in result.replays if test.plan.name == name and test.rule == RULES[0])
    names = dict(zip(result.gathered.world.iso3, result.gathered.world.names, strict=True))
    surprise = np.where(test.outcome, 1.0 - test.probability, test.probability)
    worst = np.argsort(-surprise, kind="stable")[:count]
    said = [
        f"{names[test.iso3[n]]} ({100 * test.probability[n]:.0f} %, {'joined' if test.outcome[n] else 'stayed out'})"
        for n in worst
    ]
    return f"Misses of the replay of {name}: {', '.join(said)}."


def _rules(result: Validation) -> tuple[Block, ...]:
    rows = tuple(
        (row.part, row.method, f"{row.auc:.3f}", f"{row.brier:.4f}", f"{row.log_score:.4f}", inside)
        for test in result.replays
        for row, inside in [(test.row(), f"{int(test.curve.inside.sum())} of {len(test.curve.checks)}")]
    )
    names = dict(zip(result.gathered.world.iso3, result.gathered.world.names, strict=True))
    said = []
    for code, chances, joined in disagreement(result.replays, "BRI", 8):
        numbers = ", ".join(f"{rule} {100 * chance:.0f} %" for rule, chance in chances.items())
        said.append(f"{names[code]}: {numbers}; {'joined' if joined else 'stayed out'}.")
    return (
        Text(
            "The same replays under each decision rule, with the same draws; each rule's intercept is set to "
            "meet the final number. "
            "The landscape rule knows sizes and affinities but no list, and with the estimated cost of joining "
            "it expects nobody "
            "to join: it is a theory of alignment, not of clubs."
        ),
        Table(("replay", "rule", "AUC", "Brier", "log score", "in band"), rows, 4),
        Text("Belt and Road: where logit, best response and threshold disagree most."),
        Bullets(tuple(said)),
    )


def _dynamics(result: Validation) -> tuple[Block, ...]:
    fit = result.dynamics
    prior = prior_draws(result.gathered.histories, len(fit.draws), SEED)
    rows = []
    for name, mode in zip(fit.names, fit.mode, strict=True):
        low, high = fit.interval(name)
        prior_low, prior_high = prior.interval(name)
        rows.append((name, f"{mode:.3g}", f"{low:.3g} to {high:.3g}", f"{prior_low:.3g} to {prior_high:.3g}"))
    between = fit.quarterly_attention
    standing = fit.standing_attention(result.gathered.histories, SEED)
    sentences = (
        f"Between openings a state reconsiders with probability {between.mean():.3f} a quarter (90 % "
        f"{np.quantile(between, 0.05):.3f} to {np.quantile(between, 0.95):.3f}); with the blocs' own frequency of openings, "
        f"{standing.mean():.3f} ({np.quantile(standing, 0.05):.3f} to {np.quantile(standing, 0.95):.3f}): "
        "this is what scenarios draw.",
        "Joining comes in rounds common to all states. Without them the Belt and Road's bursts would be read as strong peers.",
        f"Not identified separately: join_cost and the intercept of a list (their posterior correlation is "
        f"{_correlation(result, 'intercept:BRI'):+.2f} for the Belt and Road); the blocs, whose intercept is "
        "fixed by today's members, "
        "tell them apart. Where joining is rare, attention and exp(-join_cost) are a product. Peers are an association: states "
        "move together for unseen reasons too.",
        f"{int(sum(entry.leaves.sum() for entry in result.gathered.histories))} exits in all histories: leave_cost is a bound "
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
            charts.dynamics_chart(fit, prior),
        ),
        Table(("parameter", "mode", "90 %", "prior 90 %"), tuple(rows), 3),
        Bullets(sentences),
    )


def _correlation(result: Validation, name: str) -> float:
    fit = result.dynamics
    return float(fit.correlation[fit.names.index("join_cost"), fit.names.index(name)])


def _histories(result: Validation) -> list[str]:
    return [f"{entry.name} ({int(entry.joins.sum())})" for entry in result.gathered.histories]


def _matching(result: Validation) -> tuple[Block, ...]:
    rows = []
    for label, one in zip(("posterior", "priors of the dynamics"), result.constrained, strict=True):
        matching = one.matching
        killed = ", ".join(f"{name} {count}" for name, count in matching.killed_by().items())
        rows.append((label, str(len(matching.survives)), str(int(matching.survives.sum())), killed))
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


def _coverage(result: Validation) -> tuple[Block, ...]:
    rows = tuple(
        (entry.what, str(entry.cases), str(entry.inside), f"{100 * entry.share:.0f} %")
        for entry in result.coverage
    )
    return (Table(("intervals of 90 % for", "cases", "inside", "measured"), rows, 3),)


def _estimation(result: Validation) -> tuple[Block, ...]:
    chosen = result.gathered.specification.name
    selection = []
    for entry in SPECIFICATIONS:
        scores = [f"{result.selection[entry.name][key]:.4f}" for key in (*FAMILIES, "mean")]
        remark = "chosen" if entry.name == chosen else "" if entry.complete else "not complete: shown only"
        selection.append((entry.name, remark, *scores))
    terms = tuple(
        (family, term, f"{mean:+.2f}", f"{sd:.2f}", f"{result.resampled[family][term]:.2f}")
        for family, estimate in result.gathered.estimates.items()
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


def _invitations(result: Validation) -> tuple[Block, ...]:
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


def _misses(result: Validation) -> tuple[Block, ...]:
    items = tuple(f"{miss.initiative}: {miss.text}" for miss in result.misses[:MISSES])
    return (
        Text(
            "Forecasts with the list left out, size known, worst first (rows of low confidence left out). "
            "Reasons are the terms that "
            "moved the country's value most."
        ),
        Bullets(items),
    )


def _lessons(result: Validation) -> tuple[Block, ...]:
    return (
        Text(
            "Groups whose memberships over all lists depart most from the sum of their forecasts; z ignores that "
            "members of a group "
            "move together, so that values near 2 are common."
        ),
        Bullets(tuple(lesson.text for lesson in result.lessons)),
    )


def _replications(result: Validation) -> tuple[Block, ...]:
    rows = tuple(
        (
            case.name,
            case.quantity,
            "yes" if case.passed else "NO",
            f"{case.deviation:.3g}",
            f"{case.tolerance:g}",
        )
        for case in result.replications
    )
    return (Table(("case", "quantity", "agrees", "difference", "tolerance"), rows, 2),)


def _limits() -> tuple[Block, ...]:
    return (
        Bullets(
            (
                "Lists are few, overlap in time and were made by the same two leaders: leaving one out is not a new decade.",
                "The replays know the final number of members, and the present values of what has no yearly record.",
                "A new organization may court other states than any list before it; nothing here could know.",
                "Nothing after the cut-off has touched an estimate. What happens then scores the register of forecasts "
                "(`aiblocs score`), not this page.",
            )
        ),
    )
