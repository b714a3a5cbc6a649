"""Shapley values: what each of several players adds, averaged over every order in which they can join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Coalition = frozenset[str]


def coalitions(players: Sequence[str]) -> tuple[Coalition, ...]:
    """Every subset, the empty one first.

    Examples
    --------
    >>> [sorted(c) for c in coalitions(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    return tuple(frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size))


def shapley(players: Sequence[str], worth: Mapping[Coalition, Floats | np.float64]) -> dict[str, Floats]:
    """Each player's Shapley value; they sum to the worth of all less the worth of none.

    Parameters
    ----------
    players
        Names.
    worth
        Worth of every coalition: numbers or arrays of one shape.

    Examples
    --------
    >>> import numpy as np
    >>> worth = {c: np.float64(10.0 * (c == {"left", "right"})) for c in coalitions(["left", "right"])}
    >>> {name: float(value) for name, value in shapley(["left", "right"], worth).items()}
    {'left': 5.0, 'right': 5.0}
    """
    count = len(players)
    values = {}
    for player in players:
        others = [p for p in players if p != player]
        total = np.zeros_like(np.asarray(worth[frozenset()], dtype=np.float64))
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                total = total + weight * (worth[before | {player}] - worth[before])
        values[player] = np.asarray(total)
    return values
