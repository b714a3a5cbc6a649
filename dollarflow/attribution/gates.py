"""Gates: decisions that can be held at a given path, one by one, in a single system that is compiled once.

The equation of a gated decision reads "what it was while the gate is open, the held path while it is shut". The banks' own repo
lending is a quantity behind a price: shutting its gate holds the quantity, and the overnight rate is what it must be. Hedge funds,
whose limits may force them out, hold at most the held path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import sympy as sp

from dollarflow.attribution.runs import Inputs
from equations.repo import CURVE_SPREAD, OWN_LENDING
from model.language.equation import Equation
from model.language.symbols import Variable, minimum, where
from model.language.system import System
from model.language.units import ONE, RATE, USD

FED_PURCHASES = ("fed_bill_purchases", "notes__treasury__fed__secondary", "bonds__treasury__fed__secondary")
FACILITIES = ("srf_take_up", "discount_window_credit", "fima")
BANK_SECURITIES = ("demand_notes__banks", "demand_bonds__banks", "bills_banks")
OWN_REPO = ("curve_spread",)
RRP = ("on_rrp_mmf", "on_rrp_private")
FUND_BILLS = ("mmf_bills",)
HEDGE_FUNDS = ("futures_demand", "hf_spread_leg")
POOL = ("foreign_repo_pool_held",)
SAVERS = (
    "demand_notes__private",
    "demand_bonds__private",
    "bills_private",
    "demand_notes__rest_of_world",
    "demand_bonds__rest_of_world",
    "bills_rest_of_world",
    "mmf_shares_private",
)
GATED = (*FED_PURCHASES, *FACILITIES, *BANK_SECURITIES, *OWN_REPO, *RRP, *FUND_BILLS, *HEDGE_FUNDS, *POOL, *SAVERS)
"""Names of the equations that have a gate."""


def gate(equation: str) -> Variable:
    """The gate of an equation: 1 open, 0 shut."""
    return Variable(f"open__{equation}", ONE, f"1 where {equation} decides, 0 where its result is held")


def held(variable: Variable) -> Variable:
    """The path that a decision is held at."""
    return Variable(f"held__{variable.base}", variable.unit, f"what {variable.base} is held at")


def decided(system: System, equation: str) -> Variable:
    """The quantity that an equation's gate holds."""
    if equation in OWN_REPO:
        return OWN_LENDING
    left = system.equation(equation).left
    assert isinstance(left, Variable)
    return left


def gated_equation(system: System, name: str) -> Equation:
    """The equation with its gate."""
    equation = system.equation(name)
    variable = decided(system, name)
    shut: sp.Expr = held(variable)
    if name in OWN_REPO:
        per_bn = sp.Float(1e-5) * Variable("unit_rate", RATE) / Variable("unit_amount", USD)
        shut = CURVE_SPREAD - per_bn * (OWN_LENDING - held(variable))
    elif name in HEDGE_FUNDS:
        shut = minimum(held(variable), equation.right)
    return replace(equation, right=where(sp.Gt(gate(name), sp.Rational(1, 2)), equation.right, shut))


@lru_cache(maxsize=4)
def gated_system(system: System) -> System:
    """The economy with a gate in front of every financier's decisions."""
    equations = tuple(gated_equation(system, name) for name in GATED)
    given = [Variable("unit_rate", RATE), Variable("unit_amount", USD)]
    for name in GATED:
        given += [gate(name), held(decided(system, name))]
    changed = system.replace(*equations)
    return replace(changed, name=f"{system.name} with gates", exogenous=(*changed.exogenous, *given))


def gated_inputs(base: Inputs, path: Mapping[str, np.ndarray], shut: Iterable[str], *, opening: bool) -> Inputs:
    """Inputs in which some decisions are held: at the opening's value, or at the path.

    Parameters
    ----------
    base
        Inputs of the economy without gates.
    path
        Its solution.
    shut
        Names of equations.
    opening
        True holds stocks as they were in the opening and purchases at zero; False holds the path's decisions.
    """
    system = gated_system(base.system)
    closed = frozenset(shut)
    count = len(base.dates)
    exogenous = dict(base.exogenous)
    exogenous |= {"unit_rate": np.ones(count), "unit_amount": np.ones(count)}
    for name in GATED:
        variable = decided(base.system, name)
        exogenous[gate(name).base] = np.full(count, 0.0 if name in closed else 1.0)
        series = np.array(path[variable.base], dtype=np.float64)
        if opening:
            series = np.full(count, _opening_value(name, variable, path))
        elif not np.isfinite(series[0]):
            series[0] = series[1]
        exogenous[held(variable).base] = series
    return Inputs(system, base.opening, base.parameters, exogenous, base.dates)


def _opening_value(name: str, variable: Variable, path: Mapping[str, np.ndarray]) -> float:
    """A decision's value when nothing is added to what was there in the opening."""
    if name in FED_PURCHASES:
        return 0.0
    if variable.base.startswith("demand_"):
        instrument, _, holder = variable.base.removeprefix("demand_").partition("__")
        return float(path[f"{instrument}__treasury__{holder}__face"][0])
    if name == "futures_demand":
        return float(path["hf_basis_leg"][0])
    if variable == OWN_LENDING:
        cells = ("repo_dvp__hedge_funds__banks", "repo_dvp__rest_of_world__banks")
        taken = ("repo_triparty__banks__mmf", "repo_triparty__banks__private", "srf__banks__fed")
        return float(sum(path[c][0] for c in cells) - sum(path[c][0] for c in taken))
    return float(path[variable.base][0])
