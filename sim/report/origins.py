"""Where a result comes from, how to make it again, and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.report.blocks import Bullets, Part, Table, Text
from sim.words import mark, tr

LIMITS = (
    mark("A simulation of stated assumptions, not a forecast: shares and probabilities hold within the model. The band says "
         "how far futures differ under these assumptions, not how wrong the assumptions may be."),
    mark("Not for decisions about a single country without looking at its own inputs (`aiblocs data`, `aiblocs explain`): "
         "effects of one country are drawn, not known."),
    mark("How the model fared against events it had not seen, with its misses, is the validation report of the project."),
    mark("Names, codes and boundaries serve to show data and are no position on the status of any territory."),
)  # fmt: skip


_SHOWN = 8
"""Lines about the scenario that a screen shows."""


def limits(*notes: str) -> Part:
    """Return what to know before using the result: notes on this one, then the limits of any; a screen shows the first."""
    return Part(tr("Before using this"), (Bullets((*notes, *map(tr, LIMITS)), shown=len(notes) + 1),))


def before_reading(lines: Sequence[str]) -> Part:
    """Return what is doubted of the scenario and what its timeline no longer does; a screen shows the first lines.

    ``lines`` : see `sim.plausibility.lines_of`
    """
    left = len(lines) - _SHOWN
    more = f"and {left} more; `aiblocs scenario check` lists them" if left > 0 else ""
    return Part("Before you read this", (Bullets(lines, shown=_SHOWN), Text(more, only="screen")))


def provenance(rows: Sequence[tuple[str, str]], again: Sequence[str]) -> Part:
    """Return versions, hashes, seed and command, and the commands that make or check it again.

    ``again`` : what was not made by a command (``sim.run``) is left out, there being nothing to type
    """
    shown = [(name, f"`{value}`") for name, value in rows if value]
    commands = [f"`{command}`" for command in again if command.startswith("aiblocs ")]
    return Part("Provenance", (Table(("", ""), shown), Text(f"Again: {', '.join(commands)}")), only="page")


def hash_rows(provenance: Mapping[str, str], label: str = "") -> list[tuple[str, str]]:
    """Return the version of the program and the hashes of data, scenario and inputs."""
    words = {"version": "aiblocs", "data": "data", "scenario": "scenario", "inputs": "inputs"}
    suffix = f" of {label}" if label else ""
    return [(f"{words.get(key, key)}{suffix}", value) for key, value in provenance.items()]
