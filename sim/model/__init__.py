"""One future, agent by agent, in Mesa: the readable reference, and the place to subclass."""

from sim.model.alignment import AlignmentModel
from sim.model.country import Country
from sim.model.leader import BlocLeader
from sim.model.many import simulate_mesa

__all__ = ["AlignmentModel", "BlocLeader", "Country", "simulate_mesa"]
