"""The period loop in machine code: ordinary periods, one after the other, each with its certificate.

A period is ordinary where Newton's method converges by full steps and everything holds to rounding at the end. The loop
stops before the first period that is not, or whose hidden identities need their rounding removed; :mod:`model.periods.ordinary`
says what is done step by step, and performs the same steps where there is no machine code.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from model.compiler.emitter import BIT, DOUBLE, POINTER, WHOLE, ZERO, Code, Library, real, whole
from model.compiler.plan import FINE, ON_STACK, SHARE, Plan
from model.compiler.torn import write_block


class Driver:
    """Writes the module of the period loop.

    Parameters
    ----------
    plan
        What a period consists of.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.library = Library("driver")

    def text(self) -> str:
        """The module in LLVM's language."""
        self._sweep(self._advance())
        return str(self.library.module)

    def _advance(self) -> Any:
        """``advance(row, par, stride, work, errors, gaps, scales, conditions, steps, count, noticed, most, tolerance)``."""
        plan = self.plan
        n, hidden, conditions = plan.equations, plan.hidden, len(plan.conditions)
        period = self._period()
        function = self.library.function("advance", WHOLE, [POINTER, POINTER, WHOLE] + [POINTER] * 6 + [WHOLE, DOUBLE, DOUBLE, DOUBLE])
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
        return function

    def _sweep(self, advance: Any) -> None:
        """``sweep`` calls ``advance`` for one member after the other; ``noticed`` and ``done`` have an entry for each.

        Arguments: members; row, its step from member to member; par, its step, stride; work; errors, gaps, scales, conditions, steps,
        the rows that each member has in them; count, noticed, most, tolerance, done.
        """
        kinds = [WHOLE, POINTER, WHOLE, POINTER, WHOLE, WHOLE] + [POINTER] * 6 + [WHOLE, WHOLE, POINTER, DOUBLE, DOUBLE, POINTER]
        function = self.library.function("sweep", ir.VoidType(), kinds)
        c = Code(function)
        members, row, far, par, away, stride, work, *traces, rows, count, noticed, most, tolerance, done = function.args
        hidden, conditions = self.plan.hidden, len(self.plan.conditions)
        with c.loop(0, members) as m:
            start = c.b.mul(m, rows)
            errors, gaps, scales, places = (
                c.at(p, c.b.mul(start, whole(size))) for p, size in zip(traces[:4], (1, hidden, hidden, 3 * conditions), strict=True)
            )
            steps = c.at(traces[4], start, WHOLE)
            arguments = [c.at(row, c.b.mul(m, far)), c.at(par, c.b.mul(m, away)), stride, work, errors, gaps, scales, places, steps]
            solved = c.b.call(advance, [*arguments, count, c.get(noticed, m), most, tolerance])
            c.put(solved, done, m, WHOLE)
        c.b.ret_void()

    def _period(self) -> Any:
        """``period(row, par, work, out, error, tolerance)``: Newton steps, or −1 where the period is not ordinary."""
        plan = self.plan
        steps = [step if isinstance(step, str) else (step, write_block(self.library, step, plan.width)) for step in plan.steps]
        function = self.library.function("period", WHOLE, [POINTER] * 5 + [DOUBLE])
        function.linkage = "internal"
        c = Code(function)
        row, par, work, out, error, tolerance = function.args
        total = whole(0)
        for step in steps:
            if isinstance(step, str):
                c.b.call(self.library.kernel(step), [row, par, out])
            else:
                taken = c.b.call(step[1], [row, par, work])
                c.stop(c.b.icmp_signed("<", taken, whole(0)), whole(-1))
                total = c.b.add(total, taken)
        worst = c.b.call(self._certify(), [row, par, out])
        c.stop(c.b.fcmp_unordered(">", worst, tolerance), whole(-1))
        if plan.conditions:
            worst = self._settle(c, row, par, out, worst)
        c.put(worst, error)
        c.b.ret(total)
        return function

    def _certify(self) -> Any:
        """``certify(row, par, out)``: what the certificate's kernel writes, and the largest scaled residual."""

        def write(c: Code) -> None:
            row, par, out = c.function.args
            c.b.call(self.library.kernel("certificate"), [row, par, out])
            c.b.ret(c.worst(out, c.at(out, self.plan.equations), self.plan.equations))

        return self.library.once("certify", DOUBLE, 3, write)

    def _settle(self, c: Code, row: Any, par: Any, out: Any, worst: Any) -> Any:
        """Put each limited variable that is at a limit but for rounding exactly there, unless the equations object.

        Returns the largest scaled residual in the end.
        """
        plan, final = self.plan, c.slot(DOUBLE)
        c.b.store(worst, final)
        allowed = c.larger(worst, real(FINE))
        tried = c.slot(BIT)
        c.b.store(ir.Constant(BIT, 0), tried)
        found = [[c.get(out, 2 * plan.equations + 2 * plan.hidden + 3 * i + j) for j in range(3)] for i in range(len(plan.conditions))]
        for column, (below, above, pull) in zip(plan.conditions, found, strict=True):
            reach, low, high = c.b.fmul(real(SHARE), c.size(pull)), c.size(below), c.size(above)
            at_lower = c.every([(">", pull, ZERO), (">", low, ZERO), ("<=", low, reach)])
            at_upper = c.every([("<", pull, ZERO), (">", high, ZERO), ("<=", high, reach)])
            with c.b.if_then(c.b.or_(at_lower, at_upper), likely=False):
                value = c.get(row, column)
                limit = c.b.select(at_lower, c.b.fsub(value, below), c.b.fadd(value, above))
                c.put(limit, row, column)
                now = c.b.call(self._certify(), [row, par, out])
                c.put(c.b.select(c.b.fcmp_ordered("<=", now, allowed), limit, value), row, column)
                c.b.store(ir.Constant(BIT, 1), tried)
        with c.b.if_then(c.b.load(tried, typ=BIT), likely=False):
            c.b.store(c.b.call(self._certify(), [row, par, out]), final)
        return c.b.load(final, typ=DOUBLE)


def driver_text(plan: Plan) -> str:
    """The period loop of a plan in LLVM's language."""
    return Driver(plan).text()
