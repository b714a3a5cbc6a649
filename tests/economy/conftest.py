"""Paths that many tests read; each is solved once."""

from __future__ import annotations

import pytest

from model.periods.path import Path
from tests.economy.laboratory import Experiment, baseline, quiet, quiet_path


@pytest.fixture(scope="session")
def year() -> Path:
    """Fifty-two weeks from 29 October 2025 with calendar and dated policy."""
    return baseline()


@pytest.fixture(scope="session")
def decade() -> Path:
    """Ten years of weeks from 29 October 2025."""
    return baseline(520)


@pytest.fixture(scope="session")
def calm() -> Experiment:
    """The experiment without calendar and events from 31 December 2025."""
    return quiet()


@pytest.fixture(scope="session")
def calm_path() -> Path:
    """Its path."""
    return quiet_path()
