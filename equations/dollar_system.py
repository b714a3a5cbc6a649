"""The dollar system on one screen: accounts, identities, behaviour, markets, and the one equation that is never solved."""

from __future__ import annotations

from dataclasses import replace

from equations import (
    banks,
    bills,
    calendar,
    coupons,
    fed,
    fed_income,
    foreign,
    hedge_funds,
    money,
    money_creation,
    money_funds,
    policy,
    private,
    real_side,
    repo,
    term_structure,
    treasury,
)
from equations.accounts import BANKS, BUFFERS, CHART, DT, HF, MMF
from equations.cells import total
from equations.fed_income import FED_ASSETS
from equations.limits import LIMITS
from model.accounting.identities import budget_equation, hidden_balance, identities
from model.language.equation import Equation, Hidden
from model.language.symbols import Variable
from model.language.system import System

MODULES = (
    policy,
    real_side,
    treasury,
    fed,
    fed_income,
    repo,
    term_structure,
    coupons,
    bills,
    money_funds,
    hedge_funds,
    banks,
    foreign,
    private,
    money,
    money_creation,
)

# Each budget but the banks' determines one buffer; the banks' is the redundant equation.
BUDGETS = tuple(budget_equation(CHART, sector, buffer) for sector, buffer in BUFFERS.items())
FED_LIABILITIES = ("currency", "reserves", "tga", "on_rrp", "foreign_repo_pool", "fed_other_deposits", "fed_equity")
HIDDEN = (
    hidden_balance(CHART, BANKS),
    hidden_balance(CHART, HF),
    hidden_balance(CHART, MMF),
    Hidden(
        "balance_sheet__fed_at_book", FED_ASSETS - sum(total(k) for k in FED_LIABILITIES), "the Fed's assets at book less its liabilities"
    ),
    *money_creation.HIDDEN,
)


def flow_form(identity: Equation) -> Equation:
    """The accumulation of a par cell solved for its transaction, where behaviour gives the stock."""
    stock = identity.left
    assert isinstance(stock, Variable)
    flow = Variable(f"{stock.base}__tr", stock.unit)
    return replace(identity, left=flow, right=stock - stock(-1))


def dollar_system(anticipation: bool = False) -> System:
    """The whole economy as a system: about 600 equations, one for each unknown.

    Parameters
    ----------
    anticipation
        True makes holders of coupons foresee premia: the system then has leads and all periods are solved together.

    Returns
    -------
    System
        Identities derived from the chart of accounts, budgets with their buffers, behaviour and markets; the
        balance sheets of banks (redundant), funds and the Fed at book are checked and never solved.
    """
    behaviour: list[Equation] = [e for m in MODULES for e in m.EQUATIONS]
    chosen = {e.left for e in behaviour}
    derived = tuple(flow_form(e) if e.left in chosen else e for e in identities(CHART))
    exogenous = (DT, *policy.EXOGENOUS, *calendar.EXOGENOUS, *term_structure.EXOGENOUS, *hedge_funds.EXOGENOUS)
    economy = System("dollar system", (*derived, *BUDGETS, *behaviour), exogenous, HIDDEN, CHART, LIMITS)
    if not anticipation:
        return economy
    from equations import anticipation as foresight

    return economy.replace(*foresight.REPLACED).add(*foresight.EQUATIONS)
