"""Attribution by counterfactual (J3): financiers are switched off, the whole model is solved again, and money is compared.

A financier that is off keeps what he had in the opening: he neither adds nor withdraws. Prices, and everybody else, adjust.
Because the order in which financiers leave matters, the effect of each is reported leaving alone (μ_k) and averaged over every
order (Shapley values).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dollarflow.attribution import gates
from dollarflow.attribution.gates import gated_inputs
from dollarflow.attribution.runs import Inputs
from dollarflow.attribution.shapley import Coalition, coalitions, shapley
from model.periods.failure import SolveFailure

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FINANCIERS: Mapping[str, tuple[str, ...]] = {
    "fed": (*gates.FED_PURCHASES, *gates.FACILITIES),
    "banks": gates.BANK_SECURITIES,
    "funds_rrp": gates.RRP,
    "hedge_funds": gates.HEDGE_FUNDS,
    "official_pool": gates.POOL,
    "savers": gates.SAVERS,
}
"""Financiers and the decisions that are held while they are off. Repo that dealers lend goes with its borrower."""
MEANINGS = {
    "fed": "outright purchases, reinvestment and standing facilities",
    "banks": "banks' and dealers' Treasuries",
    "funds_rrp": "money funds that draw the ON RRP",
    "hedge_funds": "the levered book, and the repo behind it",
    "official_pool": "foreign officials that draw their repo pool",
    "savers": "residents and private foreigners: Treasuries and fund shares",
}


@dataclass(frozen=True)
class Attribution:
    """Money with and without each financier, over a whole path.

    Parameters
    ----------
    debt
        Debt issued with all financiers on, USD bn.
    created
        Change of M2 by the set of financiers that are on, USD bn; not a number where the model has no solution.
    yields
        Change of the bond yield against all on, by the same sets.
    """

    players: tuple[str, ...]
    debt: float
    created: Mapping[Coalition, float]
    yields: Mapping[Coalition, float]

    @property
    def everybody(self) -> Coalition:
        """All financiers."""
        return frozenset(self.players)

    @property
    def unsolved(self) -> tuple[Coalition, ...]:
        """Sets of financiers without whom the debt finds no buyers at any price that the model knows."""
        return tuple(c for c in self.created if not np.isfinite(self.created[c]))

    @property
    def mu(self) -> float:
        """ΔM2/ΔDebt with all on."""
        return self.created[self.everybody] / self.debt

    @property
    def residual(self) -> float:
        """ΔM2/ΔDebt with all off: loans, other assets and income of banks, and what foreigners and funds still do."""
        return self.created[frozenset()] / self.debt

    def alone(self) -> dict[str, float]:
        """μ_k = [ΔM2(all) − ΔM2(without k)]/ΔDebt."""
        return {k: (self.created[self.everybody] - self.created[self.everybody - {k}]) / self.debt for k in self.players}

    def shapley(self) -> dict[str, float]:
        """Shapley values in dollars of M2 per dollar of debt; they sum to ``mu − residual``.

        Raises
        ------
        ValueError
            A coalition without solution.
        """
        if self.unsolved:
            raise ValueError(f"no solution with {sorted(self.unsolved[0]) or 'no financier'} on, so orders cannot be averaged")
        worth = {c: np.float64(v / self.debt) for c, v in self.created.items()}
        return {k: float(v) for k, v in shapley(self.players, worth).items()}

    def table(self) -> pd.DataFrame:
        """One row a financier: what he is, μ_k, his Shapley value, and the bond yield without him (change, decimals)."""
        import pandas as pd

        alone, average = self.alone(), self.shapley()
        rows = {
            k: {
                "meaning": MEANINGS.get(k, k),
                "mu": alone[k],
                "shapley": average[k],
                "yield_without": self.yields[self.everybody - {k}],
            }
            for k in self.players
        }
        return pd.DataFrame.from_dict(rows, orient="index")


def without(base: Inputs, path: Mapping[str, Floats], off: Sequence[str]) -> Mapping[str, Floats]:
    """The path on which some financiers keep what they had in the opening.

    Raises
    ------
    SolveFailure
        The debt cannot be placed without them.
    """
    shut = [name for financier in off for name in FINANCIERS[financier]]
    return gated_inputs(base, path, shut, opening=True).solve()


def attribute(base: Inputs, financiers: Sequence[str] = tuple(FINANCIERS)) -> Attribution:
    """Solves the model for every set of financiers.

    Parameters
    ----------
    base
        Inputs of a run; see :func:`dollarflow.attribution.runs.run_of_simulation`.
    financiers
        Whom to switch; 2^n solutions.
    """
    players = tuple(financiers)
    path = base.solve()
    created, yields = {}, {}
    for on in coalitions(players):
        off = [p for p in players if p not in on]
        try:
            found = without(base, path, off)
        except SolveFailure:
            created[on] = yields[on] = float("nan")
            continue
        created[on] = created_m2(found, base)
        yields[on] = float(found["yield_bonds"][-1] - path["yield_bonds"][-1])
    debt = float(path["debt"][-1] - path["debt"][0])
    return Attribution(players, debt, created, yields)


def created_m2(path: Mapping[str, Floats], inputs: Inputs) -> float:
    """Change of M2 from the opening to the end, USD bn."""
    cash = sum(path[n] for n in ("currency__fed__private", "currency__fed__rest_of_world", "deposits__banks__private"))
    total = cash + inputs.parameters["retail_fund_share"] * (path["mmf_shares__mmf__private"] + path["mmf_shares__mmf__rest_of_world"])
    return float(total[-1] - total[0])
