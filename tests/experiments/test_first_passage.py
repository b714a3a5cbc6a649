"""E22: draws around a run, their seed, and the date from which a series stays up."""

from __future__ import annotations

import numpy as np
import pytest

from dollarflow.experiments import Bench, first_passage
from dollarflow.experiments.first_passage import Swing, account_swing, draws, lasting, months, spread_noise, swing


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def test_a_series_that_rises_once_lasts_from_there() -> None:
    """Thirteen-week means of a step in week 20 pass one half in the window that has seven weeks of it."""
    path = np.zeros((3, 60))
    path[0, 19:] = 1.0
    path[1, 19:30] = 1.0
    first = lasting(path, 0.5)
    assert first[0] == 14
    assert np.isinf(first[1])
    assert np.isinf(first[2])
    assert months(np.array([52.0]))[0] == 12


def test_without_shocks_a_draw_is_the_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_passage, "account_swing", lambda: Swing(0.0, 0.5))
    monkeypatch.setattr(first_passage, "spread_noise", lambda: Swing(0.0, 0.5))
    monkeypatch.setattr(first_passage, "DRIFT", 0.0)
    run = bench.run("regime_srf")
    spread, lent = draws(run, count=2)
    assert np.allclose(spread[0], run["sofr_iorb"][1:], atol=5e-5)
    assert np.allclose(lent[0], run["srf"][1:], atol=3.0)
    assert (spread[0] == spread[1]).all()


def test_a_seed_gives_its_draws(bench: Bench) -> None:
    run = bench.run("regime_srf")
    one, two, other = (draws(run, seed=seed, count=3)[0] for seed in (1, 1, 2))
    assert (one == two).all()
    assert not (one == other).all()


def test_more_slack_means_less_take_up(bench: Bench) -> None:
    none, bought = draws(bench.run("regime_srf"), count=50)[1], draws(bench.run("regime_purchases"), count=50)[1]
    assert bought[:, -52:].mean() < none[:, -52:].mean()


def test_a_process_is_recovered_from_its_own_path() -> None:
    path = Swing(70.0, 0.6).draw(np.random.default_rng(5), 1, 20000)[0]
    found = swing(path)
    assert found.deviation == pytest.approx(70.0, rel=0.05)
    assert found.persistence == pytest.approx(0.6, abs=0.03)


def test_shocks_are_of_the_size_of_the_data_before_the_opening() -> None:
    """Account swings of 40 to 120 bn around its mean, spread noise of 2 to 5 bp."""
    assert 40 < account_swing().deviation < 120
    assert 0.0002 < spread_noise().deviation < 0.0005
