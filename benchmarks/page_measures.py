"""Times and memory of the page: slider to pixels, first map, ten visitors at once, a server that is killed and comes back."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import psutil
from page_user import APP, FIRST, Server, User, first_map, page_steps

LEVER, DRAGGED = "finance.china", "finance.us"
SESSIONS, MOVES, LOADS = 10, 15, 5
PATIENCE = 180.0
IDLE, QUIET = 5.0, 2.0
"""Per cent of one processor under which the server rests, and for how many seconds it must."""
MEGABYTE = 1e6


def memory(server: Server) -> float:
    """Return the memory of the server, MB."""
    return float(psutil.Process(server.process.pid).memory_info().rss) / MEGABYTE


def rest(server: Server) -> None:
    """Wait, three minutes at most, until the server computes nothing: effects of levers are found in the background."""
    process, end = psutil.Process(server.process.pid), time.monotonic() + PATIENCE
    while process.cpu_percent(QUIET) > IDLE and time.monotonic() < end:
        pass


def slider_to_pixels(user: User, server: Server) -> list[float]:
    """Return the times from moving a slider to a painted map, ms, each with the server at rest."""
    page = user.comes("seed=77")
    rest(server)
    times: list[float] = page_steps.measured(page, LEVER, MOVES, 1500)
    return times


def first_maps(user: User) -> list[float]:
    """Return the seconds from asking for the page to a coloured map, each in a new browser profile."""
    found = []
    for _ in range(LOADS):
        context = user.browser.new_context(viewport={"width": 1440, "height": 900})
        found.append(first_map(context.new_page(), f"{user.url}/"))
        context.close()
    return found


def ten_at_once(user: User, server: Server) -> dict[str, Any]:
    """Open ten sessions, move a lever in each, and return memory (MB) before and after and the times (ms)."""
    before = memory(server)
    pages = [user.comes(f"seed={100 + number}") for number in range(SESSIONS)]
    rest(server)
    held = memory(server)
    times = [page_steps.measured(page, LEVER, 1)[0] for page in pages]
    return {"megabytes_before": before, "megabytes": held, "move_ms": times}


def killed_in_a_drag(browser: Any, home: Path, outside: list[str]) -> dict[str, Any]:
    """Kill the server in the middle of a drag, start it again, and return how long it was away; the state must be the same.

    Raises
    ------
    AssertionError
        If the page comes back with another state.
    """
    server = Server(APP, home)
    user = User(browser, server.url, outside)
    try:
        page = user.comes("selected=KEN&tab=compare&set.blocs.china.aid_budget=174")
        rest(server)
        track = page.locator(f"input[data-lever='{DRAGGED}']")
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        x, y = box["x"] + 20, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for way in (10, 20, 30):
            page.mouse.move(x + way, y)
            page.wait_for_timeout(40)
        server.kill()
        page.wait_for_function("document.body.classList.contains('aiblocs-lost')")
        page.mouse.move(x + 60, y)
        page.mouse.up()
        value = track.input_value()
        asked = time.perf_counter()
        server = Server(APP, home, {"port": int(user.url.rsplit(":", 1)[1])})
        answered = time.perf_counter() - asked
        page.wait_for_function(
            "value => document.querySelector('.ab-map')?.dataset.version.includes(`us.aid_budget=${value}`)"
            " && !document.body.classList.contains('aiblocs-lost')",
            arg=value,
            timeout=FIRST,
        )
        back = time.perf_counter() - asked
        held = page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
        wanted = {"selected": "KEN", "tab": "compare", "set.blocs.china.aid_budget": "174"}
        same = wanted | {"set.blocs.us.aid_budget": value} == held
        if not same:
            raise AssertionError(f"the page came back as {held}")
        return {"server_s": answered, "restored_s": back, "after_server_s": back - answered}
    finally:
        user.leaves()
        server.stop()


def all_measures(browser: Any, server: Server, home: Path, outside: list[str]) -> dict[str, Any]:
    """Measure everything but the tasks."""
    user = User(browser, server.url, outside)
    loads, times = first_maps(user), slider_to_pixels(user, server)
    user.leaves()
    ten = User(browser, server.url, outside)
    together = ten_at_once(ten, server)
    ten.leaves()
    return {
        "first_map_s": loads,
        "slider_ms": times,
        "ten": together,
        "killed": killed_in_a_drag(browser, home, outside),
    }


def words_of(found: dict[str, Any], tasks_mb: tuple[float, float], outside: list[str]) -> str:
    """Return the measures as a Markdown table."""
    slider, loads = found["slider_ms"], found["first_map_s"]
    ten, killed = found["ten"], found["killed"]
    rows = {
        f"Slider to pixels, median of {len(slider)} (range), server at rest": (
            f"{statistics.median(slider):.0f} ms ({min(slider):.0f} to {max(slider):.0f})"
        ),
        f"First coloured map after the page is asked for, median of {len(loads)} new profiles": (
            f"{statistics.median(loads):.1f} s ({min(loads):.1f} to {max(loads):.1f})"
        ),
        f"{SESSIONS} sessions at once: a move in each, median (slowest)": (
            f"{statistics.median(ten['move_ms']):.0f} ms ({max(ten['move_ms']):.0f})"
        ),
        f"{SESSIONS} sessions at once: memory of the server, before and with them": (
            f"{ten['megabytes_before']:.0f} → {ten['megabytes']:.0f} MB"
        ),
        "Server killed (kill -9) in the middle of a drag and started again: the same state is back after": (
            f"{killed['restored_s']:.1f} s, of which the server starts for {killed['server_s']:.1f} s"
        ),
        "Memory of the server before and after the fourteen tasks": f"{tasks_mb[0]:.0f} → {tasks_mb[1]:.0f} MB",
        "Requests to other machines, by browser or server": "none" if not outside else ", ".join(outside),
    }
    return "\n".join(
        ["| What | Measured |", "| --- | --- |", *(f"| {what} | {said} |" for what, said in rows.items())]
    )
