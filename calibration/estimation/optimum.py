"""The least sum of squares within bounds, to rounding: a search from several starts, then Newton steps with exact derivatives.

A trust-region search ends where the sum of squares no longer falls, which leaves the parameters known to the square root of the rounding
error and different on every processor. The gradient still changes there. Newton's method on it, with the exact second derivatives and with
parameters held on their bounds while they press against them, ends where its steps are rounding themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import sympy as sp
from scipy.optimize import least_squares

from calibration.estimation.expressions import Floats, evaluate

TOLERANCE = 1e-12
EVALUATIONS = 2000
SETTLED = 1e-13
"""A Newton step over the size of the parameters that counts as rounding."""
ROUNDED = 1e-10
"""A Newton step that counts as rounding where it is no smaller than half of the one before."""
NEAR = 1e-6
"""A step from which on it is taken whole: the sum of squares itself no longer tells better from worse."""
NEWTON_STEPS = 60
HALVINGS = 30
PRESSED = 1e-2
"""Distance from a bound, in standard errors, within which a gradient that points over it puts a parameter on it."""
PINNINGS = 10
DAMPING = 1e-10
"""Part of the diagonal that is added where second derivatives are not positive definite: a direction that moves nothing is not gone."""


class NotSettled(ValueError):
    """A sum of squares whose minimum Newton steps do not reach to rounding: some combination of parameters moves it too little."""


@cache
def first_derivative(expression: sp.Expr, name: str) -> sp.Expr:
    """The derivative of a curve by one of its parameters."""
    return sp.diff(expression, sp.Symbol(name))


@cache
def second_derivative(expression: sp.Expr, one: str, other: str) -> sp.Expr:
    """The second derivative of a curve by two of its parameters, or twice by one."""
    return sp.diff(first_derivative(expression, one), sp.Symbol(other))


@dataclass(frozen=True)
class Squares:
    """A sum of squares: of a curve's distance from a sample over its noise, and of parameters' distance from their priors.

    Parameters
    ----------
    name
        What is explained.
    expression
        The curve in the symbols of parameters and regressors.
    names
        The k parameters.
    observed, regressors
        The sample, shape (n,) each; a regressor may be one number.
    lower, upper
        Bounds, shape (k,).
    prior, weight
        Prior means and one over their deviations, 0 without a prior; shape (k,).
    noise
        Standard deviation of the distance from the curve.
    """

    name: str
    expression: sp.Expr
    names: tuple[str, ...]
    observed: Floats
    regressors: Mapping[str, Floats | float]
    lower: Floats
    upper: Floats
    prior: Floats
    weight: Floats
    noise: float

    def _at(self, expression: sp.Expr, theta: Floats) -> Floats:
        values = {**self.regressors, **dict(zip(self.names, theta.tolist(), strict=True))}
        return np.broadcast_to(np.asarray(evaluate(expression, values), dtype=np.float64), (len(self.observed),))

    def curve(self, theta: Floats) -> Floats:
        """The explained variable, shape (n,)."""
        return self._at(self.expression, theta)

    def slopes(self, theta: Floats) -> Floats:
        """The curve's derivatives by the parameters, shape (n, k)."""
        return np.column_stack([self._at(first_derivative(self.expression, name), theta) for name in self.names])

    def gaps(self, theta: Floats) -> Floats:
        """What is squared and summed, shape (n + k,)."""
        return np.concatenate([(self.curve(theta) - self.observed) / self.noise, (theta - self.prior) * self.weight])

    def gap_slopes(self, theta: Floats) -> Floats:
        """Derivatives of :meth:`gaps`, shape (n + k, k)."""
        return np.vstack([self.slopes(theta) / self.noise, np.diag(self.weight)])

    def total(self, theta: Floats) -> float:
        """Half the sum."""
        return 0.5 * float(np.sum(self.gaps(theta) ** 2))

    def curvature(self, theta: Floats) -> Floats:
        """What the curve's bend adds to the second derivatives of half the sum, shape (k, k)."""
        over = (self.curve(theta) - self.observed) / self.noise**2
        found = np.zeros((len(self.names), len(self.names)))
        for row, one in enumerate(self.names):
            for column, other in enumerate(self.names[: row + 1]):
                bend = second_derivative(self.expression, one, other)
                if not bend.is_zero:
                    found[row, column] = found[column, row] = float(np.sum(over * self._at(bend, theta)))
        return found


def minimum(squares: Squares, starts: Sequence[Floats], near: Floats) -> Floats:
    """Where a sum of squares is least, to rounding.

    Parameters
    ----------
    squares
        The sum.
    starts
        Points that the search begins from, shape (k,) each: curves with a bend have several local minima.
    near
        Typical sizes of the parameters, shape (k,).

    Raises
    ------
    NotSettled
        Newton steps that do not shrink to rounding.
    """
    found = min((search(squares, np.clip(start, squares.lower, squares.upper), near) for start in starts), key=squares.total)
    return settled(squares, found)


def search(squares: Squares, start: Floats, near: Floats) -> Floats:
    """A local minimum by a trust-region search within the bounds."""
    found = least_squares(
        squares.gaps,
        start,
        jac=squares.gap_slopes,
        bounds=(squares.lower, squares.upper),
        x_scale=near,
        xtol=TOLERANCE,
        ftol=TOLERANCE,
        gtol=TOLERANCE,
        max_nfev=EVALUATIONS,
    )
    return np.asarray(found.x, dtype=np.float64)


def settled(squares: Squares, theta: Floats) -> Floats:
    """A minimum improved by Newton steps within the bounds until they are rounding; a parameter that presses on a bound lies exactly on it.

    Raises
    ------
    NotSettled
        As :func:`minimum`.
    """
    theta, before = on_bounds(squares, theta), np.inf
    for _ in range(NEWTON_STEPS):
        jacobian = squares.gap_slopes(theta)
        normal, gradient = jacobian.T @ jacobian, jacobian.T @ squares.gaps(theta)
        scale = 1.0 / np.sqrt(np.where(np.diag(normal) > 0, np.diag(normal), 1.0))
        bound = np.where(gradient > 0, squares.lower, squares.upper)
        pressed = np.abs(bound - theta) <= scale * np.minimum(np.abs(scale * gradient), PRESSED)
        free = np.flatnonzero(~pressed)
        units, within = np.outer(scale[free], scale[free]), np.ix_(free, free)
        curved = definite(normal[within] * units, squares.curvature(theta)[within] * units)
        step = np.where(pressed, bound - theta, 0.0)
        low, high = ((limit - theta)[free] / scale[free] for limit in (squares.lower, squares.upper))
        step[free] = scale[free] * box_step(curved, (scale * gradient)[free], low, high)
        ahead = on_bounds(squares, np.clip(theta + step, squares.lower, squares.upper))
        size = float(np.max(np.abs(ahead - theta) / np.maximum(np.abs(theta), scale)))
        if size <= SETTLED or before / 2 < size <= ROUNDED:
            return ahead if size < before else theta
        theta, before = (ahead if size < NEAR else _not_higher(squares, theta, ahead)), size
    raise NotSettled(f"{squares.name}: Newton steps do not shrink to rounding; the last was {before:.1e} of the parameters")


def definite(normal: Floats, curvature: Floats) -> Floats:
    """Second derivatives of half the sum where they are positive definite, else those of Gauss and Newton; shape (k, k), scaled."""
    try:
        np.linalg.cholesky(normal + curvature)
    except np.linalg.LinAlgError:
        return normal + DAMPING * np.eye(len(normal))
    return normal + curvature


def box_step(curved: Floats, gradient: Floats, low: Floats, high: Floats) -> Floats:
    """The step s within a box at which g's + s'Hs/2 is least, by pinning what leaves the box and releasing what wants back.

    Parameters
    ----------
    curved, gradient
        H, shape (k, k), positive definite, and g, shape (k,).
    low, high
        The box, shape (k,), with zero inside.
    """
    step, pinned = np.zeros(len(gradient)), np.zeros(len(gradient), dtype=bool)
    for _ in range(PINNINGS * len(gradient)):  # none where nothing is free
        free = np.flatnonzero(~pinned)
        step[free] = np.linalg.solve(curved[np.ix_(free, free)], -gradient[free] - curved[np.ix_(free, pinned)] @ step[pinned])
        outside = (step < low) | (step > high)
        if outside.any():
            step, pinned = np.clip(step, low, high), pinned | outside
            continue
        force = gradient + curved @ step
        wants = np.where(pinned, np.where(step <= low, -force, force), -np.inf)
        if not (wants > 0).any():
            break
        pinned[int(np.argmax(wants))] = False
    return step


def on_bounds(squares: Squares, theta: Floats) -> Floats:
    """A point with every parameter that is on a bound but for rounding put exactly there."""
    rounding = SETTLED * (squares.upper - squares.lower)
    at = np.where(theta - squares.lower <= rounding, squares.lower, theta)
    return np.where(squares.upper - at <= rounding, squares.upper, at)


def _not_higher(squares: Squares, theta: Floats, ahead: Floats) -> Floats:
    """The point ahead, or on the way to it, at which the sum of squares is not higher."""
    now = squares.total(theta)
    for halving in range(HALVINGS):
        point = theta + (ahead - theta) * 0.5**halving
        if squares.total(point) <= now * (1 + 1e-12):
            return np.asarray(point, dtype=np.float64)
    return theta
