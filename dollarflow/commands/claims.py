"""``dollarflow claims``: the register of the essays' claims, each with its verdict and the computed numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import Failed


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def claims(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NUMBER", help="Claims such as 12 or 1c.4; all without one.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the essays' claims with verdict and computed numbers; exit 1 when numbers contradict a verdict."""
    from dollarflow.claims import answers, chosen
    from dollarflow.claims.table import as_json, as_markdown, as_text, counts

    items = chosen(numbers or ())
    found = []
    with progress_bar("claims", quiet) as advance:
        for count, answer in enumerate(answers(items), start=1):
            found.append(answer)
            if form is Format.TEXT and not quiet:
                say(as_text(answer))
                say()
            if advance is not None:
                advance(count, len(items))
    if form is Format.JSON:
        say(as_json(found))
    elif form is Format.MARKDOWN:
        say(as_markdown(found).rstrip("\n"))
    elif not quiet:
        say(counts(found))
    wrong = [answer for answer in found if answer.contradicted]
    for answer in wrong:
        complain(f"claim {answer.claim.number}: the register says {answer.claim.verdict!r}, its numbers say {answer.ruled!r}")
    if wrong:
        raise Failed(f"{len(wrong)} of {len(found)} verdicts contradict their numbers")
