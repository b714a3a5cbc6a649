"""The commands, one file each; a command imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dollarflow.commands.appendix import appendix
from dollarflow.commands.audit import audit
from dollarflow.commands.backtest import backtest
from dollarflow.commands.calibrate import calibrate
from dollarflow.commands.claims import claims
from dollarflow.commands.compare import compare
from dollarflow.commands.completion import completion
from dollarflow.commands.ensemble import ensemble
from dollarflow.commands.equations import equations
from dollarflow.commands.experiments import experiments
from dollarflow.commands.export import export
from dollarflow.commands.figure import figure
from dollarflow.commands.freeze import freeze
from dollarflow.commands.graph import graph
from dollarflow.commands.inputs import inputs
from dollarflow.commands.institutions import institutions
from dollarflow.commands.lab import lab
from dollarflow.commands.report import report
from dollarflow.commands.run import run
from dollarflow.commands.scenarios import scenarios
from dollarflow.commands.sensitivities import sensitivities
from dollarflow.commands.solve import solve
from dollarflow.commands.stability import stability
from dollarflow.commands.tables import tables
from dollarflow.commands.target import target

COMMANDS: dict[str, Callable[..., Any]] = {
    "run": run,
    "audit": audit,
    "compare": compare,
    "scenarios": scenarios,
    "experiments": experiments,
    "claims": claims,
    "tables": tables,
    "target": target,
    "inputs": inputs,
    "equations": equations,
    "graph": graph,
    "report": report,
    "figure": figure,
    "appendix": appendix,
    "export": export,
    "lab": lab,
    "calibrate": calibrate,
    "backtest": backtest,
    "ensemble": ensemble,
    "institutions": institutions,
    "freeze": freeze,
    "sensitivities": sensitivities,
    "stability": stability,
    "solve": solve,
    "completion": completion,
}
