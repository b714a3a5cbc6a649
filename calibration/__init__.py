"""The numbers: data with sources, balanced opening states, parameter values, the calendar and the dated policy path."""

from calibration.baseline import Inputs, baseline_inputs
from calibration.business_days import is_business_day, time_grid
from calibration.calendar import calendar_path, neutral_calendar
from calibration.history import history
from calibration.opening import OpeningBalance, opening_balance, opening_dates
from calibration.parameters import load_parameters, parameter_sets, parameter_values
from calibration.policy import frozen_policy, parameter_path, policy_path
from calibration.published import interpolated, published
from calibration.state import opening_state
from calibration.tables import DataError

__all__ = [
    "DataError",
    "Inputs",
    "OpeningBalance",
    "baseline_inputs",
    "calendar_path",
    "frozen_policy",
    "history",
    "interpolated",
    "is_business_day",
    "load_parameters",
    "neutral_calendar",
    "opening_balance",
    "opening_dates",
    "opening_state",
    "parameter_path",
    "parameter_sets",
    "parameter_values",
    "policy_path",
    "published",
    "time_grid",
]
