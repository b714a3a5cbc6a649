"""``dollarflow completion``: the script that makes a shell complete commands, options and names."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say

NAME, VARIABLE = "dollarflow", "_DOLLARFLOW_COMPLETE"
PLACES = {
    "bash": "append it to ~/.bashrc",
    "zsh": "save it as _dollarflow in a folder of $fpath",
    "fish": "save it as ~/.config/fish/completions/dollarflow.fish",
}


class Shell(StrEnum):
    """A shell."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the completion script of a shell: commands, options, scenarios, parameters, dates and a result's variables."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    say(get_completion_script(prog_name=NAME, complete_var=VARIABLE, shell=shell.value))
    if verbose:
        complain(f"{shell.value}: {PLACES[shell.value]}, then start a new shell")
