"""Paths and tables that the money tests read; each is solved once."""

from __future__ import annotations

import pandas as pd
import pytest

from dollarflow.attribution.financing import financing_table
from dollarflow.attribution.ledger import Ledger
from model.periods.path import Path
from tests.economy.laboratory import baseline, experiment


@pytest.fixture(scope="session")
def year() -> Path:
    return baseline()


@pytest.fixture(scope="session")
def start() -> Path:
    """Two weeks, enough for a ledger."""
    return experiment(2).run()


@pytest.fixture(scope="session")
def ledger(start: Path) -> Ledger:
    return Ledger(start)


@pytest.fixture(scope="session")
def table(start: Path) -> pd.DataFrame:
    return financing_table(start)
