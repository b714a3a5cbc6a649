"""How long a run may be."""

from __future__ import annotations

from dollarflow.errors import BadInput

LONGEST = 20_000
"""Periods: 79 years of business days, 384 of weeks."""


def check_length(periods: int, where: str, least: int = 1) -> None:
    """Refuses a number of periods that nobody can want.

    Raises
    ------
    BadInput
        Fewer periods than ``least``, or more than :data:`LONGEST`.
    """
    if not least <= periods <= LONGEST:
        raise BadInput(f"{where}: a run has {least:,} to {LONGEST:,} periods")
