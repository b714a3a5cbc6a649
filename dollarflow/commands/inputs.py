"""``dollarflow inputs``: the exogenous variables and parameters that a run may be given."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, say


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"


def inputs(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Inputs; without any, all.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List what --set and scenario files may give: unit, baseline value, bounds, description; of parameters, source and assumption."""
    import json

    from dollarflow.input_list import chosen, table

    items = chosen(names or [])
    if form is Format.JSON:
        say(json.dumps([item.as_dict() for item in items], indent=1, ensure_ascii=False))
    else:
        say("\n".join(item.name for item in items) if quiet else table(items))
