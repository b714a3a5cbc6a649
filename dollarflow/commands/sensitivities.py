"""``dollarflow sensitivities``: the parameters and inputs that matter most for a variable of a result."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.commands.completing import variable_names
from dollarflow.console import Quiet, Verbose, say
from dollarflow.errors import BadInput

SIDES = {1: "one-sided, for a rise only", -1: "one-sided, for a fall only", None: "of neither side"}


class Form(StrEnum):
    """Output format."""

    TEXT = "text"
    JSON = "json"


def sensitivities(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    of: Annotated[str, typer.Option("--of", metavar="VARIABLE", help="The variable to explain.", autocompletion=variable_names)],
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="When; default the last date.")] = None,
    count: Annotated[int, typer.Option("--count", "-n", help="How many inputs to show.")] = 10,
    form: Annotated[Form, typer.Option("--format", help="Output format.")] = Form.TEXT,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show the parameters and inputs that matter most for a variable, by exact derivatives of the solved path."""
    import json
    import math

    from dollarflow.importance import change, influences, path_of_folder, with_kinks
    from dollarflow.summary import written

    if count < 1:
        raise BadInput(f"--count {count}: must be 1 or more")
    path = path_of_folder(folder)
    items = with_kinks(path, influences(path, of, at)[:count])
    period = path.periods if at is None else path.period(at)
    if form is Form.JSON:
        rows = [{k: None if isinstance(v, float) and math.isnan(v) else v for k, v in item.__dict__.items()} for item in items]
        say(json.dumps({"variable": of, "period": period, "value": float(path[of][period]), "influences": rows}, indent=1))
        return
    day = f" on {path.dates[period]}" if path.dates else f" in period {period}"
    unit = path.system.variables[of].unit
    say(f"{of}: {written(float(path[of][period]), unit, of)}{day}")
    say(f"{'input':32s}{'kind':11s}{'value':>13s}{'elasticity':>13s}{'effect':>15s}  of a step of")
    for item in items:
        elasticity = "" if math.isnan(item.elasticity) else f"{item.elasticity:+.4g}"
        mark = " *" if item.one_sided else ""
        say(f"{item.name:32s}{item.kind:11s}{item.value:13.5g}{elasticity:>13s}{change(item.effect, unit):>15s}  {item.step}{mark}")
    if not quiet:
        say("Effects are to first order, other inputs (anchored parameters among them) held; exogenous paths move in all periods.")
        for item in items:
            if item.one_sided:
                say(f"* {item.name}: {SIDES[item.side]}, a kink is active in {', '.join(item.one_sided)}")
    if verbose:
        from dollarflow.trace import trace

        for line in trace(path):
            say(line)
