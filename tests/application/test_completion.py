"""What follows from an opening at once: premia from its yields, whichever way their definition is written."""

from __future__ import annotations

import pytest

from dollarflow.completion import static_equations
from model.language.equation import Equation
from model.language.symbols import Variable
from model.language.system import System
from model.language.units import RATE, USD

YIELD, EXPECTED, PREMIUM, STOCK, PART = (
    Variable("y", RATE),
    Variable("expected", RATE),
    Variable("premium", RATE),
    Variable("stock", USD),
    Variable("part", USD),
)


def found(*equations: Equation) -> dict[str, str]:
    system = System("small", equations, (EXPECTED,))
    return {str(e.left): str(e.right) for e in static_equations(system, {"y", "expected", "stock"})}


@pytest.mark.parametrize(
    "equation",
    [
        Equation("premium", PREMIUM, YIELD - EXPECTED, kind="definition"),
        Equation("premium", YIELD, EXPECTED + PREMIUM, kind="definition"),
    ],
)
def test_a_premium_follows_from_its_yield(equation: Equation) -> None:
    assert found(equation) == {"premium": "-expected + y"}


def test_a_part_of_a_known_stock_and_a_scaled_rate_do_not_follow() -> None:
    assert not found(Equation("stock", STOCK, PART, kind="definition"), Equation("y", YIELD, 2 * PREMIUM, kind="definition"))
