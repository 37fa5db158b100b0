"""What stands under every map of the page: that it takes no position on borders, in the language of the reader."""

from sim.dashboard.widgets import WorldMap
from sim.words import speaking


def test_every_map_says_that_it_takes_no_position_in_the_readers_language():
    assert "no position" in WorldMap().note
    with speaking("fr"):
        assert "position" in WorldMap().note
        assert "Boundaries" not in WorldMap().note
