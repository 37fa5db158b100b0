"""One future, agent by agent, in Mesa: the readable reference, and the place to subclass."""

from sim.mesa_model.agents import BlocLeader, Country
from sim.mesa_model.alignment import AlignmentModel
from sim.mesa_model.many import simulate_mesa

__all__ = ["AlignmentModel", "BlocLeader", "Country", "simulate_mesa"]
