"""Figures as economists write them."""

from __future__ import annotations

import math

import pytest

from dollarflow.reports.measures import (
    BASIS_POINTS,
    BILLIONS,
    BILLIONS_A_YEAR,
    PERCENT,
    RATIO,
    SHARE,
    Measure,
    scientific,
    written,
)
from dollarflow.reports.palette import FINANCIERS, INSTRUMENTS, OKABE_ITO, RATES, SECTORS, colour, stroke, translucent

CASES = [
    (PERCENT, 0.0427, "4.27 %"),
    (SHARE, 0.2268, "22.7 %"),
    (BASIS_POINTS, 0.00005, "0.5 bp"),
    (BASIS_POINTS, -0.0012, "−12.0 bp"),
    (BILLIONS, 2827.94, "2,828 bn"),
    (BILLIONS, 999.96, "1,000 bn"),
    (BILLIONS, 19.504, "19.5 bn"),
    (BILLIONS, -0.01, "0.0 bn"),
    (BILLIONS, -31484.2, "−31.48 tn"),
    (BILLIONS_A_YEAR, 1776.0, "1,776 bn/yr"),
    (RATIO, 11.056, "11.06"),
    (BILLIONS, math.nan, ""),
]


@pytest.mark.parametrize(("measure", "stored", "text"), CASES)
def test_figures_are_written_in_the_unit_that_fits(measure: Measure, stored: float, text: str) -> None:
    assert measure.text(stored) == text


def test_signs_and_powers() -> None:
    assert written(0.0, 1, signed=True) == "0.0"
    assert written(2.0, 1, signed=True) == "+2.0"
    assert scientific(8.6e-12) == "8.6·10⁻¹²"
    assert scientific(-1.0) == "−1.0·10⁰"
    assert scientific(math.nan) == "not a number"


def luminance(shade: str) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines define it."""
    parts = [int(shade[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_palette_is_okabe_and_ito_and_lines_are_seen_on_white() -> None:
    published = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
    assert set(OKABE_ITO) == published
    for shades in (SECTORS, INSTRUMENTS, RATES, FINANCIERS):
        assert set(shades.values()) <= published | {"#7F7F7F", "#BBBBBB"}
        for shade in shades.values():
            assert 1.05 / (luminance(stroke(shade)) + 0.05) > 2.0
    assert len(set(SECTORS.values())) == 8
    assert colour("fed") == SECTORS["fed"]
    assert translucent("#000000", 0.25) == "rgba(0,0,0,0.25)"
