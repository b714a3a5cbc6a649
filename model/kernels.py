"""Kernels turn lists of (target, node) into machine code, or interpret them.

A kernel is called with three addresses: the current period's row inside a contiguous table, the parameter row, and an
output vector. Machine code goes through LLVM without any relaxation of floating-point rules; the interpreter
performs the same operations in the same order, so that both give the same bits.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from model.tape import Node, Tape

CHUNK = 1500
"""Nodes after which a kernel continues in a new machine function: compile time stays linear in size."""

LARGE = 400_000
"""Characters of LLVM text above which code is generated without optimisation: half the compile time, the same bits."""


@dataclass(frozen=True)
class Store:
    """Where a value goes: a column of the current row, or a place in the output vector."""

    node: Node
    position: int
    in_row: bool = False


class Kernel(Protocol):
    """``kernel(row, parameters, output)``: the arguments are addresses of doubles."""

    def __call__(self, row: int, parameters: int, output: int, /) -> None: ...


class KernelModule:
    """A set of kernels that were built together.

    Parameters
    ----------
    tape
        The tape that the stores' nodes belong to.
    stride
        Columns in a row of the table.
    backend
        ``"llvm"`` or ``"python"``.
    """

    def __init__(self, tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], backend: str) -> None:
        self.backend = backend
        self._kernels: dict[str, Kernel] = {}
        if backend == "llvm":
            self._engine, addresses = _compile(tape, stride, kernels)
            prototype = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
            self._kernels = {name: prototype(address) for name, address in addresses.items()}
        else:
            self._kernels = {name: _interpreter(tape, stride, stores) for name, stores in kernels.items()}

    def __getitem__(self, name: str) -> Kernel:
        return self._kernels[name]


# -- machine code ----------------------------------------------------------------------------------------------------

_HELPERS = f"""
declare double @exp(double)
declare double @log(double)
declare double @pow(double, double)
declare double @tanh(double)
declare double @sin(double)
declare double @cos(double)
declare double @log1p(double)
declare double @llvm.sqrt.f64(double)
declare double @llvm.fabs.f64(double)

define internal double @f_softplus(double %x, double %w) noinline {{
  %positive = fcmp ogt double %x, 0.0
  %kink = select i1 %positive, double %x, double 0.0
  %smooth = fcmp ogt double %w, 0.0
  br i1 %smooth, label %soft, label %hard
soft:
  %size = call double @llvm.fabs.f64(double %x)
  %ratio = fdiv double %size, %w
  %minus = fneg double %ratio
  %e = call double @exp(double %minus)
  %l = call double @log1p(double %e)
  %tail = fmul double %w, %l
  %value = fadd double %kink, %tail
  ret double %value
hard:
  ret double %kink
}}

define internal double @f_logistic(double %x, double %w) noinline {{
  %smooth = fcmp ogt double %w, 0.0
  br i1 %smooth, label %soft, label %hard
soft:
  %ratio = fdiv double %x, %w
  %minus = fneg double %ratio
  %e = call double @exp(double %minus)
  %below = fadd double 1.0, %e
  %value = fdiv double 1.0, %below
  ret double %value
hard:
  %positive = fcmp ogt double %x, 0.0
  %negative = fcmp olt double %x, 0.0
  %low = select i1 %negative, double 0.0, double 0.5
  %step = select i1 %positive, double 1.0, double %low
  ret double %step
}}

define void @eliminate(ptr %sizes, ptr %structure, ptr %work) {{
; rows of total derivatives: work = [partials | table of (tears + rows) x tears]; structure = [row starts | columns]
entry:
  %tears = load i64, ptr %sizes
  %sizes1 = getelementptr i64, ptr %sizes, i64 1
  %rows = load i64, ptr %sizes1
  %sizes2 = getelementptr i64, ptr %sizes, i64 2
  %count = load i64, ptr %sizes2
  %table = getelementptr double, ptr %work, i64 %count
  %rows1 = add i64 %rows, 1
  %columns = getelementptr i64, ptr %structure, i64 %rows1
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %inext, %rowdone ]
  %more = icmp slt i64 %i, %rows
  br i1 %more, label %clear, label %exit
clear:
  %place = add i64 %tears, %i
  %offset = mul i64 %place, %tears
  %target = getelementptr double, ptr %table, i64 %offset
  br label %clearloop
clearloop:
  %c = phi i64 [ 0, %clear ], [ %cnext, %clearbody ]
  %cmore = icmp slt i64 %c, %tears
  br i1 %cmore, label %clearbody, label %edges
clearbody:
  %cp = getelementptr double, ptr %target, i64 %c
  store double 0.0, ptr %cp
  %cnext = add i64 %c, 1
  br label %clearloop
edges:
  %sp = getelementptr i64, ptr %structure, i64 %i
  %start = load i64, ptr %sp
  %i1 = add i64 %i, 1
  %ep = getelementptr i64, ptr %structure, i64 %i1
  %end = load i64, ptr %ep
  br label %edge
edge:
  %e = phi i64 [ %start, %edges ], [ %enext, %edgedone ]
  %emore = icmp slt i64 %e, %end
  br i1 %emore, label %axpy, label %rowdone
axpy:
  %colp = getelementptr i64, ptr %columns, i64 %e
  %col = load i64, ptr %colp
  %pp = getelementptr double, ptr %work, i64 %e
  %p = load double, ptr %pp
  %soffset = mul i64 %col, %tears
  %source = getelementptr double, ptr %table, i64 %soffset
  br label %axpyloop
axpyloop:
  %k = phi i64 [ 0, %axpy ], [ %knext, %axpybody ]
  %kmore = icmp slt i64 %k, %tears
  br i1 %kmore, label %axpybody, label %edgedone
axpybody:
  %kp = getelementptr double, ptr %source, i64 %k
  %kv = load double, ptr %kp
  %tp = getelementptr double, ptr %target, i64 %k
  %tv = load double, ptr %tp
  %prod = fmul double %p, %kv
  %sum = fadd double %tv, %prod
  store double %sum, ptr %tp
  %knext = add i64 %k, 1
  br label %axpyloop
edgedone:
  %enext = add i64 %e, 1
  br label %edge
rowdone:
  %inext = add i64 %i, 1
  br label %row
exit:
  ret void
}}

define internal double @f_hypot(double %a, double %b) noinline {{
  %u = call double @llvm.fabs.f64(double %a)
  %v = call double @llvm.fabs.f64(double %b)
  %first = fcmp oge double %u, %v
  %big = select i1 %first, double %u, double %v
  %small = select i1 %first, double %v, double %u
  %none = fcmp oeq double %big, 0.0
  br i1 %none, label %origin, label %away
origin:
  ret double 0.0
away:
  %ratio = fdiv double %small, %big
  %square = fmul double %ratio, %ratio
  %under = fadd double 1.0, %square
  %root = call double @llvm.sqrt.f64(double %under)
  %value = fmul double %big, %root
  ret double %value
}}
"""

_CALLS = {name: f"@{name}" for name in ("exp", "log", "pow", "tanh", "sin", "cos")} | {
    "sqrt": "@llvm.sqrt.f64",
    "abs": "@llvm.fabs.f64",
    "hypot": "@f_hypot",
    "softplus": "@f_softplus",
    "logistic": "@f_logistic",
}
_FCMP = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une", "min": "ole", "max": "oge"}
_SIGNATURE = "(ptr %row, ptr %par, ptr %out)"


def _literal(value: float) -> str:
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


class _Writer:
    """Writes one machine function of LLVM text."""

    def __init__(self, tape: Tape, stride: int) -> None:
        self.ops, self.stride = tape.ops, stride
        self.lines: list[str] = []
        self.names: dict[Node, str] = {}
        self.count = 0

    def line(self, text: str) -> str:
        self.count += 1
        name = f"%v{self.count}"
        self.lines.append(f"  {name} = {text}")
        return name

    def name(self, node: Node) -> str:
        """The register or literal that holds a node, written on first use; children first, without recursion."""
        stack = [node]
        while stack:
            top = stack[-1]
            if top in self.names:
                stack.pop()
                continue
            missing = [c for c in children(self.ops[top]) if c not in self.names]
            if missing:
                stack.extend(reversed(missing))
            else:
                self.names[top] = self._write(self.ops[top])
                stack.pop()
        return self.names[node]

    def _write(self, op: tuple[Any, ...]) -> str:
        kind = op[0]
        if kind == "const":
            return _literal(op[1])
        if kind == "bool":
            return "true" if op[1] else "false"
        if kind == "load":
            pointer = self.line(f"getelementptr double, ptr %row, i64 {op[1] + op[2] * self.stride}")
            return self.line(f"load double, ptr {pointer}")
        if kind == "par":
            pointer = self.line(f"getelementptr double, ptr %par, i64 {op[1]}")
            return self.line(f"load double, ptr {pointer}")
        names = [self.names[c] for c in op[1:]]
        if kind in ("add", "mul"):
            total = names[0]
            for following in names[1:]:
                total = self.line(f"f{kind} double {total}, {following}")
            return total
        if kind == "div":
            return self.line(f"fdiv double {names[0]}, {names[1]}")
        if kind == "neg":
            return self.line(f"fneg double {names[0]}")
        if kind == "select":
            return self.line(f"select i1 {names[0]}, double {names[1]}, double {names[2]}")
        if kind in ("min", "max"):
            first = self.line(f"fcmp {_FCMP[kind]} double {names[0]}, {names[1]}")
            chosen = self.line(f"select i1 {first}, double {names[0]}, double {names[1]}")
            broken = self.line(f"fcmp uno double {names[0]}, {names[0]}")
            return self.line(f"select i1 {broken}, double {names[0]}, double {chosen}")
        if kind in _FCMP:
            return self.line(f"fcmp {_FCMP[kind]} double {names[0]}, {names[1]}")
        if kind in ("and", "or"):
            return self.line(f"{kind} i1 {names[0]}, {names[1]}")
        if kind == "not":
            return self.line(f"xor i1 {names[0]}, true")
        return self.line(f"call double {_CALLS[kind]}({', '.join('double ' + n for n in names)})")

    def store(self, store: Store, load: Node | None) -> None:
        value = self.name(store.node)
        pointer = self.line(f"getelementptr double, ptr {'%row' if store.in_row else '%out'}, i64 {store.position}")
        self.lines.append(f"  store double {value}, ptr {pointer}")
        if load is not None:
            self.names[load] = value


def children(op: tuple[Any, ...]) -> tuple[Node, ...]:
    """The nodes that an operation takes."""
    return () if op[0] in ("const", "load", "par", "bool") else op[1:]


def _functions(tape: Tape, stride: int, name: str, stores: Iterable[Store]) -> Iterable[str]:
    """The text of a kernel: chunks, and a function that calls them in order."""
    chunks: list[str] = []
    writer = _Writer(tape, stride)

    def close() -> str:
        body = "\n".join(writer.lines)
        chunks.append(f"{name}.{len(chunks)}")
        return f'define internal void @"{chunks[-1]}"{_SIGNATURE} noinline {{\n{body}\n  ret void\n}}'

    for store in stores:
        writer.store(store, tape.load(store.position, 0) if store.in_row else None)
        if writer.count > CHUNK:
            yield close()
            writer = _Writer(tape, stride)
    if writer.lines:
        yield close()
    calls = "\n".join(f'  call void @"{c}"(ptr %row, ptr %par, ptr %out)' for c in chunks)
    yield f'define void @"{name}"{_SIGNATURE} {{\n{calls}\n  ret void\n}}'


def _compile(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]]) -> tuple[Any, dict[str, int]]:
    import llvmlite.binding as llvm

    if tuple(llvm.llvm_version_info) < (20,):
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    text = [_HELPERS]
    for name, stores in kernels.items():
        text.extend(_functions(tape, stride, name, stores))
    source = "\n".join(text)
    module = llvm.parse_assembly(source)
    machine = llvm.Target.from_default_triple().create_target_machine(opt=0 if len(source) > LARGE else 2)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine, {name: engine.get_function_address(name) for name in (*kernels, "eliminate")}


# -- interpreter -----------------------------------------------------------------------------------------------------


def _guard(function: Callable[..., float]) -> Callable[..., float]:
    """A libm function that answers NaN or infinity as C does instead of raising."""

    def guarded(*arguments: float) -> float:
        try:
            return function(*arguments)
        except ValueError:
            return -math.inf if function is math.log and arguments[0] == 0 else math.nan
        except (OverflowError, ZeroDivisionError):
            return math.inf

    return guarded


def _divide(a: float, b: float) -> float:
    if b != 0:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


_exp, _pow = _guard(math.exp), _guard(math.pow)


def _softplus(x: float, w: float) -> float:
    kink = x if x > 0 else 0.0
    return kink + w * math.log1p(_exp(-(abs(x) / w))) if w > 0 else kink


def _hypotenuse(a: float, b: float) -> float:
    u, v = abs(a), abs(b)
    big, small = (u, v) if u >= v else (v, u)
    if big == 0:
        return 0.0
    ratio = _divide(small, big)
    return big * math.sqrt(1.0 + ratio * ratio)


def _logistic(x: float, w: float) -> float:
    if w > 0:
        return 1.0 / (1.0 + _exp(-(x / w)))
    return 1.0 if x > 0 else 0.0 if x < 0 else 0.5


_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "div": _divide,
    "neg": lambda a: -a,
    "abs": abs,
    "sqrt": _guard(math.sqrt),
    "exp": _exp,
    "log": _guard(math.log),
    "tanh": math.tanh,
    "sin": _guard(math.sin),
    "cos": _guard(math.cos),
    "pow": _pow,
    "hypot": _hypotenuse,
    "softplus": _softplus,
    "logistic": _logistic,
    "min": lambda a, b: a if a <= b or a != a else b,
    "max": lambda a, b: a if a >= b or a != a else b,
    "select": lambda c, a, b: a if c else b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": lambda a: not a,
}


def _fold(kind: str, values: list[float]) -> float:
    total = values[0]
    for value in values[1:]:
        total = total + value if kind == "add" else total * value
    return total


def _interpreter(tape: Tape, stride: int, stores: Sequence[Store]) -> Kernel:
    """A kernel that walks the tape."""
    ops = tape.ops
    order: list[Node] = []
    seen: set[Node] = set()
    for store in stores:
        stack = [store.node]
        while stack:
            top = stack.pop()
            if top not in seen:
                seen.add(top)
                order.append(top)
                stack.extend(children(ops[top]))
    order.sort()
    loads = {op[1]: node for node in order if (op := ops[node])[0] == "load" and op[2] == 0}

    def run(row: int, parameters: int, output: int) -> None:
        pointer = ctypes.POINTER(ctypes.c_double)
        table, par = ctypes.cast(row, pointer), ctypes.cast(parameters, pointer)
        out = ctypes.cast(output, pointer)
        values: dict[Node, Any] = {}

        def evaluate(node: Node) -> Any:
            stack = [node]
            while stack:
                top = stack[-1]
                if top in values:
                    stack.pop()
                    continue
                op = ops[top]
                missing = [c for c in children(op) if c not in values]
                if missing:
                    stack.extend(missing)
                    continue
                values[top] = _step(op, values, table, par, stride)
                stack.pop()
            return values[node]

        for store in stores:
            value = evaluate(store.node)
            if store.in_row:
                table[store.position] = value
                if store.position in loads:
                    values[loads[store.position]] = value
            else:
                out[store.position] = value

    return run


def _step(op: tuple[Any, ...], values: dict[Node, Any], table: Any, par: Any, stride: int) -> Any:
    kind = op[0]
    if kind in ("const", "bool"):
        return op[1]
    if kind == "load":
        return table[op[1] + op[2] * stride]
    if kind == "par":
        return par[op[1]]
    arguments = [values[c] for c in op[1:]]
    return _fold(kind, arguments) if kind in ("add", "mul") else _ARITHMETIC[kind](*arguments)
