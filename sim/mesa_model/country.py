"""A country: it notices or not, values every bloc, and takes a membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import decision, delivery, market
from sim.inputs.memberships import members
from sim.theory import choice, draws

if TYPE_CHECKING:
    from sim.mesa_model.alignment import AlignmentModel


class Country(mesa.Agent):  # type: ignore[misc]
    """A state that belongs to none, one or several blocs, and decides for itself.

    Subclass it and override :meth:`reconsiders`, :meth:`bloc_values` or :meth:`choose` to give countries another mind;
    pass the class to ``AlignmentModel(country_class=...)``.

    Attributes
    ----------
    iso3, name : code and short name
    index : position in every array of the model
    membership : bitmask over the model's blocs, as of the last quarter
    compute : installed compute, H100e
    divide : digital divide, 0 .. 1
    """

    def __init__(self, model: AlignmentModel, index: int) -> None:
        super().__init__(model)
        inputs = model.inputs
        self.index = index
        self.iso3 = inputs.iso3[index]
        self.name = self.iso3
        self.leads = bool(inputs.countries.frozen[index])
        self.membership = int(inputs.countries.initial[index])
        self.compute = float(inputs.countries.compute[index])
        self.divide = float(inputs.countries.divide[index])
        self._next = self.membership

    @property
    def blocs(self) -> tuple[str, ...]:
        """Names of the blocs it belongs to."""
        return members(self.membership, self.model.inputs.blocs)

    @property
    def neighbours(self) -> list[tuple[Country, float]]:
        """Its peers with their weights in the mixed network, heaviest first."""
        network, index = self.model.inputs.network, self.index
        if network.mean_weight:
            share = 1.0 / max(1, len(self.model.countries) - 1)
            return [(other, share) for other in self.model.countries if other is not self]
        row = self.model.row
        weight: dict[int, list[int]] = {}
        for e in range(network.row_start[index], network.row_start[index + 1]):
            layers = weight.setdefault(int(network.row_peer[e]), [0, 0, 0])
            layers[network.row_layer[e]] += int(network.row_weight[e])
        mixed = [(j, decision.peer_share(row, (a, b, c))) for j, (a, b, c) in weight.items()]
        return [
            (self.model.countries[j], share)
            for j, share in sorted(mixed, key=lambda pair: (-pair[1], pair[0]))
        ]

    def reconsiders(self) -> bool:
        """Tell whether it looks at its membership this quarter (a draw against its attention)."""
        if self.leads:
            return False
        alert = decision.attention(
            self.model.row, self.model.attributes, self.index, self.model.unstirred[self.index]
        )
        return bool(self._draws()[0] < alert)

    def decide(self) -> None:
        """Prepare the membership of this quarter; nobody moves before all have decided."""
        self._next = self.choose(self._draws()[1]) if self.reconsiders() else self.membership

    def commit(self) -> None:
        """Take the membership that was decided."""
        self.membership = self._next

    def peer_shares(self) -> NDArray[np.float64]:
        """Return the weighted share of its peers in each bloc, float64[K], 0 .. 1."""
        sums = self._peer_sums()
        return np.array([decision.peer_share(self.model.row, (int(a), int(b), int(c))) for a, b, c in sums])

    def inclinations(self) -> NDArray[np.float64]:
        """Return the value of each bloc without its peer term, float64[K], logit units."""
        raw = np.empty(3)
        values = np.empty(len(self.model.inputs.blocs))
        for k in range(values.size):
            self.policy_terms(k, raw)
            standing = self.model.standing[k, self.index]
            values[k] = decision.inclination(
                self.model.row, self.model.inputs.countries, k, self.index, standing, raw
            )
        return values

    def policy_terms(self, k: int, out: NDArray[np.float64]) -> None:
        """Fill ``out`` (float64[3]) with the raw gains in chips, aid and divide that bloc ``k`` offers."""
        model = self.model
        decision.policy_terms(
            model.row, model.attributes, model.inputs.countries, model.market, k, self.index, self.membership,
            self.compute, self.divide, out,
        )  # fmt: skip

    def bloc_values(self) -> NDArray[np.float64]:
        """Return the value of belonging to each bloc, peers included, float64[K], logit units."""
        shares = self.peer_shares()
        peers = [decision.peer_value(self.model.row, k, share) for k, share in enumerate(shares)]
        return self.inclinations() + np.array(peers, np.float64)

    def utilities(self) -> NDArray[np.float64]:
        """Return the utility of every membership set given the present one, float64[2**K], logit units."""
        utility = np.empty(1 << len(self.model.inputs.blocs))
        row = self.model.row
        choice.set_utilities(
            self.bloc_values(), self.membership, self.model.inputs.countries.permanent_blocs[self.index], self.model.demand,
            self.hedging_cost(), row[market.JOIN_COST], row[market.LEAVE_COST], utility,
        )  # fmt: skip
        return utility

    def hedging_cost(self) -> float:
        """Return its standing cost of belonging to a pair of rival blocs, logit units."""
        return float(decision.hedging_cost(self.model.row, self.model.attributes, self.index))

    def probabilities(self) -> NDArray[np.float64]:
        """Return the logit probability of every membership set if it reconsidered now, float64[2**K]."""
        chance = np.empty(1 << len(self.model.inputs.blocs))
        choice.choice_probabilities(self.utilities(), self.model.row[market.MU], chance)
        return chance

    def choose(self, draw: float) -> int:
        """Return the membership it takes (bitmask), given a uniform draw in (0, 1).

        The rule (logit, best response, threshold, landscape) is the model's; override to decide otherwise.
        """
        model = self.model
        blocs, sets = len(model.inputs.blocs), 1 << len(model.inputs.blocs)
        return int(
            decision.choose(
                model.row, self.hedging_cost(), self.inclinations(), self.peer_shares(), self._pulls(), model.demand,
                self.membership, model.inputs.countries.permanent_blocs[self.index], draw, np.empty(blocs), np.empty(sets),
                np.empty(sets),
            )
        )  # fmt: skip

    def close_quarter(self) -> None:
        """Install the chips and use the aid that this quarter's membership brings."""
        model = self.model
        self.compute, self.divide = delivery.close_quarter(
            model.row, model.inputs.countries, model.market, model.rates, self.index, self.membership, self.compute,
            self.divide,
        )  # fmt: skip

    def _draws(self) -> tuple[float, float]:
        subject = self.model.inputs.countries.stream_id[self.index]
        pair: tuple[float, float] = draws.choice_draws(
            self.model.choice_key, self.model.chance_replicate, self.model.quarter, subject
        )
        return pair

    def _peer_sums(self) -> NDArray[np.int64]:
        """Return the fixed-point sums of its peers' memberships, int64[K, 3]."""
        network, blocs = self.model.inputs.network, len(self.model.inputs.blocs)
        sums = np.zeros((blocs, 3), np.int64)
        if network.mean_weight:
            for k in range(blocs):
                others = sum(other.membership >> k & 1 for other in self.model.countries if other is not self)
                sums[k, :] = others * network.mean_weight
            return sums
        for e in range(network.row_start[self.index], network.row_start[self.index + 1]):
            membership = self.model.countries[network.row_peer[e]].membership
            for k in range(blocs):
                if membership >> k & 1:
                    sums[k, network.row_layer[e]] += network.row_weight[e]
        return sums

    def _pulls(self) -> NDArray[np.float64]:
        """Return how far the members of each bloc attract it under the landscape rule, float64[K]."""
        blocs = len(self.model.inputs.blocs)
        if int(self.model.row[market.RULE]) != choice.LANDSCAPE:
            return np.zeros(blocs)
        pull = self.model.inputs.network.pull[self.index]
        totals = [0] * blocs
        for other in self.model.countries:
            for k in range(blocs):
                if other.membership >> k & 1:
                    totals[k] += int(pull[other.index])
        return np.array(totals) / decision.PULL_UNIT
