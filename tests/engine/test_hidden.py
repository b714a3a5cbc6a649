"""The hidden equation as a dynamic: 10,000 periods, inconsistent openings, restarts, and identities that do not follow."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from model.language.equation import Equation, Hidden
from model.language.symbols import Parameter, Variable
from model.periods.path import Path
from model.solving.solver import Options, solve
from tests.engine.builders import BMW_OPENING, BMW_PARAMETERS, SIM_PARAMETERS, bmw, equation, sim, system, variables


def bmw_path(opening: dict[str, float], periods: int, shock_from: int = 5, **options: object) -> Path:
    autonomous = np.full(periods + 1, 25.0)
    autonomous[shock_from:] = 30.0
    return solve(
        bmw(),
        opening,
        parameters=BMW_PARAMETERS,
        exogenous={},
        periods=periods,
        parameter_paths={"a0": autonomous},
        options=Options(**options),  # type: ignore[arg-type]
    )


def relative(path: Path) -> np.ndarray:
    return np.abs(path.hidden_gaps) / np.where(path.hidden_scales > 0, path.hidden_scales, 1.0)


@pytest.mark.parametrize("rate", [0.04, 0.05])
def test_bank_money_stays_exact_for_ten_thousand_periods_after_its_shock(rate: float) -> None:
    autonomous = np.full(10_001, 25.0)
    autonomous[5:] = 30.0
    path = solve(
        bmw(), BMW_OPENING, parameters=BMW_PARAMETERS | {"rate": rate}, exogenous={}, periods=10_000, parameter_paths={"a0": autonomous}
    )
    assert relative(path).max() < 1e-10
    assert path.certificates.max() < 1e-10
    # Steady state: C = a0 + a1·YD + a2·M with M = K = κ·Y and C = YD = (1 − δκ)·Y.
    assert path["Y"][-1] == pytest.approx(30 / (0.9 * 0.25 - 0.1), rel=1e-12)
    assert path["Mh"][-1] == pytest.approx(path["K"][-1], rel=1e-12)


def test_without_correction_the_same_model_is_wrecked() -> None:
    assert relative(bmw_path(BMW_OPENING, 3000, correct_hidden=False)).max() > 1e-3


def test_corrections_are_of_rounding_size() -> None:
    exact, plain = bmw_path(BMW_OPENING, 60), bmw_path(BMW_OPENING, 60, correct_hidden=False)
    assert np.abs(exact["Y"][1:] / plain["Y"][1:] - 1).max() < 1e-12


def test_a_restart_from_any_stored_row_repeats_the_bits() -> None:
    path = bmw_path(BMW_OPENING, 700)
    assert path.consistency.corrected
    for row in (1, 4, 5, path.consistency.corrected[0] - 1, path.consistency.corrected[0], path.consistency.corrected[0] + 1, 650):
        rest = bmw_path(path.row(row), 700 - row, shock_from=max(5 - row, 0))
        assert rest.values[1:].tobytes() == path.values[row + 1 :].tobytes(), row


def test_a_path_does_not_depend_on_how_far_it_goes() -> None:
    long, short = bmw_path(BMW_OPENING, 400), bmw_path(BMW_OPENING, 399)
    assert long.values[:399].tobytes() == short.values[:399].tobytes()


def inconsistent() -> dict[str, float]:
    row = bmw_path(BMW_OPENING, 100).row(100)
    return {name: row[name] for name in BMW_OPENING} | {"Ms": row["Ms"] + 1.0}


def test_an_inconsistent_opening_is_reported_with_its_smallest_repair() -> None:
    opening = inconsistent()
    path = bmw_path(opening, 50)
    report = path.consistency
    assert not report.consistent
    assert report.gaps["money"] == pytest.approx(1.0, rel=1e-9)
    # Loans, deposits held and deposits issued are 240, 240 and 241 and must agree. With a the change of the first two, the
    # least 2·(a/240)² + ((a − 1)/241)² is at a = 1/(2·(241/240)² + 1).
    a = 1 / (2 * (opening["Ms"] / opening["Mh"]) ** 2 + 1)
    assert {r.variable: r.amount for r in report.repairs} == pytest.approx({"Ld": a, "Mh": a, "Ms": a - 1}, rel=1e-6)
    assert report.unexplained == ()
    assert report.corrected == ()
    assert "smallest repair" in str(report)


def test_the_reported_repair_closes_the_gap() -> None:
    opening = inconsistent()
    repairs = {r.variable: r.repaired for r in bmw_path(opening, 1).consistency.repairs}
    mended = bmw_path(opening | repairs, 500)
    assert mended.consistency.consistent
    assert relative(mended).max() < 1e-12


def test_an_inconsistent_opening_is_propagated_exactly_and_certified() -> None:
    opening = inconsistent()
    path = bmw_path(opening, 200)
    assert path.certificates.max() < 1e-12
    assert path["Ms"][0] == opening["Ms"]
    # The money supply is never corrected by anything: Ms − Ld keeps its opening gap, Mh − Ld grows with interest from rounding.
    assert np.abs(path["Ms"][1:] - path["Ld"][1:] - 1.0).max() < 1e-9


def test_a_growing_gap_follows_its_law_of_motion() -> None:
    """Debt held and debt issued drift apart at the rate of interest: gap(t) = gap(0)·(1 + r)^t exactly."""
    held, owed, g = variables("held owed g")
    debt = system(
        equation(held, held(-1) * 1.05 + g),
        equation(owed, owed(-1) * 1.05 + g),
        exogenous=[g],
        hidden=[Hidden("debt", held - owed)],
    )
    path = solve(debt, {"held": 100.0, "owed": 101.5}, parameters={}, exogenous={"g": 1.0}, periods=300)
    exact = np.array([float(Fraction(-3, 2) * Fraction(105, 100) ** t) for t in range(301)])
    assert np.abs(path.hidden_gaps[1:, 0] / exact[1:] - 1).max() < 1e-11
    assert path.certificates.max() < 1e-13
    assert {r.variable: r.amount for r in path.consistency.repairs} == pytest.approx(
        {"held": 1.5 * 100**2 / (100**2 + 101.5**2), "owed": -1.5 * 101.5**2 / (100**2 + 101.5**2)}, rel=1e-9
    )


def test_an_opening_given_to_few_digits_is_reported_too() -> None:
    path = solve(sim(), {"H": 80.0, "Hs": 80.0001}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=20)
    assert not path.consistency.consistent
    assert path.consistency.gaps["money"] == pytest.approx(1e-4, rel=1e-8)
    assert path.certificates.max() < 1e-13
    assert np.abs(path.hidden_gaps[1:, 0] - 1e-4).max() < 1e-12


def test_an_identity_that_the_equations_contradict_is_reported_not_corrected() -> None:
    model = sim()
    y, g = Variable("Y"), Variable("G")
    wrong = system(*model.equations, exogenous=model.exogenous, hidden=[*model.hidden, Hidden("nonsense", y - 3 * g)])
    path = solve(wrong, {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=30)
    plain = solve(model, {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=30)
    assert path.consistency.unexplained == ("nonsense",)
    assert path.certificates[1:].min() > 1e-3
    assert np.array_equal(path["Y"], plain["Y"], equal_nan=True)


def test_an_identity_that_breaks_later_is_reported() -> None:
    model = sim()
    h, hs, g = variables("H Hs G")
    wrong = system(*model.equations, exogenous=model.exogenous, hidden=[Hidden("late", (hs - h) + (g - 20) / 10)])
    shock = np.full(31, 20.0)
    shock[10:] = 25.0
    path = solve(wrong, {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": shock}, periods=30)
    assert path.consistency.consistent
    assert path.consistency.unexplained == ("late",)
    assert path.certificates[9] < 1e-12 < path.certificates[10]


def test_a_wrong_identity_does_not_hide_the_repair_of_a_right_one() -> None:
    model = sim()
    y, g = Variable("Y"), Variable("G")
    wrong = system(*model.equations, exogenous=model.exogenous, hidden=[*model.hidden, Hidden("nonsense", y - 3 * g)])
    path = solve(wrong, {"H": 80.0, "Hs": 81.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=10)
    assert path.consistency.unexplained == ("nonsense",)
    repaired = {r.variable: r.repaired for r in path.consistency.repairs}
    assert repaired["H"] == pytest.approx(repaired["Hs"], rel=1e-13)


def test_a_repair_counts_the_earlier_rows_that_repeat_the_opening() -> None:
    """Stocks with two lags: the value given for period 0 holds in period −1 too, and so does its repair."""
    a, b = variables("a b")
    growth = system(equation(a, a(-1) + a(-2) / 2), equation(b, b(-1) + b(-2) / 2), hidden=[Hidden("same", a - b)])
    opening = {"a": 10.0, "b": 10.5}
    path = solve(growth, opening, parameters={}, exogenous={}, periods=40)
    assert path.consistency.gaps["same"] == pytest.approx(-0.75, rel=1e-14)
    repaired = opening | {r.variable: r.repaired for r in path.consistency.repairs}
    assert repaired["a"] == pytest.approx(10 + 0.5 * 10**2 / (10**2 + 10.5**2), rel=1e-9)
    assert path.certificates.max() < 1e-13
    again = solve(growth, repaired, parameters={}, exogenous={}, periods=40)
    assert again.consistency.consistent
    assert relative(again).max() < 1e-13


def test_a_repair_leaves_the_identities_that_hold_alone() -> None:
    """Three books of one stock: the first two agree, the third is off; moving only the second would break what holds."""
    a, b, c, g = variables("a b c g")
    books = system(*(equation(v, v(-1) + g) for v in (a, b, c)), exogenous=[g], hidden=[Hidden("ab", a - b), Hidden("bc", b - c)])
    path = solve(books, {"a": 10.0, "b": 10.0, "c": 11.0}, parameters={}, exogenous={"g": 1.0}, periods=5)
    repaired = {"a": 10.0, "b": 10.0, "c": 11.0} | {r.variable: r.repaired for r in path.consistency.repairs}
    share = 1 / (2 * 1.1**2 + 1)
    assert repaired == pytest.approx(dict.fromkeys("abc", 10 + share), rel=1e-9)


def test_errors_that_grow_at_different_speeds_are_told_apart() -> None:
    """Two economies of bank money at 4 and 5 per cent share one hidden identity, in which their errors could cancel for a while."""

    def renamed(expression: Any, suffix: str) -> Any:
        new = {
            s: Variable(s.base + suffix, time=s.time) if isinstance(s, Variable) else Parameter(s.name + suffix)
            for s in expression.free_symbols
        }
        return expression.xreplace(new)

    equations = [Equation(e.name + k, renamed(e.left, k), renamed(e.right, k), kind="definition") for k in "NS" for e in bmw().equations]
    joint = Hidden("money", sum(Variable(f"Ms{k}") - Variable(f"Mh{k}") for k in "NS"))
    parameters = {n + k: v for k in "NS" for n, v in BMW_PARAMETERS.items()} | {"rateS": 0.05}
    path = solve(
        system(*equations, hidden=[joint]),
        {n + k: 0.0 for k in "NS" for n in BMW_OPENING},
        parameters=parameters | {"a0S": 30.0},
        exogenous={},
        periods=2500,
    )
    assert relative(path).max() < 1e-12
    assert path["YN"][-1] == pytest.approx(200.0, rel=1e-10)
    assert path["YS"][-1] == pytest.approx(240.0, rel=1e-10)
