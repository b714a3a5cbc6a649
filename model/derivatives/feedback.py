"""A feedback rule whose coefficients minimise a quadratic loss: the rule is an equation, its coefficients are parameters.

Gauss-Newton's derivatives are exact (:mod:`model.derivatives.sensitivities`), and the model is solved in full for every set of
coefficients tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import sympy as sp

from model.compiler.program import Floats
from model.derivatives.sensitivities import Direction, Sensitivities
from model.language.equation import Equation
from model.language.names import nearest
from model.language.symbols import Parameter, Variable, maximum, minimum
from model.language.system import System
from model.language.units import ONE
from model.periods.failure import SolveFailure
from model.periods.path import Path

EVALUATIONS = 30
HOPELESS = 1e6
"""Loss residual of coefficients for which the model has no solution."""


@dataclass(frozen=True)
class Term:
    """One term of a rule, ``coefficient·(variable(-lag) - reference)``, the coefficient within bounds."""

    variable: str
    reference: float
    lag: int = 1
    start: float = 0.0
    lower: float = -np.inf
    upper: float = np.inf


@dataclass(frozen=True)
class Loss:
    """A quadratic loss: Σ over periods of (weight·(variable - wanted))², wanted by period."""

    variable: str
    periods: tuple[int, ...]
    wanted: Floats
    weight: float


@dataclass(frozen=True)
class Ruled:
    """The best rule found.

    Parameters
    ----------
    path
        Its path, of the system with the rule.
    coefficients
        One for each term.
    loss, before
        The loss with it, and with all coefficients zero.
    settled
        Whether the search ended at a minimum.
    evaluations
        How many times the model was solved.
    """

    path: Path
    coefficients: Floats
    loss: float
    before: float
    settled: bool
    evaluations: int


def coefficient(number: int) -> str:
    """Name of a term's coefficient."""
    return f"rule_coefficient_{number + 1}"


def planned(instrument: str) -> str:
    """Name of the instrument's path before the rule."""
    return f"planned__{instrument}"


def with_rule(
    system: System,
    instrument: str,
    terms: tuple[Term, ...],
    active: str = "rule_on",
    bounds: tuple[float | None, float | None] = (None, None),
) -> System:
    """The system in which an exogenous variable follows its plan and, where ``active`` is 1, a rule.

    An add-factor cannot be solved for: its equation takes the rule's variable as one more term.
    """
    base = system.add_factors.get(instrument) or system.variables[instrument]
    plan = Variable(planned(instrument), base.unit, f"planned path of {instrument}")
    switch = Variable(active, ONE, "1 while the rule is followed, 0 otherwise")
    reaction: sp.Expr = plan
    for k, term in enumerate(terms):
        if term.variable not in system.variables:
            raise ValueError(f"no variable is named {term.variable!r}{nearest(term.variable, system.variables)}")
        seen = system.variables[term.variable]
        slope = Parameter(coefficient(k), base.unit / seen.unit, f"reaction of {instrument} to {term.variable}")
        reaction = reaction + switch * slope * (seen(-term.lag) - term.reference)
    low, high = bounds
    if low is not None:
        reaction = maximum(reaction, sp.Float(low))
    if high is not None:
        reaction = minimum(reaction, sp.Float(high))
    label = "the instrument follows its plan and reacts to what was seen"
    if instrument not in system.add_factors:
        kept = tuple(v for v in system.exogenous if v.base != instrument)
        rule = Equation("rule", base, reaction, label, kind="definition")
        return replace(system, equations=(*system.equations, rule), exogenous=(*kept, plan, switch))
    owner = next(e for e in system.equations if e.add_factor == base)
    moved = Variable(f"rule__{owner.name}", base.unit, f"what the rule adds to {owner.name}")
    rule = Equation("rule", moved, reaction, label, kind="definition")
    changed = system.replace(replace(owner, right=owner.right + moved))
    return replace(changed, equations=(*changed.equations, rule), exogenous=(*changed.exogenous, plan, switch))


def best_rule(terms: tuple[Term, ...], losses: tuple[Loss, ...], solve: Callable[[Floats], Path]) -> Ruled:
    """The coefficients that minimise the losses.

    Parameters
    ----------
    solve
        The path for given coefficients.
    """
    from scipy.optimize import least_squares

    known: dict[bytes, Path | None] = {}

    def path_of(c: Floats) -> Path | None:
        key = np.asarray(c, dtype=np.float64).tobytes()
        if key not in known:
            try:
                known[key] = solve(np.asarray(c, dtype=np.float64))
            except SolveFailure:
                known[key] = None
        return known[key]

    def residuals(c: Floats) -> Floats:
        path = path_of(c)
        if path is None:
            return np.full(sum(len(item.periods) for item in losses), HOPELESS)
        return np.concatenate([item.weight * (path[item.variable][list(item.periods)] - item.wanted) for item in losses])

    def slopes(c: Floats) -> Floats:
        path = path_of(c)
        assert path is not None
        moved = Sensitivities(path).tangent(*(Direction(parameters={coefficient(k): 1.0}) for k in range(len(terms))))
        return np.concatenate([item.weight * moved[list(item.periods), path.index[item.variable]] for item in losses])

    start = np.array([t.start for t in terms])
    bounds = np.array([t.lower for t in terms]), np.array([t.upper for t in terms])
    found = least_squares(
        residuals, np.clip(start, *bounds), jac=slopes, bounds=bounds, x_scale="jac", max_nfev=EVALUATIONS, ftol=1e-9, xtol=1e-9, gtol=1e-9
    )
    path = path_of(found.x)
    if path is None:
        raise ValueError("the model has no solution with the coefficients that the search starts from")
    before = residuals(np.zeros(len(terms)))
    total = float(residuals(found.x) @ residuals(found.x))
    return Ruled(path, np.asarray(found.x), total, float(before @ before), bool(found.status > 0), len(known))
