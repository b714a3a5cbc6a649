"""Openings as files that ``dollarflow run --opening`` reads."""

from __future__ import annotations

from datetime import date

from model.language.accounts import Valuation
from model.language.system import System

HEADER = "variable,value"


def opening_files(days: tuple[date, ...] = ()) -> dict[str, str]:
    """Every opening as CSV by file name, ``2025-12-31.csv``; of some days only where they are named.

    A file holds the cells (face and coupon of coupon securities), the rates and the year's flows of the observations in use; totals and
    whatever else follows from them are left to the run. Numbers are exact to the last bit, so that balance sheets close.
    """
    from calibration.opening import opening_dates
    from equations.dollar_system import dollar_system

    system = dollar_system()
    return {f"{day}.csv": opening_text(system, day) for day in days or opening_dates()}


def opening_text(system: System, day: date) -> str:
    """The opening of one day as CSV."""
    from calibration.state import opening_state
    from dollarflow.own_opening import derived_names
    from dollarflow.state import State

    values = opening_state(day)
    state = State(day, values, calibrated=True)
    chart = system.chart
    assert chart is not None
    bundles = {cell.key for cell in chart.cells() if chart.instrument(cell.instrument).valuation is Valuation.COUPON}
    left = set(derived_names(system, state)) | bundles
    known = set(system.variables)
    rows = [f"{name},{value!r}" for name, value in values.items() if name in known and name not in left]
    return "\n".join([HEADER, f"date,{day}", *rows]) + "\n"
