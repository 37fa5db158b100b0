"""The card of evidence of a lever, as a table: grade, source, numbers, rows, and what would change one's mind."""

from __future__ import annotations

from collections.abc import Sequence

from sim.inputs.memberships import NO_TITLES, Titles, bloc_label
from sim.labels.levers import full_label
from sim.labels.terms import TERM_WORDS, term_words
from sim.report.blocks import Bullets, Cell, Row, Table
from sim.sensitivity.lever_card import Rest
from sim.words import speakable, tr


def number_words(name: str, titles: Titles = NO_TITLES) -> str:
    """Return a number through which levers act in words: a term, ``family.term``, or a parameter."""
    family, _, term = name.rpartition(".")
    if family and term in TERM_WORDS and "." not in family and family in ("us", "china"):
        return tr("{bloc}: {label}", bloc=bloc_label(family, titles), label=term_words(term))
    return term_words(name) if name in TERM_WORDS else _lower(name)


@speakable
def _lower(name: str) -> str:
    return full_label(name).lower()


def card_table(rests: Sequence[Rest], titles: Titles = NO_TITLES) -> Table:
    """Return what some numbers rest on, one row each."""
    rows: list[Row] = [
        (
            Cell(number_words(one.name, titles), one.name), one.grade, one.source, _interval(one), one.test,
        )
        for one in rests
    ]  # fmt: skip
    return Table(("Acts through", "Grade", "Rests on", "Mean, 90 %", "What would change it"), rows)


def card_rows(rests: Sequence[Rest], titles: Titles = NO_TITLES) -> Bullets:
    """Return where the data behind some numbers stand; nothing of those that have none."""
    found = [f"{number_words(one.name, titles)}: {', '.join(one.rows)}." for one in rests if one.rows]
    return Bullets(found)


def _interval(one: Rest) -> str | Cell:
    if one.interval is None:
        return "held at its value"
    mean, low, high = one.interval
    return Cell(f"{mean:.2g}", f"{low:.2g} to {high:.2g}, {one.unit}")
