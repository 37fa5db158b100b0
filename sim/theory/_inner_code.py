"""How Numba keeps functions that only compiled functions call: linked in whole, optimised once, with their caller.

Numba optimises and assembles every function that it compiles, also those that are only ever taken in by others, and these
again with every caller: half of the time of a first run. What is kept here of such a function is its code before both.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any


@functools.cache
def inner_compiler(distinct: bool) -> Any:
    """Return a Numba compiler for inner functions; ``distinct``: their arrays are distinct memory."""
    compiler: Any = importlib.import_module("numba.core.compiler")

    def define_pipelines(self: Any) -> Any:
        self.state.flags.noalias = distinct
        codegen = self.state.targetctx.codegen()
        self.state.library = _library_class()(codegen, self.state.func_id.func_qualname)
        return compiler.Compiler.define_pipelines(self)

    return type("InnerCompiler", (compiler.Compiler,), {"define_pipelines": define_pipelines})


@functools.cache
def distinct_compiler() -> Any:
    """Return a Numba compiler that takes the arrays of a function for distinct memory."""
    base: Any = importlib.import_module("numba.core.compiler").Compiler

    def define_pipelines(self: Any) -> Any:
        self.state.flags.noalias = True
        return base.define_pipelines(self)

    return type("DistinctArrays", (base,), {"define_pipelines": define_pipelines})


@functools.cache
def _library_class() -> Any:
    codegen: Any = importlib.import_module("numba.core.codegen")
    llvm: Any = importlib.import_module("llvmlite.binding")

    def optimize(self: Any) -> None:
        """Leave it to the caller, which takes the code in."""

    def finalize(self: Any) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def unserialize(cls: Any, codegen: Any, state: Any) -> Any:
        name, _, bitcode = state
        library = cls(codegen, name)
        library._final_module = llvm.parse_bitcode(bitcode)
        library._finalize_final_module()
        return library

    base = codegen.JITCodeLibrary
    generators: dict[int, Any] = {}

    def generator(self: Any) -> Any:
        return generators.setdefault(id(self._codegen), _Generator(self._codegen))

    return type("InnerLibrary", (base,), {
        "_optimize_final_module": optimize, "_finalize_final_module": finalize,
        "codegen": property(generator), "serialize_using_object_code": base.serialize_using_bitcode,
        "_unserialize": classmethod(unserialize),
    })  # fmt: skip


class _Generator:
    """Numba's code generator as an inner function sees it: there is no assembled code yet whose environment could be set."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Leave it to the caller, whose code holds this function."""


@functools.cache
def inner_cache_impl() -> Any:
    """Return what takes inner functions to and from Numba's files."""
    caching: Any = importlib.import_module("numba.core.caching")
    compiler: Any = importlib.import_module("numba.core.compiler")

    def rebuild(self: Any, context: Any, payload: Any) -> Any:
        state, fndesc, env, signature, objectmode, lifted, annotation, reload_init, environments = payload
        library = _library_class()._unserialize(context.codegen(), state)
        return compiler.CompileResult(
            target_context=context, typing_context=context.typing_context, library=library, environment=env,
            entry_point=context.get_executable(library, fndesc, env), fndesc=fndesc, type_annotation=annotation,
            signature=signature, objectmode=objectmode, lifted=lifted, typing_error=None, call_helper=None, metadata=None,
            reload_init=reload_init, referenced_envs=environments,
        )  # fmt: skip

    return type("InnerCacheImpl", (caching.CompileResultCacheImpl,), {"rebuild": rebuild})
