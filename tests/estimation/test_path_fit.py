"""Parameters fitted to a whole path: known ones are found again, and derivatives are those of paths solved again."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from dollarflow import Simulation, fit, opening_state, simulate
from dollarflow.errors import BadInput
from dollarflow.fitting import Anchors
from model.compiler.program import Floats
from model.periods.newton import Options
from model.solving.solver import solve
from tests.economy.laboratory import economy

PERIODS = 6
WATCHED = ("sofr_iorb", "yield_notes")
TIGHT = Options(tolerance=1e-11)


def run(**parameters: float) -> Simulation:
    return simulate(economy(), opening_state("2025-10-29"), periods=PERIODS, parameters=parameters, options=TIGHT)


@pytest.fixture(scope="module")
def base() -> Simulation:
    return run()


def figures(simulation: Simulation) -> dict[str, dict[date | str, float]]:
    return {name: dict(zip(simulation.dates[1:], simulation[name][1:].tolist(), strict=True)) for name in WATCHED}


def flat(values: Floats, base: Simulation) -> Floats:
    return np.concatenate([values[1:, base.path.index[name]] for name in WATCHED])


def held(base: Simulation, name: str, value: float) -> Floats:
    """The base's own inputs with one parameter changed and nothing that hangs on it."""
    path = base.path
    opening = {n: float(v) for n, v in path.row(0).items() if n in path.system.unknowns and np.isfinite(v)}
    rows = {n: np.full(PERIODS + 1, value) if n == name else path[n] for n in path.parameter_names}
    given = {n: path[n] for n in path.system.given}
    return solve(path.system, opening, parameters={}, exogenous=given, periods=PERIODS, parameter_paths=rows, options=TIGHT).values


def test_known_parameters_are_found_again_with_their_anchors(base: Simulation) -> None:
    truth = {name: factor * float(base.path[name][0]) for name, factor in {"a_notes": 1.2, "curve_slope": 0.9}.items()}
    found = fit(economy(), opening_state("2025-10-29"), figures(run(**truth)), tuple(truth), periods=PERIODS)
    assert found.values == pytest.approx(truth, rel=1e-6)
    assert max(found.rmse.values()) < 1e-9
    assert min(found.before.values()) > 1e-7
    assert found.condition < 1e3
    assert not found.at_bound


@pytest.mark.parametrize("anchors", ["follow", "held"])
def test_the_jacobian_is_that_of_paths_solved_again(anchors: Anchors, base: Simulation) -> None:
    values = {name: float(base.path[name][0]) for name in ("a_notes", "curve_slope")}
    found = fit(economy(), opening_state("2025-10-29"), figures(base), dict(values), periods=PERIODS, anchors=anchors)
    assert found.values == pytest.approx(values, rel=1e-9)

    def at(name: str, value: float) -> Floats:
        return flat(run(**{name: value}).path.values if anchors == "follow" else held(base, name, value), base)

    for k, (name, value) in enumerate(values.items()):
        h = 2e-4 * abs(value)
        one, two = ((at(name, value + s * h) - at(name, value - s * h)) / (2 * s * h) for s in (1, 2))
        expected = (4 * one - two) / 3
        assert np.abs(found.jacobian[:, k] - expected).max() <= 2e-6 * np.abs(expected).max(), name


def test_what_the_opening_determines_is_part_of_one_derivative_and_not_of_the_other(base: Simulation) -> None:
    total, partial = (
        fit(economy(), opening_state("2025-10-29"), figures(base), ("a_notes",), periods=PERIODS, anchors=anchors).jacobian
        for anchors in ("follow", "held")
    )
    assert np.abs(total - partial).max() > 0.1 * np.abs(partial).max()


def test_where_the_data_are_silent_the_prior_stays(base: Simulation) -> None:
    observed: dict[str, dict[date | str, float]] = {"iorb": {base.dates[3].isoformat(): float(base["iorb"][3])}}
    mean = 1.1 * float(base.path["gamma"][0])
    found = fit(economy(), opening_state("2025-10-29"), observed, ("gamma",), periods=PERIODS, priors={"gamma": (mean, 0.01 * mean)})
    assert found.values["gamma"] == pytest.approx(mean, rel=1e-9)
    assert found.errors["gamma"] == pytest.approx(0.01 * mean, rel=1e-9)
    assert found.condition == float("inf")
    with pytest.raises(BadInput, match="neither data nor prior determine 'gamma'"):
        fit(economy(), opening_state("2025-10-29"), observed, ("gamma",), periods=PERIODS)


def test_bad_requests_are_refused_by_name(base: Simulation) -> None:
    system, opening, observed = economy(), opening_state("2025-10-29"), figures(base)
    with pytest.raises(BadInput, match="did you mean 'gamma'"):
        fit(system, opening, observed, ("gama",), periods=PERIODS)
    with pytest.raises(BadInput, match="outside its bounds"):
        fit(system, opening, observed, {"curve_slope": -1.0}, periods=PERIODS)
    with pytest.raises(BadInput, match="is no date of the path"):
        fit(system, opening, {"sofr": {"2025-11-06": 0.04}}, ("gamma",), periods=PERIODS)
    with pytest.raises(BadInput, match="is the opening"):
        fit(system, opening, {"sofr": {base.dates[0]: 0.04}}, ("gamma",), periods=PERIODS)
    with pytest.raises(BadInput, match="is not solved for"):
        fit(system, opening, {"rate_lower": {base.dates[1]: 0.04}}, ("gamma",), periods=PERIODS)
