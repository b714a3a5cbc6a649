"""Object code as functions that can be called, taken from the cache or from the compiler, and what it depends on beside its source."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from model.compiler import cache
from model.compiler.plan import Plan


@dataclass(frozen=True)
class Code:
    """Machine functions.

    Parameters
    ----------
    key
        What the object code is kept under.
    addresses
        Where each function starts.
    engine
        Owns the code; the functions live as long as it does.
    """

    key: str
    addresses: dict[str, int] = field(repr=False)
    engine: Any = field(repr=False)


@lru_cache(maxsize=1)
def processor() -> tuple[str, str]:
    """Name and features of this processor."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def surroundings() -> tuple[Any, ...]:
    """Compiler, interpreter, platform and processor."""
    import llvmlite
    from llvmlite.binding import llvm_version_info

    return llvmlite.__version__, llvm_version_info, sys.version_info[:2], sys.platform, processor()


def function_names(kernels: Iterable[str], plan: Plan | None) -> tuple[str, ...]:
    """The functions in a module of kernels; a plan brings the period loop."""
    return (*kernels, "eliminate", *(() if plan is None else ("advance", "sweep")))


def packed(objects: Sequence[bytes]) -> bytes:
    """Object code in several pieces as one."""
    return marshal.dumps(tuple(objects))


def link(key: str, code: bytes, names: Sequence[str]) -> Code:
    """The named functions of object code, as :func:`packed`."""
    import llvmlite.binding as llvm

    machine = llvm.Target.from_default_triple().create_target_machine(*processor(), opt=0, jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    for piece in marshal.loads(code):
        engine.add_object_file(llvm.ObjectFileRef.from_data(piece))
    engine.finalize_object()
    return Code(key, {name: engine.get_function_address(name) for name in names}, engine)


def kept(key: str, names: Sequence[str]) -> Code | None:
    """The named functions of the code under a key; None where it is not kept."""
    code = cache.load(key)
    return None if code is None else link(key, code, names)


__all__ = ["Code", "function_names", "kept", "link", "packed", "processor", "surroundings"]
