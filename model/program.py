"""A program is a system compiled: block order, kernels, and the structure of its exact Jacobian.

Everything inside is in canonical order (equations and unknowns by name), whatever the order in which the system was
written. Programs are kept for the life of the process, by content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from model.equation import Complementarity, Equation
from model.kernels import Kernel, KernelModule, Store
from model.structure import BlockShape, Shape, StructureError, blocks
from model.symbols import Parameter, Variable
from model.system import System
from model.tape import Load, Node, Tape

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class CompileError(ValueError):
    """A system that cannot be compiled; the message names the equation."""


@dataclass(frozen=True)
class Block:
    """A simultaneous block, ready to be solved.

    Parameters
    ----------
    values
        Kernel that runs the chain and writes residuals, then scales, of the tears' equations.
    partials
        Kernel that writes the partial derivatives of chain values and residuals.
    tears, columns
        Columns of the torn unknowns, and of every unknown (chain first, then tears).
    residuals, members
        Positions (in the program's order of equations) of the residual equations, and of all equations.
    sizes, structure
        What ``eliminate`` takes: numbers of tears, rows and partials; row starts followed by table rows.
    """

    number: int
    values: Kernel
    partials: Kernel
    tears: Integers
    columns: Integers
    residuals: Integers
    members: Integers
    sizes: Integers
    structure: Integers


@dataclass(frozen=True)
class Pattern:
    """The exact Jacobian's pattern: entry i is ∂(row)/∂(column at offset); rows after the last equation are the hidden ones."""

    rows: Integers
    columns: Integers
    offsets: Integers
    kernel: Kernel


@dataclass(frozen=True)
class Program:
    """A compiled system; see :func:`compile_system`."""

    system: System
    backend: str
    columns: tuple[str, ...]
    unknowns: tuple[str, ...]
    equations: tuple[Equation, ...]
    shapes: tuple[BlockShape, ...]
    steps: tuple[Kernel | Block, ...]
    certificate: Kernel
    conditions: tuple[Complementarity, ...]
    lags: dict[str, int]
    leads: dict[str, int]
    tape: Tape = field(repr=False)
    modules: list[KernelModule] = field(repr=False)

    @property
    def width(self) -> int:
        """Columns in a row."""
        return len(self.columns)

    @cached_property
    def index(self) -> dict[str, int]:
        """Column of each variable."""
        return {name: i for i, name in enumerate(self.columns)}

    @cached_property
    def unknown_columns(self) -> Integers:
        """Columns of the unknowns, in canonical order."""
        return np.array([self.index[n] for n in self.unknowns], dtype=np.int64)

    @property
    def max_lag(self) -> int:
        """The longest lag, in periods."""
        return max(self.lags.values(), default=0)

    @property
    def max_lead(self) -> int:
        """The longest lead, in periods."""
        return max(self.leads.values(), default=0)

    @property
    def hidden_count(self) -> int:
        """Number of hidden identities."""
        return len(self.system.hidden)

    @cached_property
    def pattern(self) -> Pattern:
        """The Jacobian of all equations and hidden identities by every unknown at every offset; built on first use."""
        entries: list[tuple[int, int, int]] = []
        stores: list[Store] = []
        nodes = [self.tape.convert(e.residual) for e in self.equations] + [self.tape.convert(h.expression) for h in self.system.hidden]
        wanted = set(self.unknown_columns.tolist())
        for row, node in enumerate(nodes):
            for (column, offset), d in sorted(self.tape.derivatives(node).items()):
                if column in wanted:
                    stores.append(Store(d, len(entries)))
                    entries.append((row, column, offset))
        module = KernelModule(self.tape, self.width, {"jacobian": stores}, self.backend)
        self.modules.append(module)
        table = np.array(entries, dtype=np.int64).reshape(-1, 3)
        return Pattern(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy(), module["jacobian"])


def default_backend() -> str:
    """``"llvm"`` where llvmlite is installed, else ``"python"``."""
    from importlib.util import find_spec

    return "llvm" if find_spec("llvmlite") else "python"


@lru_cache(maxsize=32)
def compile_system(system: System, backend: str = "") -> Program:
    """The compiled system.

    Raises
    ------
    StructureError
        Unknowns and equations do not match one to one.
    CompileError
        An expression that equations cannot contain.
    """
    chosen = backend or default_backend()
    columns = (*system.unknowns, *system.given)
    index = {name: i for i, name in enumerate(columns)}
    tape = Tape(index, {p.name: i for i, p in enumerate(system.parameters)})
    equations = tuple(sorted(system.equations, key=lambda e: e.name))
    unknowns = tuple(sorted(system.unknowns))
    number = {name: i for i, name in enumerate(unknowns)}
    shapes = [_shape(e, number) for e in equations]
    order = tuple(blocks(shapes, unknowns))
    builder = _Builder(tape, equations, [index[u] for u in unknowns])
    kernels, layout = builder.steps(order)
    conditions = tuple(e for e in equations if isinstance(e, Complementarity))
    kernels["certificate"] = builder.certificate(system, conditions)
    module = KernelModule(tape, len(columns), kernels, chosen)
    steps: list[Kernel | Block] = []
    for name, block in layout:
        if block is None:
            steps.append(module[name])
        else:
            steps.append(Block(block.number, module[f"{name}.values"], module[f"{name}.partials"], *block.arrays))
    lags, leads = _offsets(system)
    return Program(system, chosen, columns, unknowns, equations, order, tuple(steps), module["certificate"], conditions, lags, leads, tape, [module])


def _shape(equation: Equation, number: dict[str, int]) -> Shape:
    residual = equation.residual
    symbols = residual.free_symbols
    now = sorted({number[s.base] for s in symbols if isinstance(s, Variable) and s.time == 0 and s.base in number})
    left = equation.left
    own = None
    if isinstance(left, Variable) and left.time == 0 and left.base in number and left not in equation.total_right.free_symbols:
        own = number[left.base]
    linear: list[int] = []
    if own is None:
        seen: dict[int, int] = {}
        for term in sp.Add.make_args(residual):
            for s in term.free_symbols:
                if isinstance(s, Variable) and s.time == 0 and s.base in number:
                    seen[number[s.base]] = seen.get(number[s.base], 0) + 1
        for term in sp.Add.make_args(residual):
            coefficient, rest = term.as_coeff_Mul()
            if isinstance(rest, Variable) and rest.time == 0 and rest.base in number and seen[number[rest.base]] == 1 and abs(coefficient) >= sp.Rational(1, 100):
                linear.append(number[rest.base])
    return Shape(equation.name, tuple(now), own, tuple(sorted(linear)))


def _offsets(system: System) -> tuple[dict[str, int], dict[str, int]]:
    lags: dict[str, int] = {}
    leads: dict[str, int] = {}
    for s in system.symbols:
        if isinstance(s, Variable):
            if s.time < 0:
                lags[s.base] = max(lags.get(s.base, 0), -s.time)
            elif s.time > 0:
                leads[s.base] = max(leads.get(s.base, 0), s.time)
    return dict(sorted(lags.items())), dict(sorted(leads.items()))


@dataclass(frozen=True)
class _Plan:
    number: int
    arrays: tuple[Integers, ...]


class _Builder:
    """Writes the stores of each kernel."""

    def __init__(self, tape: Tape, equations: tuple[Equation, ...], columns: list[int]) -> None:
        self.tape, self.equations, self.columns = tape, equations, columns

    def convert(self, equation: Equation, expression: Any) -> Node:
        try:
            return self.tape.convert(expression)
        except ValueError as error:
            raise CompileError(f"equation {equation.name!r}: {error}") from error

    def value(self, e: int, unknown: int) -> Node:
        """The node that equation e assigns to the unknown."""
        equation, column = self.equations[e], self.columns[unknown]
        if isinstance(equation.left, Variable) and self.tape.columns[equation.left.base] == column and equation.left.time == 0:
            right = equation.total_right
            if equation.left not in right.free_symbols:
                return self.convert(equation, right)
        residual = equation.residual
        symbol = next(s for s in residual.free_symbols if isinstance(s, Variable) and s.time == 0 and self.tape.columns[s.base] == column)
        coefficient = residual.coeff(symbol)
        return self.convert(equation, (residual - coefficient * symbol) / -coefficient)

    def residual(self, e: int) -> Node:
        return self.convert(self.equations[e], self.equations[e].residual)

    def scale(self, e: int) -> Node:
        """The sum of the sizes of the additive terms of both sides."""
        equation = self.equations[e]
        size = self.tape.magnitude(self.residual(e))
        if isinstance(equation, Complementarity):
            parts = [equation.left, equation.lower, *([] if equation.upper is None else [equation.upper])]
            return self.tape.add([size, *(self.tape.magnitude(self.convert(equation, p)) for p in parts)])
        return size

    def steps(self, order: tuple[BlockShape, ...]) -> tuple[dict[str, list[Store]], list[tuple[str, _Plan | None]]]:
        kernels: dict[str, list[Store]] = {}
        layout: list[tuple[str, _Plan | None]] = []
        run: list[Store] = []
        for number, block in enumerate(order):
            chain = [Store(self.value(e, u), self.columns[u], in_row=True) for e, u in block.chain]
            if not block.tears:
                run.extend(chain)
                continue
            if run:
                layout.append((f"run{number}", None))
                kernels[f"run{number}"], run = run, []
            name, count = f"block{number}", len(block.tears)
            outputs = [Store(self.residual(e), i) for i, e in enumerate(block.residuals)]
            scales = [Store(self.scale(e), count + i) for i, e in enumerate(block.residuals)]
            kernels[f"{name}.values"] = chain + outputs + scales
            kernels[f"{name}.partials"], arrays = self.partials(block)
            layout.append((name, _Plan(number, arrays)))
        if run:
            layout.append(("last", None))
            kernels["last"] = run
        return kernels, layout

    def partials(self, block: BlockShape) -> tuple[list[Store], tuple[Integers, ...]]:
        """The partial derivatives inside a block, row by row, and where the elimination finds what they multiply."""
        count = len(block.tears)
        tears = [self.columns[u] for u in block.tears]
        chained = [self.columns[u] for _, u in block.chain]
        place = {c: i for i, c in enumerate(tears)} | {c: count + i for i, c in enumerate(chained)}
        rows = [self.value(e, u) for e, u in block.chain] + [self.residual(e) for e in block.residuals]
        stores: list[Store] = []
        starts, where = [0], list[int]()
        for node in rows:
            entries: dict[Load, Node] = self.tape.derivatives(node)
            for column, offset in sorted(entries):
                if offset == 0 and column in place:
                    stores.append(Store(entries[column, offset], len(where)))
                    where.append(place[column])
            starts.append(len(where))
        members = sorted([e for e, _ in block.chain] + list(block.residuals))
        arrays = (tears, chained + tears, list(block.residuals), members, [count, len(rows), len(where)], starts + where)
        return stores, tuple(np.array(a, dtype=np.int64) for a in arrays)

    def certificate(self, system: System, conditions: tuple[Complementarity, ...]) -> list[Store]:
        """Residuals of all equations, their scales, hidden gaps, their scales, then two gaps and a pull for each condition."""
        nodes = [self.residual(e) for e in range(len(self.equations))] + [self.scale(e) for e in range(len(self.equations))]
        gaps = [self.tape.convert(h.expression) for h in system.hidden]
        nodes += gaps + [self.tape.magnitude(g) for g in gaps]
        for c in conditions:
            nodes.append(self.convert(c, c.left - c.lower))
            nodes.append(self.convert(c, sp.oo if c.upper is None else c.upper - c.left))
            nodes.append(self.convert(c, c.scale * c.slack))
        return [Store(n, i) for i, n in enumerate(nodes)]


__all__ = ["Block", "CompileError", "Pattern", "Program", "StructureError", "compile_system", "default_backend"]
