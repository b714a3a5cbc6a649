"""``dollarflow audit``: a result folder re-checked from its files alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import Failed

SHOWN = 50


def audit(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Re-check a result folder from its files alone; exit 1 with file, line and column of what was altered."""
    from dollarflow.results import audit_folder

    outcome = audit_folder(folder)
    if not outcome.sound:
        shown = outcome.findings if verbose else outcome.findings[:SHOWN]
        for finding in shown:
            complain(str(finding))
        more = len(outcome.findings) - len(shown)
        if more:
            complain(f"and {more} more (--verbose shows all)")
        count = len(outcome.findings)
        raise Failed(f"audit of {folder} FAILED: {count} finding{'s' if count > 1 else ''}")
    if not quiet:
        size = f"{outcome.periods} periods, {outcome.figures:,} fields"
        say(f"audit of {folder} passed: {size}; accounts close to 1e-6 bn, every digest agrees")
