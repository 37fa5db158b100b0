"""Run the notebooks of this folder and keep them with what they show: ``python docs/notebooks.py [NAME.ipynb ...]``.

The test suite runs them again and compares every number with what is kept here.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
SECONDS = 900
_SVG = "image/svg+xml"


def notebooks() -> list[Path]:
    """Return the notebooks of the documentation."""
    return sorted(DOCS.glob("*.ipynb"))


def executed(path: Path, folder: Path) -> Any:
    """Run a notebook in a folder and return it with its outputs, without what depends on the moment.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    environment = {**os.environ, "PYTHONPATH": str(DOCS.parent)}
    client = nbclient.NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = _joined([output for output in cell.outputs if not _empty(output)])
            for output in cell.outputs:
                if _SVG in output.get("data", {}):
                    output.data[_SVG] = _with_lasting_names(output.data[_SVG])
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def shown(notebook: Any) -> list[list[str]]:
    """Return, cell by cell, the texts and tables that a notebook shows; pictures are left out."""
    found: list[list[str]] = []
    for cell in notebook.cells:
        texts = []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts += [data[kind] for kind in ("text/plain", "text/html") if kind in data]
            texts += [output["text"]] if "text" in output else []
        found.append(["".join(text) for text in texts])
    return found


def _joined(outputs: list[Any]) -> list[Any]:
    """Join what was printed to one stream: in how many pieces it comes depends on the moment."""
    found: list[Any] = []
    for output in outputs:
        if (
            found
            and output.output_type == "stream" == found[-1].output_type
            and output.name == found[-1].name
        ):
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def _with_lasting_names(svg: str) -> str:
    """Return a picture with its clip paths numbered, which Matplotlib names after their place in memory."""
    names = dict.fromkeys(re.findall(r'<clipPath id="(p[0-9a-f]{10})"', svg))
    for number, name in enumerate(names, start=1):
        svg = svg.replace(name, f"clip{number}")
    return svg


def _empty(output: Any) -> bool:
    """Tell whether an output is a progress bar that went away."""
    return output.output_type == "display_data" and not output.data.get("text/html", "kept")


def main(names: list[str]) -> None:
    """Run notebooks by name, or all, and write them."""
    import nbformat

    for path in [DOCS / name for name in names] or notebooks():
        with tempfile.TemporaryDirectory() as folder:
            notebook = executed(path, Path(folder))
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
