"""``dollarflow backtest``: history forecast out of sample, errors against naive rivals."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, progress_bar, say


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def backtest(
    name: Annotated[str | None, typer.Argument(metavar="[WINDOW]", help="A window such as 2024Q4-2025Q4; all without one.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    draws: Annotated[int, typer.Option("--draws", min=0, help="Forecasts under drawn parameters, for 90 % bands and their coverage.")] = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Forecast history from its openings and the paths of policy alone; score the model against naive rivals."""
    from calibration.backtest.report import as_csv, as_json, as_text, result
    from calibration.backtest.windows import WINDOWS, window

    chosen = WINDOWS if name is None else (window(name),)
    found = []
    with progress_bar("backtest", quiet) as advance:
        for count, item in enumerate(chosen, start=1):
            found.append(result(item))
            if advance is not None:
                advance(count, len(chosen))
    if form is Format.JSON:
        say(as_json(found))
    elif form is Format.CSV:
        say(as_csv(found).rstrip("\n"))
    elif not quiet:
        say(as_text(found))
        if draws:
            from calibration.backtest.bands import fans

            for item in chosen:
                for fan in fans(item, max(draws, 2)):
                    ends = f"{fan.low[-1]:,.1f} to {fan.high[-1]:,.1f} {fan.unit} at the end"
                    say(f"{item.name} {fan.variable}: 90 % band {ends}; {fan.coverage:.0%} of published weeks inside")
        if verbose:
            for item in chosen:
                say(f"\nparameters of {item.name} that its figures may not set:")
                for key, value in item.parameters.items():
                    say(f"  {key:<24} {value.value:>12.6g}  {value.basis}")
