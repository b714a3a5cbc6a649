"""Stores say where a kernel puts values; kernels are called with addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from model.compiler.rules import Node


@dataclass(frozen=True)
class Store:
    """Where a value goes: a column of the current row, or a place in the output vector."""

    node: Node
    position: int
    in_row: bool = False


class Kernel(Protocol):
    """``kernel(row, parameters, output)``: the arguments are addresses of doubles."""

    def __call__(self, row: int, parameters: int, output: int, /) -> None:
        """Read the row and the parameters, write the row and the output."""


def children(op: tuple[Any, ...]) -> tuple[Node, ...]:
    """The nodes that an operation takes."""
    return () if op[0] in ("const", "load", "par", "bool") else op[1:]
