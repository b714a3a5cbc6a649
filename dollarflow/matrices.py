"""The dollar system's accounting matrices, in symbols or with the figures of a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from dollarflow.charts.names import line_label
from dollarflow.errors import BadInput
from equations.accounts import BUFFERS, CHART
from model.accounting.matrices import Matrix, Table, balance_sheet_matrix, net_worth_bridge, revaluation_matrix, transaction_flow_matrix
from model.accounting.typeset import Format, typeset

if TYPE_CHECKING:
    from dollarflow.simulation import Simulation

LETTERED = ("text", "markdown")
"""Formats whose column heads are letters and that have room for a line of prose."""


def symbolic() -> tuple[Matrix, ...]:
    """Balance sheet, transaction flows, revaluations and net-worth bridge."""
    return balance_sheet_matrix(CHART), transaction_flow_matrix(CHART, BUFFERS), revaluation_matrix(CHART), net_worth_bridge(CHART, BUFFERS)


def symbolic_tables(form: str) -> str:
    """The matrices in symbols."""
    return with_legend(typeset(symbolic(), CHART, cast(Format, form), named=line_label).rstrip("\n"), form)


def with_legend(text: str, form: str) -> str:
    """Tables under a line that says which sector a letter is, where column heads are letters."""
    if form not in LETTERED:
        return text
    return f"sectors: {'; '.join(f'{s.letter} {s.description or s.name}' for s in CHART.sectors)}\n\n{text}"


def dated_tables(form: str, day: str) -> str:
    """The matrices with the figures of a date: an opening's balance sheet, or every matrix of a week of the baseline.

    Each title says which date and period it shows.

    Raises
    ------
    BadInput
        A text that is no date, or a date that is neither an opening's nor the end of a period of the baseline.
    """
    from calibration.opening import opening_dates
    from dollarflow.economy import opening_state

    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"--date {day!r} is not a date; write 2025-10-29") from None
    if when in opening_dates():
        figures: tuple[Table, ...] = (balance_sheet_matrix(CHART).figures(opening_state(when).values),)
        shown = f"{when} (an opening, period 0), USD bn"
    else:
        run = baseline()
        period = period_of(when, run.dates)
        now, before = run.path.row(period), run.path.row(period - 1)
        figures = tuple(matrix.figures(now, before) for matrix in symbolic())
        shown = f"{when} (period {period} of the baseline), USD bn"
    titled = [replace(table, title=f"{table.title}, {shown}") for table in figures]
    return with_legend(typeset(titled, CHART, cast(Format, form), named=line_label).rstrip("\n"), form)


def baseline() -> Simulation:
    """The library's baseline on its own horizon."""
    from dollarflow.scenarios import scenario
    from dollarflow.session import Request, solve_request

    return solve_request(Request(scenario("baseline")))


def period_of(when: date, dates: Sequence[date]) -> int:
    """The period of the baseline that ends on a date.

    Raises
    ------
    BadInput
        No period ends on it; the message names the nearest two that do, or what exists at all.
    """
    if when in dates[1:]:
        return dates.index(when)
    if not dates[0] < when <= dates[-1]:
        from calibration.opening import opening_dates

        known = ", ".join(day.isoformat() for day in opening_dates())
        raise BadInput(f"--date {when}: balance sheets exist for {known}, and the baseline runs from {dates[0]} to {dates[-1]}")
    after = next(k for k, day in enumerate(dates) if day > when)
    raise BadInput(f"--date {when}: no period of the baseline ends then; the nearest are {dates[after - 1]} and {dates[after]}")
