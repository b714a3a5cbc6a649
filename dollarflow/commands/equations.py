"""``dollarflow equations``: the equations with labels, numbers, units and sources."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, say
from dollarflow.errors import BadInput


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    LATEX = "latex"


def equations(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Equations or variables; without any, all.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print equations with what they say in words, their number, unit and source."""
    from dollarflow.economy import economy
    from dollarflow.listing import chosen, listing, with_values
    from dollarflow.scenarios import scenario

    system = economy(scenario("baseline"))
    try:
        selected = chosen(system, names or [])
    except KeyError as error:
        raise BadInput(str(error.args[0])) from None
    say(listing(system, selected, form.value, brief=quiet))
    if verbose and form is Format.TEXT:
        say(with_values(selected))
