"""A lifted system compiled: order of the blocks, vector kernels, and the sparse exact Jacobian of what is solved together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sparse

from model.compiler.rules import Node
from model.compiler.tape import Tape
from model.language.equation import Equation
from model.language.structure import BlockShape, Shape, StructureError, blocks
from model.language.symbols import Variable
from model.members.lifting import Floats, Lifted, View
from model.members.population import Axis, Integers
from model.members.table import Table
from model.members.vectors import VectorKernel


@dataclass(frozen=True)
class Group:
    """An equation for all members or links at once.

    Parameters
    ----------
    name, axis, unknown
        The equation, what it runs over, and the variable that it determines.
    value
        Kernel of the right side where the variable stands alone on the left; else None.
    residual, scale
        Kernels of left minus right, and of the sum of the sizes of its terms.
    partials
        Current unknowns that it reads, each with the view through which it does; the kernel of the derivatives has the same order.
    """

    name: str
    axis: Axis
    length: int
    unknown: str
    value: VectorKernel | None
    residual: VectorKernel
    scale: VectorKernel
    partials: tuple[tuple[str, View], ...]
    slopes: VectorKernel


@dataclass(frozen=True)
class Core:
    """Groups solved together: chained groups follow from the torn unknowns, whose residuals Newton's method makes zero.

    Parameters
    ----------
    chain
        Assigned one after another.
    torn
        The residual groups, each with the torn unknown that it is matched with.
    """

    chain: tuple[Group, ...]
    torn: tuple[Group, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Chained groups, then torn ones."""
        return self.chain + self.torn

    @cached_property
    def start(self) -> dict[str, int]:
        """First column of each unknown."""
        ends = np.cumsum([0, *(g.length for g in self.groups)])
        return {g.unknown: int(first) for g, first in zip(self.groups, ends, strict=False)}

    @property
    def size(self) -> int:
        """Number of equations."""
        return sum(g.length for g in self.groups)

    @property
    def torn_size(self) -> int:
        """Number of torn unknowns."""
        return sum(g.length for g in self.torn)

    @cached_property
    def pattern(self) -> tuple[Integers, Integers]:
        """Rows and columns of the Jacobian's entries, in the order in which the partials are written."""
        rows, columns = [], []
        for first, group in zip(np.cumsum([0, *(g.length for g in self.groups)]), self.groups, strict=False):
            for name, view in group.partials:
                if name in self.start:
                    rows.append(first + view.rows)
                    columns.append(self.start[name] + view.columns)
        return np.concatenate(rows), np.concatenate(columns)

    @property
    def entries(self) -> int:
        """Number of structurally nonzero derivatives."""
        return len(self.pattern[0])

    @cached_property
    def _layout(self) -> sparse.csc_array:
        rows, columns = self.pattern
        numbers = np.arange(len(rows), dtype=np.float64) + 1.0
        return sparse.csc_array((numbers, (rows, columns)), shape=(self.size, self.size))

    @cached_property
    def _order(self) -> Integers:
        return self._layout.data.astype(np.int64) - 1

    def jacobian(self, table: Table) -> sparse.csc_array:
        """The exact derivatives of every residual by every unknown at the table's period, shape (equations, unknowns)."""
        parts = []
        for group in self.groups:
            for (name, view), slope in zip(group.partials, table.evaluate(group.slopes, group.axis, group.length), strict=True):
                if name in self.start:
                    parts.append(slope if view.kind != "sum" else slope[view.rows])
        data = np.concatenate(parts)[self._order]
        return sparse.csc_array((data, self._layout.indices, self._layout.indptr), shape=self._layout.shape)

    def residuals(self, table: Table) -> tuple[Floats, Floats]:
        """Residuals of the torn groups and the sizes of their terms."""
        found = [table.evaluate(g.residual, g.axis, g.length)[0] for g in self.torn]
        sizes = [table.evaluate(g.scale, g.axis, g.length)[0] for g in self.torn]
        return np.concatenate(found), np.concatenate(sizes)


@dataclass(frozen=True)
class Certificate:
    """All equations of one axis: kernels of their residuals and of the sizes of their terms, in one pass each."""

    axis: Axis
    length: int
    names: tuple[str, ...]
    residuals: VectorKernel
    sizes: VectorKernel


@dataclass(frozen=True)
class MemberProgram:
    """A lifted system, ready to be solved; see :func:`compile_lifted`."""

    lifted: Lifted
    columns: tuple[str, ...]
    parameter_names: tuple[str, ...]
    steps: tuple[Group | Core, ...]
    groups: tuple[Group, ...]
    hidden: tuple[tuple[str, Axis, VectorKernel, VectorKernel], ...]
    certificates: tuple[Certificate, ...]

    @property
    def equations(self) -> int:
        """Number of scalar equations, one for each unknown."""
        return sum(g.length for g in self.groups)

    @property
    def cores(self) -> tuple[Core, ...]:
        """What is solved simultaneously."""
        return tuple(s for s in self.steps if isinstance(s, Core))

    @property
    def entries(self) -> int:
        """Structurally nonzero derivatives of all equations by all current unknowns."""
        return sum(len(view.rows) for g in self.groups for _, view in g.partials)

    @cached_property
    def whole(self) -> MemberProgram:
        """The same system as one core: every equation and every unknown in one Jacobian."""
        chain: list[Group] = []
        torn: list[Group] = []
        for step in self.steps:
            chain.extend([step] if isinstance(step, Group) else step.chain)
            torn.extend([] if isinstance(step, Group) else step.torn)
        if not torn:
            return self
        core = Core(tuple(chain), tuple(torn))
        return MemberProgram(self.lifted, self.columns, self.parameter_names, (core,), self.groups, self.hidden, self.certificates)


def compile_lifted(lifted: Lifted) -> MemberProgram:
    """The compiled system.

    Raises
    ------
    PopulationError
        An equation that reads what its members do not share, or a lead.
    StructureError
        Equations and unknowns do not match one to one.
    """
    lifted.check()
    system = lifted.system
    unknowns = tuple(sorted(system.unknowns))
    columns = (*unknowns, *system.given)
    names = tuple(p.name for p in system.parameters)
    equations = tuple(sorted(system.equations, key=lambda e: e.name))
    compiler = _Compiler(lifted, columns, Tape({n: i for i, n in enumerate(columns)}, {n: i for i, n in enumerate(names)}), len(unknowns))
    shapes = []
    for equation in equations:
        own, now = compiler.own(equation), compiler.now(equation)
        shapes.append(Shape(equation.name, tuple(sorted(now)), own, ()))
    steps: list[Group | Core] = []
    for block in blocks(shapes, unknowns):
        chain = tuple(compiler.group(equations[e], unknowns[u]) for e, u in block.chain)
        if block.tears:
            steps.append(_tear(chain + _match(compiler, block, equations, unknowns)))
        else:
            steps.extend(chain)
    groups = tuple(g for s in steps for g in ([s] if isinstance(s, Group) else s.groups))
    hidden = tuple(compiler.hidden(number) for number in range(len(system.hidden)))
    return MemberProgram(lifted, columns, names, tuple(steps), groups, hidden, compiler.certificates(equations))


def _tear(groups: tuple[Group, ...]) -> Core:
    """The core with as few torn unknowns as a greedy choice finds: long vectors are chained first, single prices are torn."""
    reads = {g.unknown: {name for name, _ in g.partials} - {g.unknown} for g in groups}
    chained: dict[str, Group] = {}
    for group in sorted(groups, key=lambda g: (-g.length, g.unknown)):
        if group.value is not None and not _reaches(reads, chained, group.unknown):
            chained[group.unknown] = group
    order: list[Group] = []
    done: set[str] = set()

    def place(name: str) -> None:
        stack = [name]
        while stack:
            top = stack[-1]
            waiting = sorted(n for n in reads[top] if n in chained and n not in done)
            if waiting:
                stack.append(waiting[0])
                continue
            stack.pop()
            if top not in done:
                done.add(top)
                order.append(chained[top])

    for name in sorted(chained):
        place(name)
    return Core(tuple(order), tuple(g for g in groups if g.unknown not in chained))


def _reaches(reads: dict[str, set[str]], chained: dict[str, Group], start: str) -> bool:
    """Whether a new chained unknown would depend on itself through those already chained."""
    seen: set[str] = set()
    stack = [n for n in reads[start] if n in chained]
    while stack:
        top = stack.pop()
        if start in reads[top]:
            return True
        if top not in seen:
            seen.add(top)
            stack.extend(n for n in reads[top] if n in chained and n not in seen)
    return False


def _match(compiler: _Compiler, block: BlockShape, equations: tuple[Equation, ...], unknowns: tuple[str, ...]) -> tuple[Group, ...]:
    """The residual groups, each paired with a torn unknown of the same axis."""
    left = list(block.tears)
    torn = []
    for e in block.residuals:
        axis = compiler.lifted.axis_of(equations[e])
        fitting = [u for u in left if compiler.lifted.axes[unknowns[u]] == axis]
        if not fitting:
            loose = ", ".join(f"{unknowns[u]} of {compiler.lifted.axes[unknowns[u]]}" for u in left)
            raise StructureError(f"equation {equations[e].name!r} of {axis} has to determine one of: {loose}; none has its axis")
        left.remove(fitting[0])
        torn.append(compiler.group(equations[e], unknowns[fitting[0]]))
    return tuple(torn)


class _Compiler:
    """Turns sympy equations into vector kernels on one tape."""

    def __init__(self, lifted: Lifted, columns: tuple[str, ...], tape: Tape, unknowns: int) -> None:
        self.lifted, self.columns, self.tape, self.unknowns = lifted, columns, tape, unknowns

    def residual(self, equation: Equation) -> Node:
        return self.tape.difference(self.tape.convert(equation.left), self.tape.convert(equation.total_right))

    def now(self, equation: Equation) -> list[int]:
        loads = self.tape.loads(self.residual(equation))
        return [column for column, offset in loads if offset == 0 and column < self.unknowns]

    def own(self, equation: Equation) -> int | None:
        left = equation.left
        if not isinstance(left, Variable) or left.time != 0:
            return None
        column = self.tape.columns[left.base]
        return None if column >= self.unknowns or (column, 0) in self.tape.loads(self.tape.convert(equation.total_right)) else column

    def group(self, equation: Equation, unknown: str) -> Group:
        axis, residual = self.lifted.axis_of(equation), self.residual(equation)
        value = None
        if self.own(equation) == self.tape.columns[unknown]:
            value = VectorKernel(self.tape, [self.tape.convert(equation.total_right)])
        slopes = [
            (self.columns[column], node)
            for (column, offset), node in sorted(self.tape.derivatives(residual).items())
            if offset == 0 and column < self.unknowns
        ]
        return Group(
            equation.name,
            axis,
            self.lifted.population.length(axis),
            unknown,
            value,
            VectorKernel(self.tape, [residual]),
            VectorKernel(self.tape, [self.tape.magnitude(residual)], sizes=True),
            tuple((name, self.lifted.view(axis, self.lifted.axes[name])) for name, _ in slopes),
            VectorKernel(self.tape, [node for _, node in slopes]),
        )

    def certificates(self, equations: tuple[Equation, ...]) -> tuple[Certificate, ...]:
        """The equations' residuals and sizes, axis by axis."""
        axes: dict[Axis, list[Equation]] = {}
        for equation in equations:
            axes.setdefault(self.lifted.axis_of(equation), []).append(equation)
        found = []
        for axis, members in axes.items():
            nodes = [self.residual(e) for e in members]
            sizes = VectorKernel(self.tape, [self.tape.magnitude(n) for n in nodes], sizes=True)
            length = self.lifted.population.length(axis)
            found.append(Certificate(axis, length, tuple(e.name for e in members), VectorKernel(self.tape, nodes), sizes))
        return tuple(found)

    def hidden(self, number: int) -> tuple[str, Axis, VectorKernel, VectorKernel]:
        hidden = self.lifted.system.hidden[number]
        axis = self.lifted.population.members(self.lifted.places.get(hidden.name, ""))
        node = self.tape.convert(hidden.expression)
        return hidden.name, axis, VectorKernel(self.tape, [node]), VectorKernel(self.tape, [self.tape.magnitude(node)], sizes=True)
