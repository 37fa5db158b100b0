"""Why a country stands where it stands, as a result to be read and printed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sim.attribution.explain import Explanation
from sim.attribution.tipping import Tip
from sim.inputs.memberships import bloc_label
from sim.labels.shares import futures, percent, state_words
from sim.results.run import RunResult


@dataclass(frozen=True, eq=False, repr=False)
class ExplanationResult:
    """Why a country stands where it stands, and what would tip it."""

    run: RunResult
    explanation: Explanation
    tips: tuple[Tip, ...]

    def __repr__(self) -> str:
        """Say on three lines what was explained, where the country stands, and how to go on."""
        found = self.explanation
        return "\n".join(
            (
                f"ExplanationResult {found.name} ({found.iso3}) in {found.scenario}, {found.quarter}: "
                f"{futures(found.runs)}, seed {found.seed}",
                f"  {self.headline}",
                "  .explanation has terms, offers and peers, .tips what would tip it, .to_json() all of it as text",
            )
        )

    @property
    def headline(self) -> str:
        """Where the country stands most often, and how many single changes would tip it."""
        found = self.explanation
        if found.leads is not None:
            return f"leads the {bloc_label(found.leads, found.titles)} bloc and does not choose"
        share = float(found.path[found.now][found.steps.index(found.quarter)])
        tipping = sum(tip.reached for tip in self.tips)
        return (
            f"most often {state_words(found.states, found.titles)[found.now]}, in {percent(share)} % of futures; "
            f"single changes found that would tip it: {tipping}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        tips = [tip.__dict__ for tip in self.tips]
        notes = list(self.run.loaded.notes)
        return self.explanation.to_json() | {
            "tipping": tips,
            "notes": notes,
            "provenance": self.run.provenance,
        }

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)
