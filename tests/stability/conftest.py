"""A short path of the dollar system."""

from __future__ import annotations

import pytest

from dollarflow import dollar_system, opening_state, simulate
from model.periods.path import Path


@pytest.fixture(scope="package")
def small_economy() -> Path:
    return simulate(dollar_system(), opening_state("2025-10-29"), periods=3).path
