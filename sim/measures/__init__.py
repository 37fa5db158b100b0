"""From trajectories to measures: shares, switches, concentration, gaps, majorities."""

from sim.measures.bands import NEVER, Band, Passage, band
from sim.measures.summary import Summary
from sim.measures.switches import Move, SwingState, likely_moves, swing_states
from sim.measures.tally import Tally, summarize

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
