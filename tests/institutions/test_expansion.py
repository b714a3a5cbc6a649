"""A two-two-two economy written out as scalar equations and solved by the scalar solver is the oracle of the vectors."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from calibration.institutions.shocks import Shock, given_paths
from dollarflow.institutions.run import EQUITY
from model.accounting.audit import audit
from model.accounting.graphs import flow_graph, holdings_graph, imbalances, positions
from model.members.audit import audit_members
from model.members.expansion import Expansion
from model.members.program import Core, compile_lifted
from model.members.solver import sweep
from model.members.table import Table
from model.periods.path import Path
from model.solving.solver import solve
from tests.institutions.economies import HIT, JUMP, RUIN, TINY, WEEKS, closeness, generated, solved

SHOCKS = pytest.mark.parametrize(
    "shock", [pytest.param(JUMP, marks=pytest.mark.slow), pytest.param(HIT, marks=pytest.mark.slow), RUIN], ids=["jump", "hit", "ruin"]
)


@cache
def expansion() -> Expansion:
    return Expansion(generated(TINY).lifted)


@cache
def scalar(shock: Shock) -> Path:
    economy, written = generated(TINY), expansion()
    given = given_paths(economy.rates, shock, WEEKS, equity=np.asarray(economy.opening[EQUITY]))
    return solve(
        written.system,
        written.values(economy.opening),
        parameters=written.values(economy.parameters),
        exogenous={
            name: np.broadcast_to(np.asarray(path).T, (len(written.names(base)), WEEKS + 1))[i]
            for base, path in given.items()
            for i, name in enumerate(written.names(base))
        },
        periods=WEEKS,
    )


@SHOCKS
def test_vectors_and_scalars_agree_in_every_variable_and_week(shock: Shock) -> None:
    vectors, scalars, written = solved(TINY, shock), scalar(shock), expansion()
    compared = 0
    for base, values in vectors.values.items():
        if base.startswith("add__"):
            continue
        for name, column in zip(written.names(base), values.T, strict=True):
            assert closeness(column[1:], scalars[name][1:]) < 1e-10, name
            compared += 1
    assert compared == len(scalars.columns) - sum(name.startswith("add__") for name in scalars.columns)


def test_a_fund_fails_in_the_economy_that_is_compared() -> None:
    assert solved(TINY, RUIN)["hf_failed"][-1].any()
    assert np.nansum(solved(TINY, RUIN)["hf_write_off"]) > 1.0


@SHOCKS
def test_both_audits_find_nothing(shock: Shock) -> None:
    assert str(audit_members(solved(TINY, shock))).endswith("nothing leaks")
    assert str(audit(scalar(shock))).endswith("nothing leaks")
    assert scalar(shock).consistency.consistent


@SHOCKS
def test_every_institution_nets_to_zero_in_the_graph_of_flows(shock: Shock) -> None:
    chart = expansion().chart
    for week in range(1, WEEKS + 1):
        graph = flow_graph(chart, scalar(shock).row(week))
        turnover = sum(data["value"] for _, _, data in graph.edges(data=True))
        assert max(abs(gap) for gap in imbalances(graph).values()) < 1e-10 * turnover
        worth = positions(holdings_graph(chart, scalar(shock).row(week)))
        assert abs(sum(worth.values())) < 1e-7
        assert all(abs(worth[f"hedge_funds_{k}"]) < 1e-9 for k in (1, 2))


def test_the_sparse_jacobian_is_the_derivative_of_the_residuals() -> None:
    economy = generated(TINY)
    program = compile_lifted(economy.lifted).whole
    (core,) = program.cores
    table = Table(
        economy.lifted,
        program.columns,
        program.parameter_names,
        economy.opening,
        given_paths(economy.rates, JUMP, 1),
        economy.parameters,
        1,
    )
    table.advance(1)
    sweep(core.chain, table)
    rng = np.random.default_rng(0)
    for group in core.groups:
        row = table.row(group.unknown)
        table.assign(group.unknown, row + rng.uniform(0.5, 1.0, len(row)) * (1e-3 if group.unknown.startswith("yield") else 1.0))
    jacobian = core.jacobian(table)
    start = {g.unknown: table.row(g.unknown).copy() for g in core.groups}

    def residuals(step: float, direction: np.ndarray) -> np.ndarray:
        for group in core.groups:
            first = core.start[group.unknown]
            table.assign(group.unknown, start[group.unknown] + step * direction[first : first + group.length])
        return np.concatenate([table.evaluate(g.residual, g.axis, g.length)[0] for g in core.groups])

    for _ in range(6):
        direction = rng.standard_normal(core.size)
        for name in ("yield_notes", "yield_bonds"):
            direction[core.start[name]] *= 1e-3
        exact = jacobian @ direction
        numeric = (residuals(1e-6, direction) - residuals(-1e-6, direction)) / 2e-6
        assert np.max(np.abs(exact - numeric) / (1.0 + np.abs(exact))) < 1e-5


@SHOCKS
def test_one_jacobian_of_all_equations_gives_the_same_path(shock: Shock) -> None:
    blocks, whole = solved(TINY, shock), solved(TINY, shock, whole=True)
    assert whole.effort.core_sizes == (whole.effort.equations,)
    for name, values in blocks.values.items():
        assert closeness(whole[name][1:], values[1:]) < 1e-11, name


def test_the_core_is_solved_from_the_two_yields() -> None:
    (core,) = compile_lifted(generated(TINY).lifted).cores
    assert isinstance(core, Core)
    assert sorted(g.unknown for g in core.torn) == ["yield_bonds", "yield_notes"]
