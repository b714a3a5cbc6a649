"""Expected against computed: a scenario's expectations evaluated as differences from its baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dollarflow.simulation import Simulation
from model.scenario import Expectation

SCALES = {"bn": 1.0, "bp": 1e4, "pp": 1e2}
NOTHING = {"bn": 1e-3, "bp": 1e-3, "pp": 1e-5, "%": 1e-5, None: 1e-7}
"""Size, by the expectation's unit, below which a difference counts as none."""


@dataclass(frozen=True)
class Outcome:
    """An expectation and what came of it.

    Parameters
    ----------
    expectation
        What was expected.
    computed
        The difference from the baseline, in the expectation's unit.
    passed
        True where sign and bounds hold.
    """

    expectation: Expectation
    computed: float
    passed: bool

    def __str__(self) -> str:
        word = "as expected" if self.passed else "NOT as expected"
        return f"{self.expectation}: computed {self.computed:+.4g} {self.expectation.unit or ''}".rstrip() + f", {word}"


def outcomes(base: Simulation, changed: Simulation) -> tuple[Outcome, ...]:
    """Every expectation of the changed simulation's scenario, on the dates of both.

    Raises
    ------
    ValueError
        Different dates, or an expectation outside them.
    """
    if base.dates != changed.dates:
        raise ValueError("the two simulations have different dates")
    return tuple(_outcome(item, base, changed) for item in changed.scenario.expect)


def _outcome(item: Expectation, base: Simulation, changed: Simulation) -> Outcome:
    periods = window(item, changed)
    before, after = base[item.variable][periods], changed[item.variable][periods]
    if item.unit == "%":
        computed = float(np.mean(after / before - 1) * 100)
    else:
        computed = float(np.mean(after - before)) * SCALES.get(item.unit or "", 1.0)
    least = NOTHING[item.unit]
    signs = {"+": computed > least, "-": computed < -least, "0": abs(computed) <= least, None: True}
    within = (item.low is None or computed >= item.low) and (item.high is None or computed <= item.high)
    return Outcome(item, computed, signs[item.sign] and within)


def window(item: Expectation, run: Simulation) -> slice:
    """The periods that an expectation speaks of: those whose dates lie in its window, or the one that ends on or after its date."""
    if item.date is not None:
        period = run.path.period(item.date)
        return slice(period, period + 1)
    if item.start is None and item.end is None:
        return slice(run.path.periods, run.path.periods + 1)
    first = 1 if item.start is None else run.path.period(item.start)
    last = run.path.periods if item.end is None else run.path.period(item.end)
    return slice(first, last + 1)
