"""The front of the page in a real browser: levers of both sides, what their range does, what came of a move, and no jumps."""

import re

from page_steps import FIRST, bar, changed, lever, open_tab, version

TOPS = """() => ['.page-columns', '.ab-world', '.page-tabs'].map(name => {
    const box = document.querySelector(name).getBoundingClientRect();
    return Math.round(box.top + window.scrollY);
})"""


def box_of(page, name):
    return page.locator(".ab-lever", has=lever(page, name))


def told(page, words):
    """Wait until the sentence holds words and is spoken as a whole, and return it."""
    page.wait_for_function(
        "words => document.querySelector('.page-spoken').textContent.includes(words)",
        arg=words,
        timeout=FIRST,
    )
    return page.locator(".page-came").inner_text()


def test_a_move_is_told_in_a_sentence_and_spoken_and_nothing_jumps(visit):
    page = visit("runs=100")
    assert "Move a lever" in page.locator(".page-came").inner_text()
    tops = page.evaluate(TOPS)
    before, shares = version(page), bar(page)
    lever(page, "training.us").press("End")
    assert "blocs.us.capacity_programme=1" in changed(page, before)
    assert bar(page) != shares
    said = told(page, "US-led: Training 12 → 100 %")
    assert re.search(
        r"the US-led bloc gains about \d+ states by the end of 2036 \(\+\d\.\d points; nine futures in ten: ",
        said,
    )
    assert re.search(
        r"Most often .+ \(\d+ % of futures\).+ elsewhere; what tips them most is closing the divide\.", said
    )
    assert page.evaluate(TOPS) == tops
    before = version(page)
    lever(page, "finance.china").press("End")
    changed(page, before)
    said = told(page, "Each alone, for the US-led bloc: China-led: Finance")
    assert page.evaluate(TOPS) == tops
    open_tab(page, "Actions and outcomes")
    page.get_by_role("button", name="Take back: US-led: Training").click()
    page.wait_for_function(
        "!document.querySelector('.ab-map').dataset.version.includes('capacity_programme')"
    )


def test_a_move_without_effect_says_why(visit):
    page = visit("runs=50")
    before = version(page)
    lever(page, "partners-only.china").press("End")
    changed(page, before)
    said = told(page, "no visible change")
    assert "because chips of the China-led bloc would meet" in said


def test_what_the_range_of_a_lever_does_stands_behind_its_slider(visit):
    page = visit("runs=50")
    effect = box_of(page, "partners-only.us").locator(".ab-lever-effect")
    page.wait_for_function(
        "() => document.querySelector(\"[data-lever='partners-only.us']\").closest('.ab-lever').querySelector('.ab-lever-effect').textContent",
        timeout=FIRST,
    )
    assert re.fullmatch(r"US-led −\d\.\d to \+\d\.\d pp; prior only", effect.inner_text())
    assert "nine futures in ten" in effect.get_attribute("title")
    width = (
        box_of(page, "partners-only.us")
        .locator(".ab-lever-bar")
        .evaluate("node => parseFloat(node.style.width)")
    )
    assert 0 < width <= 100


def test_a_typed_value_is_taken_or_refused_with_what_is_allowed(visit):
    page = visit("runs=50")
    box = box_of(page, "finance.china")
    field = box.get_by_role("spinbutton")
    before = version(page)
    for wrong in ("900", "abc", "-3"):
        field.fill(wrong)
        field.press("Enter")
        box.get_by_text(f"“{wrong}” was not taken: 0 to 500 US$ bn a year are allowed.").wait_for()
        assert field.input_value() == "87"
    assert version(page) == before
    field.fill("350.5")
    field.press("Enter")
    assert "blocs.china.aid_budget=350.5" in changed(page, before)
    assert "× 4" in box.inner_text()
    field.fill("")
    field.press("Enter")
    page.wait_for_function("old => document.querySelector('.ab-map').dataset.version === old", arg=before)
    assert field.input_value() == "87"
    assert "as announced" in box.inner_text()


def test_a_lever_has_two_stops_of_the_keyboard_and_its_help_opens_from_either(visit):
    page = visit("runs=50")
    levers = page.locator(".page-left .ab-lever")
    sliders = page.locator(".page-left input[type=range]").count()
    switches = page.locator(".page-left input[type=checkbox]").count()
    stops = page.locator(
        ".page-left :is(input, button, summary, a, [tabindex]):not([tabindex='-1'])"
    ).evaluate_all("nodes => nodes.filter(node => node.checkVisibility()).length")
    assert (sliders, switches) == (8, 1)
    assert stops <= 2 * levers.count()
    lever(page, "finance.us").press("?")
    help_text = box_of(page, "finance.us").get_by_text("Official development finance of the leader")
    help_text.wait_for()
    lever(page, "finance.us").press("?")
    help_text.wait_for(state="hidden")


def test_a_signing_round_is_switched_on_and_off(visit):
    page = visit("runs=50")
    before = version(page)
    lever(page, "signing-round.china").check()
    assert "blocs.china.opening" in changed(page, before)
    told(page, "China-led: Signing round in year two: the China-led bloc gains")
    assert "for one quarter" in box_of(page, "signing-round.china").inner_text()
    lever(page, "signing-round.china").uncheck()
    page.wait_for_function("old => document.querySelector('.ab-map').dataset.version === old", arg=before)


def test_parameters_are_found_by_a_word(visit):
    page = visit("runs=50")
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
        assert page.locator(name).first.is_visible() == seen, name
    page.screenshot(path=shots / "paper.png")
    page.emulate_media(media="screen")


def test_the_bar_follows_the_record_before_the_futures(visit):
    page = visit("runs=50")
    shares = bar(page)
    slider = page.get_by_role("slider", name="Quarter", exact=True)
    slider.press("Home")
    page.locator(".ab-partition").get_by_text("End of March 2013").wait_for()
    assert "as it was" in page.locator(".ab-partition").inner_text()
    assert bar(page) != shares
    widths = (
        page.locator(".ab-strip")
        .first.locator("i")
        .evaluate_all("nodes => nodes.map(n => parseFloat(n.style.width))")
    )
    assert sum(widths) == 100
    slider.press("End")
    page.locator(".ab-partition").get_by_text("End of 2036").wait_for()
    assert bar(page) == shares
