"""``dollarflow graph``: the cross-holdings or flow graph of a period."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import BadInput


class Kind(StrEnum):
    """Which graph."""

    HOLDINGS = "holdings"
    FLOWS = "flows"


def graph(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="A .graphml, .json, .svg or .png file.")],
    when: Annotated[
        str | None,
        typer.Option("--period", "-p", metavar="N|DATE", help="The period, 0 the opening; or the first one that ends on or after a date."),
    ] = None,
    kind: Annotated[Kind, typer.Option("--kind", help="Holdings (issuer to holder) or flows (payer to payee).")] = Kind.HOLDINGS,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write the cross-holdings or flow graph of one period; edges carry instrument, kind and value (USD bn)."""
    from dollarflow.drawing import FORMATS, graph_bytes, sums
    from dollarflow.exporting.tables import warning
    from dollarflow.files import check_file, write_file
    from dollarflow.results.reader import read_result

    form = out.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise BadInput(f"--out {out}: the file's ending must be one of {', '.join('.' + name for name in FORMATS)}")
    check_file(out)
    result = read_result(folder)
    period = None if when is None else _number(when, result.dates)
    if period is None or not (0 if kind is Kind.HOLDINGS else 1) <= period <= result.periods:
        given = "--period is missing" if period is None else f"--period {when}"
        raise BadInput(f"{given}: {folder} has {existing(kind, result.dates)}")
    drawn = result.holdings_graph(period) if kind is Kind.HOLDINGS else result.flow_graph(period)
    said = warning(folder, result)
    if said:
        complain(said)
    noun = "holdings at the end of" if kind is Kind.HOLDINGS else "flows in"
    title = f"{noun[:1].upper()}{noun[1:]} period {period} ({result.dates[period]}), USD bn"
    write_file(out, graph_bytes(drawn, form, title))
    if not quiet:
        size = f"{drawn.number_of_nodes()} sectors, {drawn.number_of_edges()} edges"
        say(f"written: {out}: {noun} period {period} ({result.dates[period]}), {size}")
    if verbose:
        for (source, target), value in sorted(sums(drawn).items(), key=lambda item: -abs(item[1])):
            say(f"  {source} -> {target}: {value:,.3f}")


def _number(when: str, dates: Sequence[str]) -> int:
    """The period of a number or a date as text; the one after the last for a date outside the folder."""
    from datetime import date

    if when.lstrip("-").isdecimal():
        return int(when)
    try:
        day = date.fromisoformat(when).isoformat()
    except ValueError:
        raise BadInput(f"--period {when}: neither a number nor a date; write {len(dates) - 1} or {dates[-1]}") from None
    return len(dates) if day < dates[0] else bisect_left(dates, day)


def existing(kind: Kind, dates: Sequence[str]) -> str:
    """The periods of a folder that have a graph, in words."""
    last = len(dates) - 1
    if kind is Kind.HOLDINGS:
        return f"holdings of periods 0 to {last} ({dates[0]} to {dates[-1]})" if last else f"only the opening ({dates[0]}): --period 0"
    if not last:
        return f"no flows, only the opening ({dates[0]}): draw its holdings with --kind holdings --period 0"
    return f"flows of periods 1 to {last} ({dates[1]} to {dates[-1]})"
