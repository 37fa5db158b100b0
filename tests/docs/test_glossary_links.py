"""Words of the glossary are linked where a page first uses them, and nothing but prose is touched."""

import re

import pytest
from script_modules import DOCS, ROOT, load_tool

from sim.labels.glossary import terms


def test_the_first_use_is_linked_and_code_headings_tables_and_links_are_left_alone() -> None:
    links = load_tool("glossary_links")
    text = (
        "# Blocs\n\n`bloc` and `aiblocs\nrun bloc` | see [bloc page](x.md)\n\n| bloc |\n\n```sh\nbloc\n```\n"
        "<!-- generated: x -->\na bloc\n<!-- end -->\nA bloc and its members; a bloc has members.\n"
    )
    made = links.linked(text, DOCS / "howto" / "x.md")
    assert made == text.replace(
        "A bloc and its members;", "A [bloc](../glossary.md#bloc) and its [members](../glossary.md#member);"
    )
    assert links.linked(made, DOCS / "howto" / "x.md") == made
    assert links.linked(text, DOCS / "validation.md") == text


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "odd.md", DOCS / "howto" / "ask-why.md"])
def test_links_lead_to_entries(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    found = re.findall(r"glossary\.md#([\w-]+)\)", text)
    assert found
    assert set(found) <= {term.anchor for term in terms()}
