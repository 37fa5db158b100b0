"""The real page in a real browser, cut off from the internet: levers, map, scrubber, country, comparison."""

import re

import pytest
from page_steps import (
    FIRST,
    bar,
    changed,
    choose,
    lever,
    open_all,
    open_group,
    pick,
    picture,
    shows,
    soon,
    version,
    whole,
)
from playwright.sync_api import expect

from sim.dashboard.page.controls import GROUPS
from sim.labels.letters import plain_letters
from sim.scenario.stories import stories

# One lever of each group that moves much, and the key that moves it.
LEVERS = {
    "Chip access": ("blocs.china.chip_supply", "PageUp"),
    "Aid": ("blocs.china.aid_budget", "End"),
    "Digital divide": ("blocs.china.capacity_programme", "End"),
    "Institutions & exclusivity": ("blocs.us.exclusivity", "End"),
    "World & peers": ("peers.trade", "Home"),
    "Behaviour": ("behaviour.attention", "End"),
}

# Which parts of the page are not in the window as a whole.
UNSEEN = """parts => parts.filter(part => {
    const box = document.querySelector(part).getBoundingClientRect();
    return box.top < 0 || box.bottom > window.innerHeight;
})"""


def test_every_group_of_levers_moves_map_and_numbers_and_one_over_the_timeline_says_so(visit):
    assert set(LEVERS) == set(GROUPS)
    page = visit()
    every_group_moves_map_and_numbers(page)
    a_lever_over_the_timeline_says_so_and_can_be_reset(page)


def every_group_moves_map_and_numbers(page):
    for group, (name, key) in LEVERS.items():
        open_group(page, group)
        before, drawn, numbers = version(page), picture(page), bar(page)
        lever(page, name).press(key)
        changed(page, before, name)
        assert picture(page) != drawn, group
        soon(page, lambda numbers=numbers: bar(page) != numbers, True)
        expect(page.locator(".ab-partition")).to_contain_text("change against the baseline")
        page.get_by_role("button", name="Undo", exact=True).click()
        shows(page, before)
        assert picture(page) == drawn, group
        soon(page, lambda: bar(page), numbers)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def a_lever_over_the_timeline_says_so_and_can_be_reset(page):
    open_group(page, "Institutions & exclusivity")
    box = page.locator(".ab-lever", has=lever(page, "blocs.china.in_force"))
    expect(box).to_contain_text("The timeline changes it: after 2026-10-01 (waico-in-force)")
    before = version(page)
    box.get_by_role("spinbutton").fill("35")
    box.get_by_role("spinbutton").press("Enter")
    changed(page, before, "blocs.china.in_force=0.35")
    expect(box).to_contain_text("Held throughout, in place of the timeline")
    box.get_by_text("?", exact=True).click()
    expect(box).to_contain_text("In a file: blocs.china.in_force")
    box.get_by_role("button", name="Reset").click()
    shows(page, before)
    page.locator("body").press("Control+z")
    changed(page, before)


def test_scenario_rule_and_number_of_futures_can_be_chosen(visit):
    page = visit("runs=50")
    open_all(page)
    assert choose(page, "Futures", "100").endswith("|100|1")
    assert choose(page, "Story", stories()["eu-third-pole"].question).startswith("eu-third-pole|")
    expect(page.locator(".ab-parts li")).to_have_count(8)
    expect(page.get_by_role("heading", name="EU-led does")).to_have_count(1)
    assert choose(page, "Story", stories()["waico-surge"].question).startswith("waico-surge|")
    expect(page.locator(".ab-partition")).to_contain_text("change against the baseline")
    page.evaluate(
        "window.heads = [...document.querySelectorAll('.page-group')].map(node => [node, node.innerText])"
    )
    open_group(
        page, "Behaviour"
    )  # which makes no head another group's, not for a moment: focus would go astray
    assert page.evaluate("window.heads.every(([node, text]) => node.isConnected && node.innerText === text)")
    assert "|best_response|" in choose(page, "Decision rule", "best response")


def test_scrubbing_and_playing_move_map_and_cards(visit):
    page = visit("quarter=2027Q1")
    drawn, numbers = picture(page), bar(page)
    slider = page.get_by_role("slider", name="Quarter", exact=True)
    slider.press("End")
    quarter = page.locator(".ab-quarter")
    expect(quarter).to_have_text("2036Q4")
    assert picture(page) != drawn
    soon(page, lambda: bar(page) != numbers, True)
    page.get_by_role("button", name="Play").click()
    expect(quarter).to_have_text(re.compile("^202[678]"))
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    stopped = quarter.inner_text()
    page.wait_for_timeout(1000)
    assert stopped < "2036"
    expect(quarter).to_have_text(stopped)


def test_a_click_on_a_country_explains_it(visit, shots):
    page = visit("runs=100&set.blocs.china.aid_budget=12")
    page.locator(".ab-land[data-iso=BRA]").click()
    brief = page.locator(".page-came")
    brief.get_by_text("Brazil is most often").wait_for(timeout=FIRST)  # beside the bar, the map in sight
    seen = [".page-came", ".ab-world", "input[data-lever='finance.china']"]
    soon(page, lambda: page.evaluate(UNSEEN, seen), [])
    page.get_by_role("heading", name="Brazil: why it stands where it stands").wait_for(timeout=FIRST)
    expect(brief.get_by_text("What speaks most for it")).to_have_count(2)
    page.get_by_role("button", name="What came of it").click()
    brief.get_by_text("China-led: Finance").wait_for(timeout=FIRST)
    page.get_by_role("button", name="All reasons").wait_for(state="hidden")
    page.get_by_role("button", name="Why Brazil").click()
    page.get_by_role("button", name="All reasons").click()
    page.wait_for_function("document.querySelector('.page-inspector').getBoundingClientRect().top < 5")
    values = page.locator(".ab-bars .ab-bar:not(.ab-cost) .ab-value")
    texts = soon(page, values.all_text_contents, lambda found: len(found) > 6)
    numbers = [float(text.replace("−", "-")) for text in texts]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.08)
    panel = page.locator(".page-inspector")
    for word in (
        "Peers that count most",
        "Data behind the terms",
        "On offer in",
        "ideal point",
        "Gross domestic product",
    ):
        expect(panel).to_contain_text(word, ignore_case=True)
    panel.get_by_role("button", name="China-led", exact=True).click()
    page.get_by_role("heading", name="What the China-led bloc is worth to Brazil").wait_for()
    whole(page, shots / "country.png")
    panel.get_by_role("button", name="Search").click()
    page.get_by_text("Smallest single changes that tip it").wait_for(timeout=FIRST)
    panel.locator("tr", has_text=re.compile("^(Into|Out of) China-led: ")).first.wait_for()
    page.locator(".ab-land[data-iso=USA]").press("Enter")
    page.get_by_text("It leads the US-led bloc and does not choose").wait_for()


def test_a_comparison_names_who_flips_and_why(visit):
    page = visit("tab=compare&runs=100")
    page.get_by_text("Nothing to compare yet").wait_for()
    pick(page, "Compared with", "pin what is shown now")
    open_group(page, "Aid")
    before = version(page)
    lever(page, "blocs.china.aid_budget").press("End")
    changed(page, before)
    table = page.locator(".page-panel table")
    table.locator("tbody tr").first.wait_for(timeout=FIRST)  # the pinned future itself was compared first
    expect(table).to_contain_text("grants for members +")
    page.locator(".ab-differs").first.wait_for(state="attached")
    names = table.locator("tbody th")
    by_change = soon(page, names.all_inner_texts, lambda found: len(found) > 5)
    first = table.locator("tbody tr").first.get_attribute("data-iso")
    table.get_by_role("button", name="Country").click()
    table.locator("th[aria-sort=ascending]").wait_for()
    by_name = names.all_inner_texts()
    assert by_name == sorted(by_name, key=lambda name: plain_letters(name).casefold())
    assert sorted(by_name) == sorted(by_change)
    table.locator(f"tr[data-iso={first}] .ab-pick").click()
    page.wait_for_function(
        "iso => document.querySelector('.ab-marks .ab-selected') && document.querySelector("
        "`.ab-world [data-iso=${iso}][aria-selected=true]`)",
        arg=first,
    )


def test_a_country_is_found_the_map_shows_what_a_change_causes_and_shares_are_weighed(visit):
    page = visit("runs=50")
    a_country_can_be_chosen_without_the_map(page)
    the_map_shows_what_a_change_causes(page)
    shares_are_shown_by_states_gdp_population_and_compute(page)


def a_country_can_be_chosen_without_the_map(page):
    field = page.get_by_label("Find a country")
    field.fill("alban")
    page.locator(".menuable__content__active .v-list-item", has_text="Albania").wait_for()
    field.press("Enter")
    page.get_by_role("heading", name="Albania: why it stands where it stands").wait_for(timeout=FIRST)


def the_map_shows_what_a_change_causes(page):
    change = page.get_by_role("button", name="Change", exact=True)
    expect(change).to_be_disabled()
    open_group(page, "Aid")
    before = version(page)
    lever(page, "blocs.china.aid_budget").press("End")
    changed(page, before)
    held = picture(page)
    change.click()
    page.wait_for_function("document.querySelector('.ab-map').dataset.tint === 'change'")
    assert picture(page) != held
    expect(page.locator(".ab-parts li[data-state=china]")).to_contain_text(re.compile(r"\+\d"))
    niger = page.locator(".ab-land[data-iso=NER]")
    expect(niger).to_have_attribute("aria-label", re.compile(r"^Niger: China-led only, \+"))
    page.get_by_role("button", name="Memberships", exact=True).click()
    page.wait_for_function("document.querySelector('.ab-map').dataset.tint === 'state'")
    assert picture(page) == held


def shares_are_shown_by_states_gdp_population_and_compute(page):
    cards = page.locator(".ab-partition")
    total, seen = (
        "nodes => nodes.reduce((sum, node) => sum + parseInt(node.innerText), 0)",
        {cards.inner_text()},
    )
    for weight, words in (
        ("GDP", "world GDP"),
        ("Population", "world population"),
        ("AI compute", "world AI compute"),
    ):
        page.get_by_role("button", name=weight, exact=True).click()
        cards.get_by_text(f"% of {words}").first.wait_for()
        soon(page, lambda: cards.locator(".ab-parts b").evaluate_all(total), 100)
        seen.add(cards.inner_text())
    assert len(seen) == 4
