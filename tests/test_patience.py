"""No test fails because the machine is busy: what must come has as long as every other test gives it."""

import ast
from pathlib import Path

import pytest
from patience import PATIENCE

TESTS = Path(__file__).parent
WAITING = ("wait", "communicate", "join", "acquire", "set_default_timeout")
"""Calls whose first argument is how long they wait."""


READING = (
    "all_inner_texts", "all_text_contents", "count", "get_attribute", "inner_html", "inner_text", "input_value",
    "is_checked", "is_disabled", "is_enabled", "is_hidden", "is_visible", "text_content", "title",
)  # fmt: skip
"""Calls of Playwright that tell what a page holds at the moment."""


def typed_limits(text: str) -> list[int]:
    """Return the lines of a file of tests that wait for a time which is typed there."""
    found = []
    for node in ast.walk(ast.parse(text)):
        limits: list[ast.expr] = []
        if isinstance(node, ast.Call):
            limits = [named.value for named in node.keywords if named.arg == "timeout"]
            if isinstance(node.func, ast.Attribute) and node.func.attr in WAITING:
                limits += node.args[:1]
        elif isinstance(node, ast.BinOp) and "monotonic()" in ast.unparse(node.left):
            limits = [node.right] if isinstance(node.op, ast.Add) else []
        if any(isinstance(limit, ast.Constant) and type(limit.value) in (int, float) for limit in limits):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "process.communicate(timeout=60)",
        "thread.join(5.0)",
        "page.get_by_text('so').wait_for(timeout=5_000)",
        "end = time.monotonic() + 60",
        "context.set_default_timeout(60_000)",
    ],
)
def test_a_typed_limit_is_seen(line: str) -> None:
    assert typed_limits(line) == [1]


@pytest.mark.parametrize("line", ["thread.join(PATIENCE)", "', '.join(names)", "now = time.monotonic() - 5"])
def test_what_is_no_typed_limit_is_none(line: str) -> None:
    assert typed_limits(line) == []


def test_whoever_waits_is_patient() -> None:
    limits = {
        path.relative_to(TESTS).as_posix(): lines
        for path in sorted(TESTS.rglob("*.py"))
        if (lines := typed_limits(path.read_text(encoding="utf-8")))
    }
    assert limits == {}, f"wait for patience.PATIENCE, {PATIENCE:.0f} s"


def read_once(text: str) -> list[int]:
    """Return the lines of a file of browser tests that assert what the page happens to hold at the moment."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assert)
        and any(
            isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in READING
            and (call.func.attr != "count" or not call.args)
            for call in ast.walk(node.test)
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "assert page.locator('.ab-quarter').inner_text() == '2036Q4'",
        "assert 'so' in field.input_value()",
        "assert not rows.count()",
        "assert max(int(text) for text in parts.all_inner_texts()) < 100",
    ],
)
def test_what_is_read_once_is_seen(line: str) -> None:
    assert read_once(line) == [1]


@pytest.mark.parametrize(
    "line",
    ["expect(parts).to_have_count(3)", "texts = parts.all_inner_texts()", "assert texts.count('so') == 1"],
)
def test_what_waits_or_was_read_before_is_not_read_once(line: str) -> None:
    assert read_once(line) == []


def test_what_a_page_holds_is_waited_for() -> None:
    found = {
        path.name: lines
        for path in sorted(TESTS.rglob("*_browser.py"))
        if (lines := read_once(path.read_text(encoding="utf-8")))
    }
    assert len(list(TESTS.rglob("*_browser.py"))) > 5
    assert found == {}, (
        "the parts of a page follow an act each in its own time: expect(...), or page_steps.soon"
    )
