"""Calculations over a solved run: shares of the baseline, the chart of accounts, double entry, capacities."""

from __future__ import annotations

import numpy as np

from calibration.satellites import estimate
from dollarflow.experiments.bench import Bench, Pair
from dollarflow.experiments.e16_saving import DPI, RATE
from equations.accounts import BANKS, CHART, FED, HF, MMF

LIQUIDITY = 0.05
YEAR = 52


def first_year(bench: Bench, name: str) -> float:
    """A flow of the baseline's first year."""
    run = bench.run("baseline")
    return float((run[name] * run["dt"])[1 : YEAR + 1].sum())


def deficit_less_issuance(bench: Bench) -> float:
    """Net issue of marketable debt less the deficit, baseline, first year."""
    run = bench.run("baseline")
    return float(run["debt"][YEAR] - run["debt"][0]) - first_year(bench, "deficit")


def srf_share_of_issuance(bench: Bench) -> float:
    """Average SRF balance over the debt issued, baseline, first year."""
    from dollarflow.attribution import srf_share

    return 100.0 * srf_share(bench.run("baseline").path)


def money_per_debt(bench: Bench) -> float:
    """M2 created per dollar of debt, baseline, first year."""
    from dollarflow.attribution import mu

    return mu(bench.run("baseline").path)


def money_per_coupon(bench: Bench) -> float:
    """Money created per dollar at the margin when the Treasury spends 100 bn more and issues notes and bonds, eight weeks."""
    from dollarflow.attribution import marginal_money, run_of_simulation

    return sum(marginal_money(run_of_simulation(bench.run("baseline", periods=8), "baseline").inputs).values())


def money_per_bill(bench: Bench) -> float:
    """Money created per dollar at the margin when the Treasury spends 100 bn more and issues bills, eight weeks."""
    from dollarflow.attribution import marginal_money, run_of_simulation

    return sum(marginal_money(run_of_simulation(bench.run("baseline", periods=8), "baseline").inputs, coupons=False).values())


def srf_money_per_coupon(bench: Bench) -> float:
    """Part of that money that the SRF creates, per dollar of notes and bonds."""
    from dollarflow.attribution import marginal_money, run_of_simulation

    return marginal_money(run_of_simulation(bench.run("baseline", periods=8), "baseline").inputs)["srf"]


def _room(bench: Bench, financier: str, own_lending: float | None = None) -> float:
    from dollarflow.attribution import capacity, run_of_simulation
    from dollarflow.attribution.capacity import QUESTIONS

    parameters = None if own_lending is None else {"zeta": own_lending}
    inputs = run_of_simulation(bench.run("baseline", periods=8, parameters=parameters), "baseline").inputs
    asked = tuple(q for q in QUESTIONS if q.financier == financier)
    return float(capacity(inputs, asked)["amount"].to_dict()[financier])


def room_of_cash_lenders(bench: Bench) -> float:
    """What all lenders of cash can add in eight weeks with SOFR within 10 bp of the upper bound."""
    return _room(bench, "all_cash_lenders")


def room_without_own_lending(bench: Bench) -> float:
    """The same where dealers' own lending takes nothing from slack (zeta of 0): no limit is found up to this."""
    return _room(bench, "all_cash_lenders", 0.0)


def room_with_own_lending(bench: Bench) -> float:
    """The same where dealers' own lending takes its whole amount from slack (zeta of 1)."""
    return _room(bench, "all_cash_lenders", 1.0)


def room_of_hedge_funds(bench: Bench) -> float:
    """What hedge funds can add in eight weeks before haircuts, margins or risk limits bind."""
    return _room(bench, "hedge_funds")


def banks_at_the_on_rrp(bench: Bench) -> float:
    """Places in the chart of accounts where banks hold ON RRP."""
    return float(sum(cell.holder == BANKS for cell in CHART.cells("on_rrp")))


def funds_at_the_srf(bench: Bench) -> float:
    """Places in the chart of accounts where hedge funds owe to the SRF."""
    return float(sum(cell.issuer == HF for cell in CHART.cells("srf")))


def funds_at_the_on_rrp(bench: Bench) -> float:
    """Cash of money funds at the ON RRP, baseline, mean of the first year."""
    return float(np.mean(bench.run("baseline")[f"on_rrp__{FED}__{MMF}"][1 : YEAR + 1]))


def repo_share_of_the_book(bench: Bench) -> float:
    """Hedge funds' repo over their Treasuries at the opening."""
    row = bench.run("baseline").row(0)
    return 100.0 * row[f"repo_dvp__{HF}__{BANKS}"] / row["hf_book"]


def unpaid_by_the_treasury(bench: Bench) -> float:
    """Outlays that the Treasury could not pay, baseline, first year."""
    return float(bench.run("baseline")["unpaid"][1:].max())


def essays_saving_over_gdp(bench: Bench) -> float:
    """The essay's personal saving as a share of GDP, like the deficit that it is compared with."""
    return 100.0 * RATE * DPI


def yield_with_purchases(bench: Bench) -> float:
    """Bond yield, 1,000 bn of outright purchases, largest change of the run."""
    pair = bench.pair("qe")
    return pair.largest("yield_bonds", unit="bp")


def yield_without_the_srf(bench: Bench) -> float:
    """Bond yield without the SRF less with it, largest change in the year from October 2025."""
    return Pair(bench.run("baseline"), bench.run("srf_off")).largest("yield_bonds", unit="bp")


def sofr_without_the_srf(bench: Bench) -> float:
    """SOFR less IORB without the SRF less with it, largest change in the year from October 2025."""
    return Pair(bench.run("baseline"), bench.run("srf_off")).largest("sofr_iorb", unit="bp")


def funds_without_the_srf(bench: Bench) -> float:
    """Hedge funds' Treasuries without the SRF less with it, largest change in the year from October 2025."""
    return Pair(bench.run("baseline"), bench.run("srf_off")).largest("hf_book")


def bitcoin_low(bench: Bench) -> float:
    """Bitcoin when dollar liquidity rises by 5 %, lower end of the 95 % interval."""
    return 100.0 * estimate("bitcoin").response(LIQUIDITY)[0]


def bitcoin_high(bench: Bench) -> float:
    """Bitcoin when dollar liquidity rises by 5 %, upper end of the 95 % interval."""
    return 100.0 * estimate("bitcoin").response(LIQUIDITY)[2]


FIGURES = (
    (deficit_less_issuance, "bn"),
    (srf_share_of_issuance, "%"),
    (money_per_debt, "1"),
    (money_per_coupon, "1"),
    (money_per_bill, "1"),
    (srf_money_per_coupon, "1"),
    (room_of_cash_lenders, "bn"),
    (room_without_own_lending, "bn"),
    (room_with_own_lending, "bn"),
    (room_of_hedge_funds, "bn"),
    (banks_at_the_on_rrp, "1"),
    (funds_at_the_srf, "1"),
    (funds_at_the_on_rrp, "bn"),
    (repo_share_of_the_book, "%"),
    (unpaid_by_the_treasury, "bn"),
    (essays_saving_over_gdp, "%"),
    (yield_with_purchases, "bp"),
    (yield_without_the_srf, "bp"),
    (sofr_without_the_srf, "bp"),
    (funds_without_the_srf, "bn"),
    (bitcoin_low, "%"),
    (bitcoin_high, "%"),
)
"""What claims may name, with units."""
