"""Scripts and style sheets of the widgets, put together from their files."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from sim.dashboard.gloss import forms_script
from sim.figures.palette import DARK, LIGHT, Theme

HERE = Path(__file__).parent


def script(*names: str) -> str:
    """Return one module made of ``common.js`` and the named files, in that order, behind the words of the glossary."""
    return forms_script() + "\n".join(
        (HERE / name).read_text(encoding="utf-8") for name in ("common.js", *names)
    )


def style() -> str:
    """Return the style sheet, with the colours of the palette as CSS variables for light and dark."""
    colours = f".ab {{ {_variables(LIGHT)} }}\n.theme--dark .ab {{ {_variables(DARK)} }}\n"
    return colours + (HERE / "widgets.css").read_text(encoding="utf-8")


def _variables(theme: Theme) -> str:
    single = (field.name for field in fields(theme) if isinstance(getattr(theme, field.name), str))
    return " ".join(f"--{name}: {getattr(theme, name)};" for name in single)


STYLE = style()
FORM_STYLE = STYLE + (HERE / "levers.css").read_text(encoding="utf-8")
