"""``dollarflow forecast``: a year ahead under a caller's policy paths, with error bands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, progress_bar, say

START = "2025-12-31"
"""Last day of the data: parameters, curves and sizes of errors know the days to it."""


def forecast(
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="Date of the opening balance sheets.")] = START,
    periods: Annotated[int, typer.Option("--periods", "-n", min=1, max=260, help="Weeks.")] = 52,
    exogenous: Annotated[
        Path | None,
        typer.Option("--exogenous", metavar="FILE", help="Policy paths, .csv or .toml: rates, rmp_purchases, deficit, tga and others."),
    ] = None,
    opening: Annotated[Path | None, typer.Option("--opening", metavar="FILE", help="Opening values, .csv or .toml.")] = None,
    draws: Annotated[int, typer.Option("--draws", min=2, max=10000, help="Paths under drawn parameters and surprises.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random numbers.")] = 20251231,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write bands.csv and what it is made of there.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Forecast SOFR less IORB, reserves, ON RRP, the Treasury's account and the Fed's income week by week, with 90 % bands."""
    from dollarflow import inputs
    from dollarflow.economy import economy, opening_state, opening_values, time_grid
    from dollarflow.files import check_file
    from dollarflow.forecasts.members import forecast_members
    from dollarflow.forecasts.plans import Plan, plan_of
    from dollarflow.forecasts.report import TABLES, text_of, write_forecast
    from dollarflow.horizons import BASELINE
    from dollarflow.own_opening import closed, derived_names
    from dollarflow.results.digests import file_digest

    if out is not None and out.is_dir():
        for table in TABLES:
            check_file(out / table, exogenous, opening)
    where = f"--exogenous {exogenous}:"
    plan = plan_of(inputs.read_paths(exogenous), where) if exogenous else Plan({}, {})
    state = opening_state(start)
    if opening is not None:
        system = economy(BASELINE)
        state = inputs.read_opening(opening, state, system.variables, derived_names(system, state))
    grid = time_grid(state.date, "weekly", periods)
    if opening is not None:
        state = closed(system, state, opening_values(state.date, float(grid.lengths[0]), {}))
    with progress_bar("forecast", quiet) as progress:
        members = forecast_members(state, grid, plan, draws, seed, where, progress)
    if state.date.isoformat() < START:
        complain(
            f"note: a forecast from {state.date} is not out of sample: parameters and curves know the days to {START}; "
            "dollarflow backtest has windows with what was known before them"
        )
    if not quiet:
        say(text_of(members))
    if verbose:
        given = f"policy paths of {exogenous}" if exogenous else "the announced policy paths"
        say(f"{draws} paths of {grid.periods} weeks from {state.date}, seed {seed}, under {given}")
    if out is not None:
        asked = {
            "start": state.date.isoformat(),
            "draws": draws,
            "seed": seed,
            "exogenous": file_digest(exogenous.read_bytes()) if exogenous else None,
            "opening": file_digest(opening.read_bytes()) if opening else None,
        }
        for place in write_forecast(members, asked, out):
            if not quiet:
                say(f"wrote {place}")
