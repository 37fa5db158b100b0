"""Every tab of the page, in light and dark, on a desk and on a phone."""

import csv
import re
from pathlib import Path

import pytest
from page_steps import (
    APP,
    FIRST,
    at_rest,
    changed,
    fits,
    open_tab,
    picture,
    shows,
    soon,
    tick,
    version,
    whole,
)
from playwright.sync_api import expect

import sim


def test_a_surface_of_two_levers_grows_and_can_be_stopped(visit, shots):
    page = visit("tab=sweep&runs=50")
    page.get_by_role("button", name="Compute the surface").click()
    page.get_by_text(re.compile(r"^[1-9]\d* of 49 cells")).wait_for(timeout=FIRST)
    page.get_by_text("49 of 49 cells").wait_for(timeout=FIRST)
    page.locator(".page-panel").screenshot(path=shots / "surface.png")
    page.get_by_role("button", name="Compute the surface").click()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("!document.querySelector('.page-panel .v-progress-linear')")


def test_a_finished_sweep_is_opened_and_told_in_words(serve_page, visit, shots):
    sim.sweep(
        {"name": "two-levers", "base": "baseline",
         "levers": {"blocs.china.aid_budget": {"range": [0, 15]},
                    "blocs.us.exclusivity": {"range": [0, 0.3]}},
         "design": {"method": "latin_hypercube", "size": 24, "replicates": 4, "seed": 3}},
        out=serve_page(APP).home / "results" / "two-levers",
    )  # fmt: skip
    page = visit("tab=sweep&runs=50")
    panel = page.locator(".page-panel")
    panel.locator(".v-select", has_text="Results folder").click()
    page.locator(".menuable__content__active .v-list-item", has_text="two-levers").click()
    panel.get_by_label("Factor across").wait_for()
    panel.locator("[aria-label*='two-levers: Share of']").first.wait_for(timeout=FIRST)
    expect(panel).to_contain_text("China-led: Aid budget")
    at_rest(page)
    panel.screenshot(path=shots / "finished-sweep.png")


# Counts how many there ever are of each part of the page at once.
COUNT_PARTS = """window.most = {};
    new MutationObserver(() => ['.ab-map', '.ab-partition', '.page-inspector', '.page-tabs'].forEach((part) => {
        window.most[part] = Math.max(window.most[part] ?? 0, document.querySelectorAll(part).length);
    })).observe(document, { childList: true, subtree: true })"""


def opacities(page):
    return [float(line.rsplit(",", 1)[1] or 1) for line in picture(page)]


def test_agents_step_quarter_by_quarter_and_start_again(visit):
    page = visit("tab=agents&runs=50&selected=KEN")
    now = page.locator(".page-quarter")
    expect(now).to_contain_text(re.compile("^2026Q4"))
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_text("2027Q1: the ensemble's run").wait_for()
    page.get_by_role("button", name="A year", exact=True).click()
    page.get_by_text("2028Q1: the ensemble's run").wait_for()
    panel = page.locator(".page-panel")
    for words in (re.compile(r"202[78]Q\d [^:]+: .+ → "), "Neighbours", "Value of belonging"):
        expect(panel).to_contain_text(words, use_inner_text=True)
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_text("2026Q4: the ensemble's run").wait_for()
    panel.get_by_text("map and the bar above go along").wait_for()
    everyone = version(page)
    page.get_by_role("button", name="Play", exact=True).last.click()
    page.get_by_text(re.compile(r"^202[78]Q\d: the ensemble's run")).wait_for()
    alone = changed(page, everyone)
    page.wait_for_function("document.querySelector('.ab-quarter').textContent.startsWith('202')")
    panel.get_by_role("button", name="Pause").click()
    panel.get_by_role("button", name="Play").wait_for()
    soon(page, lambda: min(opacities(page)), 1)  # nothing is in doubt in one future
    expect(page.locator(".ab-partition")).to_contain_text("one future: number")
    panel.get_by_role("button", name="Back to all 50 futures").click()
    assert changed(page, alone) == everyone
    soon(page, lambda: min(opacities(page)), lambda least: least < 1)


def test_dated_changes_are_added_changed_and_entries_left_out(visit):
    page = visit("tab=timeline&runs=50")
    panel, form = page.locator(".page-panel"), page.locator(".page-dialog")
    panel.get_by_role("button", name="Add for US-led").click()
    form.get_by_label("Value").fill("7")
    form.get_by_label("Begins").fill("2040-01-01")
    form.get_by_role("button", name="Save").click()
    form.get_by_text("Not saved: 2040-01-01 is outside the scenario").wait_for()
    form.get_by_label("Begins").fill("2028-07-01")
    form.get_by_label("Value").fill("-4")
    form.get_by_role("button", name="Save").click()
    form.get_by_text("Not saved: US-led: Aid budget: -4 is outside 0 US$ bn a year to").wait_for()
    form.get_by_label("Value").fill("60")
    form.get_by_label("In full after").fill("4")
    form.get_by_label("Ends").fill("2031-01-01")
    before = version(page)
    form.get_by_role("button", name="Save").click()
    changed(page, before, "date=2028-07-01~set=blocs.us.aid_budget=60~over=4~until=2031-01-01")
    panel.get_by_text("2028-07-01, US-led: US-led: Aid budget = 60 US$ bn a year (yours)").wait_for()
    form.wait_for(state="hidden")
    before = version(page)
    entry = panel.locator(".page-entry", has_text="5,000 training places")
    tick(entry, "2026-07-17")
    changed(page, before, "waico-programme")
    before = version(page)
    panel.get_by_role("button", name="Remove 2028-07-01").click()
    assert "2028-07-01" not in changed(page, before)


def test_an_event_dragged_on_the_map_is_one_step_to_undo_and_goes_into_the_link(visit, url):
    page = visit("runs=50&tab=export")
    before = version(page)
    letter = page.locator("[data-key='entry:us-exclusivity-letter']")
    letter.scroll_into_view_if_needed()
    box = letter.bounding_box()
    x, y = box["x"] + 12, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y, steps=8)
    page.mouse.up()
    moved = changed(page, before, "entry=us-exclusivity-letter~chance=0.5")
    link = page.get_by_role("textbox", name="Link to this view")
    expect(link).to_have_value(re.compile("us-exclusivity-letter"))  # in its own time, as the map
    other = visit(link.input_value().split("?")[1])
    shows(other, moved)
    there = other.locator("[data-key='entry:us-exclusivity-letter']")
    expect(there).to_have_attribute("data-date", re.compile(r"^20(2[89]|3)"))
    page.locator("body").press("Control+z")
    shows(page, before)


def test_an_event_is_opened_from_its_lane_and_for_one_region(visit):
    page = visit("runs=50")
    form = page.locator(".page-dialog")
    opener = page.locator("[data-key='entry:ascend-cloud-abroad']")
    opener.click()
    form.locator("h2:focus").wait_for()
    page.keyboard.press("Escape")
    form.wait_for(state="hidden")
    expect(opener).to_be_focused()
    page.get_by_role("button", name="Add an event: China-led").click()
    what = form.get_by_label("What")
    what.fill("Some countries: aid offer, China")
    page.locator(".menuable__content__active .v-list-item", has_text="aid offer, China-led").click()
    form.get_by_label("For whom").fill("Region: Africa")
    page.locator(".menuable__content__active .v-list-item", has_text="Region: Africa").first.click()
    form.get_by_label("Value").fill("900")
    before = version(page)
    form.get_by_role("button", name="Save").click()
    changed(page, before, "countries.region:Africa.aid_offer.china=900")


def test_light_dark_and_phone(visit, shots):
    query = "set.blocs.china.aid_budget=12&selected=KEN&runs=100&tab=positions"
    for name, options in (
        ("page-light", {}),
        ("page-dark", {"dark": True}),
        ("phone-light", {"width": 390, "height": 844}),
        ("phone-dark", {"width": 390, "height": 844, "dark": True}),
    ):
        page = visit(query, **options)
        page.get_by_role("heading", name="Kenya: why it stands where it stands").wait_for(timeout=FIRST)
        at_rest(page)
        width = options.get("width", 1440)
        if not options:
            page.screenshot(path=shots / "page-top.png")
        fits(page, width)
        whole(page, shots / f"{name}.png", width)
        if name == "phone-light":
            page.add_init_script(COUNT_PARTS)
            page.reload()
            page.wait_for_selector(".ab-world [data-state]", state="attached")
            page.locator(".ab-sheet-strip").wait_for()
            most = page.evaluate("window.most")
            assert set(most.values()) == {1}, "no part is there twice while it loads"
        if width == 390:
            expect(page.locator(".ab-lever").first).to_be_hidden()
            page.locator(".ab-sheet-strip").get_by_role("button", name="US-led").click()
            page.locator(".page-sheet .ab-lever").first.wait_for()
            page.screenshot(path=shots / f"{name}-levers.png")


def test_charts_follow_the_theme_that_the_system_has(visit):
    light = """() => {
        const canvas = document.querySelector('.page-outcomes canvas');
        if (!canvas) return 0;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width / 2, 24);
        return data.filter((value, index) => index % 4 === 0 && value > 200 && data[index + 3] > 200).length;
    }"""
    page = visit("runs=50", color_scheme="dark")
    page.wait_for_selector(".v-application.theme--dark")
    page.wait_for_function(f"({light})() > 50")  # the title is written in a light ink
    held = []  # a tab that is left before the library of charts has arrived draws nothing, and fails nothing
    page.route("**/echarts@*/**", lambda route, _: held.append(route))
    page.reload()
    page.locator(".page-panel .page-chart").first.wait_for()
    open_tab(page, "Take away")
    page.get_by_text("Open a scenario of your own").wait_for()
    for route in held:
        route.continue_()
    open_tab(page, "Flows")
    page.locator(".page-panel canvas").first.wait_for()
    assert held


def test_tables_and_charts_are_handed_on_with_their_numbers(visit):
    page = visit("runs=50&tab=table&set.blocs.china.aid_budget=120")
    a_table_is_handed_on_as_it_stands(page)
    open_tab(page, "Actions and outcomes")
    a_chart_is_handed_on_with_its_numbers_and_its_line_follows_the_scrubber(page)
    open_tab(page, "Countries")
    rows_of_a_table_lead_to_the_reasons(page)


def a_chart_is_handed_on_with_its_numbers_and_its_line_follows_the_scrubber(page):
    chart = page.locator(".page-panel .ab-handout").first
    chart.locator("[data-file=CSV]").wait_for()
    for kind, start in (("CSV", b"# Shares over time"), ("PNG", b"\x89PNG"), ("SVG", b"<?xml")):
        with page.expect_download(timeout=FIRST) as caught:
            chart.locator(f"[data-file={kind}]").click()
        content = Path(caught.value.path()).read_bytes()
        assert content.startswith(start)
        chart.get_by_text(f"{kind.lower()} is saved.").wait_for()
        if kind == "CSV":
            assert b"Aid budget 120 US$ bn a year" in content
    chart.get_by_role("button", name="Table: Shares over time").click()
    page.locator(".page-numbers td", has_text="2030Q1").or_(
        page.locator(".page-numbers th", has_text="2030Q1")
    ).first.wait_for()
    mark, frame = (
        page.locator(".page-panel .ab-time-mark").first,
        page.locator(".page-panel .page-chart").first,
    )
    expect(mark).to_have_attribute("data-quarter", "40")
    at_rest(page)
    box, around = mark.bounding_box(), frame.bounding_box()
    assert box["height"] > around["height"] / 2
    assert box["x"] == pytest.approx(around["x"] + around["width"] - 24, abs=2)
    scrubber = page.get_by_role("slider", name="Quarter", exact=True)
    at_once = scrubber.evaluate(  # before the server knows
        """node => {
            node.value = 12;
            node.dispatchEvent(new Event('input'));
            return document.querySelector('.page-panel .ab-time-mark').dataset.quarter;
        }"""
    )
    assert at_once == "12"


def a_table_is_handed_on_as_it_stands(page):
    table = page.locator(".page-panel .ab-table-frame")
    table.get_by_role("button", name="Country", exact=True).click()
    with page.expect_download(timeout=FIRST) as caught:
        table.get_by_role("button", name="All countries, 2036Q4 as CSV").click()
    lines = Path(caught.value.path()).read_text(encoding="utf-8").splitlines()
    above = [line for line in lines if line.startswith("# ")]
    assert above[0] == "# All countries, 2036Q4"
    assert "Aid budget 120 US$ bn a year" in above[1]
    heads, *rows = csv.reader(lines[len(above) :])
    assert len(rows) == 197
    assert rows[0][0].startswith("Afghanistan")
    assert all(0 <= float(row[heads.index("In none")]) <= 1 for row in rows)


def rows_of_a_table_lead_to_the_reasons(page):
    table = page.locator(".page-panel .ab-table-frame")
    for iso3, name in (("ZWE", "Zimbabwe"), ("SDN", "Sudan")):  # the second takes the place of other reasons
        table.locator(f"tr[data-iso={iso3}] .ab-pick").click()
        page.get_by_role("heading", name=f"{name}: why it stands where it stands").wait_for(timeout=FIRST)
        page.locator(".page-inspector .ab-file").last.wait_for()
        page.wait_for_function(
            "Math.abs(document.querySelector('.page-inspector').getBoundingClientRect().top) < 5"
        )
