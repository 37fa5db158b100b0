"""A scenario to begin with: every part of the language once, commented."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, Problem
from sim.scenario.library import find
from sim.scenario.schema import is_token

_TEXT = """\
name: {name}
description: What this future assumes, in a sentence.
question: The question it is meant to answer.
extends: {extends}

# What differs from {extends}. `aiblocs scenario show {extends}` lists all values and where they come from.
blocs:
  us:
    # US$ bn a year of AI, digital and development finance tied to the bloc
    aid_budget: 5
  china:
    # utility (logits) that members lose when they join a rival too
    exclusivity: 0.5

# Changes on a date. `set` takes a value, `add` adds to it, `scale` multiplies it; `over` spreads it over quarters,
# `until` ends it. Every entry names its source, or says that it is an assumption.
timeline:
  - name: licences-opened
    date: 2027-01-01
    set: {{blocs.us.outsider_access.tier2: 1}}
    over: 4
    reference: assumption

# One country (KEN), a region, an income group or a club.
countries:
  region:Africa: {{attention: 1.5}}
"""


def write_template(path: Path, extends: str) -> Path:
    """Write a commented scenario and return its path, with ``.yaml`` added where no ending was given.

    Raises
    ------
    InputError
        If the file exists or cannot be written, or there is nothing of that name to extend.
    """
    target = path if path.suffix in (".yaml", ".yml") else path.with_name(f"{path.name}.yaml")
    find(extends)
    name = target.stem
    if not is_token(name):
        text = f"{name!r} cannot be the name of a scenario: letters, digits, - and _ only, up to 64"
        raise InputError(Problem(text, file=str(target)))
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(_TEXT.format(name=name, extends=extends))
    except FileExistsError:
        raise InputError(Problem("is there already; choose another name", file=str(target))) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be written ({error.strerror})", file=str(target))) from None
    return target
