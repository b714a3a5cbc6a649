"""Two simulations compared: differences by variable, by balance sheet, and what made a variable move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sympy as sp

from dollarflow.simulation import Simulation
from model.equation import Equation
from model.symbols import Parameter, Variable
from model.system import nearest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """The difference that ``changed`` makes to ``base``, on the dates that both have.

    Parameters
    ----------
    base, changed
        Two simulations on the same dates.
    """

    base: Simulation
    changed: Simulation

    @property
    def frame(self) -> pd.DataFrame:
        """Changed less base, every variable that both have, by date."""
        shared = [name for name in self.base.path.columns if name in self.changed.path]
        return self.changed.frame[shared] - self.base.frame[shared]

    def __getitem__(self, name: str) -> pd.Series[float]:
        """The difference in one variable by date."""
        return self.frame[name]

    def balance_sheet(self, when: int | date | str) -> pd.DataFrame:
        """The difference in every entry of the balance-sheet matrix at the end of a period, USD bn."""
        return self.changed.balance_sheet(when) - self.base.balance_sheet(when)

    def decompose(self, name: str) -> pd.DataFrame:
        """What a variable's difference consists of: one column a term of its definition, which sum to the difference.

        Parameters
        ----------
        name
            A variable whose equation is a sum of variables with constant coefficients, such as ``m2`` or ``debt``; terms that are
            such sums themselves (an instrument's total) stay whole.

        Returns
        -------
        DataFrame
            One row a date, in the variable's unit. The last column, ``total``, is the difference itself.

        Raises
        ------
        ValueError
            An unknown variable, or one whose equation is no such sum.
        """
        import pandas as pd

        coefficients = linear_terms(self._equation(name), self._parameters())
        differences = self.frame
        columns = {}
        for symbol, factor in coefficients.items():
            series = differences[symbol.base]
            columns[symbol.name] = factor * (series if symbol.time == 0 else series.shift(-symbol.time))
        table = pd.DataFrame(columns).sort_index(axis=1)
        table["total"] = differences[name]
        return table

    def _equation(self, name: str) -> Equation:
        system = self.changed.path.system
        found = [e for e in system.equations if isinstance(e.left, Variable) and e.left.base == name and e.left.time == 0]
        if not found:
            raise ValueError(f"no equation determines {name!r}{nearest(name, system.unknowns)}")
        return found[0]

    def _parameters(self) -> Mapping[str, float]:
        path = self.changed.path
        return dict(zip(path.parameter_names, path.parameter_rows[-1].tolist(), strict=True))


def linear_terms(equation: Equation, parameters: Mapping[str, float]) -> dict[Variable, float]:
    """The constant coefficients of a linear equation's variables.

    Raises
    ------
    ValueError
        The equation is not linear in its variables.
    """
    right = equation.total_right
    values = {symbol: sp.Float(parameters[symbol.name], 17) for symbol in right.free_symbols if isinstance(symbol, Parameter)}
    expression = sp.expand(right.xreplace(values))
    variables = sorted((s for s in expression.free_symbols if isinstance(s, Variable)), key=lambda s: s.name)
    found = {symbol: expression.coeff(symbol) for symbol in variables}
    rest = sp.expand(expression - sum(factor * symbol for symbol, factor in found.items()))
    if rest.free_symbols or any(factor.free_symbols for factor in found.values()):
        raise ValueError(
            f"{equation.name!r} is not a sum of variables with constant coefficients, so it has no exact decomposition by terms"
        )
    return {symbol: float(factor) for symbol, factor in found.items()}


def compare(base: Simulation, changed: Simulation) -> Comparison:
    """The difference that one simulation makes to another.

    Raises
    ------
    ValueError
        The two have different dates.
    """
    if base.dates != changed.dates:
        raise ValueError(f"the simulations differ in dates: {_span(base)} and {_span(changed)}")
    return Comparison(base, changed)


def _span(run: Simulation) -> str:
    return f"{run.path.periods} {run.clock} periods from {run.dates[0]}"
