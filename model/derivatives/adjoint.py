"""The adjoint sweep: the derivatives of weighted sums carried from a period's row to everything that it was computed from.

The blocks of a program put its equations into an order in which all but the torn ones assign their unknown from earlier ones. With the
derivatives in that order, F_xᵀ λ = g costs one elimination of the tears (a small dense system) and one pass over the other equations
from last to first, which hands each unknown's weight on to what its equation reads: in this period, in earlier ones, and parameters.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from model.compiler.program import Floats, Integers, Program

HAND_ON = """
define void @hand_on(ptr %structure, ptr %weights, ptr %values, ptr %given) {
; structure = [rows | row starts | own places, -1 for rows whose value is given | places]; rows from last to first:
; values[place] += weight * (values[own] or given[row])
entry:
  %rows = load i64, ptr %structure
  %starts = getelementptr i64, ptr %structure, i64 1
  %rows1 = add i64 %rows, 1
  %own = getelementptr i64, ptr %starts, i64 %rows1
  %places = getelementptr i64, ptr %own, i64 %rows
  br label %row
row:
  %left = phi i64 [ %rows, %entry ], [ %i, %next ]
  %more = icmp sgt i64 %left, 0
  br i1 %more, label %body, label %exit
body:
  %i = sub i64 %left, 1
  %op = getelementptr i64, ptr %own, i64 %i
  %o = load i64, ptr %op
  %gp = getelementptr double, ptr %given, i64 %i
  %vp = getelementptr double, ptr %values, i64 %o
  %outside = icmp slt i64 %o, 0
  %source = select i1 %outside, ptr %gp, ptr %vp
  %v = load double, ptr %source
  %none = fcmp oeq double %v, 0.0
  br i1 %none, label %next, label %edges
edges:
  %sp = getelementptr i64, ptr %starts, i64 %i
  %first = load i64, ptr %sp
  %ep = getelementptr i64, ptr %starts, i64 %left
  %end = load i64, ptr %ep
  br label %edge
edge:
  %e = phi i64 [ %first, %edges ], [ %e1, %add ]
  %inside = icmp slt i64 %e, %end
  br i1 %inside, label %add, label %next
add:
  %wp = getelementptr double, ptr %weights, i64 %e
  %w = load double, ptr %wp
  %pp = getelementptr i64, ptr %places, i64 %e
  %p = load i64, ptr %pp
  %tp = getelementptr double, ptr %values, i64 %p
  %t = load double, ptr %tp
  %product = fmul double %w, %v
  %sum = fadd double %t, %product
  store double %sum, ptr %tp
  %e1 = add i64 %e, 1
  br label %edge
next:
  br label %row
exit:
  ret void
}
"""


@lru_cache(maxsize=1)
def _machine() -> tuple[Any, Callable[[int, int, int, int], None]]:
    """The engine that owns ``hand_on``, and the function."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=2)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(HAND_ON), machine)
    engine.finalize_object()
    prototype = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)
    return engine, prototype(engine.get_function_address("hand_on"))


@dataclass(frozen=True)
class Sweep:
    """The order in which a program's derivatives are swept; see :func:`sweep_of`.

    Parameters
    ----------
    program
        The compiled system; machine code, no leads.
    order
        Positions in ``program.whole`` of the derivatives that are handed on, row by row; each row's own one is left out.
    rows
        The row (in sweeping order) of each of them.
    diagonal
        Positions of the derivative of each assigned row by its own unknown.
    structure
        What ``hand_on`` takes; places count from the oldest row that a lag reaches.
    inner, inner_structure, inner_sizes
        Which of ``order`` are derivatives by unknowns of the period, and what the elimination takes.
    tears, chained
        Columns of the torn and of the assigned unknowns, in sweeping order.
    reach
        Rows that lags reach back.
    """

    program: Program
    order: Integers
    rows: Integers
    diagonal: Integers
    structure: Integers
    inner: Integers
    inner_structure: Integers
    inner_sizes: Integers
    tears: Integers
    chained: Integers
    reach: int

    def back(self, entries: Floats, values: Sequence[Floats]) -> None:
        """Hand the weights of a period's unknowns on, in place.

        Parameters
        ----------
        entries
            The derivatives ``program.whole`` of the period, shape (derivatives,).
        values
            For each sum a contiguous array of shape (reach + 1, columns and parameters), the period's row last.

        Raises
        ------
        numpy.linalg.LinAlgError
            The equations do not determine the torn unknowns.
        """
        assigned, torn = len(self.chained), len(self.tears)
        weights = entries[self.order]
        scale = np.full(assigned + torn, -1.0)
        scale[:assigned] /= entries[self.diagonal]
        weights *= scale[self.rows]
        given = np.zeros(assigned + torn)
        if torn:
            count = len(self.inner)
            work = np.zeros(count + (2 * torn + assigned) * torn)
            work[:count] = weights[self.inner]
            table = work[count:].reshape(2 * torn + assigned, torn)
            table[:torn] = np.eye(torn)
            eliminate = self.program.eliminate
            assert eliminate is not None
            eliminate(self.inner_sizes.ctypes.data, self.inner_structure.ctypes.data, work.ctypes.data)
            chain, matrix = table[torn : torn + assigned], -table[torn + assigned :]
            size = np.abs(matrix).max(axis=1)
            size[size == 0.0] = 1.0
            reduced = (matrix / size[:, None]).T
        _, hand_on = _machine()
        for value in values:
            row = value[-1]
            if torn:
                target = row[self.tears] + row[self.chained] @ chain
                given[assigned:] = np.linalg.solve(reduced, target) / size
            hand_on(self.structure.ctypes.data, weights.ctypes.data, value.ctypes.data, given.ctypes.data)


def sweep_of(program: Program) -> Sweep:
    """The sweep of a program without leads; worked out once."""
    return program.once("sweep", lambda: _ordered(program))


def _ordered(program: Program) -> Sweep:
    pattern, wide = program.whole, program.width + len(program.parameter_names)
    reach = max(program.max_lag, 1)
    chain = [pair for shape in program.shapes for pair in shape.chain]
    tears = [u for shape in program.shapes for u in shape.tears]
    residuals = [e for shape in program.shapes for e in shape.residuals]
    columns = program.unknown_columns
    chained, torn = columns[[u for _, u in chain]], columns[np.array(tears, dtype=np.int64)]
    sequence = np.array([e for e, _ in chain] + residuals, dtype=np.int64)
    rank = np.empty(len(sequence), dtype=np.int64)
    rank[sequence] = np.arange(len(sequence))
    own = np.full(len(sequence), -1, dtype=np.int64)
    own[: len(chain)] = chained
    rows = rank[pattern.rows]
    is_own = (pattern.offsets == 0) & (pattern.columns == own[rows])
    diagonal = np.empty(len(chain), dtype=np.int64)
    diagonal[rows[is_own]] = np.flatnonzero(is_own)
    order = np.flatnonzero(~is_own)
    order = order[np.argsort(rows[order], kind="stable")]
    ranked = rows[order]
    places = (reach + pattern.offsets[order]) * wide + pattern.columns[order]
    starts = np.searchsorted(ranked, np.arange(len(sequence) + 1))
    owned = np.where(own >= 0, reach * wide + own, -1)
    structure = np.concatenate([[len(sequence)], starts, owned, places]).astype(np.int64)
    position = np.full(program.width, -1, dtype=np.int64)
    position[torn] = np.arange(len(torn))
    position[chained] = len(torn) + np.arange(len(chained))
    within = pattern.columns[order] < program.width
    source = np.where(within, position[np.minimum(pattern.columns[order], program.width - 1)], -1)
    inner = np.flatnonzero((pattern.offsets[order] == 0) & (source >= 0))
    inner_starts = np.searchsorted(ranked[inner], np.arange(len(sequence) + 1))
    inner_structure = np.concatenate([inner_starts, source[inner]]).astype(np.int64)
    sizes = np.array([len(torn), len(sequence), len(inner)], dtype=np.int64)
    return Sweep(program, order, ranked, diagonal, structure, inner, inner_structure, sizes, torn, chained, reach)


__all__ = ["Sweep", "sweep_of"]
