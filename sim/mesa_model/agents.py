"""The agents: countries, which choose their blocs, and leaders, which state what their bloc has to give."""

from __future__ import annotations

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import decision, delivery, leadership, occasions, values
from sim.engine.columns import LANDSCAPE_SCALE, MU, RULE
from sim.engine.market import yearly_need
from sim.engine.moves import move
from sim.engine.state import NOT_NOW, REVIEW, State
from sim.errors import InputError
from sim.inputs.arrays import Inputs
from sim.inputs.memberships import members
from sim.registry.terms import POLICY_NAMES
from sim.theory import choice, leaders


class Country(mesa.Agent):  # type: ignore[misc]
    """A state that belongs to none, one or several blocs, and decides for itself: a view of one country of the state.

    Subclass it and override :meth:`reconsiders`, :meth:`bloc_values` or :meth:`choose` to give countries another decision rule;
    pass the class to ``AlignmentModel(country_class=...)``.

    Attributes
    ----------
    iso3 : code
    index : position in every array of the model
    leads : whether it leads a bloc; leaders never reconsider
    inputs, state : what the model plays, and where it stands
    """

    def __init__(self, model: mesa.Model, inputs: Inputs, state: State, index: int) -> None:
        """Make the agent of the country at a position of the arrays."""
        super().__init__(model)
        self.inputs = inputs
        self.state = state
        self.index = index
        self.iso3 = inputs.iso3[index]
        self.leads = bool(inputs.countries.frozen[index])
        self._next = self.membership

    def __repr__(self) -> str:
        """Say who it is and what it belongs to."""
        return f"<{type(self).__name__} {self.iso3}: {self.inputs.states[self.membership]}>"

    @property
    def membership(self) -> int:
        """Bitmask over the model's blocs, as of the last quarter; setting it moves the country at once."""
        return int(self.state.membership[self.index])

    @membership.setter
    def membership(self, value: int) -> None:
        self._check_membership(value, "membership is")
        move(self.inputs.countries, self.inputs.network, self.state, self.index, value)

    @property
    def compute(self) -> float:
        """Installed compute, H100e; setting it keeps the shares of the blocs that it came from."""
        return float(self.state.compute[self.index])

    @compute.setter
    def compute(self, value: float) -> None:
        stock, origin = self.state.stock, self.inputs.countries.origin
        share = stock[:, self.index] / self.compute if self.compute > 0.0 else origin[:, self.index]
        stock[:, self.index] = share * value
        self.state.compute[self.index] = value

    @property
    def divide(self) -> float:
        """Digital divide, 0 .. 1."""
        return float(self.state.divide[self.index])

    @divide.setter
    def divide(self, value: float) -> None:
        self.state.divide[self.index] = value

    @property
    def blocs(self) -> tuple[str, ...]:
        """Names of the blocs it belongs to."""
        return members(self.membership, self.inputs.blocs)

    @property
    def neighbours(self) -> list[tuple[Country, float]]:
        """Its peers with their weights in the mixed network, heaviest first."""
        network, index = self.inputs.network, self.index
        countries = [agent for agent in self.model.agents if isinstance(agent, Country)]
        if network.mean_weight:
            share = 1.0 / max(1, len(countries) - 1)
            return [(other, share) for other in countries if other is not self]
        weight: dict[int, list[int]] = {}
        for e in range(network.row_start[index], network.row_start[index + 1]):
            layers = weight.setdefault(int(network.row_peer[e]), [0, 0, 0])
            layers[network.row_layer[e]] += int(network.row_weight[e])
        mixed = [(j, values.peer_share(self.state.params, (a, b, c))) for j, (a, b, c) in weight.items()]
        return [(countries[j], share) for j, share in sorted(mixed, key=lambda pair: (-pair[1], pair[0]))]

    def reconsiders(self) -> bool:
        """Return whether it decides this quarter: it reviews its membership, is told to choose, or an organization is open.

        If not overridden, why it decides (:data:`sim.engine.state.REVIEW`, ``SIGNING``) is drawn by the model.
        """
        return bool(self.state.occasion[self.index] != NOT_NOW)

    def decide(self) -> None:
        """Prepare the membership of this quarter; no country moves before all have decided."""
        draw = float(self.state.choice_draw[self.index])
        stay = int(occasions.standing(self.state, self.index))
        self._next = self.choose(draw) if self.reconsiders() else stay
        self._check_membership(self._next, f"{type(self).__name__}.choose returned")

    def _check_membership(self, value: object, said: str) -> None:
        """Refuse what is no membership, before it reaches the arrays. Raises InputError."""
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not (whole and 0 <= int(value) < len(self.inputs.states)):  # type: ignore[call-overload]
            known = ", ".join(f"{n} {name}" for n, name in enumerate(self.inputs.states))
            raise InputError(f"{self.iso3}: {said} {value!r}; a membership is one of {known}")

    def commit(self) -> None:
        """Take the membership that was decided."""
        self.membership = self._next

    def peer_shares(self) -> NDArray[np.float64]:
        """Return the weighted share of its peers in each bloc, float64[K], 0 .. 1."""
        values.fill_values(self.inputs.countries, self.state, self.index)
        return self.state.scratch.share.copy()

    def base_values(self) -> NDArray[np.float64]:
        """Return the value of each bloc without its peer term, float64[K], logits."""
        values.fill_values(self.inputs.countries, self.state, self.index)
        return self.state.scratch.base_value.copy()

    def policy_terms(self, k: int) -> NDArray[np.float64]:
        """Return what membership of bloc ``k`` would bring in chips, grants, loans and divide, float64[4]."""
        out = np.empty(len(POLICY_NAMES))
        countries, state, i = self.inputs.countries, self.state, self.index
        market = (yearly_need(countries, state, i), values.free_chips(state, i, state.scratch.chips))
        values.policy_terms(countries, state, k, i, market, out)
        return out

    def bloc_values(self) -> NDArray[np.float64]:
        """Return the value of belonging to each bloc, peers included, float64[K], logits."""
        shares = self.peer_shares()
        peers = [values.peer_value(self.state.params, k, shares[k]) for k in self._ks]
        return self.base_values() + np.array(peers, np.float64)

    def utilities(self) -> NDArray[np.float64]:
        """Return the utility of every membership set given the present one, float64[2**K], logits."""
        utility = np.empty(len(self.inputs.states))
        now = int(self.state.occasion[self.index]) or REVIEW
        decision.fill_utilities(
            self.inputs.countries, self.state, self.index, now, self.bloc_values(), utility
        )
        return utility

    def hedging_cost(self) -> float:
        """Return its standing cost of belonging to a pair of rival blocs, logits."""
        return float(values.hedging_cost(self.state, self.index))

    def probabilities(self) -> NDArray[np.float64]:
        """Return the logit probability of every membership set if it reconsidered now, float64[2**K]."""
        chance = np.empty(len(self.inputs.states))
        choice.choice_probabilities(self.utilities(), self.state.params[MU], chance)
        return chance

    def choose(self, draw: float) -> int:
        """Return the membership it takes (bitmask), given a uniform draw in (0, 1).

        The rule (logit, best response, threshold, landscape) is the model's; override to decide otherwise.
        """
        countries, rule = self.inputs.countries, int(self.state.params[RULE])
        if rule == choice.THRESHOLD:
            shares = self.peer_shares()
            return int(
                decision.choose_by_threshold(countries, self.state, self.index, self.base_values(), shares)
            )
        name = "attractions" if rule == choice.LANDSCAPE else "bloc_values"
        worth = np.asarray(getattr(self, name)())
        if worth.shape != (len(self.inputs.blocs),) or not np.isfinite(worth).all():
            raise InputError(
                f"{self.iso3}: {type(self).__name__}.{name} returned {worth}; it must be a finite number for each of "
                f"{', '.join(self.inputs.blocs)}"
            )
        return int(decision.choose_by_value(countries, self.state, self.index, worth, draw))

    def attractions(self) -> NDArray[np.float64]:
        """Return what the members of each bloc are worth to it under the landscape rule, float64[K], logits."""
        network, members = self.inputs.network, self.state.membership
        pulls = [values.landscape_pull(network, members, k, self.index) for k in self._ks]
        return np.array(pulls, np.float64) * float(self.state.params[LANDSCAPE_SCALE])

    def close_quarter(self) -> None:
        """Install the chips and use the aid that this quarter's membership brings."""
        delivery.close_quarter(self.inputs.countries, self.state, self.index)

    @property
    def _ks(self) -> range:
        return range(len(self.inputs.blocs))


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
        """Make the leader of the bloc at a position of the arrays."""
        super().__init__(model)
        self.inputs = inputs
        self.state = state
        self.k = k
        self.bloc = inputs.blocs[k]
        self.mode = "responsive" if inputs.leaders[k] == leaders.RESPONSIVE else "scheduled"
        self.planned = np.zeros(len(inputs.iso3))

    def __repr__(self) -> str:
        """Say what it leads, and how."""
        return f"<{type(self).__name__} of {self.bloc} ({self.iso3 or 'no country'}): {self.mode}, {len(self.members)} members>"

    @property
    def iso3(self) -> str:
        """Code of the country that leads the bloc; "" if none does."""
        found = np.flatnonzero(self.inputs.countries.leads[self.k])
        return self.inputs.iso3[found[0]] if len(found) else ""

    def scores(self) -> NDArray[np.float64]:
        """Return what US$ 1 bn a year more buys in each country: probability of membership x interest, float64[N]."""
        out = np.zeros(len(self.inputs.iso3))
        leadership.weigh_all(self.inputs.countries, self.state)
        leadership.dollar_scores(self.inputs.countries, self.state, self.k, out)
        return out

    def plan(self) -> None:
        """Earmark the reserve for the year ahead into :attr:`planned`; what is spent depends on who joins."""
        countries, state = self.inputs.countries, self.state
        if self.mode == "responsive":
            leadership.plan_by_response(countries, state, self.k, self.scores(), self.planned)
        else:
            leadership.plan_by_rule(countries, state, self.k, self.planned)

    def announce(self) -> None:
        """Make the plan known to all countries.

        Raises
        ------
        InputError
            If :meth:`plan` left anything but an amount of at least 0 for each country.
        """
        planned = np.asarray(self.planned)
        if planned.shape != (len(self.inputs.iso3),) or not (np.isfinite(planned) & (planned >= 0)).all():
            raise InputError(
                f"{type(self).__name__}.plan of {self.bloc}: planned must hold US$ bn a year, at least 0, for each of "
                f"{len(self.inputs.iso3)} countries"
            )
        leadership.announce(self.state, self.k, self.planned)

    @property
    def members(self) -> list[str]:
        """Codes of the countries that belong to the bloc now."""
        held = self.state.membership >> self.k & 1
        return [self.inputs.iso3[i] for i in np.flatnonzero(held)]
