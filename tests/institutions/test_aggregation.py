"""Members that differ in size only move as one: the generated economy is then the economy with one member a sector."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibration.institutions.generate import Plan
from calibration.state import opening_state
from equations.institutions.accounts import CHART
from model.language.accounts import Valuation, value
from tests.institutions.economies import JUMP, MIXED, closeness, generated, solved

ONE = Plan(1, 1, 1, proportional=True)
PLANS = [Plan(5, 4, 6, proportional=True, equal=True), Plan(9, 3, 7, proportional=True), Plan(1, 4, 6, proportional=True)]


@pytest.mark.parametrize(
    "plan",
    [pytest.param(PLANS[0], marks=pytest.mark.slow), *PLANS[1:]],
    ids=["equal members", "members by size", "one bank"],
)
def test_proportional_members_aggregate_exactly(plan: Plan) -> None:
    many, one = solved(plan, JUMP), solved(ONE, JUMP)
    for cell in CHART.cells():
        name = value(cell).base
        assert closeness(many.aggregate(name), one.aggregate(name)) < 1e-9, name
    for name in ("yield_notes", "yield_bonds", "bank_equity", "mmf_shares", "hedge_fund_equity"):
        assert closeness(many[name][:, 0], one[name][:, 0]) < 1e-9, name
    for name in ("hf_book", "hf_result", "mmf_repo_need", "bank_result"):
        assert closeness(many.aggregate(name)[1:], one.aggregate(name)[1:]) < 1e-9, name


def test_members_that_differ_do_not_aggregate() -> None:
    mixed, one = solved(MIXED, JUMP), solved(ONE, JUMP)
    assert abs(mixed.aggregate("hf_book")[-1] - one.aggregate("hf_book")[-1]) > 10.0


@pytest.mark.parametrize("plan", [MIXED, Plan(40, 30, 60, seed=9), *PLANS])
def test_sums_over_members_are_the_calibrated_balance_sheets(plan: Plan) -> None:
    total, opening = opening_state(plan.day), generated(plan).opening
    for cell in CHART.cells():
        parts = ("", "__face", "__coupon") if CHART.instrument(cell.instrument).valuation is Valuation.COUPON else ("",)
        for part in parts:
            expected = total[value(cell).base + part]
            found = math.fsum(np.asarray(opening[value(cell).base + part]).tolist())
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-9), value(cell).base + part


@pytest.mark.parametrize("plan", [MIXED, Plan(40, 30, 60, seed=9)])
def test_every_member_starts_with_a_balanced_sheet(plan: Plan) -> None:
    path = solved(plan, JUMP)
    people = path.lifted.population
    for sector in ("banks", "mmf", "hedge_funds"):
        gap = np.zeros(people.size(sector))
        for cell in people.chart.cells():
            for side, sign in (("holder", 1.0), ("issuer", -1.0)):
                if getattr(cell, side) == sector:
                    np.add.at(gap, people.side(cell, side), sign * path[value(cell).base][0])  # type: ignore[arg-type]
        assert np.max(np.abs(gap)) < 1e-9


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not() -> None:
    again = generated.__wrapped__(MIXED)
    for name, vector in generated(MIXED).opening.items():
        assert np.array_equal(np.asarray(vector), np.asarray(again.opening[name])), name
    other = generated(Plan(12, 8, 30, seed=5))
    assert not np.array_equal(np.asarray(other.opening["hf_book"]), np.asarray(again.opening["hf_book"]))


def test_a_change_of_one_part_leaves_the_draws_of_the_others() -> None:
    plain, cleared = generated(MIXED), generated(Plan(12, 8, 30, seed=4, cleared=True))
    for name in ("hf_book", "hedge_fund_equity__hedge_funds__private", "mmf_shares__mmf__private", "repo_triparty__banks__mmf"):
        assert np.array_equal(np.asarray(plain.opening[name]), np.asarray(cleared.opening[name])), name
    assert np.array_equal(np.asarray(plain.parameters["hf_hedge"]), np.asarray(cleared.parameters["hf_hedge"]))
    assert len(cleared.lifted.population.network["repo_dvp__hedge_funds__banks"]) == 12 * 30
