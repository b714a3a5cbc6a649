"""The audit: a sound path passes, and each planted error is found and named by the check that is meant for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from model.accounting.audit import CHECKS, AuditFailure, audit
from model.accounting.violation import amount, find
from model.language.later import Later
from model.periods.path import Judgement, Path
from tests.accounting.economy import CHART, toy_path

DAY = "2025-11-19"
PERIOD = 3


def altered(variable: str, by: float, period: int = PERIOD) -> Path:
    """The toy path with one number changed."""
    path = toy_path()
    values = path.values.copy()
    values[period, path.index[variable]] += by
    return replace(path, values=values)


def with_column(variable: str, number: float) -> Path:
    """The toy path with one more variable, zero but in one period."""
    path = toy_path()
    column = np.zeros((len(path.values), 1))
    column[PERIOD] = number
    return replace(path, columns=(*path.columns, variable), values=np.hstack([path.values, column]))


def with_gap() -> Path:
    """The toy path with a broken hidden identity."""
    gaps = toy_path().hidden_gaps.copy()
    gaps[PERIOD, 0] = 0.5
    return replace(toy_path(), hidden_gaps=gaps)


def with_certificate() -> Path:
    """The toy path with an equation that does not hold."""
    certificates = toy_path().certificates.copy()
    certificates[PERIOD] = 1e-6
    return replace(toy_path(), judgement=Judgement.known(toy_path().consistency, certificates))


@dataclass(frozen=True)
class Planted:
    """An error, and what the audit must say of it."""

    check: str
    where: str
    path: Callable[[], Path]
    says: str


PLANTED = (
    Planted("numbers", "bill_rate", lambda: altered("bill_rate", np.nan), f"bill_rate is nan on {DAY}"),
    Planted(
        "budgets", "house", lambda: altered("pay__tax____house__state", 1.5), f"the budget of house is off by -1.5 bn on {DAY}: received"
    ),
    Planted("budgets", "state", lambda: altered("bills__state__abroad__tr", 2.0), f"the budget of state is off by 2.0 bn on {DAY}"),
    Planted(
        "payments",
        "variation_margin",
        lambda: altered("pay__variation_margin____house__bank", np.nan),
        f"payments of variation_margin do not sum to zero on {DAY}",
    ),
    Planted("issues", "bills", lambda: altered("bills", 3.2), f"bills leak 3.2 bn on {DAY}: holders "),
    Planted("issues", "bonds__face", lambda: altered("bonds__face", 0.04), f"bonds leak 0.040 bn of face on {DAY}"),
    Planted("issues", "bonds__coupon", lambda: altered("bonds__coupon", 1.0), f"bonds leak 1.0 bn a year of coupon on {DAY}"),
    Planted(
        "accumulation",
        "deposits__bank__house",
        lambda: altered("deposits__bank__house", 5.0),
        f"deposits of bank held by house does not add up on {DAY}: ",
    ),
    Planted(
        "interest",
        "int__bills__state__bank",
        lambda: altered("int__bills__state__bank", 0.25),
        f"interest on bills of state held by bank is off by 0.25 bn on {DAY}: paid ",
    ),
    Planted("interest", "bills", lambda: altered("bills", 3.2, PERIOD - 1), f"interest on bills on {DAY}: issuers owe "),
    Planted(
        "interest",
        "int__bonds__state__abroad",
        lambda: altered("bonds__state__abroad__coupon", 1.0, PERIOD - 1),
        f"interest on bonds of state held by abroad is off by -0.019 bn on {DAY}",
    ),
    Planted("negative", "bills__state__abroad", lambda: altered("bills__state__abroad", -300.0), f"is negative on {DAY}: -99.7 bn"),
    Planted(
        "par",
        "bills__state__abroad",
        lambda: with_column("bills__state__abroad__rv", 0.7),
        f"bills of state held by abroad is at par but revalued by 0.70 bn on {DAY}",
    ),
    Planted("equity", "rv__equity__bank", lambda: altered("rv__equity__bank", 1.0), "equity of bank moves by "),
    Planted("equity", "equity", lambda: altered("equity__bank__house__rv", 1.0), "equity of bank is shared out by "),
    Planted(
        "secondary",
        "bonds",
        lambda: altered("bonds__state__house__secondary", 4.0),
        f"secondary trades in bonds do not clear on {DAY}: purchases exceed sales by 4.0 bn",
    ),
    Planted(
        "valuation",
        "bonds__state__house",
        lambda: altered("bonds__state__house", 6.0),
        "bonds of state held by house is valued at ",
    ),
    Planted(
        "valuation", "bonds__state__bank", lambda: altered("bonds__state__bank__coupon", 2.0, 0), "on 2025-10-29, but its face and coupon"
    ),
    Planted(
        "revaluation",
        "bonds__state__abroad",
        lambda: altered("bonds__state__abroad__rv", -1.0),
        "bonds of state held by abroad is revalued by ",
    ),
    Planted("redemption", "bonds__face", lambda: altered("bonds__state__bank__face", 9.0), f"the face of bonds leaks 9.0 bn on {DAY}"),
    Planted(
        "redemption", "bonds__coupon", lambda: altered("bonds__state__bank__coupon", 0.5), f"the coupon of bonds leaks 0.50 bn on {DAY}"
    ),
    Planted("net_worth", "house", lambda: altered("net_worth__house", -2.0), f"net worth of house is off by -2.0 bn on {DAY}: stated "),
    Planted(
        "net_worth", "all sectors", lambda: altered("net_worth__house", -2.0), f"net worths do not sum to zero on {DAY} but to -2.0 bn"
    ),
    Planted(
        "hidden", "bank", lambda: altered("equity__bank__house", 8.0), f"the balance sheet of bank is off by -8.0 bn on {DAY}: assets "
    ),
    Planted("hidden", "balance_sheet__bank", with_gap, f"the hidden identity balance_sheet__bank is off by 0.50 bn on {DAY}"),
    Planted("certificates", "certificate", with_certificate, f"an equation is off by 1.00e-06 of its terms on {DAY}"),
)


def test_a_sound_path_has_no_violations() -> None:
    report = audit(toy_path())
    assert report.sound
    assert report.violations == ()
    assert str(report) == "16 checks over 52 periods and 10 cells: nothing leaks"
    assert report.require() is report


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p.check}-{p.where}")
def test_a_planted_error_is_found_and_named(planted: Planted) -> None:
    found = [v for v in audit(planted.path()).violations if (v.check, v.where) == (planted.check, planted.where)]
    assert len(found) == 1
    assert planted.says in found[0].message


def test_every_check_has_a_planted_error() -> None:
    assert {check.__name__.removeprefix("check_") for check in CHECKS} == {p.check for p in PLANTED}


@pytest.mark.parametrize("column", toy_path().columns)
def test_no_figure_of_the_books_can_be_changed_unnoticed(column: str) -> None:
    quiet = {"dt", "bond_yield", "bill_rate", "deposit_rate"}
    derived = ("__kept", "__bought", "__sold_face", "__sold_coupon", "__share")
    if column.startswith("add__") or column in quiet or column.endswith(derived) or "__pool_" in column:
        return
    assert not audit(altered(column, 0.01)).sound


def test_rates_that_differ_from_those_used_are_noticed() -> None:
    assert {v.check for v in audit(altered("bill_rate", 0.001)).violations} == {"interest"}
    assert {"valuation", "revaluation"} <= {v.check for v in audit(altered("bond_yield", 0.001)).violations}


def test_rounding_passes_and_anything_larger_does_not() -> None:
    stock = float(toy_path()["deposits__bank__house"][PERIOD])
    assert audit(altered("deposits__bank__house", 1e-14 * stock)).sound
    assert not audit(altered("deposits__bank__house", 1e-8 * stock)).sound


def test_a_violation_says_where_it_starts_and_how_often_it_recurs() -> None:
    path = toy_path()
    values = path.values.copy()
    values[PERIOD : PERIOD + 4, path.index["net_worth__state"]] += 1.0
    report = audit(replace(path, values=values))
    first = report.violations[0]
    assert (first.period, first.date, first.periods) == (PERIOD, path.dates[PERIOD] if path.dates else None, 4)
    assert str(first).endswith("(and in 3 later periods)")
    assert "violations\n- net worth of state" in str(report)
    with pytest.raises(AuditFailure, match="net worth of state") as failure:
        report.require()
    assert failure.value.report is report


def test_without_dates_the_period_is_named() -> None:
    report = audit(replace(altered("bills", 3.2), dates=None))
    assert "bills leak 3.2 bn in period 3" in str(report)


def test_the_message_of_a_leak_reads_as_a_sentence() -> None:
    held, issued = 6546.8, 6550.0
    gap = np.array([[held - issued]])
    text = f"bills leak {amount(3.2, 3.2)} bn: holders {amount(held, 3.2)}, issued {amount(issued, 3.2)}"
    assert text == "bills leak 3.2 bn: holders 6 546.8, issued 6 550.0"
    found = find("issues", gap, np.array([[1e4]]), ["bills"], lambda t, j, day: day, dates=None)
    assert [(v.where, v.period, v.gap, v.periods, v.message) for v in found] == [("bills", 1, gap[0, 0], 1, "in period 1")]
    assert found[0].relative == pytest.approx(3.2e-4)


def test_a_system_without_accounts_is_checked_for_numbers_and_certificates() -> None:
    path = toy_path()
    bare = replace(path, origin=Later.known(replace(path.system, chart=None)))
    assert audit(bare).sound
    broken = replace(bare, values=np.where(np.arange(53)[:, None] == 4, np.inf, path.values))
    assert {v.check for v in audit(broken).violations} == {"numbers"}


def test_t09_variation_margins_sum_to_zero_and_futures_have_no_stock() -> None:
    path = toy_path()
    assert np.abs(path["pay__variation_margin____house__bank"][1:]).max() > 0
    assert audit(path).sound
    assert "variation_margin" not in {c.instrument for c in CHART.cells()}
