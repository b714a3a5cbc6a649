"""T29-T34, T38, T39: what pushes which way, against orders of magnitude from the literature and from arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.periods.path import Path
from tests.economy.laboratory import Experiment, effect, quiet

WEEKS = 52.0


def test_t29_the_treasurys_cash_tightens_money_and_the_more_the_scarcer_it_is(calm: Experiment, calm_path: Path) -> None:
    """Bills sold for cash drain reserves: SOFR rises, by more for each further hundred billion."""
    rises, drains = [], []
    for amount in (100.0, 200.0, 300.0, 400.0):
        run = calm.pulse("issuance_surprise", amount * WEEKS, 1, 1).run()
        assert effect(run, calm_path, "tga")[1] == pytest.approx(amount, rel=1e-6)
        rises.append(effect(run, calm_path, "sofr_iorb")[1] * 1e4)
        drains.append(effect(run, calm_path, "reserves")[1] + effect(run, calm_path, "on_rrp")[1] - effect(run, calm_path, "srf")[1])
    steps = np.diff([0.0, *rises])
    assert np.all(steps > 2.0)
    assert np.all(np.diff(steps) > 0.0), steps
    assert steps[0] < 7.0
    assert np.allclose(drains, [-100.0, -200.0, -300.0, -400.0], rtol=0.04), "the Fed's other items hardly move"


def test_t29_reserves_price_cash_convexly(calm: Experiment, calm_path: Path) -> None:
    """Outright sales of bills by the Fed: ∂s/∂R < 0 and steeper where reserves are scarcer; purchases: flatter."""
    levels, spreads = [], []
    for amount in (-200.0, -100.0, 0.0, 100.0, 300.0, 500.0, 900.0):
        run = calm.pulse("qe_bills", amount * WEEKS, 1, 1).run()
        levels.append(float(run["reserves"][1]))
        spreads.append(float(run["sofr_iorb"][1]) * 1e4)
    slopes = np.diff(spreads) / np.diff(levels)
    assert np.all(slopes < 0.0)
    assert np.all(np.diff(slopes) > 0.0), slopes
    assert -slopes[-1] < 0.02 < -slopes[0], "bp per bn: near zero when cash is abundant, several bp per 100 bn when scarce"


def test_t30_what_the_fed_holds_lowers_yields(calm: Experiment, calm_path: Path) -> None:
    """1,000 bn in a quarter: 7 to 15 bp at γ = 4 bp per 1 % of GDP once the flow effect has passed, and reserves pay for it."""
    run = calm.pulse("qe_notes", 540.0 * 4, 1, 13).pulse("qe_bonds", 460.0 * 4, 1, 13).run()
    moved = effect(run, calm_path, "yield_bonds") * 1e4
    assert np.all(moved[1:] < 0.0)
    assert -15.0 < moved[52] < -7.0
    assert moved[13] < moved[26], "the flow effect passes"
    assert 0.0 > effect(run, calm_path, "yield_notes")[52] * 1e4 > moved[52]
    assert 600.0 < effect(run, calm_path, "reserves")[13] < 1000.0
    sold = calm.pulse("qe_notes", -540.0 * 4, 1, 13).pulse("qe_bonds", -460.0 * 4, 1, 13).run()
    assert effect(sold, calm_path, "yield_bonds")[52] > 0.0


def deficits(calm: Experiment, calm_path: Path) -> tuple[Path, Path]:
    """One per cent of GDP less in taxes for a year, financed by bills, and by coupons."""
    lower = calm.changed(tax_rate=calm.parameters["tax_rate"] - 0.01)
    return lower.run(), lower.pulse("coupon_surprise", 0.01 * float(calm_path["gdp"][0]), 1).run()


def test_t31_bills_and_coupons_finance_a_deficit_differently(calm: Experiment, calm_path: Path) -> None:
    """Bills raise bill rates and money, coupons raise long yields and leave money; the yardstick is 0.44 and −0.10 of money a dollar."""
    bills, coupons = deficits(calm, calm_path)
    by = {name: effect(bills, calm_path, name)[52] for name in ("yield_bonds", "bill_rate", "m2", "debt", "bills", "reserves")}
    other = {name: effect(coupons, calm_path, name)[52] for name in by}
    assert by["debt"] == pytest.approx(other["debt"], rel=0.12)
    assert other["yield_bonds"] > 3 * by["yield_bonds"] > 0.0
    assert by["bill_rate"] > 1e-4 > other["bill_rate"]
    assert 0.2 < by["m2"] / by["debt"] < 0.7
    assert -0.3 < other["m2"] / other["debt"] < 0.1
    for one in (by, other):
        assert abs(one["reserves"]) < 0.1 * one["debt"], "what is borrowed is spent: reserves hardly move"


def test_t32_a_lower_iorb_lowers_the_feds_losses(calm: Experiment, calm_path: Path) -> None:
    """Ten basis points on about 3,000 bn of reserves are 3 bn a year, less what other expense and income move."""
    run = calm.given(iorb_gap=lambda gap: np.concatenate([gap[:1], gap[1:] - 0.001])).run()
    gain = effect(run, calm_path, "fed_net_income")
    saved = 0.001 * float(calm_path["reserves"][1])
    assert 0.6 * saved < gain[2] < 1.2 * saved
    assert np.all(gain[2:] > 0.0)
    assert np.all(np.diff(effect(run, calm_path, "deferred_asset")[1:]) < 0.0)
    assert gain[1] == pytest.approx(0.0, abs=1e-9), "interest accrues at the opening's rate"


@pytest.mark.parametrize("shift", [0.01, -0.01, 0.03])
def test_t33_a_hedged_fund_does_not_feel_a_parallel_shift(calm: Experiment, calm_path: Path, shift: float) -> None:
    run = calm.pulse("guidance", shift, 1).run()
    unhedged = sum(run[f"{k}__treasury__hedge_funds__rv"][1] - calm_path[f"{k}__treasury__hedge_funds__rv"][1] for k in ("notes", "bonds"))
    assert unhedged * np.sign(shift) < -50.0, "without futures the book would lose as much"
    assert abs(effect(run, calm_path, "hf_equity")[1]) < 0.01 * abs(unhedged)
    margin = effect(run, calm_path, "pay__variation_margin____private__hedge_funds")[1]
    assert margin == pytest.approx(-unhedged, rel=0.01)


def test_t33_a_wider_basis_hurts(calm: Experiment, calm_path: Path) -> None:
    """The hedge is against yields, not against the basis."""
    run = calm.pulse("futures_demand_shift", 0.004, 1).run()
    assert effect(run, calm_path, "basis")[1] > 1e-4
    assert effect(run, calm_path, "hf_equity")[1] < -0.05


def test_t34_dearer_margins_shrink_the_book_and_widen_the_basis(calm: Experiment, calm_path: Path) -> None:
    start = np.arange(53) >= 1
    paths = {
        "hf_margin_normal": np.where(start, 1.6, 1.0) * calm.parameters["hf_margin_normal"],
        "hf_haircut_normal": np.where(start, 2.0, 1.0) * calm.parameters["hf_haircut_normal"],
    }
    run = replace(calm, paths={**calm.paths, **paths}).run()
    book, basis = effect(run, calm_path, "hf_book"), effect(run, calm_path, "basis") * 1e4
    assert book[13] < -100.0
    assert effect(run, calm_path, "deposits__banks__hedge_funds")[1] > 1.0, "dearer margins tie up cash from the first week"
    assert basis[13] > 5.0
    assert effect(run, calm_path, "yield_bonds")[8] > 1e-4, "what funds sell others must buy"
    assert run.regimes[13]["hf_forced_sale"] != "lower", "the limit binds"
    assert calm_path.regimes[13]["hf_forced_sale"] == "lower"
    assert np.all(run["hf_basis_leg"][1:] <= run["futures_demand"][1:] * (1 + 1e-9))


def financed(calm: Experiment, buyer: str) -> tuple[Path, Path]:
    """A hundred billion of notes issued, spent in the same week, and wanted by one holder; and the run without."""
    issued = calm.pulse("add__issue_notes", 100.0, 1, 1).pulse("add__transfers", 100.0 * WEEKS, 1, 1)
    return issued.pulse(f"add__demand_notes__{buyer}", 100.0, 1).run(), calm.run()


def test_t38_a_purchase_by_banks_creates_money_without_reserves() -> None:
    run, plain = financed(quiet(4), "banks")
    assert effect(run, plain, "money")[1] == pytest.approx(100.0, abs=2.5)
    assert effect(run, plain, "m2")[1] == pytest.approx(100.0, abs=2.5)
    for name in ("reserves", "on_rrp", "srf", "tga", "bills", "fed_assets"):
        assert abs(effect(run, plain, name)[1]) < 1e-3, name


@pytest.mark.parametrize("buyer", ["private", "rest_of_world", "foreign_official"])
def test_t39_a_purchase_by_savers_leaves_money_alone(buyer: str) -> None:
    run, plain = financed(quiet(4), buyer)
    for name in ("money", "m2"):
        assert abs(effect(run, plain, name)[1]) < 1.0, name
    for name in ("reserves", "on_rrp", "srf", "tga"):
        assert abs(effect(run, plain, name)[1]) < 1e-3, name
    assert effect(run, plain, f"notes__treasury__{buyer}__face")[1] == pytest.approx(100.0, abs=2.0)
