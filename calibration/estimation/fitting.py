"""Non-linear least squares with exact derivatives, priors as extra rows, and errors that allow for serial correlation.

The sandwich H⁻¹ S H⁻¹ has H from the data and the priors, and S from the data's scores with Bartlett weights (Newey and West 1987)
plus the priors' precision: a parameter on which the data are silent keeps its prior and the prior's standard deviation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from calibration.estimation.expressions import Floats, evaluate
from calibration.estimation.optimum import Squares, first_derivative, minimum

STARTS = (1.0, 0.6, 1.6, 1.15)
"""Multiples of the first guess that the search begins from: curves with a bend have several local minima."""


class NotIdentified(ValueError):
    """A relation whose parameters the sample and the priors together do not determine."""


@dataclass(frozen=True)
class Unknown:
    """A parameter to be estimated, in the units that the relation is fitted in.

    Parameters
    ----------
    name
        Its symbol.
    start, lower, upper
        First guess and bounds.
    prior, deviation
        Prior mean and standard deviation; infinite deviation = no prior.
    """

    name: str
    start: float
    lower: float
    upper: float
    prior: float = 0.0
    deviation: float = float("inf")


@dataclass(frozen=True)
class Relation:
    """A curve: its expression in unknowns and regressors.

    Parameters
    ----------
    name
        What it explains.
    expression
        The explained variable as a sympy expression of the unknowns' and the regressors' symbols.
    unknowns
        The parameters.
    """

    name: str
    expression: sp.Expr
    unknowns: tuple[Unknown, ...]

    @cached_property
    def derivatives(self) -> tuple[sp.Expr, ...]:
        """The expression's derivative by each unknown."""
        return tuple(first_derivative(self.expression, item.name) for item in self.unknowns)


@dataclass(frozen=True)
class Fit:
    """The estimate of a relation on a sample.

    Parameters
    ----------
    relation
        What was fitted.
    values, errors
        Estimates and standard errors by name.
    data_only
        Standard errors as if there were no prior; infinite where the data say nothing.
    observations, rmse
        Size of the sample; root mean squared error in units of the explained variable.
    condition
        Condition number of the scaled normal matrix of the data alone: above 1000 some combination is not identified.
    residuals
        Observed less fitted, shape (n,).
    at_bound
        Names of estimates that lie on a bound: their errors mean little.
    covariance
        Of the estimates, in the order of the relation's unknowns, shape (k, k).
    noise
        Standard deviation of the errors that weighed data against priors, in units of the explained variable.
    observed, regressors
        The sample, shape (n,) each.
    """

    relation: Relation
    values: Mapping[str, float]
    errors: Mapping[str, float]
    data_only: Mapping[str, float]
    observations: int
    rmse: float
    condition: float
    residuals: Floats
    at_bound: tuple[str, ...]
    covariance: Floats
    noise: float
    observed: Floats
    regressors: Mapping[str, Floats | float]

    def predict(self, regressors: Mapping[str, Floats | float]) -> Floats:
        """The explained variable at given regressors."""
        return np.asarray(evaluate(self.relation.expression, {**regressors, **self.values}), dtype=np.float64)

    def informed(self, name: str) -> float:
        """Share of the prior's variance that the data removed: near 0 the data are silent, near 1 they speak; nan without a prior."""
        prior = next(item.deviation for item in self.relation.unknowns if item.name == name)
        return float(1 - (self.errors[name] / prior) ** 2) if np.isfinite(prior) else float("nan")


def scores_covariance(scores: Floats, lags: int) -> Floats:
    """The long-run covariance of a sum of scores, Bartlett weights; scores of shape (n, k)."""
    middle = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle = middle + (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(middle, dtype=np.float64)


def fit(
    relation: Relation, observed: Floats, regressors: Mapping[str, Floats | float], *, lags: int = 10, noise: float | None = None
) -> Fit:
    """The relation's parameters on a sample.

    Parameters
    ----------
    relation
        The curve.
    observed
        The explained variable, shape (n,).
    regressors
        Arrays of the same shape by symbol.
    lags
        Lags of serial correlation that the standard errors allow for.
    noise
        Standard deviation of the errors that weighs data against priors; by default estimated in a first pass.

    Raises
    ------
    NotIdentified
        No sample, or a combination of parameters without data and prior.
    """
    items = relation.unknowns
    count = len(observed)
    if not count:
        raise NotIdentified(f"{relation.name}: the sample is empty")
    lower = np.array([item.lower for item in items])
    upper = np.array([item.upper for item in items])
    start = np.clip([item.start for item in items], lower, upper)
    deviation = np.array([item.deviation for item in items])
    prior = np.array([item.prior for item in items])
    weight = np.where(np.isfinite(deviation), 1.0 / deviation, 0.0)
    names = [item.name for item in items]

    def squares(sigma: float) -> Squares:
        return Squares(relation.name, relation.expression, tuple(names), observed, regressors, lower, upper, prior, weight, sigma)

    def solve(sigma: float, first: Floats) -> Floats:
        return minimum(squares(sigma), [first * factor for factor in STARTS], np.maximum(np.abs(start), 1e-3))

    sigma = noise or float(np.std(observed)) or 1.0
    theta = solve(sigma, start)
    for _ in range(0 if noise else 2):
        distance = squares(sigma).curve(theta) - observed
        sigma = max(float(np.sqrt(np.sum(distance**2) / max(count - len(items), 1))), 1e-12)
        theta = solve(sigma, theta)
    found = squares(sigma)
    jacobian, residuals = found.slopes(theta), observed - found.curve(theta)
    values = dict(zip(names, theta.tolist(), strict=True))
    return Fit(relation, values, *_errors(relation, jacobian, residuals, weight, sigma, lags, theta), sigma, observed, dict(regressors))


def _errors(
    relation: Relation, jacobian: Floats, residuals: Floats, weight: Floats, sigma: float, lags: int, theta: Floats
) -> tuple[dict[str, float], dict[str, float], int, float, float, Floats, tuple[str, ...], Floats]:
    """Standard errors, those of the data alone, and the diagnosis of identification, in the order of :class:`Fit`."""
    items = relation.unknowns
    names = [item.name for item in items]
    data = jacobian.T @ jacobian / sigma**2
    whole = data + np.diag(weight**2)
    scale = np.sqrt(np.where(np.diag(whole) > 0, np.diag(whole), 1.0))
    scaled = whole / np.outer(scale, scale)
    if np.linalg.cond(scaled) > 1e14:
        loose = names[int(np.argmax(np.abs(np.linalg.eigh(scaled)[1][:, 0])))]
        raise NotIdentified(f"{relation.name}: neither data nor prior determine {loose!r}; give it a prior or drop it")
    inverse = np.linalg.inv(scaled) / np.outer(scale, scale)
    middle = scores_covariance(jacobian * residuals[:, None], lags) / sigma**4
    freedom = len(residuals) / max(len(residuals) - len(items), 1)
    covariance = inverse @ (middle * freedom + np.diag(weight**2)) @ inverse
    own = np.sqrt(np.where(np.diag(data) > 0, np.diag(data), 1.0))
    correlation = data / np.outer(own, own)
    condition = float(np.linalg.cond(correlation)) if (np.diag(data) > 0).all() else float("inf")
    alone = np.full(len(items), np.inf)
    if condition < 1e12:
        back = np.linalg.inv(correlation) / np.outer(own, own)
        alone = np.sqrt(np.diag(back @ (middle * freedom) @ back))
    bound = tuple(
        item.name
        for item, value in zip(items, theta.tolist(), strict=True)
        if min(value - item.lower, item.upper - value) <= 1e-6 * (item.upper - item.lower)
    )
    rmse = float(np.sqrt(np.mean(residuals**2)))
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    first = dict(zip(names, errors.tolist(), strict=True))
    return first, dict(zip(names, alone.tolist(), strict=True)), len(residuals), rmse, condition, residuals, bound, covariance


def profile(
    relation: Relation, name: str, points: Sequence[float], observed: Floats, regressors: Mapping[str, Floats | float], noise: float
) -> tuple[float, ...]:
    """Twice the fall of the log posterior when a parameter is held at some points and the others are fitted anew: χ²(1) at the truth."""
    best = _objective(fit(relation, observed, regressors, noise=noise), noise)
    falls = []
    item = next(item for item in relation.unknowns if item.name == name)
    others = Relation(relation.name, relation.expression, tuple(other for other in relation.unknowns if other.name != name))
    for point in points:
        other = _objective(fit(others, observed, {**regressors, name: point}, noise=noise), noise)
        falls.append(other + ((point - item.prior) / item.deviation) ** 2 - best)
    return tuple(falls)


def _objective(found: Fit, noise: float) -> float:
    """Sum of squared scaled residuals of data and priors."""
    own = sum(((found.values[item.name] - item.prior) / item.deviation) ** 2 for item in found.relation.unknowns)
    return float(np.sum(found.residuals**2)) / noise**2 + own
