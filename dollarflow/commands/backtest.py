"""``dollarflow backtest``: history forecast out of sample, errors against naive rivals."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dollarflow.console import Quiet, Verbose, progress_bar, say

if TYPE_CHECKING:
    from calibration.backtest.bands import Fan
    from calibration.backtest.report import Result


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def backtest(
    name: Annotated[str | None, typer.Argument(metavar="WINDOW", help="A window such as 2024Q4-2025Q4; all without one.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    draws: Annotated[int, typer.Option("--draws", min=0, help="Forecasts under drawn parameters, for 90 % bands and their coverage.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write scores, events and coverage there as CSV.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Forecast history from its openings and the paths of policy alone; score the model against naive rivals."""
    from calibration.backtest.report import as_csv, as_json, as_text, result
    from calibration.backtest.windows import WINDOWS, window

    chosen = WINDOWS if name is None else (window(name),)
    found: list[Result] = []
    bands: list[Fan] = []
    with progress_bar("backtest", quiet) as advance:
        for count, item in enumerate(chosen, start=1):
            found.append(result(item))
            if draws:
                from calibration.backtest.bands import fans

                bands += fans(item, max(draws, 2))
            if advance is not None:
                advance(count, len(chosen))
    if form is Format.JSON:
        say(as_json(found))
    elif form is Format.CSV:
        say(as_csv(found).rstrip("\n"))
    elif not quiet:
        say(as_text(found))
        if bands:
            from calibration.backtest.coverage import coverage_text

            say(f"\n{coverage_text(bands, draws)}")
        if verbose:
            for item in chosen:
                say(f"\nparameters of {item.name} that its figures may not set:")
                for key, value in item.parameters.items():
                    say(f"  {key:<24} {value.value:>12.6g}  {value.basis}")
    if out is not None:
        from calibration.backtest.coverage import coverage_csv, fans_csv
        from calibration.backtest.events import events_csv
        from dollarflow.calibrating import write_tables

        tables = {"backtest.csv": as_csv(found), "events.csv": events_csv([event for item in found for event in item.events])}
        if bands:
            tables |= {"coverage.csv": coverage_csv(bands, draws), "fans.csv": fans_csv(bands)}
        for place in write_tables(tables, out):
            if not quiet and form is Format.TEXT:
                say(f"wrote {place}")
