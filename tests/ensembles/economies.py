"""Small economies to draw from, and what tests of stores share."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import sympy as sp

from dollarflow.ensembles.distributions import UNIFORM, Distribution
from dollarflow.ensembles.members import Members
from dollarflow.ensembles.request import make_members
from dollarflow.ensembles.variation import Factor, Process, Variation
from dollarflow.state import State
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.scenarios.scenario import Scenario
from tests.application import toy

BASELINE = Scenario(name="baseline", title="Baseline")
VARIED = Variation(
    (
        Factor("beta", Distribution(UNIFORM, low=0.2, high=0.6)),
        Factor("dividend_share", Distribution("normal", mean=0.05, sd=0.02, low=0.0, high=0.2)),
    ),
    (Process("yield_anchor", "ar1", 0.0005, 0.9), Process("spending", "iid", 2.0)),
)


def toy_members(draws: int = 24, design: str = "sobol", seed: int = 3, periods: int = 5) -> Members:
    return make_members(toy.system(), toy.opening(), BASELINE, variation=VARIED, draws=draws, design=design, seed=seed, periods=periods)


def formula_members(right: sp.Expr, variation: Variation, draws: int, design: str, seed: int = 5) -> Members:
    """One variable ``y`` that is a formula of drawn parameters, over one period."""
    names = [f.name for f in variation.factors]
    system = System("formula", (Equation("y", Variable("y"), right, kind="definition"),))
    state = State(date(2025, 10, 29), {"y": 1.0}, dict.fromkeys(names, 0.5))
    return make_members(system, state, BASELINE, variation=variation, draws=draws, design=design, seed=seed, periods=1)


def parameters(*names: str) -> list[Parameter]:
    return [Parameter(name) for name in names]


def digests(store: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {str(f.relative_to(store)): hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(store.rglob("*")) if f.is_file()}
