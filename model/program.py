"""A program is a system compiled: block order, kernels, and the structure of its exact Jacobian.

Everything inside is in canonical order (equations and unknowns by name), whatever the order in which the system was
written. Programs are kept for the life of the process, by content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from model.equation import Complementarity, Equation
from model.kernels import Kernel, KernelModule, Store
from model.rules import Node
from model.structure import BlockShape, Shape, StructureError, blocks
from model.symbols import Variable
from model.system import System
from model.tape import Load, Tape

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


INTERPRETED_CALLS = 12
"""Calls of the full Jacobian from which compiling it pays."""


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
    residuals: tuple[Node, ...] = field(repr=False)
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

    @cached_property
    def condition_columns(self) -> Integers:
        """Column of each complementarity condition's variable."""
        return np.array([self.index[str(c.left)] for c in self.conditions], dtype=np.int64)

    @cached_property
    def accumulated(self) -> NDArray[np.bool_]:
        """Which unknowns (canonical order) are stocks: their own equation carries their own lag on."""
        stocks = {e.left.base for e in self.equations if isinstance(e.left, Variable) and e.left(-1) in e.right.free_symbols}
        return np.array([n in stocks for n in self.unknowns], dtype=np.bool_)

    @property
    def max_lag(self) -> int:
        """The longest lag, in periods."""
        return max(self.lags.values(), default=0)

    @property
    def max_lead(self) -> int:
        """The longest lead, in periods."""
        return max(self.leads.values(), default=0)

    @cached_property
    def eliminate(self) -> Kernel | None:
        """The machine's elimination routine; None for the interpreter."""
        return self.modules[0]["eliminate"] if self.backend == "llvm" else None

    @property
    def hidden_count(self) -> int:
        """Number of hidden identities."""
        return len(self.system.hidden)

    @cached_property
    def pattern(self) -> Pattern:
        """The Jacobian of all equations and hidden identities by every unknown at every offset; built on first use."""
        nodes = [*self.residuals, *(self.tape.convert(h.expression) for h in self.system.hidden)]
        wanted = set(self.unknown_columns.tolist())
        return self.pattern_of([{k: d for k, d in self.tape.derivatives(node).items() if k[0] in wanted} for node in nodes])

    def pattern_of(self, derivatives: Sequence[dict[Load, Node]]) -> Pattern:
        """The pattern of derivatives given row by row, with a kernel that computes them."""
        entries: list[tuple[int, int, int]] = []
        stores: list[Store] = []
        for row, found in enumerate(derivatives):
            for (column, offset), d in sorted(found.items()):
                stores.append(Store(d, len(entries)))
                entries.append((row, column, offset))
        kernel = _Warming(self, stores)
        table = np.array(entries, dtype=np.int64).reshape(-1, 3)
        return Pattern(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy(), kernel)

    @cached_property
    def whole(self) -> Pattern:
        """The derivatives of all equations by everything at every offset: columns, then parameters numbered after them."""
        return self.pattern_of([self.everything(node) for node in self.residuals])

    def everything(self, node: Node) -> dict[Load, Node]:
        """The derivatives of a node by every column it reads, and by parameters, numbered after the last column."""
        slopes = {(self.width + position, 0): d for (position, _), d in self.tape.slopes(node).items()}
        return {**self.tape.derivatives(node), **slopes}


class _Warming:
    """A kernel that is interpreted for its first calls and compiled when it turns out to be called often: the same bits."""

    def __init__(self, program: Program, stores: list[Store]) -> None:
        self.program, self.stores, self.calls = program, stores, 0
        self.kernel = self.build("python")

    def build(self, backend: str) -> Kernel:
        module = KernelModule(self.program.tape, self.program.width, {"jacobian": self.stores}, backend)
        self.program.modules.append(module)
        return module["jacobian"]

    def __call__(self, row: int, parameters: int, output: int, /) -> None:
        self.calls += 1
        if self.calls == INTERPRETED_CALLS and self.program.backend == "llvm":
            self.kernel = self.build("llvm")
        self.kernel(row, parameters, output)


def default_backend() -> str:
    """``"llvm"`` where llvmlite is installed, else ``"python"``."""
    from importlib.util import find_spec

    return "llvm" if find_spec("llvmlite") else "python"


def compile_system(system: System, backend: str = "") -> Program:
    """The compiled system.

    Raises
    ------
    StructureError
        Unknowns and equations do not match one to one.
    CompileError
        An expression that equations cannot contain.
    """
    return _compiled(system, backend or default_backend())


@lru_cache(maxsize=32)
def _compiled(system: System, chosen: str) -> Program:
    columns = (*sorted(system.unknowns), *system.given)
    index = {name: i for i, name in enumerate(columns)}
    tape = Tape(index, {p.name: i for i, p in enumerate(system.parameters)})
    equations = tuple(sorted(system.equations, key=lambda e: e.name))
    unknowns = tuple(sorted(system.unknowns))
    builder = _Builder(tape, equations, [index[u] for u in unknowns])
    order = tuple(blocks([builder.shape(e) for e in range(len(equations))], unknowns))
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
    residuals = tuple(builder.residual(e) for e in range(len(equations)))
    return Program(
        system,
        chosen,
        columns,
        unknowns,
        equations,
        order,
        tuple(steps),
        module["certificate"],
        conditions,
        lags,
        leads,
        residuals,
        tape,
        [module],
    )


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
        self.number = {c: i for i, c in enumerate(columns)}
        self._residuals: dict[int, Node] = {}

    def convert(self, equation: Equation, expression: Any) -> Node:
        try:
            return self.tape.convert(expression)
        except ValueError as error:
            raise CompileError(f"equation {equation.name!r}: {error}") from error

    def sides(self, e: int) -> tuple[Node, Node]:
        """The nodes of the left side and of the right side with its add-factor."""
        equation = self.equations[e]
        term = equation.add_factor
        right = self.convert(equation, equation.right)
        return self.convert(equation, equation.left), right if term is None else self.tape.add([right, self.tape.convert(term)])

    def own(self, e: int) -> int | None:
        """The unknown's column where it stands alone on the left and not on the right."""
        left, right = self.sides(e)
        op = self.tape.ops[left]
        if op[0] != "load" or op[2] != 0 or op[1] not in self.number or (op[1], 0) in self.tape.loads(right):
            return None
        return int(op[1])

    def isolated(self, e: int) -> dict[int, tuple[int, Node]]:
        """Columns of unknowns that are a whole term of the residual and occur in no other, with sign and the other terms' sum."""
        terms = self.tape.terms(self.residual(e))
        found: dict[int, tuple[int, Node]] = {}
        for i, (sign, term) in enumerate(terms):
            op = self.tape.ops[term]
            if op[0] == "load" and op[2] == 0 and op[1] in self.number:
                others = terms[:i] + terms[i + 1 :]
                if all((op[1], 0) not in self.tape.loads(t) for _, t in others):
                    found[op[1]] = (sign, self.tape.add([t if s > 0 else self.tape.neg(t) for s, t in others]))
        return found

    def shape(self, e: int) -> Shape:
        """What the structure needs to know of equation e."""
        own = self.own(e)
        now = sorted(self.number[c] for c, offset in self.tape.loads(self.residual(e)) if offset == 0 and c in self.number)
        linear = tuple(sorted(self.number[c] for c in self.isolated(e)))
        return Shape(self.equations[e].name, tuple(now), None if own is None else self.number[own], linear)

    def value(self, e: int, unknown: int) -> Node:
        """The node that equation e assigns to the unknown."""
        column = self.columns[unknown]
        if self.own(e) == column:
            return self.sides(e)[1]
        sign, rest = self.isolated(e)[column]
        return self.tape.neg(rest) if sign > 0 else rest

    def residual(self, e: int) -> Node:
        """Left minus right."""
        if e not in self._residuals:
            self._residuals[e] = self.tape.difference(*self.sides(e))
        return self._residuals[e]

    def scale(self, e: int) -> Node:
        """The sum of the sizes of the additive terms of both sides."""
        equation = self.equations[e]
        size = self.tape.magnitude(self.residual(e))
        if isinstance(equation, Complementarity):
            parts = [equation.left, equation.lower, *([] if equation.upper is None else [equation.upper])]
            return self.tape.add([size, *(self.tape.magnitude(self.convert(equation, p)) for p in parts)])
        return size

    def steps(self, order: tuple[BlockShape, ...]) -> tuple[dict[str, Sequence[Store]], list[tuple[str, _Plan | None]]]:
        kernels: dict[str, Sequence[Store]] = {}
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
