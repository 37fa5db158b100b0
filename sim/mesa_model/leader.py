"""A bloc's leader: it states what the bloc offers, and once a year earmarks the reserve of its aid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import leadership, market
from sim.theory import leaders

if TYPE_CHECKING:
    from sim.mesa_model.alignment import AlignmentModel


class BlocLeader(mesa.Agent):  # type: ignore[misc]
    """The leader of one bloc. Override :meth:`plan` to give it another policy of its own.

    Attributes
    ----------
    bloc : name of the bloc; ``k`` its position
    mode : ``scheduled`` or ``responsive``
    planned : float64[N] aid earmarked for each country for the year, US$ bn a year
    """

    def __init__(self, model: AlignmentModel, k: int) -> None:
        super().__init__(model)
        self.k = k
        self.bloc = model.inputs.blocs[k]
        self.mode = "responsive" if model.inputs.leaders[k] == leaders.RESPONSIVE else "scheduled"
        self.planned = np.zeros(len(model.inputs.iso3))

    def scores(self) -> NDArray[np.float64]:
        """Return what US$ 1 bn more buys in each country: probability of membership x interest, float64[N]."""
        model = self.model
        out = np.zeros(len(model.inputs.iso3))
        leadership.dollar_scores(
            model.row, model.attributes, model.inputs.countries, model.market, self.k, model.memberships(),
            model.computes(), model.divides(), model.standing, model.peer_sums(), out,
        )  # fmt: skip
        return out

    def plan(self) -> None:
        """Earmark the reserve for the year ahead into :attr:`planned`; spending it is up to who joins."""
        model = self.model
        score = self.scores() if self.mode == "responsive" else np.zeros(len(model.inputs.iso3))
        market.earmark(
            int(model.inputs.leaders[self.k]), self.k, float(model.market.offers.reserve[self.k]), model.memberships(),
            model.inputs.countries, model.market.claims, score, self.planned,
        )  # fmt: skip

    def announce(self) -> None:
        """Make the plan known to all countries."""
        model = self.model
        for i, planned in enumerate(self.planned):
            offered = leadership.standing_offer(model.attributes, model.inputs.countries, self.k, i)
            model.market.earmarks[self.k, i] = planned + offered

    @property
    def members(self) -> list[str]:
        """Codes of the countries that belong to the bloc now."""
        return [country.iso3 for country in self.model.countries if country.membership >> self.k & 1]
