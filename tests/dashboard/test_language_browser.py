"""The page in French beside the page in English: every text of one is said otherwise in the other, and neither mixes."""

import re

import pytest
from page_steps import APP, FIRST, at_rest, changed, show_panel, version
from playwright.sync_api import expect

from sim.dashboard.state import TABS
from sim.words import speaking, tr
from tools.words import said_in_code

# Every text of the page that somebody reads or hears, but for what says that it is in another language.
TEXTS = """() => {
    const found = new Set();
    const ours = (node) => !node.closest(".page [lang], script, style");
    const texts = document.createTreeWalker(document.querySelector(".page"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (ours(texts.currentNode.parentElement)) found.add(texts.currentNode.textContent);
    for (const name of ["title", "aria-label", "placeholder", "aria-valuetext"])
        for (const node of document.querySelectorAll(`.page [${name}]`)) if (ours(node)) found.add(node.getAttribute(name));
    return [...found].map((text) => text.trim());
}"""


@pytest.fixture(scope="module")
def said():
    """Return every text of the catalog with words of its own in French, by the English one."""
    texts = [
        part for one in said_in_code() if one.id for part in ([one.id] if isinstance(one.id, str) else one.id)
    ]
    with speaking("fr"):
        return {text: french for text in texts if "{" not in text and (french := str(tr(text))) != text}


def walked(page):
    """Return the texts of the page with all parameters open, by tab."""
    page.locator(".page-all-button").click()
    page.locator(".page-all-panel .ab-lever").first.wait_for()
    found = {}
    for number, name in enumerate(TABS):
        show_panel(page, page.locator(".page-tabs [role=tab]").nth(number))
        at_rest(page)
        found[name] = set(page.evaluate(TEXTS))
    return found


def test_two_visitors_read_the_page_each_in_a_language(serve_page, open_page, said):
    url = serve_page(APP).url
    french = open_page(f"{url}/?lang=fr&runs=20&selected=KEN", locale="fr-FR")
    english = open_page(f"{url}/?runs=20&selected=KEN")
    for page, lang in ((french, "fr"), (english, "en")):
        page.wait_for_function("document.querySelector('.ab-map')?.dataset.version", timeout=FIRST)
        page.locator(".page-inspector .ab-waterfall").wait_for()
        expect(page.locator("html")).to_have_attribute("lang", lang)
    before = version(french)
    french.locator("input[data-lever][type=range]").first.press("ArrowRight")
    changed(french, before)
    french.wait_for_function("location.search.includes('lang=fr') && location.search.includes('set.')")
    texts, other = walked(french), walked(english)
    untold = {name: sorted(set(said) & found) for name, found in texts.items()}
    assert not any(untold.values()), f"English on the French page: {untold}"
    mixed = {name: sorted(set(said.values()) & found - set(said)) for name, found in other.items()}
    assert not any(mixed.values()), f"French on the English page: {mixed}"
    english.locator(".ab-languages a[hreflang=fr]").click()
    english.wait_for_function("document.documentElement.lang === 'fr'", timeout=FIRST)
    expect(english).to_have_url(re.compile(r"selected=KEN.*lang=fr"))
