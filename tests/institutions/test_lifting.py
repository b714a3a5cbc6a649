"""How equations read variables of other axes, and what is refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.institutions.generate import Plan
from calibration.institutions.shocks import given_paths
from equations.institutions.accounts import CHART
from equations.institutions.system import generated_economy, institutions_system
from model.language.accounts import Cell, Chart, Instrument, Sector
from model.language.dimensions import check_dimensions
from model.language.equation import Equation
from model.language.structure import StructureError
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.language.units import ONE
from model.members.lifting import Lifted
from model.members.population import ECONOMY, Axis, Links, Population, PopulationError
from model.members.program import compile_lifted
from model.members.solver import MemberFailure, solve_members
from model.periods.inputs import InputError
from tests.institutions.economies import JUMP, MIXED, generated

LOANS = Chart((Sector("banks", "B"), Sector("firms", "F")), (Instrument("loans", (("firms", "banks"),)),))
PAIRS = Links(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]))
PEOPLE = Population(LOANS, {"banks": 2, "firms": 3}, {"loans__firms__banks": PAIRS})
X, Y, Z, K = (Variable(name) for name in ("x", "y", "z", "loans__firms__banks"))


def lifted(*equations: Equation, exogenous: tuple[Variable, ...] = (), **places: str) -> Lifted:
    return Lifted(System("toy", equations, exogenous, (), LOANS), PEOPLE, places)


def law(left: Variable, right: object, name: str = "") -> Equation:
    return Equation(name or left.base, left, right, kind="definition")


def test_links_gather_and_members_sum() -> None:
    toy = lifted(
        law(X, K, "sum_of_bank"),
        law(Y, K, "sum_of_firm"),
        law(Z, K, "sum_of_all"),
        exogenous=(K,),
        x="banks",
        y="firms",
    )
    path = solve_members(toy, {}, parameters={}, exogenous={K.base: np.array([[1.0, 2.0, 3.0, 4.0]] * 2)}, periods=1)
    assert path["x"][1].tolist() == [3.0, 7.0]
    assert path["y"][1].tolist() == [1.0, 5.0, 4.0]
    assert path["z"][1].tolist() == [10.0]


def test_an_implicit_equation_is_solved_for_every_link_by_newton() -> None:
    rate = Parameter("rate", ONE)
    toy = lifted(
        Equation("root", K, K + rate - K**2, kind="market"),
        law(X, K),
        x="banks",
        rate="firms",
    )
    start = {"loans__firms__banks": 1.0}
    path = solve_members(toy, start, parameters={"rate": np.array([4.0, 9.0, 16.0])}, exogenous={}, periods=1)
    assert path["loans__firms__banks"][1] == pytest.approx([2.0, 3.0, 3.0, 4.0], rel=1e-12)
    assert path["x"][1] == pytest.approx([5.0, 7.0])


def test_a_period_without_solution_is_a_failure_that_names_the_equation() -> None:
    toy = lifted(Equation("rootless", X, X + X**2 + 1, kind="market"), x="banks")
    with pytest.raises(MemberFailure, match=r"period 1 .* rootless") as failure:
        solve_members(toy, {"x": 0.5}, parameters={}, exogenous={}, periods=2)
    assert failure.value.path.periods == 0


@pytest.mark.parametrize(
    ("equations", "places", "message"),
    [
        ([law(X, Y), law(Y, 1 + 0 * Z, "y")], {"x": "banks", "y": "firms"}, "equation 'x', variable 'y': .* share no member"),
        ([law(Z, Parameter("p"))], {"p": "banks"}, "would sum the parameter 'p'"),
        ([law(X, Z)], {"x": "insurers"}, "neither a sector nor a cell"),
    ],
)
def test_what_members_do_not_share_cannot_be_read(equations: list[Equation], places: dict[str, str], message: str) -> None:
    with pytest.raises(PopulationError, match=message):
        compile_lifted(lifted(*equations, exogenous=(Variable("z"),) if len(equations) == 1 else (), **places))


def test_a_market_of_the_economy_cannot_determine_a_vector() -> None:
    toy = lifted(Equation("market", X + Z, X + 2 * Z, kind="market"), law(Z, X), x="banks")
    with pytest.raises((StructureError, PopulationError)):
        compile_lifted(toy)


@pytest.mark.parametrize(
    ("counts", "network", "message"),
    [
        ({"insurers": 2}, {}, "unknown sector 'insurers'"),
        ({"banks": 0}, {}, "has 0 members"),
        ({"banks": 2, "firms": 3}, {}, "give its links"),
        ({"banks": 2, "firms": 3}, {"loans__firms__banks": Links(np.array([3]), np.array([0]))}, "issuer numbers must lie in 0 to 2"),
        ({"banks": 2, "firms": 3}, {"loans__firms__banks": Links(np.array([1, 1]), np.array([0, 0]))}, "the same pair twice"),
    ],
)
def test_populations_that_do_not_fit_are_refused(counts: dict[str, int], network: dict[str, Links], message: str) -> None:
    with pytest.raises(PopulationError, match=message):
        Population(LOANS, counts, network)


def test_cells_run_over_links_only_where_both_sides_have_members() -> None:
    people = generated(Plan(1, 3, 4)).lifted.population
    assert people.axis(Cell("repo_dvp", "hedge_funds", "banks")) == Axis("members", "hedge_funds")
    assert people.axis(Cell("reserves", "fed", "banks")) == ECONOMY
    assert generated(MIXED).lifted.population.axis(Cell("repo_dvp", "hedge_funds", "banks")).kind == "links"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"opening": {"hf_book": np.ones(3)}}, "opening of 'hf_book' has shape"),
        ({"parameters": {"hf_hedge": np.ones(2)}}, "parameter 'hf_hedge' has shape"),
        ({"exogenous": {"haircut_rise": np.ones(3)}}, "path of 'haircut_rise' has shape"),
        ({"exogenous": {"hf_book": 1.0}}, "'hf_book' is not exogenous"),
        ({"opening": {"hf_failed": np.nan}}, "no value for 'hf_failed'"),
    ],
)
def test_inputs_of_the_wrong_length_are_refused(change: dict[str, dict[str, object]], message: str) -> None:
    economy = generated(MIXED)
    inputs = {
        "opening": dict(economy.opening),
        "parameters": dict(economy.parameters),
        "exogenous": given_paths(economy.rates, JUMP, 1),
    }
    for part, values in change.items():
        inputs[part].update(values)  # type: ignore[arg-type]
    opening = inputs.pop("opening")
    with pytest.raises(InputError, match=message):
        solve_members(economy.lifted, opening, **inputs, periods=1)  # type: ignore[arg-type]


def test_units_of_the_institutions_equations_agree() -> None:
    check_dimensions(institutions_system())


def test_every_behavioural_equation_of_the_institutions_is_labelled() -> None:
    assert all(e.label for e in institutions_system().equations)
    assert generated_economy(Population(CHART, {}, {})).axes["hf_book"] == ECONOMY
