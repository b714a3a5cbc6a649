"""A money fund: passes income through, bears write-offs in the value of its shares, and meets redemptions from repo and bills."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from equations.accounts import MMF, MMF_INCOME, MMF_INCOME_ROW, PRIVATE, ROW
from equations.cells import acquired, cell, held
from equations.institutions.accounts import CHART
from model.accounting.identities import budget_equation, income, total_revaluation
from model.language.accounts import transaction
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, lagged, maximum, minimum, where
from model.language.units import ONE, USD

LOSS_RATE = Variable("mmf_loss_rate", ONE, "loss of a fund's shares in the period over their opening value")
REDEEMED = Variable("mmf_redeemed_share", ONE, "share of a fund that is redeemed in the period")
EARNED = Variable("mmf_earned", USD, "interest that a fund receives in the period")
NEED = Variable("mmf_repo_need", USD, "net tri-party lending that a fund's budget calls for")

RUN = Parameter("mmf_run", ONE, "share redeemed per unit of loss in the period before", 0.0)
RUN_LIMIT = Parameter("mmf_run_limit", ONE, "largest share redeemed in a period", 0.0, 1.0)
TRIPARTY_WEIGHT = Parameter("triparty_weight", ONE, "share of a bank in a money fund's tri-party lending", 0.0, 1.0)

TRIPARTY = cell("repo_triparty", MMF)
shares = {h: held("mmf_shares", h) for h in (PRIVATE, ROW)}
outstanding = sp.Add(*[s(-1) for s in shares.values()])
liquid = held("repo_triparty", MMF) + held("bills", MMF)
need = budget_equation(CHART, MMF, TRIPARTY)

EQUATIONS = (
    Equation(
        "mmf_earned", EARNED, income(CHART, MMF) + MMF_INCOME.variable + MMF_INCOME_ROW.variable, "interest received", kind="definition"
    ),
    *[
        Equation(
            flow.key,
            flow.variable,
            EARNED * shares[h](-1) / outstanding,
            "income is passed through",
            kind="definition",
        )
        for flow, h in ((MMF_INCOME, PRIVATE), (MMF_INCOME_ROW, ROW))
    ],
    Equation(
        "mmf_loss_rate",
        LOSS_RATE,
        maximum(-total_revaluation("mmf_shares", MMF), 0) / outstanding,
        "write-offs lower the value of shares",
        kind="definition",
    ),
    Equation(
        "mmf_redeemed_share",
        REDEEMED,
        minimum(minimum(RUN_LIMIT, RUN * LOSS_RATE(-1)), lagged(liquid) / outstanding),
        "shareholders redeem after a loss, as far as repo and bills go",
        source="Schmidt, Timmermann and Wermers (2016)",
    ),
    *[
        Equation(f"mmf_shares_{h}", acquired("mmf_shares", h), -REDEEMED * shares[h](-1), "redemptions", kind="definition")
        for h in (PRIVATE, ROW)
    ],
    Equation(
        "mmf_bills",
        acquired("bills", MMF),
        where(sp.Gt(lagged(liquid), 0), -REDEEMED * outstanding * held("bills", MMF)(-1) / lagged(liquid), 0),
        "bills and repo meet redemptions in proportion",
    ),
    replace(need, name="mmf_repo_need", left=NEED, label="a money fund's budget determines its repo"),
    Equation("repo_triparty_mmf", transaction(TRIPARTY), TRIPARTY_WEIGHT * NEED, "spread over the fund's dealers", kind="definition"),
)
PLACES = {
    **dict.fromkeys(("mmf_loss_rate", "mmf_redeemed_share", "mmf_earned", "mmf_repo_need"), MMF),
    "triparty_weight": TRIPARTY.key,
}
