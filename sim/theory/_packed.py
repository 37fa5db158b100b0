"""Tuples of arrays on their way from Python to compiled code: one table of addresses and sizes instead of array by array.

Numba takes every array out of its Python object, with code of its own for each: for a state of a run that is more to compile
than most functions that read it, and more to do at every call. Here a tuple (nested, of C-contiguous arrays, whole numbers,
truth values and None) becomes a table that is kept as long as the tuple is used, and compiled code rebuilds it from that.
"""

from __future__ import annotations

import functools
import hashlib
from collections import OrderedDict
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Numba and llvmlite have no types of their own.
ir: Any = import_module("llvmlite.ir")
types: Any = import_module("numba.core.types")
extending: Any = import_module("numba.extending")
arrays: Any = import_module("numba.np.arrayobj")
from_dtype: Any = import_module("numba").from_dtype

KEPT = 16
"""Tables that are kept of tuples that last; the one that was made longest ago goes first."""
LASTING = {"State", "Setup", "Countries", "Network", "Timeline"}
"""Classes of tuples that many calls are given again. Of others nothing is kept, so that their arrays can be let go."""


class Kind(NamedTuple):
    """What a table stands for: the Numba type of the tuple, and a name for files."""

    whole: Any
    name: str


class Packed(NamedTuple):
    """A tuple, the table that stands for it, where that table is, and its kind."""

    whole: tuple[Any, ...]
    table: NDArray[np.int64]
    address: int
    kind: Kind


_kept: OrderedDict[int, Packed] = OrderedDict()
_kinds: dict[tuple[Any, ...], Kind] = {}


def packed(whole: tuple[Any, ...]) -> Packed:
    """Return the table of a named tuple.

    Raises
    ------
    ValueError
        If an array of the tuple is not C-contiguous.
    """
    found = _kept.get(id(whole))
    if found is None or found.whole is not whole:
        found = _pack(whole)
        if type(whole).__name__ in LASTING:
            _kept[id(whole)] = found
            if len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found


def _pack(whole: tuple[Any, ...]) -> Packed:
    entries: list[int] = []
    layout: list[Any] = []
    _collect(whole, entries, layout)
    kind = _kinds.get(key := tuple(layout))
    if kind is None:
        words = " ".join(
            f"{one.__module__}.{one.__qualname__}" if isinstance(one, type) else str(one) for one in layout
        )
        kind = _kinds[key] = Kind(_type_of(whole), hashlib.sha256(words.encode()).hexdigest()[:8])
    table: NDArray[np.int64] = np.array(entries, np.int64)
    return Packed(whole, table, table.ctypes.data, kind)


def _collect(whole: tuple[Any, ...], entries: list[int], layout: list[Any]) -> None:
    """Add to ``entries`` what stands for a tuple, and to ``layout`` what its type follows from."""
    layout.append(type(whole))
    for part in whole:
        if hasattr(part, "_fields"):
            _collect(part, entries, layout)
        elif isinstance(part, np.ndarray):
            if not part.flags.c_contiguous:
                raise ValueError(f"an array of shape {part.shape} is not contiguous in memory")
            entries += [part.ctypes.data, *part.shape]
            layout += [part.dtype, part.ndim]
        else:
            layout.append(type(part))
            if part is not None:
                entries.append(int(part))


def _type_of(part: Any) -> Any:
    """Return the Numba type of a tuple, or of a part of one."""
    if hasattr(part, "_fields"):
        return types.NamedTuple([_type_of(one) for one in part], type(part))
    if isinstance(part, np.ndarray):
        return types.Array(from_dtype(part.dtype), part.ndim, "C")
    if part is None:
        return types.none
    return types.boolean if isinstance(part, bool | np.bool_) else types.int64


@functools.cache
def unpacker(kinds: tuple[Kind | None, ...]) -> Any:
    """Return a compiled function of a tuple of arguments that rebuilds tuples from addresses of tables.

    ``kinds`` : what each argument is the table of, None for an argument that is taken as it is
    """

    @extending.intrinsic  # type: ignore[untyped-decorator]
    def unpacked(typing_context: Any, arguments: Any) -> Any:
        wanted = types.Tuple(
            [one if kind is None else kind.whole for one, kind in zip(arguments, kinds, strict=True)]
        )

        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            values = []
            for position, kind in enumerate(kinds):
                value = builder.extract_value(given[0], position)
                if kind is not None:
                    table = builder.inttoptr(value, ir.IntType(64).as_pointer())
                    value, _ = _rebuilt(context, builder, kind.whole, table, 0)
                values.append(value)
            return context.make_tuple(builder, wanted, values)

        return wanted(arguments), generate

    return unpacked


def _rebuilt(context: Any, builder: Any, kind: Any, table: Any, at: int) -> tuple[Any, int]:
    """Return the compiled value of a type from the entries of a table from position ``at`` on, and the position after it."""

    def entry(position: int) -> Any:
        return builder.load(builder.gep(table, [ir.Constant(ir.IntType(64), position)]))

    if isinstance(kind, types.BaseTuple):
        parts = []
        for one in kind:
            part, at = _rebuilt(context, builder, one, table, at)
            parts.append(part)
        return context.make_tuple(builder, kind, parts), at
    if isinstance(kind, types.Array):
        array = arrays.make_array(kind)(context, builder)
        shape = [entry(at + 1 + axis) for axis in range(kind.ndim)]
        item = context.get_constant(types.intp, np.dtype(str(kind.dtype).replace("boolean", "bool")).itemsize)
        strides = [item]
        for length in reversed(shape[1:]):
            strides.insert(0, builder.mul(strides[0], length))
        data = builder.inttoptr(entry(at), array.data.type)
        arrays.populate_array(array, data=data, shape=shape, strides=strides, itemsize=item, meminfo=None)
        return array._getvalue(), at + 1 + kind.ndim
    if kind == types.none:
        return context.get_dummy_value(), at
    return context.cast(builder, entry(at), types.int64, kind), at + 1
