"""The whole economy: one path, and many members on one and on two threads."""

from __future__ import annotations

import os
import time

import numpy as np

from dollarflow import dollar_system, opening_state, simulate
from model.batch import solve_batch
from model.sensitivities import Sensitivities
from model.solver import solve

WEEKS = 104
MEMBERS = 400


def table(quick: bool = False) -> str:
    """Microseconds a week and the time that ten thousand members of two years would take."""
    base = simulate(dollar_system(), opening_state("2025-10-29"), periods=WEEKS)
    path = base.path
    given = {name: np.asarray(path[name]) for name in path.system.given}
    opening = {name: float(path[name][0]) for name in path.system.unknowns if np.isfinite(path[name][0])}
    parameters = {name: float(path[name][1]) for name in path.parameter_names}
    members = MEMBERS // 8 if quick else MEMBERS
    begun = time.perf_counter()
    for _ in range(3):
        solve(path.system, opening, parameters=parameters, exogenous=given, periods=WEEKS, dates=path.dates)
    single = (time.perf_counter() - begun) / 3 / WEEKS
    lines = [
        f"the whole economy: {path.statistics.equations} equations, largest block {path.statistics.largest}, torn {path.statistics.torn}",
        "",
        f"one path                 {1e6 * single:8.1f} us a week",
    ]
    drawn = np.random.default_rng(7).uniform(0.98, 1.02, size=(members, WEEKS + 1))
    shocked = {**given, "bills_share": drawn} if "bills_share" in given else given
    for threads in (1, os.cpu_count() or 1):
        many = {**parameters, "growth": parameters["growth"] * np.linspace(0.9, 1.1, members)}
        begun = time.perf_counter()
        batch = solve_batch(
            path.system,
            opening,
            parameters=many,
            exogenous=shocked,
            periods=WEEKS,
            dates=path.dates,
            keep=("sofr", "reserves"),
            threads=threads,
        )
        taken = time.perf_counter() - begun
        week = taken / members / WEEKS
        lines.append(
            f"{members} members, {threads} thread{'s' * (threads > 1)} {1e6 * week:8.1f} us a week, {single / week:.1f} times one path; "
            f"10,000 members of {WEEKS} weeks: {week * 10_000 * WEEKS:.0f} s; {int(batch.status.sum())} failed"
        )
    sensitivities = Sensitivities(path)
    sensitivities.adjoint({("sofr", WEEKS): 1.0})
    begun = time.perf_counter()
    Sensitivities(path).adjoint({("sofr", WEEKS): 1.0})
    gradient = time.perf_counter() - begun
    inputs = len(path.parameter_names) + len(path.system.given)
    lines.append(f"derivatives of one number by {inputs} inputs in every week: {gradient / single / WEEKS:.1f} simulations")
    return "\n".join(lines)
