"""The widgets in a real browser, cut off from the internet: moved, played, clicked and typed at."""

import json
from pathlib import Path

import pytest
import widget_page
from page_steps import tick

from sim.figures.palette import theme

PAGE = str(Path(__file__).with_name("widget_page.py"))


@pytest.fixture
def page(serve_page, open_page):
    shown = open_page(serve_page(PAGE).url)
    ready(shown)
    return shown


def ready(page, version="0.40"):
    page.wait_for_selector(f".ab-map[data-version='{version}']")
    page.wait_for_selector(".ab-world [data-state]")


def fills(page):
    """Return {country: (state, fill, opacity)} as drawn on the map."""
    script = """nodes => Object.fromEntries(nodes.map(node =>
        [node.dataset.iso, ["data-state", "fill", "fill-opacity"].map(name => node.getAttribute(name))]))"""
    return page.locator(".ab-land").evaluate_all(script)


def told(page, text):
    page.wait_for_function("text => document.querySelector('#told').textContent === text", arg=text)


def heard(page, text):
    page.wait_for_function("text => document.querySelector('#heard').textContent === text", arg=text)


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
    after = fills(page), page.locator(".ab-partition").inner_text()
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert page.locator(".ab-country").first.get_attribute("cx") != dots
    assert page.locator("[aria-label='Countries by state'] canvas").screenshot() != canvas


def test_scrubber_paints_at_once_and_reports_on_release(page):
    scrubber = page.get_by_role("slider", name="Quarter")
    before = fills(page)
    told(page, "2028Q1 KEN map")
    scrubber.focus()
    scrubber.press("End")
    told(page, "2035Q4 KEN map")
    assert page.locator(".ab-quarter").inner_text() == "2035Q4"
    assert scrubber.get_attribute("aria-valuetext") == "2035Q4"
    assert fills(page) != before
    scrubber.press("Home")
    told(page, "2025Q3 KEN map")
    shares = [int(text.removesuffix(" %")) for text in page.locator(".ab-parts b").all_inner_texts()]
    expected = 100 * widget_page.probabilities(0.4)[0].mean(0)
    assert sum(shares) == 100
    assert shares == pytest.approx(expected[[1, 3, 2, 0]], abs=1)
    widths = (
        page.locator(".ab-strip").first.locator("i").evaluate_all("nodes => nodes.map(n => n.style.width)")
    )
    assert widths == [f"{share}%" for share in shares]
    # while a mouse drags, the picture follows without the server
    scrubber.evaluate("node => { node.value = 20; node.dispatchEvent(new Event('input')); }")
    assert page.locator(".ab-map").get_attribute("data-quarter") == "20"
    assert page.locator(".ab-event").inner_text() == "2030-07-01: Summit"
    assert page.locator("#told").inner_text() == "2025Q3 KEN map"


def test_play_runs_pauses_and_ends(page):
    scrubber = page.get_by_role("slider", name="Quarter")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("+document.querySelector('.ab-map').dataset.quarter >= 13")
    page.get_by_role("button", name="Pause").click()
    held = page.locator(".ab-map").get_attribute("data-quarter")
    told(page, f"{widget_page.QUARTERS[int(held)]} KEN map")
    scrubber.evaluate("node => { node.value = 40; node.dispatchEvent(new Event('input')); }")
    page.get_by_role("button", name="Play").click()
    told(page, "2035Q4 KEN map")
    page.get_by_role("button", name="Play").wait_for()


def acted(page, kind):
    """Wait for what the user did in the lanes and return it, without its number."""
    page.wait_for_function(
        "kind => JSON.parse(document.querySelector('#acted').textContent).kind === kind", arg=kind
    )
    done = json.loads(page.locator("#acted").inner_text())
    return {name: value for name, value in done.items() if name not in {"number", "kind"}}


def dated(page, key):
    return page.locator(f".ab-dated[data-key={key}]")


def centre(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + 12, box["y"] + box["height"] / 2


def test_events_stand_in_the_lanes_of_their_sides_without_touching(page):
    lanes = page.locator(".ab-lane").all_inner_texts()
    assert [text.split("\n")[0] for text in lanes] == ["US-led", "China-led", "World"]
    assert "Access tiers change" in lanes[0]
    assert "50 %" in lanes[0]
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
    page.wait_for_function("JSON.parse(document.querySelector('#acted').textContent).key === 'letter'")
    dated(page, "letter").press("ArrowRight")
    assert acted(page, "move") == {"key": "letter", "quarter": "2027Q2", "final": False}
    dated(page, "letter").press("Delete")
    assert acted(page, "remove") == {"key": "letter"}
    assert "2027-01-01: Letter" in page.locator(".ab-event").inner_text()


def test_an_event_is_added_by_a_double_click_and_by_a_button(page):
    lane = page.locator(".ab-lane-track").nth(1)
    box = lane.bounding_box()
    lane.dblclick(position={"x": 8 + (box["width"] - 16) * 30 / (len(widget_page.QUARTERS) - 1), "y": 12})
    assert acted(page, "add") == {"lane": "china", "quarter": "2033Q1"}
    page.get_by_role("button", name="Add an event: US-led").click()
    page.wait_for_function("JSON.parse(document.querySelector('#acted').textContent).lane === 'us'")


def test_clicking_selects_and_clicking_again_lets_go(page):
    brazil = page.locator(".ab-land[data-iso=BRA]")
    brazil.click()
    told(page, "2028Q1 BRA map")
    assert brazil.get_attribute("aria-selected") == "true"
    assert page.locator(".ab-marks .ab-selected").get_attribute("d") == brazil.get_attribute("d")
    assert page.locator(".ab-country.ab-chosen").get_attribute("data-iso") == "BRA"
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
    assert not page.locator(".ab-land").first.is_visible()
    page.locator(".ab-tile[data-iso=VAT]").click()
    told(page, "2028Q1 VAT tiles")


def test_keyboard_walks_selects_and_zooms(page):
    start = page.locator(".ab-world [tabindex='0']")
    assert start.count() == 1
    assert start.get_attribute("aria-label").startswith("KEN: ")
    start.focus()
    page.keyboard.press("ArrowUp")
    focused = page.locator(":focus")
    assert focused.get_attribute("data-iso") == "ETH"
    assert focused.get_attribute("role") == "option"
    assert page.locator(".ab-world [tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    told(page, f"2028Q1 {focused.get_attribute('data-iso')} map")
    whole = page.locator(".ab-world").get_attribute("viewBox")
    page.keyboard.press("+")
    assert page.locator(".ab-world").get_attribute("viewBox") != whole
    page.keyboard.press("0")
    assert page.locator(".ab-world").get_attribute("viewBox") == whole
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
    near = world.get_attribute("viewBox")
    box = world.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 120, middle[1] + 40, steps=4)
    page.mouse.up()
    assert whole != near != world.get_attribute("viewBox")
    told(page, "2028Q1 KEN map")  # a drag is no click
    page.get_by_role("button", name="Whole world").click()
    assert world.get_attribute("viewBox") == whole


def test_tooltip_tells_all_probabilities(page):
    page.locator(".ab-land[data-iso=IND]").hover()
    tip = page.locator(".ab-map .ab-tip")
    assert tip.is_visible()
    shares = widget_page.probabilities(0.4)[10, widget_page.ISO.index("IND")]
    lines = tip.inner_text().split("\n")
    assert lines[0] == "IND"
    shown = [int(line.removesuffix(" %")) for line in lines if line.endswith(" %")]
    assert shown == pytest.approx(100 * shares, abs=1)
    assert page.locator(".ab-country.ab-hover").get_attribute("data-iso") == "IND"
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_comparison_outlines_exactly_the_countries_that_differ(page):
    tick(page, "Compare")
    page.get_by_text("change against the reference").wait_for()
    assert set(page.locator(".ab-part-change").all_inner_texts()) == {"±0"}
    assert page.locator(".ab-differs").count() == 0
    slider = page.get_by_role("slider", name="Push")
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
    ready(page, "0.80")
    before = widget_page.probabilities(0.4)[10].argmax(1)
    after = widget_page.probabilities(0.8)[10].argmax(1)
    count = page.locator(".ab-differs").count()
    assert count > 3
    assert count == pytest.approx((before != after).sum(), abs=3)  # near ties are rounded to half per cents
    assert "differs from the reference" in page.locator(".ab-world").inner_html()
    changes = [float(text.replace("−", "-")) for text in page.locator(".ab-part-change").all_inner_texts()]
    assert any(changes)
    assert sum(changes) == pytest.approx(0)


def test_waterfall_adds_up_and_explains_itself(page):
    values = page.locator(".ab-bars .ab-value").all_text_contents()
    numbers = [float(value.replace("−", "-")) for value in values]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.05)
    page.locator("[data-term=chips]").focus()
    assert page.locator(".ab-detail").inner_text() == "Chips: made-up detail with its source"


def test_upload_is_read_and_a_large_file_never_leaves_the_browser(page, tmp_path):
    field = page.get_by_label("Open a scenario")
    small, large = tmp_path / "a.yaml", tmp_path / "b.yaml"
    small.write_text("name: x", encoding="utf-8")
    large.write_text("y" * 3000, encoding="utf-8")
    field.set_input_files(small)
    heard(page, "[name: x] []")
    field.set_input_files(large)
    message = page.locator(".ab-problem")
    assert message.inner_text() == "b.yaml has 3000 bytes; at most 2000 are read."
    field.set_input_files(small)
    page.wait_for_function("document.querySelector('.ab-problem').textContent === ''")


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
    assert page.locator("#heard").inner_text() == "[] [?]"


def test_link_is_complete_and_copied(page, serve_page):
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('.ab-said').textContent === 'Link copied'")
    expected = f"{serve_page(PAGE).url}/?push=0.40&q=2028Q1"
    assert page.evaluate("navigator.clipboard.readText()") == expected
    assert page.get_by_label("Link to this view").input_value() == expected


def test_one_failing_panel_leaves_the_page_alive(page):
    tick(page, "Break")
    page.get_by_text("Fragile panel cannot be shown: made-up fault").wait_for()
    page.get_by_role("slider", name="Quarter").press("End")
    told(page, "2035Q4 KEN map")
    tick(page, "Break")
    page.get_by_role("button", name="Try Fragile panel again").click()
    page.get_by_text("A panel that can fail").wait_for()


def test_document_has_language_title_and_allows_pinch_zoom(page):
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Widgets"
    viewport = page.locator("meta[name=viewport]").get_attribute("content")
    assert viewport == "width=device-width, initial-scale=1"


def test_everything_that_can_be_operated_has_a_name(page):
    nameless = page.evaluate("""() => [...document.querySelectorAll(
        '.ab button, .ab input, .ab [role=option]')]
        .filter(node => !node.getAttribute('aria-label') && !node.textContent.trim() && !node.labels?.length)
        .map(node => node.outerHTML.slice(0, 120))""")
    assert nameless == []


def test_dark_page_uses_the_dark_palette(serve_page, open_page):
    page = open_page(serve_page(PAGE).url, dark=True)
    ready(page)
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
    assert land.evaluate("node => getComputedStyle(node).fill") == f"rgb({red}, {green}, {blue})"


def test_phone_has_no_sideways_scrolling(serve_page, open_page):
    page = open_page(serve_page(PAGE).url, width=390, height=844)
    ready(page)
    wide = page.evaluate("""() => [...document.querySelectorAll('.ab *, .solara-echarts')]
        .filter(node => node.checkVisibility() && !node.closest('svg'))
        .filter(node => node.getBoundingClientRect().right > 391)
        .map(node => node.className)""")
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Tiles").click()
    told(page, "2028Q1 KEN tiles")
