"""J3 and J4: financiers switched off, marginal buyers and capacities, against counting by hand and the market's own curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import brentq

from dollarflow import opening_state, simulate
from dollarflow.attribution.buyers import issue_and_spend, marginal_buyers, marginal_money
from dollarflow.attribution.capacity import ABOVE, QUESTIONS, answer, asked
from dollarflow.attribution.financiers import FINANCIERS, Attribution, attribute, created_m2, without
from dollarflow.attribution.gates import GATED, gated_inputs
from dollarflow.attribution.runs import Inputs, run_of_simulation
from dollarflow.attribution.shapley import coalitions, shapley
from dollarflow.attribution.windows import absorbed, by_financier, change, debt_issued, m2_created, mu, sources, srf_share, window
from model.periods.path import Path
from model.scenarios.scenario import Scenario
from tests.economy.laboratory import Floats, economy

QUIET = Scenario(name="quiet", title="no calendar", switch=(("calendar", False),))
Figures = Mapping[str, Floats]


@pytest.fixture(scope="module")
def month() -> Inputs:
    """Four weeks without calendar effects."""
    return run_of_simulation(simulate(economy(), opening_state("2025-10-29"), QUIET, periods=4), "base").inputs


@pytest.fixture(scope="module")
def base(month: Inputs) -> Figures:
    return month.solve()


@pytest.fixture(scope="module")
def quarter() -> Inputs:
    return run_of_simulation(simulate(economy(), opening_state("2025-10-29"), QUIET, periods=13), "base").inputs


@pytest.fixture(scope="module")
def attribution(quarter: Inputs) -> Attribution:
    return attribute(quarter, ("fed", "hedge_funds", "savers"))


def test_shapley_values_of_the_glove_market() -> None:
    """Two left gloves and one right one: 1/6, 1/6, 2/3."""
    worth = {c: np.float64("right" in c and ("left" in c or "other" in c)) for c in coalitions(["left", "other", "right"])}
    values = shapley(["left", "other", "right"], worth)
    assert [float(values[k]) for k in ("left", "other", "right")] == pytest.approx([1 / 6, 1 / 6, 2 / 3])


def test_shapley_values_are_the_mean_over_orders() -> None:
    players = ["a", "b", "c", "d"]
    rng = np.random.default_rng(7)
    worth = {c: rng.normal(size=3) for c in coalitions(players)}
    mean = {p: np.zeros(3) for p in players}
    for order in permutations(players):
        for k, p in enumerate(order):
            mean[p] += (worth[frozenset(order[: k + 1])] - worth[frozenset(order[:k])]) / 24
    for p, value in shapley(players, worth).items():
        assert value == pytest.approx(mean[p])


def test_open_gates_are_the_economy(month: Inputs, base: Figures) -> None:
    found = gated_inputs(month, base, (), opening=True).solve()
    for name in base:
        assert found[name][1:] == pytest.approx(base[name][1:], rel=1e-8, abs=1e-8), name


def test_shut_gates_at_the_path_are_the_economy(month: Inputs, base: Figures) -> None:
    """Holding every decision at what it was changes nothing."""
    for shut in (GATED[:6], GATED[10:]):
        found = gated_inputs(month, base, shut, opening=False).solve()
        for name in ("sofr", "yield_bonds", "bill_rate", "m2", "reserves", "hf_book"):
            assert found[name][1:] == pytest.approx(base[name][1:], rel=1e-7), name


def test_who_is_off_adds_nothing(month: Inputs, base: Figures, quarter: Inputs) -> None:
    banks = without(month, base, ["banks"])
    for k in ("notes", "bonds"):
        assert banks[f"{k}__treasury__banks__face"] == pytest.approx(banks[f"{k}__treasury__banks__face"][0], rel=1e-6)
    path = quarter.solve()
    fed = without(quarter, path, ["fed"])
    assert fed["srf__banks__fed"][1:] == pytest.approx(fed["srf__banks__fed"][0])
    assert fed["bills__treasury__fed"] == pytest.approx(fed["bills__treasury__fed"][0])
    assert path["bills__treasury__fed"][-1] > path["bills__treasury__fed"][0] + 1.0


def test_the_debt_is_placed_without_any_one_financier(month: Inputs, base: Figures) -> None:
    for financier in FINANCIERS:
        found = without(month, base, [financier])
        held = sum(found[n][-1] for n in ("bills", "notes__face", "bonds__face"))
        assert held == pytest.approx(found["debt"][-1])
        assert found["debt"][-1] == pytest.approx(base["debt"][-1], rel=1e-3)


def test_shapley_values_account_for_all_money(attribution: Attribution) -> None:
    total = sum(attribution.shapley().values())
    assert total == pytest.approx(attribution.mu - attribution.residual, abs=1e-12)
    assert attribution.unsolved == ()


def test_mu_of_one_financier_is_the_loss_when_he_leaves(attribution: Attribution, quarter: Inputs) -> None:
    path = quarter.solve()
    left = without(quarter, path, ["hedge_funds"])
    expected = (created_m2(path, quarter) - created_m2(left, quarter)) / (path["debt"][-1] - path["debt"][0])
    assert attribution.alone()["hedge_funds"] == pytest.approx(expected, abs=1e-9)
    assert list(attribution.table().index) == ["fed", "hedge_funds", "savers"]


def test_without_savers_yields_rise_most(attribution: Attribution) -> None:
    """The price-sensitive holders: officials with 5 % of the slope are left, so twenty times the move."""
    table = attribution.table()["yield_without"].to_dict()
    assert table["savers"] > 10 * abs(table["hedge_funds"])
    assert table["savers"] > 10 * abs(table["fed"])


def test_an_unsolved_coalition_is_said(attribution: Attribution) -> None:
    broken = replace(attribution, created={**attribution.created, frozenset(): float("nan")})
    with pytest.raises(ValueError, match="no solution with no financier on"):
        broken.shapley()


@pytest.mark.parametrize("coupons", [True, False])
def test_absorption_adds_up(quarter: Inputs, coupons: bool) -> None:
    table = marginal_buyers(quarter, coupons=coupons)
    assert table["price"].sum() == pytest.approx(1.0)
    assert table["absorption"].sum() == pytest.approx(1.0, abs=1e-6)


def test_the_notions_of_marginal_buyer_differ(quarter: Inputs) -> None:
    """Money funds have no part in the price of coupons, the Fed none in the price of bills, and both end up elsewhere."""
    bills = marginal_buyers(quarter, coupons=False)
    absorption, price = bills["absorption"].to_dict(), bills["price"].to_dict()
    assert absorption["mmf"] > absorption["private"]
    assert price["mmf"] < price["private"]


def test_bill_financed_spending_makes_more_money_than_coupon_financed(quarter: Inputs) -> None:
    bills, coupons = (sum(marginal_money(quarter, coupons=c).values()) for c in (False, True))
    assert 0.2 < bills < 1.0
    assert bills > coupons + 0.3


def test_marginal_money_is_the_change_of_money(quarter: Inputs) -> None:
    before, after = quarter.solve(), issue_and_spend(quarter, coupons=False)
    moved = (after["money"][-1] - before["money"][-1]) / (after["debt"][-1] - before["debt"][-1])
    assert sum(marginal_money(quarter, coupons=False).values()) == pytest.approx(moved, abs=1e-8)


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=[q.financier for q in QUESTIONS])
def test_room_is_the_edge_of_what_is_allowed(number: int, month: Inputs, base: Figures) -> None:
    question = QUESTIONS[number]
    room = answer(month, base, question)
    assert room.spread <= ABOVE
    assert room.amount > 0.0
    beyond = asked(month, base, question, room.demand * 1.02 + 0.3)
    assert beyond is None or not question.allowed(beyond, base)


def test_bank_room_is_what_the_curve_allows(month: Inputs, base: Figures) -> None:
    """The curve of the paper, written here: the slack at which SOFR is 10 bp over the upper bound, over ζ."""
    p = {n: float(v[-1]) for n, v in month.parameters.items()}
    scale = float(base["deposits_average"][-1]) / p["deposits_reference"]

    def curve(x: float) -> float:
        bend = p["curve_width"] * np.logaddexp(0.0, (p["curve_threshold"] * scale - x) / p["curve_width"])
        cliff = p["cliff_height"] * np.exp((p["cliff_threshold"] * scale - x) / p["cliff_width"])
        return float(p["curve_level"] + p["curve_slope"] * bend + cliff)

    edge = float(base["rate_upper"][-1] - base["iorb"][-1]) + ABOVE
    slack = brentq(lambda x: curve(x) - edge, 2300.0, 3200.0)
    expected = (float(base["liquidity_slack"][-1]) - slack) / p["zeta"]
    assert answer(month, base, QUESTIONS[0]).amount == pytest.approx(expected, rel=0.1)


def test_room_of_all_is_at_least_the_room_of_banks(month: Inputs, base: Figures) -> None:
    rooms = {q.financier: answer(month, base, q).amount for q in QUESTIONS if q.financier in ("banks", "all_cash_lenders")}
    assert rooms["all_cash_lenders"] >= rooms["banks"]


def test_windows_add_up(year: Path) -> None:
    whole, halves = sources(year), [sources(year, 0, 26), sources(year, 26, 52)]
    for name, amount in whole.items():
        assert amount == pytest.approx(halves[0][name] + halves[1][name], abs=1e-9)
    assert sum(by_financier(year).values()) == pytest.approx(sum(whole.values()), abs=1e-8)
    assert sum(absorbed(year).values()) == pytest.approx(debt_issued(year), abs=1e-6)


def test_mu_is_m2_over_debt(year: Path) -> None:
    assert m2_created(year, 1) == pytest.approx(year["m2"][52] - year["m2"][1])
    assert mu(year, 1) == pytest.approx((year["m2"][52] - year["m2"][1]) / (year["debt"][52] - year["debt"][1]))
    assert 0.0 <= srf_share(year) < 0.01


def test_an_empty_window_is_refused(year: Path) -> None:
    with pytest.raises(ValueError, match="has no period"):
        window(year, 5, 5)
    with pytest.raises(ValueError, match="start the window one period later"):
        change(year, "m2")


def test_srf_and_an_operation_of_the_same_size_are_one_on_the_day(year: Path) -> None:
    """T36: the facility shut and its take-up lent as an operation gives the same week."""
    from tests.economy.laboratory import experiment

    stressed = experiment(1).pulse("issuance_surprise", 6000.0, 1)
    facility = stressed.run()
    taken = float(facility["srf__banks__fed"][1])
    assert taken > 1.0
    operation = stressed.given(srf_on=0.0).pulse("add__srf_take_up", taken, 1).run()
    for name in ("sofr", "reserves", "money", "m2", "fed_assets", "repo_triparty", "bill_rate", "hf_equity"):
        assert operation[name][1] == pytest.approx(facility[name][1], rel=1e-9), name
