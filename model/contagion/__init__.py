"""What a network of claims says: who depends on whom, who pays what when assets fall, how far a loss can travel."""

from __future__ import annotations

from model.contagion.clearing import Clearing, clear
from model.contagion.measures import DebtRank, Exposures, cascade, debt_rank, exposures, leverage_matrix, spectral_radius
from model.contagion.obligations import Obligations, obligations

__all__ = [
    "Clearing",
    "DebtRank",
    "Exposures",
    "Obligations",
    "cascade",
    "clear",
    "debt_rank",
    "exposures",
    "leverage_matrix",
    "obligations",
    "spectral_radius",
]
