"""A program is a system compiled: block order, kernels, and the structure of its exact Jacobian.

Everything inside is in canonical order (equations and unknowns by name), whatever the order in which the system was
written. Programs are kept for the life of the process, by content.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.compiler.assembly import Builder, CompileError
from model.compiler.kernels import Kernel, KernelModule, Store
from model.compiler.plan import LARGEST_TORN, Plan
from model.compiler.rules import Node
from model.compiler.tape import Load, Tape
from model.language.equation import Complementarity, Equation
from model.language.structure import BlockShape, StructureError, blocks
from model.language.symbols import Variable
from model.language.system import System

if TYPE_CHECKING:
    from model.compiler.advance import Advance

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
T = TypeVar("T")


INTERPRETED_CALLS = 12
"""Calls of the full Jacobian from which compiling it pays."""


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
    linear
        Whether no partial derivative depends on the block's unknowns.
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
    linear: bool


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
    plan: Plan | None = field(repr=False)

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
    def lagged_columns(self) -> Integers:
        """Columns of the unknowns that equations use with a lag, by name."""
        given = set(self.system.given)
        return np.array([self.index[n] for n in self.lags if n not in given], dtype=np.int64)

    @cached_property
    def given_names(self) -> frozenset[str]:
        """What is given from outside; its columns follow those of the unknowns."""
        return frozenset(self.system.given)

    @cached_property
    def needed_names(self) -> frozenset[str]:
        """What has to be given: all but the add-factors."""
        return self.given_names - self.system.add_factors.keys()

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters in the order of parameter rows."""
        return tuple(p.name for p in self.system.parameters)

    @cached_property
    def parameter_limits(self) -> tuple[Floats, Floats]:
        """The parameters' lower and upper bounds, the largest finite numbers where there is none."""
        most = float(np.finfo(np.float64).max)
        lower = [-most if p.lower is None else p.lower for p in self.system.parameters]
        return np.array(lower), np.array([most if p.upper is None else p.upper for p in self.system.parameters])

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many equations, blocks, simultaneous blocks and torn unknowns, and how large the largest of these blocks is."""
        simultaneous = [s for s in self.shapes if s.tears]
        return {
            "equations": len(self.equations),
            "blocks": len(self.shapes),
            "simultaneous": len(simultaneous),
            "largest": max((s.size for s in simultaneous), default=1),
            "torn": sum(len(s.tears) for s in simultaneous),
        }

    @cached_property
    def condition_columns(self) -> Integers:
        """Column of each complementarity condition's variable."""
        return np.array([self.index[str(c.left)] for c in self.conditions], dtype=np.int64)

    @cached_property
    def accumulated(self) -> NDArray[np.bool_]:
        """Which unknowns (canonical order) are stocks: their own equation carries their own lag on."""
        stocks = {e.left.base for e in self.equations if isinstance(e.left, Variable) and e.left(-1) in e.right.free_symbols}
        return np.array([n in stocks for n in self.unknowns], dtype=np.bool_)

    @cached_property
    def max_lag(self) -> int:
        """The longest lag, in periods."""
        return max(self.lags.values(), default=0)

    @cached_property
    def max_lead(self) -> int:
        """The longest lead, in periods."""
        return max(self.leads.values(), default=0)

    @cached_property
    def eliminate(self) -> Kernel | None:
        """The machine's elimination routine; None for the interpreter."""
        return self.modules[0]["eliminate"] if self.backend == "llvm" else None

    @cached_property
    def advance(self) -> Advance | None:
        """The period loop in machine code; None for the interpreter and for systems with very large blocks."""
        if self.backend != "llvm" or self.plan is None:
            return None
        from model.compiler.advance import Advance

        return Advance(self.plan, self.modules[0].address("advance"), self.modules[0].address("sweep"))

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

    @cached_property
    def parameter_set(self) -> frozenset[str]:
        """The parameters' names."""
        return frozenset(self.parameter_names)

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What others work out from the program once, see :meth:`once`."""
        return {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What belongs to the program under a key, made when it is first asked for."""
        if key not in self.memory:
            self.memory[key] = make()
        found: T = self.memory[key]
        return found

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

    return "llvm" if sys.modules.get("llvmlite") is not None or find_spec("llvmlite") else "python"


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
    key = id(system), chosen
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = system, _compiled(system, chosen)
        for old in list(_KNOWN)[:-KEPT]:
            _KNOWN.pop(old, None)
    return found[1]


KEPT = 32
_KNOWN: dict[tuple[int, str], tuple[System, Program]] = {}
"""Programs of systems that were asked for last, by identity: to compare a system with an equal one takes longer than to solve it."""


@lru_cache(maxsize=KEPT)
def _compiled(system: System, chosen: str) -> Program:
    columns = (*sorted(system.unknowns), *system.given)
    index = {name: i for i, name in enumerate(columns)}
    tape = Tape(index, {p.name: i for i, p in enumerate(system.parameters)})
    equations = tuple(sorted(system.equations, key=lambda e: e.name))
    unknowns = tuple(sorted(system.unknowns))
    builder = Builder(tape, equations, [index[u] for u in unknowns])
    order = tuple(blocks([builder.shape(e) for e in range(len(equations))], unknowns))
    kernels, layout = builder.steps(order)
    conditions = tuple(e for e in equations if isinstance(e, Complementarity))
    kernels["certificate"] = builder.certificate(system, conditions)
    limited = tuple(index[str(c.left)] for c in conditions)
    plan: Plan | None = Plan(
        tuple(name if block is None else block.plan for name, block in layout), len(columns), len(equations), len(system.hidden), limited
    )
    if any(block is not None and block.plan.count > LARGEST_TORN for _, block in layout):
        plan = None
    module = KernelModule(tape, len(columns), kernels, chosen, plan)
    steps: list[Kernel | Block] = []
    for name, block in layout:
        if block is None:
            steps.append(module[name])
        else:
            tears, inside, torn, members, sizes, structure = block.arrays
            values, partials = module[f"{name}.values"], module[f"{name}.partials"]
            steps.append(Block(block.number, values, partials, tears, inside, torn, members, sizes, structure, block.plan.linear))
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
        plan,
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


__all__ = ["Block", "CompileError", "Pattern", "Program", "StructureError", "compile_system", "default_backend"]
