"""The model in Mesa's own page, by the example that the documentation gives to Mesa users."""

import re
from pathlib import Path

from page_steps import FIRST

EXAMPLE = Path(__file__).parents[2] / "docs" / "howto" / "mesa_page.py"


def told(steps):
    """Return how Mesa's page tells the steps done: newer versions by the time, which is the same here."""
    return re.compile(rf"^(Step: {steps}|Time: {steps}\.0)$")


def test_mesas_own_page_steps_and_resets_the_model(serve_page, open_page):
    page = open_page(serve_page(str(EXAMPLE)).url)
    page.set_default_timeout(FIRST)  # what a step needs may have to be compiled
    page.get_by_text(told(0)).wait_for()
    chart = page.get_by_label("Agents in 2026Q4")
    chart.wait_for()
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_text(told(1)).wait_for()
    page.get_by_label("Agents in 2027Q1").wait_for()
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_text(told(0)).wait_for()
    chart.wait_for()
