"""A program's expressions: the system that it came from, its conditions, and the tape on which all of it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from model.compiler.rules import Node
from model.compiler.tape import Tape
from model.language.equation import Complementarity, Equation
from model.language.symbols import Variable
from model.language.system import System


@dataclass(frozen=True)
class Symbolic:
    """What derivatives, displays and new programs are made from.

    Parameters
    ----------
    system
        What was compiled.
    equations, conditions
        Its equations by name, and those that are complementarity conditions.
    residuals
        Node of each equation's left side minus its right one.
    tape
        Holds the nodes.
    """

    system: System
    equations: tuple[Equation, ...]
    conditions: tuple[Complementarity, ...]
    residuals: tuple[Node, ...] = field(repr=False)
    tape: Tape = field(repr=False)

    @cached_property
    def stocks(self) -> frozenset[str]:
        """Unknowns whose own equation carries their own lag on."""
        return frozenset(e.left.base for e in self.equations if isinstance(e.left, Variable) and e.left(-1) in e.right.free_symbols)


__all__ = ["Symbolic"]
