"""``dollarflow solve``: a text model solved period by period."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.lengths import LONGEST, check_length


def solve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text model.")],
    periods: Annotated[int, typer.Option("--periods", "-n", help=f"Periods to solve, 0 to {LONGEST}.")] = 100,
    shock: Annotated[bool, typer.Option("--shock/--no-shock", help="Apply the file's [shock] section.")] = True,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the path as CSV.")] = None,
    timing: Annotated[bool, typer.Option("--timing", help="Add import, build, compile, first and steady times.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="An inconsistent start is a failure.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Solve a text model; prints its size, iterations and the residuals of its identities."""
    from dollarflow.solve_command import solve_file

    check_length(periods, f"--periods {periods}", least=0)
    code = solve_file(
        file,
        periods=periods,
        shock=shock,
        out=out,
        timing=timing,
        strict=strict,
        quiet=quiet,
        verbose=verbose,
        say=say,
        complain=complain,
    )
    if code:
        raise typer.Exit(code)
