"""The period loop in machine code, called from Python: as many ordinary periods as follow each other."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.compiler.plan import ON_STACK, Plan

Floats = NDArray[np.float64]

_ADDRESS, _WHOLE, _REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
_SWEEP = ctypes.CFUNCTYPE(
    None, _WHOLE, _ADDRESS, _WHOLE, _ADDRESS, _WHOLE, _WHOLE, *[_ADDRESS] * 6, _WHOLE, _WHOLE, _ADDRESS, _REAL, _REAL, _ADDRESS
)
_PROTOTYPE = ctypes.CFUNCTYPE(_WHOLE, _ADDRESS, _ADDRESS, _WHOLE, *[_ADDRESS] * 6, _WHOLE, _REAL, _REAL, _REAL)


@dataclass(frozen=True)
class Traces:
    """What the loop writes for each period: one row each.

    Parameters
    ----------
    errors
        Largest scaled residual over all equations, shape (periods + 1,).
    gaps, scales
        Hidden identities and the sizes of their terms, shape (periods + 1, identities).
    limits
        Distances from lower and upper limit, and pull, of each complementarity condition, shape (periods + 1, conditions, 3).
    steps
        Newton steps, shape (periods + 1,).
    starts
        Where each of them starts in memory, in this order: they lie in one piece.
    """

    errors: Floats
    gaps: Floats
    scales: Floats
    limits: Floats
    steps: NDArray[np.int64]
    starts: tuple[int, ...]

    @classmethod
    def zeros(cls, rows: int, hidden: int, conditions: int, members: int | None = None) -> Traces:
        """Room for so many rows; with members, each array has them as its first dimension."""
        many, count = ((rows,), rows) if members is None else ((members, rows), members * rows)
        gaps = count
        scales = gaps + count * hidden
        limits = scales + count * hidden
        steps = limits + count * conditions * 3
        whole = np.zeros(steps + count)
        start = _start(whole)
        return cls(
            whole[:gaps].reshape(many),
            whole[gaps:scales].reshape((*many, hidden)),
            whole[scales:limits].reshape((*many, hidden)),
            whole[limits:steps].reshape((*many, conditions, 3)),
            whole[steps:].view(np.int64).reshape(many),
            (start, start + 8 * gaps, start + 8 * scales, start + 8 * limits, start + 8 * steps),
        )

    def keep(self, row: int, other: Traces) -> None:
        """Put the first row of other traces into a row."""
        self.errors[row], self.gaps[row], self.scales[row] = other.errors[0], other.gaps[0], other.scales[0]
        self.limits[row], self.steps[row] = other.limits[0], other.steps[0]


def _start(array: NDArray[Any]) -> int:
    """Where an array starts in memory; quicker to find than ``array.ctypes.data``."""
    return int(array.__array_interface__["data"][0])


class Place(Protocol):
    """A period in a table of values."""

    @property
    def table(self) -> Floats:
        """Rows of periods."""

    @property
    def number(self) -> int:
        """The period's row."""

    @property
    def parameters(self) -> Floats:
        """The period's parameters."""


class Advance:
    """The loop.

    Parameters
    ----------
    plan
        What a period consists of.
    address, sweep
        Where the machine functions for one path and for many start.
    """

    def __init__(self, plan: Plan, address: int, sweep: int) -> None:
        self.plan = plan
        self._call, self._sweep = _PROTOTYPE(address), _SWEEP(sweep)
        self._spare = plan.work if plan.work > ON_STACK else 0
        self._rows = 8 * plan.hidden, 24 * len(plan.conditions)

    def one(self, stage: Place, tolerance: float) -> int | None:
        """Solve the stage's period; Newton steps, or None where it is not ordinary."""
        traces = Traces.zeros(1, self.plan.hidden, len(self.plan.conditions))
        done = self.run(stage.table, stage.number, stage.parameters[None, :], 0, traces, 1, np.inf, np.inf, tolerance)
        return int(traces.steps[0]) if done else None

    def ahead(self, stage: Place, count: int, tolerance: float) -> int:
        """How many periods from the stage's on were ordinary, at most ``count``, its parameters being those of all of them."""
        traces = Traces.zeros(count, self.plan.hidden, len(self.plan.conditions))
        return self.run(stage.table, stage.number, stage.parameters[None, :], 0, traces, count, np.inf, np.inf, tolerance, constant=True)

    def run(
        self,
        table: Floats,
        row: int,
        parameters: Floats,
        first: int,
        traces: Traces,
        count: int,
        noticed: float,
        most: float,
        tolerance: float,
        constant: bool = False,
    ) -> int:
        """How many periods were ordinary, at most ``count``.

        Parameters
        ----------
        table, row
            Rows of values, and the first one to be solved.
        parameters, first
            Parameter rows, and the index there and in ``traces`` of the first period.
        noticed, most
            The loop stops where a hidden identity's relative gap is above ``noticed`` and not above ``most``.
        tolerance
            The largest scaled residual of an ordinary period.
        constant
            The first parameter row is that of all periods.
        """
        work = np.empty(self._spare) if self._spare else None
        step = parameters.strides[0]
        errors, gaps, scales, limits, steps = traces.starts
        wide, places = self._rows
        return int(
            self._call(
                _start(table) + row * table.strides[0],
                _start(parameters) + first * step,
                0 if constant else step // 8,
                None if work is None else _start(work),
                errors + first * 8,
                gaps + first * wide,
                scales + first * wide,
                limits + first * places,
                steps + first * 8,
                count,
                noticed,
                most,
                tolerance,
            )
        )

    def sweep(
        self,
        tables: Floats,
        row: int,
        parameters: Floats,
        traces: Traces,
        count: int,
        noticed: Floats,
        most: float,
        tolerance: float,
        constant: bool,
    ) -> NDArray[np.int64]:
        """How many periods of each member were ordinary, at most ``count``.

        The arguments are those of :meth:`run` with a first dimension for members, and contiguous; the first period's parameters and
        traces come first.
        """
        work, done = np.empty(self.plan.work), np.zeros(len(tables), dtype=np.int64)
        assert tables.flags.c_contiguous
        assert parameters.flags.c_contiguous
        self._sweep(
            len(tables),
            tables[0, row].ctypes.data,
            tables[0].size,
            parameters.ctypes.data,
            parameters[0].size,
            0 if constant else parameters.shape[2],
            work.ctypes.data,
            *traces.starts,
            traces.errors.shape[1],
            count,
            noticed.ctypes.data,
            most,
            tolerance,
            done.ctypes.data,
        )
        return done


__all__ = ["Advance", "Traces"]
