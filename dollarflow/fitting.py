"""Parameters fitted to a whole path: least squares between a simulation and observed figures, with the path's exact derivatives.

A parameter moves a path by two ways: through the equations, and through what the opening determines (anchored parameters and states put
behavioural curves through the opening point, see :mod:`equations.anchors`). ``anchors="follow"`` takes both: every trial is what
:func:`dollarflow.simulate` gives for it, and the derivative is the total one, the path's exact derivatives by all inputs times the inputs'
own derivatives by the parameter (central differences of the anchors' formulas; nothing is solved for them). ``anchors="held"``
keeps everything else as it is at the start: the partial derivative, as ``dollarflow sensitivities`` prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from calibration.estimation.fitting import scores_covariance
from dollarflow.attribution.first_order import changes
from dollarflow.attribution.runs import Inputs
from dollarflow.errors import BadInput
from dollarflow.importance import usual_bounds
from dollarflow.simulation import prepared
from dollarflow.state import Given, State
from equations.anchors import AnchorError
from model.compiler.program import Floats
from model.derivatives.sensitivities import Direction, Sensitivities
from model.language.system import System, nearest
from model.periods.failure import SolveFailure
from model.periods.inputs import InputError
from model.periods.path import Path
from model.scenarios.scenario import Scenario

Anchors = Literal["follow", "held"]
Observed = Mapping[str, Mapping[date | str, float]]
STEP = 1e-5
"""Relative step of the central differences of anchors' formulas."""
TRIALS = 200
REJECTED = 1e6
"""Residual of a trial without solution: the search steps back from it."""


@dataclass(frozen=True)
class Fitted:
    """What :func:`fit` found.

    Parameters
    ----------
    values, errors
        Estimates, and standard errors that allow for serial correlation (Newey and West 1987) and for priors.
    condition
        Condition number of the scaled normal matrix of the data alone: above 1000 some combination is not identified.
    residuals
        Observed less simulated, by variable and date, in the variable's unit.
    rmse, before
        Root mean squared residual by variable, at the estimates and at the start.
    at_bound
        Parameters on a bound: their errors mean little.
    jacobian
        Derivatives of the simulated figures by the parameters, shape (figures, parameters), in the order of ``residuals``.
    path
        The path at the estimates.
    solutions
        How many times the model was solved.
    """

    values: Mapping[str, float]
    errors: Mapping[str, float]
    condition: float
    residuals: Mapping[str, Mapping[date, float]]
    rmse: Mapping[str, float]
    before: Mapping[str, float]
    at_bound: tuple[str, ...]
    jacobian: Floats
    path: Path
    solutions: int

    def __str__(self) -> str:
        lines = [f"{'parameter':28s}{'estimate':>14s}{'std. error':>14s}"]
        marks = dict.fromkeys(self.at_bound, "  at a bound")
        lines += [f"{name:28s}{value:14.6g}{self.errors[name]:14.3g}{marks.get(name, '')}" for name, value in self.values.items()]
        lines += [f"{name}: rmse {self.before[name]:.4g} -> {self.rmse[name]:.4g}" for name in self.rmse]
        return "\n".join([*lines, f"condition number {self.condition:.3g}; solved {self.solutions} times"])


def fit(
    system: System,
    opening: State,
    observed: Observed,
    parameters: Mapping[str, float | None] | tuple[str, ...] | list[str],
    scenario: Scenario | None = None,
    *,
    periods: int | None = None,
    clock: str | None = None,
    exogenous: Given | None = None,
    priors: Mapping[str, tuple[float, float]] | None = None,
    deviations: Mapping[str, float] | None = None,
    anchors: Anchors = "follow",
    lags: int = 10,
) -> Fitted:
    """The values of named parameters with which the simulated path is nearest to observed figures.

    Minimises Σ ((simulated - observed) / deviation)² + Σ ((parameter - prior) / its deviation)² within the parameters' declared bounds
    (calibration's range, and what the system admits).

    Parameters
    ----------
    system, opening, scenario, periods, clock, exogenous
        As for :func:`dollarflow.simulate`.
    observed
        Figures by variable and date of the path, in the variable's unit.
    parameters
        Names, or first guesses by name (None for the present value).
    priors
        Mean and standard deviation by parameter.
    deviations
        Standard deviation of a figure by variable; without it the root mean squared residual at the start.
    anchors
        Whether what the opening determines follows the parameters, see the module.
    lags
        Periods of serial correlation that the standard errors allow for.

    Raises
    ------
    BadInput
        An unknown name, a figure on no date of the path, a parameter that has a dated path, or neither data nor prior for a combination.
    SolveFailure
        The path at the first guess has no solution.
    """
    from scipy.optimize import least_squares

    def simulated(values: Mapping[str, float]) -> Inputs:
        given = prepared(system, opening, scenario, periods=periods, clock=clock, parameters=values, exogenous=exogenous)
        count = len(given.grid.dates)
        numbers = {name: np.full(count, value) for name, value in given.parameters.items()} | dict(given.parameter_paths)
        paths = {name: given.exogenous.get(name, np.zeros(count)) for name in given.system.given}
        return Inputs(given.system, given.opening, numbers, paths, given.grid.dates)

    first = simulated({})
    guesses = _guesses(parameters, first)
    search = _Search(first, guesses, observed, priors or {}, simulated if anchors == "follow" else None)
    search.begin(deviations or {})
    found = least_squares(
        search.gaps,
        search.start,
        jac=search.slopes,
        bounds=search.bounds,
        x_scale=search.scale,
        xtol=1e-10,
        ftol=1e-12,
        gtol=1e-12,
        max_nfev=TRIALS,
    )
    return search.result(np.asarray(found.x, dtype=np.float64), lags)


def _guesses(parameters: Mapping[str, float | None] | tuple[str, ...] | list[str], first: Inputs) -> dict[str, float]:
    given: Mapping[str, float | None] = parameters if isinstance(parameters, Mapping) else dict.fromkeys(parameters)
    if not given:
        raise BadInput("no parameter is named to be fitted")
    found = {}
    for name, guess in given.items():
        if name not in first.parameters:
            raise BadInput(f"no parameter is named {name!r}{nearest(name, first.parameters)}")
        series = first.parameters[name]
        if np.ptp(series) > 0.0:
            raise BadInput(f"parameter {name!r} follows a dated path, so no single value of it can be fitted")
        found[name] = float(series[0]) if guess is None else float(guess)
    return found


class _Search:
    def __init__(
        self,
        first: Inputs,
        guesses: Mapping[str, float],
        observed: Observed,
        priors: Mapping[str, tuple[float, float]],
        follow: Callable[[Mapping[str, float]], Inputs] | None,
    ) -> None:
        self.first, self.names, self.follow = first, list(guesses), follow
        self.places: list[tuple[str, int]] = []
        figures = []
        for variable, series in observed.items():
            if variable not in first.system.unknowns:
                raise BadInput(f"{variable!r} is not solved for{nearest(variable, first.system.unknowns)}")
            for day, value in series.items():
                self.places.append((variable, _period(first.dates, day, variable)))
                figures.append(float(value))
        if not figures or not np.isfinite(figures).all():
            raise BadInput("observed figures must be finite numbers, one at least")
        self.observed = np.array(figures)
        strange = [name for name in priors if name not in guesses]
        if strange:
            raise BadInput(f"the prior of {strange[0]!r} is for no parameter that is fitted{nearest(strange[0], guesses)}")
        self.mean = np.array([priors.get(name, (0.0, np.inf))[0] for name in self.names])
        self.precision = np.array([1.0 / priors[name][1] if name in priors else 0.0 for name in self.names])
        self.bounds = _bounds(first.system, self.names)
        self.start = np.array([*guesses.values()])
        for name, value, low, high in zip(self.names, self.start, *self.bounds, strict=True):
            if not low <= value <= high:
                raise BadInput(f"the first guess of {name!r}, {value:g}, is outside its bounds {low:g} to {high:g}")
        width = self.bounds[1] - self.bounds[0]
        self.scale = np.where(np.isfinite(width), width, np.maximum(np.abs(self.start), 1e-6))
        self.weights = np.ones(len(self.places))
        self.solutions = 0
        self.kept: tuple[bytes, Inputs, Path] | None = None

    def begin(self, deviations: Mapping[str, float]) -> None:
        """Solves the first guess and settles the weights."""
        self.residuals_before = self.observed - self.simulated(self.at(self.start)[1])
        variables = np.array([variable for variable, _ in self.places])
        for variable in dict.fromkeys(variables.tolist()):
            own = variables == variable
            usual = float(np.sqrt(np.mean(self.residuals_before[own] ** 2))) or 1.0
            deviation = deviations.get(variable, usual)
            if not deviation > 0.0:
                raise BadInput(f"the deviation of {variable!r} is {deviation:g}; it must be above 0")
            self.weights[own] = 1.0 / deviation

    def inputs(self, theta: Floats) -> Inputs:
        values = dict(zip(self.names, theta.tolist(), strict=True))
        if self.follow is not None:
            return self.follow(values)
        count = len(self.first.dates)
        return replace(self.first, parameters={**self.first.parameters, **{n: np.full(count, v) for n, v in values.items()}})

    def at(self, theta: Floats) -> tuple[Inputs, Path]:
        key = theta.tobytes()
        if self.kept is None or self.kept[0] != key:
            given = self.inputs(theta)
            self.solutions += 1
            self.kept = (key, given, given.path())
        return self.kept[1:]

    def simulated(self, path: Path) -> Floats:
        return np.array([path[variable][t] for variable, t in self.places])

    def gaps(self, theta: Floats) -> Floats:
        try:
            path = self.at(theta)[1]
        except (SolveFailure, AnchorError, InputError):
            return np.full(len(self.places) + len(self.names), REJECTED)
        return np.concatenate([(self.simulated(path) - self.observed) * self.weights, (theta - self.mean) * self.precision])

    def slopes(self, theta: Floats) -> Floats:
        return np.vstack([self.jacobian(theta) * self.weights[:, None], np.diag(self.precision)])

    def jacobian(self, theta: Floats) -> Floats:
        """Derivatives of the simulated figures by the parameters."""
        path = self.at(theta)[1]
        moved = Sensitivities(path).tangent(*(self.direction(theta, k) for k in range(len(theta))))
        rows, columns = [t for _, t in self.places], [path.index[variable] for variable, _ in self.places]
        return np.asarray(moved[rows, columns])

    def direction(self, theta: Floats, k: int) -> Direction:
        """What all inputs of the path change by per unit of a parameter."""
        if self.follow is None:
            return Direction(parameters={self.names[k]: 1.0})
        low, high = (bound[k] for bound in self.bounds)
        step = STEP * max(abs(theta[k]), STEP * self.scale[k])
        ends = []
        for place in (max(theta[k] - step, low), min(theta[k] + step, high)):
            trial = theta.copy()
            trial[k] = place
            ends.append((place, self.inputs(trial)))
        (left, before), (right, after) = ends
        total: dict[str, dict[str, Floats]] = {"parameters": {}, "exogenous": {}, "opening": {}}
        for change in dict(changes(before, after)).values():
            for kind, found in total.items():
                found |= {name: np.asarray(value) / (right - left) for name, value in getattr(change, kind).items()}
        opened = {name: float(value) for name, value in total["opening"].items()}
        return Direction({**total["parameters"], self.names[k]: 1.0}, total["exogenous"], opened)

    def result(self, theta: Floats, lags: int) -> Fitted:
        path = self.at(theta)[1]
        jacobian = self.jacobian(theta)
        residuals = self.observed - self.simulated(path)
        weighted = jacobian * self.weights[:, None]
        data = weighted.T @ weighted
        whole = data + np.diag(self.precision**2)
        size = np.sqrt(np.where(np.diag(whole) > 0, np.diag(whole), 1.0))
        scaled = whole / np.outer(size, size)
        if np.linalg.cond(scaled) > 1e14:
            loose = self.names[int(np.argmax(np.abs(np.linalg.eigh(scaled)[1][:, 0])))]
            raise BadInput(f"neither data nor prior determine {loose!r}; give it a prior or drop it")
        inverse = np.linalg.inv(scaled) / np.outer(size, size)
        periods = sorted({t for _, t in self.places})
        scores = np.zeros((len(periods), len(theta)))
        np.add.at(scores, [periods.index(t) for _, t in self.places], weighted * (residuals * self.weights)[:, None])
        freedom = len(residuals) / max(len(residuals) - len(theta), 1)
        middle = scores_covariance(scores, lags) * freedom + np.diag(self.precision**2)
        errors = np.sqrt(np.maximum(np.diag(inverse @ middle @ inverse), 0.0))
        own = np.sqrt(np.diag(data))
        condition = float(np.linalg.cond(data / np.outer(own, own))) if (own > 0).all() else float("inf")
        near = 1e-6 * self.scale
        bound = np.minimum(theta - self.bounds[0], self.bounds[1] - theta) <= near
        return Fitted(
            dict(zip(self.names, theta.tolist(), strict=True)),
            dict(zip(self.names, errors.tolist(), strict=True)),
            condition,
            {variable: self._dated(residuals, variable) for variable in self._variables},
            self._rmse(residuals),
            self._rmse(self.residuals_before),
            tuple(name for name, there in zip(self.names, bound, strict=True) if there),
            jacobian,
            path,
            self.solutions,
        )

    @property
    def _variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(variable for variable, _ in self.places))

    def _dated(self, residuals: Floats, variable: str) -> dict[date, float]:
        """A variable's residuals by date."""
        return {self.first.dates[t]: float(r) for (name, t), r in zip(self.places, residuals, strict=True) if name == variable}

    def _rmse(self, residuals: Floats) -> dict[str, float]:
        which = np.array([variable for variable, _ in self.places])
        return {v: float(np.sqrt(np.mean(residuals[which == v] ** 2))) for v in self._variables}


def _period(dates: tuple[date, ...], day: date | str, variable: str) -> int:
    try:
        when = date.fromisoformat(day) if isinstance(day, str) else day
        found = dates.index(when)
    except ValueError:
        raise BadInput(f"{variable}: {day} is no date of the path, which has {dates[1]}, {dates[min(2, len(dates) - 1)]}, …") from None
    if not found:
        raise BadInput(f"{variable}: {day} is the opening, which is given; observe later dates")
    return found


def _bounds(system: System, names: list[str]) -> tuple[Floats, Floats]:
    """Calibration's range where it has one, within what the system admits."""
    known, declared = usual_bounds(), {p.name: p for p in system.parameters}
    low, high = [], []
    for name in names:
        usual = known.get(name, (-np.inf, np.inf))
        item = declared[name]
        low.append(max(usual[0], -np.inf if item.lower is None else item.lower))
        high.append(min(usual[1], np.inf if item.upper is None else item.upper))
    return np.array(low), np.array(high)


__all__ = ["Fitted", "fit"]
