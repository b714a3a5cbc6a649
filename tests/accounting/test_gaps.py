"""Gaps of an audit: relative to the terms, and none where a number has no digits left."""

from __future__ import annotations

import numpy as np
import pytest

from model.accounting.violation import find


@pytest.mark.parametrize(
    ("gap", "scale", "count"), [(1e-3, 1.0, 1), (5e-324, 1e-322, 0), (np.nan, 1.0, 1), (1e-300, 0.0, 1), (0.0, 0.0, 0)]
)
def test_a_gap_counts_where_it_can_be_told_from_rounding(gap: float, scale: float, count: int) -> None:
    found = find("check", np.array([[gap]]), np.array([[scale]]), ["place"], lambda t, j, day: "off", dates=None)
    assert len(found) == count
