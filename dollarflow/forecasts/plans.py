"""Plans: policy rates, purchases, deficits and cash in plain words and units, turned into the model's exogenous paths.

``rmp_purchases`` are the Fed's bill purchases in USD bn a month in place of the model's rule; ``deficit`` is the federal deficit in USD bn
a year without the season of receipts; ``tga`` is the cash balance that the Treasury aims at, USD bn. Every other name is a variable of the
model in its own unit, such as ``rate_lower`` as a decimal. A value holds until the next one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dollarflow.errors import BadInput
from model.periods.path import Path

Floats = NDArray[np.float64]
Dated = Mapping[str, Sequence[tuple[date, float]]]
MONTHS = 12.0
PLAIN = {"rmp_purchases": (0.0, 500.0), "deficit": (-5000.0, 10000.0), "tga": (0.0, 3000.0)}
"""Plain names and the values that they may have."""
RMP, DEFICIT, CASH = PLAIN
SETS = {RMP: ("qe_bills", "rmp_on", "rmp_floor"), DEFICIT: ("add__transfers",), CASH: ("add__tga_target",)}
"""The model's paths that each plain name stands for."""
TRILLIONS = {DEFICIT: 10.0, CASH: 10.0}
"""Sizes in USD bn below which a value that is not 0 was meant in trillions: cash was 23 bn at its lowest in the debt limit of June 2023."""


@dataclass(frozen=True)
class Plan:
    """A caller's paths.

    Parameters
    ----------
    plain
        Dated values of the plain names.
    own
        Dated values of the model's exogenous variables.
    """

    plain: Dated
    own: Dated


def plan_of(paths: Dated, where: str, settings: Collection[str] = ()) -> Plan:
    """The paths of a file, plain names apart and checked.

    Parameters
    ----------
    paths
        Dated values by name.
    where
        What a message names as the place of the file.
    settings
        Names that the caller set to numbers beside it.

    Raises
    ------
    BadInput
        A plain value out of bounds, one that was meant in trillions, or a plain name beside a path that it stands for.
    """
    for name in PLAIN:
        twice = [own for own in SETS[name] if name in paths and (own in paths or own in settings)]
        if twice:
            other = twice[0] if twice[0] in paths else f"--set {twice[0]}"
            raise BadInput(f"{where} {name} sets {', '.join(SETS[name])}; leave out {other}, or {name}")
        low, high = PLAIN[name]
        for day, value in paths.get(name, ()):
            if not low <= value <= high:
                raise BadInput(f"{where} {name} on {day}: {value:g} is out of bounds; allowed: {low:g} to {high:g}")
            if 0 < abs(value) < TRILLIONS.get(name, 0.0):
                meant = f"amounts are USD bn: write {1000 * value:g} for {value:g} tn"
                raise BadInput(f"{where} {name} on {day}: {value:g} bn is hardly meant; {meant}")
    return Plan({k: v for k, v in paths.items() if k in PLAIN}, {k: v for k, v in paths.items() if k not in PLAIN})


def held(path: Sequence[tuple[date, float]], dates: Sequence[date]) -> Floats:
    """A dated path on some dates, each value until the next; nan before the first."""
    days = [day for day, _ in path]
    places = [bisect_right(days, day) - 1 for day in dates]
    return np.array([path[place][1] if place >= 0 else np.nan for place in places])


def purchases(plan: Plan, dates: Sequence[date], given: Mapping[str, Floats]) -> dict[str, Floats]:
    """Bill purchases of a plan as outright purchases, the rule and its announced floor switched off while they are planned."""
    if RMP not in plan.plain:
        return {}
    pace = held(plan.plain[RMP], dates)
    planned = np.isfinite(pace)
    return {
        "qe_bills": np.where(planned, MONTHS * pace, given["qe_bills"]),
        "rmp_on": np.where(planned, 0.0, given["rmp_on"]),
        "rmp_floor": np.where(planned, 0.0, given["rmp_floor"]),
    }


def corrections(plan: Plan, dates: Sequence[date], path: Path, tax_rate: float) -> dict[str, Floats]:
    """What a solved path's transfers and cash target lack of the plan, as additions to them.

    The deficit is purchases, transfers and interest less receipts without their season and less remittances, USD bn per year.

    Parameters
    ----------
    plan, dates
        The plan and the dates of the run.
    path
        The solved path by variable.
    tax_rate
        Receipts over GDP.
    """
    found = {}
    if DEFICIT in plan.plain:
        spent = path["government_purchases"] + path["transfers"] + path["treasury_interest"]
        underlying = spent - tax_rate * path["gdp"] - path["fed_remittance"]
        lacking = held(plan.plain[DEFICIT], dates) - underlying
        found["add__transfers"] = np.where(np.isfinite(lacking), lacking, 0.0)
    if CASH in plan.plain:
        lacking = held(plan.plain[CASH], dates) - path["tga_target"]
        found["add__tga_target"] = np.where(np.isfinite(lacking), lacking, 0.0)
    for series in found.values():
        series[0] = 0.0
    return found
