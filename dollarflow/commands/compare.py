"""``dollarflow compare``: what differs between two results, who financed it, and which mechanism made it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.commands.completing import variable_names
from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import BadInput


def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR_A", help="A result folder: the base.")],
    second: Annotated[Path, typer.Argument(metavar="DIR_B", help="A result folder: what is compared with it.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="A .txt, .json or .csv file.")] = None,
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="VARIABLE", help="Explained by mechanism and input; may be repeated.", autocompletion=variable_names),
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="When; default the last date.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare two results: differences by variable, balance sheet, financier, mechanism and input."""
    from dollarflow.comparison import SOURCE
    from dollarflow.comparison import compare as of_two
    from dollarflow.comparison_report import FORMATS, OF, Report
    from dollarflow.exporting.tables import warning
    from dollarflow.files import check_file, write_file
    from dollarflow.results.reader import read_result
    from model.language.system import nearest

    form = "txt" if out is None else out.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise BadInput(f"--out {out}: the file's ending must be one of {', '.join('.' + name for name in FORMATS)}")
    if out is not None:
        check_file(out)
    try:
        comparison = of_two(first, second)
    except ValueError as error:
        raise BadInput(str(error)) from None
    for folder in (first, second):
        said = warning(folder, read_result(folder))
        if said:
            complain(said)
    for name in of or ():
        if name not in comparison.frame.columns:
            raise BadInput(f"--of {name}: no variable of both results has that name{nearest(name, comparison.frame.columns)}")
    report = Report(comparison, tuple(of) if of else tuple(name for name in OF if name in comparison.frame.columns), at)
    try:
        period = report.period
    except ValueError as error:
        raise BadInput(f"--at {at}: {error}") from None
    if at is not None and report.period == 0:
        raise BadInput(f"--at {at}: both start from this opening; give a date after {comparison.base.dates[0]}")
    if out is not None:
        write_file(out, report.bytes(form))
    if not quiet:
        say(report.text())
        if out is not None:
            say(f"written: {out}")
    if verbose:
        table = report.financed(SOURCE)
        if table is not None:
            say(f"M2 by source on {comparison.base.dates[period]}, USD bn")
            for key, value in table.iloc[period].items():
                say(f"  {key!s:34s}{value:+15.3f}")
