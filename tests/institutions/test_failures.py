"""Funds and banks fail, lenders bear the loss, and every flow still nets to zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.institutions.generate import Plan
from calibration.institutions.shocks import Shock
from equations.accounts import VARIATION_MARGIN
from model.language.accounts import net_worth
from model.members.audit import audit_members
from model.members.path import MemberPath
from tests.institutions.economies import FRAGILE, HIT, JUMP, MIXED, RUIN, solved

CASES = pytest.mark.parametrize(("plan", "shock"), [(MIXED, JUMP), (MIXED, RUIN), (FRAGILE, RUIN)], ids=["jump", "ruin", "banks"])
CALM = Shock(title="calm", story="")
REPO = "repo_dvp__hedge_funds__banks"


def lenders(path: MemberPath) -> np.ndarray:
    return path.lifted.population.network[REPO].holder


@CASES
def test_the_audit_finds_nothing_in_any_member_or_link(plan: Plan, shock: Shock) -> None:
    path = solved(plan, shock)
    assert path["hf_failed"][-1].sum() > 0
    assert str(audit_members(path)).endswith("nothing leaks")
    assert path.certificates.max() < 1e-12
    assert path.hidden_gap < 1e-12


@CASES
def test_net_worth_of_all_sectors_sums_to_zero_every_week(plan: Plan, shock: Shock) -> None:
    path = solved(plan, shock)
    sums = sum(path[net_worth(s.name).base].sum(axis=1) for s in path.lifted.population.chart.sectors)
    assert np.max(np.abs(sums[1:])) < 1e-7


@CASES
def test_what_funds_cannot_repay_is_what_their_lenders_write_off(plan: Plan, shock: Shock) -> None:
    path = solved(plan, shock)
    lost = np.zeros(path.lifted.population.size("banks"))
    np.add.at(lost, lenders(path), -np.nansum(path[f"{REPO}__rv"], axis=0))
    assert lost.sum() == pytest.approx(np.nansum(path["hf_write_off"]), rel=1e-12)
    assert lost.sum() > 0.01


def test_a_failed_fund_is_closed_the_week_after() -> None:
    path = solved(MIXED, RUIN)
    week, fund = next((t, k) for t, k in np.argwhere(path["hf_failed"] > 0).tolist())
    assert path["hf_result"][week, fund] < 0
    for name in ("notes__treasury__hedge_funds", "bonds__treasury__hedge_funds", "hedge_fund_equity__hedge_funds__private"):
        assert np.max(np.abs(path[name][week + 1 :, fund])) < 1e-12
    borrower = path.lifted.population.network[REPO].issuer
    assert np.max(np.abs(path[REPO][week + 1 :, borrower == fund])) < 1e-12
    seized = path["repo_seized_notes"][week + 1, borrower == fund].sum()
    assert seized == pytest.approx(-path["notes__treasury__hedge_funds__secondary"][week + 1, fund], rel=1e-12)


def test_a_failed_bank_costs_its_money_funds_and_the_guarantee() -> None:
    path = solved(FRAGILE, RUIN)
    assert path["bank_failed"][-1].sum() > 0
    shortfall = np.nansum(path["bank_shortfall"])
    borne = np.nansum(path["bank_bail_in"]) + np.nansum(path["pay__transfer__deposits__treasury__banks"])
    assert borne == pytest.approx(shortfall, rel=1e-12)
    by_funds = -np.nansum(path["repo_triparty__banks__mmf__rv"])
    by_residents = -np.nansum(path["repo_triparty__banks__private__rv"])
    assert by_funds + by_residents == pytest.approx(np.nansum(path["bank_bail_in"]), rel=1e-12)
    assert by_funds > 0
    holders = -sum(np.nansum(path[f"mmf_shares__mmf__{h}__rv"]) for h in ("private", "rest_of_world"))
    assert holders == pytest.approx(by_funds, rel=1e-9)
    assert np.nanmin(path["mmf_shares__mmf__private__tr"]) < 0


def test_the_failure_of_one_fund_reaches_lenders_prices_other_funds_and_their_haircuts() -> None:
    path, calm = solved(MIXED, HIT), solved(MIXED, CALM)
    equity = "hedge_fund_equity__hedge_funds__private"
    largest = int(np.argmax(path[equity][0]))
    assert np.flatnonzero(path["hf_failed"][HIT.start]).tolist() == [largest]
    own = (path[VARIATION_MARGIN.key] - calm[VARIATION_MARGIN.key])[HIT.start]
    assert own[largest] < -path[equity][0, largest], "the loss less what its hedge gains as prices fall"
    links = path.lifted.population.network[REPO]
    hit = np.unique(links.holder[links.issuer == largest])
    lost = np.zeros(path.lifted.population.size("banks"))
    np.add.at(lost, links.holder, -path[f"{REPO}__rv"][HIT.start])
    assert set(np.flatnonzero(lost > 0)) == set(hit)
    assert path["yield_bonds"][HIT.start + 1, 0] > calm["yield_bonds"][HIT.start + 1, 0] + 1e-4
    others = np.arange(len(path[equity][0])) != largest
    assert (path[equity] - calm[equity])[HIT.start :, others].sum(axis=1).max() < 0
    rise = (path["repo_haircut"] - calm["repo_haircut"])[HIT.start + 1]
    worst = int(np.argmin(path["bank_ratio"][HIT.start] / calm["bank_ratio"][HIT.start]))
    assert rise[(links.holder == worst) & (links.issuer != largest)].min() > 1e-5
    assert rise[~np.isin(links.holder, hit)].max(initial=0.0) < rise[links.holder == worst].max()
    assert str(audit_members(path)).endswith("nothing leaks")


def test_money_funds_pay_out_no_more_than_repo_and_bills() -> None:
    run = replace(FRAGILE, changed=(*FRAGILE.changed, ("mmf_run", 100.0), ("mmf_run_limit", 1.0), ("bail_in_limit", 1.0)))
    path = solved(run, RUIN)
    assert np.nanmax(path["mmf_redeemed_share"]) > 0.5
    assert str(audit_members(path)).endswith("nothing leaks")


def test_nobody_fails_in_calm_and_yields_stay() -> None:
    path = solved(MIXED, CALM)
    assert not path["hf_failed"].any()
    assert np.max(np.abs(path["yield_bonds"] - path["yield_bonds"][0])) < 1e-12
    assert np.nansum(np.abs(path["notes__treasury__private__secondary"])) < 1e-9


def test_more_levered_funds_fail_first() -> None:
    path = solved(MIXED, JUMP)
    failed = path["hf_failed"][-1] > 0
    leverage = path["hf_book"][0] / path["hedge_fund_equity__hedge_funds__private"][0]
    assert np.median(leverage[failed]) > np.median(leverage[~failed])


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("repo_dvp__hedge_funds__banks", "accumulation"),
        ("deposits__banks__private__tr", "budgets"),
        ("int__loans__private__banks", "interest"),
        ("bills", "issues"),
        ("notes__treasury__banks", "equity"),
        ("net_worth__mmf", "net_worth"),
        ("pay__mmf_income__mmf_shares__mmf__private", "budgets"),
    ],
)
def test_the_audit_names_what_was_altered(name: str, check: str) -> None:
    path = solved(MIXED, JUMP)
    values = path[name].copy()
    values[3, -1] += 1e-3
    report = audit_members(replace(path, values={**path.values, name: values}))
    assert check in {v.check for v in report.violations}
    assert all(v.period in (3, 4) for v in report.violations)
