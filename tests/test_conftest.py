"""The browser rule: skipped with a word where there is no browser, failed in CI, run where there is one."""

from pathlib import Path

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
