"""The Python interface as the README shows it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import dollarflow
from dollarflow import compare, dollar_system, opening_state, scenario, simulate
from dollarflow.errors import BadInput
from dollarflow.inputs import settings
from model.periods.inputs import InputError
from model.scenarios.shocks import steps
from tests.application import toy


@pytest.fixture(scope="module")
def base() -> dollarflow.Simulation:
    return simulate(dollar_system(), opening_state("2025-10-29"), periods=20)


@pytest.fixture(scope="module")
def hike() -> dollarflow.Simulation:
    return simulate(dollar_system(), opening_state("2025-10-29"), scenario("qe"), periods=20)


def test_names_are_public_and_documented() -> None:
    assert set(dollarflow.__all__) <= set(dir(dollarflow))
    for name in dollarflow.__all__:
        assert getattr(dollarflow, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        dollarflow.simulat  # noqa: B018


def test_frame_has_a_date_index_and_every_variable(base: dollarflow.Simulation) -> None:
    assert base.frame.index[0].date().isoformat() == "2025-10-29"
    assert base.frame["sofr"].iloc[0] == pytest.approx(0.0427)
    assert base.sound


def test_balance_sheet_rows_sum_to_zero_and_columns_to_net_worth(base: dollarflow.Simulation) -> None:
    sheet = base.balance_sheet("2026-01-28")
    reserves = dict(zip(sheet.columns, sheet.loc["reserves"].to_numpy(dtype=float), strict=True))
    assert reserves["fed"] < 0 < reserves["banks"]
    assert np.abs(sheet.sum(axis=1)).max() < 1e-9
    for sector in ("banks", "mmf", "hedge_funds"):
        assert abs(float(sheet[sector].sum())) < 1e-6


def test_graphs_are_networkx_multigraphs(base: dollarflow.Simulation) -> None:
    graph = base.graph("2026-01-28")
    assert graph.has_edge("treasury", "hedge_funds")
    with pytest.raises(ValueError, match="no graph is named 'money'"):
        base.graph("2026-01-28", kind="money")


def test_decomposition_sums_to_the_difference(base: dollarflow.Simulation, hike: dollarflow.Simulation) -> None:
    for name in ("m2", "debt", "reserves"):
        table = compare(base, hike).decompose(name)
        assert np.allclose(table.drop(columns="total").sum(axis=1), table["total"], atol=1e-6, equal_nan=True), name
    with pytest.raises(ValueError, match="is not a sum of variables"):
        compare(base, hike).decompose("effr")


def test_simulations_of_different_dates_are_not_compared(base: dollarflow.Simulation) -> None:
    other = simulate(dollar_system(), opening_state("2025-10-29"), periods=2)
    with pytest.raises(ValueError, match="differ in dates"):
        compare(base, other)


def test_results_are_immutable(base: dollarflow.Simulation) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        base.clock = "daily"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        base["sofr"][0] = 1.0
    state = opening_state("2025-10-29")
    with pytest.raises(TypeError):
        state.values["reserves"] = 0.0  # type: ignore[index]


def test_same_call_gives_the_same_bits(base: dollarflow.Simulation) -> None:
    again = simulate(dollar_system(), opening_state("2025-10-29"), periods=20)
    assert np.array_equal(again.path.values, base.path.values, equal_nan=True)


def test_opening_is_completed_by_equations_without_lags(base: dollarflow.Simulation) -> None:
    row = base.row(0)
    assert row["money"] == pytest.approx(row["deposits"] + row["currency"] - row["currency__fed__banks"], rel=0.05)
    assert np.isfinite(base["m2"]).all()


def test_unknown_names_are_refused() -> None:
    with pytest.raises(InputError, match="unknown parameter 'betaa'"):
        simulate(toy.system(), toy.opening(), periods=1, parameters={"betaa": 1.0})
    with pytest.raises(InputError, match="'qee' is not exogenous"):
        simulate(toy.system(), toy.opening(), periods=1, exogenous={"qee": 1.0})
    with pytest.raises(InputError, match="needs 2 values"):
        simulate(toy.system(), toy.opening(), periods=1, exogenous={"qe": np.zeros(5)})
    with pytest.raises(BadInput, match="is not a date"):
        opening_state("soon")


def test_zero_periods_give_the_opening_alone() -> None:
    run = simulate(toy.system(), toy.opening(), periods=0)
    assert run.path.periods == 0
    assert run.sound


def test_settings_are_numbers_by_name() -> None:
    assert settings(["a=1", "b = 2e-3"]) == {"a": 1.0, "b": 0.002}
    with pytest.raises(BadInput, match="given twice"):
        settings(["a=1", "a=2"])


def test_steps_hold_until_the_next_date() -> None:
    days = toy.run(3).dates
    assert np.array_equal(steps([(days[1], 5.0)], days), [np.nan, 5.0, 5.0, 5.0], equal_nan=True)
