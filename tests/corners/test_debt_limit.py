"""T28: a binding debt limit makes the cash balance the buffer; when cash is gone outlays wait and are paid later."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from model.accounting.audit import audit
from model.periods.path import Path
from tests.corners.holdings import negative
from tests.economy.laboratory import experiment, quiet

LIMIT_FROM, LIFTED = 10, 60
NO_LIMIT = 1e6


@lru_cache(maxsize=2)
def limited() -> tuple[Path, float]:
    """A limit fifty weeks long, a little above the debt when it comes; and the limit."""
    setting = quiet(104)
    limit = float(setting.run()["debt"][LIMIT_FROM]) + 100.0
    path = np.full(setting.periods + 1, NO_LIMIT)
    path[LIMIT_FROM:LIFTED] = limit
    return setting.changed(ceiling_width=0.0).given(debt_limit=path).run(), limit


def test_cash_is_the_buffer() -> None:
    """Debt stands at its limit; the account falls by the deficit and other outflows to the dollar; bills make room for coupons."""
    path, limit = limited()
    debt = path["debt"]
    bound = np.flatnonzero(debt[LIMIT_FROM:LIFTED] > limit - 1e-6) + LIMIT_FROM
    assert len(bound) > 20
    assert np.all(debt[LIMIT_FROM:LIFTED] <= limit + 1e-6)
    later = bound[1:][np.diff(bound) == 1]
    used = path["deficit"] * path["dt"] + path["pay__other_means____treasury__private"]
    assert np.diff(path["tga"])[later - 1] == pytest.approx(-used[later], abs=1e-6)
    coupons = path["notes__face"] + path["bonds__face"]
    assert path["bills"][later] == pytest.approx(limit - coupons[later], abs=1e-6)
    assert np.all(path["ceiling_shortfall"][later] > 0)


def test_outlays_wait_when_cash_is_gone_and_are_paid_later() -> None:
    """Cash stops at its minimum, arrears build and bills carry a premium; once the limit is lifted arrears are paid."""
    path, _ = limited()
    floor = path["tga_minimum"][1]
    assert np.all(path["tga"][1:] >= floor - 1e-6)
    waiting = np.flatnonzero(path["unpaid"] > 1e-6)
    assert len(waiting) > 3
    assert waiting.min() > LIMIT_FROM
    assert waiting.max() < LIFTED
    assert path["tga"][waiting] == pytest.approx(floor, abs=1e-6)
    assert np.minimum(path["unpaid"], path["tga"] - floor)[1:] == pytest.approx(0.0, abs=1e-6)
    assert path["default_premium"][waiting[1:]].min() > 0
    owed = path["backlog"]
    assert owed[waiting.max()] > 50
    assert owed[-1] < 0.01 * owed[waiting.max()]
    assert np.diff(owed)[1:] == pytest.approx(path["withheld"][2:], abs=1e-9)
    assert path["tga"][-1] > 600, "cash is rebuilt"
    assert audit(path).violations == ()
    assert negative(path) == {}


def test_spending_falls_by_what_waits() -> None:
    """Purchases and transfers together are their plan less what is withheld, dollar for dollar."""
    path, _ = limited()
    plan = (path["purchases_share"] + path["transfers_share"]) * path["trend_gdp"]
    paid = path["government_purchases"] + path["transfers"]
    assert (plan - paid)[1:] * path["dt"][1:] == pytest.approx(path["withheld"][1:], abs=1e-8)


@pytest.mark.parametrize("limit", [0.0, 10000.0, 29000.0])
def test_a_limit_below_the_debt_freezes_it(limit: float) -> None:
    """What is outstanding may be rolled over: debt stays where it is, and the state is defined."""
    path = quiet(60).changed(ceiling_width=0.0).given(debt_limit=limit).run()
    assert path["debt"][1:] == pytest.approx(path["debt"][0], abs=1e-6)
    assert path["tga"][-1] == pytest.approx(path["tga_minimum"][1], abs=1e-6)
    assert path["backlog"][-1] > 100
    assert audit(path).violations == ()


@pytest.mark.slow
@pytest.mark.parametrize("clock", ["daily", "weekly", "monthly", "quarterly"])
def test_two_years_of_limit_and_lapse(clock: str) -> None:
    """A limit and a lapse of appropriations together, with the calendar, on every clock."""
    periods = {"daily": 504, "weekly": 104, "monthly": 24, "quarterly": 8}[clock]
    path = experiment(periods, clock).given(debt_limit=30500.0, shutdown=1.0).run()
    assert audit(path).violations == ()
    assert negative(path) == {}
