"""Roots against matrices, closed forms and differences of solved paths."""

from __future__ import annotations

import numpy as np
import pytest

from model.derivatives.stability import StabilityError, roots, transition
from model.language.symbols import Variable
from model.periods.path import Path
from model.solving.solver import solve
from tests.engine.builders import SIM_PARAMETERS, equation, sim, system


def solved(matrix: list[list[float]], scale: tuple[float, ...] = (1.0, 1.0, 1.0)) -> Path:
    """The path of x = A x(-1), its variables measured in units of their own."""
    names = [Variable(f"x{i}") for i in range(len(matrix))]
    rows = [
        equation(x, sum(a * scale[i] / scale[j] * names[j](-1) for j, a in enumerate(row)))
        for i, (x, row) in enumerate(zip(names, matrix, strict=True))
    ]
    return solve(system(*rows), {f"x{i}": scale[i] for i in range(len(matrix))}, parameters={}, exogenous={}, periods=2)


MATRIX = [[0.9, 0.2, 0.0], [-0.1, 0.8, 0.05], [0.3, 0.0, 1.02]]


def test_the_roots_of_a_first_order_system_are_the_eigenvalues_of_its_matrix() -> None:
    found = transition(solved(MATRIX)).eigenvalues
    expected = np.linalg.eigvals(np.array(MATRIX))
    assert np.sort_complex(found) == pytest.approx(np.sort_complex(expected.astype(complex)), rel=1e-12)


def test_shares_are_those_of_left_and_right_eigenvectors_in_any_units() -> None:
    values, right = np.linalg.eig(np.array(MATRIX))
    left = np.linalg.inv(right)
    for scale in ((1.0, 1.0, 1.0), (1e-4, 1.0, 3e5)):
        for root in roots(transition(solved(MATRIX, scale))):
            k = int(np.argmin(np.abs(values - root.value)))
            sizes = np.abs(left[k] * right[:, k])
            assert dict(root.states) == pytest.approx({f"x{i}": s for i, s in enumerate(sizes / sizes.sum())}, rel=1e-9)
            assert sum(share for _, share in root.equations) == pytest.approx(1.0)


def test_a_second_lag_is_a_state_of_its_own() -> None:
    x = Variable("x")
    path = solve(system(equation(x, 1.5 * x(-1) - 0.9 * x(-2))), {"x": 1.0}, parameters={}, exogenous={}, periods=3)
    law = transition(path)
    assert law.states == (("x", 0), ("x", 1))
    (root,) = roots(law)
    assert abs(root.value) == pytest.approx(np.sqrt(0.9))
    assert root.cycle == pytest.approx(2 * np.pi / np.arccos(0.75 / np.sqrt(0.9)))
    assert root.half_life == pytest.approx(np.log(0.5) / np.log(np.sqrt(0.9)))


def test_government_money_has_the_root_of_the_textbook() -> None:
    path = solve(sim(), {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=5)
    money, wealth = roots(transition(path))
    assert money.value == pytest.approx(1.0)
    assert dict(money.states)["Hs"] == pytest.approx(1.0)
    # dH = (1 - a1) dYD - a2 dH(-1) with dYD = (1 - theta) a2 dH(-1) / (1 - a1 (1 - theta)).
    assert wealth.value == pytest.approx(1 - 0.4 + 0.4 * 0.8 * 0.4 / (1 - 0.6 * 0.8))
    assert wealth.states[0][0] == "H"


def test_coinciding_roots_are_one_entry_with_a_count() -> None:
    x, y, z = (Variable(n) for n in "xyz")
    rows = (equation(x, x(-1) + y(-1)), equation(y, y(-1)), equation(z, 0.5 * z(-1)))
    path = solve(system(*rows), {"x": 1.0, "y": 1.0, "z": 1.0}, parameters={}, exogenous={}, periods=2)
    first, second = roots(transition(path))
    assert (first.count, second.count) == (2, 1)
    assert dict(first.states) == pytest.approx({"x": 0.5, "y": 0.5})


def test_a_small_deviation_of_the_whole_economy_moves_as_the_transition_says(small_economy: Path) -> None:
    path = small_economy
    law = transition(path, 1)
    newest = [i for i, (_, lag) in enumerate(law.states) if lag == 0]
    names = [law.states[i][0] for i in newest]
    parameters = dict(zip(path.parameter_names, path.parameter_rows[1].tolist(), strict=True))
    given = {n: path[n][:2] for n in path.system.given}
    opening = {n: float(path[n][0]) for n in path.system.unknowns if np.isfinite(path[n][0])}
    for name in ("loans__private__banks", "deposit_rate", "hf_margin", "deficit_average", "on_rrp__fed__mmf"):
        size = 1e-5 * max(abs(opening[name]), 1e-3)
        ends = []
        for sign in (1.0, -1.0):
            moved = {**opening, name: opening[name] + sign * size}
            ends.append(solve(path.system, moved, parameters=parameters, exogenous=given, periods=1))
        slope = np.array([(ends[0][n][1] - ends[1][n][1]) / (2 * size) for n in names])
        expected = law.matrix[newest, law.states.index((name, 0))]
        assert slope == pytest.approx(expected, rel=2e-4, abs=2e-4 * max(1.0, float(np.abs(expected).max())))


def test_places_without_a_law_of_motion_are_refused() -> None:
    with pytest.raises(StabilityError, match="period 0 is the opening"):
        transition(solved(MATRIX), 0)
    x, y = Variable("x"), Variable("y")
    ahead = solve(system(equation(x, 0.5 * x(-1) + y), equation(y, 0.2 * x(1))), {"x": 1.0}, parameters={}, exogenous={}, periods=4)
    with pytest.raises(StabilityError, match="has leads"):
        transition(ahead)
