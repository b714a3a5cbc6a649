"""A bank: lends to funds, takes over and sells collateral, bears write-offs; without equity its tri-party lenders and the guarantee pay."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from equations.accounts import BANK_OPEX, BANKS, DT, FED, MMF, PRIVATE, ROW
from equations.cells import acquired, cell, held, primary, secondary
from equations.coupons import CLASSES
from equations.institutions.accounts import CHART, GUARANTEE
from equations.institutions.funds import BANK_RATIO, REPO, SEIZED
from equations.institutions.markets import redeemed
from model.accounting.identities import assets, budget_equation, income
from model.language.accounts import revaluation, transaction
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, lagged, maximum, minimum, where
from model.language.units import ONE, RATE, USD

RESULT = Variable("bank_result", USD, "equity of a bank before what others bear of its losses")
SHORTFALL = Variable("bank_shortfall", USD, "what the equity of a failed bank does not cover")
BAIL_IN = Variable("bank_bail_in", USD, "tri-party debt of a failed bank that is written off")
FAILED = Variable("bank_failed", ONE, "1 from the period in which a bank's equity was gone, else 0")
COLLATERAL = {k: Variable(f"bank_collateral_{k}", USD, f"seized {k} not yet sold, at their value when seized") for k in CLASSES}
RESERVES_NEED = Variable("reserves_created", USD, "reserves that the Fed's budget creates")
DEBT = Variable("bank_triparty", USD, "tri-party debt of a bank")

SALE_SPEED = Parameter("collateral_sale_speed", RATE, "speed at which banks sell seized collateral", 0.0)
BAIL_IN_SHARE = Parameter("bail_in_share", ONE, "share of a failed bank's shortfall that tri-party lenders bear", 0.0, 1.0)
BAIL_IN_LIMIT = Parameter("bail_in_limit", ONE, "largest part of tri-party debt that is written off in a period", 0.0, 1.0)
RESERVES_WEIGHT = Parameter("reserves_weight", ONE, "share of a bank in reserves", 0.0, 1.0)
OPENING_ASSETS = Parameter("bank_assets_opening", USD, "assets of a bank at the opening", 0.0)
OPEX = Parameter("bank_running_costs", RATE, "running costs and provisions over assets", 0.0)

equity = held("bank_equity", PRIVATE) + held("bank_equity", ROW)
gains = sp.Add(*[revaluation(cell(k, BANKS)) for k in CLASSES], revaluation(REPO))
failing = sp.Gt(FAILED(-1), 0)
triparty = {h: cell("repo_triparty", h) for h in (MMF, PRIVATE)}
reserves = budget_equation(CHART, FED, cell("reserves", BANKS))

EQUATIONS = (
    replace(reserves, name="reserves_created", left=RESERVES_NEED, label="the Fed's budget determines reserves"),
    Equation(
        "reserves_banks", acquired("reserves", BANKS), RESERVES_WEIGHT * RESERVES_NEED, "each bank keeps its share", kind="definition"
    ),
    *[
        Equation(primary(k, BANKS).base, primary(k, BANKS), redeemed(k, BANKS), "what falls due is bought again", kind="definition")
        for k in CLASSES
    ],
    *[
        Equation(
            COLLATERAL[k].base,
            COLLATERAL[k],
            COLLATERAL[k](-1) * sp.exp(-SALE_SPEED * DT) + SEIZED[k],
            "seized collateral is sold over weeks",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            secondary(k, BANKS).base,
            secondary(k, BANKS),
            SEIZED[k] - COLLATERAL[k](-1) * (1 - sp.exp(-SALE_SPEED * DT)),
            "banks take collateral in and sell it",
        )
        for k in CLASSES
    ],
    Equation(
        BANK_OPEX.key,
        BANK_OPEX.variable,
        OPEX * lagged(assets(CHART, BANKS)) * DT,
        "running costs and provisions",
        kind="definition",
    ),
    Equation(
        "bank_result",
        RESULT,
        lagged(equity) + income(CHART, BANKS) - GUARANTEE.variable + gains,
        "opening equity, income, gains on securities and losses on funds",
        kind="definition",
    ),
    Equation("bank_shortfall", SHORTFALL, maximum(-RESULT, 0), "what equity does not cover", kind="definition"),
    Equation(
        "bank_triparty",
        DEBT,
        held("repo_triparty", MMF) + held("repo_triparty", PRIVATE),
        "tri-party debt of a bank",
        kind="definition",
    ),
    Equation(
        "bank_bail_in",
        BAIL_IN,
        minimum(BAIL_IN_SHARE * SHORTFALL, BAIL_IN_LIMIT * DEBT(-1)),
        "tri-party lenders bear part of a failed bank's shortfall",
    ),
    *[
        Equation(
            f"repo_triparty_{holder}_revaluation",
            revaluation(claim),
            where(sp.Gt(DEBT(-1), 0), -BAIL_IN * held("repo_triparty", holder)(-1) / DEBT(-1), 0),
            "each lender by what it has lent",
            kind="definition",
        )
        for holder, claim in triparty.items()
    ],
    Equation(GUARANTEE.key, GUARANTEE.variable, SHORTFALL - BAIL_IN, "the guarantee pays the rest", kind="definition"),
    Equation(
        "bank_failed",
        FAILED,
        where(failing, 1, where(sp.Lt(RESULT, 0), 1, 0)),
        "a bank without equity has failed: it goes on under the guarantee",
        kind="definition",
    ),
    Equation(
        "bank_ratio",
        BANK_RATIO,
        equity / OPENING_ASSETS,
        "capital over the opening's assets: a balance sheet that shrinks does not hide a loss",
        kind="definition",
    ),
    *[
        Equation(f"bank_equity_issued_{h}", acquired("bank_equity", h), sp.Integer(0), "nobody adds capital in a crisis")
        for h in (PRIVATE, ROW)
    ],
    budget_equation(CHART, BANKS, cell("deposits", PRIVATE)),
    Equation("repo_dvp_rest", transaction(cell("repo_dvp", BANKS, ROW)), sp.Integer(0), "foreigners' repo stands still"),
    Equation("repo_dvp_rest_revaluation", revaluation(cell("repo_dvp", BANKS, ROW)), sp.Integer(0), "and is repaid"),
    Equation("repo_triparty_private", acquired("repo_triparty", PRIVATE), sp.Integer(0), "residents' tri-party lending stands still"),
)
PLACES = {
    **dict.fromkeys(("bank_result", "bank_shortfall", "bank_bail_in", "bank_failed", "bank_ratio", "bank_triparty"), BANKS),
    **{collateral.base: BANKS for collateral in COLLATERAL.values()},
    "reserves_weight": BANKS,
    "bank_assets_opening": BANKS,
}
