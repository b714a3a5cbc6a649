"""``dollarflow run``: a scenario solved, audited, written and summed up."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.commands.completing import OPENINGS, opening_dates, scenario_names, setting_names
from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import Failed
from dollarflow.lengths import LONGEST, check_length

DEFAULT_START = "2025-10-29"
QUARTERS = "a quarter-end from 2018-06-30 to 2025-12-31"
START_HELP = f"Date of the opening balance sheets: {OPENINGS}, or {QUARTERS}; default the scenario's, else {DEFAULT_START}."
PERIODS_HELP = f"Periods to solve, 1 to {LONGEST}; default the scenario's length, else 52."
CLOCK_HELP = "Length of a period: weekly, monthly, quarterly or daily; default the scenario's, else weekly."


class Clock(StrEnum):
    """Length of a period."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    DAILY = "daily"


def run(
    name: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario of the library, or a .toml file.", autocompletion=scenario_names)
    ] = "baseline",
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help=START_HELP, autocompletion=opening_dates)] = None,
    periods: Annotated[int | None, typer.Option("--periods", "-n", help=PERIODS_HELP)] = None,
    clock: Annotated[Clock | None, typer.Option("--clock", help=CLOCK_HELP)] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter, or a constant exogenous path.", autocompletion=setting_names),
    ] = None,
    exogenous: Annotated[
        Path | None, typer.Option("--exogenous", metavar="FILE", help="Dated paths, .csv or .toml; rmp_purchases, deficit and tga too.")
    ] = None,
    opening: Annotated[Path | None, typer.Option("--opening", metavar="FILE", help="Opening values, .csv or .toml.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Result folder, default out/SCENARIO; an earlier result there is replaced."),
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Solve a scenario, audit it, write the result folder and show a short table with the audit's verdict."""
    from dollarflow.results import check_target, earlier_result
    from dollarflow.scenarios import scenario as find
    from dollarflow.session import Request, solve_request
    from dollarflow.summary import counted, strained, summary, unobserved

    if periods is not None:
        check_length(periods, f"--periods {periods}")
    scenario = find(name)
    target = Path("out") / scenario.name if out is None else out
    check_target(target)
    earlier = earlier_result(target)
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
        say(f"written: {target}{earlier}")
    for line in (*unobserved(done), *strained(done)):
        complain(f"dollarflow: {line}")
    if verbose:
        from dollarflow.trace import trace

        for line in trace(done.path):
            say(line)
        say(f"opening: {done.path.consistency}")
    if not done.sound:
        for violation in done.violations[:50]:
            complain(str(violation))
        raise Failed(f"dollarflow: the audit of {scenario.name} found {counted(len(done.violations))}")
