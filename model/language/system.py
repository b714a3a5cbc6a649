"""Systems: equations, what is given from outside, and the redundant equation; immutable, changed by making a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from model.language.accounts import Chart
from model.language.equation import Equation, Hidden, unit_of_left
from model.language.names import nearest as nearest
from model.language.symbols import Parameter, Variable


class SystemError_(ValueError):
    """A system that is not well formed; the message names the offender and the mend."""


TYPESET = 40
"""Equations up to which a system is typeset as a whole."""


@dataclass(frozen=True)
class System:
    """A declaration, its identities and its behaviour.

    Parameters
    ----------
    name
        A title.
    equations
        One for each unknown, in any order.
    exogenous
        Variables whose paths are given. Add-factors need not be listed.
    hidden
        Expressions that must be zero in every period and are never solved.
    chart
        The chart of accounts behind the identities, where there is one.
    limits
        Lowest and highest value that a given variable may have, by name; None for none.

    Raises
    ------
    SystemError_
        Two equations of one name, or a name that is both parameter and variable.
    """

    name: str
    equations: tuple[Equation, ...]
    exogenous: tuple[Variable, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    chart: Chart | None = field(default=None, compare=False)
    limits: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for equation in self.equations:
            if equation.name in seen:
                raise SystemError_(f"two equations are named {equation.name!r}; give each its own name")
            seen.add(equation.name)
        clash = {p.name for p in self.parameters} & set(self.variable_names)
        if clash:
            raise SystemError_(f"{sorted(clash)[0]!r} is declared as a parameter and as a variable; choose one")

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.equations, self.exogenous, self.hidden))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_hash"}

    @cached_property
    def symbols(self) -> frozenset[Variable | Parameter]:
        """Every symbol that occurs, at any time offset."""
        found: set[Variable | Parameter] = set(self.exogenous)
        for equation in self.equations:
            found |= equation.left.free_symbols | equation.right_symbols
        for hidden in self.hidden:
            found |= hidden.expression.free_symbols
        return frozenset(found)

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """Every variable (endogenous first in order of equations' left sides, then the rest by name), by name, at time 0."""
        ordered: dict[str, Variable] = {}
        outside = {v.base for v in self.exogenous} | set(self.add_factors)
        for equation in self.equations:
            if isinstance(equation.left, Variable) and equation.left.base not in outside:
                ordered.setdefault(equation.left.base, equation.left(-equation.left.time))
        rest = {s.base: s(-s.time) for s in self.symbols if isinstance(s, Variable)}
        for name in sorted(rest):
            ordered.setdefault(name, rest[name])
        return ordered

    @property
    def variable_names(self) -> tuple[str, ...]:
        """Names of all variables, endogenous and exogenous."""
        return tuple(self.variables)

    @cached_property
    def add_factors(self) -> dict[str, Variable]:
        """Add-factor variables by name."""
        return {f.base: f for e in self.equations if (f := e.add_factor) is not None}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, by name."""
        return tuple(sorted((s for s in self.symbols if isinstance(s, Parameter)), key=lambda p: p.name))

    @cached_property
    def given(self) -> tuple[str, ...]:
        """Names of the exogenous variables, add-factors included."""
        return tuple(sorted({v.base for v in self.exogenous} | set(self.add_factors)))

    @cached_property
    def unknowns(self) -> tuple[str, ...]:
        """Names of the endogenous variables."""
        given = set(self.given)
        return tuple(n for n in self.variables if n not in given)

    @cached_property
    def by_name(self) -> dict[str, Equation]:
        """Equations by name."""
        return {e.name: e for e in self.equations}

    def equation(self, name: str) -> Equation:
        """The equation of that name; an unknown name is an error that offers the nearest."""
        if name not in self.by_name:
            raise SystemError_(f"no equation is named {name!r}{nearest(name, self.by_name)}")
        return self.by_name[name]

    def replace(self, *equations: Equation) -> System:
        """A new system in which each given equation takes the place of the one of its name."""
        fresh = {e.name: e for e in equations}
        for name in fresh:
            self.equation(name)
        return replace(self, equations=tuple(fresh.get(e.name, e) for e in self.equations))

    def add(self, *equations: Equation, exogenous: Iterable[Variable] = ()) -> System:
        """A new system with more equations (and more exogenous variables)."""
        return replace(self, equations=self.equations + equations, exogenous=self.exogenous + tuple(exogenous))

    def without(self, *names: str) -> System:
        """A new system without the equations of those names."""
        for name in names:
            self.equation(name)
        return replace(self, equations=tuple(e for e in self.equations if e.name not in names))

    def exogenise(self, variable: str, dropping: str | None = None) -> System:
        """A new system in which ``variable`` is given and the equation ``dropping`` is gone.

        Without ``dropping`` the equation whose left side is the variable goes.
        """
        if variable not in self.unknowns:
            raise SystemError_(f"{variable!r} is not an endogenous variable{nearest(variable, self.unknowns)}")
        if dropping is None:
            own = [e.name for e in self.equations if isinstance(e.left, Variable) and e.left == self.variables[variable]]
            if len(own) != 1:
                raise SystemError_(f"no single equation has {variable!r} alone on its left; name the one to drop")
            dropping = own[0]
        self.equation(dropping)
        smaller = self.without(dropping)
        return replace(smaller, exogenous=(*smaller.exogenous, self.variables[variable]))

    def swap(self, *, free: str, fix: str) -> System:
        """A new system in which the exogenous ``free`` is solved for so that the endogenous ``fix`` follows a given path."""
        if free not in self.given:
            raise SystemError_(f"{free!r} is not exogenous{nearest(free, self.given)}")
        if fix not in self.unknowns:
            raise SystemError_(f"{fix!r} is not an endogenous variable{nearest(fix, self.unknowns)}")
        if free in self.add_factors:
            raise SystemError_(f"{free!r} is an add-factor; exogenise its variable instead")
        kept = tuple(v for v in self.exogenous if v.base != free)
        return replace(self, exogenous=(*kept, self.variables[fix]))

    def __repr__(self) -> str:
        return f"System({self.name}: {len(self.equations):,} equations, {len(self.exogenous):,} given variables)"

    def _repr_html_(self) -> str:
        """Sizes, then the equations with label, number and unit."""
        from model.language.displays import SHOWN, more, table

        kinds: dict[str, int] = {}
        for equation in self.equations:
            kinds[equation.kind] = kinds.get(equation.kind, 0) + 1
        sizes = [
            ("equations", f"{len(self.equations):,} ({', '.join(f'{count:,} {kind}' for kind, count in sorted(kinds.items()))})"),
            ("unknowns", f"{len(self.unknowns):,}"),
            ("given from outside", f"{len(self.exogenous):,}, and {len(self.add_factors):,} add-factors"),
            ("parameters", f"{len(self.parameters):,}"),
            ("checked, never solved", ", ".join(hidden.name for hidden in self.hidden) or "nothing"),
        ]
        behaviour = [e for e in self.equations if e.kind != "identity"] or list(self.equations)
        rows = [(e.name, str(unit_of_left(e) or ""), e.label, e.number, e.source) for e in behaviour[:SHOWN]]
        shown = table(("equation", "unit", "says", "number", "source"), rows)
        rest = more(len(self.equations) - len(rows), "equations")
        return table(("", ""), sizes, f"System: {self.name}") + shown + rest

    def _repr_latex_(self) -> str | None:
        """All equations as one aligned display, for a system that fits on a page; None for a larger one."""
        from model.language.formulas import rows
        from model.language.notation import Notation

        if len(self.equations) > TYPESET:
            return None
        notation = Notation(self.chart)
        lines = [row for equation in self.equations for row in rows(equation, notation)]
        return "$$\\begin{aligned}" + " \\\\ ".join(lines) + "\\end{aligned}$$"
