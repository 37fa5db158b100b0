"""A served page and a browser that is cut off from the internet, for every browser test of the dashboard."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_steps import APP, FIRST
from served import BROWSER_OPTIONS, OUTSIDE, Server
from watched import DESK, new_context, watched


@pytest.fixture(scope="session")
def serve_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Return a function that serves an app (a module or a file), once per session."""
    servers: dict[str, Server] = {}

    def start(app: str) -> Server:
        if app not in servers:
            servers[app] = Server(app, tmp_path_factory.mktemp("home"))
        return servers[app]

    yield start
    for server in servers.values():
        server.stop()
    outside = {line for server in servers.values() for line in server.lines if line.startswith(OUTSIDE)}
    assert not outside, f"the server reached for other machines: {outside}"


@pytest.fixture(scope="module")  # no longer: as long as it lives, this thread has a running event loop
def browser(browser_path):
    """Return a headless Chromium."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=FIRST)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(browser_path), args=BROWSER_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def desk(browser):
    """Return a tab that the tests of a file use in turn: its browser has the scripts of the page compiled already."""
    context = new_context(browser, viewport=DESK)
    yield context.new_page()
    context.close()


@pytest.fixture
def open_page(browser, desk):
    """Return a function that opens a page; afterwards, nothing outside was asked for and nothing failed."""
    with watched(browser, desk) as start:
        yield start


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """Return the folder for pictures of every view: AIBLOCS_SCREENSHOTS, or a temporary one."""
    named = os.environ.get("AIBLOCS_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def compiled():
    """Compile what the page needs in a process of its own: no visitor's time limit is spent on it."""
    script = Path(__file__).with_name("compile_model.py")
    environment = {**os.environ, "PYTHONPATH": str(script.parents[2])}
    subprocess.run([sys.executable, str(script)], env=environment, check=True, capture_output=True)


@pytest.fixture(scope="session")
def url(serve_page, compiled):
    return serve_page(APP).url


@pytest.fixture
def visit(url, open_page):
    """Return a function that opens the page with a query and waits for its first result."""

    def start(query="", **options):
        page = open_page(f"{url}/?{query}", **options)
        page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
        return page

    return start
