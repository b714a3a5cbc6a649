"""``dollarflow ensemble``: many draws of parameters and shocks, solved into a Zarr store that can be continued."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.commands.completing import opening_dates, scenario_names
from dollarflow.commands.run import CLOCK_HELP, PERIODS_HELP, START_HELP, Clock
from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import Failed


class Kind(StrEnum):
    """How members are drawn."""

    SOBOL = "sobol"
    RANDOM = "random"
    SALTELLI = "saltelli"


def ensemble(
    name: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario of the library, or a .toml file.", autocompletion=scenario_names)
    ],
    draws: Annotated[int, typer.Option("--draws", help="Members; base points for the design saltelli.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="STORE", help="The Zarr store, a folder.")],
    periods: Annotated[int | None, typer.Option("--periods", "-n", help=PERIODS_HELP)] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help=START_HELP, autocompletion=opening_dates)] = None,
    clock: Annotated[Clock | None, typer.Option("--clock", help=CLOCK_HELP)] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of every draw: a whole number from 0.")] = 1,
    design: Annotated[
        Kind, typer.Option("--design", help="Sobol' points, pseudo-random ones, or pairs for sensitivity indices.")
    ] = Kind.SOBOL,
    vary: Annotated[Path | None, typer.Option("--vary", metavar="FILE", help="What varies, a .toml file; default the estimates.")] = None,
    keep: Annotated[str | None, typer.Option("--keep", metavar="NAMES", help="Variables to keep, with commas between; or all.")] = None,
    summary: Annotated[
        bool, typer.Option("--quantiles", help="Keep quantiles and moments instead of every path; they can be merged.")
    ] = False,
    indices: Annotated[
        list[str] | None, typer.Option("--indices", metavar="VARIABLE", help="Show its Sobol' indices; needs the design saltelli.")
    ] = None,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE", help="Fans of the first six kept, .pdf, .svg or .png.")] = None,
    member: Annotated[int | None, typer.Option("--member", metavar="K", help="Show the run that repeats member K, from 0.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Threads in this process; default every core.", min=1, max=1024)] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers solve.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted store; begins where there is none.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Solve many draws of parameters and shocks, store them, and show the bands of the headline variables."""
    from dollarflow.ensembles.designs import SALTELLI
    from dollarflow.ensembles.fans import check_figure, draw_fans
    from dollarflow.ensembles.indices import FEWEST
    from dollarflow.ensembles.report import bands, failed, sensitivity
    from dollarflow.ensembles.reproduction import command_of
    from dollarflow.ensembles.request import Asked, find_members
    from dollarflow.ensembles.result import Ensemble
    from dollarflow.ensembles.runner import available, kept, run
    from dollarflow.errors import BadInput
    from dollarflow.files import write_file
    from dollarflow.scenarios import scenario as find

    if indices and (design.value != SALTELLI or summary):
        raise BadInput(f"--indices needs --design {SALTELLI} and every member's path, without --quantiles")
    if indices and draws < FEWEST:
        raise BadInput(f"--indices needs --draws {FEWEST} at least, here {draws}")
    if workers is not None and scheduler is not None:
        raise BadInput("--workers are threads of this process and --scheduler another's; give one of them")
    asked = Asked(find(name), draws, design.value, seed, start, periods, None if clock is None else clock.value, vary)
    found = find_members(asked)
    names = None if keep is None else [part.strip() for part in keep.split(",") if part.strip()]
    chosen = kept(found, names)
    for variable in indices or ():
        if variable not in chosen:
            raise BadInput(f"--indices {variable}: it is not kept; kept are {', '.join(chosen)}")
    if figure is not None:
        check_figure(figure)
    if member is not None and not 0 <= member < found.design.members:
        raise BadInput(f"--member {member}: the ensemble has members 0 to {found.design.members - 1:,}")
    threads = available() if workers is None else workers
    try:
        with progress_bar(f"{asked.scenario.name}, {found.design.members:,} members", quiet) as progress:
            run(found, out, keep=names, summary=summary, workers=threads, scheduler=scheduler, resume=resume, progress=progress)
    except KeyboardInterrupt:
        complain(f"what is finished is in {out}; continue with --resume" if out.exists() else f"nothing is finished; no {out} was made")
        raise
    done = Ensemble.open(out)
    if not quiet:
        if done.solved:
            say(bands(done))
        for variable in indices or ():
            say(sensitivity(done, variable))
        again = "1 member solved again by itself" if done.audited == 1 else f"{done.audited} members solved again by themselves"
        say(f"audit: {again}: {'it found violations' if done.violations else 'nothing leaks'}")
        say(f"written: {out}")
    if figure is not None and done.solved:
        write_file(figure, draw_fans(done, figure))
        if not quiet:
            say(f"drawn: {figure}")
    if member is not None:
        say(f"member {member}: {command_of(found, member, name, out.with_name(f'{out.name}.member-{member}.csv'))}")
    if verbose:
        for factor in found.variation.factors:
            say(f"drawn: {factor.name}, {factor.distribution}")
        for process in found.variation.processes:
            say(f"shock: {process.variable}, {process.kind}, sd {process.sd:.4g}, persistence {process.persistence:.4g}")
        largest = done.certificates[done.status == 0].max(initial=0.0)
        say(f"largest residual {largest:.2g}; largest difference of an audited member from its own run {done.difference:.2g}")
    for line in failed(done):
        complain(line)
    for violation in done.violations:
        complain(violation)
    if done.violations:
        raise Failed(f"dollarflow: the audit of {len(done.violations)} members of {asked.scenario.name} found violations")
    if not done.solved:
        raise Failed(f"dollarflow: no member of {asked.scenario.name} has a solution")
