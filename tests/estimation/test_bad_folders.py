"""Bad folders, made from the compiled data: every one is refused by a named check and writes nothing; ordinary ones are accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from calibration.history import history
from calibration.newer import observations
from calibration.published import rows as rows_of
from calibration.state import opening_state
from dollarflow.calibrating import newer_from, taken_text
from dollarflow.cli import call
from dollarflow.errors import BadInput
from tests.estimation.test_restated_openings import LAST, compiled, folder_of, weekly, write
from tests.sources import layouts

FRED = {
    "SOFR": "sofr",
    "EFFR": "effr",
    "TGCRRATE": "tgcr",
    "RRPONTSYD": "on_rrp",
    "WALCL": "fed_total_assets",
    "WDTGAL": "tga",
    "DGS10": "yield_10y",
    "DGS2": "yield_2y",
    "DGS3MO": "yield_3m",
}
MILLIONS = ("WALCL", "WDTGAL")
WEDNESDAY = date(2025, 10, 29)
Columns = dict[str, dict[date, float]]
Put = Callable[[Path], None]


def year(name: str, first: date = date(2025, 1, 1)) -> dict[date, float]:
    times = 1000 if name in MILLIONS else 1
    return {day: float(value) * times for day, value in zip(*history(FRED[name]), strict=True) if first <= day <= LAST}


def every_day(values: Mapping[date, float]) -> dict[date, float]:
    """Values carried over closed days, as FRED lists IORB."""
    days = layouts.days(min(values), (LAST - min(values)).days + 1)
    found, last = {}, 0.0
    for day in days:
        last = found[day] = values.get(day, last)
    return found


IORB = every_day({day: float(value) for day, value in zip(*history("iorb"), strict=True) if date(2025, 1, 1) <= day})


def fred(**columns: dict[date, float]) -> Put:
    def put(folder: Path) -> None:
        for name, values in columns.items():
            rows = [(day.isoformat(), f"{round(value, 6):.10g}") for day, value in sorted(values.items())]
            (folder / f"{name}.csv").write_text(layouts.fred_graph([name], rows), encoding="utf-8")

    return put


def one(name: str, day: date, value: float) -> Put:
    return fred(**{name: year(name) | {day: value}})


def like(name: str, of: Mapping[date, float]) -> dict[date, float]:
    """Another series' values on the days of this one."""
    return {day: of[day] for day in year(name) if day in of}


def body(name: str, text: str) -> Put:
    def put(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return put


def reserves(times: float) -> Put:
    return lambda folder: write(folder, "WRBWFRBL", [(day, value * (times if day == LAST else 1)) for day, value in weekly("reserves")])


def portfolio(extra: float) -> Put:
    """The Fed's assets and Treasuries in the Board's layout; the last Treasuries are off while the assets are not."""
    days = layouts.days(date(2024, 12, 25), 54, 7)
    assets, held = (dict(zip(*history(name), strict=True)) for name in ("fed_total_assets", "fed_treasuries"))
    columns = {
        "H41/H41/RESPPMA_N.WW": [f"{1000 * assets[day]:.0f}" for day in days],
        "H41/H41/RESPPALGUO_N.WW": [f"{1000 * (held[day] + (extra if day == LAST else 0)):.0f}" for day in days],
    }
    return body("h41.csv", layouts.board_download(columns, [day.isoformat() for day in days]))


def debt(times: float) -> Put:
    """A monthly statement whose bills and coupons are the compiled ones, the last bills multiplied."""
    bills, coupons = compiled("bills"), compiled("coupons")
    ends = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), LAST]
    rows = []
    for month in range(3, 13):
        day = date(2025, month + 1, 1) - timedelta(days=1) if month < 12 else LAST
        near = next(end for end in ends if end >= day)
        rows += layouts.mspd_rows(
            day,
            {
                "Bills": 1000 * bills[near] * (times if day == LAST else 1),
                "Notes": 1000 * coupons[near] - 7800000.0,
                "Bonds": 5100000.0,
                "Treasury Inflation-Protected Securities": 2050000.0,
                "Floating Rate Notes": 650000.0,
            },
        )
    return body("debt.json", layouts.fiscal(rows))


def statement(*, exchanged: bool) -> Put:
    """Nine months of the Treasury's statement whose outlays less receipts are the compiled deficits, or the other way round."""
    deficit = compiled("deficit")
    rows = []
    for month in range(4, 13):
        day = date(2025, month + 1, 1) - timedelta(days=1) if month < 12 else LAST
        taken = 400e9
        spent = taken + deficit[next(end for end in sorted(deficit) if end >= day)] * 1e9 / 3
        rows += layouts.statement_rows(day, [(f"{day:%B}", *((spent, taken) if exchanged else (taken, spent)))], 5)
    return body("statement.json", layouts.fiscal(rows))


def holders(japan: str, china: str) -> Put:
    """Two holders at the ends of two quarters and the months between, as compiled."""
    months = ["2025-12", "2025-11", "2025-10", "2025-09"]
    known = {name: dict(dated("tic_" + name.lower())) for name in ("Japan", "China")}
    rows = {name: [known[name][date(2025, 9, 30) if month == "2025-09" else LAST] for month in months] for name in known}
    table = {"Japan": rows[japan], "China, Mainland": rows[china], "All Other": [7000.0] * 4}
    return body("slt_table5.txt", layouts.table5_of(months, table))


def dated(series: str) -> list[tuple[date, float]]:
    return [(row.date, row.value) for row in rows_of(series)]


def together(*puts: Put) -> Put:
    def put(folder: Path) -> None:
        for each in puts:
            each(folder)

    return put


SOFR, EFFR, TEN = year("SOFR"), year("EFFR"), year("DGS10")
DECEMBER, GOOD_FRIDAY = date(2025, 12, 1), date(2024, 3, 29)
BAD: dict[str, tuple[Put, str]] = {
    "SOFR and EFFR exchanged": (fred(SOFR=EFFR, EFFR=SOFR, IORB=IORB), "column swapped"),
    "SOFR and IORB exchanged": (fred(SOFR=like("SOFR", IORB), IORB=every_day(SOFR)), "column swapped"),
    "EFFR and IORB exchanged": (fred(EFFR=like("EFFR", IORB), IORB=every_day(EFFR)), "column swapped"),
    "SOFR and TGCR exchanged": (fred(SOFR=year("TGCRRATE"), TGCRRATE=SOFR), "column swapped"),
    "exchanged in the last month": (
        fred(SOFR=SOFR | year("DGS10", DECEMBER), DGS10=TEN | year("SOFR", DECEMBER)),
        "column swapped",
    ),
    "SOFR saved as EFFR": (
        body("EFFR.json", layouts.fred_observations([(day, f"{value:g}") for day, value in SOFR.items()])),
        "column swapped",
    ),
    "the last days in decimals": (
        fred(DGS10={day: value / 100 if day > date(2025, 12, 10) else value for day, value in TEN.items()}),
        "unit",
    ),
    "digits exchanged on one day": (one("SOFR", LAST, 8.73), "unlike the history"),
    "one day in decimals": (one("SOFR", WEDNESDAY, 0.0427), "unit"),
    "a value on Good Friday": (
        fred(DGS10={day: float(value) for day, value in zip(*history("yield_10y"), strict=True) if day.year == 2024} | {GOOD_FRIDAY: 2.4}),
        "unlike the history",
    ),
    "a digit lost on one Wednesday": (one("WDTGAL", WEDNESDAY, 98386.0), "unlike the history"),
    "an amount of thousands on one day": (one("RRPONTSYD", WEDNESDAY, 0.019504), "thousands for billions"),
    "assets off on one Wednesday": (one("WALCL", WEDNESDAY, 5587000.0), "unlike the history"),
    "reserves nine per cent up": (reserves(1.09), "unlike the history"),
    "bills a fifth up": (debt(1.19), "unlike the history"),
    "receipts and outlays exchanged": (statement(exchanged=True), "unlike the history"),
    "Japan and China exchanged": (holders("China", "Japan"), "unlike the history"),
    "Treasuries without assets": (portfolio(100.0), "unlike the history"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_folders_are_refused_by_name(name: str, tmp_path: Path) -> None:
    put, check = BAD[name]
    put(tmp_path)
    with pytest.raises(BadInput, match=f"{check}: "):
        newer_from(tmp_path)


def test_a_refused_folder_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    BAD["SOFR and EFFR exchanged"][0](data)
    assert call(["calibrate", "--data", str(data), "--out", str(out)]) == 2
    assert "column swapped: sofr: " in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    "put",
    [fred(SOFR=SOFR, EFFR=EFFR, IORB=IORB, DGS10=TEN), portfolio(0.0), debt(1.0), reserves(1.0)],
    ids=["rates", "Board", "MSPD", "H.4.1"],
)
def test_the_compiled_figures_themselves_are_accepted(put: Put, tmp_path: Path) -> None:
    put(tmp_path)
    newer, _ = newer_from(tmp_path)
    plain = opening_state(WEDNESDAY)
    with observations(newer):
        assert opening_state(WEDNESDAY) == pytest.approx(plain, rel=1e-9, abs=1e-9)


def test_ordinary_revisions_and_the_data_of_a_later_year_are_accepted(tmp_path: Path) -> None:
    """Reserves 12 bn, deposits 1 %, SOFR 2 bp on one day, GDP 0.5 % and thirteen weeks of 2026: notes, and the opening moves by them."""
    weeks = [LAST + timedelta(days=7 * step) for step in range(1, 14)]
    revised = [(day, value + 12.0 * (day == LAST)) for day, value in weekly("reserves")]
    data = folder_of(tmp_path / "data", {"WRBWFRBL": [*revised, *[(day, 2900.0 + step) for step, day in enumerate(weeks)]]})
    deposits = compiled("deposits")[LAST]
    write(data, "DPSACBW027SBOG", [(day, 1.01 * deposits) for day in layouts.days(date(2025, 10, 1), 14, 7)], 1.0)
    later = dict.fromkeys(layouts.working_days(date(2026, 1, 2), 40), 3.66)
    fred(SOFR=SOFR | {LAST: SOFR[LAST] + 0.02} | later)(data)
    write(data, "GDP", [(date(2025, 10, 1), 1.005 * compiled("gdp")[LAST])], 1.0)
    newer, notes = newer_from(data)
    assert any(note.startswith("revision: sofr: 1 of ") for note in notes)
    assert any(note.startswith("revision: deposits: 1 of ") for note in notes)
    plain = opening_state(LAST)
    with observations(newer):
        moved, text = opening_state(LAST), taken_text()
    assert moved["reserves"] - plain["reserves"] == pytest.approx(12.0, abs=0.05)
    assert moved["sofr"] - plain["sofr"] == pytest.approx(0.0002)
    assert "2025-12-31: sofr 0.0387 becomes 0.0389 1/yr, +1.00 deviations" in text
    assert "2025-12-31: reserves 2,853.4 becomes 2,865.4" in text


def test_what_no_opening_and_no_estimate_uses_is_told(tmp_path: Path) -> None:
    write(tmp_path, "M2SL", [(date(2025, 10, 1), 22200.0), (date(2025, 11, 1), 22280.0), (date(2025, 12, 1), 22353.4)], 1.0)
    BAD["SOFR and EFFR exchanged"][0](tmp_path)
    fred(SOFR=SOFR, EFFR=EFFR)(tmp_path)
    assert "unused: m2: read and checked; no opening and no estimate uses them" in newer_from(tmp_path)[1]
