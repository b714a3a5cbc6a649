"""Ten years of the baseline look like an economy, and its books close in every week."""

from __future__ import annotations

import numpy as np
import pytest

from model.periods.path import Path
from tests.economy.ledger import Books

WEEKS = 520
ALLOWED = {
    "fed_equity__fed__treasury": "capital less the deferred asset: below zero while losses are carried forward",
    "hedge_fund_equity__hedge_funds__private": "a defaulted fund's equity is zero; below zero it never goes",
}
RANGES = {
    "yield_notes": (0.033, 0.048),
    "yield_bonds": (0.040, 0.056),
    "bill_rate": (0.030, 0.043),
    "basis": (0.0005, 0.006),
    "effr": (0.033, 0.041),
    "bank_leverage_ratio": (0.07, 0.13),
    "dollar": (90.0, 110.0),
}
RATIOS = {
    "debt": (0.90, 1.30),
    "reserves": (0.06, 0.13),
    "tga": (0.015, 0.05),
    "on_rrp": (0.0, 0.02),
    "srf": (0.0, 0.01),
    "mmf_shares": (0.2, 0.4),
    "deposits": (0.5, 0.75),
    "hf_book": (0.04, 0.13),
    "foreign_surplus": (0.025, 0.06),
    "loans": (0.35, 0.55),
    "bank_equity": (0.06, 0.10),
}


def sampled(path: Path, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Averages of each year."""
    return np.asarray(path[name][1:].reshape(10, 52).mean(axis=1))


def test_nothing_is_held_short_and_nobody_owes_less_than_nothing(decade: Path) -> None:
    for key in Books(decade).cells:
        if key != "fed_equity__fed__treasury":
            assert float(decade[key].min()) >= -1e-9, key
    assert set(ALLOWED) <= set(Books(decade).cells)
    for kind in ("notes", "bonds"):
        for key in [n for n in decade.columns if n.startswith(f"{kind}__treasury__") and n.endswith(("__face", "__coupon"))]:
            assert float(decade[key].min()) >= 0.0, key


@pytest.mark.parametrize("name", sorted(RANGES))
def test_rates_stay_in_plausible_ranges(decade: Path, name: str) -> None:
    low, high = RANGES[name]
    assert low < float(decade[name][1:].min()), float(decade[name][1:].min())
    assert float(decade[name][1:].max()) < high, float(decade[name][1:].max())


@pytest.mark.parametrize("name", sorted(RATIOS))
def test_ratios_to_income_stay_in_plausible_ranges(decade: Path, name: str) -> None:
    low, high = RATIOS[name]
    ratio = sampled(decade, name) / sampled(decade, "gdp")
    assert low <= float(ratio.min()), ratio
    assert float(ratio.max()) < high, ratio


def test_sofr_stays_near_iorb_while_the_desk_aims_at_it(decade: Path) -> None:
    """Yearly averages within a few basis points of the desk's aim of +3; single weeks between abundance and a period-end squeeze."""
    spread = sampled(decade, "sofr_iorb") * 1e4
    assert float(spread.min()) > -8.0
    assert float(spread.max()) < 12.0
    weeks = decade["sofr_iorb"][1:] * 1e4
    assert float(weeks.min()) > -15.0
    assert float(weeks.max()) < 60.0


def test_the_curve_slopes_up_and_bills_stay_below_notes(decade: Path) -> None:
    assert np.all(decade["yield_bonds"][1:] > decade["yield_notes"][1:])
    assert float((decade["yield_bonds"] - decade["yield_notes"])[1:].max()) < 0.02
    assert float((decade["yield_notes"] - decade["bill_rate"])[53:].min()) > 0.0


def test_debt_grows_by_the_deficit_cash_and_other_means_exactly(decade: Path) -> None:
    need = decade["deficit"] * decade["dt"] + decade["pay__other_means____treasury__private"]
    gap = np.diff(decade["debt"]) - need[1:] - np.diff(decade["tga"])
    assert float(np.abs(gap).max()) < 1e-8
    ratio = decade["debt"] / decade["gdp"]
    assert 1.05 < ratio[-1] < 1.30, "96 to 118 per cent of GDP is the yardstick"
    assert np.all(np.diff(sampled(decade, "debt") / sampled(decade, "gdp")) > 0.0)
    assert np.all((decade["bills"] / decade["debt"] > 0.18) & (decade["bills"] / decade["debt"] < 0.28))


def test_the_fed_works_off_its_deferred_asset_and_then_remits(decade: Path) -> None:
    """Book income turns positive, the deferred asset of 243 bn falls to nothing in four to seven years, then profit is remitted."""
    income, deferred, remitted = decade["fed_net_income"], decade["deferred_asset"], decade["fed_remittance"]
    assert np.all(income[53:] > 0.0)
    assert deferred[0] == pytest.approx(243.0, abs=8.0)
    assert np.all(np.diff(deferred[20:]) <= 1e-9)
    gone = int(np.argmax(deferred == 0.0)) / 52
    assert 3.5 < gone < 7.5
    first = int(np.argmax(remitted > 0.0))
    assert deferred[first] == 0.0
    assert not remitted[1:first].any()
    assert 60.0 < float(remitted[-52:].mean()) < 220.0
    yearly = sampled(decade, "fed_net_income")
    assert np.all(np.diff(yearly) > 0.0), "carry improves as low coupons run off"


def test_ratios_drift_smoothly(decade: Path) -> None:
    """Year on year no stock's ratio to income jumps: less than a tenth, after the first year's announced programmes."""
    for name in ("debt", "reserves", "deposits", "mmf_shares", "loans", "hf_book", "bank_equity", "currency", "external_other", "m2"):
        ratio = sampled(decade, name) / sampled(decade, "gdp")
        assert float(np.abs(np.diff(np.log(ratio[1:]))).max()) < 0.1, (name, ratio)


def test_foreigners_do_not_hoard_deposits(decade: Path) -> None:
    """With deposits as their buffer they would reach 11,000 bn: they stay near their share of income."""
    assert decade["deposits__banks__rest_of_world"][-1] < 2600.0
    share = decade["foreign_surplus"][-52:].mean() / decade["gdp"][-52:].mean()
    assert 0.035 < share < 0.055


def test_the_hidden_equation_holds_for_ten_years(decade: Path) -> None:
    """Closure: the banks' redundant balance sheet, read from the cells, and every other hidden identity."""
    books = Books(decade)
    gap = np.zeros(WEEKS + 1)
    for key, (_, issuer, holder) in books.cells.items():
        gap += decade[key] * ((holder == "banks") - (issuer == "banks"))
    assert float(np.abs(gap / decade["gdp"]).max()) < 1e-9
    assert float((np.abs(decade.hidden_gaps) / decade["gdp"][:, None]).max()) < 1e-9
    assert decade.consistency.consistent, str(decade.consistency)
    assert float(decade.certificates.max()) < 1e-10


def test_reserves_from_the_feds_side_are_reserves_from_the_banks_side(decade: Path) -> None:
    """Assets of the Fed at book less its other liabilities against what banks' books carry."""
    books = Books(decade)
    book = sum(decade[f"fed_book__{k}"] for k in ("notes", "bonds"))
    own = {k: c for k, c in books.cells.items() if "fed" in c[1:]}
    held = sum(decade[k] for k, c in own.items() if c[2] == "fed" and c[0] not in ("notes", "bonds"))
    owed = sum(decade[k] for k, c in own.items() if c[1] == "fed" and c[0] != "reserves")
    banks = sum(decade[k] * (1 if c[2] == "banks" else -1) for k, c in books.cells.items() if "banks" in c[1:] and c[0] != "reserves")
    assert float(np.abs(book + held - owed - decade["reserves"])[1:].max()) < 1e-8
    assert float(np.abs(-banks - decade["reserves"])[1:].max()) < 1e-8
