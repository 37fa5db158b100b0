"""What is taken away from the page and brought to it: links, downloads, scenario files."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from page_steps import (
    FIRST,
    changed,
    lever,
    open_group,
    open_tab,
    picture,
    shows,
    soon,
    version,
)
from playwright.sync_api import expect

from sim.dashboard.downloads import FILES


def test_a_link_restores_the_page_in_a_new_session(visit, url):
    page = visit("runs=50")
    before = version(page)
    open_group(page, "Aid")
    lever(page, "blocs.china.aid_budget").press("End")
    asked = changed(page, before)
    page.locator(".ab-land[data-iso=IND]").click()
    india = "India: why it stands where it stands"
    page.get_by_role("heading", name=india).wait_for(timeout=FIRST)  # charts begin before the page is left
    page.get_by_role("button", name="Tiles").click()
    page.get_by_role("slider", name="Quarter", exact=True).press("PageDown")
    open_tab(page, "Take away")
    page.get_by_role("button", name="Copy link").click()
    field = page.get_by_role("textbox", name="Link to this view")
    parts = {"set.blocs.china.aid_budget", "selected", "view", "quarter", "tab"}
    link = soon(page, field.input_value, lambda link: parts <= set(parse_qs(urlsplit(link).query)))
    assert link.startswith(f"{url}/?")
    other = visit(urlsplit(link).query)
    shows(other, asked)
    soon(other, lambda: picture(other), picture(page))
    expect(other.locator(".ab-quarter")).to_have_text(page.locator(".ab-quarter").inner_text())
    other.get_by_role("heading", name=india).wait_for(timeout=FIRST)


@pytest.mark.parametrize(
    "query", ["scenario=nowhere&runs=-3&foo=1", "set.blocs.us.aid_budget=1e999&on=x", "yaml=zz"]
)
def test_a_bad_link_gives_a_message_and_a_page(visit, query):
    page = visit(query)
    page.locator(".v-alert").first.wait_for()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".v-alert")).to_have_count(0)


def test_files_are_uploaded_with_readable_errors_and_downloaded(visit, tmp_path):
    page = visit("tab=export&runs=50")
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("name: mine\nextends: baseline\nblocs:\n  china: {aid_budget: 14}\n", encoding="utf-8")
    bad.write_text("name: mine\nextends: baseline\nblocs:\n  china: {aid_budgt: 14}\n", encoding="utf-8")
    field = page.get_by_label("Choose a YAML file")
    field.set_input_files(bad)
    page.get_by_text("bad.yaml:4:").wait_for()
    expect(page.locator(".page-mistake")).to_contain_text("did you mean aid_budget?")
    before, drawn = version(page), picture(page)
    field.set_input_files(good)
    page.get_by_text("good.yaml is open").wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('.page-head, .page-head input')]"
        ".some(node => (node.value ?? node.innerText).includes('our file'))"
    )
    changed(page, before)
    assert picture(page) != drawn
    labels = [label for label, *_ in FILES]
    expect(page.locator(".page-panel .ab-handout button")).to_have_text(labels)
    for label, start in (  # what is in all of them: test_downloads.py
        ("Scenario (YAML)", b"name: mine"),
        ("Countries (CSV)", b"# Scenario \xe2\x80\x9cmine"),
        ("Countries (Parquet)", b"PAR1"),
        ("All results (JSON)", b"{"),
    ):
        with page.expect_download(timeout=FIRST) as caught:
            page.locator(f".ab-handout button[data-file='{label}']").click()
        content = Path(caught.value.path()).read_bytes()
        assert content.lstrip().startswith(start), label
