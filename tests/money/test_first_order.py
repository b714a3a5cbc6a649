"""The difference between two runs by input: it adds up, its remainder is of second order, and one-sided derivatives are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dollarflow import Simulation, compare, opening_state, simulate
from dollarflow.attribution.first_order import FirstOrder, changes
from dollarflow.attribution.runs import NoInputs
from model.scenarios.scenario import Scenario
from tests.economy.laboratory import economy

PERIODS = 8
CUT = {"from": "2025-11-12", "to": "2025-12-24"}


STATE = "deposits_average"


def run(scale: float = 0.0, purchases: float = 0.0, opening: float = 0.0, **parameters: float) -> Simulation:
    """A cut of rates by ``scale`` × 50 bp and dated purchases of notes, USD bn a year."""
    shocks = [{"variable": name, **CUT, "add": -0.005 * scale} for name in ("rate_lower", "rate_upper")] if scale else []
    shocks += [{"variable": "qe_notes", **CUT, "add": purchases}] if purchases else []
    asked = Scenario.model_validate({"name": "changed", "title": "changed", "shock": shocks, "parameters": parameters}, strict=False)
    return simulate(economy(), opening_state("2025-10-29"), asked, periods=PERIODS)


@pytest.fixture(scope="module")
def base() -> Simulation:
    return run()


@pytest.mark.parametrize(("variable", "rates"), [("sofr", 1.0), ("m2", 0.0), ("yield_bonds", 0.0)])
def test_rows_sum_to_the_simulated_difference_and_halving_a_small_change_quarters_the_remainder(
    variable: str, rates: float, base: Simulation
) -> None:
    """The parameter moves what is anchored on it, which stands beside it; a cut of rates bends M2 at corners within a basis point."""
    value = float(base.path["a_notes"][0])
    remainders = []
    for scale in (0.05, 0.025):
        changed = run(rates * scale, a_notes=value * (1 + scale))
        table = compare(base, changed).decompose(variable, by="input")
        assert ("rate_lower" in table.columns) is (rates > 0)
        assert {"a_notes", "hf_equity_ratio"} < set(table.columns)
        simulated = changed[variable] - base[variable]
        assert table.drop(columns="total").sum(axis=1)[1:].to_numpy() == pytest.approx(simulated[1:], rel=1e-12, abs=1e-12)
        remainders.append(table["remainder"].to_numpy()[1:])
    large = np.abs(remainders[0]) > 0.3 * np.abs(remainders[0]).max()
    assert remainders[0][large] / remainders[1][large] == pytest.approx(4.0, rel=0.1)


def test_an_opening_value_is_an_input(base: Simulation) -> None:
    first = compare(base, base).base.inputs
    inputs = [replace(first, opening={**first.opening, STATE: first.opening[STATE] + step}) for step in (0.0, 20.0, 10.0)]
    path, *others = (item.path() for item in inputs)
    tables = [FirstOrder(path, o, dict(changes(first, i))).contributions("sofr") for o, i in zip(others, inputs[1:], strict=True)]
    assert list(tables[0].columns) == [f"{STATE} (opening)", "remainder", "total"]
    assert tables[0]["total"].abs().max() > 1e-7
    assert tables[0]["remainder"].abs().max() < 1e-2 * tables[0]["total"].abs().max()
    assert tables[0]["remainder"].iloc[1:].to_numpy() == pytest.approx(4 * tables[1]["remainder"].iloc[1:].to_numpy(), rel=0.1, abs=1e-12)
    assert tables[0].iloc[1:, 0].to_numpy() == pytest.approx(2 * tables[1].iloc[1:, 0].to_numpy(), rel=1e-9)


def test_purchases_that_are_zero_in_the_base_hold_for_a_rise(base: Simulation) -> None:
    found = compare(base, run(purchases=1e-3))
    table = found.decompose("m2", by="input")
    assert table["qe_notes"].iloc[-1] == pytest.approx(table["total"].iloc[-1], rel=1e-3)
    assert found.inputs.one_sided["qe_notes"].startswith("holds for this change only")


def test_runs_of_different_equations_are_refused(base: Simulation) -> None:
    other = simulate(economy().exogenise("yield_notes"), opening_state("2025-10-29"), periods=PERIODS, exogenous={"yield_notes": 0.037})
    with pytest.raises(NoInputs, match="different equations"):
        compare(base, other).decompose("sofr", by="input")
