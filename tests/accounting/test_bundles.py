"""Coupon bundles against closed forms, sums of cash flows and hand-worked trades (T11-T16)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.accounting.bundles import bundle_value, duration, trade_bundles
from tests.accounting.economy import A_VALUE, CHART, toy_path

yields = st.floats(0.0001, 0.2)
rates = st.floats(0.01, 2.0)
steps = st.sampled_from([1 / 252, 1 / 52, 1 / 12, 1 / 4])
amounts = st.floats(0.1, 1e5)


def present_value(face: float, coupon: float, y: float, a: float, dt: float, periods: int) -> float:
    """The cash flows one by one: coupons on what is left, the share that falls due, discounted at simple interest per period."""
    total, discount = 0.0, 1.0
    for _ in range(periods):
        discount /= 1 + y * dt
        due = face * (1 - math.exp(-a * dt))
        total += (coupon * dt + due) * discount
        face, coupon = face - due, coupon * math.exp(-a * dt)
    return total


@pytest.mark.parametrize(("y", "a", "coupon"), [(0.045, 0.08, 3.0), (0.03, 0.18, 5.0), (0.1, 0.5, 0.0)])
def test_the_value_is_the_discounted_sum_of_the_cash_flows(y: float, a: float, coupon: float) -> None:
    assert float(bundle_value(100.0, coupon, y, a, 1 / 4)) == pytest.approx(present_value(100.0, coupon, y, a, 1 / 4, 4000), rel=1e-10)


@given(amounts, yields, rates, steps)
def test_t11_a_par_issue_is_worth_par(face: float, y: float, a: float, dt: float) -> None:
    assert float(bundle_value(face, y * face, y, a, dt)) == pytest.approx(face, rel=1e-12)


@given(amounts, st.floats(0.0, 0.2), yields, rates, steps)
def test_t12_at_a_constant_yield_the_only_gain_is_the_pull_to_par(face: float, rate: float, y: float, a: float, dt: float) -> None:
    keep = math.exp(-a * dt)
    before = float(bundle_value(face, rate * face, y, a, dt))
    survived = float(bundle_value(face * keep, rate * face * keep, y, a, dt))
    gain = survived - before + (1 - keep) * face
    # the share that falls due is paid at par instead of at its price; the rest does not move
    assert gain == pytest.approx((1 - keep) * (face - before), rel=1e-9, abs=1e-10 * face)
    # and the holding return on the opening value is the yield
    assert gain + rate * face * dt == pytest.approx(y * dt * before, rel=1e-9, abs=1e-10 * face)


@given(amounts, st.floats(0.0, 0.2), yields, rates, steps)
def test_t13_the_slope_of_value_in_yield_is_minus_duration_times_value(face: float, rate: float, y: float, a: float, dt: float) -> None:
    bump = 1e-6
    up, down = (float(bundle_value(face, rate * face, y + s, a, dt)) for s in (bump, -bump))
    middle = float(bundle_value(face, rate * face, y, a, dt))
    assert (up - down) / (2 * bump) == pytest.approx(-float(duration(y, a, dt)) * middle, rel=1e-4)


def test_durations_of_the_two_classes() -> None:
    assert float(duration(0.045, 0.18, 1 / 52)) == pytest.approx(4.5, abs=0.1)
    assert float(duration(0.045, 0.08, 1 / 52)) == pytest.approx(8.0, abs=0.1)


@given(
    st.lists(st.tuples(amounts, st.floats(0.001, 0.2)), min_size=2, max_size=5),
    st.floats(0.01, 0.99),
    yields,
    rates,
    steps,
)
def test_t14_trades_keep_face_coupon_and_every_value(
    holdings: list[tuple[float, float]], part: float, y: float, a: float, dt: float
) -> None:
    bundles = {f"h{i}": (n, n * c) for i, (n, c) in enumerate(holdings)}
    worth = {h: float(bundle_value(n, c, y, a, dt)) for h, (n, c) in bundles.items()}
    sellers = list(bundles)[: len(bundles) // 2]
    buyers = [h for h in bundles if h not in sellers]
    trades = {h: -part * worth[h] for h in sellers}
    bought = -sum(trades.values())
    trades |= {h: bought / len(buyers) for h in buyers}
    after = trade_bundles(bundles, trades, y, a, dt)
    scale = sum(n for n, _ in bundles.values())
    assert sum(n for n, _ in after.values()) == pytest.approx(scale, rel=1e-12)
    assert sum(c for _, c in after.values()) == pytest.approx(sum(c for _, c in bundles.values()), rel=1e-12)
    for holder, trade in trades.items():
        assert float(bundle_value(*after[holder], y, a, dt)) == pytest.approx(worth[holder] + trade, rel=1e-10, abs=1e-10 * scale)


@given(st.floats(0.0, 0.2), yields, st.floats(0.02, 1.0))
def test_t14_amortisation_keeps_the_average_coupon(rate: float, y: float, a: float) -> None:
    keep = math.exp(-a / 12)
    whole, rest = (float(bundle_value(100.0 * k, 100.0 * rate * k, y, a, 1 / 12)) for k in (1.0, keep))
    assert rest == pytest.approx(keep * whole, rel=1e-12)


def test_t15_the_average_coupon_converges_to_the_yield_at_the_amortisation_rate() -> None:
    a, y, dt = 0.18, 0.05, 1 / 52
    face, coupon = 1000.0, 20.0
    start = y - coupon / face
    keep = math.exp(-a * dt)
    for week in range(1, 521):
        fresh = face * (1 - keep)
        face, coupon = face * keep + fresh, coupon * keep + fresh * y
        assert y - coupon / face == pytest.approx(start * math.exp(-a * dt * week), rel=1e-9)


def test_t16_without_amortisation_a_consol_and_with_all_of_it_a_bill() -> None:
    assert float(bundle_value(100.0, 4.0, 0.05, 0.0, 1 / 12)) == pytest.approx(4.0 / 0.05, rel=1e-12)
    assert float(bundle_value(100.0, 4.0, 0.05, 1e-9, 1 / 12)) == pytest.approx(80.0, rel=1e-6)
    assert float(bundle_value(100.0, 4.0, 0.05, math.inf, 1 / 12)) == pytest.approx((100 + 4 / 12) / (1 + 0.05 / 12), rel=1e-12)
    assert float(duration(0.05, 0.0, 1 / 12)) == pytest.approx(20.0, rel=1e-12)
    assert float(duration(0.05, math.inf, 1 / 12)) == pytest.approx((1 / 12) / (1 + 0.05 / 12), rel=1e-12)


def test_values_broadcast() -> None:
    values = bundle_value(np.array([[100.0], [50.0]]), 4.0, np.array([0.04, 0.05]), 0.1, 1 / 4)
    assert values.shape == (2, 2)
    assert values[0, 0] == pytest.approx(100.0)


def test_a_trade_by_hand() -> None:
    # at a yield equal to both coupons everything is worth its face: A sells a quarter of his 400 to B
    after = trade_bundles({"A": (400.0, 16.0), "B": (0.0, 0.0)}, {"A": -100.0, "B": 100.0}, 0.04, 0.1, 1 / 52)
    assert after["A"] == pytest.approx((300.0, 12.0))
    assert after["B"] == pytest.approx((100.0, 4.0))


def test_trades_that_do_not_clear_and_sales_of_what_is_not_owned_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        trade_bundles({"A": (1.0, 0.0)}, {"A": -1.0}, 0.04, 0.1, 1 / 52)
    with pytest.raises(ValueError, match="A sells 5 but owns"):
        trade_bundles({"A": (1.0, 0.04), "B": (9.0, 0.3)}, {"A": -5.0, "B": 5.0}, 0.04, 0.1, 1 / 52)


def test_the_equations_trade_as_the_plain_functions_do() -> None:
    path = toy_path()
    keep = math.exp(-A_VALUE / 52)
    for week in range(1, 53):
        y = float(path["bond_yield"][week])
        cells = list(CHART.cells("bonds"))
        survivors = {c.holder: (path[f"{c.key}__face"][week - 1] * keep, path[f"{c.key}__coupon"][week - 1] * keep) for c in cells}
        trades = {c.holder: float(path[f"{c.key}__secondary"][week]) for c in cells}
        after = trade_bundles(survivors, trades, y, A_VALUE, 1 / 52)
        for cell in cells:
            fresh = path[f"{cell.key}__primary"][week]
            n, c = after[cell.holder]
            assert path[f"{cell.key}__face"][week] == pytest.approx(n + fresh, rel=1e-11)
            assert path[f"{cell.key}__coupon"][week] == pytest.approx(c + fresh * y, rel=1e-11)
