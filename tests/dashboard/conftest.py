"""A served page and a browser that is cut off from the internet, for every browser test of the dashboard."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_steps import APP, FIRST

HERE = Path(__file__).parent
PATIENCE = 60.0

# Runs in the server's process: any attempt to reach another machine is written down.
SERVE = """
import json
import sys
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not host.startswith("127.") and host not in ("::1", "localhost"):
            print("OUTSIDE", host, file=sys.stderr, flush=True)
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "127.0.0.1", "localhost", "::1"):
        print("OUTSIDE", arguments[0], file=sys.stderr, flush=True)
sys.addaudithook(watch)
from sim.dashboard.launch import serve
serve(open_browser=False, app=sys.argv[1], **json.loads(sys.argv[2]))
"""


class Server:
    """A page served by its own process, with what it wrote."""

    def __init__(self, app: str, home: Path, served: dict | None = None, **settings: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SOLARA_")}
        environment |= {
            "HOME": str(home),
            "PYTHONPATH": str(HERE.parents[1]),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, app, json.dumps({"port": 0} | (served or {}))],
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=home,
        )
        self.lines: list[str] = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if not self.ready.wait(PATIENCE):
            self.stop()
            raise RuntimeError("the page did not start:\n" + "\n".join(self.lines))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if found := re.search(r"The page is at (\S+)", line):
                self.url = found.group(1)
                self.ready.set()

    def kill(self) -> None:
        """End the process as a crash would."""
        self.process.kill()
        self._ended()

    def stop(self) -> None:
        self.process.terminate()
        self._ended()

    def _ended(self) -> None:
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()


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
    outside = {line for server in servers.values() for line in server.lines if line.startswith("OUTSIDE")}
    assert not outside, f"the server reached for other machines: {outside}"


@pytest.fixture(scope="module")  # no longer: as long as it lives, this thread has a running event loop
def browser(browser_path):
    """Return a headless Chromium."""
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(browser_path), args=options)
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
    context.set_default_timeout(20_000)
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
def url(serve_page):
    return serve_page(APP).url


@pytest.fixture
def visit(url, open_page):
    """Return a function that opens the page with a query and waits for its first result."""

    def start(query="", **options):
        page = open_page(f"{url}/?{query}", **options)
        page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
        return page

    return start
