"""Expected against computed: a scenario's expectations evaluated as differences from its baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dollarflow.attribution.runs import Run
from dollarflow.simulation import Simulation
from model.language.units import FLOW, RATE, USD
from model.scenarios.scenario import Expectation

Floats = NDArray[np.float64]

UNITS = {str(USD): "bn", str(FLOW): "bn a year", str(RATE): "a year"}
"""Units in words, for an expectation that gives none; anything else is a pure number."""
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
    unit
        The variable's unit, which the number has where the expectation gives none.
    """

    expectation: Expectation
    computed: float
    passed: bool
    unit: str = ""

    def __str__(self) -> str:
        if np.isnan(self.computed):
            return f"{self.expectation}: there is no percentage of the baseline, which is 0 there, NOT as expected"
        word = "as expected" if self.passed else "NOT as expected"
        return f"{self.expectation}: computed {self.figure}, {word}"

    @property
    def figure(self) -> str:
        """What was computed with its unit; a rate in basis points, unless the expectation bounds it as a decimal."""
        item = self.expectation
        if not item.unit and self.unit == str(RATE) and item.low is None and item.high is None:
            return f"{self.computed * SCALES['bp']:+.4g} bp"
        return f"{self.computed:+.4g} {item.unit or UNITS.get(self.unit, '')}".rstrip()


def outcomes(base: Simulation, changed: Simulation) -> tuple[Outcome, ...]:
    """Every expectation of the changed simulation's scenario, on the dates of both.

    Raises
    ------
    ValueError
        Different dates, or an expectation outside them.
    """
    if base.dates != changed.dates:
        raise ValueError("the two simulations have different dates")
    last = changed.path.periods
    return tuple(
        _outcome(
            item,
            base[item.variable],
            changed[item.variable],
            periods_of(item, changed.path.period, last),
            str(changed.path.system.variables[item.variable].unit),
        )
        for item in changed.scenario.expect
    )


def checked(base: Run, changed: Run) -> tuple[Outcome | str, ...]:
    """Every expectation of the changed run, or why it cannot be told; none where the base is not the scenario that they differ from."""
    if not changed.baseline or changed.baseline != base.scenario:
        return ()
    found: list[Outcome | str] = []
    for item in changed.expected:
        try:
            window = periods_of(item, changed.number, len(changed.dates) - 1)
            before, after = (np.asarray(run.frame[item.variable], dtype=np.float64) for run in (base, changed))
        except ValueError:
            found.append(f"{item}: outside these dates")
        except KeyError:
            found.append(f"{item}: not in both results")
        else:
            found.append(_outcome(item, before, after, window, _unit(changed, item.variable)))
    return tuple(found)


def _unit(run: Run, name: str) -> str:
    return str(run.system.variables[name].unit) if run.system is not None and name in run.system.variables else run.units.get(name, "")


def _outcome(item: Expectation, base: Floats, changed: Floats, periods: slice, unit: str) -> Outcome:
    before, after = base[periods], changed[periods]
    if item.unit == "%":
        computed = float(np.mean(after / before - 1) * 100) if np.all(before != 0.0) else float("nan")
    else:
        computed = float(np.mean(after - before)) * SCALES.get(item.unit or "", 1.0)
    least = NOTHING[item.unit]
    signs = {"+": computed > least, "-": computed < -least, "0": abs(computed) <= least, None: True}
    within = (item.low is None or computed >= item.low) and (item.high is None or computed <= item.high)
    return Outcome(item, computed, signs[item.sign] and within, unit)


def periods_of(item: Expectation, period: Callable[[date], int], last: int) -> slice:
    """The periods that an expectation speaks of: those whose dates lie in its window, or the one that ends on or after its date.

    Parameters
    ----------
    item
        The expectation.
    period
        The period that ends on a date or first after it.
    last
        The last period.
    """
    if item.date is not None:
        found = period(item.date)
        return slice(found, found + 1)
    if item.start is None and item.end is None:
        return slice(last, last + 1)
    first = 1 if item.start is None else period(item.start)
    end = last if item.end is None else period(item.end)
    return slice(first, end + 1)
