"""Reality, words and reasons on the page, as a user meets them."""

import re

from page_steps import FIRST, changed, shows, version
from playwright.sync_api import expect


def scrub(page, quarter):
    """Move the scrubber of the map to a quarter, negative in the record."""
    page.locator(".ab-scrubber input[type=range]").evaluate(
        """(node, value) => { node.value = value;
        for (const kind of ['input', 'change']) node.dispatchEvent(new Event(kind, { bubbles: true })); }""",
        quarter,
    )


def test_a_word_is_explained_and_the_scrubber_goes_back_to_2013(visit, shots):
    page = visit("runs=50")
    a_word_of_the_glossary_is_explained_to_pointer_and_keyboard(page)
    bar_and_map_go_back_to_2013(page)
    page.screenshot(path=shots / "record.png")


def bar_and_map_go_back_to_2013(page):
    slider = page.locator(".ab-scrubber input[type=range]")
    first = int(slider.get_attribute("min"))
    assert first < -40
    scrub(page, first)
    page.wait_for_selector(f".ab-map[data-quarter='{first}']")
    expect(slider).to_have_attribute("aria-valuetext", "2013Q1, as it was")
    bar = page.locator(".ab-partition")
    bar.get_by_text("as it was").wait_for()
    expect(bar).to_contain_text("March 2013")
    page.locator(".ab-world [data-iso=IND][data-state=non_aligned]").first.wait_for(state="attached")
    scrub(page, -1)
    page.wait_for_selector(".ab-world [data-iso=FRA][data-state=us]", state="attached")


def test_a_forecast_against_reality_is_a_tint_with_names(visit, shots):
    page = visit("runs=50&tint=reality")
    page.wait_for_selector(".ab-map[data-tint=reality]")
    lists = page.locator(".ab-pick-list")
    lists.locator("option").nth(2).wait_for(state="attached")
    lists.select_option("PAX_SILICA")
    said = page.locator(".ab-verdicts")
    said.get_by_text("Pax Silica (AI supply-chain declaration): ").wait_for()
    brazil = page.locator(".ab-world .ab-land[data-iso=BRA]")
    expect(brazil).to_have_attribute("aria-label", re.compile("stayed out; forecast"))
    brazil.hover()
    page.locator(".ab-tip", has_text="stayed out; forecast").wait_for()
    page.screenshot(path=shots / "against-reality.png")
    page.get_by_role("button", name="Memberships", exact=True).click()
    page.wait_for_selector(".ab-map[data-tint=state]")
    expect(said).to_be_hidden()


def a_word_of_the_glossary_is_explained_to_pointer_and_keyboard(page):
    word = page.locator(".ab-tint-note .ab-term").first
    tip = page.locator("#ab-gloss")
    word.focus()
    tip.wait_for()
    expect(word).to_have_attribute("aria-describedby", "ab-gloss")
    expect(tip.locator("strong")).not_to_be_empty()
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    page.mouse.move(0, 0)
    word.hover()
    tip.wait_for()
    tip.hover()  # the pointer may move onto it
    page.wait_for_timeout(400)
    expect(tip).to_be_visible()


def test_a_country_is_explained_in_words_and_a_tipping_change_applied_and_undone(visit, shots):
    page = visit("runs=50&selected=KEN&quarter=2029Q4")
    panel = page.locator(".page-inspector")
    panel.get_by_text("At the end of 2029 Kenya is most often").wait_for(timeout=FIRST)
    panel.locator("p", has_text="membership is worth").wait_for()
    expect(panel.locator(".ab-cost")).to_have_count(2)
    panel.get_by_role("button", name="Search (some seconds)").click()
    panel.locator(".ab-act").first.wait_for(timeout=FIRST)
    page.screenshot(path=shots / "why.png")
    before = version(page)
    panel.locator(".ab-act").first.click()
    changed(page, before)
    page.get_by_role("button", name="Undo").click()
    shows(page, before)
