"""How much more can each financier lend while SOFR stays within 10 bp of the upper bound (J4): solved, not assumed.

Each row raises a financing demand step by step over the run, solves the whole model again and looks for the largest amount at which
the limit holds in every period. A lender of overnight cash is asked alone: the others keep the quantities of the base path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dollarflow.attribution.gates import FACILITIES, FUND_BILLS, OWN_REPO, POOL, RRP, gated_inputs
from dollarflow.attribution.runs import Inputs
from model.periods.failure import SolveFailure

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Figures = Mapping[str, Floats]
ABOVE = 0.0010
MOST = 8000.0
PRECISE = 0.1
REPO_DEMAND, FUTURES, COUPONS = "add__repo_dvp_row", "futures_demand_shift", "coupon_surprise"
POOL_STOCK = "foreign_repo_pool__fed__foreign_official"
FORCED = 5.0
"""Position in USD bn given up to limits from which they count as binding."""


@dataclass(frozen=True)
class Room:
    """How much more a financier lends at the limit.

    Parameters
    ----------
    financier, limit
        Who, and what stops it.
    amount
        USD bn beyond the base path in the last period.
    spread
        Largest distance of SOFR above the upper bound in the run, decimals.
    demand
        Financing demand that was added, USD bn.
    """

    financier: str
    limit: str
    amount: float
    spread: float
    demand: float


@dataclass(frozen=True)
class Question:
    """A financing demand and what is held, read and allowed while it grows.

    Parameters
    ----------
    financier, limit
        Who is asked, and what stops it.
    shut
        Decisions that are held at the base path.
    demand
        Exogenous variable that is raised, and the function that turns an amount into its change.
    lent
        What the financier lends.
    allowed
        Further condition on the path.
    """

    financier: str
    limit: str
    shut: Sequence[str]
    demand: str
    raised: Callable[[float, Figures, Inputs], Floats]
    lent: Callable[[Figures], Floats]
    allowed: Callable[[Figures, Figures], bool]


def spread(path: Figures) -> float:
    """Largest distance of SOFR above the upper bound, after the opening."""
    return float((path["sofr"] - path["rate_upper"])[1:].max())


def within(path: Figures, base: Figures) -> bool:
    """Whether SOFR is at most 10 bp above the upper bound in every period."""
    return spread(path) <= ABOVE


def steps(inputs: Inputs) -> Floats:
    """From 0 in the opening to 1 in the last period, in equal steps."""
    return np.linspace(0.0, 1.0, len(inputs.dates))


def stock(amount: float, base: Figures, inputs: Inputs) -> Floats:
    """A stock raised step by step."""
    return np.asarray(amount * steps(inputs))


def over_gdp(amount: float, base: Figures, inputs: Inputs) -> Floats:
    """A ratio to GDP raised so that the stock rises step by step."""
    gdp = np.where(np.isfinite(base["gdp"]), base["gdp"], base["gdp"][-1])
    return np.asarray(amount * steps(inputs) / gdp)


def drawn(amount: float, base: Figures, inputs: Inputs) -> Floats:
    """A stock drawn down step by step."""
    return np.asarray(-amount * steps(inputs))


def pace(amount: float, base: Figures, inputs: Inputs) -> Floats:
    """An annual pace that adds up to the amount over the run."""
    return np.full(len(inputs.dates), amount / float(inputs.exogenous["dt"][1:].sum()))


def own_repo(path: Figures) -> Floats:
    """Repo that banks and dealers lend from own funds."""
    return path["own_lending"]


def fund_repo(path: Figures) -> Floats:
    """Tri-party repo of money funds."""
    return path["repo_triparty__banks__mmf"]


def facilities(path: Figures) -> Floats:
    """Credit of the Fed's facilities to banks and dealers."""
    return np.asarray(path["srf__banks__fed"] + path["discount_window__banks__fed"])


def unforced(path: Figures, base: Figures) -> bool:
    """Whether limits take no more of hedge funds' position than in the base, and SOFR is within its own."""
    return within(path, base) and float((path["hf_forced_sale"] - base["hf_forced_sale"])[1:].max()) <= FORCED


def not_empty(path: Figures, base: Figures) -> bool:
    """Whether the foreign repo pool has not run out."""
    return within(path, base) and float(path[POOL_STOCK].min()) >= 0.0


def cheap(path: Figures, base: Figures) -> bool:
    """Whether the bond yield is at most 10 bp above the base's, and SOFR within its limit."""
    return within(path, base) and float((path["yield_bonds"] - base["yield_bonds"])[1:].max()) <= ABOVE


def saver_coupons(path: Figures) -> Floats:
    """Notes and bonds of residents and private foreigners at face."""
    return np.asarray(sum(path[f"{k}__treasury__{h}__face"] for k in ("notes", "bonds") for h in ("private", "rest_of_world")))


CASH = (*OWN_REPO, *FUND_BILLS, *RRP, *FACILITIES)
UPPER = "SOFR at the upper bound + 10 bp"


def others(*open_: str) -> tuple[str, ...]:
    """Lenders of overnight cash but for some."""
    return tuple(name for name in CASH if name not in open_)


QUESTIONS = (
    Question("banks", UPPER, others(*OWN_REPO), REPO_DEMAND, stock, own_repo, within),
    Question("money_funds", UPPER, others(*FUND_BILLS, *RRP), REPO_DEMAND, stock, fund_repo, within),
    Question("fed_facilities", UPPER, others("srf_take_up", "discount_window_credit"), REPO_DEMAND, stock, facilities, within),
    Question("all_cash_lenders", UPPER, (), REPO_DEMAND, stock, lambda p: p["repo_dvp__rest_of_world__banks"], within),
    Question("hedge_funds", "equity against haircut, margin and risk limits", (), FUTURES, over_gdp, lambda p: p["hf_book"], unforced),
    Question("foreign_official", "the repo pool is empty", POOL, f"held__{POOL_STOCK}", drawn, lambda p: -p[POOL_STOCK], not_empty),
    Question("savers", "bond yield up by 10 bp", (), COUPONS, pace, saver_coupons, cheap),
)
"""The rows of the capacity table."""


def asked(base: Inputs, before: Figures, question: Question, amount: float) -> Figures | None:
    """The path with a financing demand, or None where there is no solution."""
    inputs = gated_inputs(base, before, question.shut, opening=False)
    path = np.array(inputs.exogenous.get(question.demand, np.zeros(len(base.dates))))
    path[1:] += question.raised(amount, before, base)[1:]
    try:
        return replace(inputs, exogenous={**inputs.exogenous, question.demand: path}).solve()
    except SolveFailure:
        return None


def answer(base: Inputs, before: Figures, question: Question) -> Room:
    """The largest demand that is allowed, by bisection, and what the financier then lends.

    A demand without solution counts as not allowed.
    """
    low, high, found = 0.0, 50.0, before
    while high < MOST:
        path = asked(base, before, question, high)
        if path is None or not question.allowed(path, before):
            break
        low, found, high = high, path, 2 * high
    else:
        return Room(question.financier, "none found", float(question.lent(found)[-1] - question.lent(before)[-1]), spread(found), low)
    while high - low > PRECISE:
        middle = (low + high) / 2
        path = asked(base, before, question, middle)
        if path is not None and question.allowed(path, before):
            low, found = middle, path
        else:
            high = middle
    return Room(question.financier, question.limit, float(question.lent(found)[-1] - question.lent(before)[-1]), spread(found), low)


def capacity(base: Inputs, questions: Sequence[Question] = QUESTIONS) -> pd.DataFrame:
    """The capacity table (J4) at the end of a run.

    Parameters
    ----------
    base
        Inputs of a run, of a few weeks: demand is added from its first period on, room is read in its last.

    Returns
    -------
    DataFrame
        One row a financier: ``amount`` (USD bn), ``limit``, ``spread`` (SOFR less upper bound, decimals), ``demand`` (USD bn).
    """
    import pandas as pd

    before = base.solve()
    rooms = [answer(base, before, question) for question in questions]
    rows = {r.financier: {"amount": r.amount, "limit": r.limit, "spread": r.spread, "demand": r.demand} for r in rooms}
    return pd.DataFrame.from_dict(rows, orient="index")
