"""``dollarflow appendix``: matrices, equations, parameters and experiments as a LaTeX document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from dollarflow.console import Quiet, Verbose, complain, progress_bar, say
from dollarflow.errors import BadInput, Failed

ALL, NONE = "all", "none"
EXPERIMENTS = "Which to run for their table: all, none, names such as E7,E15, or a .json file that dollarflow experiments printed."


def appendix(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The document, a .tex file.")] = Path("appendix.tex"),
    experiments: Annotated[str, typer.Option("--experiments", metavar="WHICH", help=EXPERIMENTS)] = ALL,
    identities: Annotated[bool, typer.Option("--identities", help="Print the accounting identities as well.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compile it with pdflatex and report; exit 1 on an error.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write a paper's appendix: matrices, equations with units and sources, parameters with standard errors, experiments."""
    if out.suffix.lower() != ".tex":
        raise BadInput(f"--out {out}: the file's ending must be .tex")
    from dollarflow.appendix import appendix as document
    from dollarflow.appendix import compiled
    from dollarflow.files import check_file, write_file

    check_file(out)
    text = document(rows(experiments, quiet), identities=identities)
    write_file(out, text.encode())
    if not quiet:
        say(f"written: {out}")
    if not check:
        return
    outcome = compiled(text)
    if outcome is None:
        complain("not compiled: there is no pdflatex on this machine")
        return
    if outcome.errors or not outcome.pages:
        for line in outcome.errors[:20]:
            complain(line)
        raise Failed(f"{out} does not compile: {outcome}")
    if not quiet:
        say(f"compiled with pdflatex: {outcome}")


def rows(experiments: str, quiet: bool) -> list[dict[str, Any]]:
    """The rows of the experiments asked for: run now, or read from a file.

    Raises
    ------
    BadInput
        An unknown experiment, or a file without such rows.
    """
    if experiments == NONE:
        return []
    if experiments.lower().endswith(".json"):
        return read_rows(Path(experiments))
    from dollarflow.experiments.registry import chosen
    from dollarflow.experiments.registry import rows as run

    items = chosen(() if experiments == ALL else experiments.split())
    found: list[dict[str, Any]] = []
    with progress_bar("experiments", quiet) as advance:
        for count, (_, checks) in enumerate(run(items), start=1):
            found += [check.as_dict() for check in checks]
            if advance is not None:
                advance(count, len(items))
    return found


def read_rows(place: Path) -> list[dict[str, Any]]:
    """Rows that ``dollarflow experiments --format json`` printed.

    Raises
    ------
    BadInput
        No such file, or no such rows in it.
    """
    from dollarflow.experiments.check import FIELDS

    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"--experiments {place}: {error.strerror}") from None
    except ValueError as error:
        raise BadInput(f"--experiments {place}: not JSON: {error}") from None
    if not isinstance(found, list) or not all(isinstance(row, dict) and set(FIELDS) <= set(row) for row in found):
        raise BadInput(f"--experiments {place}: expected a list of rows with {', '.join(FIELDS)}, as experiments --format json prints")
    return found
