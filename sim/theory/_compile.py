"""The one decorator that compiles the equations, with an on-disk cache that cannot go stale.

Numba's own cache watches only the file of the decorated function. A kernel that calls an equation from
another file would keep running the old equation after that file changed. Here the cache folder is named after
a digest of *every* source file that compiled code may come from, so any change starts a fresh folder.

Rule for authors: a compiled function takes constants and other compiled functions from ``COMPILED_SOURCES``
only.

Environment: ``AIBLOCS_NO_COMPILE=1`` (or Numba's ``NUMBA_DISABLE_JIT=1``) leaves the functions as plain
Python, for debuggers and coverage; ``NUMBA_CACHE_DIR`` moves the cache.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from sim.theory._announce import ANNOUNCEMENT
from sim.theory._folder import NOWHERE, cache_folder, lasts
from sim.theory._inner_code import distinct_compiler, inner_cache_impl, inner_compiler

F = TypeVar("F", bound=Callable[..., Any])

FROM_PYTHON = "entries"

_config_lock = threading.Lock()


def compiled(function: F) -> F:
    """Compile a pure function that allocates nothing to machine code (Numba, ``nogil``, cached on disk).

    Without allocation there is nothing to count references of: the counting, which costs more than the arithmetic of
    a small equation, is left out. A function that makes arrays (``np.zeros``, ``a + b``, ``a[:] = b``) needs
    :func:`compiled_allocating`; Numba refuses it here.

    No ``fastmath``: the order of operations is the order written, so every caller gets the same bits.
    Division by zero follows NumPy (infinity or NaN, no exception). To the type checker the function keeps its
    annotations.

    Parameters
    ----------
    function
        Module-level function whose globals come from ``COMPILED_SOURCES`` only.

    Returns
    -------
    callable
        The compiled function (its ``py_func`` is the original), or ``function`` itself where compilation is
        switched off.
    """
    return _compile(function, _nrt=False)


def compiled_allocating(function: F) -> F:
    """Compile a function that makes arrays of its own; otherwise as :func:`compiled`."""
    return _compile(
        function, _nrt=True
    )  # else it would inherit the setting of a caller that allocates nothing


def compiled_pass(function: F) -> F:
    """Compile a loop over arrays of one equation; otherwise as :func:`compiled`.

    The arrays must be distinct memory: the compiler is told so, and may then compute four numbers at once. A pass is called,
    not taken in whole: it has few arguments, and is compiled once.
    """
    return _compile(function, CompiledPass, _nrt=False)


def _compile(function: F, kind: type[_Compiled] | None = None, **options: bool) -> F:
    if os.environ.get("AIBLOCS_NO_COMPILE", "") not in ("", "0"):
        return function
    if _switched_off():
        return function
    return cast(F, (kind or _Compiled)(function, options))


class _Compiled:
    """A function compiled once for compiled callers and, when Python first calls it, once more with an entry for Python.

    The entry takes every array out of its Python object; for a function of a whole state it is twenty times as much to
    compile as the function itself, and most functions are never called from Python. Compiled callers take the function
    in whole (``forceinline``): arrays travel by value, so that a call would cost more than the arithmetic.
    """

    taken_in = True
    distinct = False

    def __init__(self, function: Callable[..., Any], options: dict[str, bool]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._options = options
        self._entries: dict[tuple[str, ...], Any] = {}

    @functools.cached_property
    def _inner(self) -> Any:
        """What compiled callers take in; made when the first one does, since not every command needs Numba."""
        inside = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": self.taken_in}
        compiler = inner_compiler(distinct=self.distinct)
        return self._dispatcher(
            cache_folder(), _inner_cache_class(), self.py_func, pipeline_class=compiler, **inside
        )

    @property
    def _numba_type_(self) -> Any:
        """What Numba reads where compiled code names this object."""
        return self._inner._numba_type_

    def _entry(self, kinds: list[Any]) -> Any:
        """Return what Python calls, with the tables of tuples of these kinds (:mod:`sim.theory._packed`; None: as it is)."""
        folder = cache_folder() / FROM_PYTHON
        if not any(kinds):
            return self._dispatcher(folder, _entry_cache_class(), self.py_func)
        unpacked, inner = _packing().unpacker(tuple(kinds)), self

        def entry(*arguments: Any) -> Any:
            return inner(*unpacked(arguments))

        names = [kind.name if kind else "0" for kind in kinds]
        return self._dispatcher(folder / "-".join(names), _entry_cache_class(), entry)

    def _dispatcher(self, folder: Path, cache: Any, function: Callable[..., Any], **more: Any) -> Any:
        options: dict[str, Any] = {**self._options, **more}
        dispatcher = _numba().njit(nogil=True, fastmath=False, error_model="numpy", **options)(function)
        dispatcher._cache = _disk_cache(cache, self.py_func, folder)
        return dispatcher

    def __call__(self, *arguments: Any) -> Any:
        given, names, tables = list(arguments), [""] * len(arguments), {}
        for n, argument in enumerate(arguments):
            if isinstance(argument, tuple) and hasattr(argument, "_fields"):
                tables[n] = _packing().packed(argument)  # kept until the call is over
                given[n], names[n] = tables[n].address, tables[n].kind.name
        entry = self._entries.get(key := tuple(names))
        if entry is None:
            kinds = [tables[n].kind if n in tables else None for n in range(len(given))]
            entry = self._entries[key] = self._entry(kinds)
        return entry(*given)

    @property
    def stats(self) -> Any:
        """Numba's counts of what calls from Python found in the cache on disk, of a function without tuples."""
        (entry,) = self._entries.values()
        return entry.stats


class CompiledPass(_Compiled):
    """A pass over arrays of distinct memory; compiled callers call it, as it has few arguments (:func:`compiled_pass`)."""

    taken_in = False
    distinct = True

    def alone(self) -> Any:
        """Return a Numba dispatcher of the pass, whose machine code can be looked at."""
        compiler = distinct_compiler()
        return _numba().njit(
            nogil=True, fastmath=False, error_model="numpy", pipeline_class=compiler, **self._options
        )(self.py_func)


def _switched_off() -> bool:
    """Return whether Numba compiles nothing, without importing it."""
    if "numba" in sys.modules:
        return bool(_settings().DISABLE_JIT)
    return os.environ.get("NUMBA_DISABLE_JIT", "") not in ("", "0")


@functools.cache
def _packing() -> Any:
    return importlib.import_module("sim.theory._packed")


@functools.cache
def _numba() -> Any:
    """Return Numba, imported only where something is compiled (it takes a third of a second)."""
    numba = importlib.import_module("numba")
    _look_for_blas_later()
    return numba


def _look_for_blas_later() -> None:
    """Import Numba's arithmetic of arrays without its look for a BLAS, which imports all of ``scipy.linalg``.

    No equation multiplies matrices. For those that do, of other packages in this process, Numba looks again when it
    compiles the first.
    """
    linalg: Any = importlib.import_module("numba.np.linalg")
    with _config_lock:
        look = linalg.ensure_blas
        linalg.ensure_blas = _found
        try:
            importlib.import_module("numba.np.arraymath")
        finally:
            linalg.ensure_blas = look


def _found() -> None:
    """Answer that there is a BLAS."""


def _settings() -> Any:
    return _numba().config


def _disk_cache(cache: Any, function: Callable[..., Any], folder: Path) -> Any:
    """Return Numba's file cache for ``function``, placed in ``folder`` and hardened against broken files."""
    if NOWHERE in folder.parents:
        return _uncached_class()(last=issubclass(cache, _entry_cache_class()))
    settings = _settings()
    with _config_lock:  # the folder is a global setting of Numba: put it back, other packages use it too
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(folder)
        try:
            return cache(function)
        finally:
            settings.CACHE_DIR = before


@functools.cache
def _cache_class() -> Any:
    """Return a cache that treats whatever it cannot read or write as a miss.

    Several processes may fill one folder at once. Numba numbers the data files of a function, so two of them
    can claim one number for different signatures; the signature is therefore checked on loading.
    """
    base: Any = importlib.import_module("numba.core.caching").FunctionCache

    def load_overload(self: Any, sig: Any, target_context: Any) -> Any:
        try:
            found = base.load_overload(self, sig, target_context)
        except Exception:  # unpickling a truncated file may raise anything: compile again
            return None
        wanted = tuple(getattr(sig, "args", sig))
        return found if found is not None and found.signature.args == wanted else None

    def save_overload(self: Any, sig: Any, data: Any) -> None:
        ANNOUNCEMENT.compiled(cache_folder(), lasts())
        # full disk, quota, folder removed meanwhile: the function in memory is fine without a file
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
            base.save_overload(self, sig, data)

    return type("TolerantCache", (base,), {"load_overload": load_overload, "save_overload": save_overload})


@functools.cache
def _inner_cache_class() -> Any:
    """Return the same for functions that only compiled functions call."""
    return type("InnerCache", (_cache_class(),), {"_impl_class": inner_cache_impl()})


@functools.cache
def _entry_cache_class() -> Any:
    """Return the same for what Python calls: all that it needs is compiled by then."""
    base = _cache_class()

    def save_overload(self: Any, sig: Any, data: Any) -> None:
        base.save_overload(self, sig, data)
        ANNOUNCEMENT.finished()

    return type("EntryCache", (base,), {"save_overload": save_overload})


@functools.cache
def _uncached_class() -> Any:
    """Return the same for a system on which nothing can be written: it finds nothing, keeps nothing, and says so."""
    base: Any = importlib.import_module("numba.core.caching").NullCache

    def begin(self: Any, last: bool) -> None:
        self.last = last

    def save_overload(self: Any, sig: Any, data: Any) -> None:
        ANNOUNCEMENT.compiled(cache_folder(), lasts())
        if self.last:
            ANNOUNCEMENT.finished()

    return type("NoCache", (base,), {"__init__": begin, "save_overload": save_overload})
