"""Which mechanism an input belongs to, so that what changed between two runs can be switched block by block."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

import numpy as np

from dollarflow.attribution.runs import Inputs
from model.language.equation import ADD_FACTOR
from model.language.symbols import Parameter, Variable

OPENING, EQUATIONS = "opening", "equations"
LABELS = {
    "accounts": "maturities",
    "policy": "policy rates",
    "calendar": "calendar",
    "real_side": "real side",
    "term_structure": "expectations and term premium",
    "treasury": "Treasury and budget",
    "repo": "repo market and facilities",
    "coupons": "demand for notes and bonds",
    "fed": "Fed programmes and income",
    "bills": "demand for bills",
    "money_funds": "money funds",
    "hedge_funds": "hedge funds and futures",
    "banks": "banks",
    "foreign": "foreign holders and the dollar",
    "private": "residents",
    "money": "definitions of money",
    "money_creation": "definitions of money",
}
"""Mechanisms by module of the economy; a module imports only from those above it, so a parameter belongs to the first that has it."""
POLICY_HOMES = {
    "rate_": "policy",
    "iorb_gap": "policy",
    "rrp_gap": "policy",
    "srf_gap": "policy",
    "dw_gap": "policy",
    "qt_": "fed",
    "qe_": "fed",
    "twist": "fed",
    "rmp_": "fed",
    "srf_on": "repo",
    "debt_limit": "treasury",
    "shutdown": "treasury",
    "issuance_surprise": "treasury",
    "coupon_surprise": "treasury",
    "sanctions": "foreign",
    "official_sales": "foreign",
    "foreign_rate": "foreign",
}
"""Policy paths by the beginning of their names."""


@lru_cache(maxsize=1)
def homes() -> dict[str, str]:
    """Module that each parameter, equation (for its add-factor) and exogenous variable belongs to."""
    from equations import calendar, policy

    found: dict[str, str] = {}
    for name in LABELS:
        module = import_module(f"equations.{name}")
        for value in vars(module).values():
            for item in value.values() if isinstance(value, dict) else (value,):
                if isinstance(item, Parameter):
                    found.setdefault(item.name, name)
        for equation in getattr(module, "EQUATIONS", ()):
            found[ADD_FACTOR + equation.name] = name
        for variable in getattr(module, "EXOGENOUS", ()):
            found[variable.base] = name
    found |= {v.base: "calendar" for v in calendar.EXOGENOUS}
    for variable in policy.EXOGENOUS:
        found[variable.base] = next((home for start, home in POLICY_HOMES.items() if variable.base.startswith(start)), "policy")
    return found


def mechanism(name: str) -> str:
    """The mechanism that an input belongs to; its own name where it is none of the dollar system's."""
    home = homes().get(name)
    return LABELS.get(home, home) if home else name


def changed_inputs(base: Inputs, changed: Inputs) -> dict[str, tuple[str, ...]]:
    """Names of what differs between two runs' inputs, by mechanism."""
    found: dict[str, list[str]] = {}
    if base.system != changed.system:
        names = {e.name for e in base.system.equations} ^ {e.name for e in changed.system.equations}
        shared = {e.name for e in base.system.equations} - names
        names |= {n for n in shared if base.system.by_name[n] != changed.system.by_name[n]}
        found[EQUATIONS] = sorted(names | (set(base.system.given) ^ set(changed.system.given)))
    for table, other in ((base.parameters, changed.parameters), (base.exogenous, changed.exogenous)):
        for name in sorted(set(table) & set(other)):
            if not np.array_equal(table[name], other[name], equal_nan=True):
                found.setdefault(mechanism(name), []).append(name)
    moved = [n for n in sorted(lagged(base) | lagged(changed)) if base.opening.get(n) != changed.opening.get(n)]
    if moved:
        found[OPENING] = moved
    return {label: tuple(names) for label, names in sorted(found.items())}


def lagged(inputs: Inputs) -> set[str]:
    """Unknowns whose opening value matters, because an equation has them with a lag."""
    given = set(inputs.system.given)
    return {s.base for s in inputs.system.symbols if isinstance(s, Variable) and s.time < 0 and s.base not in given}


def mixed(base: Inputs, changed: Inputs, groups: dict[str, tuple[str, ...]], on: frozenset[str]) -> Inputs:
    """The base's inputs with those of some mechanisms taken from the changed run."""
    taken = {name for label in on if label not in (OPENING, EQUATIONS) for name in groups[label]}
    system = changed.system if EQUATIONS in on else base.system
    opening = changed.opening if OPENING in on else base.opening
    parameters = {**changed.parameters, **base.parameters, **{n: changed.parameters[n] for n in taken & set(changed.parameters)}}
    exogenous = {**changed.exogenous, **base.exogenous, **{n: changed.exogenous[n] for n in taken & set(changed.exogenous)}}
    if EQUATIONS in on:
        exogenous |= {n: changed.exogenous[n] for n in groups[EQUATIONS] if n in changed.exogenous}
    return Inputs(system, opening, parameters, exogenous, base.dates)
