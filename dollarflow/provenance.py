"""What a result came from: versions, digests of system, parameters and opening, and the solver's own account."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.printing.str import StrPrinter

from dollarflow.observed import notices
from dollarflow.results.digests import ALGORITHMS
from dollarflow.results.schema import FORMAT
from model.language.accounts import Chart, Valuation
from model.language.system import System
from model.language.units import Unit

if TYPE_CHECKING:
    from dollarflow.solved import Solved

PACKAGES = ("dollarflow", "numpy", "scipy", "sympy", "networkx", "llvmlite", "pandas", "pydantic")


def versions() -> dict[str, str]:
    """Versions of Python, of the machine's architecture and of the packages that a result depends on."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def digest_of(content: Any) -> str:
    """SHA-256 of a value's JSON text with sorted keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


class Text(StrPrinter):  # type: ignore[misc]
    """SymPy's plain text of an expression, terms in the order in which they are kept; what occurs again is printed once."""

    def __init__(self) -> None:
        super().__init__({"order": "none"})
        self._printed: dict[sp.Basic, str] = {}
        self._bracketed: dict[tuple[sp.Basic, int, bool], str] = {}

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, sp.Symbol):
            return str(expr.name)
        if not isinstance(expr, sp.Basic):
            return str(super()._print(expr, **kwargs))
        if expr not in self._printed:
            self._printed[expr] = super()._print(expr, **kwargs)
        return self._printed[expr]

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """The text of a part, in brackets where what is around it binds more tightly."""
        if isinstance(item, sp.Symbol):
            return str(item.name)
        if (item, level, strict) not in self._bracketed:
            self._bracketed[item, level, strict] = super().parenthesize(item, level, strict)
        return self._bracketed[item, level, strict]


def system_digest(system: System) -> str:
    """SHA-256 over every equation, exogenous variable and hidden identity, whatever order they are declared in."""
    printer = Text()
    lines = [
        f"{e.name}|{e.kind}|{printer.doprint(e.left)}|{printer.doprint(e.right)}" for e in sorted(system.equations, key=lambda e: e.name)
    ]
    lines += [f"exogenous|{name}" for name in sorted(v.base for v in system.exogenous)]
    lines += [f"hidden|{h.name}|{printer.doprint(h.expression)}" for h in sorted(system.hidden, key=lambda h: h.name)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def accounts_entry(chart: Chart) -> dict[str, Any]:
    """The chart of accounts as an auditor needs it: how each instrument is valued and what it pays."""
    instruments: dict[str, Any] = {}
    for item in chart.instruments:
        entry: dict[str, Any] = {"valuation": item.valuation.value, "rate": None if item.rate is None else item.rate.base}
        if item.rates:
            entry["rates"] = {f"{issuer} {holder}": rate.base for (issuer, holder), rate in item.rates}
        if item.valuation is Valuation.COUPON and item.amortisation is not None and item.price_yield is not None:
            entry |= {"amortisation": item.amortisation.name, "price_yield": item.price_yield.base}
        instruments[item.name] = entry
    return {"sectors": [s.name for s in chart.sectors], "period_length": chart.period.base, "instruments": instruments}


def units_entry(system: System) -> dict[str, str]:
    """Names of the variables of each unit, separated by spaces."""
    found: dict[Unit, list[str]] = {}
    for name, variable in sorted(system.variables.items()):
        found.setdefault(variable.unit, []).append(name)
    return dict(sorted((str(unit), " ".join(names)) for unit, names in found.items()))


def regime_spells(regimes: tuple[Mapping[str, str], ...]) -> dict[str, list[str]]:
    """For each complementarity condition its regimes as spells, such as ``1-12 interior``."""
    found: dict[str, list[str]] = {}
    for name in sorted({n for regime in regimes for n in regime}):
        states = [regime.get(name, "") for regime in regimes]
        spells: list[str] = []
        start = 1
        for period in range(2, len(states) + 1):
            if period == len(states) or states[period] != states[start]:
                span = str(start) if period - 1 == start else f"{start}-{period - 1}"
                spells.append(f"{span} {states[start]}")
                start = period
        found[name] = spells
    return found


def manifest_content(run: Solved) -> dict[str, Any]:
    """The manifest of a simulation without its digests; the same run gives the same content, byte for byte."""
    path = run.path
    parameters = dict(zip(path.parameter_names, path.parameter_rows.T.tolist(), strict=True))
    varying = {name: values for name, values in parameters.items() if len(set(values)) > 1}
    dates = path.dates or ()
    relative = np.where(path.hidden_scales > 0, np.abs(path.hidden_gaps) / np.where(path.hidden_scales > 0, path.hidden_scales, 1.0), 0.0)
    statistics = path.statistics
    return {
        "format": FORMAT,
        "versions": versions(),
        "scenario": {
            "name": run.scenario.name,
            "title": run.scenario.title,
            "story": " ".join(run.scenario.story.split()),
            "source": run.scenario.source,
            "digest": digest_of(run.scenario.model_dump(mode="json")),
            "parameters": dict(run.scenario.parameters),
            "shocks": [str(shock) for shock in run.scenario.shock],
            "switches": dict(run.scenario.switch),
            "exogenised": [name for name, _ in run.scenario.exogenise],
            "baseline": run.scenario.baseline,
            "expected": [item.model_dump(mode="json", by_alias=True, exclude_none=True) for item in run.scenario.expect],
            "overrides": dict(run.overrides),
        },
        "clock": {"name": run.clock, "start": dates[0].isoformat(), "end": dates[-1].isoformat(), "periods": path.periods},
        "seed": None,
        "hashes": {
            "system": system_digest(path.system),
            "parameters": digest_of(parameters),
            "opening": digest_of(dict(sorted(run.opening.items()))),
        },
        "accounts": accounts_entry(run.chart),
        "units": units_entry(path.system),
        "parameters": {name: values[0] for name, values in parameters.items() if name not in varying},
        "parameter_paths": varying,
        "solver": {
            "equations": statistics.equations,
            "blocks": statistics.blocks,
            "simultaneous_blocks": statistics.simultaneous,
            "largest_block": statistics.largest,
            "torn_unknowns": statistics.torn,
            "iterations": statistics.iterations,
            "most_iterations_in_a_period": statistics.most,
            "regimes": regime_spells(path.regimes),
        },
        "certificates": {
            "largest": float(path.certificates.max(initial=0.0)),
            "by_period": path.certificates.tolist(),
            "hidden": {
                hidden.name: {
                    "largest_gap": float(np.abs(path.hidden_gaps[:, j]).max(initial=0.0)),
                    "largest_relative_gap": float(relative[:, j].max(initial=0.0)),
                    "by_period": path.hidden_gaps[:, j].tolist(),
                }
                for j, hidden in enumerate(path.system.hidden)
            },
            "opening": str(path.consistency),
        },
        "audit": {
            "verdict": "failed" if run.violations else "passed",
            "checks": list(run.checks),
            "violations": [str(violation) for violation in run.violations],
        },
        "notes": notices(run),
        "digest_algorithms": dict(ALGORITHMS),
    }
