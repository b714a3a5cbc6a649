"""The strict limit of the overnight market: no dispersion of rates, no tail, no smoothing."""

from __future__ import annotations

import numpy as np

from model.periods.path import Path
from tests.economy.laboratory import Experiment, experiment

STRICT = {
    "floor_width": 0.0,
    "srf_width": 0.0,
    "mmf_left_over_width": 0.0,
    "on_rrp_tail_size": 0.0,
    "on_rrp_period_end": 0.0,
    "on_rrp_quarter_end": 0.0,
    "ceiling_width": 0.0,
}
CASH = 1e-6
"""USD bn below which a facility counts as unused."""
PRICE = 1e-12
"""Rates are equal to this, decimals per year."""


def drained(**changed: float) -> Path:
    """Four years from the end of 2021 in the strict limit: the floor, a run-off without purchases, then a hoard of the Treasury."""
    setting = experiment(208, "weekly", "2021-12-31", False, False).changed(**STRICT, **changed)
    hoard = np.where(np.arange(setting.periods + 1) < 150, 0.0, 12000.0)
    return setting.given(rmp_on=0.0, qt_cap_treasury=2000.0, qt_cap_agency=1000.0, issuance_surprise=hoard).run()


def pressed(setting: Experiment, cash: float) -> Experiment:
    """With the Treasury hoarding cash and no purchases by the desk: scarcity."""
    return setting.changed(tga_floor=cash).given(rmp_on=0.0)
