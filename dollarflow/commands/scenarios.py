"""``dollarflow scenarios``: the library of scenarios."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.commands.completing import scenario_names
from dollarflow.console import Quiet, Verbose, say


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"


def scenarios(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Explain one scenario.", autocompletion=scenario_names)] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List the scenarios with the starts that they accept, or explain one: story, source, shocks, expected sign and size."""
    from dollarflow.scenarios import explain, library, scenario

    chosen = library() if name is None else (scenario(name),)
    if form is Format.JSON:
        say(json.dumps([item.model_dump(mode="json", by_alias=True, exclude_none=True) for item in chosen], indent=2, ensure_ascii=False))
    elif name is None:
        if quiet:
            say("\n".join(item.name for item in chosen))
            return
        from dollarflow.starts import in_words

        width = max(len(item.name) for item in chosen)
        for item in chosen:
            say(f"{item.name:<{width}}  starts {in_words(item):<24}  {item.title}")
            if verbose and item.story:
                say(f"{'':<{width}}  {' '.join(item.story.split())}")
    else:
        from dollarflow.starts import in_words

        say(chosen[0].title if quiet else explain(chosen[0], in_words(chosen[0])))
