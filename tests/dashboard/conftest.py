"""A served page and a browser that is cut off from the internet, for every browser test of the dashboard."""

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
serve(port=0, open_browser=False, app=sys.argv[1])
"""


class Server:
    """A page served by its own process, with what it wrote."""

    def __init__(self, app: str, home: Path, **settings: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SOLARA_")}
        environment |= {
            "HOME": str(home),
            "PYTHONPATH": str(HERE.parents[1]),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, app], stderr=subprocess.PIPE, text=True, env=environment, cwd=home
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

    def stop(self) -> None:
        self.process.terminate()
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


@pytest.fixture
def open_page(browser):
    """Return a function that opens a page; afterwards, nothing outside was asked for and nothing failed."""
    contexts = []
    wrong: list[str] = []

    def start(url: str, *, width: int = 1440, height: int = 900, dark: bool = False, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if dark:
            context.add_init_script("localStorage.setItem(':solara:theme.variant', '\"dark\"')")
        origin = "/".join(url.split("/")[:3])

        def pass_or_stop(route):
            if route.request.url.startswith((origin, "data:", "blob:")):
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", pass_or_stop)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on("console", lambda said: wrong.extend([f"console: {said.text}"] * (said.type == "error")))
        page.on("response", lambda got: wrong.extend([f"{got.status} {got.url}"] * (got.status >= 400)))
        page.goto(url)
        return page

    yield start
    for context in contexts:
        context.close()
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
