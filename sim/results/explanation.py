"""Why a country stands where it stands, as a result to be read and printed."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sim.attribution.explain import Explanation
from sim.attribution.tipping import Tip
from sim.inputs.memberships import bloc_label
from sim.labels.shares import futures, percent, state_words
from sim.labels.terms import SMALL, term_words
from sim.results.labelled import check_choice
from sim.results.run import RunResult
from sim.results.shown import shown_html

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.drawing import Drawing

TABLES = ("terms", "path", "tips")
"""The tables of an explanation."""


@dataclass(frozen=True, eq=False, repr=False)
class ExplanationResult:
    """Why a country stands where it stands, and what would tip it.

    ``searched`` : whether single changes that would tip it were looked for
    """

    run: RunResult
    explanation: Explanation
    tips: tuple[Tip, ...]
    searched: bool = True

    def __repr__(self) -> str:
        """Say on three lines what was explained, where the country stands, and how to go on."""
        found = self.explanation
        return "\n".join(
            (
                f"ExplanationResult {found.name} ({found.iso3}) in {found.scenario}, {found.quarter}: "
                f"{futures(found.runs)}, seed {found.seed}",
                f"  {self.headline}",
                "  .plot(), .to_pandas(), .explanation has terms, offers and peers, .tips what would tip it",
            )
        )

    def _repr_html_(self) -> str:
        found = self.explanation
        by_bloc = {bloc: {term.name: term.mean for term in terms} for bloc, terms in found.terms.items()}
        names = dict.fromkeys(name for means in by_bloc.values() for name in means)
        shown = [n for n in names if any(abs(means.get(n, 0.0)) >= SMALL for means in by_bloc.values())]
        head = ("logits", *(bloc_label(bloc, found.titles) for bloc in found.terms))
        rows = [(term_words(n), *(f"{means.get(n, 0.0):+z.2f}" for means in by_bloc.values())) for n in shown]
        return shown_html(repr(self), head if rows else (), rows)

    def to_pandas(self, table: str = "terms") -> pd.DataFrame:
        """Return a table of the explanation.

        Parameters
        ----------
        table : ``terms`` (of the value of each bloc, logits, mean and 90 % band over futures), ``path`` (probability of each
            membership by quarter), or ``tips`` (single changes, and whether they tip the country)

        Raises
        ------
        InputError
            If there is no such table.
        """
        import pandas as pd

        found, wanted = self.explanation, check_choice("table", table, TABLES)
        if wanted == "terms":
            rows = [
                (bloc, one.name, one.mean, one.p05, one.p95)
                for bloc, terms in found.terms.items()
                for one in terms
            ]
            return pd.DataFrame(rows, columns=["bloc", "term", "mean", "p05", "p95"])
        if wanted == "path":
            return pd.DataFrame(
                [(quarter, state, chance) for state, path in found.path.items()
                 for quarter, chance in zip(found.steps, path.tolist(), strict=True)],
                columns=["quarter", "membership", "probability"],
            )  # fmt: skip
        names = [field.name for field in fields(Tip)]
        return pd.DataFrame([[getattr(tip, name) for name in names] for tip in self.tips], columns=names)

    def plot(self) -> Drawing:
        """Draw the terms of the value of each bloc, and the probability of each membership by quarter."""
        from sim.figures.drawing import Drawing  # Matplotlib is slow to import
        from sim.figures.explain_chart import explain_chart

        found = self.explanation
        return Drawing(explain_chart(found), f"{found.name} in {found.scenario}, {found.quarter}")

    @property
    def headline(self) -> str:
        """Where the country stands most often, and how many single changes would tip it."""
        found = self.explanation
        if found.leads is not None:
            return f"leads the {bloc_label(found.leads, found.titles)} bloc and does not choose"
        share = float(found.path[found.now][found.steps.index(found.quarter)])
        tipping = sum(tip.reached for tip in self.tips)
        tips = f"; single changes found that would tip it: {tipping}" if self.searched else ""
        return f"most often {state_words(found.states, found.titles)[found.now]}, in {percent(share)} % of futures{tips}"

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        tips = [tip.__dict__ for tip in self.tips]
        notes = list(self.run.loaded.notes)
        return self.explanation.to_json() | {
            "tipping": tips,
            "notes": notes,
            "findings": [one.to_dict() for one in self.run.findings],
            "provenance": self.run.provenance,
        }

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)
