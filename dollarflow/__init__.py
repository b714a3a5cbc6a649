"""A stock-flow-consistent model of the dollar system.

>>> from dollarflow import dollar_system, opening_state, simulate, scenario, compare

A simulation is a system, an opening and, where asked, a scenario::

    base = simulate(dollar_system(), opening_state("2025-10-29"), periods=52)
    base.frame["sofr"]
    base.balance_sheet("2026-01-28")

Names are loaded when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dollarflow.comparison import Comparison, compare
    from dollarflow.economy import opening_state
    from dollarflow.fitting import Fitted, fit
    from dollarflow.results import audit_folder
    from dollarflow.scenarios import scenario
    from dollarflow.simulation import Simulation, simulate
    from dollarflow.state import State
    from dollarflow.targeting import Targeted, target
    from equations.dollar_system import dollar_system
    from model.language.system import System
    from model.periods.path import Path
    from model.scenarios.scenario import Scenario

__all__ = [
    "Comparison",
    "Fitted",
    "Path",
    "Scenario",
    "Simulation",
    "State",
    "System",
    "Targeted",
    "audit_folder",
    "compare",
    "dollar_system",
    "fit",
    "opening_state",
    "scenario",
    "simulate",
    "target",
]

_HOMES = {
    "Comparison": "dollarflow.comparison",
    "Fitted": "dollarflow.fitting",
    "Path": "model.periods.path",
    "Scenario": "model.scenarios.scenario",
    "Simulation": "dollarflow.simulation",
    "State": "dollarflow.state",
    "System": "model.language.system",
    "Targeted": "dollarflow.targeting",
    "audit_folder": "dollarflow.results",
    "compare": "dollarflow.comparison",
    "dollar_system": "equations.dollar_system",
    "fit": "dollarflow.fitting",
    "opening_state": "dollarflow.economy",
    "scenario": "dollarflow.scenarios",
    "simulate": "dollarflow.simulation",
    "target": "dollarflow.targeting",
}


def __getattr__(name: str) -> Any:
    """The public name, loaded from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dollarflow' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
