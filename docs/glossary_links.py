"""Links from the first use of a word on a page of the documentation to its entry in the glossary."""

from __future__ import annotations

import re
from os.path import relpath
from pathlib import Path

from sim.labels.glossary import GlossaryTerm, first_uses

DOCS = Path(__file__).resolve().parent
GLOSSARY = DOCS / "glossary.md"
UNLINKED = frozenset(
    f"{name}.md"
    for name in (
        "glossary",
        "validation",
        "scoreboard",
        "rolling",
        "performance",
        "mutations",
        "clean-machine",
    )
)
"""The glossary itself, and pages that are written whole by a command."""
_KEPT = re.compile(
    r"(<!-- generated: .*?<!-- end -->|<!--.*?-->|^```.*?^```|^#.*?$|^\|.*?$|`(?:[^`\n]|\n(?!\n))*`|"
    r"!?\[[^\]]*\]\([^)]*\)|\[[^\]]*\]\[[^\]]*\])",
    re.DOTALL | re.MULTILINE,
)
"""What is left as it is: generated parts, remarks, code, headings, rows of tables, links."""
_LINK = re.compile(r"\]\([^)\s]*glossary\.md#([\w-]+)\)")


def linked(text: str, page: Path) -> str:
    """Return a page with the first use of every word of the glossary linked; a word that is linked already stays alone."""
    if page.name in UNLINKED:
        return text
    used: dict[str, GlossaryTerm] = dict.fromkeys(_LINK.findall(text))  # type: ignore[arg-type]
    place = relpath(GLOSSARY, page.parent).replace("\\", "/")
    parts = []
    for n, part in enumerate(_KEPT.split(text)):
        if n % 2:
            parts.append(part)
            continue
        for piece, term in first_uses(part, used):
            parts.append(piece if term is None else f"[{piece}]({place}#{term.anchor})")
    return "".join(parts)
