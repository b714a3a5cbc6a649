"""Instructions of a machine function, written one after the other: constants, addresses, loops, early returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

DOUBLE, WHOLE, BIT = ir.DoubleType(), ir.IntType(64), ir.IntType(1)
POINTER = ir.PointerType()
INFINITY = ir.Constant(DOUBLE, float("inf"))
ZERO, ONE = ir.Constant(DOUBLE, 0.0), ir.Constant(DOUBLE, 1.0)


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
        if count < 16:
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

    def every(self, tests: Sequence[tuple[str, Any, Any]]) -> Any:
        """Whether all comparisons hold; none does with something undefined."""
        found = ir.Constant(BIT, 1)
        for sign, a, b in tests:
            found = self.b.and_(found, self.b.fcmp_ordered(sign, a, b))
        return found


class Library:
    """A module's functions: those that it declares and those that are written once and used in several places."""

    def __init__(self, name: str) -> None:
        self.module = ir.Module(name)
        self.kernel_type = ir.FunctionType(ir.VoidType(), [POINTER, POINTER, POINTER])
        self.known: dict[str, Any] = {}

    def kernel(self, name: str) -> Any:
        """A kernel, declared on first use."""
        if name not in self.known:
            self.known[name] = ir.Function(self.module, self.kernel_type, name)
        return self.known[name]

    def function(self, name: str, result: Any, arguments: Sequence[Any]) -> Any:
        """A function whose pointers point to different things."""
        function = ir.Function(self.module, ir.FunctionType(result, arguments), name)
        for argument in function.args:
            if isinstance(argument.type, ir.PointerType):
                argument.add_attribute("noalias")
        return function

    def once(self, name: str, result: Any, arguments: int, write: Callable[[Code], None]) -> Any:
        """An internal function of pointers, written on first use."""
        if name not in self.known:
            function = self.function(name, result, [POINTER] * arguments)
            function.linkage = "internal"
            write(Code(function))
            self.known[name] = function
        return self.known[name]
