"""Past rates as holders have taken them in: limits and a sum by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from calibration.memory import interest_on_reserves, memory, remembered

ENDS = (date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31))


def test_fast_holders_know_the_last_quarter_and_slow_ones_the_first() -> None:
    rates = np.array([0.01, 0.02, 0.03, 0.05])
    assert remembered(ENDS, rates, 200.0, ENDS[-1]) == pytest.approx(0.05)
    assert remembered(ENDS, rates, 1e-9, ENDS[-1]) == pytest.approx(0.01, abs=1e-8)


def test_a_constant_rate_is_remembered_as_it_is_and_later_quarters_do_not_count() -> None:
    assert remembered(ENDS, np.full(4, 0.04), 0.5, ENDS[-1]) == pytest.approx(0.04)
    assert remembered(ENDS, np.array([0.01, 0.01, 0.09, 0.09]), 0.5, date(2023, 7, 31)) == pytest.approx(0.01)


def test_the_average_is_what_partial_adjustment_gives() -> None:
    """The recursion level += (rate - level)(1 - exp(-speed/4)), started at the first quarter's rate."""
    rates, speed = np.array([0.01, 0.02, 0.03, 0.05]), 0.8
    level = rates[0]
    for rate in rates[1:]:
        level += (rate - level) * (1 - np.exp(-speed / 4))
    assert remembered(ENDS, rates, speed, ENDS[-1]) == pytest.approx(level, rel=2e-3)


def test_memory_of_an_opening_is_that_of_published_averages() -> None:
    ends, iorb = interest_on_reserves()
    found = memory(date(2024, 12, 31), {"iorb": 0.044}, {"currency_speed": 200.0, "bank_treasury_speed": 0.31})
    assert found["past_iorb"] == pytest.approx(iorb[ends.index(date(2024, 12, 31))], abs=1e-6)
