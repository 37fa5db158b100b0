"""What every test can count on: repeatable examples, one thread per library, a browser or a clear word."""

import functools
import gc
import os
import shutil
import signal
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Set before any library reads them: tests run next to each other on few cores, and draw without a screen.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("MPLBACKEND", "agg")

# A suite that was started in the background ignores Ctrl-C, and so would the programs that it interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in each run, so that a failure is of the change and not of the day;
# HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OF_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_browser() -> Path | None:
    """Return the Chromium named by AIBLOCS_BROWSER, or the first one installed, or None."""
    named = os.environ.get("AIBLOCS_BROWSER")
    for name in (named,) if named else BROWSER_NAMES:
        if found := shutil.which(name):
            return Path(found)
    return BROWSER_OF_MACOS if not named and BROWSER_OF_MACOS.exists() else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Look for garbage neither while all modules are imported, nor later among what they made: it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)  # before `-m browser` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that asks for the browser."""
    for item in items:
        if "browser_path" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Say which files go to which process when several share the suite.

    The tests of a file share what is slow to make, and stay together. Half of the processes, one at least, drive the
    page: they mostly wait for a browser and a server, and what they drive keeps a core busy. The others do all else.
    Who has nothing left to do of his own takes what there is.
    """
    from xdist.scheduler import LoadFileScheduling

    @functools.cache
    def slow(file: str) -> bool:
        path = config.rootpath / file
        return path.is_file() and "mark.slow" in path.read_text(encoding="utf-8")

    class Drivers(LoadFileScheduling):
        def _assign_work_unit(self, node: Any) -> None:
            drives = self.nodes.index(node) < max(1, len(self.nodes) // 2)
            pages = [file for file in self.workqueue if file.endswith("_browser.py")]
            others = sorted(
                (file for file in self.workqueue if file not in pages), key=lambda file: not slow(file)
            )
            # slow files first, and of the page those of few tests, which are long: none begins when all else is done
            own, rest = (pages[::-1], others) if drives else (others, pages[::-1])
            self.workqueue.move_to_end((own or rest)[0], last=False)
            super()._assign_work_unit(node)

    return Drivers(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a browser where there is none; fail it in CI, where nobody reads about skips."""
    if item.get_closest_marker("browser") and find_browser() is None:
        message = "no Chromium found (install it, or name one in AIBLOCS_BROWSER)"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """Return the Chromium to drive; asking for it marks a test as a browser test."""
    found = find_browser()
    assert found is not None, "a test reached for the browser although it was not found before"
    return found
