"""The period loop in machine code: ordinary periods, one after the other, each with its certificate.

A period is ordinary where Newton's method converges by full steps and everything holds to rounding at the end. The loop
stops before the first period that is not, or whose hidden identities need their rounding removed; :mod:`model.ordinary`
says what is done step by step, and performs the same steps where there is no machine code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from model.ordinary import CLOSE, DUST, FINE, MENDABLE, NEAR, RUSHED, SETTLED, SHARE, SPLITTER, STALLED, BlockPlan, Plan

DOUBLE, WHOLE, BIT = ir.DoubleType(), ir.IntType(64), ir.IntType(1)
POINTER = ir.PointerType()
INFINITY = ir.Constant(DOUBLE, float("inf"))
ZERO, ONE = ir.Constant(DOUBLE, 0.0), ir.Constant(DOUBLE, 1.0)
ON_STACK = 4096
"""Doubles of work space up to which a block keeps it on the stack, where the compiler can turn it into registers."""


def whole(value: int) -> Any:
    """A 64-bit constant."""
    return ir.Constant(WHOLE, value)


def real(value: float) -> Any:
    """A floating-point constant."""
    return ir.Constant(DOUBLE, value)


def vector_size(module: Any, vector: Any) -> Any:
    """The machine's absolute value of a vector."""
    name = f"llvm.fabs.v{vector.count}f64"
    return module.globals.get(name) or ir.Function(module, ir.FunctionType(vector, [vector]), name)


class Code:
    """Writes a function's instructions."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.b = ir.IRBuilder(function.append_basic_block("entry"))
        self.absolute = function.module.declare_intrinsic("llvm.fabs", [DOUBLE])

    def slot(self, kind: Any, size: int = 1) -> Any:
        """Stack space."""
        with self.b.goto_entry_block():
            found = self.b.alloca(kind, size=size)
            found.align = 32
            return found

    def at(self, pointer: Any, index: Any, kind: Any = DOUBLE) -> Any:
        """The address of an element."""
        return self.b.gep(pointer, [index if isinstance(index, ir.Value) else whole(index)], source_etype=kind)

    def get(self, pointer: Any, index: Any = 0, kind: Any = DOUBLE) -> Any:
        """An element."""
        return self.b.load(self.at(pointer, index, kind), typ=kind)

    def put(self, value: Any, pointer: Any, index: Any = 0, kind: Any = DOUBLE) -> None:
        """Store an element."""
        self.b.store(value, self.at(pointer, index, kind))

    def size(self, value: Any) -> Any:
        """The absolute value."""
        return self.b.call(self.absolute, [value])

    def larger(self, a: Any, b: Any) -> Any:
        """The larger of two numbers, neither of them undefined."""
        return self.b.select(self.b.fcmp_ordered(">", a, b), a, b)

    @contextmanager
    def loop(self, first: Any, end: Any) -> Iterator[Any]:
        """Indices from first to below end."""
        place = self.slot(WHOLE)
        self.b.store(first if isinstance(first, ir.Value) else whole(first), place)
        head, body, tail = (self.function.append_basic_block(n) for n in ("head", "body", "tail"))
        self.b.branch(head)
        self.b.position_at_end(head)
        index = self.b.load(place, typ=WHOLE)
        self.b.cbranch(self.b.icmp_signed("<", index, end if isinstance(end, ir.Value) else whole(end)), body, tail)
        self.b.position_at_end(body)
        yield index
        self.b.store(self.b.add(index, whole(1)), place)
        self.b.branch(head)
        self.b.position_at_end(tail)

    def stop(self, condition: Any, value: Any) -> None:
        """Return a value where the condition holds."""
        with self.b.if_then(condition):
            self.b.ret(value)

    def ratio(self, residual: Any, scale: Any) -> Any:
        """|residual| / scale: 0 where the residual is 0, infinite where it is undefined."""
        quotient = self.b.fdiv(self.size(residual), scale)
        known = self.b.select(self.b.fcmp_ordered("ord", quotient, quotient), quotient, INFINITY)
        return self.b.select(self.b.fcmp_ordered("==", residual, ZERO), ZERO, known)

    def worst(self, residuals: Any, scales: Any, count: int) -> Any:
        """The largest scaled residual of two vectors."""
        most = ZERO
        if count <= 64:
            for i in range(count):
                most = self.larger(self.ratio(self.get(residuals, i), self.get(scales, i)), most)
            return most
        lanes = 8
        vector = ir.VectorType(DOUBLE, lanes)
        absolute = vector_size(self.function.module, vector)
        nothing, endless = ir.Constant(vector, [0.0] * lanes), ir.Constant(vector, [float("inf")] * lanes)
        place = self.slot(vector)
        self.b.store(nothing, place)
        with self.loop(0, count // lanes) as i:
            start = self.b.mul(i, whole(lanes))
            r, s = (self.b.load(self.at(p, start), typ=vector, align=8) for p in (residuals, scales))
            quotient = self.b.fdiv(self.b.call(absolute, [r]), s)
            known = self.b.select(self.b.fcmp_ordered("ord", quotient, quotient), quotient, endless)
            found = self.b.select(self.b.fcmp_ordered("==", r, nothing), nothing, known)
            so_far = self.b.load(place, typ=vector)
            self.b.store(self.b.select(self.b.fcmp_ordered(">", found, so_far), found, so_far), place)
        so_far = self.b.load(place, typ=vector)
        for i in range(lanes):
            most = self.larger(self.b.extract_element(so_far, ir.Constant(ir.IntType(32), i)), most)
        for i in range(count - count % lanes, count):
            most = self.larger(self.ratio(self.get(residuals, i), self.get(scales, i)), most)
        return most


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


class Driver:
    """Writes the module of the period loop.

    Parameters
    ----------
    plan
        What a period consists of.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.module = ir.Module("driver")
        self.kernel_type = ir.FunctionType(ir.VoidType(), [POINTER, POINTER, POINTER])
        self.kernels: dict[str, Any] = {}

    def text(self) -> str:
        """The module in LLVM's language."""
        self._advance()
        return str(self.module)

    def kernel(self, name: str) -> Any:
        """A kernel, declared on first use."""
        if name not in self.kernels:
            self.kernels[name] = ir.Function(self.module, self.kernel_type, name)
        return self.kernels[name]

    def _function(self, name: str, result: Any, arguments: Sequence[Any]) -> Any:
        function = ir.Function(self.module, ir.FunctionType(result, arguments), name)
        for argument in function.args:
            if isinstance(argument.type, ir.PointerType):
                argument.add_attribute("noalias")
        return function

    def _advance(self) -> None:
        """``advance(row, par, stride, work, errors, gaps, scales, conditions, steps, count, noticed, most, tolerance)``."""
        plan = self.plan
        n, hidden, conditions = plan.equations, plan.hidden, len(plan.conditions)
        period = self._period()
        function = self._function("advance", WHOLE, [POINTER, POINTER, WHOLE] + [POINTER] * 6 + [WHOLE, DOUBLE, DOUBLE, DOUBLE])
        c = Code(function)
        row, par, stride, work, errors, gaps, scales, places, steps, count, noticed, most, tolerance = function.args
        out = c.slot(DOUBLE, plan.outputs) if plan.outputs <= ON_STACK else work
        with c.loop(0, count) as k:
            here = c.at(row, c.b.mul(k, whole(plan.width)))
            taken = c.b.call(period, [here, c.at(par, c.b.mul(k, stride)), work, out, c.at(errors, k), tolerance])
            c.stop(c.b.icmp_signed("<", taken, whole(0)), k)
            for i in range(hidden):
                gap, size = c.get(out, 2 * n + i), c.get(out, 2 * n + hidden + i)
                relative = c.ratio(gap, size)
                c.stop(c.b.and_(c.b.fcmp_ordered(">", relative, noticed), c.b.fcmp_ordered("<=", relative, most)), k)
                place = c.b.add(c.b.mul(k, whole(hidden)), whole(i))
                c.put(gap, gaps, place)
                c.put(size, scales, place)
            for i in range(3 * conditions):
                c.put(c.get(out, 2 * n + 2 * hidden + i), places, c.b.add(c.b.mul(k, whole(3 * conditions)), whole(i)))
            c.put(taken, steps, k, WHOLE)
        c.b.ret(count)

    def _period(self) -> Any:
        """``period(row, par, work, out, error, tolerance)``: Newton steps, or −1 where the period is not ordinary."""
        plan, n = self.plan, self.plan.equations
        steps = [step if isinstance(step, str) else (step, self._block(step)) for step in plan.steps]
        function = self._function("period", WHOLE, [POINTER] * 5 + [DOUBLE])
        function.linkage = "internal"
        c = Code(function)
        row, par, work, out, error, tolerance = function.args
        total = whole(0)
        for step in steps:
            if isinstance(step, str):
                c.b.call(self.kernel(step), [row, par, out])
            else:
                taken = c.b.call(step[1], [row, par, work])
                c.stop(c.b.icmp_signed("<", taken, whole(0)), whole(-1))
                total = c.b.add(total, taken)
        c.b.call(self.kernel("certificate"), [row, par, out])
        worst = c.worst(out, c.at(out, n), n)
        c.stop(c.b.fcmp_unordered(">", worst, tolerance), whole(-1))
        if plan.conditions:
            self._settle(c, row, par, out, worst)
            worst = c.worst(out, c.at(out, n), n)
        c.put(worst, error)
        c.b.ret(total)
        return function

    def _settle(self, c: Code, row: Any, par: Any, out: Any, worst: Any) -> None:
        """Put each limited variable that is at a limit but for rounding exactly there, unless the equations object."""
        plan = self.plan
        allowed = c.larger(worst, real(FINE))
        tried = c.slot(BIT)
        c.b.store(ir.Constant(BIT, 0), tried)
        found = [[c.get(out, 2 * plan.equations + 2 * plan.hidden + 3 * i + j) for j in range(3)] for i in range(len(plan.conditions))]
        for column, (below, above, pull) in zip(plan.conditions, found, strict=True):
            reach, low, high = c.b.fmul(real(SHARE), c.size(pull)), c.size(below), c.size(above)
            at_lower = _all(c, [(">", pull, ZERO), (">", low, ZERO), ("<=", low, reach)])
            at_upper = _all(c, [("<", pull, ZERO), (">", high, ZERO), ("<=", high, reach)])
            with c.b.if_then(c.b.or_(at_lower, at_upper), likely=False):
                value = c.get(row, column)
                limit = c.b.select(at_lower, c.b.fsub(value, below), c.b.fadd(value, above))
                c.put(limit, row, column)
                c.b.call(self.kernel("certificate"), [row, par, out])
                now = c.worst(out, c.at(out, plan.equations), plan.equations)
                c.put(c.b.select(c.b.fcmp_ordered("<=", now, allowed), limit, value), row, column)
                c.b.store(ir.Constant(BIT, 1), tried)
        with c.b.if_then(c.b.load(tried, typ=BIT), likely=False):
            c.b.call(self.kernel("certificate"), [row, par, out])

    def _block(self, block: BlockPlan) -> Any:
        """``block(row, par, work)``: solves one block; Newton steps, or −1."""
        function = self._function(f"{block.name}.solve", WHOLE, [POINTER] * 3)
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
        _Solving(self, c, block, space, row, par).write()
        return function

    def factor(self, n: int) -> Any:
        """``factor(matrix, lower, sizes, order)``: whether the matrix is regular."""
        from model.elimination import write_factor

        return self._once(f"factor.{n}", BIT, 4, lambda c: write_factor(c, n))

    def backward(self, n: int) -> Any:
        """``backward(matrix, lower, sizes, order, residuals, step)``: the Newton step."""
        from model.elimination import write_step

        return self._once(f"step.{n}", ir.VoidType(), 6, lambda c: write_step(c, n))

    def _once(self, name: str, result: Any, arguments: int, write: Callable[[Code], None]) -> Any:
        if name not in self.kernels:
            function = self._function(name, result, [POINTER] * arguments)
            function.linkage = "internal"
            write(Code(function))
            self.kernels[name] = function
        return self.kernels[name]


def _all(c: Code, tests: Sequence[tuple[str, Any, Any]]) -> Any:
    found = ir.Constant(BIT, 1)
    for sign, a, b in tests:
        found = c.b.and_(found, c.b.fcmp_ordered(sign, a, b))
    return found


class _Solving:
    """Writes the solution of one block."""

    def __init__(self, driver: Driver, c: Code, block: BlockPlan, space: _Space, row: Any, par: Any) -> None:
        self.driver, self.c, self.block, self.s, self.row, self.par = driver, c, block, space, row, par
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
        c, n = self.c, self.block.count
        c.b.call(self.driver.kernel(f"{self.block.name}.values"), [self.row, self.par, self.s.out])
        return c.worst(self.s.out, c.at(self.s.out, n), n)

    def factor(self) -> None:
        """Total derivatives at the row, factored."""
        c, block, s = self.c, self.block, self.s
        c.b.call(self.driver.kernel(f"{block.name}.partials"), [self.row, self.par, s.work])
        c.b.call(self.driver.kernel(f"{block.name}.eliminate"), [s.work, s.table, s.table])
        matrix = c.at(s.table, (block.rows - block.count) * block.wide)
        if block.count == 1:
            c.stop(c.b.fcmp_unordered("==", c.get(matrix), ZERO), whole(-1))
        else:
            regular = c.b.call(self.driver.factor(block.count), [matrix, s.lower, s.sizes, s.order])
            c.stop(c.b.not_(regular), whole(-1))

    def step(self) -> None:
        """The Newton step of the residuals by the factors there are."""
        c, block, s = self.c, self.block, self.s
        matrix = c.at(s.table, (block.rows - block.count) * block.wide)
        if block.count == 1:
            c.put(c.b.fdiv(c.b.fneg(c.get(s.out)), c.get(matrix)), s.dx)
        else:
            c.b.call(self.driver.backward(block.count), [matrix, s.lower, s.sizes, s.order, s.out, s.dx])

    def count(self) -> None:
        """One step more."""
        self.c.b.store(self.c.b.add(self.c.b.load(self.steps, typ=WHOLE), whole(1)), self.steps)

    def moved(self) -> tuple[list[Any], Any, Any, Any]:
        """The tears after the step; whether all moves are within rounding of the end, small, settled."""
        c = self.c
        points = []
        close = near = settled = ir.Constant(BIT, 1)
        for i in range(self.block.count):
            x, dx = c.get(self.s.x, i), c.get(self.s.dx, i)
            point, size, move = c.b.fadd(x, dx), c.size(x), c.size(dx)
            dust = c.b.fcmp_ordered("<=", c.size(point), c.b.fmul(real(DUST), c.b.fadd(size, move)))
            point = c.b.select(dust, ZERO, point)
            points.append(point)
            far = c.size(point)
            close = c.b.and_(close, c.b.fcmp_ordered("<=", move, c.b.fmul(real(CLOSE), far)))
            near = c.b.and_(near, c.b.fcmp_ordered("<=", move, c.b.fmul(real(NEAR), far)))
            settled = c.b.and_(settled, c.b.fcmp_ordered("<=", move, c.b.fmul(real(SETTLED), size)))
        return points, close, near, settled

    def _linear(self) -> None:
        c = self.c
        self.place([ZERO] * self.block.count)
        self.values()
        self.factor()
        self.step()
        self.count()
        self.place(self.moved()[0])
        c.b.store(self.values(), self.error)
        with c.b.if_then(c.b.fcmp_unordered(">", c.b.load(self.error, typ=DOUBLE), real(DUST))):
            self.step()
            self.count()
            self.place(self.moved()[0])
            c.b.store(self.values(), self.error)

    def _newton(self) -> None:
        c, block = self.c, self.block
        before = [c.get(self.row, column - self.driver.plan.width) for column in block.tears]
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
            self.count()
            points, close, near, settled = self.moved()
            old = [c.get(self.s.x, i) for i in range(block.count)]
            self.place(points)
            now = self.values()
            stuck = c.b.not_(c.b.fcmp_ordered("<=", now, c.b.fmul(real(0.5), error)))
            with c.b.if_then(stuck):
                lasting = c.b.and_(settled, c.b.fcmp_ordered("<=", error, real(MENDABLE)))
                fine = c.b.or_(lasting, c.b.fcmp_ordered("<=", error, real(STALLED)))
                c.stop(c.b.not_(fine), whole(-1))
                self.place(old)
                c.b.branch(found)
                c.b.position_at_end(c.function.append_basic_block("dead"))
            c.b.store(now, self.error)
            self._leave(close, found)
            with c.b.if_then(near):
                self.step()
                self.count()
                self.place(self.moved()[0])
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
        self.count()
        self.place(self.moved()[0])
        c.b.store(self.values(), self.error)

    def _finish(self) -> None:
        """Where recomputed values are not fine enough: the block's unknowns moved along with the tears to first order."""
        c, block, s = self.c, self.block, self.s
        error = c.b.load(self.error, typ=DOUBLE)
        c.stop(c.b.fcmp_unordered(">", error, real(MENDABLE)), whole(-1))
        with c.b.if_then(c.b.fcmp_ordered(">", error, real(FINE)), likely=False):
            self.step()
            self.count()
            c.b.call(self.driver.kernel(f"{block.name}.follow"), [self.row, s.table, s.dx])
            for i, column in enumerate(block.tears):
                c.put(c.b.fadd(c.get(self.row, column), c.get(s.dx, i)), self.row, column)


def driver_text(plan: Plan) -> str:
    """The period loop of a plan in LLVM's language."""
    return Driver(plan).text()
