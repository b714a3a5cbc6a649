"""Two runs compared: differences by variable and balance sheet, who financed them, and which mechanism made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import sympy as sp

from dollarflow.attribution.first_order import FirstOrder, first_order
from dollarflow.attribution.mechanisms import Mechanisms, switch_mechanisms
from dollarflow.attribution.runs import Run, run_of_folder, run_of_simulation
from dollarflow.simulation import Simulation
from equations.money_creation import FINANCIERS
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import nearest

if TYPE_CHECKING:
    import pandas as pd

TERMS, FINANCIER, SOURCE, MECHANISM, INPUT = "terms", "financier", "source", "mechanism", "input"
KINDS = (TERMS, FINANCIER, SOURCE, MECHANISM, INPUT)
PREFIX = "money_by__"
MONEY, M2 = "money", "m2"


@dataclass(frozen=True)
class Comparison:
    """The difference that ``changed`` makes to ``base``, on the dates that both have.

    Parameters
    ----------
    base, changed
        Two runs on the same dates.
    """

    base: Run
    changed: Run

    def __repr__(self) -> str:
        return f"Comparison({self.title}, {len(self.base.dates) - 1} periods)"

    def _repr_html_(self) -> str:
        from dollarflow.displays import comparison_html

        return comparison_html(self)

    @property
    def title(self) -> str:
        """What is compared with what, and from when to when."""
        first, second = self.base, self.changed
        names = (second.scenario, first.scenario) if first.scenario != second.scenario else (second.label, first.label)
        return f"{names[0]} less {names[1]}: {first.dates[0]} to {first.dates[-1]}"

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Changed less base, every variable that both have, by date."""
        shared = [name for name in self.base.frame.columns if name in self.changed.frame.columns]
        return self.changed.frame[shared] - self.base.frame[shared]

    def __getitem__(self, name: str) -> pd.Series[float]:
        """The difference in one variable by date."""
        return self.frame[name]

    def balance_sheet(self, when: int | date | str) -> pd.DataFrame:
        """The difference in every entry of the balance-sheet matrix at the end of a period, USD bn."""
        return self.changed.balance_sheet(when) - self.base.balance_sheet(when)

    def decompose(self, name: str, by: str = TERMS) -> pd.DataFrame:
        """What a variable's difference consists of: columns that sum to the last one, ``total``, the difference itself.

        Parameters
        ----------
        name
            A variable.
        by
            ``"terms"``: the terms of its definition, for a variable that is a sum of variables (``m2``, ``debt``); terms that are
            such sums themselves stay whole. ``"financier"``: whose balance sheet created the money, for ``money`` and ``m2``
            (J1). ``"source"``: the same in full detail. ``"mechanism"``: the blocks of changed inputs, by solving the model again
            with some of them switched; any variable. ``"input"``: every changed parameter, exogenous path and opening value to first
            order, by the base's exact derivatives, and the ``remainder`` that is not linear; any variable that is solved for.

        Returns
        -------
        DataFrame
            One row a date, in the variable's unit.

        Raises
        ------
        ValueError
            An unknown variable or kind, or a variable without such a decomposition.
        NoInputs
            By mechanism or input: a run whose inputs are not known well enough to solve it again; by input: runs of different equations.
        """
        if by not in KINDS:
            raise ValueError(f"no decomposition is named {by!r}{nearest(by, KINDS)}; known: {', '.join(KINDS)}")
        if name not in self.frame.columns:
            raise ValueError(f"no variable of both runs is named {name!r}{nearest(name, self.frame.columns)}")
        if by == MECHANISM:
            return self.mechanisms.contributions(name)
        if by == INPUT:
            return self.inputs.contributions(name)
        return self._by_terms(name) if by == TERMS else self._by_source(name, grouped=by == FINANCIER)

    @cached_property
    def mechanisms(self) -> Mechanisms:
        """The model solved for the sets of changed mechanisms."""
        return switch_mechanisms(self.base, self.changed)

    @cached_property
    def inputs(self) -> FirstOrder:
        """The changed inputs and the base's derivatives by them; its ``one_sided`` names those whose derivative has two sides."""
        return first_order(self.base, self.changed)

    def _by_terms(self, name: str) -> pd.DataFrame:
        import pandas as pd

        coefficients = linear_terms(self._equation(name), self._parameters())
        columns = {}
        for symbol, factor in coefficients.items():
            series = self.frame[symbol.base]
            columns[symbol.name] = factor * (series if symbol.time == 0 else series.shift(-symbol.time))
        table = pd.DataFrame(columns).sort_index(axis=1)
        table["total"] = self.frame[name]
        return table

    def _by_source(self, name: str, *, grouped: bool) -> pd.DataFrame:
        import pandas as pd

        if name not in (MONEY, M2):
            raise ValueError(f"only {MONEY!r} and {M2!r} have sources of money, not {name!r}")
        missing = [PREFIX + s for sources in FINANCIERS.values() for s in sources if PREFIX + s not in self.frame.columns]
        if missing:
            raise ValueError(f"the runs have no {missing[0]!r}, so their money has no known sources")
        columns: dict[str, pd.Series[float]] = {"opening": pd.Series(0.0, index=self.frame.index)}
        columns["opening"] += float(self._money_cells().iloc[0].sum())
        for financier, sources in FINANCIERS.items():
            flows = self.frame[[PREFIX + source for source in sources]].fillna(0.0).cumsum()
            if grouped:
                columns[financier] = flows.sum(axis=1)
            else:
                columns |= {source: flows[PREFIX + source] for source in sources}
        if name == M2:
            share = self.changed.parameters["retail_fund_share"] * self.changed.frame["mmf_shares"]
            share -= self.base.parameters["retail_fund_share"] * self.base.frame["mmf_shares"]
            outside = [
                c
                for c in self.frame.columns
                if c.startswith("deposits__banks__") and c.count("__") == 2 and c != "deposits__banks__private"
            ]
            columns["retail_money_funds"] = share
            columns["deposits_outside_m2"] = -self.frame[outside].sum(axis=1)
        table = pd.DataFrame(columns)
        table["total"] = table.sum(axis=1)
        return table

    def _money_cells(self) -> pd.DataFrame:
        from equations.money_creation import MONEY_CELLS

        return self.frame[[cell.key for cell in MONEY_CELLS]]

    def _equation(self, name: str) -> Equation:
        system = self.changed.system
        if system is None:
            raise ValueError(f"{self.changed.label}: {self.changed.unknown}, so the definition of {name!r} is not known")
        found = [e for e in system.equations if isinstance(e.left, Variable) and e.left.base == name and e.left.time == 0]
        if not found:
            lefts = [e.left.base for e in system.equations if isinstance(e.left, Variable)]
            raise ValueError(f"no equation has {name!r} alone on its left{nearest(name, lefts)}")
        return found[0]

    def _parameters(self) -> Mapping[str, float]:
        return {name: float(values[-1]) for name, values in self.changed.parameters.items()}


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


def compare(base: Simulation | Run | FilePath | str, changed: Simulation | Run | FilePath | str) -> Comparison:
    """The difference that one run makes to another: two simulations, or two result folders.

    Raises
    ------
    ValueError
        The two have different dates.
    NotAResult, UnreadableResult
        A folder that holds no result.
    """
    first, second = _run(base, "the first run"), _run(changed, "the second run")
    if first.dates != second.dates:
        raise ValueError(f"the runs differ in dates: {_span(first)} and {_span(second)}")
    return Comparison(first, second)


def _run(given: Simulation | Run | FilePath | str, label: str) -> Run:
    if isinstance(given, Run):
        return given
    if not isinstance(given, Simulation | FilePath | str):
        raise TypeError(f"{label} is {given!r}; pass a simulation, or the path of a result folder")
    return run_of_simulation(given, label) if isinstance(given, Simulation) else run_of_folder(FilePath(given))


def _span(run: Run) -> str:
    return f"{len(run.dates) - 1} periods from {run.dates[0]} to {run.dates[-1]}"
