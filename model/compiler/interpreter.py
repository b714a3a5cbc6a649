"""The interpreter performs a kernel's operations one by one, in machine code's order and with its bits."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from typing import Any

from model.compiler.rules import Node
from model.compiler.stores import Kernel, Store, children
from model.compiler.tape import Tape


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


def interpreter(tape: Tape, stride: int, stores: Sequence[Store]) -> Kernel:
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
