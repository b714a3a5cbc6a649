"""The commands, one file each, imported when they are asked for; a command imports what it needs when it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

NAMES = (
    "run",
    "audit",
    "compare",
    "scenarios",
    "experiments",
    "claims",
    "tables",
    "target",
    "inputs",
    "equations",
    "graph",
    "report",
    "figure",
    "appendix",
    "export",
    "lab",
    "calibrate",
    "backtest",
    "forecast",
    "ensemble",
    "institutions",
    "freeze",
    "sensitivities",
    "stability",
    "solve",
    "completion",
)
"""In the order of ``--help``; each is a function in the file of its name."""


class Commands(Mapping[str, Callable[..., Any]]):
    """The functions behind the commands by name."""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name not in NAMES:
            raise KeyError(name)
        found: Callable[..., Any] = getattr(import_module(f"dollarflow.commands.{name}"), name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


COMMANDS = Commands()
