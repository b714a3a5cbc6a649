"""What commands say: results on stdout, diagnosis and progress on stderr, a progress bar on terminals only."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors and what was asked for.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: the solver's blocks, certificates, places.")]


def say(text: str = "") -> None:
    """Prints a line on stdout."""
    typer.echo(text)


def complain(text: str) -> None:
    """Prints a line on stderr."""
    typer.echo(text, err=True)


@contextlib.contextmanager
def progress_bar(label: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A callback for (done, total) that draws a bar on stderr; None where stderr is no terminal or quiet is asked."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
