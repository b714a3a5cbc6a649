"""``dollarflow institutions``: a generated economy of banks, money funds and hedge funds under a shock."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import BadInput, Failed
from dollarflow.lengths import check_length

DEFAULT_DAY = "2025-10-29"
SHOCKS = "calm, haircuts, haircuts_only, yields_only, dash_for_cash, one_fund or collapse"
WHAT_IFS = "floor, cleared, concentrated, alike, purchases or calls"


def institutions(
    banks: Annotated[int, typer.Option("--banks", metavar="N", help="Number of banks, 1 to 5000.")] = 100,
    money_funds: Annotated[int, typer.Option("--money-funds", metavar="M", help="Number of money funds, 1 to 5000.")] = 60,
    hedge_funds: Annotated[int, typer.Option("--hedge-funds", metavar="K", help="Number of hedge funds, 1 to 5000.")] = 120,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed generates the same institutions.")] = 1,
    periods: Annotated[int, typer.Option("--periods", "-n", metavar="T", help="Weeks.")] = 12,
    shock: Annotated[str, typer.Option("--shock", metavar="NAME", help=f"{SHOCKS}.")] = "haircuts",
    what_if: Annotated[str | None, typer.Option("--what-if", metavar="NAME", help=f"Also run with a difference: {WHAT_IFS}.")] = None,
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="Date of the opening balance sheets.")] = DEFAULT_DAY,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter of calibration/institutions/sizes.toml.")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", metavar="D", help="Run D seeds from S on and show the spread of the results.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write a result folder with members as sectors.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Generate institutions whose sums are the dollar system's balance sheets, shock them, audit every flow and measure contagion."""
    from calibration.institutions.generate import Plan
    from calibration.institutions.shocks import shocks, what_ifs
    from dollarflow.inputs import settings
    from dollarflow.institutions.draws import MOST, draw
    from dollarflow.institutions.ledger import write_run
    from dollarflow.institutions.measures import measures
    from dollarflow.institutions.run import run_institutions
    from dollarflow.institutions.summary import summary
    from dollarflow.results import check_target, earlier_result
    from model.language.system import nearest

    check_length(periods, f"--periods {periods}")
    if shock not in shocks():
        raise BadInput(f"--shock {shock}: unknown{nearest(shock, shocks())}; known: {', '.join(shocks())}")
    if what_if is not None and what_if not in what_ifs():
        raise BadInput(f"--what-if {what_if}: unknown{nearest(what_if, what_ifs())}; known: {', '.join(what_ifs())}")
    try:
        day = date.fromisoformat(start)
    except ValueError:
        raise BadInput(f"--start {start!r} is not a date; write {DEFAULT_DAY}") from None
    if not 1 <= draws <= MOST:
        raise BadInput(f"--draws {draws}: allowed: 1 to {MOST:,}")
    if draws > 1 and out is not None:
        raise BadInput("--draws and --out: a result folder holds one economy; leave one of them out")
    if out is not None:
        check_target(out)
    changed = tuple(sorted(settings(assignments or ()).items()))
    plan = Plan(banks, money_funds, hedge_funds, seed=seed, day=day, changed=changed)
    chosen = None if what_if is None else what_ifs()[what_if]
    if draws > 1:
        with progress_bar("institutions", quiet) as progress:
            say(str(draw(plan, shocks()[shock], periods, chosen, draws, progress)))
        return
    with progress_bar("institutions", quiet) as progress:
        run = run_institutions(plan, shocks()[shock], periods, chosen, progress)
        twin = None if chosen is None else run_institutions(plan, shocks()[shock], periods)
    found = measures(run)
    if not quiet:
        say(summary(run, found, twin, None if twin is None else measures(twin)))
    if verbose:
        effort = run.path.effort
        say(
            f"solver: {effort.filled:,} entries in the factors, {effort.factor_seconds:.3f} s on them; "
            f"slowest week {1000 * effort.seconds.max():.0f} ms"
        )
    if out is not None:
        replaced = earlier_result(out)
        write_run(run, out, found)
        if not quiet:
            say(f"written: {out}{replaced}")
    if not run.report.sound:
        for violation in run.report.violations[:50]:
            complain(str(violation))
        raise Failed(f"dollarflow: the audit of the institutions found {len(run.report.violations)} violations")
