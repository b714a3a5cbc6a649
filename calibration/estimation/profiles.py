"""Profile likelihoods: how much worse a relation fits when one parameter is held and the others are fitted anew.

Twice the fall of the log posterior is a χ²(1) at the truth where errors are independent; they are not, so that the falls are divided by the
variance that serial correlation adds to the parameter. An interval ends where the scaled fall reaches 3.84. It is open where a bound is
reached first: then the sample and the prior do not close it, whatever the standard error says.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.estimation.expressions import evaluate
from calibration.estimation.fitting import Fit, profile
from calibration.estimation.study import Study

CHI2_95 = 3.84
STEPS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.5, 7.0, 10.0, 14.0)
"""Distances from the estimate, in standard errors, at which the profile is computed on either side."""
FILE = "profiles.csv"
COLUMNS = ("relation", "parameter", "unit", "estimate", "error", "low", "high", "closed", "widened", "points", "falls")


@dataclass(frozen=True)
class Profile:
    """The profile of one parameter, in the units that its relation is fitted in.

    Parameters
    ----------
    points, falls
        Values at which the parameter was held, increasing, and twice the fall of the log posterior, scaled.
    low, high
        Where the scaled fall is 3.84; infinite where a side is open.
    widened
        What serial correlation multiplies the parameter's variance by.
    """

    points: tuple[float, ...]
    falls: tuple[float, ...]
    low: float
    high: float
    widened: float

    @property
    def closed(self) -> bool:
        """Whether the interval ends on both sides."""
        return math.isfinite(self.low) and math.isfinite(self.high)


def naive_error(fit: Fit, name: str) -> float:
    """The parameter's standard error as if errors were independent."""
    places = [item.name for item in fit.relation.unknowns]
    known = {**fit.regressors, **fit.values}
    count = len(fit.observed)
    slopes = np.column_stack(
        [np.broadcast_to(np.asarray(evaluate(d, known), dtype=np.float64), (count,)) for d in fit.relation.derivatives]
    )
    precision = np.array([0.0 if math.isinf(item.deviation) else item.deviation**-2 for item in fit.relation.unknowns])
    inverse = np.linalg.pinv(slopes.T @ slopes / fit.noise**2 + np.diag(precision))
    place = places.index(name)
    return float(np.sqrt(inverse[place, place]))


def profiled(fit: Fit, name: str) -> Profile:
    """The profile of a parameter of a fit."""
    item = next(unknown for unknown in fit.relation.unknowns if unknown.name == name)
    own, error = fit.values[name], fit.errors[name]
    widened = max((error / naive_error(fit, name)) ** 2, 1.0)
    reach = [-step for step in reversed(STEPS)] + list(STEPS)
    points = sorted({float(np.clip(own + step * error, item.lower, item.upper)) for step in reach} - {own})
    falls = profile(fit.relation, name, points, fit.observed, fit.regressors, fit.noise)
    scaled = [max(fall, 0.0) / widened for fall in falls]
    return Profile(tuple(points), tuple(scaled), end(points, scaled, own, -1), end(points, scaled, own, 1), widened)


def end(points: Sequence[float], falls: Sequence[float], centre: float, side: int) -> float:
    """Where a profile reaches the critical value on one side, on the straight line between its points; infinite where it does not."""
    before, fall_before = centre, 0.0
    outward = sorted(((p, f) for p, f in zip(points, falls, strict=True) if side * (p - centre) > 0), key=lambda pair: side * pair[0])
    for point, fall in outward:
        if fall >= CHI2_95:
            part = (CHI2_95 - fall_before) / (fall - fall_before)
            return before + part * (point - before)
        before, fall_before = point, fall
    return side * math.inf


def profiles_csv(studies: Sequence[Study]) -> str:
    """The profile of every parameter of some studies as CSV, in the model's units; points and falls are separated by blanks."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for study in studies:
        for unknown in study.fit.relation.unknowns:
            item, found = study.reported[unknown.name], profiled(study.fit, unknown.name)
            numbers = [f"{item.factor * value:.6g}" for value in (study.fit.values[unknown.name], study.fit.errors[unknown.name])]
            ends = [f"{item.factor * value:.6g}" if math.isfinite(value) else "" for value in (found.low, found.high)]
            points = " ".join(f"{item.factor * point:.5g}" for point in found.points)
            falls = " ".join(f"{fall:.3f}" for fall in found.falls)
            closed = "yes" if found.closed else "no"
            writer.writerow([study.name, item.parameter, item.unit, *numbers, *ends, closed, f"{found.widened:.3g}", points, falls])
    return stream.getvalue()
