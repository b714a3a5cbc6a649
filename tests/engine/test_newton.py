"""Simultaneous blocks against closed forms, scipy and systems built around a known solution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import scipy.optimize
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.symbols import Variable, absolute, maximum, minimum, where
from model.language.system import System
from model.periods.failure import SolveFailure
from model.periods.path import Floats, Path
from model.solving.solver import Options, solve
from tests.engine.builders import SIM_PARAMETERS, equation, implicit, sim, system, variables

X, Y = variables("x y")


def solved(model: System, opening: Mapping[str, float] | None = None, **options: object) -> Path:
    return solve(model, opening or {}, parameters={}, exogenous={}, periods=1, options=Options(missing=0.0, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("backend", ["llvm", "python"])
def test_sim_reaches_its_steady_state(backend: str) -> None:
    path = solve(
        sim(), {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=200, options=Options(backend=backend)
    )
    assert path["Y"][1] == pytest.approx(20 / (1 - 0.6 * 0.8), rel=1e-15)
    assert path["Y"][-1] == pytest.approx(100.0, rel=1e-12)
    assert path["H"][-1] == pytest.approx(80.0, rel=1e-12)
    assert path.certificates.max() < 1e-14


@pytest.mark.parametrize("start", [0.0, 1.0, -3.0, 1e6, 1e-9])
@pytest.mark.parametrize(
    ("left", "right", "answers"),
    [
        (X**2, 4, (2.0, -2.0)),
        (sp.log(X), 1, (float(np.e),)),
        (X * sp.exp(X), 10, (1.7455280027406994,)),
        (sp.exp(X), sp.Float(1e30), (30 * float(np.log(10)),)),
        (X**3 - 2 * X + 2, 0, (-1.7692923542386314,)),
        (1 / X, sp.Float(1e-7), (1e7,)),
        (sp.sqrt(X), 3, (9.0,)),
        (X ** sp.Float(0.3), 2, (2 ** (1 / 0.3),)),
    ],
)
def test_single_equations_are_solved_from_any_start(left: sp.Expr, right: sp.Expr, answers: tuple[float, ...], start: float) -> None:
    value = solved(system(implicit("e", left, right)), {"x": start})["x"][1]
    assert min(abs(value - a) / abs(a) for a in answers) < 1e-12


def test_powells_badly_scaled_system_matches_scipy() -> None:
    model = system(implicit("a", 10**4 * X * Y, 1), implicit("b", sp.exp(-X) + sp.exp(-Y), sp.Float(1.0001)))
    path = solved(model, {"x": 0.0, "y": 1.0})

    def residual(v: Floats) -> Floats:
        return np.array([1e4 * v[0] * v[1] - 1, np.exp(-v[0]) + np.exp(-v[1]) - 1.0001])

    reference = scipy.optimize.root(residual, np.array([0.0, 1.0]), tol=1e-14).x
    assert sorted([path["x"][1], path["y"][1]]) == pytest.approx(sorted(reference), rel=1e-8)


@pytest.mark.parametrize(
    ("equations", "answer"),
    [
        ((equation(X, maximum(sp.Integer(0), 1 - X)),), {"x": 0.5}),
        ((equation(X, minimum(Y, sp.Integer(3))), equation(Y, 5 - X)), {"x": 2.5, "y": 2.5}),
        ((equation(X, absolute(Y) - 2), equation(Y, X / 2 - 1)), {"x": -2 / 3, "y": -4 / 3}),
        ((equation(X, where(sp.Gt(Y, 2), Y - 1, Y / 2 + 1)), equation(Y, 3 + X / 2)), {"x": 4.0, "y": 5.0}),
        ((equation(X, maximum(sp.Integer(0), Y - 10)), equation(Y, 4 + X / 2)), {"x": 0.0, "y": 4.0}),
    ],
)
def test_kinks_are_solved_exactly(equations: tuple[object, ...], answer: dict[str, float]) -> None:
    path = solved(system(*equations))  # type: ignore[arg-type]
    assert {n: float(path[n][1]) for n in answer} == pytest.approx(answer, rel=1e-15, abs=0.0)


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1.0, 1e12, 1e300])
def test_magnitudes_do_not_matter(size: float) -> None:
    path = solved(system(equation(X, sp.Float(size) + Y / 2), equation(Y, X / 2)))
    assert path["x"][1] == pytest.approx(size * 4 / 3, rel=1e-14)
    assert path.certificates[1] < 1e-15


def test_terms_of_very_different_size_are_each_solved_to_their_own_precision() -> None:
    big, small = variables("big small")
    model = system(
        implicit("market", big + small, 10**12),
        equation(small, sp.exp(-X)),
        equation(big, 10**11 * sp.sqrt(X)),
    )
    path = solved(model)
    assert path["small"][1] == pytest.approx(float(np.exp(-path["x"][1])), rel=1e-13)
    assert path["x"][1] == pytest.approx(100.0, rel=1e-12)


def test_zero_is_reached_exactly() -> None:
    path = solved(system(equation(X, Y * sp.Float(0.3)), equation(Y, X * sp.Float(0.5))), {"x": 1.0, "y": 1.0})
    assert (path["x"][1], path["y"][1]) == (0.0, 0.0)


def linear(seed: int, n: int) -> tuple[System, np.ndarray, np.ndarray]:
    """X = A·x + b with an A on which Gauss-Seidel diverges, and a random order of equations."""
    rng = np.random.default_rng(seed)
    matrix = 2.5 * rng.normal(size=(n, n)) * (rng.random((n, n)) < 6 / n)
    np.fill_diagonal(matrix, 0.0)
    right = rng.normal(size=n)
    names = variables(" ".join(f"x{i}" for i in range(n)))
    equations = [
        equation(names[i], sum((sp.Float(matrix[i, j]) * names[j] for j in range(n) if matrix[i, j]), sp.Float(right[i]))) for i in range(n)
    ]
    rng.shuffle(equations)
    return system(*equations), matrix, right


@pytest.mark.parametrize("seed", range(4))
def test_fifty_simultaneous_equations_on_which_iteration_diverges(seed: int) -> None:
    model, matrix, right = linear(seed, 50)
    assert max(abs(np.linalg.eigvals(matrix))) > 1.5
    path = solved(model)
    values = np.array([path[f"x{i}"][1] for i in range(50)])
    exact = np.linalg.solve(np.eye(50) - matrix, right)
    assert np.abs(values - exact).max() < 1e-10 * np.abs(exact).max()
    assert np.abs(values - matrix @ values - right).max() < 1e-14 * (np.abs(matrix) @ np.abs(values) + np.abs(right)).max()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 40))
def test_nonlinear_systems_built_around_a_solution(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = np.abs(rng.normal(size=(n, n))) * (rng.random((n, n)) < 4 / n)
    np.fill_diagonal(matrix, 0.0)
    solution = np.exp(rng.normal(size=n))
    names = variables(" ".join(f"x{i}" for i in range(n)))
    constant = solution - matrix @ (np.sqrt(solution) * np.exp(-solution / 3))
    equations = [
        equation(
            names[i],
            sum(
                (sp.Float(matrix[i, j]) * sp.sqrt(names[j]) * sp.exp(-names[j] / 3) for j in range(n) if matrix[i, j]),
                sp.Float(constant[i]),
            ),
        )
        for i in range(n)
    ]
    path = solved(system(*equations), {f"x{i}": float(v) for i, v in enumerate(solution * rng.uniform(0.7, 1.4, n))})
    x = np.array([path[f"x{i}"][1] for i in range(n)])
    residual = x - matrix @ (np.sqrt(x) * np.exp(-x / 3)) - constant
    assert np.abs(residual).max() < 1e-13 * (np.abs(x) + np.abs(constant)).max()


def test_bounds_choose_the_root() -> None:
    model = system(implicit("e", X**2, 4))
    assert solved(model, {"x": -5.0}, bounds=(("x", 0.0, 10.0),))["x"][1] == pytest.approx(2.0, rel=1e-15)


@pytest.mark.parametrize(("left", "right"), [(X**2, -1), (X, sp.exp(X)), (absolute(X), -1)])
def test_an_equation_without_a_solution_is_a_failure_with_a_diagnosis(left: sp.Expr, right: sp.Expr) -> None:
    model = system(implicit("impossible", left, right), equation(Variable("calm"), 1))
    with pytest.raises(SolveFailure) as caught:
        solved(model)
    diagnosis = caught.value.diagnosis
    assert (diagnosis.period, diagnosis.block, diagnosis.equation) == (1, ("x",), "impossible")
    assert diagnosis.residual > 1e-6
    assert diagnosis.iterates
    assert "likely cause" in str(caught.value)
    assert "try:" in str(caught.value)


def test_a_failure_can_be_a_value_that_carries_the_path_so_far() -> None:
    g = Variable("g")
    model = system(implicit("root", X**2, g), equation(Y, Y(-1) + X), exogenous=[g])
    shock = np.array([1.0, 4.0, 9.0, -1.0, 1.0])
    path = solve(model, {"x": 1.0, "y": 0.0}, parameters={}, exogenous={"g": shock}, periods=4, options=Options(raise_on_failure=False))
    assert path.failure is not None
    assert (path.failure.period, path.failure.equation) == (3, "root")
    assert path["y"].tolist() == pytest.approx([0.0, 2.0, 5.0])


def test_a_value_that_is_not_a_number_names_its_equation() -> None:
    model = system(equation(Y, sp.log(X)), equation(X, X(-1) - 1))
    with pytest.raises(SolveFailure) as caught:
        solve(model, {"x": 0.5}, parameters={}, exogenous={}, periods=1)
    assert caught.value.diagnosis.equation == "y"
    assert "domain" in caught.value.diagnosis.cause


def test_a_block_that_is_undefined_everywhere_names_the_equation_where_it_starts() -> None:
    a, b, c = variables("a b c")
    model = system(equation(a, b + c), equation(b, sp.sqrt(-1 - c**2)), equation(c, a / 3 + b))
    with pytest.raises(SolveFailure) as caught:
        solved(model)
    assert caught.value.diagnosis.equation == "b"
    assert "no value at any start" in caught.value.diagnosis.cause


@pytest.mark.parametrize("backend", ["llvm", "python"])
def test_a_block_that_any_value_solves_is_a_failure_that_says_so(backend: str) -> None:
    x, y, z = variables("x y z")
    model = system(equation(x, y), equation(y, x), equation(z, x / 2))
    path = solve(model, {}, parameters={}, exogenous={}, periods=2, options=Options(raise_on_failure=False, backend=backend))
    assert path.failure is not None
    assert set(path.failure.block) == {"x", "y"}
    assert "whatever the level of x, y" in path.failure.cause
    assert "no single solution found" in str(path.failure)


def test_a_linear_block_that_contradicts_itself_has_no_solution() -> None:
    x, y = variables("x y")
    path = solve(
        system(equation(x, y + 1), equation(y, x)), {}, parameters={}, exogenous={}, periods=1, options=Options(raise_on_failure=False)
    )
    assert path.failure is not None
    assert "no solution found" in str(path.failure)


def test_a_path_that_explodes_is_called_that() -> None:
    x, y = variables("x y")
    model = system(equation(x, 10 * x(-1)), equation(y, x / 2))
    path = solve(model, {"x": 1.0}, parameters={}, exogenous={}, periods=400, options=Options(raise_on_failure=False))
    assert path.failure is not None
    assert path.failure.period == 309
    assert "the path explodes: 'x' is 1e+308" in path.failure.cause
