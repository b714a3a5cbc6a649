"""Measures of a network of claims: concentration, degrees, the spectral radius of leverage, DebtRank and default cascades."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from model.contagion.obligations import Obligations

Floats = NDArray[np.float64]
STEPS = 100_000
GONE = 1e-9
"""Capital over debts and claims that counts as none: what rounding leaves of an institution that was wound up."""


@dataclass(frozen=True)
class Exposures:
    """Concentration of claims and debts.

    Parameters
    ----------
    debtors, creditors
        Number of counterparties that an institution lends to and borrows from, shape (n,).
    concentration
        Herfindahl index of each institution's claims on others, shape (n,); 0 without claims.
    largest
        Largest claim on one counterparty over the institution's capital, shape (n,); 0 without claims, infinite without capital.
    largest_debtor
        Number of that counterparty, −1 without claims.
    """

    debtors: NDArray[np.int64]
    creditors: NDArray[np.int64]
    concentration: Floats
    largest: Floats
    largest_debtor: NDArray[np.int64]


def exposures(network: Obligations) -> Exposures:
    """Who depends on whom, and how much."""
    claims = sparse.csr_array(network.debts.T)
    claims.eliminate_zeros()
    debts = sparse.csr_array(claims.T)
    sums = network.claims
    squares = np.asarray(claims.multiply(claims).sum(axis=1)).ravel()
    concentration = np.divide(squares, sums**2, out=np.zeros_like(sums), where=sums > 0)
    largest, debtor = np.zeros(len(sums)), np.full(len(sums), -1, dtype=np.int64)
    for i in range(len(sums)):
        row = slice(claims.indptr[i], claims.indptr[i + 1])
        if row.stop > row.start:
            place = int(np.argmax(claims.data[row]))
            largest[i], debtor[i] = claims.data[row][place], claims.indices[row][place]
    capital = np.maximum(network.capital, 0.0)
    ratio = np.divide(largest, capital, out=np.where(largest > 0, np.inf, 0.0), where=capital > 0)
    return Exposures(np.diff(claims.indptr).astype(np.int64), np.diff(debts.indptr).astype(np.int64), concentration, ratio, debtor)


def leverage_matrix(network: Obligations, capital: Floats | None = None) -> sparse.csr_array:
    """Claims of i on j over the capital of i, shape (n, n); zero for those without capital, who have nothing left to lose."""
    own = network.capital if capital is None else capital
    inverse = np.divide(1.0, own, out=np.zeros_like(own), where=own > GONE * (network.owed + network.claims))
    return sparse.csr_array(sparse.diags_array(inverse) @ network.debts.T)


def spectral_radius(matrix: sparse.csr_array, tolerance: float = 1e-12) -> float:
    """The largest eigenvalue of a matrix without negative entries.

    Above one, a loss that passes on in full grows as it travels around; below one it dies out (Bardoscia, Battiston, Caccioli and
    Caldarelli, 2017). Computed strongly connected part by part with a shifted power iteration; a part without cycles has radius zero.
    """
    count, labels = sparse.csgraph.connected_components(matrix, directed=True, connection="strong")
    members = np.argsort(labels, kind="stable")
    edges = np.searchsorted(labels[members], np.arange(count + 1))
    largest = 0.0
    for part in range(count):
        inside = members[edges[part] : edges[part + 1]]
        if len(inside) == 1:
            largest = max(largest, float(matrix[inside[0], inside[0]]))
            continue
        block = sparse.csr_array(matrix[inside][:, inside])
        shift = float(np.asarray(block.sum(axis=1)).max()) / 2
        vector = np.full(len(inside), 1.0 / len(inside))
        for _ in range(STEPS):
            image = block @ vector + shift * vector
            ratios = image / vector
            vector = image / image.sum()
            if ratios.max() - ratios.min() <= tolerance * ratios.max():
                break
        largest = max(largest, float(ratios.max() + ratios.min()) / 2 - shift)
    return largest


@dataclass(frozen=True)
class DebtRank:
    """How far a shock to capital travels while nobody fails outright.

    Parameters
    ----------
    distress
        Share of capital lost by each institution, 0 to 1, shape (n,).
    first, total
        Capital lost by the shock itself and in the end, USD bn.
    rounds
        Rounds until nothing changed.
    """

    distress: Floats
    first: float
    total: float
    rounds: int

    @property
    def amplification(self) -> float:
        """Capital lost in the end over what the shock took."""
        return self.total / self.first if self.first > 0 else 1.0


def debt_rank(network: Obligations, shock: Floats, loss_given_default: float = 1.0, tolerance: float = 1e-10) -> DebtRank:
    """Linear DebtRank: a debtor's lost share of capital lowers its creditors' claims in proportion.

    Parameters
    ----------
    shock
        Capital lost at first, USD bn, shape (n,).
    loss_given_default
        Part of a claim that is lost when the debtor has lost all capital.

    Notes
    -----
    Bardoscia, Battiston, Caccioli and Caldarelli (2015), DebtRank: A Microscopic Foundation for Shock Propagation.
    """
    capital = np.maximum(network.capital, 0.0)
    matrix = loss_given_default * leverage_matrix(network, capital)
    before = np.zeros(len(capital))
    now = np.minimum(np.divide(shock, capital, out=np.where(shock > 0, 1.0, 0.0), where=capital > 0), 1.0)
    first, rounds = float(now @ capital), 0
    while np.max(now - before, initial=0.0) > tolerance and rounds < STEPS:
        before, now = now, np.minimum(now + matrix @ (now - before), 1.0)
        rounds += 1
    return DebtRank(now, first, float(now @ capital), rounds)


def cascade(network: Obligations, failed: NDArray[np.bool_], loss_given_default: float) -> NDArray[np.int64]:
    """The round in which each institution fails after some have: 0 never, 1 at first, 2 because of those, and so on.

    Creditors lose a fixed part of their claims on failed debtors and fail when that passes their capital (Furfine, 2003).
    """
    claims = sparse.csr_array(network.debts.T)
    rounds = np.where(failed, 1, 0).astype(np.int64)
    for number in range(2, len(rounds) + 2):
        loss = loss_given_default * (claims @ (rounds > 0).astype(np.float64))
        fresh = (rounds == 0) & (loss > network.capital)
        if not fresh.any():
            break
        rounds[fresh] = number
    return rounds
