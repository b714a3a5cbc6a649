"""A run that ends because a stock runs out says which, when, and what took it."""

from __future__ import annotations

import pytest

from dollarflow import dollar_system, opening_state, simulate
from model.periods.failure import SolveFailure


def test_reserves_that_run_out_are_the_cause_and_what_drained_them_is_named() -> None:
    """Officials put all their liquid dollars into the Fed's repo pool: it takes the banks' reserves."""
    with pytest.raises(SolveFailure) as caught:
        simulate(dollar_system(), opening_state("2025-10-29"), parameters={"frp_share": 1.0})
    path, found = caught.value.path, caught.value.diagnosis
    assert found.cause.startswith("reserves run out: 2,828 bn on 2025-10-29, ")
    drained = float(path["reserves"][0] - path["reserves"][-1])
    into_pool = float(path["foreign_repo_pool"][-1] - path["foreign_repo_pool"][0])
    assert into_pool > drained > 2000
    assert f"since the opening foreign repo pool of foreign official +{into_pool:,.0f} bn" in found.cause
    assert f"{float(path['reserves'][-1]):,.0f} bn on {(path.dates or ())[-1]}" in found.cause
