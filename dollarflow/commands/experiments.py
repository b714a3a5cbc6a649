"""``dollarflow experiments``: what the model finds against what was published."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.commands.completing import experiment_names
from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import Failed


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def experiments(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Experiments such as E5, apart or as E5,E7; all without one.", autocompletion=experiment_names),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run the experiments and print, a row a check, expected against computed; exit 1 when an identity fails."""
    from dollarflow.experiments.registry import chosen, rows
    from dollarflow.experiments.table import as_json, as_markdown, as_text, summary

    items = chosen(names or ())
    results = []
    with progress_bar("experiments", quiet) as advance:
        for count, (item, found) in enumerate(rows(items), start=1):
            results.append((item, found))
            if form is Format.TEXT and not quiet:
                say(as_text(item, found))
            if advance is not None:
                advance(count, len(items))
    if form is Format.JSON:
        say(as_json(results))
    elif form is Format.MARKDOWN:
        say(as_markdown(results).rstrip("\n"))
    elif not quiet:
        say()
        say(summary(results))
    broken = [row for _, found in results for row in found if row.basis == "identity" and not row.passed]
    for row in broken:
        complain(f"{row.experiment}: {row.case}, {row.variable}: {row.computed!r} is outside {row.low} to {row.high}")
    if broken:
        raise Failed(f"{len(broken)} identit{'ies fail' if len(broken) > 1 else 'y fails'}")
