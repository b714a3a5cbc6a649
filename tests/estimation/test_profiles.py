"""Profiles and posterior samples of relations with known answers, and what they say of the reserve-demand curve."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.profiles import CHI2_95, end, naive_error, profiled, profiles_csv
from calibration.estimation.registry import studies
from calibration.estimation.sampling import sampled, widening
from calibration.satellites import estimate as satellite
from dollarflow.cli import call

DATA = Path(__file__).parents[2] / "calibration" / "data"
A, B, X = sp.symbols("a b x")


@pytest.fixture(scope="module")
def line() -> Fit:
    rng = np.random.default_rng(5)
    x = rng.normal(size=120)
    unknowns = (Unknown("a", 0.0, -50.0, 50.0), Unknown("b", 0.0, -50.0, 50.0))
    return fit(Relation("line", A + B * X, unknowns), 1 + 2 * x + rng.normal(size=120), {"x": x}, lags=0, noise=1.0)


def test_interval_of_a_line_is_the_textbook_one(line: Fit) -> None:
    """Estimate less and plus 1.96 standard errors of ordinary least squares."""
    design = np.column_stack([np.ones(120), line.regressors["x"]])
    error = np.sqrt(np.linalg.inv(design.T @ design)[1, 1])
    found = profiled(line, "b")
    assert naive_error(line, "b") == pytest.approx(error)
    width = 1.96 * error * np.sqrt(found.widened)
    assert [found.low, found.high] == pytest.approx([line.values["b"] - width, line.values["b"] + width], abs=0.06 * error)
    assert found.closed


def test_an_interval_that_a_bound_cuts_off_is_open() -> None:
    assert end([1.0, 2.0, 3.0], [0.5, 1.0, 1.5], 0.0, 1) == math.inf
    assert end([1.0, 2.0], [0.0, 2 * CHI2_95], 0.0, 1) == pytest.approx(1.5)
    assert end([-2.0, -1.0], [2 * CHI2_95, 0.0], 0.0, -1) == pytest.approx(-1.5)


def test_posterior_of_a_line_is_normal_round_the_estimate(line: Fit) -> None:
    """Mean and deviation as in closed form, within what 600 steps tell; the same seed gives the same sample."""
    pytest.importorskip("emcee")
    found = sampled(line, 600)
    place = found.names.index("b")
    error = naive_error(line, "b") * np.sqrt(widening(line))
    assert found.draws[:, place].mean() == pytest.approx(line.values["b"], abs=0.2 * error)
    assert found.draws[:, place].std() == pytest.approx(error, rel=0.15)
    assert np.array_equal(found.draws, sampled(line, 600).draws)
    assert 0.2 < found.acceptance < 0.9


def test_studies_of_assets_are_the_satellites_regressions() -> None:
    """The linear relation fitted by the search has the coefficients and errors of the ordinary regression."""
    known = {study.name: study for study in studies()}
    for asset in ("sp500", "bitcoin"):
        own, other = known[f"{asset}_liquidity"].fit, satellite(asset)
        assert own.values["liquidity"] == pytest.approx(other.liquidity, rel=1e-9)
        assert own.errors["liquidity"] == pytest.approx(other.liquidity_error, rel=1e-9)


def test_supply_slope_is_in_the_range_of_the_literature_and_badly_known() -> None:
    """2 to 12 bp per 1 % of GDP in the literature; the data leave a third of the prior's variance at least."""
    study = next(study for study in studies() if study.name == "term_premium")
    assert 0.0 < study.fit.values["supply"] < 12.0
    assert study.fit.informed("supply") < 0.75


def test_an_unknown_relation_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["calibrate", "--posterior", "reserve_demnd"]) == 2
    assert "there are: reserve_demand" in capsys.readouterr().err


def test_committed_profiles_say_what_is_open() -> None:
    """Every parameter has a row; width below and the slope's long upper side are in the table."""
    with (DATA / "profiles.csv").open(encoding="utf-8") as stream:
        rows = {row["parameter"]: row for row in csv.DictReader(stream)}
    assert set(rows) == {item.parameter for study in studies() for item in study.reported.values()}
    slope = rows["curve_slope"]
    assert float(slope["high"]) - float(slope["estimate"]) > 4 * (float(slope["estimate"]) - float(slope["low"]))
    assert rows["curve_width"]["closed"] == "no"


@pytest.mark.slow
def test_committed_profiles_are_reproduced() -> None:
    """Every number to 1e-9, every other word exactly."""
    kept = list(csv.reader((DATA / "profiles.csv").read_text(encoding="utf-8").splitlines()))
    for made, old in zip(csv.reader(profiles_csv(studies()).splitlines()), kept, strict=True):
        for one, other in zip(" ".join(made).split(), " ".join(old).split(), strict=True):
            try:
                assert float(one) == pytest.approx(float(other), rel=1e-9, abs=0), made[:2]
            except ValueError:
                assert one == other
