"""The numbers: data with sources, balanced opening states, parameter values, the calendar and the dated policy path."""

from calibration.opening import OpeningBalance, opening_balance, opening_dates
from calibration.parameters import load_parameters, parameter_sets, parameter_values
from calibration.state import opening_state
from calibration.tables import DataError

__all__ = [
    "DataError",
    "OpeningBalance",
    "load_parameters",
    "opening_balance",
    "opening_dates",
    "opening_state",
    "parameter_sets",
    "parameter_values",
]
