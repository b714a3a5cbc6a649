"""T24: nothing that must not is negative, and the funds' bankruptcy is a defined state whose loss lenders bear."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from model.accounting.audit import audit
from model.periods.path import Path
from tests.corners.holdings import imbalance, negative
from tests.economy.laboratory import DAY, experiment, one_year, quiet

WHEN = 10


@lru_cache(maxsize=4)
def wiped_out(clock: str = "weekly") -> Path:
    """Asset managers want three times GDP of futures: the basis explodes and margin calls take all that funds have."""
    return experiment(30, clock, "2025-12-31", False, False).pulse("futures_demand_shift", 3.0, WHEN, WHEN + 3).run()


@pytest.mark.parametrize("clock", ["weekly", "monthly"])
def test_lenders_bear_what_equity_cannot(clock: str) -> None:
    """Equity stops at zero, the book is gone, banks write off the rest, and the mark is what the basis moved."""
    path = wiped_out(clock)
    assert path["hf_equity"][WHEN - 1] > 100
    assert path["hf_equity"][WHEN:] == pytest.approx(0.0, abs=1e-6)
    assert path["hf_book"][WHEN] == pytest.approx(0.0, abs=1e-6)
    assert path["repo_dvp__hedge_funds__banks"][WHEN] == pytest.approx(0.0, abs=1e-6)
    loss = path["hf_default_loss"]
    assert loss[:WHEN][1:] == pytest.approx(0.0, abs=1e-9)
    assert loss[WHEN] > 10
    assert np.minimum(np.abs(loss), np.abs(path["hf_equity"]))[1:] == pytest.approx(0.0, abs=1e-6)
    tenor = path["futures_tenor"][WHEN]
    mark = tenor * path["hf_basis_leg"][WHEN - 1] * (path["basis"][WHEN] - path["basis"][WHEN - 1])
    assert mark == pytest.approx(path["hf_equity"][WHEN - 1] + loss[WHEN], rel=0.05), "the mark wiped equity out and left the loss"
    income = path["bank_income"]
    assert income[WHEN] - income[WHEN - 1] == pytest.approx(-loss[WHEN], rel=0.2)
    assert path["yield_bonds"][WHEN] > path["yield_bonds"][WHEN - 1] + 0.002, "the book was sold"


@pytest.mark.parametrize("clock", ["weekly", "monthly"])
def test_a_default_keeps_the_books_closed(clock: str) -> None:
    """Every check of the audit holds through the default; flows net to zero; nothing is negative."""
    path = wiped_out(clock)
    assert audit(path).violations == ()
    assert imbalance(path) < 1e-6
    assert negative(path) == {}


EXTREMES: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "hoard": ({"tga_floor": 3000.0}, {"rmp_on": 0.0, "srf_on": 0.0}),
    "no cash target": ({"tga_floor": 0.0, "tga_cover": 0.0}, {}),
    "run-off": ({}, {"rmp_on": 0.0, "qt_cap_treasury": 1e5, "qt_cap_agency": 1e5, "qe_notes": -3000.0, "qe_bills": -1000.0}),
    "sell all agency": ({}, {"rmp_on": 0.0, "qe_agency": -5000.0}),
    "purchases": ({}, {"qe_notes": 10000.0, "qe_bonds": 10000.0, "qe_bills": 5000.0, "qe_agency": 5000.0}),
    "officials sell all": ({}, {"official_sales": 20000.0, "sanctions": 10.0}),
    "haircut of one": ({"hf_haircut_floor": 1.0}, {}),
    "half a year of rates": ({}, {"rate_lower": 0.5, "rate_upper": 0.5025}),
    "negative rates": ({}, {"rate_lower": -0.05, "rate_upper": -0.0475}),
    "low limit": ({}, {"debt_limit": 0.0}),
    "no bills": ({}, {"coupon_surprise": 5000.0}),
    "funds flee": ({}, {"add__mmf_shares_private": -100.0}),
    "funds swell": ({}, {"add__mmf_shares_private": 150.0}),
    "shutdown": ({"lapse_share": 0.3}, {"shutdown": 1.0}),
    "slump": ({"growth": -0.1, "demand_switch": 1.0}, {}),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_stay_in_bounds(name: str) -> None:
    """Reserves, TGA, repo pool, funds' book and every other holding stay at or above zero for a year, and the books close."""
    parameters, given = EXTREMES[name]
    path = quiet(52).changed(**parameters).given(**given).run()
    assert audit(path).violations == ()
    assert negative(path) == {}
    assert path["reserves"][1:].min() > 0
    assert np.abs(path["yield_bonds"]).max() < 0.5
    assert np.abs(path["sofr"]).max() < 1.5


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2021-12-31", "2024-12-31", DAY, "2025-12-31"])
@pytest.mark.parametrize("clock", ["daily", "weekly", "monthly", "quarterly"])
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_on_every_clock(name: str, clock: str, day: str) -> None:
    """The same from each opening on each clock, with the calendar; flows into funds are the same over a year."""
    parameters, given = EXTREMES[name]
    weeks = 52 / one_year(clock)
    scaled = {n: v * weeks if n.startswith("add__") else v for n, v in given.items()}
    path = experiment(one_year(clock), clock, day).changed(**parameters).given(**scaled).run()
    assert audit(path).violations == ()
    assert negative(path) == {}


@pytest.mark.parametrize(("name", "clock", "day"), [("slump", "monthly", "2024-12-31"), ("officials sell all", "quarterly", "2021-12-31")])
def test_long_periods_that_newton_does_not_reach_at_once(name: str, clock: str, day: str) -> None:
    """The first period is found by letting it grow from almost no length; what is found holds like any other."""
    parameters, given = EXTREMES[name]
    path = experiment(3, clock, day).changed(**parameters).given(**given).run()
    assert path.statistics.most > 100, "the quick ways fail"
    assert path.certificates.max() < 1e-13
    assert audit(path).violations == ()
    assert negative(path) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("clock", "periods"), [("monthly", 600), ("quarterly", 200), ("weekly", 2600)])
def test_fifty_years(clock: str, periods: int) -> None:
    """Half a century without shocks: ratios drift, nothing breaks, spreads stay in their range."""
    path = experiment(periods, clock).run()
    assert negative(path) == {}
    assert np.abs(path["sofr_iorb"][1:]).max() < 0.0030
    assert path["yield_bonds"][1:].min() > 0.02
    assert path["yield_bonds"][1:].max() < 0.10
    assert path["reserves"][-1] / path["gdp"][-1] > 0.05
