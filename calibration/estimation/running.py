"""The value that a run uses beside each estimate of the same parameter: its mark, its distance in standard errors, why it was kept."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from calibration.estimation.registry import studies
from calibration.estimation.reserve_demand import SCALE_2019
from calibration.estimation.samples import between, days
from calibration.parameters import BASE, EARLY, read_set

FILE = "running_values.csv"
COLUMNS = ("set", "parameter", "unit", "basis", "running", "relation", "estimate", "error", "in_errors", "reason")
BP = 1e-4
DAYS_BEFORE = 5
PARKING = {
    BASE: ((date(2024, 1, 1), date(2025, 8, 31)), (date(2024, 6, 1), date(2025, 9, 30))),
    EARLY: ((date(2018, 4, 1), date(2019, 8, 31)), (date(2018, 6, 1), date(2019, 6, 30))),
}
"""First and last day of the month-ends, and of the quarter-ends, on which cash parked at the ON RRP is measured."""
AUTUMN = (date(2025, 10, 1), date(2025, 11, 30))

TAKEN = "within a standard error"
CURVE = (
    "slope and threshold trade off: the run counts on steeper ground below 2,900 bn, where the sample has few days; between 2,850 and "
    "3,300 bn both curves agree to 3 bp, and forecast bands draw among several curves"
)
FUNDS_RATE = (
    "the estimate identifies combinations only, and its deposits have the wrong sign; the run keeps the signs of theory and the "
    "three yearly points"
)
OWN_CURVE = "measured on the run's own curve, of which it is a part; a flatter curve needs more withheld cash for the same rise"
EARLY_CURVE = "about two standard errors or less: the estimate's sample is 2018 and 2019, the run's the days of 2019 alone"
EARLY_DRAIN = "dates of 2019 alone, on the run's own curve; the estimate has those of 2018, when cash was more abundant, as well"
OF_BASE = {
    **dict.fromkeys(("curve_level", "curve_slope", "curve_width", "curve_threshold"), CURVE),
    **dict.fromkeys(("effr_level", "effr_reserves", "effr_deposits"), FUNDS_RATE),
    **dict.fromkeys(("srf_slope", "srf_width", "deposit_beta_target", "deposit_beta_speed", "on_rrp_tail_size"), TAKEN),
    **dict.fromkeys(("on_rrp_period_end", "on_rrp_quarter_end", "sofr_volatility_normal"), TAKEN),
    **dict.fromkeys(("period_end_drain", "quarter_end_drain"), OWN_CURVE),
    "on_rrp_tail_decay": "an earlier fit of the same days; samples by year, 5.9 and 10.1 bp, differ from each other by more",
    "wedge_slope": "the upper end of normal days, as in 2025; the mean of 2024 is half as large",
    "period_end_wedge": "for tight month-ends, 7 to 13 bp in all with the ordinary wedge; the mean counts calm ones too",
    "mmf_bills_slope": "the regression's sign is that of supply: a prior from the literature, range 10 to 140",
    "bank_treasury_yield": "the prior's mean, within a standard error",
    "bank_treasury_speed": "that of 2018 to 2021, so that backtests from the end of 2021 know it; 2022 to 2025 give 0.38",
    "gamma": "mid-range of the literature, within a standard error; in quarterly changes recessions move supply and yields together",
}
OF_EARLY = {
    **dict.fromkeys(("curve_level", "curve_slope", "curve_width", "curve_threshold"), EARLY_CURVE),
    **dict.fromkeys(("period_end_drain", "quarter_end_drain"), EARLY_DRAIN),
    **dict.fromkeys(("on_rrp_period_end", "on_rrp_quarter_end"), TAKEN),
    "cliff_threshold": "fitted to 16 and 17 September 2019 with the run's own curve; the estimate has another curve and the days around, "
    "and its small error takes height and width as known",
}
REASONS = {BASE: OF_BASE, EARLY: OF_EARLY}
"""Why the running value stays where it is, by parameter set and parameter."""

OF_2019 = {
    "cliff_sample_level": ("curve_level", BP),
    "cliff_sample_slope": ("curve_slope", BP * SCALE_2019),
    "cliff_sample_width": ("curve_width", 1 / SCALE_2019),
    "cliff_sample_threshold": ("curve_threshold", 1 / SCALE_2019),
    "cliff_sample_month": ("period_end_drain", 1 / SCALE_2019),
    "cliff_sample_quarter": ("quarter_end_drain", 1 / SCALE_2019),
    "cliff_threshold_2019": ("cliff_threshold", 1 / SCALE_2019),
}
"""Parameters of the set of 2019 by the reported name of their estimate, with the factor to the model's unit and that year's deposits."""


class Beside(NamedTuple):
    """A running value beside its estimate, in the model's unit."""

    set: str
    parameter: str
    unit: str
    basis: str
    running: float
    relation: str
    estimate: float
    error: float

    @property
    def in_errors(self) -> float:
        """Running value less estimate, over the standard error."""
        return (self.running - self.estimate) / self.error

    @property
    def reason(self) -> str:
        """Why the running value was kept."""
        return REASONS[self.set][self.parameter]


def estimates() -> Iterator[tuple[str, str, str, float, float]]:
    """Set, parameter, relation, estimate and standard error of every estimate that a parameter set has a value for."""
    for study in studies():
        for unknown in study.fit.relation.unknowns:
            item = study.reported[unknown.name]
            value, error = study.fit.values[unknown.name], study.fit.errors[unknown.name]
            yield BASE, item.parameter, study.name, item.factor * value, item.factor * error
            if item.parameter in OF_2019:
                name, factor = OF_2019[item.parameter]
                yield EARLY, name, study.name, factor * value, factor * error
    for name in PARKING:
        yield from parking(name)
    ordinary = [day.spread for day in between(*AUTUMN) if not day.month_end and not day.after_end]
    deviation = BP * float(np.std(ordinary))
    yield BASE, "sofr_volatility_normal", "ordinary days of October and November 2025", deviation, deviation / math.sqrt(2 * len(ordinary))


def parking(name: str) -> Iterator[tuple[str, str, str, float, float]]:
    """The mean rise of the ON RRP over the five days before on month-ends, and what quarter-ends add to it, with errors of the means."""
    sample = days()

    def rises(first: date, last: date, quarter: bool) -> tuple[float, float]:
        found = [
            day.on_rrp - float(np.mean([other.on_rrp for other in sample[place - DAYS_BEFORE : place]]))
            for place, day in enumerate(sample)
            if day.month_end and bool(day.quarter_end) == quarter and first <= day.date <= last
        ]
        return float(np.mean(found)), float(np.std(found, ddof=1) / math.sqrt(len(found)))

    months, quarters = PARKING[name]
    month, month_error = rises(*months, quarter=False)
    quarter, quarter_error = rises(*quarters, quarter=True)
    yield name, "on_rrp_period_end", f"month-ends {months[0]} to {months[1]}", month, month_error
    error = math.hypot(quarter_error, month_error)
    yield name, "on_rrp_quarter_end", f"quarter-ends {quarters[0]} to {quarters[1]}", quarter - month, error


def beside() -> tuple[Beside, ...]:
    """Every estimate with the value that runs, in the order of the relations."""
    sets = {name: read_set(name) for name in (BASE, EARLY)}
    found = []
    for name, parameter, relation, value, error in estimates():
        if parameter in sets[name]:
            own = sets[name][parameter]
            found.append(Beside(name, parameter, own.unit, own.basis, own.value, relation, value, error))
    return tuple(found)


def running_csv() -> str:
    """The table of running values and estimates as CSV, to six digits; the committed ``data/running_values.csv`` is this text.

    Distances are differences of nearly equal numbers where an estimate was taken over, and are written to hundredths.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in beside():
        numbers = (f"{row.estimate:.6g}", f"{row.error:.6g}", f"{row.in_errors:.2f}")
        writer.writerow([row.set, row.parameter, row.unit, row.basis, f"{row.running:.6g}", row.relation, *numbers, row.reason])
    return stream.getvalue()


def running_text() -> str:
    """What runs beside each estimate and why, for reading."""
    lines = ["what runs beside the estimates, its distance in standard errors, and why it was kept:"]
    for row in beside():
        name = row.parameter if row.set == BASE else f"{row.parameter} (2019)"
        lines.append(f"{name:<28} {row.running:>12.5g} {row.basis:<10} {row.in_errors:>7.1f}  {row.reason}")
    return "\n".join(lines)
