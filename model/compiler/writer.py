"""Kernels in LLVM's language: the operations of a tape one after the other, in functions of limited length."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from model.compiler.rules import Node
from model.compiler.stores import Store, children
from model.compiler.tape import Tape

_CALLS = {name: f"@{name}" for name in ("exp", "log", "pow", "tanh", "sin", "cos")} | {
    "sqrt": "@llvm.sqrt.f64",
    "hypot": "@f_hypot",
    "softplus": "@f_softplus",
    "logistic": "@f_logistic",
}
_FCMP = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une", "min": "ole", "max": "oge"}
_LEAVES = ("load", "par", "const", "bool")
_ARGUMENTS = "ptr noalias %row, ptr noalias %par, ptr noalias %out"
_MINUS_ZERO = 1 << 63
_WITHOUT_SIGN = _MINUS_ZERO - 1


class _Numbers:
    """The numbers that a kernel's functions take from memory, by their bits, each once."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}

    def place(self, bits: int) -> int:
        return self.places.setdefault(bits, len(self.places))

    def text(self) -> str:
        return f"[{len(self.places)} x double] [{', '.join(f'double 0x{bits:016X}' for bits in self.places)}]"


class _Writer:
    """Writes one machine function.

    What lies in memory is read again right before each use, sums and products are written term by term, and a negative term is
    subtracted: a code generator that does not look ahead then takes operands from memory and needs few registers.
    """

    def __init__(self, tape: Tape, stride: int, numbers: _Numbers) -> None:
        self.ops, self.stride, self.numbers = tape.ops, stride, numbers
        self.lines: list[str] = []
        self.names: dict[Node, str] = {}
        self.begun: dict[Node, tuple[int, str]] = {}
        self.count = 0

    def line(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"  %{self.count} = {text}")
        return f"%{self.count}"

    def read(self, pointer: str, index: int, kind: str = "double") -> str:
        self.count += 2
        place, name = f"%{self.count - 1}", f"%{self.count}"
        self.lines.append(f"  {place} = getelementptr double, ptr {pointer}, i64 {index}\n  {name} = load {kind}, ptr {place}")
        return name

    def number(self, bits: int, kind: str = "double") -> str:
        return self.read("%num", self.numbers.place(bits), kind)

    def name(self, node: Node) -> str:
        """The register or literal that holds a node, written on first use; without recursion."""
        stack = [node]
        while stack:
            missing = self._missing(stack[-1])
            if missing is None:
                stack.pop()
            else:
                stack.append(missing)
        return self._use(node)

    def _use(self, node: Node) -> str:
        """A node that is written or lies in memory."""
        known = self.names.get(node)
        if known is not None:
            return known
        op = self.ops[node]
        if op[0] == "load":
            return self.read("%row", op[1] + op[2] * self.stride)
        if op[0] == "par":
            return self.read("%par", op[1])
        if op[0] == "const" and op[1]:
            return self.number(struct.unpack("<Q", struct.pack("<d", op[1]))[0])
        return "0.0" if op[0] == "const" else "true" if op[1] else "false"

    def _missing(self, node: Node) -> Node | None:
        """What has to be written before the node; where there is nothing, the node is written."""
        op = self.ops[node]
        if node in self.names or op[0] in _LEAVES:
            return None
        if op[0] in ("add", "mul"):
            return self._chain(node, op)
        for child in children(op):
            if child not in self.names and self.ops[child][0] not in _LEAVES:
                return child
        self.names[node] = self._write(op)
        return None

    def _chain(self, node: Node, op: tuple[Any, ...]) -> Node | None:
        """A sum or a product from left to right, as far as its terms are written; a + (−b) is a − b, and (−a) + b is b − a."""
        kind, first, second, *others = op
        if kind == "add" and self.ops[first][0] == "neg" and self.ops[second][0] != "neg":
            first, second = second, first
        terms = (first, second, *others)
        start, total = self.begun.pop(node, (0, ""))
        for i in range(start, len(terms)):
            term: Node = terms[i]
            verb = kind
            if i and kind == "add" and self.ops[term][0] == "neg":
                term, verb = self.ops[term][1], "sub"
            if term not in self.names and self.ops[term][0] not in _LEAVES:
                self.begun[node] = i, total
                return term
            value = self._use(term)
            total = self.line(f"f{verb} double {total}, {value}") if i else value
        self.names[node] = total
        return None

    def _write(self, op: tuple[Any, ...]) -> str:
        kind = op[0]
        if kind == "abs":
            return self._size(op[1])
        names = [self._use(c) for c in op[1:]]
        if kind == "div":
            return self.line(f"fdiv double {names[0]}, {names[1]}")
        if kind == "neg":
            return self.line(f"fsub double {self.number(_MINUS_ZERO)}, {names[0]}")
        if kind == "select":
            return self.line(f"select i1 {names[0]}, double {names[1]}, double {names[2]}")
        if kind in ("min", "max"):
            return self._extreme(_FCMP[kind], op, *names)
        if kind in _FCMP:
            return self.line(f"fcmp {_FCMP[kind]} double {names[0]}, {names[1]}")
        if kind in ("and", "or"):
            return self.line(f"{kind} i1 {names[0]}, {names[1]}")
        if kind == "not":
            return self.line(f"xor i1 {names[0]}, true")
        return self.line(f"call double {_CALLS[kind]}({', '.join('double ' + n for n in names)})")

    def _size(self, node: Node) -> str:
        """The absolute value, which is the number without its sign bit, in operations that every code generator has."""
        op = self.ops[node]
        if node not in self.names and op[0] == "load":
            bits = self.read("%row", op[1] + op[2] * self.stride, "i64")
        else:
            bits = self.line(f"bitcast double {self._use(node)} to i64")
        bits = self.line(f"and i64 {bits}, {self.number(_WITHOUT_SIGN, 'i64')}")
        return self.line(f"bitcast i64 {bits} to double")

    def _extreme(self, test: str, op: tuple[Any, ...], a: str, b: str) -> str:
        """The smaller or larger number, undefined where one of both is; a number that is written out never is."""
        if self._number(op[2]):
            test = f"u{test[1:]}"
        chosen = self.line(f"select i1 {self.line(f'fcmp {test} double {a}, {b}')}, double {a}, double {b}")
        if self._number(op[1]) or self._number(op[2]):
            return chosen
        broken = self.line(f"fcmp uno double {a}, {a}")
        return self.line(f"select i1 {broken}, double {a}, double {chosen}")

    def _number(self, node: Node) -> bool:
        op = self.ops[node]
        return op[0] == "const" and not math.isnan(op[1])

    def store(self, store: Store, load: Node | None) -> None:
        value = self.name(store.node)
        pointer = self.line(f"getelementptr double, ptr {'%row' if store.in_row else '%out'}, i64 {store.position}")
        self.lines.append(f"  store double {value}, ptr {pointer}")
        if load is not None:
            self.names[load] = value


def kernel_text(tape: Tape, stride: int, name: str, stores: Sequence[Store], length: int) -> Iterator[str]:
    """The text of a kernel: its numbers, functions that end once they have so many instructions, and the one that calls them in order."""
    bodies: list[str] = []
    numbers = _Numbers()
    writer = _Writer(tape, stride, numbers)
    for store in stores:
        writer.store(store, tape.load(store.position, 0) if store.in_row else None)
        if writer.count > length:
            bodies.append("\n".join(writer.lines))
            writer = _Writer(tape, stride, numbers)
    if writer.lines:
        bodies.append("\n".join(writer.lines))
    apart = "noinline " if len(bodies) > 1 else ""
    for i, body in enumerate(bodies):
        yield f'define internal void @"{name}.{i}"({_ARGUMENTS}, ptr noalias %num) {apart}{{\n{body}\n  ret void\n}}'
    passed = f'(ptr %row, ptr %par, ptr %out, ptr @"{name}.numbers")'
    calls = "\n".join(f'  call void @"{name}.{i}"{passed}' for i in range(len(bodies)))
    yield f'define void @"{name}"({_ARGUMENTS}) {{\n{calls}\n  ret void\n}}'
    yield f'@"{name}.numbers" = internal constant {numbers.text()}'


__all__ = ["kernel_text"]
