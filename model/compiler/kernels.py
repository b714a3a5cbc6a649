"""Kernels turn lists of (target, node) into machine code, or interpret them.

A kernel is called with three addresses: the current period's row inside a contiguous table, the parameter row, and an
output vector. Machine code goes through LLVM without any relaxation of floating-point rules; the interpreter
performs the same operations in the same order, so that both give the same bits.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from model.compiler.engine import Code, function_names, kept
from model.compiler.plan import Plan
from model.compiler.stores import Kernel, Store

if TYPE_CHECKING:
    from model.compiler.tape import Tape

__all__ = ["Kernel", "KernelModule", "Store", "build_kernels", "default_backend", "kept_kernels"]

PROTOTYPE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def default_backend() -> str:
    """``"llvm"`` where llvmlite is installed, else ``"python"``."""
    from importlib.util import find_spec

    return "llvm" if sys.modules.get("llvmlite") is not None or find_spec("llvmlite") else "python"


class KernelModule:
    """A set of kernels that were built together.

    Parameters
    ----------
    kernels
        The kernels by name.
    code
        The machine functions behind them; None where they are interpreted.
    """

    def __init__(self, kernels: Mapping[str, Kernel], code: Code | None = None) -> None:
        self._kernels, self._code = kernels, code

    @property
    def key(self) -> str:
        """What the machine code is kept under; empty where there is none."""
        return "" if self._code is None else self._code.key

    def __getitem__(self, name: str) -> Kernel:
        return self._kernels[name]

    def address(self, name: str) -> int:
        """Where a machine function starts."""
        assert self._code is not None
        return self._code.addresses[name]


def build_kernels(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], backend: str, plan: Plan | None = None) -> KernelModule:
    """Kernels from their stores.

    Parameters
    ----------
    tape
        The tape that the stores' nodes belong to.
    stride
        Columns in a row of the table.
    backend
        ``"llvm"`` or ``"python"``.
    plan
        Adds the period loop ``advance`` to machine code.
    """
    if backend == "llvm":
        from model.compiler.machine import compile_kernels

        return _callable(compile_kernels(tape, stride, kernels, plan))
    from model.compiler.interpreter import interpreter

    return KernelModule({name: interpreter(tape, stride, stores) for name, stores in kernels.items()})


def kept_kernels(key: str, names: Sequence[str], plan: Plan | None) -> KernelModule | None:
    """The kernels whose machine code is kept under a key; None where it is not."""
    code = kept(key, function_names(names, plan))
    return None if code is None else _callable(code)


def _callable(code: Code) -> KernelModule:
    return KernelModule({name: PROTOTYPE(address) for name, address in code.addresses.items()}, code)
