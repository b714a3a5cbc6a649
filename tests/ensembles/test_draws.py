"""Draws against textbook quantiles, and members that do not depend on how they are asked for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dollarflow.ensembles.designs import Design
from dollarflow.ensembles.distributions import Distribution
from dollarflow.ensembles.variation import Factor, Process, Variation
from dollarflow.errors import BadInput
from tests.ensembles.economies import toy_members

LEVELS = np.array([0.001, 0.05, 0.3, 0.5, 0.8, 0.999])


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (Distribution("uniform", low=-1.0, high=3.0), stats.uniform(-1, 4)),
        (Distribution("triangular", low=1.0, mode=2.0, high=5.0), stats.triang(0.25, 1, 4)),
        (Distribution("normal", mean=2.0, sd=0.5), stats.norm(2, 0.5)),
        (Distribution("normal", mean=2.0, sd=0.5, low=1.8, high=4.0), stats.truncnorm(-0.4, 4, 2, 0.5)),
        (Distribution("normal", mean=0.0, sd=1.0, low=6.0, high=9.0), stats.truncnorm(6, 9)),
        (Distribution("lognormal", mean=3.0, sd=1.5), stats.lognorm(np.sqrt(np.log(1.25)), scale=3 / np.sqrt(1.25))),
    ],
)
def test_quantiles_are_those_of_an_independent_implementation(own: Distribution, other: stats.rv_continuous) -> None:
    np.testing.assert_allclose(own.quantile(LEVELS), other.ppf(LEVELS), rtol=1e-9)


@pytest.mark.parametrize("design", ["sobol", "random", "saltelli"])
def test_a_member_is_the_same_whatever_is_drawn_with_it(design: str) -> None:
    drawn = Design(design, 40, 7, 3, 2)
    points, shocks = drawn.uniforms(0, drawn.members), drawn.innovations(0, drawn.members, 4)
    for first, last in ((0, 1), (1, 2), (5, 17), (drawn.members - 3, drawn.members)):
        np.testing.assert_array_equal(drawn.uniforms(first, last), points[first:last])
        np.testing.assert_array_equal(drawn.innovations(first, last, 4), shocks[first:last])
    other = Design(design, 40, 8, 3, 2)
    assert (other.uniforms(0, 5) != points[:5]).all()
    assert (other.innovations(0, 5, 4)[0] != shocks[0]).all()


def test_sobol_points_fill_the_cube_more_evenly_than_chance() -> None:
    points = Design("sobol", 256, 1, 2).uniforms(0, 256)
    squares = np.floor(points * 16).astype(int)
    assert len(np.unique(squares, axis=0)) == 256  # a (0, 8, 2)-net in base 2 has one point in every elementary square


def test_the_exchange_design_swaps_one_factor_at_a_time() -> None:
    design = Design("saltelli", 8, 1, 3, 1)
    points = design.uniforms(0, design.members).reshape(8, 6, 3)
    shocks = design.innovations(0, design.members, 2).reshape(8, 6, 1, 2)
    a, b = points[:, 0], points[:, 1]
    for factor in range(3):
        expected = a.copy()
        expected[:, factor] = b[:, factor]
        np.testing.assert_array_equal(points[:, 2 + factor], expected)
        np.testing.assert_array_equal(shocks[:, 2 + factor], shocks[:, 0])
    np.testing.assert_array_equal(points[:, 5], a)
    np.testing.assert_array_equal(shocks[:, 5], shocks[:, 1])


def test_correlated_parameters_have_the_normal_scores_correlation() -> None:
    factors = tuple(Factor(name, Distribution("normal", mean=0.0, sd=1.0)) for name in "ab")
    varied = Variation(factors, correlations=(("a", "b", -0.7),))
    drawn = varied.parameters(Design("sobol", 4096, 1, 2).uniforms(0, 4096))
    assert np.asarray(np.corrcoef(drawn.T))[0, 1] == pytest.approx(-0.7, abs=0.01)
    assert drawn.std(axis=0) == pytest.approx(1.0, abs=0.01)


def test_shock_processes_follow_their_recursions() -> None:
    noise = np.array([[1.0, -2.0, 0.5]])
    dates = toy_members(2, periods=3).dates
    assert Process("x", "iid", 2.0).paths(noise, dates).tolist() == [[0.0, 2.0, -4.0, 1.0]]
    assert Process("x", "ar1", 1.0, 0.5).paths(noise, dates).tolist() == [[0.0, 1.0, -1.5, -0.25]]
    assert Process("x", "level", 3.0).paths(noise, dates).tolist() == [[0.0, 3.0, 3.0, 3.0]]
    assert Process("x", "ar1", 1.0, 0.5, start=dates[2], end=dates[2]).paths(noise, dates).tolist() == [[0.0, 0.0, -2.0, -1.0]]
    both = Variation((), (Process("x", "iid", 1.0, also=(("y", 0.5),)),)).shocks(noise[:, None], dates)
    assert both["y"].tolist() == [[0.0, 0.5, -1.0, 0.25]]


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"kind": "normal", "mean": 1.0}, "sd above 0"),
        ({"kind": "uniform", "low": 1.0}, "needs low and high"),
        ({"kind": "uniform", "low": 1.0, "high": 1.0}, "not below"),
        ({"kind": "triangular", "low": 0.0, "high": 1.0, "mode": 2.0}, "mode 2 is outside"),
        ({"kind": "lognormal", "mean": -1.0, "sd": 1.0}, "mean above 0"),
        ({"kind": "cauchy"}, "allowed: normal"),
    ],
)
def test_figures_that_make_no_distribution_are_refused(given: dict[str, float], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        Distribution(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("draws", "seed", "part"), [(0, 1, "--draws 0"), (1, -1, "--seed -1"), (10**8, 1, "--draws")])
def test_absurd_designs_are_refused(draws: int, seed: int, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        Design("sobol", draws, seed, 1)
