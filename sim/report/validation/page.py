"""What the validation says, as a page: every number is computed, every sentence with a number is filled in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import FAMILIES
from sim.evidence.backtest import METHODS, Reliability
from sim.evidence.hindcast_tests import HindcastTest
from sim.evidence.replays import REPLAYS, replays_of_blocs, replays_of_lists, write_replays
from sim.evidence.validate import Validation
from sim.registry.parameters import RULES
from sim.report.blocks import Block, Bullets, Document, Part, Table, Text
from sim.report.html import page
from sim.report.markdown import markdown, save_pictures
from sim.report.validation import charts, lists, past
from sim.report.validation.estimates import two_estimates
from sim.report.validation.openings import losses_of_openings, openings, openings_in_short
from sim.report.validation.out_of_time import comparison, losses_out_of_time, out_of_time
from sim.report.validation.summary import summary_table

TITLE = "Validation"
LEAD = (
    "How well the model does where it could have been wrong, with its misses by name. Written by `aiblocs validate`; every "
    "number is recomputed, none is typed in: out of time from what happened since, of the second estimate from what it knows, "
    f"all others from what was known on {CUTOFF}."
)
ROLLING = "Forecasts made anew from past quarters have a page of their own: [rolling origins](rolling.md)."
CALIBRATED = 0.8
"""Calibration slope from which forecasts are said to mean what they say."""
CAUTIOUS = 1.25
"""Calibration slope from which they are said to be too cautious."""
_BETTER = {"auc": "AUC", "brier": "Brier", "log_score": "log score"}


def validation_document(result: Validation) -> Document:
    """Return what the validation says; a screen shows the scores, promises, goals and worst misses."""
    parts = (
        Part("Out of sample", summary_table(result), only="screen"),
        Part("In short", _headline(result)),
        Part("Out of time", out_of_time(result.out_of_time)),
        Part("Openings of organizations", openings(result.openings, result.out_of_time.names), only="page"),
        Part("Two estimates", two_estimates(result.estimates), only="page"),
        Part("Who joins an unseen list", lists.lists(result), only="page"),
        Part("Who joins in an unseen region", lists.regions(result), only="page"),
        Part("Replays with the simulator", past.hindcasts(result), only="page"),
        Part("Rival rules on the same past", past.rules(result), only="page"),
        Part("How fast: attention, costs, peers", past.dynamics(result), only="page"),
        Part("Draws that survive the past", past.matching(result), only="page"),
        Part("Are 90 % intervals right", past.coverage(result), only="page"),
        Part("Which specification, and what is not identified", lists.estimation(result), only="page"),
        Part("Lists by invitation", lists.invitations(result), only="page"),
        Part("Misses by name", lists.largest_errors(result)),
        Part("What the misses have in common", lists.residual_groups(result), only="page"),
        Part("Published results computed again", _replications(result), only="page"),
        Part("What these numbers are not", _limits(), only="page"),
    )
    return Document(TITLE, parts, description=LEAD)


def write_report(result: Validation, html: Path | None, docs: Path | None = None) -> list[Path]:
    """Write the HTML page, and ``validation.md`` with its figures and the table of replays into a documentation folder."""
    document = validation_document(result)
    written = []
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(page(document), encoding="utf-8")
        written.append(html)
    if docs is not None:
        text = docs / "validation.md"
        docs.mkdir(parents=True, exist_ok=True)
        linked = replace(document, description=f"{LEAD} {ROLLING}")
        text.write_text(markdown(linked, "images"), encoding="utf-8")
        replays = (*replays_of_lists(result.hindcasts), *replays_of_blocs())
        written += [text, *save_pictures(document.parts, docs / "images")]
        written.append(write_replays(replays, docs / REPLAYS.name))
    return written


def _headline(result: Validation) -> tuple[Block, ...]:
    promises = [(name, "promise", "yes" if kept else "NO") for name, kept in result.promises().items()]
    goals = [(name, "goal", "yes" if met else "NO") for name, met in result.goals().items()]
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
    sentences += [comparison(one, result.out_of_time) for one in result.out_of_time.scored]
    sentences.append(openings_in_short(result.openings))
    lost = losses(result)
    sentences.append(
        "Where a baseline or a rival rule is better: " + ("; ".join(lost) if lost else "nowhere") + "."
    )
    sentences += [calibration_text(table) for table in result.backtests.reliability]
    return (
        Table(("what", "", "kept"), (*promises, *goals)),
        Text(
            "A broken promise makes `aiblocs validate` fail (exit code 1); a goal that is not met is only reported here."
        ),
        Bullets(tuple(sentences)),
    )


def calibration_text(entry: Reliability) -> str:
    """Return in words what the slope of outcomes on forecasts means."""
    slope = entry.table.slope
    size = "known" if entry.test == "list" else "unknown"
    meaning = (
        "forecasts are too cautious" if slope > CAUTIOUS
        else "forecasts mean what they say" if slope > CALIBRATED else "forecasts are too extreme" if slope > 0.0
        else "it cannot forecast how many join; it can rank who joins"
    )  # fmt: skip
    return f"{charts.FAMILY_NAMES[entry.family]}, size {size}: calibration slope {slope:.2f} (1 is perfect): {meaning}."


def losses(result: Validation) -> list[str]:
    """Return where a baseline or a rival rule scores better than the model, in words."""
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
    out += [
        _hindcast_loss(result, hindcast)
        for hindcast in result.hindcasts
        if _hindcast_rivals(result, hindcast)
    ]
    return out + losses_out_of_time(result.out_of_time) + losses_of_openings(result.openings)


def _hindcast_loss(result: Validation, hindcast: HindcastTest) -> str:
    return f"replay of {hindcast.setup.name}, log score: {', '.join(_hindcast_rivals(result, hindcast))}"


def _hindcast_rivals(result: Validation, hindcast: HindcastTest) -> list[str]:
    """Methods and rules that score better on a replay than the calibrated rule; none for a replay of another rule."""
    own = hindcast.row()
    if hindcast.rule != RULES[0]:
        return []
    others = [*result.hindcast_baselines, *(test.row() for test in result.hindcasts)]
    return [other.method for other in others if other.part == own.part and other.log_score > own.log_score]


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
                "Nothing after the first cut-off has touched the first estimate: what happened since scores the frozen "
                "register (`aiblocs score`), on three lists that have signatories in common. The estimate of today has seen "
                "it.",
            )
        ),
    )
