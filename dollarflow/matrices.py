"""The dollar system's accounting matrices, in symbols or with the figures of a date."""

from __future__ import annotations

from datetime import date
from typing import cast

from dollarflow.errors import BadInput
from equations.accounts import BUFFERS, CHART
from model.matrices import Matrix, Table, balance_sheet_matrix, net_worth_bridge, revaluation_matrix, transaction_flow_matrix
from model.typeset import Format, typeset


def symbolic() -> tuple[Matrix, ...]:
    """Balance sheet, transaction flows, revaluations and net-worth bridge."""
    return balance_sheet_matrix(CHART), transaction_flow_matrix(CHART, BUFFERS), revaluation_matrix(CHART), net_worth_bridge(CHART, BUFFERS)


def symbolic_tables(form: str) -> str:
    """The matrices in symbols."""
    return typeset(symbolic(), CHART, cast(Format, form)).rstrip("\n")


def dated_tables(form: str, day: str) -> str:
    """The matrices with the figures of a date: the opening's balance sheet, or every matrix of the baseline's week that ends by it.

    Raises
    ------
    BadInput
        A text that is no date, or a date outside the baseline and without balance sheets of its own.
    """
    from calibration.opening import opening_dates
    from dollarflow.economy import opening_state

    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"--date {day!r} is not a date; write 2025-10-29") from None
    if when in opening_dates():
        figures: list[Matrix | Table] = [balance_sheet_matrix(CHART).figures(opening_state(when).values)]
    else:
        figures = list(simulated(when))
    return typeset(figures, CHART, cast(Format, form)).rstrip("\n")


def simulated(when: date) -> tuple[Table, ...]:
    """Every matrix with the baseline's figures in the first period that ends on or after a date."""
    from dollarflow.scenarios import scenario
    from dollarflow.session import Request, solve_request

    run = solve_request(Request(scenario("baseline")))
    if not run.dates[0] < when <= run.dates[-1]:
        from calibration.opening import opening_dates

        known = ", ".join(day.isoformat() for day in opening_dates())
        raise BadInput(f"--date {when}: balance sheets exist for {known}, and the baseline runs from {run.dates[0]} to {run.dates[-1]}")
    period = run.path.period(when)
    now, before = run.path.row(period), run.path.row(period - 1)
    return tuple(matrix.figures(now, before) for matrix in symbolic())
