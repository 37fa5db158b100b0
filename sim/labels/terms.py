"""The terms of a utility in plain words, the same in tables, figures, reports and on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sim.labels.shares import percent
from sim.registry.terms import TERMS
from sim.words import joined, listed, mark, tr

TERM_WORDS = {term.name: term.words for term in TERMS} | {
    "effect": mark("its own record (unexplained)"),
    "lock_in": mark("machines in use"),
    "appeal": mark("appeal of the leader"),
    "drift": mark("drift of weights"),
    "opening": mark("founders' window"),
    "exclusivity": mark("holding rivals"),
    "join_cost": mark("cost of joining"),
    "leave_cost": mark("cost of leaving"),
}

CHIP_REASONS = {
    "none wanted": mark("it needs none"),
    "none on offer": mark("the bloc has none for it"),
    "nothing conditional": mark("nothing is conditional"),
    "little conditional": mark("little is conditional"),
    "supply meets need": mark("supply meets need"),
    "open chips elsewhere": mark("the rival's open chips"),
    "few chips": mark("few chips for its need"),
    "little use": mark("it can put few to use"),
}
"""Why the chips of a bloc are worth little to a country (`sim.attribution.market`)."""


def term_words(name: str) -> str:
    """Return a term in plain words; what has none is shown by its name."""
    return tr(TERM_WORDS.get(name, name.replace("_", " ")))


def change_words(name: str) -> str:
    """Return a term that differs between two scenarios: what is drawn of a country is alike in both, what is set is not."""
    return tr("its own effect, as it is set") if name == "effect" else term_words(name)


SMALL = 0.005
"""Logit units below which a term is not shown in any bloc."""

SHOWN_TERMS = 3
"""Terms named per country: the largest."""


def because_text(
    because: Mapping[str, float],
    reviewed_in_one: float,
    closed_in_one: float = 0.0,
    *,
    from_start: bool = False,
) -> str:
    """Return the largest terms of a switch with their change (logit units), or that it is not a matter of terms.

    Parameters
    ----------
    reviewed_in_one : share of the futures in which the country decided in one scenario alone
    closed_in_one : share of the futures in which a bloc is closed to it, or dissolved, in one scenario alone
    from_start : whether it stands elsewhere before it first decides
    """
    if from_start:
        return tr("it stands elsewhere from the start")
    if closed_in_one >= 0.5:
        return tr("a bloc is closed to it in one of them")
    terms = sorted(because.items(), key=lambda item: -abs(item[1]))[:SHOWN_TERMS]
    said = [
        tr("{term} {change:+z.2f}", term=change_words(name), change=change)
        for name, change in terms
        if abs(change) >= SMALL
    ]
    if not said:
        return tr("timing only: it decided in another quarter")
    if reviewed_in_one >= 0.5:
        said.append(tr("and it decided in one of them only"))
    return joined(", ", said)


def admission_text(
    bloc: str, closed: float, dissolved: float, window: float, notice: float, told: float
) -> str:
    """Return how open a bloc is to a country in a quarter, as a sentence; "" if there is nothing to say.

    Parameters
    ----------
    bloc : its name to show
    closed, dissolved, window, told : shares of futures in which it does not take the country, is dissolved, has a founders'
        window open to it, and tells it in this quarter to choose
    notice : mean chance in a year that it tells a state that also belongs to a rival to choose
    """
    said = []
    for share, always, sometimes in (
        (dissolved, tr("is dissolved"), tr("is dissolved in {share} % of futures", share=percent(dissolved))),
        (closed, tr("does not take it"), tr("does not take it in {share} % of futures", share=percent(closed))),
        (
            window, tr("has a founders' window open to it"),
            tr("has a founders' window open to it in {share} % of futures", share=percent(window)),
        ),
        (
            told, tr("tells it to choose in this quarter"),
            tr("tells it to choose in this quarter in {share} % of futures", share=percent(told)),
        ),
    ):  # fmt: skip
        if share > 0.0:
            said.append(always if share >= 1.0 else sometimes)
    if notice > 0.0:
        said.append(
            tr(
                "gives notice to a state in two blocs with a chance of {share} % a year",
                share=percent(notice),
            )
        )
    return tr("{bloc} {does}.", bloc=bloc, does=listed(said)) if said else ""


def market_text(wanted: float, free: float) -> str:
    """Return how many chips a country wants, and has without joining anybody (H100e a year), as a sentence."""
    if wanted <= 0.0:
        return tr("It wants no chips.")
    return tr(
        "It could put {wanted:,.0f} H100e a year to use and has {free:,.0f} without joining anybody, {met} % of its need.",
        wanted=wanted, free=free, met=percent(min(1.0, free / wanted)),
    )  # fmt: skip
