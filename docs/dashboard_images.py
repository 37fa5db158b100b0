"""The pictures of the page: served by its own process, opened in a Chromium, photographed as a visitor sees it.

`python docs/make_images.py dashboard-map` draws one anew. The browser tests take pictures of every view, into a
temporary folder or the one that AIBLOCS_SCREENSHOTS names.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

from sim.errors import InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SERVE = "from sim.dashboard.launch import serve; serve(port=0, open_browser=False)"
LEARNED = """() => {
    const effects = [...document.querySelectorAll(':is(.page-left, .page-right, .page-sheet) .ab-lever-effect')];
    return effects.length > 0 && effects.every((effect) => effect.textContent)
        && !document.querySelector('.page-came').textContent.trim().endsWith('…');
}"""
"""What every lever does is computed one by one, and what came of a change is told after it."""
PATIENCE = 240_000  # milliseconds; the model may have to be compiled
VIEWS: dict[str, dict[str, Any]] = {
    "dashboard-map": {"query": "set.blocs.china.aid_budget=150", "size": (1440, 860)},
    "dashboard-country": {"query": "selected=KEN&set.blocs.us.aid_budget=100", "part": ".page-inspector"},
    "dashboard-tiles": {"query": "view=tiles&quarter=2030Q4", "size": (1440, 860), "dark": True},
    "dashboard-phone": {"query": "set.blocs.china.aid_budget=150&tint=change", "size": (390, 844)},
}
"""Name of the file, and what it shows: the link, the size of the window, the part of the page, the theme."""


def picture(name: str, folder: Path) -> Path:
    """Photograph one view of the page and return the file."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(which, BROWSERS)), None)
    if browser is None:
        raise InputError(f"pictures of the page need a browser: one of {', '.join(BROWSERS)}")
    with served() as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        content = _photograph(chromium, url, **VIEWS[name])
        chromium.close()
    path = folder / f"{name}.png"
    path.write_bytes(smaller(content))
    return path


@contextmanager
def served() -> Iterator[str]:
    """Serve the page on a free port as long as it is needed, and give its address."""
    server = subprocess.Popen([sys.executable, "-c", SERVE], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        found = next(filter(None, (re.search(r"The page is at (\S+)", line) for line in server.stderr)), None)
        if found is None:
            raise InputError("the page did not start; `aiblocs dashboard` says why")
        yield found.group(1)
    finally:
        server.terminate()
        server.communicate()


def _photograph(
    chromium: Any,
    url: str,
    query: str,
    size: tuple[int, int] = (1440, 1400),
    part: str = "",
    dark: bool = False,
) -> bytes:
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(f"{url}/?{query}")
    page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=PATIENCE)
    if part:
        page.locator(f"{part} canvas").first.wait_for(timeout=PATIENCE)
        page.locator(".ab-bars").wait_for(timeout=PATIENCE)
    page.wait_for_function(LEARNED, timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # charts paint a moment after they are there
    taken: bytes = (page.locator(part) if part else page).screenshot()
    context.close()
    return taken


def smaller(content: bytes) -> bytes:
    """Return the same picture as a smaller PNG: nothing shines through, and it is packed with care."""
    from PIL import Image

    sink = BytesIO()
    with Image.open(BytesIO(content)) as image:
        image.convert("RGB").save(sink, "PNG", optimize=True)
    return sink.getvalue()
