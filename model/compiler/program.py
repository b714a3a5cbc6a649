"""A program is a system compiled: block order, kernels, and the structure of its exact Jacobian.

Everything inside is in canonical order (equations and unknowns by name), whatever the order in which the system was
written. Programs are kept for the life of the process, by content.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.compiler.description import Description, Integers
from model.compiler.kernels import Kernel, KernelModule, Store, build_kernels
from model.compiler.pattern import JACOBIAN, Pattern, pattern_of
from model.language.later import Later

if TYPE_CHECKING:
    from model.compiler.advance import Advance
    from model.compiler.plan import Plan
    from model.compiler.rules import Node
    from model.compiler.symbolic import Symbolic
    from model.compiler.tape import Load, Tape
    from model.language.equation import Complementarity, Equation
    from model.language.structure import BlockShape
    from model.language.system import System

Floats = NDArray[np.float64]
T = TypeVar("T")


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
class Program:
    """A compiled system; see :func:`~model.compiler.compilation.compile_system`.

    Parameters
    ----------
    backend
        ``"llvm"`` or ``"python"``.
    description
        Its names, blocks and sizes.
    modules
        Its kernels, and those that were added later.
    symbolic
        Its expressions, made when somebody asks for them where the description and the machine code were kept.
    known
        The Jacobian's pattern, and which unknowns are stocks, where they were kept too.
    lock
        Held by whoever works with the program outside machine code while others may do the same.
    """

    backend: str
    description: Description
    modules: list[KernelModule] = field(repr=False)
    symbolic: Later[Symbolic] = field(repr=False)
    known: tuple[Pattern, NDArray[np.bool_]] | None = field(default=None, repr=False)
    lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def system(self) -> System:
        """What was compiled."""
        return self.symbolic.value.system

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations, by name."""
        return self.symbolic.value.equations

    @property
    def conditions(self) -> tuple[Complementarity, ...]:
        """The complementarity conditions, by name."""
        return self.symbolic.value.conditions

    @property
    def residuals(self) -> tuple[Node, ...]:
        """Node of each equation's left side minus its right one."""
        return self.symbolic.value.residuals

    @property
    def tape(self) -> Tape:
        """Holds the nodes."""
        return self.symbolic.value.tape

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns: unknowns, then what is given."""
        return self.description.columns

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Names of the unknowns, in canonical order."""
        return self.description.unknowns

    @property
    def given(self) -> tuple[str, ...]:
        """Names of what is given from outside, in the order of columns."""
        return self.description.given

    @property
    def shapes(self) -> tuple[BlockShape, ...]:
        """The blocks of equations in the order in which they are solved."""
        return self.description.shapes

    @property
    def lags(self) -> dict[str, int]:
        """The longest lag of each variable that has one, in periods."""
        return self.description.lags

    @property
    def leads(self) -> dict[str, int]:
        """The longest lead of each variable that has one, in periods."""
        return self.description.leads

    @property
    def plan(self) -> Plan | None:
        """The period as machine code goes through it; None where a block is too large for that."""
        return self.description.plan

    @cached_property
    def steps(self) -> tuple[Kernel | Block, ...]:
        """What a period consists of."""
        kernels, found = self.modules[0], list[Kernel | Block]()
        for step in self.description.steps:
            if isinstance(step, str):
                found.append(kernels[step])
            else:
                tears, inside, torn, members, sizes, structure = step.arrays
                values, partials = kernels[f"{step.plan.name}.values"], kernels[f"{step.plan.name}.partials"]
                found.append(Block(step.number, values, partials, tears, inside, torn, members, sizes, structure, step.plan.linear))
        return tuple(found)

    @cached_property
    def certificate(self) -> Kernel:
        """Writes residuals, gaps and their scales."""
        return self.modules[0]["certificate"]

    @cached_property
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
        return np.arange(len(self.unknowns), dtype=np.int64)

    @cached_property
    def lagged_columns(self) -> Integers:
        """Columns of the unknowns that equations use with a lag, by name."""
        return np.array([self.index[n] for n in self.lags if n not in self.given_names], dtype=np.int64)

    @cached_property
    def given_names(self) -> frozenset[str]:
        """What is given from outside; its columns follow those of the unknowns."""
        return frozenset(self.given)

    @cached_property
    def needed_names(self) -> frozenset[str]:
        """What has to be given: all but the add-factors."""
        return self.given_names - frozenset(self.description.add_factors)

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters in the order of parameter rows."""
        return tuple(name for name, _, _ in self.description.parameters)

    @cached_property
    def parameter_limits(self) -> tuple[Floats, Floats]:
        """The parameters' lower and upper bounds, the largest finite numbers where there is none."""
        most = float(np.finfo(np.float64).max)
        lower = [-most if low is None else low for _, low, _ in self.description.parameters]
        return np.array(lower), np.array([most if high is None else high for _, _, high in self.description.parameters])

    @property
    def equation_names(self) -> tuple[str, ...]:
        """Names of the equations, in canonical order."""
        return self.description.equations

    @property
    def hidden_names(self) -> tuple[str, ...]:
        """Names of the hidden identities."""
        return self.description.hidden

    @cached_property
    def equation_count(self) -> int:
        """Number of equations."""
        return len(self.description.equations)

    @cached_property
    def hidden_count(self) -> int:
        """Number of hidden identities."""
        return len(self.description.hidden)

    @cached_property
    def condition_count(self) -> int:
        """Number of complementarity conditions."""
        return len(self.description.conditions)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many equations, blocks, simultaneous blocks and torn unknowns, and how large the largest of these blocks is."""
        simultaneous = [s for s in self.shapes if s.tears]
        return {
            "equations": self.equation_count,
            "blocks": len(self.shapes),
            "simultaneous": len(simultaneous),
            "largest": max((s.size for s in simultaneous), default=1),
            "torn": sum(len(s.tears) for s in simultaneous),
        }

    @cached_property
    def condition_columns(self) -> Integers:
        """Column of each complementarity condition's variable."""
        return np.array([column for _, column in self.description.conditions], dtype=np.int64)

    @cached_property
    def accumulated(self) -> NDArray[np.bool_]:
        """Which unknowns (canonical order) are stocks: their own equation carries their own lag on."""
        if self.known is not None:
            return self.known[1]
        stocks = self.symbolic.value.stocks
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

    @cached_property
    def pattern(self) -> Pattern:
        """The Jacobian of all equations and hidden identities by every unknown at every offset; built on first use."""
        if self.known is not None:
            return self.known[0]
        nodes = [*self.residuals, *(self.tape.convert(h.expression) for h in self.system.hidden)]
        wanted = set(self.unknown_columns.tolist())
        return self.pattern_of([{k: d for k, d in self.tape.derivatives(node).items() if k[0] in wanted} for node in nodes])

    def pattern_of(self, derivatives: Sequence[dict[Load, Node]]) -> Pattern:
        """The pattern of derivatives given row by row, with a kernel that computes them."""

        def build(stores: Sequence[Store], backend: str) -> KernelModule:
            module = build_kernels(self.tape, self.width, {JACOBIAN: stores}, backend)
            self.modules.append(module)
            return module

        return pattern_of(derivatives, build, compiled=self.backend == "llvm")

    @property
    def fresh(self) -> Pattern | None:
        """The pattern where it was made here and its kernel is machine code."""
        found = vars(self).get("pattern")
        return found if found is not None and found.key else None

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


__all__ = ["Block", "Floats", "Integers", "Program"]
