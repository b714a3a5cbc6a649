"""``dollarflow report``: one self-contained page made from a result folder, or from two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import BadInput, Failed

ENDINGS = (".html", ".htm")
SHOWN = 3
"""Lines of a failed audit that are printed; the page has more."""


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    second: Annotated[Path | None, typer.Argument(metavar="DIR2", help="Another result: shown against DIR, which is the base.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The page, a .html file.")] = Path("report.html"),
    mechanisms: Annotated[
        bool, typer.Option("--mechanisms", help="With two folders: solve the model again to say which changed input made the difference.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write a page with charts, tables and matrices that opens offline; with two folders, base against changed.

    The page comes from the folders alone and carries the verdict of a new audit; exit 1 where that audit fails.
    """
    if out.suffix.lower() not in ENDINGS:
        raise BadInput(f"--out {out}: the file's ending must be .html")
    if mechanisms and second is None:
        raise BadInput("--mechanisms explains the difference of two results: name a second folder")
    from dollarflow.charts.names import SECTORS
    from dollarflow.charts.pair import read_pair
    from dollarflow.files import check_file, write_file
    from dollarflow.reports.mechanisms import by_mechanism
    from dollarflow.reports.page import page
    from dollarflow.reports.provenance import verdict

    check_file(out)
    base, changed = read_pair(folder, second)
    runs = (changed,) if base is None else (base, changed)
    for run in runs:
        others = sorted(set(run.sectors) - set(SECTORS))
        if others:
            raise BadInput(f"{run.folder}: a report shows the eight sectors of dollarflow run, this result has {others[0]} among its own")
    explained = by_mechanism(folder, second) if mechanisms and second is not None else None
    verdicts = [verdict(run) for run in runs]
    with progress_bar("report", quiet) as progress:
        content = page(changed, base, progress, explained, verdicts).encode(errors="replace")
    write_file(out, content)
    if not quiet:
        say(f"written: {out} ({len(content) / 1e6:.1f} MB)")
    failed = [(run, found) for run, found in zip(runs, verdicts, strict=True) if not found.sound]
    for _, found in failed:
        for line in found.lines if verbose else found.lines[:SHOWN]:
            complain(line)
    if failed:
        raise Failed(f"audit of {' and '.join(str(run.folder) for run, _ in failed)} FAILED: the page says so at its top")
