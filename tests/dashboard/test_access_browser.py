"""Access: what axe-core finds on every tab, light, dark and phone; keyboard and focus; levers on small screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_steps import at_rest, changed, fits, lever, open_all, open_tab, soon, version
from playwright.sync_api import expect

from sim.dashboard.page.layout import TAB_WORDS

GRAVE = ("serious", "critical")
ALSO = ("empty-table-header", "heading-order")
"""Rules of less weight that the page once broke."""
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 720, "height": 450}  # 1440 by 900 at 200 %
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Rules that the dark theme can break: all else is the same elements."""


def faults(page, rules, within=None):
    """Return what axe-core finds that is serious or critical, a line for each element; ``within`` : a part of the page."""
    found = Axe().run(page, context=within, options={"runOnly": rules})
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in found.response["violations"]
        if rule["impact"] in GRAVE or rule["id"] in ALSO
        for node in rule["nodes"]
    ]


PANEL = {"include": [[".page-panel"]], "exclude": [[".page-panel tbody tr:nth-child(n+41)"]]}
"""A panel: of a long table, which has rows of one kind, as many as hold every membership."""


NAMELESS = """() => [...document.querySelectorAll('.page button, .page input, .page [role=tab]')]
    .filter(node => node.checkVisibility() && node.type !== 'hidden')
    .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length
        || node.getAttribute('aria-labelledby') || node.closest('.v-select')
        || node.closest('.v-input')?.querySelector('label')))
    .map(node => node.outerHTML.slice(0, 150))"""
"""What can be operated and has no name; axe-core is content with a title."""


def wear(page, scheme):
    """Let the system of the visitor be dark or light, which the page follows."""
    page.emulate_media(color_scheme=scheme)
    page.locator(f".v-application.theme--{scheme}").wait_for()


SHOWN = {
    "Actions and outcomes": "What you changed",
    "Flows": "Who moves",
    "Positions": "Where countries stand",
    "Compare": "Countries that end elsewhere",
    "Countries": "All countries",
    "Timeline": "5,000 training places",
    "Evidence": "What this model is not for",
    "Sweep": "What two levers do together",
    "Agents": "One future, agent by agent",
    "Take away": "Open a scenario of your own",
}
"""What every tab shows."""


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_every_tab_shows_its_panel_and_axe_finds_nothing_serious_light_or_dark(visit, size, shots):
    assert set(SHOWN) == set(TAB_WORDS.values())
    page = visit("runs=20&selected=KEN&set.blocs.china.aid_budget=0", **size)
    said = []
    for number, word in enumerate(TAB_WORDS.values()):
        if number:  # the first is open, the page at its top: a click on a tab would scroll map and lanes away
            open_tab(page, word)
        shown = page.locator(".page-panel").locator(f":text('{SHOWN[word]}'), [aria-label*='{SHOWN[word]}']")
        shown.first.wait_for()
        for scheme, rules in (("light", TAGS), ("dark", COLOURS)):
            wear(page, scheme)
            at_rest(page)
            within = PANEL if number else None  # what is around it is looked at once
            said += [f"{word}, {scheme}: {fault}" for fault in faults(page, rules, within)]
        said += [f"{word}, nameless: {node}" for node in page.evaluate(NAMELESS)]
        wear(page, "light")
        if not size:
            page.locator(".page-tabs").screenshot(path=shots / f"tab-{word.lower().replace(' ', '-')}.png")
    assert not said, "\n".join(dict.fromkeys(said))


def test_the_page_is_gone_through_and_worked_by_keys(visit):
    page = visit("runs=20&tab=export")
    skips_to_the_parts(page)
    a_lever_is_two_stops(page)
    focus_stays_on_what_was_pressed(page)
    tabs_obey_arrow_keys_and_are_one_stop(page)


def skips_to_the_parts(page):
    address = page.evaluate("location.href")
    page.locator("body").press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Skip to the result")
    soon(page, lambda: focused.bounding_box()["y"], lambda top: top >= 0)
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(focused).to_have_text("Skip to the tables and charts")
    page.keyboard.press("Enter")
    expect(focused).to_have_text("Take away")
    expect(page).to_have_url(address)


def a_lever_is_two_stops(page):
    stops = page.locator(".page-left .ab-lever").evaluate_all(
        "nodes => nodes.map(node => [...node.querySelectorAll('input, button, summary, a')]"
        ".filter(part => part.tabIndex >= 0 && !part.disabled).length)"
    )
    assert max(stops) <= 2


def focus_stays_on_what_was_pressed(page):
    open_all(page)
    head = page.locator(".page-group").nth(1)
    for opened in ("true", "false"):
        head.focus()
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-expanded", opened)
        expect(head).to_be_focused()


def tabs_obey_arrow_keys_and_are_one_stop(page):
    chosen = page.get_by_role("tab", selected=True)
    words = list(TAB_WORDS.values())
    chosen.focus()
    page.keyboard.press("Home")
    expect(page.locator(":focus")).to_have_text(words[0])
    page.keyboard.press("ArrowLeft")
    last = page.get_by_role("tab", name=words[-1], selected=True)
    expect(last).to_be_focused()
    expect(page.locator("[role=tab][tabindex='0']")).to_have_count(1)


@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["phone", "zoomed"])
def test_levers_bar_and_map_are_seen_together_on_small_screens(visit, size):
    page = visit("runs=20&tab=export", **size)
    strip = page.locator(".ab-sheet-strip")
    strip.get_by_role("button", name="US-led").click()
    for name, seen in (("finance.us", True), ("finance.china", False)):
        in_sight(page, f"input[data-lever='{name}']", seen)
    page.locator(".page-sheet-panels").evaluate(
        "node => node.scrollBy({ left: node.clientWidth })"
    )  # a swipe
    strip.get_by_role("button", name="China-led", expanded=True).wait_for()
    for part in ("input[data-lever='finance.china']", ".ab-strip", ".ab-world"):
        in_sight(page, part)
    before = version(page)
    lever(page, "finance.china").press("End")
    changed(page, before)
    page.keyboard.press("Escape")
    expect(lever(page, "finance.china")).to_be_hidden()
    for name in ("Brazil", "India"):  # a country opens a sheet of its own, which stays for the next
        page.locator(f".ab-land[data-iso={name[:3].upper()}]").click()
        strip.get_by_role("button", name=name, expanded=True).wait_for()
        page.locator(".page-brief", has_text=f"{name} is most often").wait_for()
        in_sight(page, ".ab-world")
        in_sight(page, ".page-brief p")
    page.locator(".page-brief").get_by_role("button", name="All reasons").click()
    page.get_by_role("heading", name="India: why it stands where it stands").wait_for()
    fits(page, size["width"])


# Whether the middle of an element can be seen and hit.
IN_SIGHT = """node => {
    const box = node.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return Boolean(hit) && (node === hit || node.contains(hit) || hit.contains(node));
}"""


def in_sight(page, part, seen=True):
    """Wait until a part can be seen, or no longer."""
    page.wait_for_function(
        f"([part, seen]) => ({IN_SIGHT})(document.querySelector(part)) === seen", arg=[part, seen]
    )


def test_a_seed_is_taken_as_typed_and_refused_with_what_is_allowed(visit):
    page = visit("runs=20&seed=7&tab=export")
    open_all(page)
    field = page.get_by_role("spinbutton", name="Seed")
    refusal = page.get_by_text("a whole number, 0 to 4,294,967,295")
    shown = "seed => document.querySelector('.ab-map').dataset.version.endsWith(`|${seed}`)"
    good = {"1e3": "1000", "4,294,967,295": "4294967295", "7": "7"}
    before = "7"
    for typed, taken in zip(("abc", "", "2.5", "-3", "1e23", "4294967296"), [*good.items()] * 2, strict=True):
        field.fill(typed)
        field.press("Enter")
        refusal.wait_for()
        expect(field).to_have_value(before)
        page.wait_for_function(shown, arg=before)
        field.fill(taken[0])
        field.press("Enter")
        page.wait_for_function(shown, arg=taken[1])
        expect(field).to_have_value(taken[1])
        refusal.wait_for(state="detached")
        before = taken[1]
