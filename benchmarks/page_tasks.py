"""The fourteen tasks of the review of the page, done again in a real browser, and the page measured.

    python benchmarks/page_tasks.py          do and measure all, write docs/performance.md, fail if a task fails
    python benchmarks/page_tasks.py 3 13     do only these tasks and print them

The acts and what must be seen are in page_answers.py, times and memory in page_measures.py. Run it on a quiet machine.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import page
import page_answers as answers
from common import keep
from page_measures import all_measures, memory, words_of
from page_user import APP, OUTSIDE, Server, User, chromium

ORDER = 40


@dataclass(frozen=True)
class Before:
    """What the review found, on the first page (commit a748994, two shared cores at load 7 to 10)."""

    clicks: str
    seconds: str
    result: str


@dataclass(frozen=True)
class Done:
    """One task done again: acts, seconds, what was seen, or why it failed."""

    clicks: int
    seconds: float
    seen: str
    failed: str = ""


@dataclass(frozen=True)
class Task:
    """A task in the user's words, as it went before, and how it is done now."""

    words: str
    before: Before
    do: Callable[[User], str]


TASKS = (
    Task("US halves chips to tier 2", Before("2–4", "3", "◐ −0.4, or ±0 without a reason"), answers.half_the_chips),
    Task("China triples finance", Before("3", "4", "✔"), answers.triple_finance),
    Task("Why does Kenya stand there?", Before("3", "5", "◐ costs not among the bars"), answers.why_kenya),
    Task("Compare two futures, export the chart", Before("6", "25", "◐ no reference, no origin"), answers.compare_and_export),
    Task("Make a state join the China-led bloc", Before("3", "17", "◐ a table without a button"), answers.make_one_join),
    Task("Move the date of a policy", Before("8", "25", "◐ entered again by hand"), answers.move_a_policy),
    Task("Add an event of one's own", Before("6", "20", "✔"), answers.add_an_event),
    Task("Share exactly this view", Before("2", "3", "✔ on the ninth tab"), answers.share_the_view),
    Task("Bring a file with mistakes", Before("2", "2", "✔ but no reference afterwards"), answers.bring_a_file),
    Task("Download the data", Before("2", "1–4", "✔ without scenario, seed, version"), answers.download_the_data),
    Task("Source of one number", Before("3", "6", "◐ no links, no licence"), answers.source_of_a_number),
    Task("How did the model do against reality?", Before("1", "3", "◐ a table of scores"), answers.against_reality),
    Task("Sweep two levers, read the tipping line", Before("2", "9–12", "✘ no line, no reason"), answers.sweep_two_levers),
    Task("Step the agents (teacher)", Before("3", "4", "◐ no play, map does not follow"), answers.watch_agents),
)  # fmt: skip
"""The tasks of the review in its order; before: clicks, seconds and result as it recorded them."""


def do_tasks(browser: Any, url: str, outside: list[str], only: Sequence[int] = ()) -> dict[int, Done]:
    """Do the tasks by number (from 1); a failure is kept as such and the next is done."""
    found = {}
    for number, task in enumerate(TASKS, 1):
        if only and number not in only:
            continue
        user = User(browser, url, outside)
        try:
            seen, failed = task.do(user), ""
        except Exception as error:  # whatever a user would meet is a failure of the task
            seen, failed = "", str(error).splitlines()[0]
        found[number] = Done(user.clicks, user.seconds, " ".join(seen.split()), failed)
        user.leaves()
        print(json.dumps({"task": task.words, **found[number].__dict__}, ensure_ascii=False), flush=True)
    return found


def table(done: dict[int, Done]) -> str:
    """Return the tasks as a Markdown table: before, after, and what was seen."""
    lines = [
        "| # | Task | Before: clicks, s, result | After: clicks, s, result | What was seen |",
        "| --- | --- | --- | --- | --- |",
    ]
    for number, now in done.items():
        task, mark = TASKS[number - 1], "✘" if now.failed else "✔"
        before = f"{task.before.clicks}, {task.before.seconds}, {task.before.result}"
        seen = (now.failed or now.seen).replace("|", "/")
        lines.append(
            f"| {number} | {task.words} | {before} | {now.clicks}, {now.seconds:.1f}, {mark} | {seen} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Do the tasks asked for, or all and the measures; return the exit code."""
    only, outside = [int(word) for word in sys.argv[1:]], list[str]()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        server = Server(APP, Path(home))
        try:
            at_first = memory(server)
            done = do_tasks(browser, server.url, outside, only)
            at_last = memory(server)
            found = {} if only else all_measures(browser, server, Path(home), outside)
        finally:
            server.stop()
        outside += [line for line in server.lines if line.startswith(OUTSIDE)]
    failed = any(one.failed for one in done.values())
    print(table(done))
    if found:
        cores = f"{os.cpu_count()} processors, load {load:.1f} when it began"
        words = (
            f"Fourteen tasks of a review of the first page, done again by a script that acts as a user does ({cores}). "
            "Clicks are all acts: a click, a key, a typed value, a drag. Before: as the review recorded it.\n\n"
            f"{table(done)}\n\n{words_of(found, (at_first, at_last), outside)}"
        )
        told = {
            "tasks": {n: asdict(one) for n, one in done.items()},
            "outside": outside,
            "load": load,
            **found,
        }
        keep("page", "The page", ORDER, told, words, {})
        sys.argv[1:] = []
        page.main()
    return int(failed or bool(outside))


if __name__ == "__main__":
    sys.exit(main())
