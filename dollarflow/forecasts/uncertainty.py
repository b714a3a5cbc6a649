"""What the draws of a forecast vary: the reserve-demand curve, other estimated parameters, and weekly surprises of measured sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from calibration.backtest.noise import Noise
    from calibration.estimation.fitting import Fit
    from calibration.estimation.study import Study

CURVE = "reserve_demand"
SAMPLES = ("2024 to August 2025", "September to December 2025")
"""Samples whose curves stand beside the model's and that of the whole sample: the fit is fragile, and each passes through its own data."""
OTHERS = ("standing_repo", "overnight_reverse_repo", "dealer_wedge", "deposit_rate")
"""Relations that are identified and whose parameters the model has: their standard errors are drawn round the model's values."""
DATED = ("srf_slope", "srf_width", "srf_stigma", "srf_cap")
"""Parameters that policy set on a date: they follow their dated path."""


@dataclass(frozen=True)
class Uncertainty:
    """The sources of a forecast's errors.

    Parameters
    ----------
    curves
        Curves that are drawn with equal weight, by label; None stands for the model's own.
    others
        Standard errors by parameter of the model.
    noises
        Weekly processes by name.
    """

    curves: Mapping[str, Fit | None]
    others: Mapping[str, float]
    noises: Mapping[str, Noise]

    def parameters(self, model: Mapping[str, float], generator: np.random.Generator) -> tuple[str, dict[str, float]]:
        """One draw: the label of the curve, and parameter values over the model's."""
        from calibration.backtest.bands import drawn
        from calibration.parameters import parameter_values

        label = list(self.curves)[int(generator.integers(len(self.curves)))]
        curve = self.curves[label]
        values = {} if curve is None else drawn(curve, generator)
        bounds = parameter_values()
        for name, error in self.others.items():
            low, high = bounds[name].lower, bounds[name].upper
            values[name] = min(max(model[name] + error * float(generator.standard_normal()), low), high)
        values = {name: min(max(value, bounds[name].lower), bounds[name].upper) for name, value in values.items()}
        return label, values


def estimated() -> dict[str, Study]:
    """The studies by name."""
    from calibration.estimation.registry import studies

    return {study.name: study for study in studies()}


@cache
def uncertainty(opening: date) -> Uncertainty:
    """The uncertainty of a forecast from an opening, measured on the two years before it."""
    from calibration.backtest.cash import LAST, cash_noise
    from calibration.backtest.surprises import measured
    from calibration.parameters import load_parameters

    found, model = estimated(), load_parameters()
    whole = found[CURVE]
    curves: dict[str, Fit | None] = {"the model's": None, "whole sample": whole.fit}
    curves |= {label: whole.others[label] for label in SAMPLES}
    others = {
        item.parameter: item.factor * study.fit.errors[name]
        for study in (found[name] for name in OTHERS)
        for name, item in study.reported.items()
        if item.parameter in model and item.parameter not in DATED
    }
    noises = dict(measured(opening))
    if opening > LAST:
        noises["cash"] = cash_noise()
    return Uncertainty(curves, others, noises)
