"""A bloc's leader: once a year it earmarks the reserve of its aid."""

from __future__ import annotations

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import leadership
from sim.engine.state import State
from sim.inputs.arrays import Inputs
from sim.theory import leaders


class BlocLeader(mesa.Agent):  # type: ignore[misc]
    """The leader of one bloc. Override :meth:`plan` to give it another policy of its own.

    Attributes
    ----------
    bloc : name of the bloc; ``k`` its position
    mode : ``scheduled`` or ``responsive``
    planned : float64[N] aid earmarked for each country for the year, US$ bn a year
    inputs, state : what the model plays, and where it stands
    """

    def __init__(self, model: mesa.Model, inputs: Inputs, state: State, k: int) -> None:
        super().__init__(model)
        self.inputs = inputs
        self.state = state
        self.k = k
        self.bloc = inputs.blocs[k]
        self.mode = "responsive" if inputs.leaders[k] == leaders.RESPONSIVE else "scheduled"
        self.planned = np.zeros(len(inputs.iso3))

    def scores(self) -> NDArray[np.float64]:
        """Return what US$ 1 bn a year more buys in each country: probability of membership x interest, float64[N]."""
        out = np.zeros(len(self.inputs.iso3))
        leadership.dollar_scores(self.inputs.countries, self.state, self.k, out)
        return out

    def plan(self) -> None:
        """Earmark the reserve for the year ahead into :attr:`planned`; what is spent depends on who joins."""
        score = self.scores() if self.mode == "responsive" else np.zeros(len(self.inputs.iso3))
        leadership.earmark(
            self.inputs.countries, int(self.inputs.leaders[self.k]), self.state, self.k, score, self.planned
        )

    def announce(self) -> None:
        """Make the plan known to all countries."""
        leadership.announce(self.inputs.countries, self.state, self.k, self.planned)

    @property
    def members(self) -> list[str]:
        """Codes of the countries that belong to the bloc now."""
        held = self.state.membership >> self.k & 1
        return [self.inputs.iso3[i] for i in np.flatnonzero(held)]
