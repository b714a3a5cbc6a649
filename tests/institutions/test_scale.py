"""A thousand institutions and a hundred thousand equations: solved, audited and cleared within memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from calibration.institutions.generate import Plan
from model.contagion import clear, leverage_matrix, obligations, spectral_radius
from model.members.audit import audit_members
from tests.institutions.economies import JUMP, closeness, solved

SECTORS = ("banks", "mmf", "hedge_funds")
LIMIT = 1_000
"""Megabytes that the process may use at most."""
PROGRAM = """
import resource
from dollarflow.institutions.run import run_institutions
from calibration.institutions.generate import Plan
from calibration.institutions.shocks import shocks
run = run_institutions(Plan(300, 200, 500), shocks()["haircuts"], 12)
assert run.report.sound, run.report
assert run.path.effort.equations > 100_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_hundred_institutions() -> None:
    path = solved(Plan(30, 20, 50, seed=2), JUMP)
    assert path.effort.equations > 8_000
    assert path.certificates.max() < 1e-12
    assert audit_members(path).sound


@pytest.mark.slow
def test_a_thousand_institutions_and_a_hundred_thousand_equations() -> None:
    plan = Plan(300, 200, 500)
    path, whole = solved(plan, JUMP), solved(plan, JUMP, whole=True)
    assert path.lifted.population.institutions == 1_000
    assert path.effort.equations > 100_000
    assert whole.effort.core_sizes == (path.effort.equations,)
    assert whole.effort.filled < 2 * whole.effort.entries
    assert path.certificates.max() < 1e-12
    assert audit_members(path).sound
    for name in ("hf_book", "bank_equity__banks__private", "repo_dvp__hedge_funds__banks", "mmf_shares__mmf__private"):
        assert closeness(whole[name], path[name]) < 1e-10, name
    network = obligations(path, 0, SECTORS)
    assert clear(network).shortfall == 0
    assert 0 < spectral_radius(leverage_matrix(network)) < 5


@pytest.mark.slow
def test_the_memory_of_a_thousand_institutions_is_bounded() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) < LIMIT
