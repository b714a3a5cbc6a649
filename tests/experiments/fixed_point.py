"""Foreseen paths by another method: expected capital gains enter demand as given, and rounds make the expected path come true.

A holder who looks ``horizon`` years ahead weighs the premium ``x`` less the loss that its rise brings,
``x(t) - horizon·(x(t+1) - x(t))/dt``. Expectations that come true are a fixed point over whole paths: each round solves the economy with
given expected gains, reads off what the premium would be without them, and finds the foreseen path of a market with that supply by
going backwards from the end, after which the premium stays. The rounds stop when what is expected and what happens agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from dollarflow.experiments.bench import Bench, Floats
from dollarflow.simulation import Simulation
from equations.accounts import FO, PRIVATE, ROW
from equations.anchors import evaluate
from equations.coupons import CLASSES, DEMAND, DISTANCE, slope
from equations.real_side import GDP
from model.scenarios.scenario import Scenario

HOLDERS = (PRIVATE, ROW, FO)
ROUNDS = 40
AGREED = 1e-8
"""Largest distance between what is expected and what happens, decimals per year: a ten-thousandth of a basis point."""


class Disagreement(RuntimeError):
    """Expected and realised paths do not come together."""


@dataclass(frozen=True)
class Foreseen:
    """A simulation whose holders expected its path.

    Parameters
    ----------
    simulation
        The path.
    rounds
        How many paths were solved.
    distance
        Largest distance between the expected gain's premium and the realised one.
    """

    simulation: Simulation
    rounds: int
    distance: float


def foresee(bench: Bench, item: str | Scenario, horizon: float) -> Foreseen:
    """A scenario under expectations that come true.

    Parameters
    ----------
    bench
        Where the rounds are solved.
    item
        The scenario.
    horizon
        Years over which holders weigh capital gains; 0 gives the ordinary path. The class's duration is the theory of an investor who
        cares for the next moment's return.

    Raises
    ------
    Disagreement
        No agreement within the rounds.
    """
    run = bench.run(item)
    numbers = dict(zip(run.path.parameter_names, run.path.parameter_rows[1].tolist(), strict=True))
    slopes = {(k, h): evaluate(sp.sympify(slope(h, k)), numbers, "slope") for k in CLASSES for h in HOLDERS}
    ahead = np.divide(horizon, run["dt"], out=np.zeros_like(run["dt"]), where=run["dt"] > 0)
    gain = np.zeros_like(run["dt"])
    for count in range(1, ROUNDS + 1):
        realised = run[DISTANCE.base]
        distance = float(np.abs(expected_gain(realised, ahead) - gain)[1:].max() / (1.0 + ahead.max()))
        if distance <= AGREED:
            return Foreseen(run, count, distance)
        gain = expected_gain(backward(realised + gain, ahead), ahead)
        added = {f"add__{DEMAND[key].base}": run[GDP.base] * number * gain for key, number in slopes.items()}
        run = bench.run(item, exogenous={name: np.nan_to_num(series) for name, series in added.items()})
    raise Disagreement(f"after {ROUNDS} rounds what is expected and what happens are {distance * 1e4:.2g} bp apart")


def expected_gain(premium: Floats, ahead: Floats) -> Floats:
    """The expected gain in units of premium: what a fall of the premium until the next period is worth; none after the last."""
    following = np.append(premium[1:], premium[-1])
    return np.asarray(np.nan_to_num(ahead * (premium - following)), dtype=np.float64)


def backward(supply: Floats, ahead: Floats) -> Floats:
    """The foreseen premium of a market whose premium without expected gains is given."""
    premium = supply.copy()
    for t in range(len(supply) - 2, 0, -1):
        premium[t] = (supply[t] + ahead[t] * premium[t + 1]) / (1.0 + ahead[t])
    return premium
