"""The page of commands: what each prints under ``--help``."""

from __future__ import annotations

import os


def command_page() -> str:
    """Every command with its options and examples."""
    import typer.main

    from dollarflow.cli import app

    os.environ["COLUMNS"] = "84"
    group = typer.main.get_command(app)
    parts = [
        "# Commands",
        "Every command takes `--help`, `--quiet` and `--verbose`. Exit codes: 0 done; 1 the model or the audit failed, with the diagnosis "
        "on stderr; 2 bad input, one message. `dollarflow completion bash` prints a completion script.",
    ]
    with group.make_context("dollarflow", [], resilient_parsing=True) as outer:
        for name in group.list_commands(outer):
            command = group.get_command(outer, name)
            with command.make_context(name, [], parent=outer, resilient_parsing=True) as context:
                parts += [f"## {name}", f"```text\n{command.get_help(context).strip()}\n```"]
    return "\n\n".join(parts) + "\n"
