"""Every scenario of the library still gives the headline figures that are kept beside it."""

from __future__ import annotations

import pytest

from dollarflow.experiments import Bench
from dollarflow.experiments.golden import golden, headlines
from dollarflow.scenarios import names

RELATIVE, ABSOLUTE = 1e-5, 1e-7


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("name", names())
def test_scenario_gives_its_golden_result(name: str, bench: Bench) -> None:
    found, kept = headlines(bench.run(name)), golden(name)
    assert found["date"] == kept["date"]
    assert found["values"] == pytest.approx(kept["values"], rel=RELATIVE, abs=ABSOLUTE), "python -m dollarflow.experiments.golden"
