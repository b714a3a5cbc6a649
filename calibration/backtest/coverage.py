"""Bands of the backtest as text and tables: what part of history they hold, and the fans themselves."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from calibration.backtest.bands import LEVEL, Fan

COMMITTED_DRAWS = 100
FILE = "coverage.csv"
COLUMNS = ("window", "variable", "unit", "dates", "coverage", "stated", "mean_width", "draws")
FAN_COLUMNS = ("window", "variable", "unit", "date", "low", "middle", "high", "published")


def coverage_csv(found: Sequence[Fan], draws: int) -> str:
    """Part of the published figures inside each band, as CSV; the committed ``data/coverage.csv`` is this text for a hundred draws."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for fan in found:
        width = float(np.nanmean(fan.high - fan.low))
        count = int(np.isfinite(fan.published).sum())
        writer.writerow([fan.window, fan.variable, fan.unit, count, f"{fan.coverage:.4f}", LEVEL, f"{width:.5g}", draws])
    return stream.getvalue()


def fans_csv(found: Sequence[Fan]) -> str:
    """The bands by date with the published figure, empty where there is none, as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FAN_COLUMNS)
    for fan in found:
        for row in zip(fan.dates, fan.low, fan.middle, fan.high, fan.published, strict=True):
            numbers = [f"{value:.6g}" if np.isfinite(value) else "" for value in row[1:]]
            writer.writerow([fan.window, fan.variable, fan.unit, row[0], *numbers])
    return stream.getvalue()


def coverage_text(found: Sequence[Fan], draws: int) -> str:
    """The coverage for reading: windows down, variables across."""
    names = list(dict.fromkeys(fan.variable for fan in found))
    lines = [f"part of the published figures inside the {LEVEL:.0%} band, {draws} draws", f"{'':<15}" + "".join(f"{n:>13}" for n in names)]
    for window in dict.fromkeys(fan.window for fan in found):
        cells = {fan.variable: f"{fan.coverage:.0%}" for fan in found if fan.window == window}
        lines.append(f"{window:<15}" + "".join(f"{cells.get(name, ''):>13}" for name in names))
    return "\n".join(lines)
