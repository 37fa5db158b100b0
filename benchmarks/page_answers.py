"""How a user does each of the fourteen tasks on the page, and what must be seen before it counts as done.

Each function is one task: it opens the page, acts, checks what is there, and returns what was read.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from page_user import User, expect, version

SENTENCE = ".page-spoken"
OUTSIDER, OUTSIDER_CODE = "Ghana", "GHA"
"""In no bloc in most futures; Kenya of the review has since joined both."""


def spoken(page: Any, *words: str) -> str:
    """Wait until the sentence on what came of a change is spoken and holds one of some words; return its first part."""
    page.wait_for_function(
        "([box, words]) => words.some((word) => document.querySelector(box).textContent.includes(word))",
        arg=[SENTENCE, list(words)],
    )
    return str(page.locator(".page-came p").first.inner_text())


def lever(page: Any, name: str) -> Any:
    """Return the frame of a lever."""
    return page.locator(".ab-lever", has=page.locator(f"input[data-lever='{name}']"))


def tab(user: User, page: Any, name: str) -> Any:
    """Open a tab and return its panel."""
    user.click(page.get_by_role("tab", name=name, exact=True))
    return page.locator(".page-panel")


def country(user: User, page: Any, name: str = "Kenya") -> Any:
    """Choose a country by its name, and return the panel that explains it."""
    field = page.get_by_label("Find a country")
    user.click(field)
    user.types(field, name)
    user.press(field, "Enter")
    panel = page.locator(".page-inspector")
    panel.get_by_role("heading", name=f"{name}: why it stands where it stands").wait_for()
    return panel


def half_the_chips(user: User) -> str:
    """Look for the lever by a word, type half of it, and read what came of it."""
    page = user.comes()
    user.click(page.get_by_role("button", name="All parameters"))
    user.types(page.get_by_label("Search: a word"), "chips tier 2")
    page.locator(".page-all-panel .page-group").first.wait_for(
        state="detached"
    )  # what was found is there instead
    field = lever(page, "blocs.us.access.tier2").get_by_role("spinbutton")
    half = float(field.input_value().replace(",", "")) / 2
    user.types(field, f"{half:g}")
    user.press(field, "Enter")
    said = spoken(page, "gains", "loses", "no visible change")
    expect("because" in said or "points" in said, "an effect, or why there is none")
    return said


def triple_finance(user: User) -> str:
    """Type three times the finance of the China-led bloc."""
    page = user.comes()
    field = lever(page, "finance.china").get_by_role("spinbutton")
    user.types(field, f"{3 * float(field.input_value()):g}")
    user.press(field, "Enter")
    said = spoken(page, "gains", "loses", "no visible change")
    expect("tripled" in lever(page, "finance.china").inner_text(), "the word “tripled” under the lever")
    effect = lever(page, "members-finance.china").locator(".ab-lever-effect")
    page.wait_for_function("node => node.textContent", arg=effect.element_handle())
    return f"{said} Beside it, finance for members only: {effect.inner_text()}."


def why_kenya(user: User) -> str:
    """Find Kenya and read why, in words and as bars that hold the costs of joining and leaving."""
    page = user.comes()
    panel = country(user, page)
    words = panel.locator("p", has_text="membership is worth").first
    words.wait_for()
    expect(panel.locator(".ab-cost").count() == 2, "joining and leaving as bars")
    heading = panel.get_by_role("heading", name="Kenya: why").bounding_box()
    expect(0 <= heading["y"] < page.viewport_size["height"], "the heading without scrolling")
    return str(words.inner_text())


def compare_and_export(user: User) -> str:
    """Choose another story, open Compare, and take the chart away as PNG, SVG and CSV with its origins."""
    page = user.comes()
    user.chooses(page, "Story", "own")
    page.wait_for_function("document.querySelector('.ab-map').dataset.version.split('|')[0] !== 'baseline'")
    panel = tab(user, page, "Compare")
    chart = panel.locator(".ab-handout").first
    chart.locator("[data-file=PNG]").wait_for()
    found = {
        kind: user.downloads(page, chart.locator(f"[data-file={kind}]:enabled"))
        for kind in ("PNG", "SVG", "CSV")
    }
    expect(found["PNG"].startswith(b"\x89PNG"), "a PNG")
    for kind in ("SVG", "CSV"):
        plain = re.sub(r"<!--|-->", "", found[kind].decode())  # drawn letters of an SVG stand in comments too
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", plain))
        for part in ("Scenario “", "Reference: the baseline", "seed 1", "Source: aiblocs"):
            expect(part in text, f"“{part}” in the {kind}")
    head = [line[2:] for line in found["CSV"].decode().splitlines() if line.startswith("# ")]
    return f"PNG, SVG and CSV; above the numbers: {' '.join(head)}"


def make_one_join(user: User) -> str:
    """Search what would tip a country that is outside, and apply the first row that brings it into the China-led bloc."""
    page = user.comes()
    panel = country(user, page, OUTSIDER)
    land = page.locator(f".ab-world .ab-land[data-iso={OUTSIDER_CODE}]")
    before, drawn = version(page), land.get_attribute("aria-label")
    user.click(panel.get_by_role("button", name="Search (some seconds)"))
    rows = panel.locator("tr", has_text="Into China-led").filter(has=page.get_by_role("button", name="Apply"))
    rows.first.wait_for()
    cells = rows.first.locator("th, td").all_inner_texts()
    user.click(rows.first.locator(".ab-act"))
    page.wait_for_function("old => document.querySelector('.ab-map').dataset.version !== old", arg=before)
    page.wait_for_function(
        "([code, old]) => document.querySelector(`.ab-land[data-iso=${code}]`).getAttribute('aria-label') !== old",
        arg=[OUTSIDER_CODE, drawn],
    )
    return f"{drawn}; applied: {', '.join(cells)}; then {land.get_attribute('aria-label')}."


def move_a_policy(user: User) -> str:
    """Drag the day on which the agreement of the China-led organization comes into force."""
    page = user.comes()
    mark = page.locator("[data-key='entry:waico-in-force']")
    before, day = version(page), mark.get_attribute("data-date")
    user.drags(page, mark, 160)
    page.wait_for_function("old => document.querySelector('.ab-map').dataset.version !== old", arg=before)
    moved = mark.get_attribute("data-date")
    expect(moved > day, "a later date in the lane")
    return f"From {day} to {moved}. {spoken(page, 'gains', 'loses', 'no visible change')}"


def add_an_event(user: User) -> str:
    """Add a dated change for one region; a day out of range is refused first, with what is allowed."""
    page = user.comes()
    user.click(page.get_by_role("button", name="Add an event: China-led"))
    form = page.locator(".page-dialog")
    what = form.get_by_label("What")
    user.types(what, "Aid budget")
    user.click(
        page.locator(".menuable__content__active .v-list-item", has_text="China-led: Aid budget").first
    )
    user.types(form.get_by_label("Value"), "240")
    user.types(form.get_by_label("Begins"), "2044-01-01")
    user.click(form.get_by_role("button", name="Save"))
    refused = form.get_by_text("Not saved: 2044-01-01 is outside the scenario").inner_text()
    user.types(form.get_by_label("Begins"), "2028-12-31")
    before = version(page)
    user.click(form.get_by_role("button", name="Save"))
    page.wait_for_function("old => document.querySelector('.ab-map').dataset.version !== old", arg=before)
    expect("2028-12-31" in page.evaluate("decodeURIComponent(location.search)"), "the event in the address")
    return f"{refused}. Then: {spoken(page, 'gains', 'loses', 'no visible change')}"


def share_the_view(user: User) -> str:
    """Press Share, and open what was copied in another browser."""
    page = user.comes("set.blocs.china.aid_budget=174&selected=KEN&quarter=2030Q4&view=tiles&tint=change")
    user.click(page.locator(".page-head").get_by_role("button", name="Share"))
    page.locator(".page-head").get_by_text("Link copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    expect(link == page.evaluate("location.href"), "the address bar holds the same")
    other = user.comes(link.partition("?")[2])
    picture = "nodes => nodes.map((n) => [n.dataset.state, n.getAttribute('fill-opacity')].join()).join()"
    drawn = [one.locator(".ab-world [data-state]").evaluate_all(picture) for one in (page, other)]
    expect(drawn[0] == drawn[1] and version(page) == version(other), "the same picture in another browser")
    return "The address bar and the copied link hold the same, and the picture in another browser is equal."


def bring_a_file(user: User) -> str:
    """Open a file with four mistakes, then a good one."""
    page = user.comes("tab=export")
    with tempfile.TemporaryDirectory() as folder:
        bad, good = Path(folder) / "bad.yaml", Path(folder) / "good.yaml"
        bad.write_text(
            "name: mine\nextends: baseline\nblocs:\n  china: {aid_budgt: 14}\n  us: {exclusivity: 7}\n"
            "horizon: {end: soon}\nbehavior: {attention: 0.2}\n",
            encoding="utf-8",
        )
        good.write_text(
            "name: mine\nextends: baseline\nblocs:\n  china: {aid_budget: 260}\n", encoding="utf-8"
        )
        field = page.get_by_label("Choose a YAML file")
        user.brings(field, bad)
        page.locator(".page-mistake").first.wait_for()
        said = page.locator(".page-mistake").all_inner_texts()
        expect(
            all(re.match(r"bad\.yaml:\d+:\d+: ", line) for line in said), "line and column of each mistake"
        )
        expect(any("did you mean" in line for line in said), "the nearest word")
        before = version(page)
        user.brings(field, good)
        page.get_by_text("good.yaml is open").wait_for()
    page.wait_for_function("old => document.querySelector('.ab-map').dataset.version !== old", arg=before)
    expect(page.locator(".page-mistake").count() == 0, "the old mistakes gone")
    expect("change against" in page.locator(".ab-partition").inner_text(), "a reference of the own file")
    return (
        f"{len(said)} mistakes with line and column, as “{said[0]}”; then the file is open, with a reference."
    )


def download_the_data(user: User) -> str:
    """Take all countries away as CSV from the head of the page, and one table from under its heading."""
    page = user.comes("set.blocs.china.aid_budget=174")
    user.click(page.get_by_role("button", name="Save", exact=True))
    file = user.downloads(page, page.locator(".ab-handout button[data-file='Countries (CSV)']")).decode()
    tab(user, page, "Countries")
    table = user.downloads(page, page.locator(".page-panel .ab-table-file").first).decode()
    for name, text in (("file", file), ("table", table)):
        for part in ("Scenario “", "174 US$ bn", "seed 1", "aiblocs "):
            expect(part in text, f"“{part}” in the {name}")
    rows = sum(not line.startswith("#") for line in file.splitlines()) - 1
    return f"{rows:,} rows; scenario, levers, seed and version stand above them, in the table of the tab too."


def source_of_a_number(user: User) -> str:
    """Find where a number about Kenya comes from, and where one about a lever does."""
    page = user.comes()
    panel = country(user, page)
    lines = panel.locator("table", has_text="Data behind the terms").locator("tbody tr")
    lines.first.wait_for()
    cells = lines.evaluate_all(
        "rows => rows.map((row) => [...row.children].map((cell) => [cell.innerText, cell.querySelector('a')?.href]))"
    )
    for what, _, _, kind, source, licence in cells:
        expect(source[1] or kind[0] != "observed", f"the source of {what[0]} as a link")
        expect(licence[0], f"the licence of {what[0]}")
        expect(licence[1] or not licence[0].startswith(("CC", "ODC")), f"the licence of {what[0]} as a link")
    income = next(line for line in cells if line[0][0].startswith("Gross domestic product"))
    user.click(lever(page, "finance.china").get_by_role("button", name="About"))
    help_text = lever(page, "finance.china").locator(".ab-help-text")
    expect("source" in help_text.inner_text().lower(), "the source of the lever's value")
    said = ", ".join(text for text, _ in income)
    return f"{said}; the sources of {len(cells)} numbers are links, with their licences."


def against_reality(user: User) -> str:
    """Colour the map by hits and misses, and read the sentence on skill."""
    page = user.comes()
    user.click(page.get_by_role("button", name="Against reality"))
    page.wait_for_selector(".ab-map[data-tint=reality]")
    shown = page.locator(".ab-verdicts").inner_text()
    panel = tab(user, page, "Evidence")
    sentence = panel.locator(".page-why").first
    sentence.wait_for()
    expect(panel.locator("canvas").count() >= 1, "the past simulated again as a picture")
    expect(re.search(r"\d", shown), "hits and misses counted on the map")
    expect("`" not in panel.inner_text(), "no marks of a programming language")
    return str(sentence.inner_text())


def sweep_two_levers(user: User) -> str:
    """Compute the surface of two levers and read where the bloc passes half of the world, or why it does not."""
    page = user.comes()
    panel = tab(user, page, "Sweep")
    user.click(panel.get_by_role("button", name="Compute the surface"))
    panel.get_by_text("49 of 49 cells").wait_for()
    said = panel.locator(".page-tipping-line").inner_text()
    expect(
        said.startswith(("Tipping line:", "No tipping line between these ends:")), "the tipping line in words"
    )
    expect("Ring:" in panel.inner_text(), "where the levers stand now")
    user.click(panel.get_by_role("button", name=re.compile("^Table: Share of")))
    cells = panel.locator(".page-numbers tbody tr")
    cells.first.wait_for()
    expect(cells.count() >= 7, "its numbers as a table")
    return str(said)


def watch_agents(user: User) -> str:
    """Let one future play, agent by agent, with the map and the bar following it."""
    page = user.comes()
    panel = tab(user, page, "Agents")
    picture = "nodes => nodes.map((n) => n.dataset.state).join()"
    map_of = page.locator(".ab-world [data-state]")
    user.chooses(page, "Speed", "four a second")
    user.click(panel.get_by_role("button", name="Play", exact=True))
    panel.get_by_text(re.compile(r"^2028Q\d: ")).first.wait_for()
    drawn = map_of.evaluate_all(picture)
    shown = page.locator(".ab-quarter").inner_text()
    expect(shown.startswith(("2027", "2028")), "the quarter of the map going along")
    panel.get_by_text(re.compile(r"^2030Q\d: ")).first.wait_for()
    page.wait_for_function("document.querySelector('.ab-quarter').textContent >= '2029Q4'")
    user.click(panel.get_by_role("button", name="Pause"))
    expect(map_of.evaluate_all(picture) != drawn, "the map of this future following")
    opacity = "nodes => nodes.every((n) => Number(n.getAttribute('fill-opacity') ?? 1) > 0.9)"
    expect(page.locator(".ab-world .ab-land[data-state]").evaluate_all(opacity), "one future on the map")
    return f"At {shown} map, bar and charts show this future: {panel.locator('.page-quarter').inner_text()}"
