"""A chart of the page: that of the framework, which begins to draw only while its tab is open, and ends with it."""

from __future__ import annotations

from solara.components.echarts import EchartsWidget


class Drawing(EchartsWidget):
    """A chart from an ECharts option.

    Attributes
    ----------
    option : what is drawn
    attributes : of its element, as ``style`` and ``aria-label``
    on_click : takes what was clicked ("name", "value", ...), or None
    """

    template_file = (__file__, "drawing.vue")
