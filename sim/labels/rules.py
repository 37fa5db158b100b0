"""Plain words for decision rules."""

from __future__ import annotations

from sim.registry.parameters import RULES
from sim.words import mark, tr

CALIBRATED = mark("logit (calibrated)")
"""The first rule of the registry, for which weights were estimated."""


def rule_words(rule: str) -> str:
    """Return a decision rule of the registry in words; "" stays."""
    if not rule:
        return ""
    return tr(CALIBRATED if rule == RULES[0] else rule.replace("_", " "))
