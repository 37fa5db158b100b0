"""What browser tests of the page do and read: levers, groups, tabs, the map."""

import os
import re
import time

from patience import PATIENCE
from playwright.sync_api import expect

APP = "sim.dashboard.app"
FIRST = 1000 * PATIENCE
"""Milliseconds that a page has for whatever must come."""


def soon(page, read, right):
    """Read again and again until what is read is right, and return it; ``right`` : a value, or what tells it.

    For what `expect` does not know: the parts of the page follow an act each in its own time.
    """
    end = time.monotonic() + PATIENCE
    is_right = right if callable(right) else lambda got: got == right
    while not is_right(got := read()):
        assert time.monotonic() < end, f"never came right: {got}"
        page.wait_for_timeout(50)
    return got


def fits(page, width):
    """Wait until nothing makes the page wider than its window."""
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def version(page):
    return page.locator(".ab-map").get_attribute("data-version")


def shows(page, wanted):
    """Wait until the result of a version is painted."""
    page.wait_for_function(
        "wanted => document.querySelector('.ab-map')?.dataset.version === wanted", arg=wanted
    )


def changed(page, before, *parts):
    """Wait until another result is painted, whose version has these parts, and return its version."""
    page.wait_for_function(
        """([old, parts]) => {
            const now = document.querySelector('.ab-map').dataset.version;
            return now !== old && parts.every(part => now.includes(part));
        }""",
        arg=[before, parts],
    )
    return version(page)


def picture(page):
    """Return what the map shows: state and opacity of every country."""
    script = (
        """nodes => nodes.map(n => [n.dataset.iso, n.dataset.state, n.getAttribute('fill-opacity')].join())"""
    )
    return page.locator(".ab-world [data-state]").evaluate_all(script)


def lever(page, name):
    return page.locator(f"input[data-lever='{name}']")


def open_all(page):
    """Show all parameters."""
    button = page.get_by_role("button", name="All parameters")
    if button.get_attribute("aria-expanded") != "true":
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")


def open_group(page, group):
    open_all(page)
    head = page.locator(".page-group", has_text=group)
    if head.get_attribute("aria-expanded") != "true":
        head.click()
        expect(head).to_have_attribute("aria-expanded", "true")


def tick(container, label):
    """Click the label of a checkbox as users do: not before it has come to rest, and only if it is what is hit."""
    container.locator("label", has_text=label).click()


def open_tab(page, name):
    show_panel(page, page.get_by_role("tab", name=name, exact=True))


def show_panel(page, tab):
    """Click a tab and wait until its panel stands in place of the one before, which may take a while the first time."""
    page.evaluate("window.panelBefore = document.querySelector('.page-panel > *')")
    here = tab.get_attribute("aria-selected") == "true"
    tab.click()
    if not here:
        page.wait_for_function(
            "!window.panelBefore?.isConnected && document.querySelector('.page-panel > *')"
        )


# Resolves when nothing has changed in the document, moved or been computed for its panel for so many milliseconds.
REST = """quiet => new Promise(done => {
    let last = performance.now();
    const watch = new MutationObserver(() => { last = performance.now(); });
    watch.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
    const ends = (one) => one.effect?.getComputedTiming().endTime !== Infinity;
    const look = () => {
        const moves = document.getAnimations().some(one => one.playState === 'running' && ends(one));
        const works = document.querySelector('.page-panel .v-progress-linear, .page-panel .v-progress-circular');
        if (moves || works) last = performance.now();
        if (performance.now() - last < quiet) return setTimeout(look, 20);
        watch.disconnect();
        done();
    };
    look();
})"""


def at_rest(page, quiet=400):
    """Wait until the page has stood still for a moment, ms: charts paint a moment after they are there."""
    page.evaluate(REST, quiet)


def whole(page, path, width=1440):
    """Take a picture of the whole page."""
    tall = page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(node => node.scrollHeight))")
    page.set_viewport_size({"width": width, "height": min(tall + 8, 6000)})
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": 900})


def pick(page, label, option):
    """Choose from a list by its label, scrolling until it is there."""
    page.locator(".v-select", has_text=label).first.click()
    menu = page.locator(".menuable__content__active")
    item = menu.locator(".v-list-item", has_text=re.compile(f"^{re.escape(option)}$"))
    while not item.count():
        menu.hover()
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(50)
    item.click()


def choose(page, label, option):
    """Choose from a list by its label, wait until all of the page has followed, and return the version of the result."""
    before = version(page)
    pick(page, label, option)
    after = changed(page, before)
    at_rest(page)  # groups and levers of another scenario come and go one by one
    return after


def bar(page):
    """Return what the bar says of every part: state -> text of share, band and change."""
    parts = page.locator(".ab-parts li")
    return dict(parts.evaluate_all("nodes => nodes.map(node => [node.dataset.state, node.innerText])"))


# Moves a lever by script and takes the time until the map shows the new result and a frame is painted.
MEASURE = """async ({ name, moves, rest }) => {
    const map = document.querySelector('.ab-map');
    const input = document.querySelector(`input[data-lever="${name}"]`);
    const times = [];
    for (let n = 0; n < moves; n++) {
        const before = map.dataset.version;
        const start = performance.now();
        input.value = Number(input.value) + (Number(input.value) < Number(input.max) / 2 ? 1 : -1) *
            (n + 2) * Number(input.step);
        for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));
        await new Promise((done, fail) => {
            setTimeout(() => fail(new Error('no new picture')), 30000);
            const look = () => (map.dataset.version !== before ? done() : requestAnimationFrame(look));
            look();
        });
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, rest));
    }
    return times;
}"""


def measured(page, name, moves=11, rest=250):
    """Return the times from moving a lever to a frame with the new result, ms."""
    lever(page, name).wait_for()
    return page.evaluate(MEASURE, {"name": name, "moves": moves, "rest": rest})


def slowness():
    """Return how much slower than its own cores this machine is at the moment: others may be using them.

    The load of the last minute says it late; what a tenth of a second of work takes now, says it at once.
    """
    begun, worked = time.perf_counter(), time.thread_time()
    while time.thread_time() < worked + 0.1:
        pass
    took = (time.perf_counter() - begun) / 0.1
    return max(1.0, 2 * took - 1, 1.5 * os.getloadavg()[0] / (os.cpu_count() or 1))
