"""Expectations and term premium (Y1)-(Y2): what a yield is made of before the market clears."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import A_BONDS, A_NOTES, CHART, DT, FED, FO, TREASURY
from equations.cells import adjustment, face
from equations.real_side import GDP
from equations.repo import size
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.units import ONE, RATE, USD, YEAR

EXPECTED = {
    "notes": Variable("expected_notes", RATE, "expectations part of the note yield"),
    "bonds": Variable("expected_bonds", RATE, "expectations part of the bond yield"),
}
PREMIUM = {
    "notes": Variable("term_premium_notes", RATE, "term premium of the note class"),
    "bonds": Variable("term_premium", RATE, "term premium of the bond class"),
}
FLOW_PREMIUM = Variable("flow_premium", RATE, "temporary yield concession for unexpected net sales")
SURPRISE_SALES = Variable("surprise_sales", USD, "unexpected net sales of coupons in the period, face")
DURATION_SUPPLY = Variable("duration_supply", ONE, "10-year equivalents outside the Fed and official holders over GDP")
PREMIUM_DIAGNOSTIC = Variable("term_premium_diagnostic", RATE, "term premium by the duration-supply rule; reported only")
FORESEEN = {
    k: Variable(f"foreseen_{k}", RATE, f"expected rate of {k} by a dated path less that of the mean-reverting rule")
    for k in ("notes", "bonds")
}
LONG_RUN = Variable("long_run_rate", RATE, "policy rate that markets expect in the long run")
LEARNED = Variable("learned_rate", RATE, "part of it that markets have learned from policy's surprises")
GAP_EXPECTED = Variable("expected_gap", RATE, "distance of the next period's policy rate from the published long-run rate, as expected")
GUIDANCE = Variable("guidance", RATE, "announced deviation of the average expected policy rate")

ONE_YEAR = Parameter("one_year", YEAR, "one year: turns an annual flow into a yardstick for stocks", 1.0, 1.0)
R_STAR = Parameter("r_star", RATE, "long-run policy rate as published by policymakers, term adjustment included", -1.0, 1.0)
REVERSION = Parameter("rate_reversion", RATE, "speed at which the policy rate is expected to return", 0.0)
LEARNING = Parameter("rate_learning", ONE, "part of a surprise of the policy rate that markets take to be lasting", 0.0, 1.0)
GAMMA = Parameter("gamma", RATE, "term premium per unit of 10-year equivalents over GDP", 1e-05)
DURATION_NOTES = Parameter("duration_notes", YEAR, "duration of the note class", 0.1)
DURATION_BONDS = Parameter("duration_bonds", YEAR, "duration of the bond class", 0.1)
FLOW_SLOPE = Parameter("flow_slope", RATE / USD, "yield concession per bn of unexpected sales", 0.0)
FLOW_DECAY = Parameter("flow_decay", RATE, "decay of the concession", 0.0)
NOTE_PREMIUM_SHARE = Parameter("note_premium_share", ONE, "note premium per unit of bond premium", 0.0, 1.0)
VOLATILITY_PREMIUM = Parameter("volatility_premium", ONE, "term premium per unit of repo volatility above normal", 0.0)
PREMIUM_OPENING = {
    "notes": Parameter("term_premium_notes_opening", RATE, "note premium of the opening"),
    "bonds": Parameter("term_premium_opening", RATE, "bond premium of the opening"),
}
DURATION_OPENING = Parameter("duration_supply_opening", ONE, "10-year equivalents over GDP at the opening")

YIELD = {"notes": rates.YIELD_NOTES, "bonds": rates.YIELD_BONDS}
DECAY = {"notes": A_NOTES, "bonds": A_BONDS}
DURATION = {"notes": DURATION_NOTES, "bonds": DURATION_BONDS}


def private_face(instrument: str) -> sp.Expr:
    """Face of a coupon class outside the Fed and official holders."""
    holders = [c.holder for c in CHART.cells(instrument) if c.issuer == TREASURY and c.holder not in (FED, FO)]
    return sp.Add(*[face(instrument, holder) for holder in holders])


def duration_over_gdp() -> sp.Expr:
    """10-year equivalents outside the Fed and official holders over GDP."""
    return sp.Add(*[private_face(k) * DURATION[k] for k in ("notes", "bonds")]) / DURATION_BONDS / GDP / ONE_YEAR


def expectation(instrument: str) -> Equation:
    """The average policy rate expected over the class's life, from a mean-reverting rate."""
    weight = (DECAY[instrument] + R_STAR) / (DECAY[instrument] + R_STAR + REVERSION)
    return Equation(
        EXPECTED[instrument].base,
        EXPECTED[instrument],
        LONG_RUN + (policy.POLICY_RATE - LONG_RUN) * weight + GUIDANCE + FORESEEN[instrument],
        "the expected policy rate returns to its long-run level",
        "(Y1)",
        "expectations hypothesis with a mean-reverting short rate",
    )


gap = policy.POLICY_RATE - R_STAR

EQUATIONS = (
    Equation(
        "learned_rate",
        LEARNED,
        LEARNED(-1) + LEARNING * (gap - GAP_EXPECTED(-1)),
        "markets take a part of what policy did unexpectedly to be lasting",
        "(Y1)",
        "Muth (1960); Kozicki and Tinsley (2001), shifting endpoints; size by Kuttner (2001)",
    ),
    Equation("long_run_rate", LONG_RUN, R_STAR + LEARNED, "what policymakers publish and what was learned", "(Y1)", kind="definition"),
    Equation(
        "expected_gap",
        GAP_EXPECTED,
        gap + (LEARNED - gap) * adjustment(REVERSION),
        "the policy rate is expected to return to its long-run level",
        "(Y1)",
        kind="definition",
    ),
    expectation("notes"),
    expectation("bonds"),
    *[
        Equation(PREMIUM[k].base, YIELD[k], EXPECTED[k] + PREMIUM[k], "a yield is its expectation and a premium", "(Y1)", kind="definition")
        for k in ("notes", "bonds")
    ],
    Equation(
        "flow_premium",
        FLOW_PREMIUM,
        FLOW_PREMIUM(-1) * sp.exp(-FLOW_DECAY * DT) + FLOW_SLOPE / size * SURPRISE_SALES,
        "unexpected sales move yields at once and fade",
        "(Y2)",
        "D'Amico and King (2013), flow effects",
    ),
    Equation(
        "duration_supply",
        DURATION_SUPPLY,
        duration_over_gdp(),
        "duration outside the Fed and official holders in 10-year equivalents of GDP",
        "(Y2)",
        kind="definition",
    ),
    Equation(
        "term_premium_diagnostic",
        PREMIUM_DIAGNOSTIC,
        PREMIUM_OPENING["bonds"] + GAMMA * (DURATION_SUPPLY - DURATION_OPENING) + FLOW_PREMIUM,
        "the duration-supply rule that the market-clearing yields must reproduce in differences",
        "(Y2)",
        "Greenwood and Vayanos (2014); Congressional Budget Office WP 2024-05",
        "definition",
    ),
)
EXOGENOUS = (GUIDANCE, *FORESEEN.values())
