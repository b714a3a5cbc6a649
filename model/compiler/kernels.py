"""Kernels turn lists of (target, node) into machine code, or interpret them.

A kernel is called with three addresses: the current period's row inside a contiguous table, the parameter row, and an
output vector. Machine code goes through LLVM without any relaxation of floating-point rules; the interpreter
performs the same operations in the same order, so that both give the same bits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from model.compiler.plan import Plan
from model.compiler.stores import Kernel, Store
from model.compiler.tape import Tape

__all__ = ["Kernel", "KernelModule", "Store"]


class KernelModule:
    """A set of kernels that were built together.

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

    def __init__(self, tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], backend: str, plan: Plan | None = None) -> None:
        self.backend = backend
        self._kernels: dict[str, Kernel] = {}
        if backend == "llvm":
            from model.compiler.machine import compile_kernels

            self._engine, self._addresses = compile_kernels(tape, stride, kernels, plan)
            prototype = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
            self._kernels = {name: prototype(address) for name, address in self._addresses.items()}
        else:
            from model.compiler.interpreter import interpreter

            self._kernels = {name: interpreter(tape, stride, stores) for name, stores in kernels.items()}

    def __getitem__(self, name: str) -> Kernel:
        return self._kernels[name]

    def address(self, name: str) -> int:
        """Where a machine function starts."""
        return self._addresses[name]
