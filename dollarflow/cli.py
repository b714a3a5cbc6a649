"""The command line: ``dollarflow`` and ``python -m dollarflow``.

Exit codes: 0 done; 1 the model or the audit failed, with the diagnosis on stderr; 2 bad input, with one message on stderr.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from typer.completion import completion_init  # type: ignore[attr-defined]

from dollarflow.commands import COMMANDS
from dollarflow.commands.completion import VARIABLE
from dollarflow.commands.examples import epilog
from dollarflow.console import complain
from dollarflow.errors import Failed, kinds
from dollarflow.packages import absent
from dollarflow.words import Command, Group

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""What a full disk or a closed stream answers."""


class Commands(Group):
    """A group whose help has every command's description in full, over several lines where one is too short."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the list of commands: each with the first sentence of what it does."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, (item.help or "").strip().partition("\n\n")[0].replace("\n", " ")) for name, item in found if item is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("dollarflow")
        except PackageNotFoundError:
            found = "(run from its folder, not installed)"
        typer.echo(f"dollarflow {found}")
        raise typer.Exit


def _entry(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and exit.")) -> None:
    """A stock-flow-consistent model of the dollar system: who holds, funds and creates the dollars that buy Treasury debt."""


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with the named commands."""
    found = typer.Typer(
        name="dollarflow",
        cls=Commands,
        help="A stock-flow-consistent model of the dollar system.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 120},
    )
    found.callback()(_entry)
    for name in names:
        found.command(name=name, cls=Command, epilog=epilog(name))(COMMANDS[name])
    return found


def __getattr__(name: str) -> typer.Typer:
    """``app`` is the command line with all commands, built when it is asked for."""
    if name == "app":
        return application()
    raise AttributeError(f"module 'dollarflow.cli' has no attribute {name!r}")


def call(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; messages go to stderr.

    Parameters
    ----------
    arguments
        The words after ``dollarflow``; None for those of the process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if VARIABLE in os.environ:
        completion_init()
    try:
        app = application(words[:1] if words and words[0] in COMMANDS else COMMANDS)
        code = app(args=words, prog_name="dollarflow", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.errno not in FULL or error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        complain(f"dollarflow: cannot write on standard output: {error.strerror}")
        return 1
    except (KeyboardInterrupt, typer.Abort):
        complain("dollarflow: interrupted")
        return 130
    except MemoryError:
        complain("dollarflow: out of memory; ask for fewer periods (--periods) or a longer period (--clock)")
        return 1
    except Failed as error:
        complain(str(error))
        return 1
    except ModuleNotFoundError as error:
        message = absent(error, f"dollarflow {words[0]}" if words else "dollarflow")
        if not message:
            raise
        complain(message)
        return 2
    except Exception as error:
        return _answer(error)
    return code if isinstance(code, int) else 0


def _answer(error: Exception) -> int:
    """One message for bad input and failures to solve; anything else is a defect and is raised on."""
    if hasattr(error, "format_message"):
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "dollarflow"
        message = error.format_message().replace("Value error, ", "")
        if not message:
            return 2
        complain(f"{command}: {message} (try {command} --help)")
        return 2
    from model.periods.failure import SolveFailure

    if isinstance(error, SolveFailure):
        complain(f"dollarflow: {error}")
        return 1
    if isinstance(error, kinds()):
        complain(f"dollarflow: {error}")
        return 2
    raise error
