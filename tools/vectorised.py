"""Whether every pass of the engine is computed several numbers at a time: compiles each and looks at its machine code.

    python tools/vectorised.py            print one line a pass: packed and single arithmetic; fail if a pass has nothing packed
    python tools/vectorised.py NAME ...   only these, with their arithmetic instructions

A pass is a function marked `compiled_pass` (sim/theory/_compile.py). It stops being packed when its loop calls something that
is not plain arithmetic, converts whole numbers to others, or takes more branches than the compiler can turn into selections.
`ORDERED` names those that are meant to go one by one.
"""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.theory._compile import CompiledPass

numba: Any = import_module("numba")
types: Any = import_module("numba.core.types")

MODULES = ("delivery", "events", "leadership", "market", "occasions", "race", "recorder", "terms")
ORDERED = {
    "sum_by_group": "sums keep the order of the countries",
    "flows": "sums keep the order of the countries",
}
TWO_AXES = {"traits", "attributes"}
PACKED = re.compile(
    r"\bv(?:add|sub|mul|div|sqrt|min|max|pmuludq|blendv)\w*\s[^\n]*%[yz]mm"  # x86 with AVX
    r"|\b(?:add|sub|mul|div|sqrt|min|max)pd\s"  # x86 without
    r"|\bf(?:add|sub|mul|div|sqrt|min|max)\w*\s+v\d+\.2d"  # ARM
)
SINGLE = re.compile(r"\bv?(?:add|sub|mul|div|sqrt)sd\s|\bf(?:add|sub|mul|div|sqrt)\s+d\d")


def passes() -> Iterator[tuple[str, CompiledPass]]:
    """Yield name and function of every pass."""
    for module in [import_module(f"sim.engine.{name}") for name in MODULES] + [
        import_module("sim.theory.draws")
    ]:
        for name, value in vars(module).items():
            if isinstance(value, CompiledPass) and value.py_func.__module__ == module.__name__:
                yield name, value


def numba_type(name: str, hint: Any) -> Any:
    """Return the type that a pass is compiled for, from the annotation of an argument."""
    if hint is int:
        return types.int64
    if hint is float:
        return types.float64
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return types.Tuple([numba_type(name, one) for one in inner])
    number = typing.get_args(inner[1])[0]  # NDArray[x] is ndarray[shape, dtype[x]]
    return types.Array(numba.from_dtype(number), 2 if name in TWO_AXES else 1, "C")


def assembly(function: CompiledPass) -> str:
    """Return the machine code of a pass as text."""
    hints = typing.get_type_hints(function.py_func)
    hints.pop("return")
    dispatcher = function.alone()
    dispatcher.compile(tuple(numba_type(name, hint) for name, hint in hints.items()))
    (text,) = dispatcher.inspect_asm().values()
    return str(text)


def main(wanted: list[str]) -> int:
    """Print what was found, and return 1 if a pass that should be packed is not."""
    failed = []
    for name, function in passes():
        if wanted and name not in wanted:
            continue
        text = assembly(function)
        packed, single = PACKED.findall(text), SINGLE.findall(text)
        note = ORDERED.get(name, "")
        if not packed and not note:
            failed.append(name)
            note = "NOT PACKED"
        place = Path(function.py_func.__code__.co_filename).stem
        print(f"{place}.{name}: {len(packed)} packed, {len(single)} single {note}".rstrip())
        if wanted:
            print("\n".join(line for line in text.splitlines() if PACKED.search(line) or SINGLE.search(line)))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
