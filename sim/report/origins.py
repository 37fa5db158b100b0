"""Where a result comes from, how to make it again, and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.labels.words import percent
from sim.report.html import Html, element, listed, section, table

LIMITS = (
    "A simulation of stated assumptions, not a forecast: shares and probabilities hold within the model. The band says how "
    "far futures differ under these assumptions, not how wrong the assumptions may be.",
    "Not for decisions about a single country without looking at its own inputs (aiblocs data, aiblocs explain): effects of "
    "one country are drawn, not known.",
    "How the model fared against events it had not seen, with its misses, is the validation report of the project.",
    "Names, codes and boundaries serve to show data and are no position on the status of any territory.",
)


def provenance_html(rows: Sequence[tuple[str, str]], again: Sequence[str]) -> Html:
    """Return versions, hashes, seed and command, and the commands that make or check it again.

    ``again`` : what was not made by a command (``sim.run``) is left out, there being nothing to type
    """
    shown = [(name, element("code", value)) for name, value in rows if value]
    commands = [element("code", command) for command in again if command.startswith("aiblocs ")]
    return section("Provenance", table(("", ""), shown), element("p", "Again: ", *_joined(commands)))


def _joined(parts: Sequence[Html]) -> list[object]:
    found: list[object] = []
    for part in parts:
        found += [", " if found else "", part]
    return found


def hash_rows(provenance: Mapping[str, str], label: str = "") -> list[tuple[str, str]]:
    """Return the version of the program and the hashes of data, scenario and inputs."""
    words = {"version": "aiblocs", "data": "data", "scenario": "scenario", "inputs": "inputs"}
    suffix = f" of {label}" if label else ""
    return [(f"{words.get(key, key)}{suffix}", value) for key, value in provenance.items()]


def limits_html(imputed_share: float | None, more: Sequence[str] = ()) -> Html:
    """Return what to know before using the result: filled-in data, then the limits of any result."""
    filled = []
    if imputed_share is not None:
        filled = [
            f"{percent(imputed_share)} % of the numbers on countries were not observed but filled in by a rule; "
            "aiblocs data shows each with its source."
        ]
    return section("Before using this", listed([*filled, *more, *LIMITS]))


def header_html(title: str, question: str, description: str, facts: Sequence[str]) -> Html:
    """Return the head of a report: what was asked, what is assumed, and the size of the answer."""
    return element(
        "header",
        element("h1", title),
        element("p", question, class_="question") if question else "",
        element("p", description) if description else "",
        element("p", " · ".join(facts), class_="facts"),
    )


def answer_html(sentences: Sequence[str]) -> Html:
    """Return the answer in plain words."""
    return element("section", element("h2", "Answer"), listed(sentences), class_="answer")
