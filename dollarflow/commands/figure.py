"""``dollarflow figure``: a chart of a result folder as a file for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.commands.completing import figure_names
from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import BadInput

ENDINGS = ("pdf", "svg", "png", "csv")


def figure(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which figure; --list shows all.", autocompletion=figure_names)] = None,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="A result folder.")] = None,
    second: Annotated[Path | None, typer.Argument(metavar="DIR2", help="Another result: drawn against DIR, which is the base.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="A .pdf, .svg or .png file; .csv for its data.")] = None,
    period: Annotated[int | None, typer.Option("--period", "-p", metavar="N", help="The period of a diagram or matrix.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the names of all figures.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Draw a chart of a result folder as PDF, SVG or PNG; the same folder gives the same bytes."""
    from dollarflow.figures.drawing import NAMES, check_name, figure_file, listing

    if show:
        say("\n".join(NAMES) if quiet else listing())
        return
    if name is None:
        raise BadInput("NAME is missing; dollarflow figure --list shows all")
    check_name(name)
    if folder is None:
        raise BadInput("DIR is missing: name a result folder")
    if out is None:
        raise BadInput("--out is missing: name a .pdf, .svg, .png or .csv file")
    form = out.suffix.lower().removeprefix(".")
    if form not in ENDINGS:
        raise BadInput(f"--out {out}: the file's ending must be one of {', '.join('.' + ending for ending in ENDINGS)}")
    from dollarflow.charts.figures import Missing
    from dollarflow.charts.pair import read_pair
    from dollarflow.exporting.tables import check_numbers, warning
    from dollarflow.files import check_file, write_file

    check_file(out)
    base, changed = read_pair(folder, second)
    for run in (changed,) if base is None else (base, changed):
        check_numbers(run.result)
        said = warning(run.folder, run.result)
        if said:
            complain(said)
    try:
        content = figure_file(name, form, changed, base, period)
    except Missing as error:
        raise BadInput(f"{name}: {error}") from None
    write_file(out, content)
    if not quiet:
        say(f"written: {out}: {name} of {folder}" + ("" if second is None else f" and {second}"))
    if verbose:
        say(f"{len(content):,} bytes")
