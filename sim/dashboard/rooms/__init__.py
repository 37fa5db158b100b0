"""Views of a room: facilitator, teams, states, reveal and debrief; the rules of the game are in `sim.rooms`."""
