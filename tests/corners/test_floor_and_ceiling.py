"""T21-T23 and T26: what a facility's use says about rates, in the strict limit; and the way to that limit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from model.periods.path import Path
from tests.corners.strict import CASH, PRICE, STRICT, drained, pressed
from tests.economy.laboratory import experiment, quiet


@lru_cache(maxsize=4)
def drain(one_segment: float = 0.0, stigma: float = 0.0) -> Path:
    """The drain of :func:`drained`, solved once."""
    return drained(one_segment=one_segment, srf_stigma=stigma)


@pytest.mark.parametrize("one_segment", [0.0, 1.0])
def test_on_rrp_is_used_only_at_its_rate(one_segment: float) -> None:
    """T21: ON RRP > 0 ⇒ tri-party rate ≤ ON RRP rate, and min(ON RRP, spread) = 0; both regimes are visited."""
    path = drain(one_segment)
    taken, spread = path["on_rrp"][1:], (path["triparty_rate"] - path["on_rrp_rate"])[1:]
    assert np.any(taken > 100), "the drain starts at the floor"
    assert np.any(taken < CASH), "and ends in scarcity"
    assert np.all(taken > -CASH)
    assert np.all(spread > -PRICE)
    assert np.all(spread[taken > CASH] <= PRICE)
    assert np.all(np.minimum(taken, 1e6 * spread) <= CASH)


def test_srf_is_used_only_above_its_rate() -> None:
    """T22: SRF > 0 ⇒ SOFR ≥ SRF rate + stigma, and take-up is exactly its slope times the excess."""
    stigma = 0.0007
    path = drain(0.0, stigma)
    excess = (path["sofr"] - path["srf_rate"])[1:] - stigma
    lent = path["srf__banks__fed"][1:]
    assert np.any(lent > 10)
    assert np.any(lent == 0.0)
    assert np.all(lent >= 0.0)
    assert np.all(excess[lent > 0] >= 0.0)
    size = path["deposits_average"][1:] / path["deposits_reference"][1:]
    wanted = path["srf_slope"][1:] * size * np.maximum(excess, 0.0)
    assert lent == pytest.approx(np.minimum(wanted, path["srf_cap"][1:]), abs=1e-6)


def test_never_both_facilities_in_one_segment() -> None:
    """T23: without dispersion and dealer wedge ON RRP and SRF are never used in the same period."""
    path = drain(1.0)
    floor, ceiling = path["on_rrp"][1:] > CASH, path["srf__banks__fed"][1:] > CASH
    assert np.any(floor)
    assert np.any(ceiling)
    assert not np.any(floor & ceiling)


def test_both_facilities_at_a_year_end() -> None:
    """T23, the other side: two segments, dispersion and the calendar give both on the last day of the year."""
    path = experiment(45, "daily").run()
    last = path.period("2025-12-31")
    assert path["on_rrp"][last] > 10
    assert path["srf__banks__fed"][last] > 10


def test_dispersion_vanishes_into_the_strict_solution() -> None:
    """The smooth market converges to the strict one as widths go to zero, at the floor as in scarcity."""
    strict = {**STRICT, "on_rrp_tail_size": 0.0}
    widths = {"floor_width": 2e-4, "srf_width": 3e-4, "mmf_left_over_width": 50.0, "ceiling_width": 5.0}
    setting = quiet(26).changed(**strict).given(rmp_on=0.0, qe_bills=lambda x: np.where(np.arange(len(x)) <= 13, 6000.0, -6000.0))
    target = setting.run()
    gaps = []
    for share in (1.0, 0.1, 0.01, 0.001):
        path = setting.changed(**{name: share * width for name, width in widths.items()}).run()
        gaps.append([np.abs(path[n] - target[n])[1:].max() for n in ("sofr", "on_rrp", "srf__banks__fed", "reserves")])
    assert np.all(np.diff(gaps, axis=0) <= 0), "ever closer"
    assert gaps[-1][0] < 2e-6
    assert max(gaps[-1][1:]) < 5.0 < 50.0 < max(gaps[0][1:])


@pytest.mark.parametrize("cap", [0.0, 50.0])
def test_a_capped_facility_does_not_bound_the_price(cap: float) -> None:
    """T26: where the limit of the SRF binds, SOFR rises with scarcity as if there were no facility beyond it."""
    free, mild, hard = (
        pressed(quiet(26).changed(**STRICT, srf_cap=limit), cash).run() for limit, cash in ((1e6, 2500.0), (cap, 1800.0), (cap, 2500.0))
    )
    for path in (mild, hard):
        assert path["srf__banks__fed"][1:].max() <= cap + CASH
    bound = 1 + np.flatnonzero(hard["srf__banks__fed"][1:] >= cap - CASH)
    worst = int(bound[np.argmax(hard["sofr_iorb"][bound])])
    assert hard["sofr"][worst] > hard["srf_rate"][worst] + 0.002
    assert hard["sofr"].max() > mild["sofr"].max() > mild["srf_rate"].max()
    assert hard["sofr"][worst] > free["sofr"][worst] + 0.001
    assert free["srf__banks__fed"][worst] > cap + 50
