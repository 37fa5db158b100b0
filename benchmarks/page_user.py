"""What a user does on the page, counted: clicks, keys and typed values, and the seconds until the answer is seen."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "dashboard")]

import page_steps  # noqa: E402
from page_steps import APP, FIRST, version  # noqa: E402
from served import BROWSER_OPTIONS, OUTSIDE, Server  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 90_000  # milliseconds
DESK = {"width": 1440, "height": 900}
LOADED = ".ab-world [data-state]"

__all__ = [
    "APP", "FIRST", "LOADED", "OUTSIDE", "Server", "User", "chromium", "expect", "first_map", "page_steps", "version",
]  # fmt: skip


def expect(holds: object, what: str) -> None:
    """Check what a task asks for.

    Raises
    ------
    AssertionError
        If it is not there; the message says what was to be seen.
    """
    if not holds:
        raise AssertionError(f"not seen: {what}")


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a headless Chromium as long as it is needed.

    Raises
    ------
    RuntimeError
        If no browser is installed.
    """
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(which, BROWSERS)), None)
    if found is None:
        raise RuntimeError(f"the tasks need a browser: one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


def first_map(page: Any, address: str) -> float:
    """Open an address and return the seconds until the map has its colours."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(LOADED, state="attached", timeout=FIRST)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - start


@dataclass
class User:
    """Somebody at the page: every act is counted, and the clock runs from the first one.

    Attributes
    ----------
    browser, url : where the page is opened
    outside : what the browser asked of other machines
    clicks : acts so far; a click, a key, a typed value and a drag are one each
    """

    browser: Any
    url: str
    outside: list[str]
    clicks: int = 0
    started: float = 0.0
    contexts: list[Any] = field(default_factory=list)

    def comes(self, query: str = "") -> Any:
        """Open the page in a new browser of this user, which is no act of the task."""
        context = self.browser.new_context(
            viewport=DESK, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", self._hears)
        self.address(page, query)
        return page

    def address(self, page: Any, query: str) -> None:
        """Open an address in a tab and wait for the map."""
        first_map(page, f"{self.url}/?{query}")

    def _hears(self, request: Any) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.outside.append(request.url)

    def leaves(self) -> None:
        """Close the browsers of this user."""
        for context in self.contexts:
            context.close()

    @property
    def seconds(self) -> float:
        """Seconds since the first act."""
        return time.perf_counter() - self.started

    def _acts(self) -> None:
        self.started = self.started or time.perf_counter()
        self.clicks += 1

    def click(self, what: Any) -> None:
        """Click something."""
        self._acts()
        what.click()

    def press(self, what: Any, key: str) -> None:
        """Press a key on something."""
        self._acts()
        what.press(key)

    def types(self, where: Any, text: str) -> None:
        """Type a value."""
        self._acts()
        where.fill(text)

    def brings(self, where: Any, file: Path) -> None:
        """Choose a file."""
        self._acts()
        where.set_input_files(file)

    def drags(self, page: Any, what: Any, way: float) -> None:
        """Drag something to the right by so many pixels."""
        self._acts()
        what.scroll_into_view_if_needed()
        box = what.bounding_box()
        x, y = box["x"] + 12, box["y"] + 12
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way, y, steps=8)
        page.mouse.up()

    def chooses(self, page: Any, label: str, option: str) -> None:
        """Open a list and choose from it: two acts."""
        self.click(page.locator(".v-select", has_text=label).first)
        items = page.locator(".menuable__content__active .v-list-item")
        self.click(items.filter(has_text=option).first)

    def downloads(self, page: Any, button: Any) -> bytes:
        """Click a button that makes a file, and return the file."""
        with page.expect_download(timeout=FIRST) as caught:
            self.click(button)
        return Path(caught.value.path()).read_bytes()
