"""``dollarflow stability``: roots of the linearised system, and its steady state or balanced growth path."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dollarflow.console import Quiet, Verbose, say
from dollarflow.errors import BadInput
from dollarflow.lengths import LONGEST, check_length

if TYPE_CHECKING:
    from model.periods.path import Path as Solved


class Form(StrEnum):
    """Output format."""

    TEXT = "text"
    JSON = "json"


def stability(
    name: Annotated[str, typer.Argument(metavar="SCENARIO|FILE.txt", help="A scenario, or a text model.")] = "baseline",
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="Date of the opening balance sheets.")] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="D", help="Where to linearise; default the last date.")] = None,
    periods: Annotated[int | None, typer.Option("--periods", "-n", help=f"Periods to solve first, 1 to {LONGEST}.")] = None,
    count: Annotated[int, typer.Option("--count", help="How many roots to show.")] = 20,
    growth: Annotated[float | None, typer.Option("--growth", help="Growth of amounts per period; default that of trend income.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Output format.")] = Form.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show how fast deviations grow or die out and what carries them, and the steady state or balanced growth path."""
    import json

    from dollarflow.linear import as_json, in_words
    from dollarflow.linear import stability as found_at
    from model.derivatives.stability import StabilityError

    if count < 1:
        raise BadInput(f"--count {count}: must be 1 or more")
    if growth is not None and not -0.5 < growth < 0.5:
        raise BadInput(f"--growth {growth:g}: growth per period, between -0.5 and 0.5")
    if periods is not None:
        check_length(periods, f"--periods {periods}")
    if name.lower().endswith(".txt"):
        path = _text_model(Path(name), periods, start, day)
    else:
        path = _scenario(name, start, day, periods)
    try:
        found = found_at(path, -1 if day is None else day, count, growth)
    except StabilityError as error:
        raise BadInput(f"{name}: {error}") from None
    except (ValueError, IndexError) as error:
        raise BadInput(f"--date {day}: {error}") from None
    if form is Form.JSON:
        say(json.dumps(as_json(found, path), indent=1))
    elif not quiet:
        say(in_words(found, path))
        if verbose:
            from dollarflow.trace import trace

            for line in trace(path):
                say(line)


def _text_model(file: Path, periods: int | None, start: str | None, day: str | None) -> Solved:
    from model.textmodel import read_text_model, solve_model

    if start is not None or day is not None:
        raise BadInput(f"{file}: a text model has no dates; use --periods")
    return solve_model(read_text_model(file), periods or 100, False)


def _scenario(name: str, start: str | None, day: str | None, periods: int | None) -> Solved:
    from datetime import date

    from dollarflow.scenarios import scenario
    from dollarflow.session import Request, day_of, solve_request

    request = Request(scenario(name), start=start, periods=periods)
    if day is not None and periods is None:
        try:
            until = date.fromisoformat(day)
        except ValueError:
            raise BadInput(f"--date {day!r} is not a date; write 2026-10-28") from None
        weeks = -(-(until - day_of(request)).days // 7)
        if weeks < 1:
            raise BadInput(f"--date {day}: give a date after the opening's, {day_of(request)}")
        request = Request(scenario(name), start=start, periods=weeks, clock="weekly")
    return solve_request(request).path
