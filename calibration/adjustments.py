"""The list of what balancing did to every published figure, as text and as the committed table."""

from __future__ import annotations

import csv
import io

from calibration.opening import opening_balance, opening_dates

COLUMNS = ("date", "figure", "published", "balanced", "adjustment", "std", "confidence", "basis", "timing", "source")
FILE = "opening_adjustments.csv"


def adjustments_csv() -> str:
    """The adjustments of every opening as CSV, USD bn to a thousandth.

    Ratios (class shares, average coupons) are stated in USD bn on their base. The committed ``data/opening_adjustments.csv``
    is this text.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for day in opening_dates():
        for item in opening_balance(day).adjustments:
            amounts = [f"{round(amount, 3) + 0.0:.3f}" for amount in (item.published, item.balanced, item.adjustment, item.std)]
            writer.writerow([day, item.figure, *amounts, item.confidence, item.basis, item.timing, item.source])
    return stream.getvalue()


def print_adjustments(least: float = 0.0) -> None:
    """Print the adjustments of at least ``least`` USD bn for every opening."""
    for day in opening_dates():
        print(opening_balance(day).table(least))
        print()


if __name__ == "__main__":
    print(adjustments_csv(), end="")
