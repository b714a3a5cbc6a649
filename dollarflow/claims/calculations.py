"""Every calculation that a claim may name, over published series or over a solved run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dollarflow.claims import flows, markets, solved, totals
from dollarflow.experiments.bench import Bench


@dataclass(frozen=True)
class Calculation:
    """A function that gives a number.

    Parameters
    ----------
    function
        Takes the bench, which calculations over published series leave alone.
    unit
        Of the number.
    words
        What it is.
    """

    function: Callable[[Bench], float]
    unit: str
    words: str


def _published(function: Callable[[], float], unit: str) -> Calculation:
    return Calculation(lambda _: function(), unit, _words(function))


def _words(function: Callable[..., float]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0].rstrip(".")


CALCULATIONS = {
    **{f.__name__: _published(f, unit) for module in (totals, flows, markets) for f, unit in module.FIGURES},
    **{f.__name__: Calculation(f, unit, _words(f)) for f, unit in solved.FIGURES},
}
"""By name; the words are the first line of each function's description."""
