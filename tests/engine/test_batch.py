"""Batches against single solves: the same bits for every member, however they are split."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from model.language.symbols import Parameter
from model.periods.failure import SolveFailure
from model.periods.inputs import InputError
from model.periods.path import Path
from model.solving.batch import Batch, solve_batch
from model.solving.solver import Options, solve
from tests.engine.builders import BMW_OPENING, BMW_PARAMETERS, SIM_PARAMETERS, bmw, equation, implicit, sim, system, variables

MEMBERS, PERIODS = 7, 30
RNG = np.random.default_rng(11)
THETA = RNG.uniform(0.15, 0.3, MEMBERS)
SPENDING = 20 + RNG.normal(size=(MEMBERS, PERIODS + 1))
MONEY = RNG.uniform(60, 90, MEMBERS)


def batch(threads: int = 1, chosen: slice = slice(None), backend: str = "") -> Batch:
    return solve_batch(
        sim(),
        {"H": MONEY[chosen], "Hs": MONEY[chosen]},
        parameters=SIM_PARAMETERS | {"theta": THETA[chosen]},
        exogenous={"G": SPENDING[chosen]},
        periods=PERIODS,
        keep=["Y", "H", "G"],
        options=Options(backend=backend),
        threads=threads,
    )


def single(member: int) -> Path:
    return solve(
        sim(),
        {"H": MONEY[member], "Hs": MONEY[member]},
        parameters=SIM_PARAMETERS | {"theta": THETA[member]},
        exogenous={"G": SPENDING[member]},
        periods=PERIODS,
    )


def test_every_member_has_the_bits_of_a_single_solve() -> None:
    found = batch()
    assert found.values.shape == (MEMBERS, PERIODS + 1, 3)
    assert found.status.tolist() == [0] * MEMBERS
    for member in range(MEMBERS):
        path = single(member)
        for k, name in enumerate(found.keep):
            assert found.values[member, :, k].tobytes() == path[name].tobytes()
        gaps = np.abs(path.hidden_gaps[1:] / path.hidden_scales[1:])
        assert found.hidden[member] == gaps.max()
        assert found.certificates[member] <= path.certificates.max()


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_bit(threads: int) -> None:
    one, several = batch(), batch(threads)
    assert one.values.tobytes() == several.values.tobytes()
    assert one.certificates.tobytes() == several.certificates.tobytes()
    assert one.hidden.tobytes() == several.hidden.tobytes()


def test_splitting_changes_no_bit() -> None:
    whole = batch()
    parts = np.concatenate([batch(chosen=slice(0, 3)).values, batch(chosen=slice(3, None)).values])
    assert whole.values.tobytes() == parts.tobytes()


def test_the_interpreter_gives_the_same_batch() -> None:
    assert batch(backend="python", threads=2).values.tobytes() == batch().values.tobytes()


def test_members_may_need_their_rounding_removed() -> None:
    """Bank money: its hidden error grows at the rate of interest, and each member is corrected in periods of its own."""
    rates = np.array([0.03, 0.04, 0.05])
    autonomous = np.full(801, 25.0)
    autonomous[5:] = 30.0
    found = solve_batch(
        bmw(),
        BMW_OPENING,
        parameters=BMW_PARAMETERS | {"rate": rates},
        exogenous={},
        periods=800,
        keep=["Y", "Mh"],
        parameter_paths={"a0": autonomous},
        threads=2,
    )
    for member, rate in enumerate(rates):
        path = solve(
            bmw(),
            BMW_OPENING,
            parameters=BMW_PARAMETERS | {"rate": float(rate)},
            exogenous={},
            periods=800,
            parameter_paths={"a0": autonomous},
        )
        assert path.consistency.corrected
        assert found.values[member, :, 0].tobytes() == path["Y"].tobytes()
    assert found.hidden.max() < 1e-12


def test_a_member_that_fails_keeps_its_periods_and_its_diagnosis() -> None:
    x, g = variables("x g")
    model = system(implicit("root", sp.sqrt(x) + x / 100, g), exogenous=[g])
    series = np.ones((4, 11))
    series[2, 6] = -1.0
    found = solve_batch(model, {"x": 1.0}, parameters={}, exogenous={"g": series}, periods=10, keep=["x"], threads=2)
    assert found.status.tolist() == [0, 0, 1, 0]
    assert found.failures[2].period == 6
    assert set(found.failures) == {2}
    assert np.isfinite(found.values[2, :6]).all()
    assert np.isnan(found.values[2, 6:]).all()
    assert np.isfinite(found.values[[0, 1, 3]]).all()
    with pytest.raises(SolveFailure):
        solve(model, {"x": 1.0}, parameters={}, exogenous={"g": series[2]}, periods=10)


def test_systems_with_leads_can_be_batched() -> None:
    price, dividend = variables("price dividend")
    model = system(equation(price, (price(1) + dividend(1)) / (1 + Parameter("r"))), exogenous=[dividend])
    rates = np.array([0.04, 0.05])
    common = {"exogenous": {"dividend": 1.0}, "periods": 6}
    found = solve_batch(model, {"price": 20.0}, parameters={"r": rates}, keep=["price"], **common)  # type: ignore[arg-type]
    for member, rate in enumerate(rates):
        path = solve(model, {"price": 20.0}, parameters={"r": float(rate)}, **common)  # type: ignore[arg-type]
        assert found.values[member, :, 0].tobytes() == path["price"].tobytes()


def test_lags_reach_back_to_the_members_own_opening() -> None:
    x, g = variables("x g")
    model = system(equation(x, x(-1) / 2 + x(-3) / 4 + g(-2)), exogenous=[g])
    openings, given = np.array([1.0, 3.0]), np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
    found = solve_batch(model, {"x": openings}, parameters={}, exogenous={"g": given}, periods=4, keep=["x"])
    for member in range(2):
        a, g0 = openings[member], given[member]
        first = a / 2 + a / 4 + g0[0]
        second = first / 2 + a / 4 + g0[0]
        assert found.values[member, :3, 0].tolist() == [a, first, second]


def test_bad_inputs_name_the_member_or_the_shape() -> None:
    def attempt(**changed: object) -> None:
        arguments: dict[str, object] = {
            "parameters": SIM_PARAMETERS,
            "exogenous": {"G": 20.0},
            "periods": 3,
            "keep": ["Y"],
        } | changed
        opening = arguments.pop("openings", {"H": 80.0, "Hs": 80.0})
        solve_batch(sim(), opening, **arguments)  # type: ignore[arg-type]

    with pytest.raises(InputError, match="'Z' is not a variable"):
        attempt(keep=["Z"])
    with pytest.raises(InputError, match="'theta' is given for 3 members, 'H' for 2"):
        attempt(openings={"H": np.ones(2), "Hs": 1.0}, parameters=SIM_PARAMETERS | {"theta": np.ones(3)})
    with pytest.raises(InputError, match="'G' has the shape"):
        attempt(exogenous={"G": np.ones(7)})
    with pytest.raises(InputError, match="opening's 'H' is not a finite number in member 1"):
        attempt(openings={"H": np.array([1.0, np.nan]), "Hs": 1.0})
    with pytest.raises(InputError, match="exogenous 'G' is not a finite number in member 2"):
        attempt(exogenous={"G": np.array([[1.0] * 4, [1.0] * 4, [np.inf] * 4])})
    with pytest.raises(InputError, match="no value is given for parameter"):
        attempt(parameters={})
    with pytest.raises(InputError, match="exogenous 'Q' is not a variable"):
        attempt(exogenous={"G": 20.0, "Q": np.ones((2, 4))})
