"""A served page and a browser that is cut off from the internet, for every browser test of the dashboard."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_steps import APP, FIRST
from served import BROWSER_OPTIONS, OUTSIDE, Server


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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(browser_path), args=BROWSER_OPTIONS)
        yield chromium
        chromium.close()


DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def desk(browser):
    """Return a tab that the tests of a file use in turn: its browser has the scripts of the page compiled already."""
    context = new_context(browser, viewport=DESK)
    yield context.new_page()
    context.close()


def new_context(browser, **options):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    context.set_default_timeout(FIRST)
    return context


@pytest.fixture
def open_page(browser, desk):
    """Return a function that opens a page; afterwards, nothing outside was asked for and nothing failed.

    The first page of a test that needs nothing special opens in the tab of the file, others in a browser of their own.
    """
    contexts = []
    wrong: list[str] = []
    desk_is_free = [desk]

    def watch(page, origin):
        def pass_or_stop(route):
            if route.request.url.startswith((origin, "data:", "blob:")):
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        def note(event, text_of):
            def heard(thing):
                if text := text_of(thing):
                    wrong.append(text)

            page.on(event, heard)
            return event, heard

        page.route("**/*", pass_or_stop)
        return [
            note("pageerror", lambda error: f"page error: {error}"),
            note("console", lambda said: f"console: {said.text}" if said.type == "error" else ""),
            note("response", lambda got: f"{got.status} {got.url}" if got.status >= 400 else ""),
        ]

    heard_on_desk = []

    def start(
        url: str, *, width: int = DESK["width"], height: int = DESK["height"], dark: bool = False, **options
    ):
        origin = "/".join(url.split("/")[:3])
        size = {"width": width, "height": height}
        if desk_is_free and size == DESK and not dark and not options:
            page = desk_is_free.pop()
            heard_on_desk.extend(watch(page, origin))
        else:
            context = new_context(browser, viewport=size, **options)
            contexts.append(context)
            if dark:
                context.add_init_script("localStorage.setItem(':solara:theme.variant', '\"dark\"')")
            page = context.new_page()
            watch(page, origin)
        page.goto(url)
        return page

    yield start
    for context in contexts:
        context.close()
    if not desk_is_free:
        desk.set_viewport_size(DESK)
        desk.goto("about:blank")
        desk.unroute_all()
        for event, heard in heard_on_desk:
            desk.remove_listener(event, heard)
    assert not wrong, "\n".join(wrong)


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
