"""A whole game in the browser: four roles over three rounds, with what goes wrong in a class, and links that open nothing."""

import re
from dataclasses import replace

import numpy as np
import pytest
from page_steps import APP, FIRST, fits, pick, soon, whole
from playwright.sync_api import expect
from served import Server
from test_access_browser import TAGS, faults

import sim
from sim.labels.partition import rounded_parts
from sim.rooms.futures import ensemble_of
from sim.rooms.room import bytes_of
from sim.rooms.state import Setup
from sim.rooms.store import Store

RUNS = 20
# Sends other messages than the page wrote: every text that is found is replaced.
FORGE = """([found, put]) => {
    window.honest ??= JSON.stringify;
    JSON.stringify = (value, ...more) => window.honest(value, ...more)?.replace(new RegExp(found), put);
}"""
HONEST = "JSON.stringify = window.honest"
# Moves a slider although the page does not let its user.
FORCE = """input => {
    input.value = input.max;
    for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));
}"""


@pytest.fixture(scope="module")  # starting a server takes longer than the links
def table(browser, tmp_path_factory):
    """Return a server with rooms and browsers around it; afterwards nothing failed in any but what a killed server leaves."""
    made = Table(browser, tmp_path_factory.mktemp("table"))
    yield made
    made.close()
    assert not made.wrong, "\n".join(made.wrong)


class Table:
    """A server with rooms, its folder, and the browsers of those who play."""

    def __init__(self, browser, tmp_path):
        self.browser, self.home = browser, tmp_path
        self.folder = tmp_path / "rooms"
        self.wrong, self.contexts = [], []
        self.server = self.serve(0)
        self.store = Store(self.folder)

    def serve(self, port):
        return Server(APP, self.home, {"port": port, "rooms": str(self.folder)})

    def kill(self):
        """End the server as a crash would, and start another at the same address."""
        self.server.kill()
        self.server = self.serve(int(self.server.url.rsplit(":", 1)[1]))

    def open(self, query, width=1440, height=900, dark=False):
        """Open a link in a browser of its own."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        context.set_default_timeout(FIRST)
        if dark:
            context.add_init_script("localStorage.setItem(':solara:theme.variant', '\"dark\"')")
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("request", lambda request: self.watch(request.url))
        page.goto(f"{self.server.url}/?{query}")
        return page

    def watch(self, url):
        if not url.startswith((self.server.url, "data:", "blob:")):
            self.wrong.append(f"asked for {url}")

    def close(self):
        for context in self.contexts:
            context.close()
        self.server.stop()


# A page of the new server, connected: what stood on the old one cannot be clicked any more.
BACK = "!window.before && !document.body.classList.contains('aiblocs-lost')"


def grave(*pages):
    return [fault for page in pages for fault in faults(page, TAGS)]


def step(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def when(page, words):
    """Wait until the head says which round it is."""
    page.locator(".room-when", has_text=words).wait_for()


def to_end(page, name):
    slider = page.locator(f".room-levers:not([inert]) input[data-lever='{name}']")
    slider.focus()
    slider.press("End")


def refused(page, words):
    page.locator(".room-said", has_text=re.compile(words)).wait_for()


def test_a_game_of_four_browsers_over_three_rounds(table, shots):
    facilitator = table.open("room")
    pick(facilitator, "States that decide by hand", "Northern Africa")
    facilitator.get_by_role("spinbutton", name="Futures").fill(str(RUNS))
    facilitator.get_by_role("spinbutton", name="Futures").press("Enter")
    facilitator.wait_for_timeout(300)
    step(facilitator, "Open the room")
    facilitator.locator(".ab-room-links li").first.wait_for(timeout=FIRST)
    (code,) = table.store.codes()
    room = table.store.room(code)
    assert (room.game.setup.runs, room.game.setup.states) == (RUNS, "region:Northern Africa")
    for role in ("facilitator", "us", "china", "states"):
        link = facilitator.locator(f".ab-room-links li[data-role={role}] input")
        expect(link).to_have_value(f"{table.server.url}/?{room.query(role)}")
    expect(facilitator.locator(".ab-room-links li")).to_have_count(4)

    us, china, states = (
        table.open(room.query("us")),
        table.open(room.query("china"), 390, 844),
        table.open(room.query("states")),
    )
    others = table.store.open_room(Setup(runs=RUNS, scenario="eu-third-pole"))
    elsewhere = table.open(others.query("eu"))
    facilitator.locator(".ab-room-there[data-role=states]").wait_for()
    step(facilitator, "Start round 1")
    for page in (us, china, states):
        when(page, "Round 1 of 3, 2027 to 2028: open")

    # the facilitator edits a cost and brings in an event: all see both
    step(facilitator, "Costs and budget")
    cost = facilitator.locator("[data-cost='grants.us']")
    cost.fill("lots")
    cost.press("Enter")
    facilitator.get_by_text("“lots” was not taken").wait_for()
    expect(cost).to_have_value("10")
    cost.fill("7.5")
    cost.press("Enter")
    us.get_by_text("whole range: 7.5 points").wait_for()
    step(facilitator, "Bring in an event")
    pick(facilitator, "Event of the library", "USAID dissolved")
    step(facilitator, "Bring it in")
    for page in (us, china, states):
        page.locator(".room-injected", has_text="it comes about: USAID dissolved").wait_for()
    china.get_by_text("whole range: 10 points").first.wait_for()

    # moves are hidden, budgets hold
    to_end(us, "choose.us")
    facilitator.locator("[data-team=us]", has_text="Choose us or them from").wait_for()
    us.get_by_text("0 of 10 points left").wait_for()
    to_end(us, "pressure.us")
    refused(us, "Pressure .* costs 10")
    expect(us.locator("input[data-lever='pressure.us']")).to_have_value("0")
    to_end(china, "pressure.china")
    china.get_by_text("0 of 10 points left").wait_for()
    for page in (china, states):
        expect(page.locator("body")).not_to_contain_text("Choose us or them from")
    states.locator("select[data-iso=TUN]").select_option("us+china")
    states.locator(".ab-room-warning", has_text="US-led may tell Tunisia to choose").wait_for()
    states.locator("select[data-iso=TUN]").select_option("us")
    states.locator(".ab-room-warning", has_text="Tunisia").wait_for(state="hidden")
    facilitator.locator("[data-team=states]", has_text="Tunisia").wait_for()

    # messages that the page would not send are refused, and change nothing
    before = table.store.room(code).game
    us.evaluate(FORGE, ['"name":"pressure\\.us"', '"name":"grants.china"'])
    to_end(us, "pressure.us")
    refused(us, "belongs to China-led")
    us.evaluate(FORGE, ['("name":"choose\\.us","value":)[^,]+', "$1 7e9"])
    us.locator("input[data-lever='choose.us']").press("Home")
    refused(us, "goes from")
    us.evaluate(HONEST)
    states.evaluate(FORGE, ['"iso3":"TUN"', '"iso3":"FRA"'])
    states.locator("select[data-iso=TUN]").select_option("china")
    refused(states, "France")
    states.evaluate(HONEST)
    assert table.store.room(code).game == before
    expect(china.locator(".room-said")).not_to_contain_text("Pressure")

    # a team closes its laptop and comes back to its state
    table.contexts[1].close()
    facilitator.locator("[data-team=us] .room-away").wait_for()
    us = table.open(room.query("us"))
    us.get_by_text("0 of 10 points left").wait_for(timeout=FIRST)
    chosen = us.locator("input[data-lever='choose.us']")
    soon(us, lambda: chosen.evaluate("node => node.value === node.max"), True)
    step(us, "We are ready")
    facilitator.get_by_text("Not ready yet: China-led, The states").wait_for()
    assert not grave(facilitator, us, states, china)
    for name, page in (("facilitator", facilitator), ("us", us), ("states", states)):
        whole(page, shots / f"room-{name}.png")
    china.screenshot(path=shots / "room-china-390.png", full_page=True)
    fits(china, 390)

    # a round that has ended takes nothing, also from a page that does not keep to it
    step(facilitator, "End round 1")
    when(us, "over, not yet revealed")
    us.locator("input[data-lever='grants.us']").evaluate(FORCE)
    refused(us, "Round 1 is over")
    step(facilitator, "Reveal round 1")
    for page in (us, china, states, facilitator):
        page.locator(".room-caused[data-team=china]", has_text="Pressure from").wait_for(timeout=FIRST)
        page.locator(".ab-quarter", has_text="2028Q4").wait_for()
    us.get_by_text("What all others caused").wait_for()
    assert not grave(us)

    # the server is killed between two rounds: the room goes on, and browsers come back by themselves
    for page in (us, china, states, facilitator):
        page.evaluate("window.before = true")
    table.kill()
    for page in (us, china, states, facilitator):
        page.wait_for_function(BACK, timeout=FIRST)
        page.locator(".room-caused[data-team=china]", has_text="Pressure from").wait_for(timeout=FIRST)
    step(facilitator, "Start round 2")
    when(china, "Round 2 of 3")
    to_end(china, "choose.china")
    china.get_by_text("0 of 10 points left").wait_for()
    for number in (2, 3):
        step(facilitator, f"End round {number}")
        step(facilitator, f"Reveal round {number}")
        when(us, "revealed")
        if number == 2:
            step(facilitator, "Start round 3")
            when(us, "Round 3 of 3")
            us.locator(".room-levers:not([inert]) input[data-lever='choose.us']").press("Home")
            facilitator.locator("[data-team=us]", has_text="Choose us or them from").wait_for()
    step(facilitator, "End the game")

    # the other room has seen nothing of all this
    when(elsewhere, "Not begun")
    assert table.store.room(others.code).game == others.game

    # the whole game, and its file runs to the numbers that are shown
    us.get_by_text("What each team caused, round by round").wait_for(timeout=FIRST)
    us.locator(".ab-quarter", has_text="2036Q4").wait_for(timeout=FIRST)
    whole(us, shots / "room-debrief.png")
    assert not grave(us)
    with us.expect_download() as download:
        us.get_by_role("button", name="The whole game as YAML").click()
    file = table.home / "game.yaml"
    download.value.save_as(file)
    result = sim.run(str(file), runs=RUNS)
    parts = rounded_parts(100 * result.ensemble.shares[:, -1, 0].mean(axis=0))
    for state, part in zip(result.inputs.states, parts, strict=True):
        expect(us.locator(f".ab-parts li[data-state='{state}']")).to_contain_text(
            re.compile(rf"(?<!\d){part:.0f} %")
        )
    played = ensemble_of(table.store.room(code).game)
    assert np.array_equal(result.ensemble.shares, played.shares)

    # a third pole plays its own levers, and sees what they caused
    facilitator.goto(f"{table.server.url}/?{others.query('facilitator')}")
    step(facilitator, "Start round 1")
    when(elsewhere, "Round 1 of 3")
    to_end(elsewhere, "training.eu")
    elsewhere.get_by_text("3 of 10 points left").wait_for()
    facilitator.locator("[data-team=eu]", has_text="Training from 30").wait_for()
    step(facilitator, "End round 1")
    step(facilitator, "Reveal round 1")
    elsewhere.locator(".room-caused[data-team=eu]", has_text="Training from 30").wait_for(timeout=FIRST)
    expect(elsewhere.locator(".ab-parts li")).to_have_count(8)
    whole(elsewhere, shots / "room-third-pole.png")


def test_a_link_that_opens_nothing_says_so_in_one_sentence(table):
    room = table.store.open_room(Setup(runs=RUNS))
    page = table.open(f"room={room.code}&key=wrong")
    alert = page.locator(".room-view .v-alert")
    expect(alert).to_contain_text("opens no room")
    wrong_key = alert.inner_text()
    page.goto(f"{table.server.url}/?room=ZZZZZZ&key={room.key('us')}")
    expect(alert).to_have_text(wrong_key)
    old = replace(room, moved=0.0)
    (table.folder / f"{room.code}.json").write_bytes(bytes_of(old))
    page.goto(f"{table.server.url}/?{room.query('us')}")
    page.get_by_text("has expired").wait_for()
    page.goto(f"{table.server.url}/?{room.query('us')}&lang=fr")
    page.get_by_text("expiré").wait_for()
    for n in range(12):
        page.goto(f"{table.server.url}/?room={room.code}&key={n}")
        alert.wait_for()
    expect(alert).to_contain_text("Too many")
