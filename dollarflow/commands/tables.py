"""``dollarflow tables``: the accounting matrices, symbolic or with figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, say


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    MARKDOWN = "markdown"
    LATEX = "latex"
    CSV = "csv"


def tables(
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    date: Annotated[str | None, typer.Option("--date", metavar="D", help="Figures of that date; without it the symbols.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the balance-sheet, transaction-flow, revaluation and net-worth matrices, in symbols or with a date's figures."""
    from dollarflow.matrices import LETTERED, dated_tables, symbolic_tables
    from equations.accounts import CHART

    text = symbolic_tables(form.value) if date is None else dated_tables(form.value, date)
    say(text.partition("\n\n")[2] if quiet and form.value in LETTERED else text)
    if verbose and form.value in LETTERED:
        say("\n".join(["", *(f"{item.name}: {item.description}" for item in CHART.instruments)]))
