"""Parameters as a reader sees them: figures that read back as the numbers they are, units for all, no notation of a programmer."""

from __future__ import annotations

import math

import pytest

from calibration.parameters import parameter_values
from dollarflow.reports.quantities import course, quantity, unit_text

LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read(text: str) -> float:
    """The number that a text says."""
    sign = -1.0 if text.startswith("−") else 1.0
    digits, _, power = text.removeprefix("−").replace(",", "").rpartition("·10")
    if not digits and text.removeprefix("−").startswith("10") and any(c in text for c in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"):
        return sign * 10.0 ** int(power.removeprefix("10").translate(LOWERED))
    return sign * (float(digits) * 10.0 ** int(power.translate(LOWERED)) if digits else float(power))


@pytest.mark.parametrize("number", [0.0, 1.0, -0.05, 1e-6, -1.4e-6, 9.99999e-5, 1e-4, 123456.0, 999999.6, 1e6, -2.5e9, 1e9, 3.14159265])
def test_a_figure_reads_back_to_six_digits(number: float) -> None:
    assert math.isclose(read(quantity(number)), number, rel_tol=5.1e-6, abs_tol=0.0)


def test_every_calibrated_parameter_is_written_without_exponents_and_with_a_unit() -> None:
    for name, entry in parameter_values().items():
        shown = quantity(entry.value)
        assert "e" not in shown, name
        assert "-" not in shown, name
        assert math.isclose(read(shown), entry.value, rel_tol=5.1e-6), name
        unit = unit_text(entry.unit)
        assert unit, name
        assert "^" not in unit, name


def test_a_path_says_when_it_changes_and_that_a_limit_is_none() -> None:
    days = ["2025-12-03", "2025-12-10", "2025-12-17"]
    assert course("srf_cap", [500.0, 500.0, 1e6], days) == "500, no cap from 2025-12-17"
    assert course("a_notes", [0.2, 0.2, 0.2], days) == "0.2"
    assert course("a_notes", [0.2, 0.3, 0.25], days) == "0.2 to 0.3"
