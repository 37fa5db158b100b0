"""Scripts and style sheets of the widgets, put together from their files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from sim.dashboard.gloss import forms_script
from sim.figures.palette import DARK, LIGHT, Theme
from sim.words import ENGLISH, language, messages_of, spoken_cache

HERE = Path(__file__).parent


class Script:
    """The module of a widget, made of ``common.js`` and the named files, in the language of the reader of that widget."""

    def __init__(self, *names: str) -> None:
        self.names = ("common.js", *names)

    def __get__(self, widget: object, kind: type | None = None) -> str:
        """Return the module, which the framework asks for when it makes a widget."""
        return script(self.names)


@spoken_cache(None)
def script(names: tuple[str, ...]) -> str:
    """Return one module made of the named files, in that order, behind their words and those of the glossary."""
    parts = [(HERE / name).read_text(encoding="utf-8") for name in names]
    return words_script(names) + forms_script() + "\n".join(parts)


def words_script(names: Sequence[str]) -> str:
    """Return constants for files: ``SPOKEN``, the language; ``SAID``, what their texts are called in it (English: nothing)."""
    places = {f"sim/dashboard/{HERE.name}/{name}" for name in names}
    constants = {"SPOKEN": language(), "SOURCE_LANGUAGE": ENGLISH, "SAID": messages_of(language(), places)}
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())


def style() -> str:
    """Return the style sheet, with the colours of the palette as CSS variables for light and dark."""
    colours = f".ab {{ {_variables(LIGHT)} }}\n.theme--dark .ab {{ {_variables(DARK)} }}\n"
    return colours + (HERE / "widgets.css").read_text(encoding="utf-8")


def _variables(theme: Theme) -> str:
    single = (field.name for field in fields(theme) if isinstance(getattr(theme, field.name), str))
    return " ".join(f"--{name}: {getattr(theme, name)};" for name in single)


STYLE = style()
FORM_STYLE = STYLE + (HERE / "levers.css").read_text(encoding="utf-8")
