"""``dollarflow freeze``: which markets move when one sector stops reacting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, progress_bar, say


def freeze(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.md", help="Write the tables to this file.")] = None,
    periods: Annotated[int, typer.Option("--periods", min=1, help="Weeks of each run: enough for every experiment's shock to begin.")] = 52,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Freeze each sector's decisions in turn and show by how much SOFR, the 10-year yield and reserves change."""
    from dollarflow.files import check_file, write_file
    from dollarflow.freezing import document
    from dollarflow.freezing import freeze as run

    if out is not None:
        check_file(out)
    with progress_bar("frozen runs", quiet) as progress:
        text = document(run(periods, progress))
    if out is not None:
        write_file(out, text.encode())
    if out is None or verbose:
        say(text)
    elif not quiet:
        say(f"written to {out}")
