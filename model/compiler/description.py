"""What a program is without any expression: names, the order of equations, blocks and what each one's elimination finds where.

All of it can be taken apart into numbers, texts and tuples of them, and put together again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.compiler.plan import LARGEST_TORN, BlockPlan, Plan
from model.language.structure import BlockShape

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class BlockLayout:
    """A block among the steps: its number, its arrays (see :class:`~model.compiler.program.Block`), and its plan."""

    number: int
    arrays: tuple[Integers, ...]
    plan: BlockPlan

    def taken_apart(self) -> tuple[Any, ...]:
        """Numbers, texts and tuples of them."""
        plan = self.plan
        sides = (plan.name, plan.tears, plan.chain, plan.starts, plan.sources, plan.linear)
        return self.number, tuple(tuple(a.tolist()) for a in self.arrays), sides

    @classmethod
    def put_together(cls, parts: tuple[Any, ...]) -> BlockLayout:
        """The block that was taken apart."""
        number, arrays, plan = parts
        return cls(number, tuple(np.array(a, dtype=np.int64) for a in arrays), BlockPlan(*plan))


@dataclass(frozen=True)
class Description:
    """A program's names and numbers.

    Parameters
    ----------
    unknowns, given
        Names of the variables that equations determine, and of those given from outside: the columns in this order.
    add_factors
        Which of the given ones are 0 unless a scenario sets them.
    parameters
        Name, lower and upper bound of each, None where there is none.
    equations, hidden
        Names in the order of residuals.
    conditions
        Name of each complementarity condition and its variable's column.
    lags, leads
        The longest of each variable that has one, in periods.
    shapes
        The blocks of equations in the order in which they are solved.
    steps
        A period: names of kernels that assign, and blocks.
    """

    unknowns: tuple[str, ...]
    given: tuple[str, ...]
    add_factors: tuple[str, ...]
    parameters: tuple[tuple[str, float | None, float | None], ...]
    equations: tuple[str, ...]
    hidden: tuple[str, ...]
    conditions: tuple[tuple[str, int], ...]
    lags: dict[str, int]
    leads: dict[str, int]
    shapes: tuple[BlockShape, ...]
    steps: tuple[str | BlockLayout, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of all variables."""
        return self.unknowns + self.given

    @cached_property
    def plan(self) -> Plan | None:
        """The period as machine code goes through it; None where a block is too large for that."""
        steps = tuple(s if isinstance(s, str) else s.plan for s in self.steps)
        if any(isinstance(s, BlockPlan) and s.count > LARGEST_TORN for s in steps):
            return None
        limited = tuple(column for _, column in self.conditions)
        return Plan(steps, len(self.columns), len(self.equations), len(self.hidden), limited)

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the kernels."""
        names = [(s,) if isinstance(s, str) else (f"{s.plan.name}.values", f"{s.plan.name}.partials") for s in self.steps]
        return (*(name for found in names for name in found), "certificate")

    def taken_apart(self) -> tuple[Any, ...]:
        """Numbers, texts, tuples and dictionaries of them; :meth:`put_together` is the way back."""
        shapes = tuple((s.chain, s.tears, s.residuals) for s in self.shapes)
        steps = tuple(s if isinstance(s, str) else s.taken_apart() for s in self.steps)
        names = (self.unknowns, self.given, self.add_factors, self.parameters, self.equations, self.hidden, self.conditions)
        return (*names, self.lags, self.leads, shapes, steps)

    @classmethod
    def put_together(cls, parts: tuple[Any, ...]) -> Description:
        """The description that was taken apart."""
        unknowns, given, add_factors, parameters, equations, hidden, conditions, lags, leads, shapes, steps = parts
        blocks = tuple(BlockShape(*s) for s in shapes)
        found = tuple(s if isinstance(s, str) else BlockLayout.put_together(s) for s in steps)
        return cls(unknowns, given, add_factors, parameters, equations, hidden, conditions, lags, leads, blocks, found)


__all__ = ["BlockLayout", "Description", "Integers"]
