"""The blocks of code on the pages of the documentation."""

import re
from dataclasses import dataclass
from pathlib import Path

from script_modules import DOCS, ROOT

PAGES = [ROOT / "README.md", ROOT / "tools" / "data" / "README.md", *sorted(DOCS.rglob("*.md"))]
COMMANDS = {"console", "sh", "bash"}
SHOWN = {"text", "yaml", "csv", "json", "bibtex", ""}
"""Blocks that are read, not run (unless a comment names the file that they are written to)."""

BLOCK = re.compile(
    r"(?:<!-- (?P<mark>file|not run): (?P<what>[^>]+?) -->\n+)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$",
    re.M | re.S,
)


@dataclass(frozen=True)
class Block:
    """A block of code: its kind, what the comment above it says, what it holds, and where it stands."""

    kind: str
    mark: str | None
    what: str | None
    body: str
    line: int

    @property
    def commands(self) -> list[str]:
        """What is to be typed: lines behind a $, or every line that is no comment; comments at the end are dropped."""
        lines = self.body.replace("\\\n", " ").splitlines()
        if self.kind == "console":
            return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found["kind"],
            found["mark"],
            found["what"],
            found["body"],
            text[: found.start("kind")].count("\n") + 1,
        )
        for found in BLOCK.finditer(text)
    ]
