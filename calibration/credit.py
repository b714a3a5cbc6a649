"""The Fed's credit beyond its ordinary assets at a quarter-end: repo operations of 2019, emergency lending since March 2023."""

from __future__ import annotations

from datetime import date

import numpy as np

from calibration.newer import Floats, series
from calibration.published import dated, interpolated

OPERATIONS = date(2019, 9, 17)
"""First repo operation of the Fed in a decade; before it all its assets but securities are ordinary ones."""
FACILITIES = date(2020, 3, 12)
"""From here on swaps with central banks and lending beyond banks are among the rest, which no compiled series keeps apart."""
YEAR = 365


def on_wednesdays(name: str, days: list[date]) -> Floats:
    """A weekly series on some days, on the straight line between two Wednesdays."""
    known, values = series(name)
    return np.asarray(np.interp([d.toordinal() for d in days], [d.toordinal() for d in known], values), dtype=np.float64)


def rest_of_assets(days: list[date]) -> Floats:
    """The Fed's assets less its Treasuries and agency securities on some days, USD bn."""
    securities = on_wednesdays("fed_treasuries", days) + interpolated("fed_agency_mbs", days)
    return np.asarray(on_wednesdays("fed_total_assets", days) - securities, dtype=np.float64)


def ordinary_rest() -> float:
    """The mean of the rest on the Wednesdays of the year before the first operation, USD bn."""
    days = [day for day in series("fed_total_assets")[0] if (OPERATIONS - day).days in range(1, YEAR + 1)]
    return float(np.mean(rest_of_assets(days)))


def emergency_credit(day: date) -> tuple[float, str] | None:
    """Credit to banks and dealers beyond the Fed's ordinary assets on a day, USD bn, with its source; None where none is known.

    Examples
    --------
    >>> amount, _ = emergency_credit(date(2023, 3, 31))
    >>> round(amount)
    331
    """
    days, _ = dated("emergency_credit")
    if days[0] < day < days[-1]:
        return float(interpolated("emergency_credit", [day])[0]), "H.4.1: primary credit, BTFP and credit to bridge banks"
    if OPERATIONS <= day < FACILITIES:
        amount = float(rest_of_assets([day])[0]) - ordinary_rest()
        return amount, f"H.4.1: assets but securities, less their mean in the year to {OPERATIONS}: repo operations"
    return None
