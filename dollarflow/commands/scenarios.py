"""``dollarflow scenarios``: the library of scenarios."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, say


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"


def scenarios(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Explain one scenario.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List the scenarios, one line each, or explain one: story, source, shocks, expected sign and size."""
    from dollarflow.scenarios import explain, library, scenario

    chosen = library() if name is None else (scenario(name),)
    if form is Format.JSON:
        say(json.dumps([item.model_dump(mode="json", by_alias=True, exclude_none=True) for item in chosen], indent=2, ensure_ascii=False))
    elif name is None:
        width = max(len(item.name) for item in chosen)
        for item in chosen:
            say(item.name if quiet else f"{item.name:<{width}}  {item.title}")
    else:
        say(explain(chosen[0]))
