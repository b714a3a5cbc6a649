"""``dollarflow run``: a scenario solved, audited, written and summed up."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import BadInput, Failed

DEFAULT_START = "2025-10-29"


class Clock(StrEnum):
    """Length of a period."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    DAILY = "daily"


def run(
    name: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="A scenario of the library, or the path of a .toml file.")] = "baseline",
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="Date of the opening balance sheets.")] = None,
    periods: Annotated[int | None, typer.Option("--periods", "-n", help="Periods to solve.")] = None,
    clock: Annotated[Clock | None, typer.Option("--clock", help="Length of a period.")] = None,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter, or a constant exogenous path.")
    ] = None,
    exogenous: Annotated[Path | None, typer.Option("--exogenous", metavar="FILE", help="Dated paths, .csv or .toml.")] = None,
    opening: Annotated[Path | None, typer.Option("--opening", metavar="FILE", help="Opening values, .csv or .toml.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Result folder; default out/SCENARIO.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Solve a scenario, audit it, write the result folder and show a short table with the audit's verdict."""
    from dollarflow.results import check_target
    from dollarflow.scenarios import scenario as find
    from dollarflow.session import Request, solve_request
    from dollarflow.summary import counted, summary

    if periods is not None and periods < 0:
        raise BadInput(f"--periods {periods}: must be 0 or more")
    scenario = find(name)
    target = Path("out") / scenario.name if out is None else out
    check_target(target)
    request = Request(
        scenario,
        start=start,
        periods=periods,
        clock=None if clock is None else clock.value,
        assignments=tuple(assignments or ()),
        exogenous=exogenous,
        opening=opening,
    )
    with progress_bar(f"{scenario.name}", quiet) as progress:
        done = solve_request(request, progress)
    done.write(target)
    if not quiet:
        say(summary(done))
        say(f"written: {target}")
    if verbose:
        size = done.path.statistics
        blocks = f"{size.blocks} blocks ({size.simultaneous} simultaneous, largest {size.largest}), {size.torn} torn unknowns"
        say(f"solver: {size.equations} equations, {blocks}, {size.iterations} iterations, at most {size.most} a period")
        say(f"opening: {done.path.consistency}")
    if not done.sound:
        for violation in done.violations[:50]:
            complain(str(violation))
        raise Failed(f"dollarflow: the audit of {scenario.name} found {counted(len(done.violations))}")
