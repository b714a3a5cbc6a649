"""The economy of institutions: the dollar system's balance sheets with members, over the weeks of a crisis."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from equations.accounts import BANKS, DT, FED, FO, HF, MMF, PRIVATE, REMITTANCE, ROW, TREASURY
from equations.cells import cell
from equations.institutions import banks, funds, markets, money_funds
from equations.institutions.accounts import CHART
from model.accounting.identities import budget, budget_equation, hidden_balance, identities, income
from model.language.accounts import Valuation, revaluation, transaction
from model.language.equation import Equation, Hidden
from model.language.symbols import Variable, maximum
from model.language.system import System
from model.members.lifting import Lifted
from model.members.population import Population

MODULES = (markets, funds, banks, money_funds)
PLACES = {
    **funds.PLACES,
    **banks.PLACES,
    **money_funds.PLACES,
    **{f"balance_sheet__{s}": s for s in (BANKS, MMF, HF)},
}
PUBLIC = (
    Equation(
        REMITTANCE.key,
        REMITTANCE.variable,
        maximum(income(CHART, FED) + REMITTANCE.variable, 0),
        "the Fed remits what it earns",
        kind="definition",
    ),
    Equation("fed_equity_book", revaluation(cell("fed_equity", TREASURY)), sp.Integer(0), "the Fed's capital stands still"),
    budget_equation(CHART, TREASURY, cell("bills", PRIVATE)),
    budget_equation(CHART, FO, cell("external_other", FO)),
    budget_equation(CHART, ROW, cell("external_other", ROW)),
)
HIDDEN = (
    Hidden("budget__private", budget(CHART, PRIVATE), "the residents' budget, which no equation uses"),
    hidden_balance(CHART, BANKS),
    hidden_balance(CHART, MMF),
    hidden_balance(CHART, HF),
)


def institutions_system() -> System:
    """The sector-level system: its equations hold for every member and every link.

    Budgets determine a buffer each: reserves (Fed), bills (Treasury), tri-party repo (money funds), DVP repo (hedge funds), residents'
    deposits (banks), external claims (foreign sectors). The residents' budget is the redundant equation: with many banks each needs
    its own buffer. Cells without a rule stand still.
    """
    behaviour = [*PUBLIC, *(e for m in MODULES for e in m.EQUATIONS)]
    chosen = {e.left for e in behaviour}
    derived = []
    for law in identities(CHART):
        stock = law.left
        assert isinstance(stock, Variable)
        derived.append(replace(law, left=Variable(f"{stock.base}__tr", stock.unit), right=stock - stock(-1)) if stock in chosen else law)
    determined = {e.left for e in (*behaviour, *derived)}
    still = [
        Equation(transaction(c).base, transaction(c), sp.Integer(0), "stands still", kind="definition")
        for c in CHART.cells()
        if CHART.instrument(c.instrument).valuation is not Valuation.COUPON and transaction(c) not in determined
    ]
    rates = {i.rate for i in CHART.instruments if i.rate is not None} | {r for i in CHART.instruments for _, r in i.rates}
    exogenous = (DT, *sorted(rates, key=str), *markets.EXOGENOUS, *funds.EXOGENOUS)
    return System("institutions", (*derived, *behaviour, *still), exogenous, HIDDEN, CHART)


def generated_economy(population: Population) -> Lifted:
    """The system with a population's members and links."""
    return Lifted(institutions_system(), population, PLACES)
