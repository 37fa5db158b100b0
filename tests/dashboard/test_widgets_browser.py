"""The widgets in a real browser, cut off from the internet: moved, played, clicked and typed at."""

import itertools
import json
import re
from pathlib import Path

import pytest
import widget_page
from page_steps import fits, soon, tick
from playwright.sync_api import expect
from watched import watched

from sim.figures.palette import theme

PAGE = str(Path(__file__).with_name("widget_page.py"))


@pytest.fixture(scope="module")
def shown(serve_page, browser, desk):
    """Return the page, which stays open for the tests of this file, and a count of how often it began."""
    with watched(browser, desk) as open_page:
        yield open_page(serve_page(PAGE).url), itertools.count(1)


@pytest.fixture
def page(shown):
    """Return the page as it is when it opens: all its widgets are new."""
    page, count = shown
    page.mouse.move(0, 0)
    page.get_by_role("button", name="Begin again").click()
    ready(page, "0.40", next(count))
    return page


def ready(page, push, begun=None):
    """Wait until the map is painted for a push."""
    version = f"='{begun}: {push}'" if begun is not None else f"$=': {push}'"
    page.wait_for_selector(f".ab-map[data-version{version}]")
    page.wait_for_selector(".ab-world [data-state]")


def fills(page):
    """Return {country: (state, fill, opacity)} as drawn on the map."""
    script = """nodes => Object.fromEntries(nodes.map(node =>
        [node.dataset.iso, ["data-state", "fill", "fill-opacity"].map(name => node.getAttribute(name))]))"""
    return page.locator(".ab-land").evaluate_all(script)


def whole_numbers(locator):
    """Return the numbers of texts like "12 %"."""
    return [int(text.removesuffix(" %")) for text in locator.all_inner_texts()]


def told(page, text):
    expect(page.locator("#told")).to_have_text(text)


def heard(page, text):
    expect(page.locator("#heard")).to_have_text(text)


def test_map_shows_the_likeliest_state_of_every_country(page):
    expected = widget_page.probabilities(0.4)[10]
    drawn = fills(page)
    assert len(drawn) >= 190
    for iso, (state, _, _) in drawn.items():
        # bytes hold half per cents, so nearly equal states may change places
        row = expected[widget_page.ISO.index(iso)]
        assert row[widget_page.STATES.index(state)] >= row.max() - 0.006, iso
    striped = {fill for state, fill, _ in drawn.values() if state == "us+china"}
    assert striped
    assert all(fill.startswith("url(#") for fill in striped)
    assert len({opacity for _, _, opacity in drawn.values()}) > 10


def test_slider_repaints_map_positions_cards_and_charts(page):
    before = fills(page), page.locator(".ab-partition").inner_text()
    dots = page.locator(".ab-country").first.get_attribute("cx")
    canvas = page.locator("[aria-label='Countries by state'] canvas").screenshot()
    slider = page.get_by_role("slider", name="Push")
    slider.focus()
    for _ in range(6):
        slider.press("ArrowRight")
    ready(page, "0.70")
    soon(page, lambda: fills(page) != before[0], True)
    expect(page.locator(".ab-partition")).not_to_have_text(before[1], use_inner_text=True)
    expect(page.locator(".ab-country").first).not_to_have_attribute("cx", dots)
    soon(page, lambda: page.locator("[aria-label='Countries by state'] canvas").screenshot() != canvas, True)


def test_scrubber_paints_at_once_and_reports_on_release(page):
    scrubber = page.get_by_role("slider", name="Quarter")
    before = fills(page)
    told(page, "2028Q1 KEN map")
    scrubber.focus()
    scrubber.press("End")
    told(page, "2035Q4 KEN map")
    expect(page.locator(".ab-quarter")).to_have_text("2035Q4")
    expect(scrubber).to_have_attribute("aria-valuetext", "2035Q4")
    assert fills(page) != before
    scrubber.press("Home")
    told(page, "2025Q3 KEN map")
    expected = 100 * widget_page.probabilities(0.4)[0].mean(0)[[1, 3, 2, 0]]
    shares = soon(page, lambda: whole_numbers(page.locator(".ab-parts b")), pytest.approx(expected, abs=1))
    assert sum(shares) == 100
    widths = (
        page.locator(".ab-strip").first.locator("i").evaluate_all("nodes => nodes.map(n => n.style.width)")
    )
    assert widths == [f"{share}%" for share in shares]
    # while a mouse drags, the picture follows without the server
    at_once = scrubber.evaluate("""node => {
        node.value = 20;
        node.dispatchEvent(new Event('input'));
        return [document.querySelector('.ab-map').dataset.quarter, ...['.ab-event', '#told'].map(
            part => document.querySelector(part).innerText)];
    }""")
    assert at_once == ["20", "2030-07-01: Summit", "2025Q3 KEN map"]


def test_play_runs_pauses_and_ends(page):
    scrubber = page.get_by_role("slider", name="Quarter")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("+document.querySelector('.ab-map').dataset.quarter >= 13")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    held = page.locator(".ab-map").get_attribute("data-quarter")
    told(page, f"{widget_page.QUARTERS[int(held)]} KEN map")
    scrubber.evaluate("node => { node.value = 40; node.dispatchEvent(new Event('input')); }")
    page.get_by_role("button", name="Play").click()
    told(page, "2035Q4 KEN map")
    page.get_by_role("button", name="Play").wait_for()


def signed_numbers(texts):
    return [float(text.replace("−", "-").replace("±", "")) for text in texts]


def acted(page, kind):
    """Wait for what the user did in the lanes and return it, without its number."""
    said = page.locator("#acted")
    done = soon(page, lambda: json.loads(said.inner_text()), lambda done: done.get("kind") == kind)
    return {name: value for name, value in done.items() if name not in {"number", "kind"}}


def dated(page, key):
    return page.locator(f".ab-dated[data-key={key}]")


def centre(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + 12, box["y"] + box["height"] / 2


def test_events_stand_in_the_lanes_of_their_sides_without_touching(page):
    expect(page.locator(".ab-lane")).to_contain_text(["US-led", "China-led", "World"])
    for words in ("Access tiers change", "50 %"):
        expect(page.locator(".ab-lane").first).to_contain_text(words)
    boxes = page.locator(".ab-dated").evaluate_all(
        "nodes => nodes.map(n => n.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
    )
    track = page.locator(".ab-lane-track").first.bounding_box()
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert bottom - top >= 24
        assert right <= track["x"] + track["width"] + 12
        for other in boxes[n + 1 :]:
            apart = (
                right <= other[0] + 1 or other[2] <= left + 1 or bottom <= other[1] + 1 or other[3] <= top + 1
            )
            assert apart, (boxes[n], other)


def test_an_event_is_dragged_to_another_quarter(page):
    x, y = centre(dated(page, "summit"))
    track = page.locator(".ab-lane-track").nth(2).bounding_box()
    quarter = (track["width"] - 16) / (len(widget_page.QUARTERS) - 1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8 * quarter, y, steps=6)
    page.mouse.up()
    assert acted(page, "move") == {"key": "summit", "quarter": "2032Q3", "final": True}


def test_an_event_is_pressed_moved_and_removed_by_keys(page):
    dated(page, "summit").click()
    assert acted(page, "edit") == {"key": "summit"}
    dated(page, "letter").press("Enter")
    expect(page.locator("#acted")).to_contain_text('"letter"')
    dated(page, "letter").press("ArrowRight")
    assert acted(page, "move") == {"key": "letter", "quarter": "2027Q2", "final": False}
    dated(page, "letter").press("Delete")
    assert acted(page, "remove") == {"key": "letter"}
    expect(page.locator(".ab-event")).to_contain_text("2027-01-01: Letter")


def test_an_event_is_added_by_a_double_click_and_by_a_button(page):
    lane = page.locator(".ab-lane-track").nth(1)
    box = lane.bounding_box()
    lane.dblclick(position={"x": 8 + (box["width"] - 16) * 30 / (len(widget_page.QUARTERS) - 1), "y": 12})
    assert acted(page, "add") == {"lane": "china", "quarter": "2033Q1"}
    page.get_by_role("button", name="Add an event: US-led").click()
    expect(page.locator("#acted")).to_contain_text('"lane": "us"')


def test_clicking_selects_and_clicking_again_lets_go(page):
    brazil = page.locator(".ab-land[data-iso=BRA]")
    brazil.click()
    told(page, "2028Q1 BRA map")
    expect(brazil).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ab-marks .ab-selected")).to_have_attribute("d", brazil.get_attribute("d"))
    expect(page.locator(".ab-country.ab-chosen")).to_have_attribute("data-iso", "BRA")
    page.get_by_role("heading", name="BRA: value of joining").wait_for()
    brazil.click()
    told(page, "2028Q1  map")
    page.locator(".ab-dot[data-iso=SGP]").click()
    told(page, "2028Q1 SGP map")


@pytest.mark.parametrize("view", ["Map", "Tiles"])
def test_every_country_can_be_hit_with_a_mouse(page, view):
    page.get_by_role("button", name=view, exact=True).click()
    page.locator(".ab-map").scroll_into_view_if_needed()
    hit = page.evaluate("""() => {
        const isHit = node => {
            const box = node.getBoundingClientRect();
            const step = Math.max(0.5, Math.min(box.width, box.height) / 12);
            for (let y = box.top + step / 2; y < box.bottom; y += step) {
                for (let x = box.left + step / 2; x < box.right; x += step) {
                    if (document.elementFromPoint(x, y)?.dataset?.iso === node.dataset.iso) return true;
                }
            }
            return false;
        };
        return [...document.querySelectorAll('.ab-world [role=option]')]
            .filter(node => node.checkVisibility() && isHit(node)).map(node => node.dataset.iso);
    }""")
    assert sorted(hit) == sorted(widget_page.ISO)


def test_tiles_show_what_the_map_shows(page):
    on_map = fills(page)
    page.get_by_role("button", name="Tiles").click()
    told(page, "2028Q1 KEN tiles")
    boxes = page.locator(".ab-box").evaluate_all("n => n.map(node => [node.dataset.iso, node.dataset.state])")
    assert len(boxes) == 197
    assert all(on_map[iso][0] == state for iso, state in boxes if iso in on_map)
    expect(page.locator(".ab-land").first).to_be_hidden()
    page.locator(".ab-tile[data-iso=VAT]").click()
    told(page, "2028Q1 VAT tiles")
    page.get_by_role("button", name="Map", exact=True).click()
    stop = page.locator(".ab-world [tabindex='0']")
    expect(stop).to_have_count(1)  # it goes along from view to view
    expect(stop).to_have_attribute("data-iso", "VAT")


def test_keyboard_walks_selects_and_zooms(page):
    start, world = page.locator(".ab-world [tabindex='0']"), page.locator(".ab-world")
    expect(start).to_have_count(1)
    expect(start).to_have_attribute("aria-label", re.compile("^KEN: "))
    start.focus()
    page.keyboard.press("ArrowUp")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("data-iso", "ETH")
    expect(focused).to_have_attribute("role", "option")
    expect(start).to_have_count(1)
    page.keyboard.press("Enter")
    told(page, "2028Q1 ETH map")
    whole = world.get_attribute("viewBox")
    page.keyboard.press("+")
    expect(world).not_to_have_attribute("viewBox", whole)
    page.keyboard.press("0")
    expect(world).to_have_attribute("viewBox", whole)
    page.keyboard.press("Escape")
    told(page, "2028Q1  map")


@pytest.mark.parametrize("view", ["Map", "Tiles"])
def test_every_country_can_be_reached_with_the_arrow_keys(page, view):
    page.get_by_role("button", name=view, exact=True).click()
    kind = ".ab-tile" if view == "Tiles" else "[role=option]:not(.ab-tile)"
    moves = page.evaluate(
        """kind => {
        const nodes = [...document.querySelectorAll(`.ab-world ${kind}`)];
        const press = key => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        return Object.fromEntries(nodes.map(node => [
            node.dataset.iso,
            ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map(key => {
                node.focus();
                press(key);
                return document.activeElement.dataset.iso;
            }),
        ]));
    }""",
        kind,
    )
    assert sorted(moves) == sorted(widget_page.ISO)
    reached, border = {"KEN"}, ["KEN"]
    while border:
        new = set(moves[border.pop()]) - reached
        reached |= new
        border += new
    assert reached == set(widget_page.ISO)


def test_zoom_buttons_and_dragging(page):
    world = page.locator(".ab-world")
    whole = world.get_attribute("viewBox")
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    expect(world).not_to_have_attribute("viewBox", whole)
    near = world.get_attribute("viewBox")
    box = world.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 120, middle[1] + 40, steps=4)
    page.mouse.up()
    expect(world).not_to_have_attribute("viewBox", near)
    told(page, "2028Q1 KEN map")  # a drag is no click
    page.get_by_role("button", name="Whole world").click()
    expect(world).to_have_attribute("viewBox", whole)


def test_tooltip_tells_all_probabilities(page):
    page.locator(".ab-land[data-iso=IND]").hover()
    tip = page.locator(".ab-map .ab-tip")
    expect(tip).to_contain_text(re.compile("^IND"))
    shares = widget_page.probabilities(0.4)[10, widget_page.ISO.index("IND")]
    shown = [int(line.removesuffix(" %")) for line in tip.inner_text().split("\n") if line.endswith(" %")]
    assert shown == pytest.approx(100 * shares, abs=1)
    expect(page.locator(".ab-country.ab-hover")).to_have_attribute("data-iso", "IND")
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_comparison_outlines_exactly_the_countries_that_differ(page):
    tick(page, "Compare")
    page.get_by_text("change against the reference").wait_for()
    changes = page.locator(".ab-part-change")
    soon(page, lambda: set(changes.all_inner_texts()), {"±0"})
    expect(page.locator(".ab-differs")).to_have_count(0)
    slider = page.get_by_role("slider", name="Push")
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
    ready(page, "0.80")
    before = widget_page.probabilities(0.4)[10].argmax(1)
    after = widget_page.probabilities(0.8)[10].argmax(1)
    differ = (before != after).sum()
    assert differ > 6
    # near ties are rounded to half per cents
    soon(page, page.locator(".ab-differs").count, pytest.approx(differ, abs=3))
    page.locator(".ab-land[aria-label*='differs from the reference']").first.wait_for()
    numbers = soon(page, lambda: signed_numbers(changes.all_inner_texts()), any)
    assert sum(numbers) == pytest.approx(0)


def test_waterfall_adds_up_and_explains_itself(page):
    values = soon(page, page.locator(".ab-bars .ab-value").all_text_contents, bool)
    numbers = signed_numbers(values)
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.05)
    page.locator("[data-term=chips]").focus()
    expect(page.locator(".ab-detail")).to_have_text("Chips: made-up detail with its source")


def test_upload_is_read_and_a_large_file_never_leaves_the_browser(page, tmp_path):
    field = page.get_by_label("Open a scenario")
    small, large = tmp_path / "a.yaml", tmp_path / "b.yaml"
    small.write_text("name: x", encoding="utf-8")
    large.write_text("y" * 3000, encoding="utf-8")
    field.set_input_files(small)
    heard(page, "[name: x] []")
    field.set_input_files(large)
    message = page.locator(".ab-problem")
    expect(message).to_have_text("b.yaml has 3000 bytes; at most 2000 are read.")
    field.set_input_files(small)
    expect(message).to_have_text("")


def test_shortcuts_work_except_while_typing(page):
    page.locator("body").press("Control+z")
    heard(page, "[] [Ctrl+z]")
    page.locator("body").press("Control+Shift+Z")
    heard(page, "[] [Ctrl+Shift+z]")
    page.locator("body").press("?")
    heard(page, "[] [?]")
    field = page.get_by_role("textbox", name="Free text")
    field.click()
    page.keyboard.type("a?")
    page.keyboard.press("Control+z")
    page.get_by_role("slider", name="Quarter").press("Home")
    told(page, "2025Q3 KEN map")
    heard(page, "[] [?]")


def test_link_is_complete_and_copied(page, serve_page):
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".ab-said")).to_have_text("Link copied")
    expected = f"{serve_page(PAGE).url}/?push=0.40&q=2028Q1"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == expected
    expect(page.get_by_label("Link to this view")).to_have_value(expected)


def test_one_failing_panel_leaves_the_page_alive(page):
    tick(page, "Break")
    page.get_by_text("Fragile panel cannot be shown: made-up fault").wait_for()
    page.get_by_role("slider", name="Quarter").press("End")
    told(page, "2035Q4 KEN map")
    tick(page, "Break")
    page.get_by_role("button", name="Try Fragile panel again").click()
    page.get_by_text("A panel that can fail").wait_for()


def test_document_has_language_title_and_allows_pinch_zoom(page):
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Widgets")
    viewport = page.locator("meta[name=viewport]")
    expect(viewport).to_have_attribute("content", "width=device-width, initial-scale=1")


def test_everything_that_can_be_operated_has_a_name(page):
    nameless = page.evaluate("""() => [...document.querySelectorAll(
        '.ab button, .ab input, .ab [role=option]')]
        .filter(node => !node.getAttribute('aria-label') && !node.textContent.trim() && !node.labels?.length)
        .map(node => node.outerHTML.slice(0, 120))""")
    assert nameless == []


def test_dark_page_uses_the_dark_palette(serve_page, open_page):
    page = open_page(serve_page(PAGE).url, dark=True)
    ready(page, "0.40")
    colours = json.loads(
        page.evaluate("""() => {
        const style = getComputedStyle(document.querySelector('.ab-map'));
        return JSON.stringify(['--s1', '--paper', '--ink'].map(name => style.getPropertyValue(name).trim()));
    }""")
    )
    dark = widget_page.describe_states(widget_page.STATES)[1]["dark"]
    assert colours == [dark, theme(dark=True).paper, theme(dark=True).ink]
    land = page.locator(".ab-land[data-state=us]").first
    red, green, blue = (int(dark[i : i + 2], 16) for i in (1, 3, 5))
    expect(land).to_have_css("fill", f"rgb({red}, {green}, {blue})")


def test_phone_has_no_sideways_scrolling(serve_page, open_page):
    page = open_page(serve_page(PAGE).url, width=390, height=844)
    ready(page, "0.40")
    wide = page.evaluate("""() => [...document.querySelectorAll('.ab *, .solara-echarts')]
        .filter(node => node.checkVisibility() && !node.closest('svg'))
        .filter(node => node.getBoundingClientRect().right > 391)
        .map(node => node.className)""")
    assert wide == []
    fits(page, 390)
    page.get_by_role("button", name="Tiles").click()
    told(page, "2028Q1 KEN tiles")
