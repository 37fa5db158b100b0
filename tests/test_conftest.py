"""The browser rule: skipped with a word where there is no browser, failed in CI, run where there is one."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest_plugins = ["pytester"]

TWO_BROWSER_TESTS = """
import pytest

def test_that_asks_for_the_browser(browser_path):
    assert browser_path.exists()

@pytest.mark.browser
def test_that_is_marked():
    pass

def test_that_needs_none():
    pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a small suite under the rules of this one, with no browser at hand."""
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\nmarkers =\n    browser: needs a browser\n")
    pytester.makepyfile(TWO_BROWSER_TESTS)
    monkeypatch.setenv("AIBLOCS_BROWSER", str(pytester.path / "browser"))
    monkeypatch.delenv("CI", raising=False)
    return pytester


def test_without_a_browser_its_tests_are_skipped_with_a_word(suite: pytest.Pytester) -> None:
    result = suite.runpytest_subprocess("-rs")
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["*SKIPPED*no Chromium found*AIBLOCS_BROWSER*"])


def test_without_a_browser_its_tests_fail_in_ci(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("ci", ["", "true"])
def test_with_a_browser_all_run(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setenv("CI", ci)
    browser = suite.path / "browser"
    browser.touch(mode=0o755)
    suite.runpytest_subprocess().assert_outcomes(passed=3)


def test_the_browser_tests_can_be_chosen_though_not_marked_by_hand(suite: pytest.Pytester) -> None:
    suite.runpytest_subprocess("-m", "browser").assert_outcomes(skipped=2, deselected=1)


class Node:
    """A process that takes tests as the scheduler hands them out, and writes down from which files."""

    def __init__(self, tests: list[str]) -> None:
        self.tests, self.waiting, self.files = tests, [], []
        self.shutting_down, self.gateway = False, SimpleNamespace(id="a process")

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.waiting += numbers
        self.files += dict.fromkeys(self.tests[number].partition("::")[0] for number in numbers)

    def shutdown(self) -> None:
        self.shutting_down = True


@pytest.mark.parametrize("processes", [2, 3, 4, 5])
def test_half_of_the_processes_drive_the_page_until_one_has_nothing_left(
    request: pytest.FixtureRequest, pytester: pytest.Pytester, processes: int
) -> None:
    config = pytester.parseconfig(*["--tx=popen"] * processes, "--dist=loadfile")
    scheduler: Any = request.config.hook.pytest_xdist_make_scheduler(config=config, log=None)
    files = [f"test_{n}{kind}.py" for n in range(9) for kind in ("", "_browser")]
    pytester.makepyfile(test_3="@pytest.mark.slow\ndef test_0(): ...")
    tests = [f"{file}::test_{n}" for file in files for n in range(1 + files.index(file))]
    nodes = [Node(tests) for _ in range(processes)]
    for node in nodes:
        scheduler.add_node(node)
        scheduler.add_node_collection(node, tests)
    scheduler.schedule()
    while waiting := [node for node in nodes if node.waiting]:
        for node in waiting:
            scheduler.mark_test_complete(node, node.waiting.pop(0))
    assert sorted(file for node in nodes for file in node.files) == sorted(files), "each file once and whole"
    drivers = nodes[: processes // 2]
    for node in nodes:
        kinds = [file.endswith("_browser.py") == (node in drivers) for file in node.files]
        assert kinds[0], "each begins with his own"
        assert kinds == sorted(kinds, reverse=True), "and helps with the rest afterwards"
    assert drivers[0].files[0] == "test_0_browser.py", "few tests, which are long ones, first"
    assert nodes[processes // 2].files[0] == "test_3.py", "what is slow as well"
    assert all(node.shutting_down for node in nodes)
