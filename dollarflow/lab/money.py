"""Who created the M2 of a run: its sources by financier, straight from the path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dollarflow.simulation import Simulation
from equations.accounts import CHART
from equations.money_creation import FINANCIERS

PREFIX = "money_by__"
RETAIL, OUTSIDE = "retail_money_funds", "deposits_outside_m2"


def m2_sources(run: Simulation) -> dict[str, float]:
    """What M2 changed by from the opening to the end, by financier, USD bn.

    Sources of money (J1) by whose balance sheet they are on, what retail money funds add, and what deposits of others than residents
    take away; the sum is the change of M2.
    """
    found = {who: sum(float(run[PREFIX + source][1:].sum()) for source in sources) for who, sources in FINANCIERS.items()}
    funds = total(run, "mmf_shares") * np.asarray(retail_share(run))
    outside = total(run, "deposits") - run["deposits__banks__private"]
    return {**found, RETAIL: float(funds[-1] - funds[0]), OUTSIDE: -float(outside[-1] - outside[0])}


def total(run: Simulation, instrument: str) -> NDArray[np.float64]:
    """An instrument's cells summed, opening included, USD bn."""
    return np.asarray(sum(run[cell.key] for cell in CHART.cells(instrument)), dtype=np.float64)


def retail_share(run: Simulation) -> NDArray[np.float64]:
    """The part of money funds that households hold directly, by period."""
    path = run.path
    return path.parameter_rows[:, path.parameter_names.index("retail_fund_share")]
