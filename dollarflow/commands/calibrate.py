"""``dollarflow calibrate``: data to balanced opening states and estimated parameters, with standard errors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say

EXPECTED = ("missing observation", "not in the catalogue", "incomplete period")
"""Notes of what nearly every folder has, closed days, unused columns and quarters not yet over, that only ``--verbose`` shows."""


def calibrate(
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Published files; their figures replace the compiled.")] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="CHECK", help="Accept what a named check found in the files.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the tables there.")] = None,
    profiles: Annotated[bool, typer.Option("--profiles", help="Also the profile likelihood of every parameter: profiles.csv.")] = False,
    posterior: Annotated[
        str | None, typer.Option("--posterior", metavar="RELATION", help="Also a posterior sample of a relation such as reserve_demand.")
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Balance the openings, estimate the parameters with standard errors, and say how the estimates differ from the model's values."""
    from dollarflow.calibrating import calibrated, further_tables, newer_from, strained_text, write_tables

    newer, notes = newer_from(data, tuple(accept or ()))
    further = further_tables(newer, profiles, posterior)
    tables, text = calibrated(newer)
    if not quiet:
        for table in further.values():
            text += f"\n\n{table.rstrip()}"
    tables = {**tables, **further}
    for note in notes:
        if verbose or not (quiet or note.startswith(EXPECTED)):
            complain(note)
    if not quiet:
        say(f"{text}\n\n{strained_text(newer)}")
    if out is not None:
        for place in write_tables(tables, out):
            if not quiet:
                say(f"wrote {place}")
