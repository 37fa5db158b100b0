"""What is said of a scenario before its results: notes on its timeline and findings, as lines and as Python warnings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sim.errors import ScenarioWarning
from sim.plausibility.finding import Finding
from sim.words import tr

_PACKAGE = str(Path(__file__).resolve().parents[1])


def lines_of(notes: Iterable[str], findings: Iterable[Finding]) -> list[str]:
    """Return notes on the timeline and findings as lines, the gravest first, each once."""
    graver = [one.sentence for one in findings if one.grade != "info"]
    rest = [one.sentence for one in findings if one.grade == "info"]
    return list(dict.fromkeys([*graver, *(tr("note: {note}", note=note) for note in notes), *rest]))


def joined(lines: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines of several scenarios, each once; what is not said of all of them, with the names it is said of.

    ``lines`` : by the name of the scenario
    """
    every = dict.fromkeys(line for said in lines.values() for line in said)
    found = []
    for line in every:
        names = [name for name, said in lines.items() if line in said]
        found.append(line if len(names) == len(lines) else f"{', '.join(names)}: {line}")
    return found


def warn_of(*findings: Iterable[Finding]) -> None:
    """Warn of what was found, errors and warnings, each once: a `ScenarioWarning` that points to the user's own line."""
    said = dict.fromkeys(one.sentence for group in findings for one in group if one.grade != "info")
    level = _levels_to_user()
    for sentence in said:
        warnings.warn(sentence, ScenarioWarning, stacklevel=level)


def _levels_to_user() -> int:
    """Return how many calls above `warn_of` the first one outside the package is, as ``stacklevel`` counts them."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    return level
