"""The period loop in machine code against the interpreter (the same bits) and against the search that other periods need (1e-12)."""

from __future__ import annotations

from pathlib import Path as FilePath

import numpy as np
import pytest
import sympy as sp

from model.compiler import compilation
from model.compiler.compilation import compile_system
from model.compiler.plan import BlockPlan
from model.compiler.program import Program
from model.language.equation import complementarity
from model.language.symbols import Parameter, Variable, where
from model.language.system import System
from model.periods.ordinary import factored, lane_sum
from model.periods.path import Path
from model.periods.period import solve_period
from model.solving.solver import Options, solve
from model.textmodel import read_text_model, solve_model
from tests.engine.builders import equation, implicit, system, variables

MODELS = FilePath(__file__).parents[1] / "textmodels" / "models"
LOOSE = {"missing": 0.0, "raise_on_failure": False}


def textbook(name: str, periods: int, **options: object) -> Path:
    return solve_model(read_text_model(MODELS / f"{name}.txt"), periods, True, Options(**LOOSE, **options))  # type: ignore[arg-type]


def without_machine_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every period to the search."""
    monkeypatch.setattr(Program, "advance", None)
    monkeypatch.setattr("model.periods.period.solve_ordinary", lambda *_: None)


def assert_equal(a: Path, b: Path) -> None:
    assert a.values.tobytes() == b.values.tobytes()
    assert a.certificates.tobytes() == b.certificates.tobytes()
    assert a.hidden_gaps.tobytes() == b.hidden_gaps.tobytes()
    assert a.regimes == b.regimes
    assert a.statistics == b.statistics


@pytest.mark.parametrize("name", ["SIM", "INSOUT", "OPEN", "OPENG", "OPENFLEX", "BMW", "DIS"])
def test_machine_code_and_interpreter_give_the_same_bits(name: str) -> None:
    assert_equal(textbook(name, 25, backend="llvm"), textbook(name, 25, backend="python"))


@pytest.mark.parametrize("name", ["SIM", "OPENFLEX"])
def test_quickly_generated_code_has_the_same_bits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLLARFLOW_CACHE", "off")
    monkeypatch.setattr("model.compiler.machine.LARGE", -1)
    compilation._compiled.cache_clear()
    assert_equal(textbook(name, 25, backend="llvm"), textbook(name, 25, backend="python"))


def test_the_dollar_system_has_the_same_bits_too() -> None:
    from dollarflow import dollar_system, opening_state, simulate

    found = simulate(dollar_system(), opening_state("2025-10-29"), periods=3).path
    opening = {name: value for name, value in found.row(0).items() if np.isfinite(value)}
    paths = [
        solve(
            found.system,
            opening,
            parameters={},
            exogenous={name: found[name] for name in found.system.given},
            periods=3,
            parameter_paths={name: found[name] for name in found.parameter_names},
            options=Options(backend=backend),
        )
        for backend in ("llvm", "python")
    ]
    assert_equal(*paths)
    assert paths[0].certificates.max() < 1e-13


@pytest.mark.parametrize("name", ["SIM", "PC", "INSOUT", "GROWTH", "OPENG", "BMW"])
def test_the_loop_agrees_with_the_search_to_rounding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = textbook(name, 60)
    without_machine_loop(monkeypatch)
    slow = textbook(name, 60)
    assert np.nanmax(np.abs(quick.values / np.where(slow.values == 0, 1.0, slow.values) - (slow.values != 0))) < 1e-12
    assert quick.certificates.max() < 1e-12


def torn(n: int, seed: int, curved: bool) -> System:
    """So many equations in which each unknown stands on both sides: none can be assigned, all are torn."""
    rng = np.random.default_rng(seed)
    names = variables(" ".join(f"x{i}" for i in range(n)))
    rows = []
    for i, x in enumerate(names):
        others = sum((sp.Float(rng.normal() / n) * y for y in names if y != x), sp.S.Zero)
        bend = sp.tanh(x) if curved else 2 * x
        rows.append(implicit(f"q{i}", x + bend / 3 + others, names[(i + 1) % n](-1) / 2 + 1))
    return system(*rows)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("n", [2, 3, 5, 11])
def test_blocks_of_every_size_have_the_same_bits_and_solve_the_system(n: int, curved: bool) -> None:
    model = torn(n, 7 * n, curved)
    opening = {f"x{i}": 0.1 * i for i in range(n)}
    paths = [solve(model, opening, parameters={}, exogenous={}, periods=8, options=Options(backend=b)) for b in ("llvm", "python")]
    assert_equal(*paths)
    assert compile_system(model).plan is not None
    before, now = paths[0].values[4], paths[0].values[5]
    rng = np.random.default_rng(7 * n)
    for i in range(n):
        others = sum(rng.normal() / n * now[paths[0].index[f"x{j}"]] for j in range(n) if j != i)
        x = now[paths[0].index[f"x{i}"]]
        left = x + (np.tanh(x) if curved else 2 * x) / 3 + others
        assert left == pytest.approx(before[paths[0].index[f"x{(i + 1) % n}"]] / 2 + 1, rel=1e-13)


def test_a_period_that_needs_damping_is_solved_in_the_middle_of_the_loop() -> None:
    """Arctangent-like: full steps diverge from far away, which only the shock of period 30 makes necessary."""
    x, y, target = variables("x y target")
    model = system(
        implicit("far", sp.log(x + sp.sqrt(1 + x**2)) + y / 10, target),
        equation(y, y(-1) / 2 + x / 100),
        exogenous=[target],
    )
    series = np.zeros(61)
    series[30:] = 9.0
    path = solve(model, {"x": 0.0, "y": 0.0}, parameters={}, exogenous={"target": series}, periods=60)
    program = compile_system(model)
    assert program.advance is not None
    sinh = np.sinh(series[1:] - path["y"][1:] / 10)
    assert np.abs(path["x"][1:] - sinh).max() <= 1e-12 * np.abs(sinh).max()
    assert path.certificates.max() < 1e-13
    assert path.statistics.most > 6
    python = solve(model, {"x": 0.0, "y": 0.0}, parameters={}, exogenous={"target": series}, periods=60, options=Options(backend="python"))
    assert_equal(path, python)


@pytest.mark.parametrize("width", [0.0, 0.01])
def test_limits_bind_and_release_with_the_same_bits_and_the_right_regimes(width: float) -> None:
    use, market, pressure = variables("use market pressure")
    model = system(
        complementarity("use_limit", use, slack=market - sp.Float(0.04), width=Parameter("width"), scale=sp.Float(1e4)),
        equation(market, sp.Float(0.05) - pressure / 1000 + use / 20_000),
        exogenous=[pressure],
    )
    wave = 12 * np.sin(np.arange(41) / 4)
    paths = [
        solve(model, {"use": 0.0}, parameters={"width": width}, exogenous={"pressure": wave}, periods=40, options=Options(backend=b))
        for b in ("llvm", "python")
    ]
    assert_equal(*paths)
    if width == 0.0:
        exact = np.maximum(20_000 * (wave / 1000 - 0.01), 0.0)[1:]
        assert np.abs(paths[0]["use"][1:] - exact).max() <= 1e-12 * exact.max()
        assert np.all(paths[0]["use"][1:][exact == 0.0] == 0.0)
        assert [r["use_limit"] for r in paths[0].regimes[1:]] == ["lower" if u == 0.0 else "interior" for u in exact]


def test_a_failure_inside_the_loop_keeps_the_periods_before_it() -> None:
    x, g = variables("x g")
    model = system(implicit("root", sp.sqrt(x) + x / 100, g), exogenous=[g])
    series = np.linspace(1.0, 2.0, 21)
    series[13] = -1.0
    path = solve(model, {"x": 1.0}, parameters={}, exogenous={"g": series}, periods=20, options=Options(raise_on_failure=False))
    assert path.failure is not None
    assert path.failure.period == 13
    assert path.periods == 12
    assert np.abs(np.sqrt(path["x"][1:]) + path["x"][1:] / 100 - series[1:13]).max() < 1e-13


def test_progress_is_reported_as_before() -> None:
    x = Variable("x")
    model = system(equation(x, x(-1) / 2 + 1))
    calls: list[tuple[int, int]] = []
    solve(model, {"x": 0.0}, parameters={}, exogenous={}, periods=50, progress=lambda done, of: calls.append((done, of)))
    assert calls == [(16, 50), (32, 50), (48, 50), (50, 50)]


def test_a_switch_inside_a_block_has_the_same_bits() -> None:
    x, y, g = variables("x y g")
    model = system(
        equation(x, where(sp.Gt(y, 1), (y + 1) / 4, y / 2) + g),
        implicit("y", y + y**3 / 9, x / 3 + x(-1) / 5),
        exogenous=[g],
    )
    wave = 1 + np.cos(np.arange(31) / 3)
    paths = [
        solve(model, {"x": 0.0, "y": 0.0}, parameters={}, exogenous={"g": wave}, periods=30, options=Options(backend=b))
        for b in ("llvm", "python")
    ]
    assert_equal(*paths)


def test_one_call_solves_one_period() -> None:
    from model.periods.inputs import prepare
    from model.periods.newton import Stage

    model = torn(5, 3, True)
    program = compile_system(model)
    opening = {f"x{i}": 0.2 for i in range(5)}
    inputs = prepare(program, opening, {}, {}, 3, None, {}, (), Options())
    path = solve(model, opening, parameters={}, exogenous={}, periods=3)
    for period in (1, 2, 3):
        assert solve_period(Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period]), Options()) > 0
    assert inputs.table[inputs.history + 1 :].tobytes() == path.values[1:].tobytes()


@pytest.mark.parametrize("n", [2, 3, 8, 40])
def test_factors_give_newton_steps(n: int) -> None:
    rng = np.random.default_rng(n)
    matrix = rng.normal(size=(n, n)) * 10.0 ** rng.integers(-6, 6, size=(n, 1))
    residual = rng.normal(size=n)
    factors = factored(matrix)
    assert factors is not None
    exact = np.linalg.solve(matrix, -residual)
    assert np.abs(factors.step(residual) - exact).max() <= 1e-9 * np.abs(exact).max()


def test_a_singular_matrix_has_no_factors() -> None:
    assert factored(np.array([[1.0, 2.0], [2.0, 4.0]])) is None
    assert factored(np.zeros((1, 1))) is None


def test_lane_sums_are_sums() -> None:
    products = np.arange(24.0).reshape(3, 8)
    assert lane_sum(products, 4).tolist() == products.sum(axis=1).tolist()


def test_the_support_of_total_derivatives_follows_the_chain() -> None:
    """Six tears in two groups of four lanes: a row that only uses the last tear is zero in the first group."""
    block = BlockPlan("b", tuple(range(6)), (10, 11), (0, 1, 3, *range(4, 10)), (5, 6, 0, *range(6)), False)
    assert block.support()[:2] == [{1}, {0, 1}]
    assert (block.lanes, block.pieces, block.wide) == (4, 2, 8)
