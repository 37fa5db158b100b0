"""The address holds the state: Back and Forward, reloading, a server that is lost, a link that is too long."""

import random
from urllib.parse import parse_qs, urlsplit

import pytest
from page_steps import APP, FIRST, changed, lever, open_group, open_tab, pick, shows, slowness, version
from playwright.sync_api import expect

AID, US_AID = "blocs.china.aid_budget", "blocs.us.aid_budget"
FRONT = "finance.us"
WITHIN = 5_000  # milliseconds in which a page comes back, on cores of its own


def query_of(page):
    """Return what the address bar holds, {name: value}."""
    return {
        name: values[0] for name, values in parse_qs(urlsplit(page.evaluate("location.href")).query).items()
    }


def wait_for_query(page, **wanted):
    """Wait until the address bar holds these parts (None = not there)."""
    names = {name.replace("__", "."): value for name, value in wanted.items()}
    page.wait_for_function(
        """wanted => {
            const held = new URLSearchParams(location.search);
            return Object.entries(wanted).every(([name, value]) => held.get(name) === value);
        }""",
        arg=names,
    )


def entries(page):
    return page.evaluate("history.length")


def hold(page, name):
    """Take hold of a slider at its left."""
    lever(page, name).scroll_into_view_if_needed()
    box = lever(page, name).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()


def drag(page, name, ways):
    """Move the slider that is held so many pixels from where it was taken."""
    box = lever(page, name).bounding_box()
    for way in ways:
        page.mouse.move(box["x"] + 20 + way, box["y"] + box["height"] / 2)
        page.wait_for_timeout(40)


def press(page, name, key):
    before = version(page)
    lever(page, name).press(key)
    return changed(page, before)


def test_back_undoes_and_forward_redoes_and_looking_leaves_no_entries(visit):
    page = visit("runs=20&tab=export")  # no charts, which must have begun before their tab is left
    open_group(page, "Aid")
    first, start = version(page), entries(page)
    moved = press(page, AID, "Home")
    wait_for_query(page, set__blocs__china__aid_budget="0")
    assert entries(page) == start + 1
    open_tab(page, "Countries")
    page.get_by_role("slider", name="Quarter", exact=True).press("Home")
    wait_for_query(page, tab="table")
    page.wait_for_function("new URLSearchParams(location.search).has('quarter')")
    assert entries(page) == start + 1
    both = press(page, US_AID, "Home")
    wait_for_query(page, set__blocs__us__aid_budget="0")
    page.go_back()
    assert changed(page, both) == moved
    wait_for_query(page, set__blocs__us__aid_budget=None, set__blocs__china__aid_budget="0", tab="table")
    page.get_by_role("button", name="Undo", exact=True).click()
    assert changed(page, moved) == first
    wait_for_query(page, set__blocs__china__aid_budget=None)
    assert entries(page) == start + 2
    page.go_forward()
    assert changed(page, first) == moved
    page.get_by_role("button", name="Redo", exact=True).click()
    assert changed(page, moved) == both
    wait_for_query(page, set__blocs__us__aid_budget="0")
    assert entries(page) == start + 2
    expect(page.get_by_role("button", name="Redo", exact=True)).to_be_disabled()


def test_a_drag_is_one_entry_and_is_written_on_release(visit):
    page = visit("runs=20")
    open_group(page, "Aid")
    start, before = entries(page), query_of(page)
    hold(page, US_AID)
    drag(page, US_AID, range(0, 96, 8))
    page.wait_for_function("document.querySelector('.ab-map').dataset.version.includes('aid_budget')")
    assert query_of(page) == before
    page.mouse.up()
    page.wait_for_function("location.search.includes('aid_budget')")
    assert entries(page) == start + 1


def test_a_reload_restores_everything_and_back_still_works(visit):
    page = visit("runs=20")
    open_group(page, "Aid")
    first = version(page)
    moved = press(page, AID, "Home")
    page.locator(".ab-land[data-iso=KEN]").click()
    page.get_by_role("button", name="Tiles").click()
    page.get_by_role("button", name="GDP", exact=True).click()
    pick(page, "Compared with", "pin what is shown now")
    open_tab(page, "Compare")
    wait_for_query(page, selected="KEN", view="tiles", weight="gdp", tab="compare")
    wait_for_query(page, **{"ref__set__blocs__china__aid_budget": "0"})
    held = query_of(page)
    page.reload()
    shows(page, moved)
    expect(page.get_by_role("tab", selected=True)).to_have_text("Compare")
    assert query_of(page) == held
    page.go_back()
    page.wait_for_function("!location.search.includes('ref.')")
    page.go_back()
    assert changed(page, moved) == first


def test_share_copies_the_address(visit):
    page = visit("runs=20&seed=7")
    page.locator(".page-head").get_by_role("button", name="Share").click()
    page.locator(".page-head").get_by_text("Link copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.evaluate("location.href")


def test_a_future_that_is_too_long_for_the_address_says_so(visit, tmp_path):
    page = visit("tab=export&runs=20")
    words = f"{random.Random(5).getrandbits(80_000):x}"  # no packing makes this short
    file = tmp_path / "long.yaml"
    file.write_text(f"name: long\nextends: baseline\ndescription: n{words}\n", encoding="utf-8")
    before = page.evaluate("location.href")
    page.get_by_label("Choose a YAML file").set_input_files(file)
    page.get_by_text("too long for the address").first.wait_for()
    page.locator(".page-head").get_by_role("button", name="Share").click()
    page.locator(".page-head").get_by_text("Scenario (YAML)").wait_for()
    assert page.evaluate("location.href") == before


def lost(page):
    return page.wait_for_function("document.body.classList.contains('aiblocs-lost')")


def back_again(page):
    page.wait_for_function("!document.body.classList.contains('aiblocs-lost')", timeout=slowness() * WITHIN)


def test_a_dropped_connection_goes_on_with_the_same_session(visit):
    page = visit("runs=20")
    open_group(page, "Aid")
    first = version(page)
    moved = press(page, AID, "Home")
    page.evaluate("window.stayed = true")
    page.evaluate("solara.debug.dropConnection()")
    lost(page)
    back_again(page)
    assert page.evaluate("window.stayed")
    page.get_by_role("button", name="Undo", exact=True).click()
    assert changed(page, moved) == first


def test_a_session_that_was_culled_is_opened_again_from_the_address(visit):
    page = visit("runs=20")
    open_group(page, "Aid")
    moved = press(page, AID, "Home")
    wait_for_query(page, set__blocs__china__aid_budget="0")
    page.evaluate("window.stayed = true")
    page.evaluate(
        """async () => {
            const kernel = solara.debug.kernel();
            const close = `${solara.rootPath}/_solara/api/close/${kernel.id}?session_id=${kernel.clientId}`;
            await fetch(close, { method: 'POST' });
            solara.debug.dropConnection();
        }"""
    )
    page.wait_for_function("!window.stayed", timeout=2 * slowness() * WITHIN)
    shows(page, moved)
    expect(page.locator(".v-dialog--active")).to_have_count(0)


@pytest.fixture
def own_server(serve_page, tmp_path):
    """Return a function that starts a server of its own on a port (0 = any); the last is stopped afterwards."""
    started = []

    def start(port=0):
        started.append(type(serve_page(APP))(APP, tmp_path, {"port": port}))
        return started[-1]

    yield start
    started[-1].stop()


def test_a_server_that_is_killed_in_the_middle_of_a_drag_costs_nothing(own_server, browser):
    server = own_server()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(FIRST)
    page = context.new_page()  # the tab of the other tests would hear of the requests that nobody answers
    page.goto(f"{server.url}/?runs=20&selected=KEN")
    page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
    open_group(page, "Aid")
    press(page, AID, "Home")
    open_tab(page, "Compare")
    wait_for_query(page, tab="compare", set__blocs__china__aid_budget="0")
    hold(page, FRONT)
    drag(page, FRONT, [10, 20])
    server.kill()
    lost(page)
    drag(page, FRONT, [40, 60])
    page.mouse.up()
    value = lever(page, FRONT).input_value()
    expect(page.get_by_role("alert").first).to_contain_text("comes back by itself")
    own_server(int(server.url.rsplit(":", 1)[1]))
    page.wait_for_function(
        "value => document.querySelector('.ab-map')?.dataset.version.includes(`us.aid_budget=${value}`)",
        arg=value,
        timeout=FIRST,
    )
    back_again(page)
    wait_for_query(
        page,
        set__blocs__us__aid_budget=value,
        set__blocs__china__aid_budget="0",
        selected="KEN",
        tab="compare",
    )
    context.close()
