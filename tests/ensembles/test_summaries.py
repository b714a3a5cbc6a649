"""Quantiles and moments against numpy and scipy, and sensitivity indices against a known function's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from scipy import stats

from dollarflow.ensembles.distributions import Distribution
from dollarflow.ensembles.result import Ensemble
from dollarflow.ensembles.runner import run
from dollarflow.ensembles.summaries import central_sums, merged_moments, merged_quantiles, order_statistics
from dollarflow.ensembles.variation import Factor, Variation
from dollarflow.errors import BadInput
from tests.ensembles.economies import formula_members, parameters, toy_members

LEVELS = [0.0, 0.05, 0.5, 0.9, 1.0]


def test_quantiles_and_moments_are_those_of_numpy_and_scipy(tmp_path: Path) -> None:
    run(toy_members(40), tmp_path / "paths", chunk=16)
    run(toy_members(40), tmp_path / "summary", chunk=16, summary=True)
    whole, merged = Ensemble.open(tmp_path / "paths"), Ensemble.open(tmp_path / "summary")
    values = whole.paths("deposits")
    np.testing.assert_array_equal(whole.quantiles("deposits", LEVELS), np.quantile(values, LEVELS, axis=0).T)
    np.testing.assert_array_equal(merged.quantiles("deposits", LEVELS), np.quantile(values, LEVELS, axis=0).T)
    for found in (whole, merged):
        table = found.moments("deposits").iloc[1:]
        np.testing.assert_allclose(table["mean"], values.mean(axis=0)[1:], rtol=1e-14)
        np.testing.assert_allclose(table["sd"], values.std(axis=0, ddof=1)[1:], rtol=1e-9)
        np.testing.assert_allclose(table["skewness"], stats.skew(values[:, 1:], axis=0), rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(table["kurtosis"], stats.kurtosis(values[:, 1:], axis=0), rtol=1e-6, atol=1e-6)
    with pytest.raises(BadInput, match="order statistics"):
        merged.paths("deposits")


def test_merged_quantiles_stay_within_their_rank_error() -> None:
    generator = np.random.default_rng(4)
    chunks = [generator.gamma(2.0, size=(n, 3)) + shift for n, shift in ((700, 0.0), (500, 0.5), (1, 9.0), (0, 0.0))]
    ranks = np.stack([order_statistics(c, 33) for c in chunks])
    pooled = np.sort(np.concatenate(chunks), axis=0)
    counts = [len(c) for c in chunks]
    levels = np.linspace(0.01, 0.99, 50)
    found = merged_quantiles(counts, ranks, levels.tolist())
    for j in range(3):
        share = np.searchsorted(pooled[:, j], found[:, j]) / len(pooled)
        assert np.abs(share - levels).max() <= 1 / 32
    moments = merged_moments(counts, np.stack([central_sums(c) for c in chunks]))
    np.testing.assert_allclose(moments.mean, np.concatenate(chunks).mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(moments.kurtosis, stats.kurtosis(np.concatenate(chunks)), rtol=1e-10)


def test_indices_of_ishigamis_function_are_the_analytic_ones(tmp_path: Path) -> None:
    a, b = 7.0, 0.1
    x, y, z = parameters("x1", "x2", "x3")
    formula = sp.sin(x) + a * sp.sin(y) ** 2 + b * z**4 * sp.sin(x)
    varied = Variation(tuple(Factor(n, Distribution("uniform", low=-np.pi, high=np.pi)) for n in ("x1", "x2", "x3")))
    run(formula_members(formula, varied, 1024, "saltelli"), tmp_path / "store", keep=["y"], chunk=600)
    found = Ensemble.open(tmp_path / "store")
    table = found.sobol("y")
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    alone = {"x1": 0.5 * (1 + b * np.pi**4 / 5) ** 2, "x2": a**2 / 8, "x3": 0.0}
    joint = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    assert table.attrs["variance"] == pytest.approx(variance, rel=0.03)
    for name, part in alone.items():
        total = (part + (joint if name != "x2" else 0.0)) / variance
        row = {column: float(table[column][name]) for column in table.columns}
        assert row["first"] == pytest.approx(part / variance, abs=0.03)
        assert row["total"] == pytest.approx(total, abs=0.03)
        assert abs(row["first"] - part / variance) < 4 * row["first_error"] + 1e-3
        assert abs(row["total"] - total) < 4 * row["total_error"] + 1e-3
    rows = found.paths("y")[:, -1].reshape(1024, 5)
    other = stats.sobol_indices(func={"f_A": rows[None, :, 0], "f_B": rows[None, :, 1], "f_AB": rows.T[2:, None, :]}, n=1024)
    np.testing.assert_allclose(table.loc[["x1", "x2", "x3"], "first"], other.first_order, atol=1e-12)
    np.testing.assert_allclose(table.loc[["x1", "x2", "x3"], "total"], other.total_order, atol=1e-12)


def test_a_shock_process_is_one_factor(tmp_path: Path) -> None:
    run(toy_members(64, "saltelli"), tmp_path / "store", keep=["yield_notes", "deposit_rate"])
    found = Ensemble.open(tmp_path / "store")
    table = found.sobol("yield_notes")
    assert table.index[0] == "yield_anchor"
    alone = table.loc["yield_anchor"]
    assert abs(alone["total"] - 1.0) < 4 * alone["total_error"]
    assert table.loc["beta", "total"] == 0.0
    alone = found.sobol("deposit_rate").loc["beta"]
    assert abs(alone["first"] - 1.0) < 4 * alone["first_error"]
    with pytest.raises(BadInput, match="outside"):
        found.sobol("yield_notes", "2030-01-01")


def test_indices_need_their_design(tmp_path: Path) -> None:
    run(toy_members(8), tmp_path / "store", keep=["reserves"])
    with pytest.raises(BadInput, match="--design saltelli"):
        Ensemble.open(tmp_path / "store").sobol("reserves")
