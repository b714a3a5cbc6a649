"""What ``dollarflow calibrate`` makes: tables of estimates and of balancing, from the compiled data or a folder of published files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dollarflow.errors import BadInput
from dollarflow.files import write_file

if TYPE_CHECKING:
    from calibration.estimation.samples import Newer

NAMES = {
    "bank_deposits_all_commercial_banks": "bank_deposits",
    "bank_average_cost_of_deposits": "deposit_cost",
    "mmf_total_investments": "mmf_assets",
    "z1_treasuries_held_mmfs": "mmf_treasuries",
    "z1_treasuries_held_banks": "bank_treasuries",
}
"""Figures of the catalogue by the names that estimation has for them."""


def newer_from(folder: Path | None) -> tuple[Newer, tuple[str, ...]]:
    """The observations of a folder of published files, checked, and the notes of reading them; nothing newer without a folder.

    Raises
    ------
    BadInput
        No such folder, no usable file, or a check that fails; every finding is listed.
    """
    from calibration.estimation.samples import COMPILED, Newer
    from calibration.sources import SourceError, figures, histories, prepare, read_folder

    if folder is None:
        return COMPILED, ()
    try:
        found = read_folder(folder)
        prepared = prepare(found.series, found=found.findings)
    except SourceError as error:
        raise BadInput(f"{folder}: {error}") from None
    quarters: dict[str, dict[date, float]] = {}
    for figure in figures(prepared):
        quarters.setdefault(NAMES.get(figure.figure, figure.figure), {})[figure.quarter] = figure.value
    daily = histories(prepared)
    if not quarters and not daily:
        raise BadInput(f"{folder}: its files hold no series that calibration uses")
    return Newer(daily, quarters), tuple(str(item) for item in prepared.findings)


def calibrated(newer: Newer) -> tuple[Mapping[str, str], str]:
    """The tables by file name, and the estimates as text."""
    from calibration.adjustments import adjustments_csv
    from calibration.estimation.report import estimates_text, estimates_toml
    from calibration.estimation.samples import observations
    from calibration.posterior import cells_csv

    with observations(newer):
        tables = {"estimates.toml": estimates_toml(), "opening_adjustments.csv": adjustments_csv(), "opening_cells.csv": cells_csv()}
        return tables, estimates_text()


def write_tables(tables: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Writes the tables into a folder, made where it does not exist.

    Raises
    ------
    BadInput
        A place that cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"cannot write into {folder}: {error.strerror}") from None
    for name, text in tables.items():
        write_file(folder / name, text.encode())
    return tuple(folder / name for name in tables)
