"""Parameters and states that the opening determines: each is an expression in opening values, evaluated in order.

An anchor puts a behavioural curve through the opening point: it fixes where the curve stands, never how steep it is.
The opening's yields and bill rates already carry policy moves that were announced, so anchors measure overnight rates
after them: ``priced_move`` is the announced change of the policy rate (0 where there is none).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from equations import (
    banks,
    bills,
    coupons,
    fed,
    foreign,
    hedge_funds,
    money_funds,
    policy,
    rates,
    real_side,
    repo,
    term_structure,
    treasury,
)
from equations.accounts import BANKS, CHART, FED, FO, HF, MMF, PRIVATE, ROW
from equations.cells import face, held, total
from equations.coupons import CLASSES
from model.accounting.identities import assets
from model.language.accounts import face as cell_face
from model.language.symbols import Parameter, Variable
from model.language.units import ONE, RATE


@dataclass(frozen=True)
class Anchor:
    """A parameter or an opening state and the expression that gives its value at the opening."""

    target: Parameter | Variable
    expression: sp.Expr
    reason: str


class AnchorError(ValueError):
    """An opening value or a parameter that an anchor needs is missing, or the opening makes the anchor meaningless."""


PAST_IORB = Variable("past_iorb", RATE, "IORB as holders of currency have taken it in")
PAST_GAP = Variable("past_yield_gap", RATE, "bond yield less IORB as banks have taken it in, less that of the day")
PRICED = Variable("priced_move", RATE, "change of the policy rate that the opening's yields already carry")
BASIS_SHARE = hedge_funds.LIMIT_SHARE
BASIS_OPENING = Parameter("basis_opening", RATE, "net basis of the opening")
CAPACITY_USED = Parameter("hf_capacity_used", ONE, "book over the margin limit at the opening", 0.0, 1.0)
VAR_USED = Parameter("hf_var_used", ONE, "book over the value-at-risk limit at the opening", 0.0, 1.0)
BANK_LEAD = Parameter("bank_treasury_lead", ONE, "part by which banks' aim for coupons exceeds what they hold: the observed purchases")
MMF_LEAD = Parameter("mmf_lead", ONE, "log-odds by which savers' aim exceeds the opening share: the observed inflow")

policy_priced = policy.POLICY_RATE + PRICED
gdp = real_side.GDP
book = held("notes", HF) + held("bonds", HF)
equity = total("hedge_fund_equity")
basis_leg = BASIS_SHARE * book
dealer_lending = repo.DVP_H + repo.DVP_R + repo.INVENTORY
fund_assets = total("mmf_shares")
share = held("mmf_shares", PRIVATE) / money_funds.savers
bank_coupons = face("notes", BANKS) + face("bonds", BANKS)
outflow = (
    treasury.OUTLAYS
    + total("bills") / treasury.BILL_LIFE
    + sp.Add(*[term_structure.DECAY[k] * cell_face(c) for k in CLASSES for c in CHART.cells(k)])
)


def at_opening(expression: sp.Expr) -> sp.Expr:
    """An equation's expression with every lag read at the opening."""
    return expression.xreplace({s: s(-s.time) for s in expression.free_symbols if isinstance(s, Variable)})


STATES = (
    Anchor(PRICED, sp.Integer(0), "no announced move unless the opening says so"),
    Anchor(PAST_IORB, rates.IORB, "rates have been what they are unless history says otherwise"),
    Anchor(PAST_GAP, sp.Integer(0), "yields have been what they are unless history says otherwise"),
    Anchor(rates.OTHER_DEPOSIT_RATE, fed.CLEARING_SHARE * rates.IORB, "clearing houses' part earns IORB"),
    Anchor(bills.SAVER_GAP, rates.BILL_RATE - PRICED - rates.DEPOSIT_RATE, "savers know what bills pay"),
    Anchor(term_structure.LEARNED, sp.Integer(0), "the published long-run rate is believed"),
    Anchor(term_structure.LONG_RUN, term_structure.R_STAR, "the published long-run rate is believed"),
    Anchor(term_structure.GAP_EXPECTED, policy_priced - term_structure.R_STAR, "the rate that was announced is expected"),
    Anchor(repo.INVENTORY, sp.Integer(0), "dealers' normal inventory is in banks' coupons"),
    Anchor(repo.OUTWARD_SHIFT, sp.Integer(1), "reserve demand as calibrated"),
    Anchor(repo.VOLATILITY, repo.VOLATILITY_NORMAL, "normal repo volatility"),
    Anchor(repo.CORE_AVERAGE, repo.SPREAD_AVERAGE, "recent spread"),
    Anchor(fed.STRUCTURAL, repo.SPREAD_AVERAGE, "recent spread"),
    Anchor(repo.FED_PACE, sp.Integer(0), "no purchases carried over"),
    Anchor(term_structure.FLOW_PREMIUM, sp.Integer(0), "no concession carried over"),
    Anchor(treasury.BACKLOG, sp.Integer(0), "no outlays carried over"),
    Anchor(
        treasury.OUTLAYS,
        (treasury.G_SHARE + treasury.TR_SHARE) * gdp + treasury.opening_interest(),
        "outlays with interest at the opening's rates",
    ),
    Anchor(money_funds.SHARE_DRIFT, sp.Integer(0), "trend counted from the opening"),
    Anchor(foreign.SHIFT, sp.Integer(0), "no sales carried over"),
    Anchor(foreign.YEARS, sp.Integer(0), "time counted from the opening"),
    Anchor(foreign.USD_ASSETS, assets(CHART, FO) - foreign.FIMA, "dollar reserves"),
    Anchor(foreign.LIQUID, sp.Add(*[held(k, FO) for k in foreign.LIQUID_ROWS]), "liquid official dollars"),
    Anchor(foreign.GOLD, foreign.USD_ASSETS * (1 / foreign.USD_SHARE_OPENING - 1), "non-dollar reserves by the published dollar share"),
    *[Anchor(foreign.COUPON_BOOK[k], face(k, FO), "officials hold what they want") for k in CLASSES],
    Anchor(real_side.DOLLAR_GAP, sp.Integer(0), "index 100"),
    Anchor(banks.TREASURY_BOOK, bank_coupons, "banks hold what they want"),
    Anchor(repo.BANK_ASSETS, assets(CHART, BANKS), "assets"),
    Anchor(repo.LEVERAGE, total("bank_equity") / repo.BANK_ASSETS, "equity over assets"),
    Anchor(repo.LIQUIDITY, repo.liquid / total("deposits"), "liquid assets over deposits"),
    Anchor(repo.SRF_COLLATERAL, repo.collateral, "collateral"),
    Anchor(hedge_funds.BOOK, book, "the book held"),
    Anchor(hedge_funds.BASIS, BASIS_OPENING, "the basis observed"),
    Anchor(hedge_funds.BASIS_LEG, basis_leg, "futures sold"),
    Anchor(hedge_funds.SPREAD_LEG, book - basis_leg, "other hedged positions"),
    Anchor(hedge_funds.RISK, VAR_USED * equity / book, "the risk limit is used as set"),
    Anchor(hedge_funds.HAIRCUT, hedge_funds.HAIRCUT_NORMAL, "normal haircut"),
    Anchor(hedge_funds.MARGIN, hedge_funds.MARGIN_NORMAL, "normal margin"),
)

PARAMETERS = (
    Anchor(repo.OWN_NORMAL, (dealer_lending - repo.TP_M - repo.TP_P - repo.SRF) / gdp, "own lending is normal at the opening"),
    Anchor(repo.CAPACITY, dealer_lending / gdp, "dealers' capacity is normally used at the opening"),
    *[
        Anchor(
            fed.CURRENCY_RATIO[h], held("currency", h) / gdp * sp.exp(fed.CURRENCY_RATE * PAST_IORB), "currency that past rates called for"
        )
        for h in fed.CURRENCY_HOLDERS
    ],
    Anchor(repo.DW_BASE, held("discount_window", FED) / gdp, "ordinary discount-window credit"),
    Anchor(term_structure.DURATION_OPENING, at_opening(term_structure.duration_over_gdp()), "duration supply at the opening"),
    *[
        Anchor(
            term_structure.PREMIUM_OPENING[k],
            term_structure.YIELD[k]
            - term_structure.R_STAR
            - (policy_priced - term_structure.R_STAR)
            * (term_structure.DECAY[k] + term_structure.R_STAR)
            / (term_structure.DECAY[k] + term_structure.R_STAR + term_structure.REVERSION),
            "the yield's premium over expectations",
        )
        for k in CLASSES
    ],
    *[Anchor(coupons.INTERCEPT[k, h], face(k, h) / gdp, "holders hold what they want") for k in CLASSES for h in coupons.PRICE_TAKERS],
    Anchor(coupons.BASIS_RATIO, basis_leg / gdp, "futures held"),
    Anchor(coupons.FOREIGN_GAP_OPENING, policy_priced - policy.FOREIGN_RATE, "rate gap to abroad"),
    *[Anchor(coupons.HF_CLASS[k], held(k, HF) / book, "class mix of the book") for k in CLASSES],
    Anchor(
        hedge_funds.AM_RATIO,
        (basis_leg + gdp * hedge_funds.AM_SLOPE * BASIS_OPENING) / hedge_funds.private_coupons,
        "futures demand meets supply",
    ),
    Anchor(
        hedge_funds.BASIS_SLOPE, basis_leg / equity / (BASIS_OPENING - hedge_funds.BASIS_MINIMUM), "funds hold what the basis calls for"
    ),
    Anchor(hedge_funds.SPREAD_RATIO, (book - basis_leg) / equity, "other hedged positions"),
    Anchor(
        hedge_funds.BUFFER,
        CAPACITY_USED * equity / book - hedge_funds.HAIRCUT_NORMAL - hedge_funds.MARGIN_NORMAL,
        "the margin limit is used as observed",
    ),
    Anchor(hedge_funds.VAR_MULTIPLIER, VAR_USED * equity / book / repo.VOLATILITY_NORMAL, "the risk limit is used as set"),
    Anchor(hedge_funds.EQUITY_RATIO, equity / book, "equity over book"),
    Anchor(hedge_funds.CASH_RATIO, held("deposits", HF) / book, "cash over book"),
    Anchor(hedge_funds.MARGIN_OPENING, hedge_funds.MARGIN_NORMAL, "normal margin at the opening"),
    *[
        Anchor(
            bills.INTERCEPT[h],
            held("bills", h) / gdp - bills.SLOPE[h] * (rates.BILL_RATE - rates.IORB - repo.SPREAD_AVERAGE - PRICED),
            "holders hold the bills they want",
        )
        for h in bills.HOLDERS
    ],
    Anchor(
        money_funds.BILLS_SHARE,
        money_funds.without_scarcity(held("bills", MMF) / fund_assets)
        - at_opening(money_funds.BILLS_SLOPE * money_funds.close)
        * (rates.BILL_RATE - rates.IORB - repo.SPREAD_AVERAGE + repo.DVP_WEIGHT * (repo.CHI_FIXED + repo.CHI_SLOPE) - PRICED),
        "funds hold the bills they want at the average repo rate",
    ),
    Anchor(
        money_funds.LOGIT,
        sp.log(share / (1 - share)) - money_funds.SPREAD_EFFECT * (rates.MMF_YIELD - rates.DEPOSIT_RATE) + MMF_LEAD,
        "savers' aim: the opening share and the observed inflow",
    ),
    Anchor(bills.SAVER_OPENING, bills.SAVER_GAP, "savers hold the bills they want"),
    Anchor(money_funds.RRP_PRIVATE, held("on_rrp", PRIVATE) / total("on_rrp"), "agencies' part of the ON RRP"),
    *[Anchor(banks.BANK_CLASS[k], face(k, BANKS) / bank_coupons, "class mix of banks") for k in CLASSES],
    Anchor(
        banks.TREASURY_RATIO,
        (1 + BANK_LEAD)
        * bank_coupons
        / total("deposits")
        / (1 + banks.TREASURY_YIELD * (at_opening(banks.coupon_yield) - rates.IORB - PRICED + PAST_GAP)),
        "banks hold what yields of the past year or two called for",
    ),
    Anchor(
        banks.AGENCY_RATIO,
        held("agency", BANKS) / total("deposits") / (1 + banks.TREASURY_YIELD * (banks.new_agency - rates.IORB - PRICED + PAST_GAP)),
        "banks hold what yields of the past year or two called for",
    ),
    Anchor(banks.EQUITY_TARGET, total("bank_equity") / repo.BANK_ASSETS, "equity over assets"),
    Anchor(banks.LOAN_SPREAD, rates.LOAN_RATE - (policy.POLICY_RATE + rates.YIELD_NOTES) / 2, "loan rate of the opening"),
    Anchor(banks.OTHER_SPREAD, rates.OTHER_RATE - rates.IORB, "rate on other paper"),
    Anchor(real_side.Y_OPENING, rates.YIELD_BONDS, "bond yield"),
    *[Anchor(foreign.COUPON_SHARE[k], face(k, FO) / foreign.USD_ASSETS, "officials hold what they want") for k in CLASSES],
    Anchor(foreign.BILLS_SHARE, held("bills", FO) / foreign.USD_ASSETS, "officials hold what they want"),
    Anchor(foreign.FRP_SHARE, held("foreign_repo_pool", FO) / foreign.LIQUID, "the pool's share"),
    Anchor(foreign.FRP_GAP_OPENING, rates.FRP_RATE + PRICED - rates.DEPOSIT_RATE, "the pool's spread over deposits"),
    Anchor(foreign.FRP_SPREAD_OPENING, rates.FRP_RATE + PRICED - rates.BILL_RATE, "the pool's spread"),
    *[Anchor(foreign.DEPOSIT_RATIO[h], held("deposits", h) / gdp, "foreign deposits over GDP") for h in (FO, ROW)],
    Anchor(foreign.DVP_RATIO, held("repo_dvp", BANKS, ROW) / gdp, "foreign repo over GDP"),
    Anchor(
        foreign.DOLLAR_GAP_OPENING,
        foreign.DOLLAR_RATE * (policy_priced - policy.FOREIGN_RATE) + foreign.DOLLAR_CONVENIENCE * foreign.CONVENIENCE_LEVEL,
        "the dollar's rule at the opening",
    ),
    Anchor(foreign.DEBT_RATIO_OPENING, treasury.DEBT / gdp / term_structure.ONE_YEAR, "debt over GDP"),
    Anchor(treasury.TGA_COVER, treasury.TGA_TARGET / outflow, "the cash target of the opening"),
)
ANCHORS = STATES + PARAMETERS
ANCHORED_PARAMETERS = frozenset(a.target.name for a in PARAMETERS)


def follows_from(name: str) -> tuple[str, ...]:
    """Parameters that are computed from a figure of the opening, such as the observed inflow into money funds; nothing for other names."""
    if name not in {p.name for p in (BASIS_OPENING, CAPACITY_USED, VAR_USED, BANK_LEAD, MMF_LEAD)}:
        return ()
    return tuple(a.target.name for a in PARAMETERS if name in _roots(a.expression))


def evaluate(expression: sp.Expr, values: Mapping[str, float], what: str) -> float:
    """The number that an expression takes at the opening.

    Raises
    ------
    AnchorError
        A symbol without value, or a result that is not finite.
    """
    table = {}
    for symbol in sorted(expression.free_symbols, key=lambda s: s.name):
        name = symbol.base if isinstance(symbol, Variable) else symbol.name
        if name not in values:
            raise AnchorError(f"{what}: the opening has no value for {name!r}")
        table[symbol] = sp.Float(values[name], 17)
    result = expression.xreplace(table).evalf(17)
    if (not result.is_Float and not result.is_Integer) or not result.is_finite:
        raise AnchorError(f"{what}: with the opening's values {expression} divides by zero or is not a number")
    return float(result)


def check_anchored(numbers: Mapping[str, float], changed: Mapping[str, float]) -> None:
    """Refuses values of a caller from which an anchored parameter out of its bounds follows.

    Raises
    ------
    AnchorError
        The values that were set, and what follows from them.
    """
    for item in PARAMETERS:
        target, value = item.target, numbers[item.target.name]
        if target.name in changed or not isinstance(target, Parameter):
            continue
        for bound, off, word in ((target.lower, -1, "below"), (target.upper, 1, "above")):
            wrong = not math.isfinite(value) or (bound is not None and off * (value - bound) > 0)
            guilty = [name for name in _roots(item.expression) if name in changed] if wrong else []
            settings = ", ".join(f"{name}={changed[name]:g}" for name in guilty)
            if guilty and not math.isfinite(value):
                raise AnchorError(f"{settings}: out of bounds; {target.name} ({target.description}) would be no finite number")
            if guilty:
                raise AnchorError(f"{settings}: out of bounds; {target.name} ({target.description}) would be {value:.3g}, {word} {bound:g}")


def _roots(expression: sp.Expr) -> list[str]:
    """Parameters that an anchor's value follows from, by way of other anchors too."""
    own = {item.target.name if isinstance(item.target, Parameter) else item.target.base: item.expression for item in ANCHORS}
    seen: set[str] = set()
    names = {s.base if isinstance(s, Variable) else s.name for s in expression.free_symbols}
    while names - seen:
        name = (names - seen).pop()
        seen.add(name)
        if name in own:
            names |= {s.base if isinstance(s, Variable) else s.name for s in own[name].free_symbols}
    return sorted(seen)


def anchor(opening: Mapping[str, float], parameters: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Complete an opening and a parameter set.

    Parameters
    ----------
    opening
        Stocks, rates and income by variable name.
    parameters
        Values by name; those that are anchored may be missing, and are kept where given.

    Returns
    -------
    opening, parameters
        Copies with every auxiliary state and anchored parameter filled in.

    Raises
    ------
    AnchorError
        Something that an anchor needs is missing.
    """
    states, numbers = dict(opening), dict(parameters)
    for item in STATES:
        name = item.target.base
        if name not in states:
            states[name] = evaluate(item.expression, {**numbers, **states}, f"state {name!r}")
    for item in PARAMETERS:
        name = item.target.name
        if name not in numbers:
            numbers[name] = evaluate(item.expression, {**numbers, **states}, f"parameter {name!r}")
    return states, numbers
