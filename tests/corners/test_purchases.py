"""T25 and T27: money funds without bills; where the Fed's money goes when funds cannot lend it."""

from __future__ import annotations

import numpy as np
import pytest

from model.accounting.audit import audit
from tests.corners.holdings import negative
from tests.corners.strict import STRICT
from tests.economy.laboratory import effect, experiment, quiet

BILLS, REPO, DEPOSITS = "bills__treasury__{}", "repo_triparty__banks__mmf", "deposits__banks__private"


def test_money_funds_without_bills() -> None:
    """T25: funds that open with no bill and never buy one lend everything in repo or to the Fed; nothing breaks."""
    setting = quiet(52)
    mine, theirs = BILLS.format("mmf"), BILLS.format("private")
    moved = setting.opening[mine]
    opening = setting.opening
    without = setting.opened(
        **{
            mine: 0.0,
            theirs: opening[theirs] + moved,
            REPO: opening[REPO] + moved,
            DEPOSITS: opening[DEPOSITS] - moved,
            "repo_triparty": opening["repo_triparty"] + moved,
            "deposits": opening["deposits"] - moved,
        }
    )
    path = without.changed(mmf_bills_speed=0.0).run()
    assert path[mine][1:] == pytest.approx(0.0, abs=1e-9)
    assert audit(path).violations == ()
    assert negative(path) == {}
    funds = path["mmf_shares"] - sum(path[f"{k}__mmf"] for k in ("agency__private", "deposits__banks", "other__private"))
    assert (path[REPO] + path["on_rrp__fed__mmf"])[1:] == pytest.approx(funds[1:], rel=1e-12)


def test_bills_become_scarce_before_funds_run_out() -> None:
    """T25: as the Fed buys bills their rate falls below the ON RRP's and funds keep ever fewer, never less than none."""
    path = quiet(104).given(qe_bills=4000.0).run()
    share = path["bills__treasury__mmf"] / path["mmf_shares"]
    assert np.all(share[1:] > 0)
    assert share[-1] < 0.5 * share[0]
    assert path["bill_rate"][-1] < path["on_rrp_rate"][-1]
    assert path["bills__treasury__fed"][-1] <= 0.7 * path["bills"][-2] + 1e-6, "the Fed's own limit"


def test_money_that_funds_cannot_lend_goes_to_the_fed() -> None:
    """T27: at the floor each dollar that moves from banks to money funds ends at the ON RRP; above it, in repo."""
    move = 100.0
    floor = experiment(20, "weekly", "2021-12-31", False, False).changed(**STRICT)
    above = experiment(20, "weekly", "2025-10-29", False, False).changed(**STRICT)
    results = []
    for setting in (floor, above):
        base, moved = setting.run(), setting.pulse("add__mmf_shares_private", move, 10, 10).run()
        results.append({n: effect(moved, base, n)[10] for n in ("on_rrp", REPO, "deposits", "reserves")})
    parked, lent = results
    assert parked["on_rrp"] > 0.8 * move, "the rest buys bills"
    assert parked[REPO] == pytest.approx(0.0, abs=12.0)
    assert parked["deposits"] < -0.8 * move
    assert parked["reserves"] < -0.8 * move
    assert lent["on_rrp"] == pytest.approx(0.0, abs=1e-6)
    assert lent[REPO] > 0.6 * move, "the rest buys bills"
    assert lent["reserves"] == pytest.approx(0.0, abs=0.1 * move)


def test_purchases_at_the_floor_fill_the_on_rrp() -> None:
    """T27: purchases raise reserves and ON RRP together, dollar for dollar; what is at the ON RRP is not in deposits."""
    setting = experiment(52, "weekly", "2021-12-31", False, False).changed(**STRICT)
    base = setting.run()
    bought = setting.pulse("qe_notes", 4000.0, 1, 13).pulse("qe_bonds", 4000.0, 1, 13).run()
    change = {n: effect(bought, base, n) for n in ("fed_assets", "on_rrp", "reserves", "deposits", "tga", "foreign_repo_pool")}
    assert change["fed_assets"][13] == pytest.approx(2000.0, rel=0.01)
    assert change["on_rrp"][52] > 200
    gap = change["fed_assets"] - sum(change[n] for n in ("on_rrp", "reserves", "tga", "foreign_repo_pool"))
    assert gap[1:] == pytest.approx(0.0, abs=20), "the rest is the Fed's income and its other liabilities"
    securities = [f"{k}__{issuer}__banks" for k, issuer in (("notes", "treasury"), ("bonds", "treasury"), ("agency", "private"))]
    lent = sum(float(effect(bought, base, name)[52]) for name in securities)
    assert lent > 0, "more deposits, more securities: banks create some of the money"
    assert change["deposits"][52] - lent < change["fed_assets"][52] - 0.3 * change["on_rrp"][52]


def test_banks_defend_reserves_before_the_on_rrp_is_empty() -> None:
    """A run-off from the end of 2021 empties the ON RRP while reserves stay near their bend, as in 2022 to 2025."""
    path = experiment(200, "weekly", "2021-12-31").run()
    assert path["reserves"][1:].min() > 2000
    assert path["on_rrp"][-1] < 0.5 * path["on_rrp"][1:].max()
