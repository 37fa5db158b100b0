"""Measure the page in a real browser on this computer, and write benchmarks/measured/dashboard.json.

Run with ``python benchmarks/bench_dashboard.py``, then ``python benchmarks/page.py`` writes docs/performance.md. It takes
the server and the steps of the browser tests (tests/dashboard); nothing else should run meanwhile.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "dashboard"
sys.path[:0] = [str(TESTS), str(ROOT)]

from conftest import Server  # noqa: E402
from page_steps import APP, FIRST, changed, lever, measured, open_group, version  # noqa: E402
from test_serving_browser import FLOOR_PAGE, LEVER, START  # noqa: E402

MEASURED = ROOT / "benchmarks" / "measured" / "dashboard.json"
MOVES = 21
SESSIONS = 10
WAVES = 4
"""How often ten sessions come and go: more results than the store of all sessions keeps."""
CULL = 2
"""Seconds after which a session that nobody looks at is closed (ten minutes unless the server is told otherwise)."""


def server_of(app: str, home: Path) -> Server:
    """Serve a page in a process of its own, as the tests do."""
    return Server(app, home, SOLARA_KERNEL_CULL_TIMEOUT=f"{CULL}s")


def opened(browser: Browser, url: str) -> Page:
    """Open a page as a visitor of its own and wait for its first picture."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url)
    page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
    return page


def moved_at_once(pages: list[Page]) -> list[float]:
    """Move a lever in all pages at the same moment; return how long each took, ms."""
    before = [version(page) for page in pages]
    for page in pages:
        open_group(page, "Chip access")
        lever(page, LEVER).wait_for()
    for page in pages:
        page.evaluate(START, LEVER)
    for page, old in zip(pages, before, strict=True):
        changed(page, old)
        page.wait_for_function("window.took")
    return [page.evaluate("window.took") for page in pages]


def measure(browser: Browser, home: Path) -> dict[str, Any]:
    """Measure the floor, one session, ten sessions, and the memory of sessions that come and go."""
    found: dict[str, Any] = {}
    floor = server_of(FLOOR_PAGE, home)
    page = browser.new_page()
    page.goto(floor.url)
    found["floor"] = statistics.median(measured(page, "floor", MOVES))
    page.close()
    floor.stop()
    server = server_of(APP, home)
    process = psutil.Process(server.process.pid)

    def megabytes() -> float:
        return float(process.memory_info().rss / 1e6)

    page = opened(browser, f"{server.url}/?seed=77")
    open_group(page, "Chip access")
    page.wait_for_timeout(1500)  # charts of the first picture are still drawn, and the compiler warms up
    before = process.cpu_times()
    found["one"] = measured(page, LEVER, MOVES)
    after = process.cpu_times()
    found["cpu_a_move"] = 1e3 * (after.user + after.system - before.user - before.system) / MOVES
    page.context.close()
    found["memory"] = []
    for wave in range(WAVES):
        pages = [opened(browser, f"{server.url}/?seed={100 * wave + n + 200}") for n in range(SESSIONS)]
        if wave == 0:
            open_group(pages[3], "Chip access")
            found["ten"] = measured(pages[3], LEVER, MOVES)
            found["ten_at_once"] = moved_at_once(pages)
        opened_now = megabytes()
        for page in pages:
            page.context.close()
        time.sleep(CULL + 6)
        found["memory"].append([opened_now, megabytes()])
    server.stop()
    return found


def words(found: dict[str, Any]) -> str:
    """Return what was measured as Markdown, from the numbers alone."""
    computer, last = found["computer"], found["memory"][-1]
    rows = (
        ("a page that computes nothing", [found["floor"]]),
        ("one session, 200 futures", found["one"]),
        (f"{SESSIONS} sessions open, one moves", found["ten"]),
        (f"{SESSIONS} sessions open, all move at the same moment", found["ten_at_once"]),
    )
    lines = [
        f"From the move of a lever to a painted frame with the new result, in a headless Chromium beside the server on "
        f"{computer['cores']} cores ({computer['machine']}, Python {computer['python']}); each move is a future not seen "
        "before, the whole model solved anew.",
        "",
        "| what | median ms | slowest ms |",
        "| --- | ---: | ---: |",
        *(f"| {what} | {statistics.median(times):.0f} | {max(times):.0f} |" for what, times in rows),
        "",
        f"A move costs the server {found['cpu_a_move']:.0f} ms of processor time on its threads together.",
        "",
        f"Memory of the server: {found['memory'][0][0]:.0f} MB with {SESSIONS} sessions open for the first time. After "
        f"{WAVES} times {SESSIONS} sessions that came and went, each with futures of its own: {last[0]:.0f} MB open, "
        f"{last[1]:.0f} MB closed (MB closed after each: {', '.join(f'{closed:.0f}' for _, closed in found['memory'])}). "
        "What stays is the store of results that all sessions share, which is bounded.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write and show; ``--words`` only puts the numbers of last time into words again."""
    if "--words" in sys.argv[1:]:
        found = json.loads(MEASURED.read_text(encoding="utf-8"))["measured"]
    else:
        chromium = (
            os.environ.get("AIBLOCS_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
        )
        with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
            options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=chromium, args=options)
            found = measure(browser, Path(home))
            browser.close()
        found["computer"] = {
            "cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version(),
        }  # fmt: skip
    said = {"title": "The page", "order": 30, "measured": found, "markdown": words(found)}
    MEASURED.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    print(said["markdown"])


if __name__ == "__main__":
    main()
