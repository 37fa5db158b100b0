"""Text that somebody else may have written (a link brings a scenario) is never markup on the page."""

import ast
from pathlib import Path

import solara

import sim.dashboard
from sim.dashboard.components import plain_text

RAW = {"components.py": 1, "evidence.py": 2, "gloss.py": 1, "head.py": 2, "frame.py": 1, "asked.py": 3, "view.py": 2,
       "debriefing.py": 2, "revealing.py": 1}  # fmt: skip
"""Places that hand markup to the page: the escaped text itself, a list of fixed sentences and the validation report, escaped
text with words of the glossary marked (tests/dashboard/test_gloss.py); links, lists and tables of escaped texts."""


def test_markup_in_a_text_is_shown_and_not_run() -> None:
    @solara.component
    def Page() -> None:  # noqa: N802 - components are named like classes
        plain_text("p", "<img src=x onerror=alert(1)> & more", classes=["page-small"])

    box, _ = solara.render(Page(), handle_error=False)
    shown = box.children[0]
    assert shown.tag == "p"
    assert shown.unsafe_innerHTML == "&lt;img src=x onerror=alert(1)&gt; &amp; more"


def test_no_other_place_hands_markup_to_the_page() -> None:
    found: dict[str, int] = {}
    for path in Path(sim.dashboard.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "solara.HTML":
                found[path.name] = found.get(path.name, 0) + 1
    assert found == RAW
