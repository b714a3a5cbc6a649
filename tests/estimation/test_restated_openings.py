"""Openings from a folder of published files: restated figures give the compiled opening, revisions move it, damaged files write nothing."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration.history import history
from calibration.newer import Newer, observations
from calibration.opening import figures, opening_balance
from calibration.restating import from_files
from calibration.state import opening_state
from dollarflow.calibrating import newer_from
from dollarflow.cli import call
from dollarflow.written_opening import opening_files
from tests.sources import layouts

STAMP = 1767571200
FIRST, LAST = date(2024, 12, 25), date(2025, 12, 31)
QUARTERS = Path(__file__).parents[2] / "calibration" / "data" / "quarters.csv"
WEEKLY = {"WRBWFRBL": "reserves", "WSHOMCB": "agency held by fed", "WLRRAFOIAL": "foreign_repo_pool", "WDTGAL": "tga"}
IN_MILLIONS = 1000


def statement_of(day: date) -> date:
    """The Wednesday that a compiled quarter-end figure is of: the last one, but 1 January 2025 for the end of 2024."""
    return day + timedelta(days=1) if day == date(2024, 12, 31) else day - timedelta(days=(day.weekday() - 2) % 7)


def compiled(series: str) -> dict[date, float]:
    with QUARTERS.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["series"] == series]
    return {date.fromisoformat(row["date"]): float(row["value"]) for row in rows}


def weekly(series: str) -> list[tuple[date, float]]:
    """Wednesdays of a year: the compiled figure in each quarter's last week, the straight line between them."""
    if series == "tga":
        return [(day, float(value)) for day, value in zip(*history("tga"), strict=True) if FIRST <= day <= LAST]
    known = {statement_of(day): value for day, value in compiled(series).items()}
    days = layouts.days(FIRST, 54, 7)
    points = sorted(known)
    line = np.interp([day.toordinal() for day in days], [day.toordinal() for day in points], [known[day] for day in points])
    return [(day, known.get(day, float(value))) for day, value in zip(days, line, strict=True)]


def write(folder: Path, name: str, pairs: list[tuple[date, float]], times: float = IN_MILLIONS) -> None:
    rows = [(day.isoformat(), f"{round(value * times, 6):.10g}") for day, value in pairs]
    place = folder / f"{name}.csv"
    place.write_text(layouts.fred_graph([name], rows), encoding="utf-8")
    os.utime(place, (STAMP, STAMP))


def folder_of(folder: Path, changed: Mapping[str, list[tuple[date, float]]] | None = None) -> Path:
    """Four weekly statements and GDP as FRED publishes them, restating what is compiled."""
    folder.mkdir()
    for name, series in WEEKLY.items():
        write(folder, name, (changed or {}).get(name) or weekly(series))
    starts = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1)]
    ends = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)]
    write(folder, "GDP", [(start, compiled("gdp")[end]) for start, end in zip(starts, ends, strict=True)], 1.0)
    return folder


def test_files_that_restate_the_compiled_figures_give_the_compiled_opening(tmp_path: Path) -> None:
    newer, _ = newer_from(folder_of(tmp_path / "files"))
    plain = {day: opening_state(day) for day in (date(2025, 12, 31), date(2025, 6, 30))}
    with observations(newer):
        rows = {row.figure: row.source for row in figures(date(2025, 12, 31))}
        again = {day: opening_state(day) for day in plain}
    assert "files of the caller: FRED WRBWFRBL" in rows["reserves"]
    assert "files of the caller" not in rows["deposits"]
    for day, state in plain.items():
        assert {name: again[day][name] for name in state} == pytest.approx(state, rel=1e-9, abs=1e-9)


def test_a_revision_of_reserves_reaches_the_opening(tmp_path: Path) -> None:
    """The last Wednesday's reserves are revised by 12 bn: exact in the opening, and the Fed's other deposits take them."""
    revised = [(day, value + 12.0 * (day == LAST)) for day, value in weekly("reserves")]
    newer, _ = newer_from(folder_of(tmp_path / "files", {"WRBWFRBL": revised}))
    plain = opening_balance(LAST).cells
    with observations(newer):
        moved = opening_balance(LAST).cells
    assert moved["reserves__fed__banks"] - plain["reserves__fed__banks"] == pytest.approx(12.0)
    assert moved["fed_other_deposits__fed__private"] - plain["fed_other_deposits__fed__private"] == pytest.approx(-12.0, abs=0.5)


def test_the_opening_that_is_written_runs_as_calibrations_own(tmp_path: Path) -> None:
    """Cells, rates and flows read from the file give the first two weeks of the opening itself."""
    place = tmp_path / "2025-12-31.csv"
    place.write_text(opening_files((LAST,))["2025-12-31.csv"], encoding="utf-8")
    paths = []
    for name, more in (("own", ["--start", "2025-12-31"]), ("read", ["--opening", str(place)])):
        assert call(["run", "--quiet", "-n", "2", "--out", str(tmp_path / name), *more]) == 0
        with (tmp_path / name / "path.csv").open(encoding="utf-8") as stream:
            paths.append([[float(cell) for cell in row[2:] if cell] for row in list(csv.reader(stream))[1:]])
    for own, read in zip(*paths, strict=True):
        assert read == pytest.approx(own, rel=1e-8, abs=1e-8)


def swapped(folder: Path) -> None:
    for one, other in (("WRBWFRBL", "WDTGAL"), ("WDTGAL", "WRBWFRBL")):
        write(folder, one, weekly(WEEKLY[other]))


def thousandfold(folder: Path) -> None:
    write(folder, "WRBWFRBL", weekly("reserves"), 1.0)


def twice(folder: Path) -> None:
    write(folder, "WDTGAL", [*weekly("tga"), weekly("tga")[9]])


def with_a_gap(folder: Path) -> None:
    write(folder, "WDTGAL", [pair for place, pair in enumerate(weekly("tga")) if place not in (20, 21)])


def off_by_a_digit(folder: Path) -> None:
    write(folder, "WRBWFRBL", [(day, value - 2000 * (day == LAST)) for day, value in weekly("reserves")])


def broken_identity(folder: Path) -> None:
    """A vintage of the deficit whose receipts and outlays are not its own: FiscalData's statement of one month."""
    rows = layouts.statement_rows(date(2025, 9, 30), [("September", 543.7e9, 346.7e9)], 5)
    rows = [{**row, **({"current_month_dfct_sur_amt": "-99000000000"} if "current_month_dfct_sur_amt" in row else {})} for row in rows]
    place = folder / "statement.json"
    place.write_text(layouts.fiscal(rows), encoding="utf-8")
    os.utime(place, (STAMP, STAMP))


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (swapped, "column swapped"),
        (thousandfold, "thousands for billions"),
        (twice, "duplicated date"),
        (with_a_gap, "gap"),
        (off_by_a_digit, "unlike the history"),
        (broken_identity, "identity"),
    ],
)
def test_damaged_files_are_named_and_nothing_is_written(damage, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    data, out = folder_of(tmp_path / "files"), tmp_path / "out"
    damage(data)
    assert call(["calibrate", "--data", str(data), "--out", str(out)]) == 2
    assert f"{check}: " in capsys.readouterr().err
    assert not out.exists()


def test_an_accepted_check_lets_its_figures_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = folder_of(tmp_path / "files")
    with_a_gap(data)
    assert newer_from(data, ("gap",))[1]
    assert call(["calibrate", "--data", str(data), "--accept", "gaps"]) == 2
    assert "no check is called 'gaps'" in capsys.readouterr().err


def test_daily_figures_move_the_rows_and_rates_of_their_day() -> None:
    """On 29 October 2025 the account is revised by 10 bn and SOFR by 5 bp: both reach that opening, no other day's."""
    day, other = date(2025, 10, 29), date(2024, 12, 31)
    account, sofr = (dict(zip(*history(name), strict=True))[day] for name in ("tga", "sofr"))
    plain = {when: opening_state(when) for when in (day, other)}
    with observations(Newer({"tga": {day: account + 10.0}, "sofr": {day: sofr + 0.05}})):
        moved = {when: opening_state(when) for when in (day, other)}
    assert moved[day]["tga"] - plain[day]["tga"] == pytest.approx(10.0)
    assert moved[day]["sofr"] - plain[day]["sofr"] == pytest.approx(0.0005)
    assert moved[other] == plain[other]


def test_rows_from_the_files_and_rows_without_them_are_named(tmp_path: Path) -> None:
    """Reserves rest on the files, loans on the compiled set, every row on one of them."""
    newer, _ = newer_from(folder_of(tmp_path / "files"))
    with observations(newer):
        taken, kept = from_files(figures(LAST))
    assert "reserves" in taken
    assert "loans" in kept
    assert set(taken).isdisjoint(kept)
    assert len(taken) + len(kept) == len(figures(LAST))
