"""``dollarflow backtest``: history forecast out of sample, errors against naive rivals."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dollarflow.console import Quiet, Verbose, progress_bar, say
from dollarflow.errors import BadInput

if TYPE_CHECKING:
    from calibration.backtest.bands import Fan
    from calibration.backtest.report import Result


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def ending(file: Path, window: str | None, draws: int) -> str:
    """The format of a fan chart by its file's ending.

    Raises
    ------
    BadInput
        No window or no draws to draw, another ending, or a folder that is not there.
    """
    from calibration.backtest.windows import WINDOWS
    from dollarflow.figures.files import FORMATS
    from dollarflow.files import check_file

    if window is None:
        raise BadInput(f"--figure shows one window: name one of {', '.join(item.name for item in WINDOWS)}")
    if not draws:
        raise BadInput("--figure shows bands, and bands are made of draws: add --draws 100")
    found = file.suffix.lower().removeprefix(".")
    if found not in FORMATS:
        raise BadInput(f"--figure {file}: the file's ending must be one of {', '.join('.' + name for name in FORMATS)}")
    check_file(file)
    return found


def backtest(
    name: Annotated[str | None, typer.Argument(metavar="WINDOW", help="A window such as 2024Q4-2025Q4; all without one.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    draws: Annotated[int, typer.Option("--draws", min=0, help="Forecasts under drawn parameters, for 90 % bands and their coverage.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write scores, events and coverage there as CSV.")] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", metavar="FILE", help="Draw the window's fan chart: a .pdf, .svg or .png file; with --draws.")
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Forecast history from its openings and the paths of policy alone; score the model against naive rivals."""
    from calibration.backtest.report import as_csv, as_json, as_text, result
    from calibration.backtest.windows import WINDOWS, window

    chosen = WINDOWS if name is None else (window(name),)
    drawing = None if figure is None else ending(figure, name, draws)
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
    if figure is not None and drawing is not None:
        from dollarflow.charts.fans import fan_file
        from dollarflow.files import write_file

        write_file(figure, fan_file(bands, max(draws, 2), drawing))
        if not quiet and form is Format.TEXT:
            say(f"wrote {figure}")
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
            from calibration.backtest.lessons import lessons_text

            for item in chosen:
                learned = lessons_text(item)
                if learned:
                    say(f"\n{item.name}:\n{learned}")
                say(f"\nparameters of {item.name} that its figures may not set:")
                for key, value in item.parameters.items():
                    say(f"  {key:<24} {value.value:>12.6g}  {value.basis}")
    if out is not None:
        from calibration.backtest.coverage import coverage_csv, fans_csv
        from calibration.backtest.events import events_csv
        from calibration.backtest.lessons import lessons_csv
        from dollarflow.calibrating import write_tables

        tables = {
            "backtest.csv": as_csv(found),
            "events.csv": events_csv([event for item in found for event in item.events]),
            "lessons.csv": lessons_csv(chosen),
        }
        if bands:
            tables |= {"coverage.csv": coverage_csv(bands, draws), "fans.csv": fans_csv(bands)}
        for place in write_tables(tables, out):
            if not quiet and form is Format.TEXT:
                say(f"wrote {place}")
