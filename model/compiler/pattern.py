"""The exact Jacobian's pattern, with a kernel that is interpreted at first and compiled when it turns out to be called often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.compiler.description import Integers
from model.compiler.kernels import Kernel, KernelModule, Store

if TYPE_CHECKING:
    from model.compiler.rules import Node
    from model.compiler.tape import Load

JACOBIAN = "jacobian"
"""The kernel of derivatives."""
INTERPRETED_CALLS = 12
"""Calls of the full Jacobian from which compiling it pays."""

Build = Callable[[Sequence[Store], str], KernelModule]
"""Makes a module with the kernel from its stores, for a backend."""


@dataclass(frozen=True)
class Pattern:
    """The exact Jacobian's pattern: entry i is ∂(row)/∂(column at offset); rows after the last equation are the hidden ones."""

    rows: Integers
    columns: Integers
    offsets: Integers
    kernel: Kernel

    @property
    def key(self) -> str:
        """What the kernel's machine code is kept under; empty where it is interpreted, or was kept before."""
        return self.kernel.key if isinstance(self.kernel, _Warming) else ""


def pattern_of(derivatives: Sequence[dict[Load, Node]], build: Build, compiled: bool) -> Pattern:
    """The pattern of derivatives given row by row, with a kernel that computes them, compiled in time where that is wanted."""
    entries: list[tuple[int, int, int]] = []
    stores: list[Store] = []
    for row, found in enumerate(derivatives):
        for (column, offset), d in sorted(found.items()):
            stores.append(Store(d, len(entries)))
            entries.append((row, column, offset))
    table = np.array(entries, dtype=np.int64).reshape(-1, 3)
    return Pattern(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy(), _Warming(stores, build, compiled))


class _Warming:
    """A kernel that is interpreted for its first calls and compiled when it turns out to be called often: the same bits."""

    def __init__(self, stores: list[Store], build: Build, compiled: bool) -> None:
        self.stores, self.build, self.compiled = stores, build, compiled
        self.calls, self.key = 0, ""
        self.kernel = build(stores, "python")[JACOBIAN]

    def __call__(self, row: int, parameters: int, output: int, /) -> None:
        self.calls += 1
        if self.calls == INTERPRETED_CALLS and self.compiled:
            module = self.build(self.stores, "llvm")
            self.kernel, self.key = module[JACOBIAN], module.key
        self.kernel(row, parameters, output)


__all__ = ["JACOBIAN", "Pattern", "pattern_of"]
