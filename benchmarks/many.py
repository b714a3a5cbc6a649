"""The whole economy: one path, and many members on one and on two threads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np

from benchmarks.clock import shortest
from dollarflow import dollar_system, opening_state, simulate
from model.compiler.program import Floats
from model.derivatives.sensitivities import Sensitivities
from model.solving.batch import Batch, solve_batch
from model.solving.solver import solve

WEEKS = 104
MEMBERS = 400
ROUNDS = 5
GOAL = 10_000
"""Members whose time is told."""


def table(quick: bool = False) -> str:
    """Microseconds a week and the time that ten thousand members of two years would take."""
    base = simulate(dollar_system(), opening_state("2025-10-29"), periods=WEEKS)
    path = base.path
    given = {name: np.asarray(path[name]) for name in path.system.given}
    opening = {name: float(path[name][0]) for name in path.system.unknowns if np.isfinite(path[name][0])}
    parameters = {name: float(path[name][1]) for name in path.parameter_names}
    members = MEMBERS // 8 if quick else MEMBERS
    one = shortest(lambda: solve(path.system, opening, parameters=parameters, exogenous=given, periods=WEEKS, dates=path.dates), ROUNDS)
    lines = [
        f"the whole economy: {path.statistics.equations} equations, largest block {path.statistics.largest}, torn {path.statistics.torn}",
        "processor time of all threads; in brackets what passed on the clock",
        "",
        f"one path               {1e6 * one / WEEKS:8.1f} us a week",
    ]
    many: dict[str, float | Floats] = {**parameters, "growth": parameters["growth"] * np.linspace(0.9, 1.1, members)}
    for threads in (1, os.cpu_count() or 1):

        def work(count: int = threads) -> Batch:
            return solve_batch(
                path.system,
                opening,
                parameters=many,
                exogenous=given,
                periods=WEEKS,
                dates=path.dates,
                keep=("sofr", "reserves"),
                threads=count,
            )

        used, passed, batch = _least(work, 2 if quick else ROUNDS)
        week, clock = used / members / WEEKS, passed / members / WEEKS
        lines.append(
            f"{members} members, {threads} thread{'s' * (threads > 1)} {1e6 * week:8.1f} ({1e6 * clock:.1f}) us a week, "
            f"{one / WEEKS / clock:.1f} times one path; {GOAL:,} members of {WEEKS} weeks: {week * GOAL * WEEKS / threads:.0f} s "
            f"({clock * GOAL * WEEKS:.0f} s); {int(batch.status.sum())} failed"
        )
    gradient = shortest(lambda: Sensitivities(path).adjoint({("sofr", WEEKS): 1.0}), ROUNDS)
    inputs = len(path.parameter_names) + len(path.system.given)
    lines.append(f"derivatives of one number by {inputs} inputs in every week: {gradient / one:.1f} simulations")
    return "\n".join(lines)


def _least(work: Callable[[], Batch], rounds: int) -> tuple[float, float, Batch]:
    """Least processor seconds and least seconds on the clock of several rounds, and what came out."""
    used, passed = float("inf"), float("inf")
    for _ in range(rounds):
        processor, clock = time.process_time(), time.perf_counter()
        found = work()
        used, passed = min(used, time.process_time() - processor), min(passed, time.perf_counter() - clock)
    return used, passed, found
