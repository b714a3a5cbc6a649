"""Stores: the same bytes whatever interrupts them; failing members stay on record; other ensembles are refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from dollarflow.ensembles.distributions import Distribution
from dollarflow.ensembles.request import make_members
from dollarflow.ensembles.result import Ensemble
from dollarflow.ensembles.runner import run
from dollarflow.ensembles.variation import Factor, Variation
from dollarflow.errors import BadInput
from dollarflow.simulation import simulate
from tests.application import toy
from tests.ensembles.economies import BASELINE, VARIED, digests, formula_members, parameters, toy_members

KILLED = """
import sys, time
from pathlib import Path
from dollarflow.ensembles.runner import run
from tests.ensembles.economies import toy_members
run(toy_members(), Path(sys.argv[1]), chunk=2, summary=sys.argv[2] == "summary", progress=lambda done, total: time.sleep(0.05))
"""


@pytest.mark.parametrize("summary", [False, True])
def test_an_ensemble_killed_and_resumed_has_the_bytes_of_one_that_was_not(tmp_path: Path, summary: bool) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    run(toy_members(), whole, chunk=2, summary=summary)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(broken), "summary" if summary else "paths"])
    deadline = time.monotonic() + 60
    while len(list(broken.glob("status/c/*"))) < 3 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not Ensemble.open(broken).complete
    leftover = broken / "status" / "c" / "0.0123.partial"
    leftover.write_bytes(b"half")
    seen: list[int] = []
    run(toy_members(), broken, chunk=2, summary=summary, resume=True, workers=2, progress=lambda done, total: seen.append(done))
    assert seen[0] >= 6
    assert seen[-1] == 24
    assert digests(broken) == digests(whole)


def test_paths_do_not_depend_on_chunks_or_threads(tmp_path: Path) -> None:
    run(toy_members(), tmp_path / "a", chunk=24)
    run(toy_members(), tmp_path / "b", chunk=5, workers=2)
    one, other = Ensemble.open(tmp_path / "a"), Ensemble.open(tmp_path / "b")
    for name in one.variables:
        np.testing.assert_array_equal(one.paths(name), other.paths(name))
    np.testing.assert_array_equal(one.certificates, other.certificates)


def test_a_member_is_a_run_with_its_settings(tmp_path: Path) -> None:
    members = toy_members()
    run(members, tmp_path / "store", chunk=10)
    found = Ensemble.open(tmp_path / "store")
    for k in (0, 7, 23):
        alone = simulate(
            toy.system(),
            toy.opening(),
            BASELINE,
            periods=5,
            parameters={str(name): float(found.draws[name][k]) for name in found.draws.columns},
            exogenous={name: path[0] for name, path in members.given(k, k + 1).items()},
        )
        for name in found.variables:
            np.testing.assert_allclose(found.paths(name)[k], alone[name], rtol=1e-13, atol=1e-13)
    assert found.audited == 1
    assert found.difference < 1e-13
    assert not found.violations
    assert found.certificates.max() < 1e-10


def test_a_member_without_solution_is_recorded_and_counted(tmp_path: Path) -> None:
    (a,) = parameters("a")
    varied = Variation((Factor("a", Distribution("uniform", low=-1.0, high=1.0)),))
    run(formula_members(sp.log(a), varied, 32, "sobol"), tmp_path / "store", keep=["y"], chunk=8)
    found = Ensemble.open(tmp_path / "store")
    negative = np.flatnonzero(found.draws["a"] <= 0)
    assert [f.member for f in found.failures] == negative.tolist()
    assert len(negative) == 16
    assert all(f.period == 1 and "'y'" in f.diagnosis and f.date == found.dates[1] for f in found.failures)
    table = found.quantiles("y", [0.5])
    assert table.attrs["members"] == found.solved == 16
    solved = np.log(found.draws["a"][found.draws["a"] > 0])
    assert table.iloc[1, 0] == pytest.approx(np.median(solved), rel=1e-14)


def test_a_parameter_out_of_its_bounds_is_recorded(tmp_path: Path) -> None:
    wide = Variation((Factor("beta", Distribution("normal", mean=1.0, sd=0.1)),))
    members = make_members(toy.system(), toy.opening(), BASELINE, variation=wide, draws=8, periods=2)
    run(members, tmp_path / "store")
    found = Ensemble.open(tmp_path / "store")
    above = np.flatnonzero(found.draws["beta"] > 1.0)
    assert [(f.member, f.period) for f in found.failures] == [(k, 0) for k in above.tolist()]
    assert all("parameter 'beta'" in f.diagnosis and "0 to 1" in f.diagnosis for f in found.failures)


def test_an_existing_store_is_refused_and_resumed_only_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "store"
    run(toy_members(), place, chunk=8)
    before = digests(place)
    with pytest.raises(BadInput, match="--resume"):
        run(toy_members(), place, chunk=8)
    with pytest.raises(BadInput, match=r"seed: 3 in the store, 4 asked"):
        run(toy_members(seed=4), place, chunk=8, resume=True)
    with pytest.raises(BadInput, match=r"periods: 5 in the store, 6 asked"):
        run(toy_members(periods=6), place, chunk=8, resume=True)
    with pytest.raises(BadInput, match=r"keep"):
        run(toy_members(), place, chunk=8, keep=["reserves"], resume=True)
    run(toy_members(), place, chunk=8, resume=True)
    assert digests(place) == before
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(BadInput, match="no ensemble"):
        run(toy_members(), other, resume=True)
    with pytest.raises(BadInput, match="did you mean 'reserves'"):
        run(toy_members(), tmp_path / "third", keep=["reservs"])
    assert not (tmp_path / "third").exists()


def test_quantiles_of_several_variables_are_those_of_each(tmp_path: Path) -> None:
    for summary in (False, True):
        run(toy_members(), tmp_path / f"store{summary}", chunk=8, summary=summary)
        found = Ensemble.open(tmp_path / f"store{summary}")
        several = found.quantiles_in((0, 5), ("tga", "reserves"), (0.1, 0.5))
        for j, name in enumerate(("tga", "reserves")):
            np.testing.assert_array_equal(several[:, :, j].T, found.quantiles(name, (0.1, 0.5)).to_numpy()[[0, 5]])


def test_labels_reach_readers(tmp_path: Path) -> None:
    run(toy_members(4), tmp_path / "store", keep=["reserves", "notes"])
    found = Ensemble.open(tmp_path / "store")
    data = found.xarray()
    assert data["values"].dims == ("member", "period", "variable")
    expected = found.frame("notes").loc["2025-11-05", 2]
    assert float(data["values"].sel(member=2, period="2025-11-05", variable="notes")) == expected
    assert float(data["draws"].sel(member=2, parameter="beta")) == found.draws.loc[2, "beta"]
    assert VARIED.names == tuple(found.draws.columns)
    with pytest.raises(BadInput, match="does not keep 'debt'"):
        found.paths("debt")


@pytest.mark.slow
def test_the_command_killed_and_resumed_on_the_full_system_has_the_same_bytes(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "dollarflow", "ensemble", "baseline", "--draws", "1100", "--periods", "13", "--quiet", "--out"]
    subprocess.run([*words, str(tmp_path / "whole")], check=True)
    broken = tmp_path / "broken"
    process = subprocess.Popen([*words, str(broken)])
    while not (broken / "status" / "c" / "0").exists() and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not Ensemble.open(broken).complete
    subprocess.run([*words, str(broken), "--resume"], check=True)
    assert digests(broken) == digests(tmp_path / "whole")
