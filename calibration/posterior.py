"""How well balancing knows a cell.

With figures M x = y of deviations s and identities A x = b, x is normal round the balanced solution with covariance
F (F'M'S⁻²MF)⁻¹F', F a basis of the null space of A: what the identities leave free, weighted by what the figures say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np

from calibration.balancing import Vector
from calibration.levels import opening_levels
from calibration.newer import cached_in_use
from calibration.opening import UNKNOWNS, WEEK, coefficients, figures, identities, linear_form, opening_balance, opening_dates, prices
from calibration.parameters import load_parameters
from equations.accounts import CHART

RANK = 1e-10


def null_space(constraints: Vector) -> Vector:
    """Orthonormal directions that the identities leave free, shape (n, free)."""
    scale = np.maximum(np.abs(constraints).max(axis=1), 1e-300)
    _, sizes, vt = np.linalg.svd(constraints / scale[:, None])
    rank = int((sizes > RANK * sizes[0]).sum())
    return np.asarray(vt[rank:].T, dtype=np.float64)


def covariance(design: Vector, std: Vector, constraints: Vector) -> Vector:
    """The covariance of the balanced unknowns, shape (n, n)."""
    free = null_space(constraints)
    reduced = (design / std[:, None]) @ free
    _, sizes, vt = np.linalg.svd(reduced, full_matrices=False)
    spread = free @ (vt.T / np.maximum(sizes, RANK * sizes[0]))
    return np.asarray(spread @ spread.T, dtype=np.float64)


@cached_in_use
def deviations(day: date) -> Mapping[str, float]:
    """The posterior standard deviation of every cell's value on a day, USD bn, by the chart's names.

    Raises
    ------
    DataError
        A day without figures.
    """
    found = figures(day)
    levels, parameters = opening_levels(day), load_parameters()
    yields = {"notes": levels["yield_notes"], "bonds": levels["yield_bonds"]}
    weights = prices(WEEK, yields, {"notes": parameters["a_notes"], "bonds": parameters["a_bonds"]})
    rows = []
    for item in found:
        row = linear_form(item.parts, weights, item.figure)
        rows.append(row - item.value * linear_form(item.base, weights, item.figure) if item.base else row)
    design, std = np.array(rows), np.array([item.std_usd_bn for item in found])
    exact = std == 0.0
    spread = covariance(design[~exact], std[~exact], np.vstack([identities(weights), design[exact]]))
    position = {name: place for place, name in enumerate(UNKNOWNS)}
    known = {}
    for cell in CHART.cells():
        form = np.zeros(len(UNKNOWNS))
        for name, weight in coefficients(cell, weights).items():
            form[position[name]] = weight
        known[cell.key] = math.sqrt(max(float(form @ spread @ form), 0.0))
    return known


def cells_csv(days: tuple[date, ...] = ()) -> str:
    """Balanced value and posterior deviation of every cell as CSV, USD bn to a thousandth; of all openings unless some days are named."""
    lines = ["date,cell,value,std"]
    for day in days or opening_dates():
        known = deviations(day)
        lines += [f"{day},{name},{value:.3f},{known[name]:.3f}" for name, value in opening_balance(day).cells.items()]
    return "\n".join(lines) + "\n"
