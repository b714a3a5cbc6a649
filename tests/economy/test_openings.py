"""Every opening, on every clock, with calendar and dated policy: the laws of accounting hold and the opening's books close."""

from __future__ import annotations

import numpy as np
import pytest

from tests.economy.laboratory import experiment
from tests.economy.ledger import Books
from tests.economy.test_fuzz import broken_law

DAYS = ("2021-12-31", "2024-12-31", "2025-09-30", "2025-10-29", "2025-12-31")
PERIODS = {"weekly": 26, "monthly": 12, "quarterly": 8, "daily": 21}


@pytest.mark.parametrize("clock", sorted(PERIODS))
@pytest.mark.parametrize("day", DAYS)
def test_every_opening_obeys_every_law(day: str, clock: str) -> None:
    path = experiment(PERIODS[clock], clock, day).run()
    assert broken_law(path) == ""
    assert path.consistency.consistent, str(path.consistency)
    assert float(path.certificates.max()) < 1e-10
    assert float(np.abs(path.hidden_gaps).max()) < 1e-9 * float(path["gdp"][0])
    assert min(float(path[k].min()) for k in Books(path).cells if not k.startswith("fed_equity")) > -1e-9


@pytest.mark.parametrize("day", DAYS)
def test_the_first_day_stays_near_the_opening(day: str) -> None:
    """Anchors put the curves through the opening: nothing jumps in the first day, not even where that day's cut was announced before."""
    path = experiment(1, "daily", day, calendar=False).run()
    for name, limit in (("yield_notes", 2e-4), ("yield_bonds", 2e-4), ("basis", 2e-4)):
        assert abs(float(path[name][1] - path[name][0])) < limit, name
    for name in ("debt", "deposits", "mmf_shares", "notes__face", "bonds__face", "loans", "bank_equity"):
        assert abs(float(path[name][1] / path[name][0]) - 1.0) < 0.01, name
