"""Linear algebra of one block in LLVM's language: total derivatives from partial ones, factors, Newton steps.

Everything is written out for the block's own pattern and size; :mod:`model.periods.ordinary` performs the same operations in the same
order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir

from model.compiler.emitter import BIT, DOUBLE, ONE, WHOLE, ZERO, Code, real, vector_size, whole
from model.compiler.plan import SINGULAR, BlockPlan

CHUNK = 1500
RECENT = 5
"""Rows for which what was computed is taken from registers; what is older is read again."""


class _Text:
    """Lines of one machine function after another."""

    def __init__(self, name: str, arguments: str) -> None:
        self.name, self.arguments = name, arguments
        self.lines: list[str] = []
        self.count = 0
        self.done: list[str] = []

    def line(self, text: str) -> str:
        """An instruction with a result."""
        self.count += 1
        self.lines.append(f"  %{self.count} = {text}")
        return f"%{self.count}"

    def at(self, pointer: str, index: int) -> str:
        """The address of an element."""
        return self.line(f"getelementptr double, ptr {pointer}, i64 {index}")

    def cut(self, size: int = CHUNK) -> bool:
        """Go on in a new function where this one has become long; whether it has."""
        if self.count <= size:
            return False
        self.done.append("\n".join(self.lines))
        self.lines, self.count = [], 0
        return True

    def text(self) -> Iterator[str]:
        """The functions, and the one that calls them in order."""
        self.cut(0)
        names = [f'"{self.name}.{i}"' for i in range(len(self.done))]
        if len(names) == 1:
            yield f'define void @"{self.name}"({self.arguments}) {{\n{self.done[0]}\n  ret void\n}}'
            return
        for name, body in zip(names, self.done, strict=True):
            yield f"define internal void @{name}({self.arguments}) noinline {{\n{body}\n  ret void\n}}"
        passed = self.arguments.replace("noalias ", "")
        calls = "\n".join(f"  call void @{name}({passed})" for name in names)
        yield f'define void @"{self.name}"({self.arguments}) {{\n{calls}\n  ret void\n}}'


def eliminate_text(block: BlockPlan) -> Iterator[str]:
    """``eliminate(partials, table, unused)``: the rows of total derivatives, groups that are always zero left out."""
    w, n = block.lanes, block.count
    kind = "double" if w == 1 else f"<{w} x double>"
    nothing = "0.0" if w == 1 else "zeroinitializer"
    t = _Text(f"{block.name}.eliminate", "ptr %work, ptr %table, ptr %unused")
    support = block.support()

    def spread(value: str) -> str:
        if w == 1:
            return value
        single = t.line(f"insertelement {kind} zeroinitializer, double {value}, i32 0")
        return t.line(f"shufflevector {kind} {single}, {kind} zeroinitializer, <{w} x i32> zeroinitializer")

    held: dict[tuple[int, int], str] = {}

    def above(source: int, q: int, i: int) -> str:
        if i - source <= RECENT and (source, q) in held:
            return held[source, q]
        return t.line(f"load {kind}, ptr {t.at('%table', source * block.wide + q * w)}, align 8")

    for i in range(block.rows):
        row: dict[int, str] = {}
        for e in range(block.starts[i], block.starts[i + 1]):
            source = block.sources[e]
            p = t.line(f"load double, ptr {t.at('%work', e)}")
            if source < n:
                q = source // w
                part = p if w == 1 else t.line(f"insertelement {kind} zeroinitializer, double {p}, i32 {source % w}")
                row[q] = t.line(f"fadd {kind} {row[q]}, {part}") if q in row else part
                continue
            wide = spread(p)
            for q in sorted(support[source - n]):
                part = t.line(f"fmul {kind} {wide}, {above(source - n, q, i)}")
                row[q] = t.line(f"fadd {kind} {row[q]}, {part}") if q in row else part
        kept = range(block.pieces) if i >= block.rows - n else sorted(row)
        for q in kept:
            place = t.at("%table", i * block.wide + q * w)
            t.lines.append(f"  store {kind} {row.get(q, nothing)}, ptr {place}, align 8")
        held |= {(i, q): value for q, value in row.items()}
        if t.cut():
            held = {}
    yield from t.text()


def follow_text(block: BlockPlan) -> Iterator[str]:
    """``follow(row, table, step)``: the chain's unknowns moved along with the tears to first order."""
    w = block.lanes
    kind = "double" if w == 1 else f"<{w} x double>"
    t = _Text(f"{block.name}.follow", "ptr %row, ptr %table, ptr %step")
    support = block.support()
    for i, column in enumerate(block.chain):
        total = ""
        for q in sorted(support[i]):
            d = t.line(f"load {kind}, ptr {t.at('%table', i * block.wide + q * w)}, align 8")
            x = t.line(f"load {kind}, ptr {t.at('%step', q * w)}, align 8")
            part = t.line(f"fmul {kind} {d}, {x}")
            total = t.line(f"fadd {kind} {total}, {part}") if total else part
        if not total:
            continue
        parts = [total] if w == 1 else [t.line(f"extractelement {kind} {total}, i32 {k}") for k in range(w)]
        while len(parts) > 1:
            parts = [t.line(f"fadd double {a}, {b}") for a, b in zip(parts[0::2], parts[1::2], strict=True)]
        place = t.at("%row", column)
        moved = t.line(f"fadd double {t.line(f'load double, ptr {place}')}, {parts[0]}")
        t.lines.append(f"  store double {moved}, ptr {place}")
        t.cut()
    yield from t.text() if t.lines or t.done else iter([f'define void @"{t.name}"({t.arguments}) {{\n  ret void\n}}'])


def write_factor(c: Code, n: int) -> None:
    """``factor(matrix, lower, sizes, order)``: rows and columns to one size, then elimination with exchanges; whether it is regular.

    The sizes are reciprocals: rows, pivots, columns.
    """
    matrix, lower, sizes, order = c.function.args
    w = 2 if n == 2 else 4
    wide = -(-n // w) * w
    vector = ir.VectorType(DOUBLE, w)
    absolute = vector_size(c.function.module, vector)
    b = c.b

    def spread(value: Any) -> Any:
        lane = ir.Constant(ir.IntType(32), 0)
        single = b.insert_element(ir.Constant(vector, [0.0] * w), value, lane)
        return b.shuffle_vector(single, ir.Constant(vector, [0.0] * w), ir.Constant(ir.VectorType(ir.IntType(32), w), [0] * w))

    def piece(i: Any, q: int) -> Any:
        return c.at(matrix, b.add(b.mul(i, whole(wide)), whole(q * w)))

    def load(place: Any) -> Any:
        return b.load(place, typ=vector, align=8)

    def larger(a: Any, other: Any) -> Any:
        return b.select(b.fcmp_ordered(">", a, other), a, other)

    def across(value: Any) -> Any:
        most = ZERO
        for k in range(w):
            most = c.larger(b.extract_element(value, ir.Constant(ir.IntType(32), k)), most)
        return b.fdiv(ONE, b.select(b.fcmp_ordered("==", most, ZERO), ONE, most))

    nothing = ir.Constant(vector, [0.0] * w)
    ones = ir.Constant(vector, [1.0] * w)
    tops = [c.slot(vector) for _ in range(wide // w)]
    for top in tops:
        b.store(nothing, top)
    with c.loop(0, n) as i:
        most = nothing
        for q in range(wide // w):
            most = larger(b.call(absolute, [load(piece(i, q))]), most)
        size = across(most)
        c.put(size, sizes, i)
        factor = spread(size)
        for q, top in enumerate(tops):
            value = b.fmul(load(piece(i, q)), factor)
            b.store(value, piece(i, q)).align = 8
            b.store(larger(b.call(absolute, [value]), b.load(top, typ=vector)), top)
    for q, top in enumerate(tops):
        most = b.load(top, typ=vector)
        inverse = b.fdiv(ones, b.select(b.fcmp_ordered("==", most, nothing), ones, most))
        b.store(inverse, top)
        b.store(inverse, c.at(sizes, 2 * n + q * w)).align = 8
    with c.loop(0, n) as i:
        for q, top in enumerate(tops):
            b.store(b.fmul(load(piece(i, q)), b.load(top, typ=vector)), piece(i, q)).align = 8
    best, where = c.slot(DOUBLE), c.slot(WHOLE)
    with c.loop(0, n) as k:
        b.store(real(SINGULAR), best)
        b.store(whole(-1), where)
        with c.loop(k, n) as i:
            value = c.size(c.get(matrix, b.add(b.mul(i, whole(wide)), k)))
            first = b.fcmp_ordered(">", value, b.load(best, typ=DOUBLE))
            b.store(b.select(first, value, b.load(best, typ=DOUBLE)), best)
            b.store(b.select(first, i, b.load(where, typ=WHOLE)), where)
        p = b.load(where, typ=WHOLE)
        c.stop(b.icmp_signed("<", p, whole(0)), ir.Constant(BIT, 0))
        c.put(p, order, k, WHOLE)
        for q in range(wide // w):
            mine, other = load(piece(k, q)), load(piece(p, q))
            b.store(other, piece(k, q)).align = 8
            b.store(mine, piece(p, q)).align = 8
        pivot = b.fdiv(ONE, c.get(matrix, b.mul(k, whole(wide + 1))))
        c.put(pivot, sizes, b.add(k, whole(n)))
        with c.loop(b.add(k, whole(1)), n) as i:
            times = b.fmul(c.get(matrix, b.add(b.mul(i, whole(wide)), k)), pivot)
            c.put(times, lower, b.add(b.mul(k, whole(n)), i))
            factor = spread(times)
            for q in range(wide // w):
                b.store(b.fsub(load(piece(i, q)), b.fmul(factor, load(piece(k, q)))), piece(i, q)).align = 8
    b.ret(ir.Constant(BIT, 1))


def write_step(c: Code, n: int) -> None:
    """``step(matrix, lower, sizes, order, residuals, step)``: −J⁻¹r by the factors."""
    matrix, lower, sizes, order, residuals, step = c.function.args
    w = 2 if n == 2 else 4
    wide = -(-n // w) * w
    b = c.b
    for i in range(n):
        c.put(b.fmul(b.fneg(c.get(residuals, i)), c.get(sizes, i)), step, i)
    with c.loop(0, n) as k:
        p = c.get(order, k, WHOLE)
        mine, other = c.get(step, k), c.get(step, p)
        c.put(other, step, k)
        c.put(mine, step, p)
        with c.loop(b.add(k, whole(1)), n) as i:
            part = b.fmul(c.get(lower, b.add(b.mul(k, whole(n)), i)), other)
            c.put(b.fsub(c.get(step, i), part), step, i)
    with c.loop(0, n) as j:
        k = b.sub(whole(n - 1), j)
        value = b.fmul(c.get(step, k), c.get(sizes, b.add(k, whole(n))))
        c.put(value, step, k)
        with c.loop(0, k) as i:
            part = b.fmul(c.get(matrix, b.add(b.mul(i, whole(wide)), k)), value)
            c.put(b.fsub(c.get(step, i), part), step, i)
    for i in range(n):
        c.put(b.fmul(c.get(step, i), c.get(sizes, 2 * n + i)), step, i)
    b.ret_void()


__all__ = ["eliminate_text", "follow_text", "write_factor", "write_step"]
