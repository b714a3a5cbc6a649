"""What ``dollarflow calibrate`` makes: openings and tables of estimates, from the compiled data or a folder of published files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dollarflow.errors import BadInput
from dollarflow.files import write_file

if TYPE_CHECKING:
    from calibration.newer import Newer, Stated
    from calibration.sources import Figure, Finding, Prepared

NAMES = {
    "bank_deposits_all_commercial_banks": "bank_deposits",
    "bank_average_cost_of_deposits": "deposit_cost",
    "mmf_total_investments": "mmf_assets",
    "mmf_repo_with_fed": "mmf_repo_fed",
    "mmf_treasury_bills": "mmf_bills",
    "z1_treasuries_held_mmfs": "mmf_treasuries",
    "z1_treasuries_held_banks": "bank_treasuries",
}
"""Figures of the catalogue by the names that estimation has for them."""
BALANCED = {
    "fed_agency_mbs_held": "agency held by fed",
    "treasury_bills_outstanding": "bills",
    "treasury_coupons_outstanding": "coupons",
    "currency_in_circulation": "currency",
    "federal_surplus_deficit_quarter": "deficit",
    "bank_deposits_all_commercial_banks": "deposits",
    "fed_total_assets": "fed total assets",
    "fed_treasuries_held": "fed_treasuries",
    "foreign_rrp": "foreign_repo_pool",
    "gdp_nominal_saar": "gdp",
    "hf_relative_value_net_assets": "hedge_fund_equity",
    "bank_loans_and_leases": "loans",
    "mmf_treasury_bills": "mmf_bills",
    "mmf_total_investments": "mmf_shares",
    "z1_treasuries_held_mmfs": "mmf_treasuries",
    "on_rrp_quarter_end_day": "on_rrp",
    "mmf_repo_with_fed": "on_rrp held by mmf",
    "fed_reserve_balances_wed": "reserves",
    "srf_quarter_end_day": "srf",
    "treasury_general_account_wed": "tga",
    "mmf_repo_private": "tri-party repo of mmf",
}
"""Figures of the catalogue by the names that balancing has for them."""
TURNED = ("deficit",)
STATEMENT = {
    "fed_assets": "fed total assets",
    "fed_treasuries": "fed_treasuries",
    "fed_mbs": "agency held by fed",
    "fed_reserves": "reserves",
    "tga": "tga",
    "foreign_rrp": "foreign_repo_pool",
    "currency": "currency",
}
"""Series of the Fed's weekly statement. Where the year ends on a Tuesday, the compiled figure is of the Wednesday that follows."""
TUESDAY = 1
OPENINGS = "openings"


def newer_from(folder: Path | None, accepted: Sequence[str] = ()) -> tuple[Newer, tuple[str, ...]]:
    """The observations of a folder of published files, checked, and the notes of reading them; nothing newer without a folder.

    Parameters
    ----------
    folder
        The files.
    accepted
        Checks whose errors are accepted, by name.

    Raises
    ------
    BadInput
        No such folder, no usable file, an unknown check, or a check that fails; every finding is listed.
    """
    from calibration.newer import COMPILED
    from calibration.sources import CHECKS, SourceError, figures, prepare, read_folder
    from calibration.sources.figures import partial, unused
    from calibration.sources.findings import errors

    if folder is None:
        return COMPILED, ()
    try:
        found = read_folder(folder)
        prepared = prepare(found.series, found=found.findings, accepted=CHECKS)
        made = figures(prepared)
        stated = restatements(made, prepared)
        newer = newer_of(made, prepared, stated)
        findings = (*prepared.findings, *unlike_compiled(made, stated))
        if standing := errors(findings, accepted) or errors(moved_openings(newer), accepted):
            raise SourceError(standing)
    except SourceError as error:
        raise BadInput(f"{folder}: {error}") from None
    except ValueError as error:
        raise BadInput(f"--accept: {error}") from None
    if not newer.quarters and not newer.histories:
        raise BadInput(f"{folder}: its files hold no series that calibration uses")
    notes = (*findings, *moved_openings(newer), *partial(prepared), *unused(prepared, (*BALANCED, *NAMES)))
    return newer, tuple(str(item) for item in notes)


def newer_of(made: Sequence[Figure], prepared: Prepared, stated: Mapping[str, Mapping[date, Stated]]) -> Newer:
    """The observations of checked files by the names that histories, estimation and balancing have for them."""
    from calibration.newer import Newer
    from calibration.sources import histories

    quarters: dict[str, dict[date, float]] = {}
    for figure in made:
        quarters.setdefault(NAMES.get(figure.figure, figure.figure), {})[figure.quarter] = figure.value
    return Newer(histories(prepared), quarters, stated)


def restatements(made: Sequence[Figure], prepared: Prepared) -> dict[str, dict[date, Stated]]:
    """The figures that balancing uses, by its names, with their source and vintage."""
    from calibration.newer import Stated
    from calibration.sources.units import factor

    found: dict[str, dict[date, Stated]] = {}
    for figure in made:
        if figure.figure in BALANCED:
            name = BALANCED[figure.figure]
            vintage = f", vintage {figure.vintage}" if figure.vintage else ""
            value = -figure.value if name in TURNED else figure.value
            found.setdefault(name, {})[figure.quarter] = Stated(value, f"files of the caller: {figure.source}{vintage}")
    for series, name in STATEMENT.items():
        for day in [day for day in found.get(name, {}) if (day.month, day.day) == (12, 31) and day.weekday() == TUESDAY]:
            after = prepared.observations[series].get(day + timedelta(days=1))
            old = found[name].pop(day)
            if after is not None:
                found[name][day] = Stated(after * factor(prepared.units[series], "USD bn"), old.source)
    return found


def unlike_compiled(made: Sequence[Figure], stated: Mapping[str, Mapping[date, Stated]]) -> tuple[Finding, ...]:
    """Findings about quarterly figures that differ from those compiled: errors beyond an ordinary revision, notes within it.

    Figures that balancing uses are compared under its names and dates, the others as they were made.
    """
    from calibration.sources.comparison import check_reference
    from calibration.sources.revisions import known_figures, revisions

    values = {name: {day: item.value for day, item in rows.items()} for name, rows in stated.items()}
    found = check_reference(values, known_figures("quarters"))
    for table in ("quarters", "estimation", "published"):
        others: dict[str, dict[date, float]] = {}
        for row in revisions():
            own = {item.quarter: row.times * item.value for item in made if item.figure == row.of}
            if row.table == table and row.of not in BALANCED and own:
                others[row.compiled] = own
        found += check_reference(others, known_figures(table))
    return tuple(found)


def moved_openings(newer: Newer) -> tuple[Finding, ...]:
    """Errors about rows and rates of openings that the observations move by more than their deviations allow."""
    from calibration.moves import moves
    from calibration.newer import observations
    from calibration.sources.comparison import check_moved

    with observations(newer):
        return tuple(check_moved((item.date, item.name, item.old, item.new, item.size) for item in moves()))


def calibrated(newer: Newer) -> tuple[Mapping[str, str], str]:
    """The tables by file name, and the estimates as text.

    Raises
    ------
    BadInput
        Figures that balancing cannot close; the message names them.
    """
    from calibration.adjustments import adjustments_csv
    from calibration.estimation.report import estimates_text, estimates_toml
    from calibration.estimation.running import FILE as RUNNING
    from calibration.estimation.running import running_csv, running_text
    from calibration.newer import COMPILED, observations
    from calibration.posterior import cells_csv
    from calibration.tables import DataError
    from dollarflow.written_opening import opening_files

    with observations(newer):
        try:
            tables = {"estimates.toml": estimates_toml(), "opening_adjustments.csv": adjustments_csv(), "opening_cells.csv": cells_csv()}
            tables[RUNNING] = running_csv()
            tables |= {f"{OPENINGS}/{name}": text for name, text in opening_files().items()}
        except (DataError, ValueError) as error:
            if newer is COMPILED:
                raise
            raise BadInput(f"--data: {error}") from None
        text = f"{estimates_text()}\n\n{running_text()}"
        return tables, text if newer is COMPILED else f"{text}\n\n{taken_text()}"


def further_tables(newer: Newer, profiles: bool, relation: str | None) -> dict[str, str]:
    """The profile likelihoods, and the posterior sample of one relation, by file name, where they are asked for.

    Raises
    ------
    BadInput
        An unknown relation, or a sampler that is not installed.
    """
    from calibration.estimation.profiles import FILE, profiles_csv
    from calibration.estimation.registry import studies
    from calibration.estimation.sampling import NoSampler, sample_csv, sampled
    from calibration.newer import observations

    found: dict[str, str] = {}
    if not profiles and relation is None:
        return found
    with observations(newer):
        known = {study.name: study for study in studies()}
        if relation is not None and relation not in known:
            raise BadInput(f"--posterior {relation!r}: no such relation; there are: {', '.join(known)}")
        if profiles:
            found[FILE] = profiles_csv(tuple(known.values()))
        if relation is not None:
            try:
                found[f"posterior_{relation}.csv"] = sample_csv(known[relation], sampled(known[relation].fit))
            except NoSampler as error:
                raise BadInput(f"--posterior: {error}") from None
    return found


def taken_text() -> str:
    """What the files move in each opening, which rows rest on them, and which were taken from the compiled set."""
    from calibration.moves import moves
    from calibration.opening import figures, opening_dates
    from calibration.restating import from_files, rates_from_files

    moved = [f"  {item}" for item in moves()]
    lines = ["rows and rates of the openings that the files move, with the size in deviations", *(moved or ["  none"])]
    lines += ["balance sheets: rows from the files, and rows that the files lack, taken from the compiled set"]
    for day in opening_dates():
        taken, kept = from_files(figures(day))
        lines.append(f"{day}: {len(taken)} from the files{': ' + ', '.join(taken) if taken else ''}")
        lines.append(f"  {len(kept)} from the compiled set: {', '.join(kept)}")
        lines.append(f"  rates from the files: {', '.join(rates_from_files(day)) or 'none'}")
    return "\n".join(lines)


def strained_text(newer: Newer) -> str:
    """The figures of every balanced day and quarter-end that balancing moves by more than three deviations, and what cures it."""
    from calibration.agreement import all_strained
    from calibration.newer import observations

    with observations(newer):
        lines = all_strained()
    return "\n".join(["figures that balancing moves by more than three deviations", *(f"  {line}" for line in lines or ("none",))])


def write_tables(tables: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Writes the tables into a folder, made where it does not exist; all of them or none.

    Raises
    ------
    BadInput
        A place that cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".tables-") as holding:
            for name, text in tables.items():
                place = Path(holding) / name
                place.parent.mkdir(parents=True, exist_ok=True)
                write_file(place, text.encode())
            for name in tables:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(str(Path(holding) / name), folder / name)
    except OSError as error:
        raise BadInput(f"cannot write into {folder}: {error.strerror}") from None
    return tuple(folder / name for name in tables)
