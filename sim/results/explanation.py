"""Why a country stands where it stands, as a result that can be kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sim.attribution.explain import Explanation
from sim.attribution.tipping import Tip
from sim.results.run import RunResult


@dataclass(frozen=True, eq=False)
class ExplanationResult:
    """Why a country stands where it stands, and what would tip it."""

    run: RunResult
    explanation: Explanation
    tips: tuple[Tip, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        tips = [tip.__dict__ for tip in self.tips]
        return self.explanation.to_json() | {"tipping": tips, "provenance": self.run.provenance}

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)
