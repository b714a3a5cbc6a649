"""What goes in: lags, histories, paths of parameters, add-factors, and one clear message for what is wrong."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.periods.inputs import InputError
from model.periods.path import Path
from model.solving.solver import Options, solve
from tests.engine.builders import SIM_PARAMETERS, equation, sim, system, variables

X, Y, G = variables("x y g")
A = Parameter("a", lower=0.0, upper=1.0)


def simple() -> System:
    return System("simple", (Equation("x", X, A * X(-1) + G),), (G,))


def run(**changes: object) -> Path:
    inputs: dict[str, object] = {"parameters": {"a": 0.5}, "exogenous": {"g": 1.0}, "periods": 3} | changes
    opening = inputs.pop("opening", {"x": 4.0})
    return solve(simple(), opening, **inputs)  # type: ignore[arg-type]


def test_longer_lags_read_the_earlier_rows_given() -> None:
    model = system(equation(X, X(-1) + X(-2) + 10 * X(-3)))
    path = solve(model, {"x": 3.0}, parameters={}, exogenous={}, periods=3, earlier=[{"x": 2.0}, {"x": 1.0}])
    assert path["x"].tolist() == [3.0, 15.0, 38.0, 83.0]


def test_the_opening_stands_in_for_earlier_rows() -> None:
    path = solve(system(equation(X, X(-2))), {"x": 3.0}, parameters={}, exogenous={}, periods=3)
    assert path["x"].tolist() == [3.0] * 4


def test_lags_of_exogenous_variables_read_their_own_past() -> None:
    path = solve(system(equation(X, G(-1)), exogenous=[G]), {}, parameters={}, exogenous={"g": np.array([7.0, 8.0, 9.0])}, periods=2)
    assert path["x"][1:].tolist() == [7.0, 8.0]


def test_parameters_may_change_from_period_to_period() -> None:
    path = run(parameters={}, parameter_paths={"a": np.array([0.0, 0.5, 0.0, 1.0])})
    assert path["x"].tolist() == [4.0, 3.0, 1.0, 2.0]
    assert path["a"].tolist() == [0.0, 0.5, 0.0, 1.0]


def test_an_add_factor_shifts_its_equation() -> None:
    path = run(exogenous={"g": 1.0, "add__x": np.array([0.0, 0.0, 5.0, 0.0])})
    assert path["x"].tolist() == [4.0, 3.0, 7.5, 4.75]


def test_dates_and_rows_and_frames() -> None:
    days = [date(2025, 10, 29), date(2025, 11, 5), date(2025, 11, 12), date(2025, 11, 19)]
    path = run(dates=days)
    assert path.row("2025-11-05")["x"] == 3.0
    assert path.period(date(2025, 11, 6)) == 2
    assert path.frame["x"].loc["2025-11-19"] == path["x"][3]
    assert path.periods == 3
    with pytest.raises(ValueError, match="outside"):
        path.row("2026-01-01")
    with pytest.raises(ValueError, match="read-only"):
        path.values[0, 0] = 1.0


def test_a_missing_value_may_be_a_default() -> None:
    assert run(opening={}, options=Options(missing=0.0))["x"].tolist() == [0.0, 1.0, 1.5, 1.75]


def test_no_periods_give_the_opening() -> None:
    path = run(periods=0)
    assert path["x"].tolist() == [4.0]
    assert path.statistics.iterations == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"opening": {}}, "no value for 'x', which equations use with a lag"),
        ({"opening": {"x": 1.0, "xx": 2.0}}, r"'xx' is not a variable of the system \(did you mean 'x'\?\)"),
        ({"exogenous": {}}, "no value is given for exogenous 'g'"),
        ({"exogenous": {"g": 1.0, "x": 1.0}}, "'x' is endogenous: exogenise it first"),
        ({"exogenous": {"g": 1.0, "gg": 1.0}}, "'gg' is not a variable"),
        ({"exogenous": {"g": np.ones(3)}}, r"'g' needs 4 values \(period 0 first\), not an array of shape \(3,\)"),
        ({"exogenous": {"g": np.array([1.0, 1.0, np.nan, 1.0])}}, "'g' is not a finite number in period 2"),
        ({"parameters": {}}, "no value is given for parameter 'a'"),
        ({"parameters": {"a": 1.5}}, "'a' is 1.5, above its bound 1"),
        ({"parameters": {"a": -0.5}}, "'a' is -0.5, below its bound 0"),
        ({"parameters": {"a": float("nan")}}, "'a' is not a finite number"),
        ({"parameter_paths": {"b": np.ones(4)}}, "'b' is not in the system"),
        ({"options": Options(bounds=(("g", 0.0, 1.0),))}, "bounds are given for 'g', which is not an unknown"),
        ({"periods": -1}, "periods must be 0 or more, not -1"),
        ({"dates": [date(2025, 1, 1)]}, "3 periods need 4 dates"),
    ],
)
def test_wrong_inputs_get_one_clear_message(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(**changes)


def test_an_unknown_variable_of_a_path_offers_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'YD'"):
        solve(sim(), {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=1)["YDD"]


def test_progress_is_told_at_the_end() -> None:
    seen: list[tuple[int, int]] = []
    run(progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)


def test_swapped_and_exogenised_variables_reproduce_the_path() -> None:
    model = sim()
    base = solve(model, {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=10)
    swapped = solve(
        model.swap(free="G", fix="Y"),
        {"H": 0.0, "Hs": 0.0},
        parameters=SIM_PARAMETERS,
        exogenous={"Y": np.nan_to_num(base["Y"], nan=0.0)},
        periods=10,
    )
    assert swapped["G"][1:].tolist() == pytest.approx([20.0] * 10, rel=1e-12)
    fixed = solve(
        model.exogenise("C"),
        {"H": 0.0, "Hs": 0.0},
        parameters=SIM_PARAMETERS,
        exogenous={"G": 20.0, "C": np.nan_to_num(base["C"], nan=0.0)},
        periods=10,
    )
    assert fixed["H"][1:].tolist() == pytest.approx(base["H"][1:].tolist(), rel=1e-12)


def test_variables_named_alike_in_two_systems_do_not_mix() -> None:
    other = System("other", (Equation("x", X, A * X(-1) - G),), (Variable("g"),))
    assert run()["x"][1] == 3.0
    assert solve(other, {"x": 4.0}, parameters={"a": 0.5}, exogenous={"g": 1.0}, periods=1)["x"][1] == 1.0
