"""From trajectories to measures: shares, switches, concentration, gaps, majorities."""

from sim.outcomes.bands import Band, band
from sim.outcomes.passage import NEVER, Passage
from sim.outcomes.summary import Summary
from sim.outcomes.switches import Move, SwingState, likely_moves, swing_states
from sim.outcomes.tally import Tally, summarize

__all__ = [
    "NEVER",
    "Band",
    "Move",
    "Passage",
    "Summary",
    "SwingState",
    "Tally",
    "band",
    "likely_moves",
    "summarize",
    "swing_states",
]
