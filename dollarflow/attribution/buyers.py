"""Three notions of the marginal buyer: who sets the price, who ends up with the paper, whose money it is. They differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dollarflow.attribution.runs import Inputs
from equations.accounts import CHART
from equations.money_creation import LABELS
from model.language.accounts import transaction

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
AMOUNT = 100.0
TREASURIES = ("bills", "notes", "bonds")


def issue_and_spend(base: Inputs, amount: float = AMOUNT, *, coupons: bool = True, period: int = 1) -> Mapping[str, Floats]:
    """The path on which the Treasury spends ``amount`` more (transfers, in one period), financed by coupons or by bills.

    Raises
    ------
    SolveFailure
        No solution.
    """
    exogenous = {name: np.array(series) for name, series in base.exogenous.items()}
    pace = amount / exogenous["dt"][period]
    exogenous["add__transfers"][period] += pace
    if coupons:
        exogenous["coupon_surprise"][period] += pace
    return replace(base, exogenous=exogenous).solve()


def marginal_buyers(base: Inputs, amount: float = AMOUNT, *, coupons: bool = True, period: int = 1) -> pd.DataFrame:
    """Shares of each holder in an extra issue that the Treasury spends.

    Parameters
    ----------
    base
        Inputs of a run.
    amount
        USD bn.
    coupons
        False for bills.
    period
        When it is issued; results are read at the run's end.

    Returns
    -------
    DataFrame
        One row a holder: ``price`` (slope of its demand over the market's, in the period of issue), ``absorption`` (its
        acquisitions of Treasuries, issue to end, over the extra debt).
    """
    import pandas as pd

    before, after = base.solve(), issue_and_spend(base, amount, coupons=coupons, period=period)
    debt = float(after["debt"][-1] - before["debt"][-1])
    absorbed: dict[str, float] = {}
    for instrument in TREASURIES:
        for cell in CHART.cells(instrument):
            name = transaction(cell).base
            absorbed[cell.holder] = absorbed.get(cell.holder, 0.0) + float((after[name] - before[name])[1:].sum()) / debt
    prefix = "marginal_price__" if coupons else "marginal_price_bills__"
    price = {name.removeprefix(prefix): float(before[name][period]) for name in before if name.startswith(prefix)}
    table = pd.DataFrame({"price": pd.Series(price), "absorption": pd.Series(absorbed)}).fillna(0.0)
    return table.sort_index()


def marginal_money(base: Inputs, amount: float = AMOUNT, *, coupons: bool = True, period: int = 1) -> dict[str, float]:
    """Money created per dollar of an extra issue, by source (J1), issue to end; the sum is ΔMoney/ΔDebt at the margin."""
    before, after = base.solve(), issue_and_spend(base, amount, coupons=coupons, period=period)
    debt = float(after["debt"][-1] - before["debt"][-1])
    return {name: float((after[f"money_by__{name}"] - before[f"money_by__{name}"])[1:].sum()) / debt for name in LABELS}
