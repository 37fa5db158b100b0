"""The front of the page in a real browser: levers of both sides, what their range does, what came of a move, and no jumps."""

import re

from page_steps import at_rest, bar, changed, lever, open_tab, shows, soon, version
from playwright.sync_api import expect

TOPS = """() => ['.page-columns', '.ab-world', '.page-tabs'].map(name => {
    const box = document.querySelector(name).getBoundingClientRect();
    return Math.round(box.top + window.scrollY);
})"""


def tops_of(page):
    return page.evaluate(TOPS)


def box_of(page, name):
    return page.locator(".ab-lever", has=lever(page, name))


def told(page, words, *more):
    """Wait until the sentence that is spoken holds words, and what stands there more, patterns."""
    expect(page.locator(".page-spoken")).to_contain_text(words)
    for pattern in more:
        expect(page.locator(".page-came")).to_contain_text(re.compile(pattern), use_inner_text=True)


def test_a_move_is_told_in_a_sentence_and_spoken_and_nothing_jumps(visit):
    page = visit("runs=100")
    expect(page.locator(".page-came")).to_contain_text("Move a lever")
    at_rest(page, 1000)  # all of the first result is there
    tops = tops_of(page)
    before, shares = version(page), bar(page)
    lever(page, "training.us").press("End")
    changed(page, before, "blocs.us.capacity_programme=1")
    soon(page, lambda: bar(page) != shares, True)
    told(
        page,
        "US-led: Training 12 → 100 %",
        r"the US-led bloc gains about \d+ states by the end of 2036 \(\+\d\.\d points; nine futures in ten: ",
        r"Most often .+ \(\d+ % of futures\).+ elsewhere; what tips them most is closing the divide\.",
    )
    assert tops_of(page) == tops
    before = version(page)
    lever(page, "finance.china").press("End")
    changed(page, before)
    told(page, "Each alone, for the US-led bloc: China-led: Finance")
    assert tops_of(page) == tops
    open_tab(page, "Actions and outcomes")
    page.get_by_role("button", name="Take back: US-led: Training").click()
    page.wait_for_function(
        "!document.querySelector('.ab-map').dataset.version.includes('capacity_programme')"
    )


def test_a_lever_shows_its_range_is_typed_at_switched_and_says_why_it_does_nothing(visit):
    page = visit("runs=50")
    what_its_range_does_stands_behind_the_slider(page)
    a_typed_value_is_taken_or_refused_with_what_is_allowed(page)
    a_signing_round_is_switched_on_and_off(page)
    a_move_without_effect_says_why(page)


def a_move_without_effect_says_why(page):
    before = version(page)
    lever(page, "partners-only.china").press("End")
    changed(page, before)
    told(page, "no visible change", "because chips of the China-led bloc would meet")


def what_its_range_does_stands_behind_the_slider(page):
    effect = box_of(page, "partners-only.us").locator(".ab-lever-effect")
    expect(effect).to_have_text(re.compile(r"^US-led −\d\.\d to \+\d\.\d pp; prior only$"))
    expect(effect).to_have_attribute("title", re.compile("nine futures in ten"))
    drawn = box_of(page, "partners-only.us").locator(".ab-lever-bar")
    soon(page, lambda: drawn.evaluate("node => parseFloat(node.style.width)"), lambda wide: 0 < wide <= 100)


def a_typed_value_is_taken_or_refused_with_what_is_allowed(page):
    box = box_of(page, "finance.china")
    field = box.get_by_role("spinbutton")
    before = version(page)
    for wrong in ("900", "abc", "-3"):
        field.fill(wrong)
        field.press("Enter")
        box.get_by_text(f"“{wrong}” was not taken: 0 to 500 US$ bn a year are allowed.").wait_for()
        expect(field).to_have_value("87")
    assert version(page) == before
    field.fill("350.5")
    field.press("Enter")
    changed(page, before, "blocs.china.aid_budget=350.5")
    expect(box).to_contain_text("× 4")
    field.fill("")
    field.press("Enter")
    shows(page, before)
    expect(field).to_have_value("87")
    expect(box).to_contain_text("as announced")


def test_levers_are_stopped_at_helped_with_and_found_and_the_bar_follows_the_record(visit):
    page = visit("runs=50")
    a_lever_has_two_stops_of_the_keyboard_and_its_help_opens_from_either(page)
    the_bar_follows_the_record_before_the_futures(page)
    parameters_are_found_by_a_word(page)


def a_lever_has_two_stops_of_the_keyboard_and_its_help_opens_from_either(page):
    levers = page.locator(".page-left .ab-lever")
    expect(page.locator(".page-left input[type=range]")).to_have_count(8)
    expect(page.locator(".page-left input[type=checkbox]")).to_have_count(1)
    stops = page.locator(".page-left :is(input, button, summary, a, [tabindex]):not([tabindex='-1'])")
    counted = stops.evaluate_all("nodes => nodes.filter(node => node.checkVisibility()).length")
    expect(levers).to_have_count(9)
    assert counted <= 2 * 9
    lever(page, "finance.us").press("?")
    help_text = box_of(page, "finance.us").get_by_text("Official development finance of the leader")
    help_text.wait_for()
    lever(page, "finance.us").press("?")
    help_text.wait_for(state="hidden")


def a_signing_round_is_switched_on_and_off(page):
    before = version(page)
    lever(page, "signing-round.china").check()
    changed(page, before, "blocs.china.opening")
    told(page, "China-led: Signing round in year two: the China-led bloc gains")
    expect(box_of(page, "signing-round.china")).to_contain_text("for one quarter")
    lever(page, "signing-round.china").uncheck()
    shows(page, before)


def parameters_are_found_by_a_word(page):
    page.get_by_role("button", name="All parameters").click()
    field = page.get_by_label("Search: a word")
    field.fill("GPU tier 3")
    lever(page, "blocs.china.access.tier3").wait_for()
    field.fill("zebra")
    page.get_by_text("No parameter has the words “zebra”.").wait_for()


def test_on_paper_stand_the_bar_the_sentence_and_the_outcomes_alone(visit, shots):
    page = visit("runs=50&set.blocs.us.capacity_programme=1")
    told(page, "US-led: Training")
    page.emulate_media(media="print")
    for name, seen in {
        ".ab-partition": True,
        ".page-came": True,
        ".page-outcomes": True,
        ".ab-world": False,
        ".ab-lever": False,
    }.items():
        expect(page.locator(name).first).to_be_visible(visible=seen)
    page.screenshot(path=shots / "paper.png")
    page.emulate_media(media="screen")


def the_bar_follows_the_record_before_the_futures(page):
    shares = bar(page)
    slider = page.get_by_role("slider", name="Quarter", exact=True)
    slider.press("Home")
    page.locator(".ab-partition").get_by_text("End of March 2013").wait_for()
    expect(page.locator(".ab-partition")).to_contain_text("as it was")
    soon(page, lambda: bar(page) != shares, True)
    parts = page.locator(".ab-strip").first.locator("i")
    width = "nodes => nodes.reduce((sum, node) => sum + parseFloat(node.style.width), 0)"
    soon(page, lambda: parts.evaluate_all(width), 100)
    slider.press("End")
    page.locator(".ab-partition").get_by_text("End of 2036").wait_for()
    soon(page, lambda: bar(page), shares)
