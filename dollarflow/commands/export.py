"""``dollarflow export``: a result folder for other tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say
from dollarflow.errors import BadInput


class Format(StrEnum):
    """What to write."""

    PARQUET = "parquet"
    NETCDF = "netcdf"
    JSON = "json"
    CSV = "csv"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file; of Parquet the path's table, the others beside it.")],
    form: Annotated[Format | None, typer.Option("--format", help="What to write; without it, as the file's ending says.")] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write a result as Parquet, netCDF, JSON or long CSV, every figure to the last bit and with its unit."""
    from dollarflow.exporting import export_folder, record_of_folder
    from dollarflow.exporting.files import ENDINGS
    from dollarflow.exporting.tables import warning
    from dollarflow.files import check_file
    from dollarflow.results.reader import read_result

    chosen = form.value if form is not None else ENDINGS.get(out.suffix.lower(), "")
    if not chosen:
        raise BadInput(f"--out {out}: the ending says no format; end it with {', '.join(ENDINGS)} or give --format")
    check_file(out)
    result = read_result(folder)
    record = record_of_folder(result)
    said = warning(folder, result)
    if said:
        complain(said)
    files = export_folder(record, chosen, out)
    if not quiet:
        for file in files:
            say(f"written: {file}")
    if verbose:
        for frame in record.frames.values():
            say(f"  {frame.name}: {len(frame)} rows, {len(frame.columns)} columns")
