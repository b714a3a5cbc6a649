"""The difference of two runs by mechanism, for the page: the one part that solves the model again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dollarflow.charts.names import label
from dollarflow.errors import BadInput
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS

VARIABLES = {"m2": BILLIONS, "sofr": BASIS_POINTS, "yield_bonds": BASIS_POINTS, "reserves": BILLIONS}


@dataclass(frozen=True)
class Explained:
    """What each mechanism adds to the difference in a variable at the end."""

    label: str
    rows: list[tuple[str, str]]


def by_mechanism(base: Path, changed: Path) -> list[Explained]:
    """The differences at the end by mechanism.

    Raises
    ------
    BadInput
        Runs that cannot be solved again; the message says why.
    """
    from dollarflow.attribution.runs import NoInputs
    from dollarflow.comparison import MECHANISM, compare

    try:
        comparison = compare(base, changed)
        tables = {name: comparison.decompose(name, by=MECHANISM) for name in VARIABLES if name in comparison.frame.columns}
    except (NoInputs, ValueError) as error:
        raise BadInput(f"--mechanisms: {error}") from None
    return [
        Explained(
            "Bond yield" if name == "yield_bonds" else label(name),
            [(label(str(key)), VARIABLES[name].text(float(value), signed=True)) for key, value in table.iloc[-1].items()],
        )
        for name, table in tables.items()
    ]
