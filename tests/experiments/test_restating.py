"""Rows that restate: the figure goes with what was put in, and what is not flagged does not."""

from __future__ import annotations

import pytest

from dollarflow.experiments import Bench, e05_qe, e12a_foreign_sale, e16_saving
from dollarflow.scenarios import scenario
from model.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def times(name: str, factor: float) -> Scenario:
    """A scenario with every shock so many times as large."""
    item = scenario(name)
    return item.model_copy(update={"shock": tuple(s.model_copy(update={"add": (s.add or 0.0) * factor}) for s in item.shock)})


def test_half_of_gamma_halves_the_yield_of_purchases_and_leaves_their_cash(bench: Bench) -> None:
    assert e05_qe.CRISIS.restates == "gamma"
    assert not e05_qe.CASH.restates
    full, half = bench.pair("qe"), bench.pair("qe", parameters={"gamma": 0.02})
    assert e05_qe.bonds(half, e05_qe.LATER) / e05_qe.bonds(full, e05_qe.LATER) == pytest.approx(0.5, abs=0.03)
    cash = [sum(pair.at(name, e05_qe.END) for name in ("reserves", "on_rrp")) for pair in (full, half)]
    assert cash[1] / cash[0] == pytest.approx(1.0, abs=0.02)


def test_shares_taken_over_are_the_shares_that_were_put_in(bench: Bench) -> None:
    """Assumed parts of 0.30 and 0.65 in place of 0.55 and 0.40 give 32 and 67 % in place of 58 and 41 %."""
    assert e12a_foreign_sale.RESIDENTS.restates == "elasticity_private"
    assert e12a_foreign_sale.ABROAD.restates == "elasticity_row"
    pair = bench.pair("foreign_sale", parameters={"elasticity_private": 0.30, "elasticity_row": 0.65})
    bought = {h: e12a_foreign_sale.coupons(pair, h, e12a_foreign_sale.END) for h in ("private", "hedge_funds", "rest_of_world")}
    sold = -e12a_foreign_sale.coupons(pair, "foreign_official", e12a_foreign_sale.END)
    assert (bought["private"] + bought["hedge_funds"]) / sold == pytest.approx(0.30, abs=0.03)
    assert bought["rest_of_world"] / sold == pytest.approx(0.65, abs=0.03)


def test_no_shift_of_saving_moves_a_yield(bench: Bench) -> None:
    """A tenth of GDP a year, ten times the experiment's: foreigners' claims take it all, so the yield's row is no test."""
    assert e16_saving.QUIET.restates
    assert e16_saving.SHIFT.restates == "import_share"
    one, ten = bench.pair("low_saving"), bench.pair(times("low_saving", 10.0))
    assert ten.total("foreign_surplus") / one.total("foreign_surplus") == pytest.approx(10.0, rel=1e-3)
    assert abs(ten.at("yield_bonds", unit="bp")) < 0.5
