"""Clearing vectors, cascades and spectral measures against hand calculation, dense algebra and the laws that define them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from model.contagion import Obligations, cascade, clear, debt_rank, exposures, leverage_matrix, obligations, spectral_radius
from tests.institutions.economies import JUMP, MIXED, solved


def network(debts: list[list[float]], assets: list[float], outside: list[float] | None = None) -> Obligations:
    count = len(assets)
    names = tuple("abcdefgh"[:count])
    rest = np.zeros(count) if outside is None else np.array(outside, dtype=float)
    return Obligations(names, ("bank",) * count, sparse.csr_array(np.array(debts, dtype=float)), np.array(assets, dtype=float), rest)


def test_a_ring_of_three_cleared_by_hand() -> None:
    # a owes b 10, b owes c 10, c owes a 4 and others 6. a has 3, b has 1, c has 2.
    # c can pay 2 + p_b, b pays 1 + p_a, a pays 3 + 0.4 p_c: all default, p_a = 3 + 0.4 (2 + 1 + p_a), so p_a = 7, p_b = 8, p_c = 10.
    ring = network([[0, 10, 0], [0, 0, 10], [4, 0, 0]], [3, 1, 2], [0, 0, 6])
    cleared = clear(ring)
    assert cleared.paid == pytest.approx([7, 8, 10])
    assert cleared.defaulted.tolist() == [True, True, False]
    assert cleared.equity == pytest.approx([0, 0, 0])
    assert cleared.shortfall == pytest.approx(5)
    assert cleared.outside_loss == pytest.approx(0)


def test_defaults_of_later_rounds_are_those_that_others_cause() -> None:
    # a owes b 10 and has 4; b owes c 8 and has 1: paid by a in full b would pay, with 4 it pays 5.
    chain = network([[0, 10, 0], [0, 0, 8], [0, 0, 0]], [4, 1, 0])
    cleared = clear(chain)
    assert cleared.rounds.tolist() == [1, 2, 0]
    assert cleared.paid == pytest.approx([4, 5, 0])
    assert cleared.equity == pytest.approx([0, 0, 5])


def test_everybody_pays_where_everybody_can() -> None:
    sound = network([[0, 10], [9, 0]], [1, 1])
    assert clear(sound).paid == pytest.approx([10, 9])
    assert clear(sound).shortfall == 0


def test_negative_assets_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="outside assets of b are -1"):
        clear(network([[0, 1], [0, 0]], [1, -1]))


@st.composite
def random_networks(draw: st.DrawFn) -> Obligations:
    count = draw(st.integers(2, 7))
    amount = st.one_of(st.just(0.0), st.floats(0.01, 100.0))
    debts = [[0.0 if i == j else draw(amount) for j in range(count)] for i in range(count)]
    return network(debts, [draw(amount) for _ in range(count)], [draw(st.floats(5.0, 50.0)) for _ in range(count)])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(random_networks())
def test_laws_of_clearing(case: Obligations) -> None:
    cleared = clear(case)
    owed, dense = case.owed, case.debts.toarray()
    share = dense / owed[:, None]
    means = case.outside_assets + share.T @ cleared.paid
    near = 1e-9 * (1 + owed.max())
    assert np.all(cleared.paid <= owed + near)
    assert np.all(cleared.paid <= means + near)
    assert np.all((cleared.equity <= near) | (cleared.paid >= owed - near))
    kept = cleared.equity.sum() + (case.outside_debts / owed) @ cleared.paid
    assert kept == pytest.approx(case.outside_assets.sum(), abs=near)
    guess = owed.copy()
    for _ in range(20_000):
        step = np.minimum(owed, case.outside_assets + share.T @ guess)
        if np.max(np.abs(step - guess)) < 1e-13:
            break
        guess = step
    assert cleared.paid == pytest.approx(guess, abs=1e-6 * (1 + owed.max()))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(random_networks())
def test_the_spectral_radius_is_that_of_dense_algebra(case: Obligations) -> None:
    matrix = leverage_matrix(case, np.linspace(1.0, 3.0, len(case.names)))
    assert spectral_radius(matrix) == pytest.approx(np.abs(np.linalg.eigvals(matrix.toarray())).max(), rel=1e-6, abs=1e-6)


def test_a_network_without_cycles_has_radius_zero() -> None:
    assert spectral_radius(leverage_matrix(network([[0, 5, 5], [0, 0, 5], [0, 0, 0]], [20, 20, 20]))) == 0


def test_debt_rank_of_a_chain_by_hand() -> None:
    # a owes b 6; capitals: a 10 - 6 = 4, b 2 + 6 - 0 = 8. a loses 1 of 4: b loses 6 * 1/4 = 1.5 of 8.
    chain = network([[0, 6], [0, 0]], [10, 2])
    rank = debt_rank(chain, np.array([1.0, 0.0]))
    assert rank.distress == pytest.approx([0.25, 1.5 / 8])
    assert (rank.first, rank.total) == pytest.approx((1.0, 2.5))
    assert rank.amplification == pytest.approx(2.5)
    half = debt_rank(chain, np.array([1.0, 0.0]), loss_given_default=0.5)
    assert half.total == pytest.approx(1.75)


def test_a_cascade_by_hand() -> None:
    # capitals: a 0 (fails first), b 1 + 6 - 5 = 2 < 0.5 * 6, c 4 + 5 - 0 = 9 > 0.5 * 5.
    chain = network([[0, 6, 0], [0, 0, 5], [0, 0, 0]], [6, 1, 4])
    assert cascade(chain, np.array([True, False, False]), 0.5).tolist() == [1, 2, 0]
    assert cascade(chain, np.array([True, False, False]), 0.3).tolist() == [1, 0, 0]


def test_exposures_by_hand() -> None:
    seen = exposures(network([[0, 6, 2], [0, 0, 0], [0, 2, 0]], [10, 2, 5]))
    assert seen.debtors.tolist() == [0, 2, 1]
    assert seen.creditors.tolist() == [2, 0, 1]
    assert seen.concentration == pytest.approx([0, (36 + 4) / 64, 1])
    assert seen.largest == pytest.approx([0, 6 / 10, 2 / 5])
    assert seen.largest_debtor.tolist() == [-1, 0, 0]


def test_capital_read_from_a_path_is_the_equity_on_the_balance_sheets() -> None:
    path = solved(MIXED, JUMP)
    for week in (0, 4, 6):
        read = obligations(path, week, ("banks", "mmf", "hedge_funds"))
        banks = sum(path[f"bank_equity__banks__{h}"][week] for h in ("private", "rest_of_world"))
        funds = path["hedge_fund_equity__hedge_funds__private"][week]
        assert read.capital[:12] == pytest.approx(banks, abs=1e-8)
        assert read.capital[-30:] == pytest.approx(funds, abs=1e-8)
        assert read.debts.sum() == pytest.approx(
            sum(path[c][week].sum() for c in ("deposits__banks__mmf", "deposits__banks__hedge_funds", "repo_triparty__banks__mmf"))
            + path["repo_dvp__hedge_funds__banks"][week].sum()
        )
