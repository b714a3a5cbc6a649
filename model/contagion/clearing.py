"""Payments that clear a network of debts: limited liability, creditors of a defaulter share what it has in proportion.

Eisenberg and Noe (2001), Systemic Risk in Financial Systems: p = min(p̄, e + Πᵀp), solved by their fictitious default algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.linalg import spsolve

from model.contagion.obligations import Obligations

Floats = NDArray[np.float64]
EVEN = 1e-12
"""Shortfall, relative to debts and to the average institution's debts, below which a debtor counts as paying in full."""


@dataclass(frozen=True)
class Clearing:
    """A clearing vector.

    Parameters
    ----------
    owed, paid
        Of each institution, USD bn, shape (n,).
    equity
        What is left to owners, never negative, shape (n,).
    rounds
        The round of the algorithm in which an institution first defaulted, from 1; 0 where it pays in full. Those of round 1 default
        even if everybody pays them; the others because somebody does not.
    outside_loss
        What the rest of the economy is not paid.
    """

    owed: Floats
    paid: Floats
    equity: Floats
    rounds: NDArray[np.int64]
    outside_loss: float

    @cached_property
    def defaulted(self) -> NDArray[np.bool_]:
        """Who does not pay in full."""
        return self.rounds > 0

    @property
    def shortfall(self) -> float:
        """All debts less all payments, USD bn."""
        return float(np.sum(self.owed - self.paid))


def clear(network: Obligations, outside_assets: Floats | None = None) -> Clearing:
    """The greatest clearing vector of a network.

    Parameters
    ----------
    network
        Debts, all of one seniority; collateral is not set apart.
    outside_assets
        Shape (n,), in place of the network's own: assets after a shock.

    Raises
    ------
    ValueError
        Assets that are negative.

    Examples
    --------
    One bank owes 10 to another and has 6: it pays 6.

    >>> import numpy as np, scipy.sparse as sparse
    >>> two = Obligations(("a", "b"), ("x", "x"), sparse.csr_array(np.array([[0.0, 10.0], [0.0, 0.0]])), np.array([6.0, 1.0]), np.zeros(2))
    >>> clear(two).paid.tolist(), clear(two).equity.tolist()
    ([6.0, 0.0], [0.0, 7.0])
    """
    assets = network.outside_assets if outside_assets is None else np.asarray(outside_assets, dtype=np.float64)
    if np.any(assets < 0):
        worst = int(np.argmin(assets))
        raise ValueError(f"outside assets of {network.names[worst]} are {assets[worst]:g}: a clearing vector needs them to be 0 or more")
    owed = network.owed
    share = sparse.diags_array(np.divide(1.0, owed, out=np.zeros_like(owed), where=owed > 0)) @ network.debts
    receipts = sparse.csr_array(share.T)
    rounds = np.zeros(len(owed), dtype=np.int64)
    paid = owed.copy()
    allowed = EVEN * (owed + owed.mean())
    for number in range(1, len(owed) + 2):
        means = assets + receipts @ paid
        fresh = (rounds == 0) & (means < owed - allowed)
        if not fresh.any():
            break
        rounds[fresh] = number
        chosen = np.flatnonzero(rounds)
        inside = receipts[chosen][:, chosen]
        known = assets[chosen] + receipts[chosen] @ np.where(rounds > 0, 0.0, owed)
        solution = np.atleast_1d(spsolve(sparse.csc_array(sparse.eye_array(len(chosen)) - inside), known))
        paid = owed.copy()
        paid[chosen] = np.clip(solution, 0.0, owed[chosen])
    means = assets + receipts @ paid
    unpaid = np.divide(network.outside_debts, owed, out=np.zeros_like(owed), where=owed > 0) @ (owed - paid)
    return Clearing(owed, paid, np.maximum(means - owed, 0.0), rounds, float(unpaid))
