"""How long something takes: the shortest of several rounds, so that other work on the machine counts least."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 7
LEAST = 0.02
"""Seconds that a round takes at least: short work is repeated within it."""


def shortest(work: Callable[[], object], rounds: int = ROUNDS, least: float = LEAST) -> float:
    """Seconds of one call, the shortest mean over the rounds; the first call is not counted."""
    work()
    begun = time.perf_counter()
    work()
    repeats = max(1, int(least / max(time.perf_counter() - begun, 1e-9)))
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(repeats):
            work()
        best = min(best, (time.perf_counter() - begun) / repeats)
    return best
