"""``dollarflow target``: the path of an instrument that holds a target, or the rule that minimises a loss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.commands.completing import target_names
from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import BadInput, Failed


def target(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE.toml", help="A target file, or one of the library; without it, the library.", autocompletion=target_names
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Result folder for the path found.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find the instrument's path that holds a target, or the rule that minimises a loss, with exact sensitivities."""
    from dollarflow.results import check_target
    from dollarflow.summary import counted, unobserved
    from dollarflow.targeting import target as solve_target

    if file is None:
        if out is not None:
            raise BadInput("--out needs a target: a file, or one of the library's names")
        _list(quiet, verbose)
        return
    if out is not None:
        check_target(out)
    found = solve_target(file)
    if out is not None:
        found.simulation.write(out)
    if not quiet:
        for line in found.lines:
            say(line)
        if out is not None:
            say(f"written: {out}")
    for line in unobserved(found.simulation):
        complain(f"dollarflow: {line}")
    if verbose:
        from dollarflow.trace import trace

        for line in trace(found.simulation.path):
            say(line)
    if not found.simulation.sound:
        for violation in found.simulation.violations[:50]:
            complain(str(violation))
        raise Failed(f"dollarflow: the audit of {found.target.name} found {counted(len(found.simulation.violations))}")
    if not found.reached:
        raise Failed(f"dollarflow: the target is not reached; what is shown comes nearest. {found.diagnosis}")


def _list(quiet: bool, verbose: bool) -> None:
    from dollarflow.targeting import find_target
    from dollarflow.targeting import target_names as names

    items = [find_target(name) for name in names()]
    width = max(len(item.name) for item in items)
    for item in items:
        if quiet:
            say(item.name)
            continue
        moved = item.instrument.variable if item.instrument is not None else item.rule.instrument if item.rule is not None else ""
        aims = ", ".join(dict.fromkeys([*(part.variable for part in item.target), *(part.variable for part in item.loss)]))
        say(f"{item.name:<{width}}  moves {moved}, aims at {aims}: {item.title}")
        if verbose and item.story:
            say(f"{'':<{width}}  {' '.join(item.story.split())}")
