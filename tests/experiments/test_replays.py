"""Replays of history: what was given is met, the Fed's books close, and the order of events is the published one."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dollarflow.experiments import Bench
from dollarflow.experiments.e02_backcast import sources
from dollarflow.experiments.e17_basis_trade import coupons

DATA = Path(__file__).parents[2] / "calibration" / "data"


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def figure(series: str, day: str) -> float:
    with (DATA / "published.csv").open(encoding="utf-8", newline="") as stream:
        return next(float(row["value"]) for row in csv.DictReader(stream) if (row["series"], row["date"]) == (series, day))


def test_e02_sources_by_hand() -> None:
    """2007 to 2024: Fed assets 6,852.5 less 890.7, loans 12,593 less 6,489, M2 21,486 less 7,484."""
    found = sources("2007-12-31", "2024-12-31")
    assert found["fed"] == pytest.approx(6852.5 - 891, abs=1.5)
    assert found["loans"] == pytest.approx(12593 - 6489, abs=1.5)
    assert found["money"] == pytest.approx(21486 - 7484, abs=1.5)
    assert found["withdrawn"] == pytest.approx(-(473.5 + 414.9 - 41 + 721.9 - 4.5), abs=2)


def test_e04_given_paths_are_met(bench: Bench) -> None:
    run = bench.run("hikes_2022")
    assert run["gdp"][-1] == pytest.approx(figure("gdp", "2023-12-31"), rel=1e-3)
    assert run["debt"][-1] == pytest.approx(figure("marketable_debt", "2023-12-31"), rel=0.015)
    assert run["rate_upper"][-1] == pytest.approx(0.055)


def test_currency_falls_behind_income_as_it_did(bench: Bench) -> None:
    """Nothing of it is given: H.4.1 has 2,340 bn at the end of 2023, income alone would have taken it to 2,530."""
    run = bench.run("hikes_2022")
    assert run["currency"][-1] == pytest.approx(figure("currency", "2023-12-31"), rel=0.015)


def test_e04_increases_move_income_from_the_fed_to_banks_and_funds(bench: Bench) -> None:
    pair = bench.pair("hikes_2022")
    last = pair.base.path.periods
    paid = pair["int__reserves__fed__banks"] + pair["int__on_rrp__fed__mmf"] + pair["int__on_rrp__fed__private"]
    assert paid[last] > 0
    assert pair["fed_net_income"][last] < 0
    assert pair["deferred_asset"][last] == pytest.approx(pair.changed["deferred_asset"][last] - pair.base["deferred_asset"][last])


def test_e08_the_on_rrp_empties_before_reserves_fall(bench: Bench) -> None:
    """Published: from the end of 2022 to the end of 2024 the ON RRP fell by 2.1 tn while reserves rose by 0.2 tn."""
    run = bench.run("qt_2022")
    start, end = run.path.period("2022-12-30"), run.path.period("2024-12-27")
    assert run["on_rrp"][end] - run["on_rrp"][start] < -1900
    assert run["reserves"][end] - run["reserves"][start] > 0


def test_e08_run_off_is_what_leaves_the_feds_liabilities(bench: Bench) -> None:
    """Difference of assets at book less difference of every liability and of equity."""
    pair = bench.pair("qt_2022")
    owed = ("currency", "reserves", "tga", "on_rrp", "foreign_repo_pool", "fed_other_deposits", "fed_equity")
    assert np.abs(pair["fed_assets"] - sum(pair[name] for name in owed)).max() < 1e-6


def test_e10_rebuilding_is_paid_by_the_on_rrp_in_2023_and_by_reserves_in_2025(bench: Bench) -> None:
    past, recent = bench.run("qt_2022"), bench.run("shutdown_2025")

    def change(run: object, name: str, start: str, end: str) -> float:
        path = run.path  # type: ignore[attr-defined]
        return float(path[name][path.period(end)] - path[name][path.period(start)])

    assert change(past, "on_rrp", "2023-06-02", "2023-10-27") < -0.9 * change(past, "tga", "2023-06-02", "2023-10-27")
    assert abs(change(past, "reserves", "2023-06-02", "2023-10-27")) < 150
    pair = bench.pair("shutdown_2025")
    assert pair.at("reserves", "2025-10-29") < -0.85 * pair.at("tga", "2025-10-29")
    assert abs(pair.at("on_rrp", "2025-10-29")) < 15
    assert recent["on_rrp"][recent.path.period("2025-10-29")] < 30


def test_e11a_a_binding_limit_is_never_passed(bench: Bench) -> None:
    run = bench.run("debt_limit_2026")
    inside = [i for i, day in enumerate(run.dates) if date(2026, 6, 3) <= day <= date(2026, 10, 21)]
    assert (run["debt"][inside] <= 30640 + 1e-6).all()
    assert (run["tga"][inside] >= 10 - 1e-6).all()


def test_e11b_withheld_outlays_by_hand(bench: Bench) -> None:
    """Six per cent of primary outlays, 0.198 of 31.1 tn, for 20 business days: 0.06 x 0.198 x 31,100 x 20 / 252."""
    run = bench.run("shutdown_2025")
    by_hand = 0.06 * 0.198 * 31100 * 20 / 252
    assert run["backlog"][run.path.period("2025-10-29")] == pytest.approx(by_hand, rel=0.01)


def test_e17_funds_hold_what_futures_and_the_other_leg_call_for(bench: Bench) -> None:
    run = bench.run("qt_2022")
    last = run.path.period("2024-12-27")
    assert run["hf_basis_leg"][last] == pytest.approx(run["futures_demand"][last])
    book = run["notes__treasury__hedge_funds"][last] + run["bonds__treasury__hedge_funds"][last]
    assert run["hf_book"][last] == pytest.approx(book)
    assert coupons(run, last) == pytest.approx(run["notes__face"][last] + run["bonds__face"][last])


@pytest.mark.parametrize("name", ["no_fed_2022", "no_fed_2026"])
def test_e28_maturing_securities_of_the_fed_are_refinanced_by_the_public(bench: Bench, name: str) -> None:
    run = bench.run(name)
    for kind, decay in (("notes", 0.18), ("bonds", 0.08)):
        face = run[f"{kind}__treasury__fed__face"]
        assert np.allclose(face[1:], face[:-1] * np.exp(-decay / 52), rtol=1e-9)
        assert np.abs(run[f"{kind}__treasury__fed__primary"][1:]).max() < 1e-9
    assert np.abs(run["srf__banks__fed"][1:]).max() == 0.0
