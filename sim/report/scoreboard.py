"""What the scoreboard of all registers says: on a terminal, in the documentation, on the page."""

from __future__ import annotations

from collections.abc import Sequence

from sim.evidence.board import MEAN, Asked, Board, Interval, Line, horizon_words
from sim.evidence.statements import BASELINES
from sim.report.blocks import Bullets, Cell, Document, Part, Row, Table, Text
from sim.report.markdown import markdown_table
from sim.report.validation.charts import METHOD_NAMES
from sim.words import decimal, mark, number_text, tr, trn

KINDS = {"club": mark("new lists"), "organization": mark("organizations"), "bloc": mark("blocs")}
_READING = (
    "A question is whether one state belongs to one list, organization or bloc by a quarter. Log score: mean logarithm of the "
    "probability given to what happened; 0 is perfect.",
    "Against a baseline: by how much the log score is higher, on the same questions; above 0 is better. Adjusted: against "
    "the mean of the baselines, so that questions that are hard for all count for as much as easy ones.",
    "The interval is the middle 90 % when countries are drawn anew; that the lists of one year have signers in common is not "
    "in it.",
    "`aiblocs score --register FILE` scores one register list by list, with hits and misses by name.",
)


def scoreboard_document(board: Board) -> Document:
    """Return the scoreboard, the dated questions and what is not resolved yet."""
    resolved = [one for one in board.questions if one.came_true is not None]
    parts = (
        Part("", (Text(summary(board)), _scores(board), _against(board))),
        Part("Dated questions, resolved", (_questions(resolved),)),
        Part("Not resolved yet", (Bullets(open_words(board)),)),
        Part("How to read this", (Bullets(_READING),)),
    )
    return Document("Scoreboard", parts)


def scoreboard_markdown(board: Board) -> str:
    """Return the scoreboard as the generated part of a page."""
    resolved = [one for one in board.questions if one.came_true is not None]
    still = [one for one in board.questions if one.came_true is None]
    parts = [
        summary(board), markdown_table(_scores(board)), _bullets(_READING),
        "## Against each baseline", markdown_table(_against(board)), "## Not resolved yet", _bullets(open_words(board)),
    ]  # fmt: skip
    for title, found in (("## Dated questions, resolved", resolved), ("## Dated questions, open", still)):
        if found:
            parts += [title, markdown_table(_questions(found))]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def summary(board: Board) -> str:
    """Return in a sentence how much is resolved."""
    asked = sum(one.questions for one in board.lines)
    sources = len({one.source for one in board.lines})
    dated = sum(one.came_true is not None for one in board.questions)
    whose = trn("{n} register", "{n} registers", sources)
    return tr(
        "{asked} questions about states and {dated} dated questions are resolved, of {registers}.",
        asked=asked, dated=dated, registers=whose,
    )  # fmt: skip


def open_words(board: Board) -> list[str]:
    """Return what is not resolved yet, in sentences."""
    still = sum(one.came_true is None for one in board.questions)
    dated = [f"{still} dated questions"] if still else []
    return [f"{line}." for line in (*board.waiting, *dated)]


def score_rows(board: Board) -> list[tuple[str, str, str, str, str, str, str, Cell]]:
    """Return who forecast what, how far ahead, and how well: the rows of a table with `HEADINGS`."""
    return [
        (
            _source(one), tr(KINDS[one.kind]), horizon_words(one.horizon), str(one.questions), str(one.yes),
            decimal(one.brier, 4), decimal(one.log_score, 4), _gap(one.against[MEAN]),
        )
        for one in board.lines
    ]  # fmt: skip


HEADINGS = (
    mark("Register"), mark("On"), mark("Ahead"), mark("Questions"), mark("Yes"), mark("Brier"), mark("Log score"),
    mark("Adjusted"),
)  # fmt: skip


def _scores(board: Board) -> Table:
    return Table(HEADINGS, score_rows(board), 5)


def _source(one: Line) -> str:
    return tr("{source} (undated)", source=one.source) if one.as_of is None else one.source


def _gap(gap: Interval) -> Cell:
    return Cell(
        number_text(f"{gap.mean:+z.3f}"), tr("{low:+z.3f} to {high:+z.3f}", low=gap.low, high=gap.high)
    )


def _against(board: Board) -> Table:
    used = [name for name in BASELINES if any(name in one.against for one in board.lines)]
    rows: list[Row] = [
        (
            Cell(f"{_source(one)}, {KINDS[one.kind]}", horizon_words(one.horizon)),
            *(_gap(one.against[name]) if name in one.against else "–" for name in used),
        )
        for one in board.lines
    ]
    return Table(("Log score against", *(METHOD_NAMES[name] for name in used)), rows, len(used))


def _questions(found: list[Asked]) -> Table:
    rows = [
        (
            one.register, f"{one.question.text}?", one.question.by.isoformat(), f"{one.question.probability:.2f}",
            "open" if one.came_true is None else "yes" if one.came_true else "no", one.question.rule,
        )
        for one in found
    ]  # fmt: skip
    return Table(("Register", "Question", "By", "Said", "Came true", "Yes, if"), rows, (3,))
