"""Machine code that solves one torn block the ordinary way; see :mod:`model.periods.ordinary` for what is done and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from model.compiler.elimination import write_factor, write_step
from model.compiler.emitter import BIT, DOUBLE, INFINITY, POINTER, WHOLE, ZERO, Code, Library, real, whole
from model.compiler.plan import CLOSE, DUST, FINE, MENDABLE, NEAR, ON_STACK, RUSHED, SETTLED, SPLITTER, STALLED, BlockPlan

IS_CLOSE, IS_NEAR, IS_SETTLED = 1, 2, 4


@dataclass
class _Space:
    """Where a block's function keeps things: tears, steps, outputs, partial derivatives, their table, the factors."""

    x: Any
    dx: Any
    out: Any
    work: Any
    table: Any
    lower: Any
    sizes: Any
    order: Any


class _Parts:
    """A block's functions, each written once and called where it is needed."""

    def __init__(self, library: Library, block: BlockPlan, stride: int) -> None:
        self.library, self.block, self.stride = library, block, stride

    def measure(self) -> Any:
        """``measure(row, par, out)``: the largest scaled residual at the tears in the row."""
        return self.library.once(f"{self.block.name}.measure", DOUBLE, 3, self._write_measure)

    def _write_measure(self, c: Code) -> None:
        row, par, out = c.function.args
        c.b.call(self.library.kernel(f"{self.block.name}.values"), [row, par, out])
        c.b.ret(c.worst(out, c.at(out, self.block.count), self.block.count))

    def derive(self) -> Any:
        """``derive(row, par, work, lower, sizes, order)``: total derivatives at the row, factored; whether they are regular."""
        return self.library.once(f"{self.block.name}.derive", BIT, 6, self._write_derive)

    def _write_derive(self, c: Code) -> None:
        block = self.block
        row, par, work, lower, sizes, order = c.function.args
        table = c.at(work, block.entries)
        c.b.call(self.library.kernel(f"{block.name}.partials"), [row, par, work])
        c.b.call(self.library.kernel(f"{block.name}.eliminate"), [work, table, table])
        matrix = c.at(table, (block.rows - block.count) * block.wide)
        if block.count == 1:
            c.b.ret(c.b.fcmp_ordered("!=", c.get(matrix), ZERO))
        else:
            c.b.ret(c.b.call(_factor(self.library, block.count), [matrix, lower, sizes, order]))

    def move(self) -> Any:
        """``move(row, x, dx)``: the tears after the step, in the row and the vector.

        Returns whether all moves are within rounding of the end, small, settled: the sum of the flags.
        """
        return self.library.once(f"{self.block.name}.move", WHOLE, 3, self._write_move)

    def _write_move(self, c: Code) -> None:
        row, place, step = c.function.args
        close = near = settled = ir.Constant(BIT, 1)
        for i, column in enumerate(self.block.tears):
            x, dx = c.get(place, i), c.get(step, i)
            point, size, move = c.b.fadd(x, dx), c.size(x), c.size(dx)
            dust = c.b.fcmp_ordered("<=", c.size(point), c.b.fmul(real(DUST), c.b.fadd(size, move)))
            point = c.b.select(dust, ZERO, point)
            c.put(point, row, column)
            c.put(point, place, i)
            far = c.size(point)
            close = c.b.and_(close, c.b.fcmp_ordered("<=", move, c.b.fmul(real(CLOSE), far)))
            near = c.b.and_(near, c.b.fcmp_ordered("<=", move, c.b.fmul(real(NEAR), far)))
            settled = c.b.and_(settled, c.b.fcmp_ordered("<=", move, c.b.fmul(real(SETTLED), size)))
        flags = [c.b.select(flag, whole(number), whole(0)) for flag, number in ((close, IS_CLOSE), (near, IS_NEAR), (settled, IS_SETTLED))]
        c.b.ret(c.b.or_(c.b.or_(flags[0], flags[1]), flags[2]))


class _Solving:
    """Writes the solution of one block."""

    def __init__(self, library: Library, c: Code, block: BlockPlan, stride: int, space: _Space, row: Any, par: Any) -> None:
        self.library, self.c, self.block, self.stride, self.s, self.row, self.par = library, c, block, stride, space, row, par
        self.parts = _Parts(library, block, stride)
        self.error = c.slot(DOUBLE)
        self.steps = c.slot(WHOLE)
        c.b.store(whole(0), self.steps)

    def write(self) -> None:
        """The whole function."""
        if self.block.linear:
            self._linear()
        else:
            self._newton()
        self._finish()
        self.c.b.ret(self.c.b.load(self.steps, typ=WHOLE))

    def place(self, values: Sequence[Any]) -> None:
        """New tears into the row and the vector."""
        for i, (column, value) in enumerate(zip(self.block.tears, values, strict=True)):
            self.c.put(value, self.row, column)
            self.c.put(value, self.s.x, i)

    def values(self) -> Any:
        """The largest scaled residual at the tears in the row."""
        return self.c.b.call(self.parts.measure(), [self.row, self.par, self.s.out])

    def factor(self) -> None:
        """Total derivatives at the row, factored."""
        c, s = self.c, self.s
        regular = c.b.call(self.parts.derive(), [self.row, self.par, s.work, s.lower, s.sizes, s.order])
        c.stop(c.b.not_(regular), whole(-1))

    def step(self) -> None:
        """The Newton step of the residuals by the factors there are."""
        c, block, s = self.c, self.block, self.s
        matrix = c.at(s.table, (block.rows - block.count) * block.wide)
        if block.count == 1:
            c.put(c.b.fdiv(c.b.fneg(c.get(s.out)), c.get(matrix)), s.dx)
        else:
            c.b.call(_backward(self.library, block.count), [matrix, s.lower, s.sizes, s.order, s.out, s.dx])
        c.b.store(c.b.add(c.b.load(self.steps, typ=WHOLE), whole(1)), self.steps)

    def move(self) -> Any:
        """The tears after the step; flags of the move."""
        return self.c.b.call(self.parts.move(), [self.row, self.s.x, self.s.dx])

    def _flag(self, flags: Any, number: int) -> Any:
        return self.c.b.icmp_unsigned("!=", self.c.b.and_(flags, whole(number)), whole(0))

    def _linear(self) -> None:
        c = self.c
        self.place([ZERO] * self.block.count)
        self.values()
        self.factor()
        self.step()
        self.move()
        c.b.store(self.values(), self.error)
        with c.b.if_then(c.b.fcmp_unordered(">", c.b.load(self.error, typ=DOUBLE), real(DUST))):
            self.step()
            self.move()
            c.b.store(self.values(), self.error)

    def _newton(self) -> None:
        c, block = self.c, self.block
        before = [c.get(self.row, column - self.stride) for column in block.tears]
        known = [c.b.fcmp_ordered("<", c.size(v), INFINITY) for v in before]
        self.place([c.b.select(k, v, ZERO) for k, v in zip(known, before, strict=True)])
        first = self.values()
        c.stop(c.b.fcmp_unordered(">=", first, INFINITY), whole(-1))
        c.b.store(first, self.error)
        found = c.function.append_basic_block("found")
        with c.loop(0, RUSHED):
            error = c.b.load(self.error, typ=DOUBLE)
            self._leave(c.b.fcmp_ordered("<=", error, real(DUST)), found)
            self.factor()
            self.step()
            old = [c.get(self.s.x, i) for i in range(block.count)]
            flags = self.move()
            now = self.values()
            stuck = c.b.not_(c.b.fcmp_ordered("<=", now, c.b.fmul(real(0.5), error)))
            with c.b.if_then(stuck):
                lasting = c.b.and_(self._flag(flags, IS_SETTLED), c.b.fcmp_ordered("<=", error, real(MENDABLE)))
                fine = c.b.or_(lasting, c.b.fcmp_ordered("<=", error, real(STALLED)))
                c.stop(c.b.not_(fine), whole(-1))
                self.place(old)
                c.b.branch(found)
                c.b.position_at_end(c.function.append_basic_block("dead"))
            c.b.store(now, self.error)
            self._leave(self._flag(flags, IS_CLOSE), found)
            with c.b.if_then(self._flag(flags, IS_NEAR)):
                self.step()
                self.move()
                c.b.branch(found)
                c.b.position_at_end(c.function.append_basic_block("dead"))
        c.b.ret(whole(-1))
        c.b.position_at_end(found)
        self._conclude()

    def _leave(self, condition: Any, target: Any) -> None:
        following = self.c.function.append_basic_block("following")
        self.c.b.cbranch(condition, target, following)
        self.c.b.position_at_end(following)

    def _conclude(self) -> None:
        """Tears without their last bits, and one Newton step from there."""
        c = self.c
        rounded = []
        for i in range(self.block.count):
            x = c.get(self.s.x, i)
            spread = c.b.fmul(x, real(SPLITTER))
            rounded.append(c.b.fsub(spread, c.b.fsub(spread, x)))
        self.place(rounded)
        self.values()
        self.factor()
        self.step()
        self.move()
        c.b.store(self.values(), self.error)

    def _finish(self) -> None:
        """Where recomputed values are not fine enough: the block's unknowns moved along with the tears to first order."""
        c, block, s = self.c, self.block, self.s
        error = c.b.load(self.error, typ=DOUBLE)
        c.stop(c.b.fcmp_unordered(">", error, real(MENDABLE)), whole(-1))
        with c.b.if_then(c.b.fcmp_ordered(">", error, real(FINE)), likely=False):
            self.step()
            c.b.call(self.library.kernel(f"{block.name}.follow"), [self.row, s.table, s.dx])
            for i, column in enumerate(block.tears):
                c.put(c.b.fadd(c.get(self.row, column), c.get(s.dx, i)), self.row, column)


def write_block(library: Library, block: BlockPlan, stride: int) -> Any:
    """``block(row, par, work)``: solves one block; Newton steps, or −1."""
    function = library.function(f"{block.name}.solve", WHOLE, [POINTER] * 3)
    function.linkage = "internal"
    c = Code(function)
    row, par, spare = function.args
    n, wide = block.count, block.wide
    needs = block.entries + block.rows * wide
    work = c.slot(DOUBLE, needs) if needs <= ON_STACK else spare
    space = _Space(
        c.slot(DOUBLE, n),
        c.slot(DOUBLE, wide),
        c.slot(DOUBLE, 2 * n),
        work,
        c.at(work, block.entries),
        c.slot(DOUBLE, n * n),
        c.slot(DOUBLE, 2 * n + wide),
        c.slot(WHOLE, n),
    )
    for i in range(n, wide):
        c.put(ZERO, space.dx, i)
    _Solving(library, c, block, stride, space, row, par).write()
    return function


def _factor(library: Library, n: int) -> Any:
    """``factor(matrix, lower, sizes, order)``: whether the matrix is regular."""
    return library.once(f"factor.{n}", BIT, 4, lambda c: write_factor(c, n))


def _backward(library: Library, n: int) -> Any:
    """``backward(matrix, lower, sizes, order, residuals, step)``: the Newton step."""
    return library.once(f"step.{n}", ir.VoidType(), 6, lambda c: write_step(c, n))


__all__ = ["write_block"]
