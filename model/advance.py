"""The period loop in machine code, called from Python: as many ordinary periods as follow each other."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.ordinary import Plan

if TYPE_CHECKING:
    from model.newton import Stage

Floats = NDArray[np.float64]

_ADDRESS, _WHOLE, _REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
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
    """

    errors: Floats
    gaps: Floats
    scales: Floats
    limits: Floats
    steps: NDArray[np.int64]

    @classmethod
    def zeros(cls, rows: int, plan_hidden: int, conditions: int) -> Traces:
        """Room for so many periods, the opening included."""
        return cls(
            np.zeros(rows),
            np.zeros((rows, plan_hidden)),
            np.zeros((rows, plan_hidden)),
            np.zeros((rows, conditions, 3)),
            np.zeros(rows, dtype=np.int64),
        )


class Advance:
    """The loop.

    Parameters
    ----------
    plan
        What a period consists of.
    address
        Where the machine function starts.
    """

    def __init__(self, plan: Plan, address: int) -> None:
        self.plan = plan
        self._call = _PROTOTYPE(address)

    def one(self, stage: Stage, tolerance: float) -> int | None:
        """Solve the stage's period; Newton steps, or None where it is not ordinary."""
        traces = Traces.zeros(1, self.plan.hidden, len(self.plan.conditions))
        done = self.run(stage.table, stage.number, stage.parameters[None, :], 0, traces, 1, np.inf, np.inf, tolerance)
        return int(traces.steps[0]) if done else None

    def ahead(self, stage: Stage, count: int, tolerance: float) -> int:
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
        work = np.empty(self.plan.work)
        return int(
            self._call(
                table[row].ctypes.data,
                parameters[first].ctypes.data,
                0 if constant else parameters.shape[1],
                work.ctypes.data,
                traces.errors[first:].ctypes.data,
                traces.gaps[first:].ctypes.data,
                traces.scales[first:].ctypes.data,
                traces.limits[first:].ctypes.data,
                traces.steps[first:].ctypes.data,
                count,
                noticed,
                most,
                tolerance,
            )
        )


__all__ = ["Advance", "Traces"]
