"""``dollarflow audit``: a result folder re-checked from its files alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import Failed

SHOWN = 20
"""Causes that are named; the rest is counted."""


def audit(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Re-check a result folder from its files alone; exit 1 with file, line and column of what was altered."""
    from dollarflow.results import audit_folder
    from dollarflow.results.findings import PLACES, grouped, told

    outcome = audit_folder(folder)
    if not outcome.sound:
        groups = grouped(outcome.findings)
        for group in groups if verbose else groups[:SHOWN]:
            for line in told(group, None if verbose else PLACES):
                complain(line)
        if len(groups) > SHOWN and not verbose:
            complain(f"and {len(groups) - SHOWN} more causes (--verbose shows all)")
        count = len(outcome.findings)
        told_of = f"{count} finding{'s' if count > 1 else ''}, {len(groups)} cause{'s' if len(groups) > 1 else ''}"
        raise Failed(f"audit of {folder} FAILED: {told_of}")
    if not quiet:
        size = f"{outcome.periods} periods, {outcome.figures:,} fields"
        say(f"audit of {folder} passed: {size}; accounts close to 1e-6 bn, every digest agrees")
