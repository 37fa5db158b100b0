"""Option builders for the charts of the page (Apache ECharts): numbers in, plain dictionaries out.

Every chart has a title, units on its axes, no animation, and the colours of `sim.figures.palette` for a light
or dark background. Numbers are rounded here, because a tooltip can only show what it is sent.
"""

from sim.dashboard.charts.frame import Option
from sim.dashboard.charts.relations import Edge, Node, flows_option, network_option
from sim.dashboard.charts.surface import Axis, surface_option
from sim.dashboard.charts.time import BandLine, areas_option, bands_option

__all__ = [
    "Axis",
    "BandLine",
    "Edge",
    "Node",
    "Option",
    "areas_option",
    "bands_option",
    "flows_option",
    "network_option",
    "surface_option",
]
