"""Openings of an experiment's own: a balanced state with more or fewer reserves, both legs of every claim included."""

from __future__ import annotations

from dollarflow.state import State

BOUGHT = ("bills__treasury__fed", "bills__treasury__private")
OUTSIDE = "fed_other_deposits__fed__private"


def with_reserves(state: State, amount: float) -> State:
    """The opening with ``amount`` bn more reserves and as many more deposits of residents.

    More reserves come from bills that the Fed bought from residents; fewer, from deposits that residents moved to their accounts at
    the Fed.
    Every balance sheet stays closed.
    """
    changes = {"reserves__fed__banks": amount, "deposits__banks__private": amount}
    changes |= {BOUGHT[0]: amount, BOUGHT[1]: -amount} if amount >= 0 else {OUTSIDE: -amount}
    return state.with_changes({name: state.values[name] + change for name, change in changes.items()})
