"""How long something takes: the least processor time of several rounds, so that other work on the machine counts least."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 7
LEAST = 0.02
"""Seconds that a round takes at least: short work is repeated within it."""


def shortest(work: Callable[[], object], rounds: int = ROUNDS, least: float = LEAST) -> float:
    """Processor seconds of one call, the least mean over the rounds; the first call is not counted."""
    work()
    begun = time.process_time()
    work()
    repeats = max(1, int(least / max(time.process_time() - begun, 1e-9)))
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        for _ in range(repeats):
            work()
        best = min(best, (time.process_time() - begun) / repeats)
    return best
