"""Folders of files that a person downloaded by hand: told by content, refused by name, and made into figures."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from calibration.sources import SourceError, figures, open_folder, partial, prepare, read_folder
from tests.sources import layouts

WEDNESDAYS = layouts.days(date(2025, 7, 2), 13, 7)
STAMP = 1764892800  # 5 December 2025


def put(folder: Path, name: str, body: str | bytes, changed: int = STAMP) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    os.utime(path, (changed, changed))
    return path


def h41(levels: dict[str, float]) -> str:
    series = {f"H41/H41/{name}": [f"{level:.0f}" for _ in WEDNESDAYS] for name, level in levels.items()}
    return layouts.board_download(series, [day.isoformat() for day in WEDNESDAYS])


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    put(tmp_path, "some name (1).csv", h41({"RESPPMA_N.WW": 6_600_000, "RESPPLLDT_N.WW": 800_000, "RESPPAC_N.WW": 1500}))
    put(
        tmp_path,
        "DGS10.csv",
        layouts.fred_graph(["DGS10"], [(day.isoformat(), "4.10") for day in layouts.working_days(date(2025, 7, 1), 66)]),
    )
    put(
        tmp_path, "sub/REPO-DVP_AR_OO-P.json", "[" + ",".join(f'["{day}", 4.3]' for day in layouts.working_days(date(2025, 7, 1), 66)) + "]"
    )
    put(tmp_path, "table5", layouts.table5_of())
    tff = layouts.tff_text(
        [layouts.tff_row(day, code, (10000, 110000)) for day in (date(2025, 9, 23), date(2025, 9, 30)) for code in layouts.TFF_CODES]
    )
    with zipfile.ZipFile(put(tmp_path, "fut_fin_txt_2025.zip", b""), "w") as archive:
        archive.writestr("FinFutYY.txt", tff)
    put(tmp_path, "README.md", "Downloaded on 5 December")
    return tmp_path


def test_files_are_recognised_by_content(downloads: Path) -> None:
    folder = read_folder(downloads)
    assert folder.unrecognised == ()
    assert folder.formats == {
        "DGS10.csv": "FRED graph (CSV)",
        "fut_fin_txt_2025.zip/FinFutYY.txt": "CFTC TFF text (FinFutYY)",
        "some name (1).csv": "Federal Reserve Board Data Download (CSV)",
        "sub/REPO-DVP_AR_OO-P.json": "OFR bare series (JSON)",
        "table5": "TIC SLT table 5",
    }
    assert {item.vintage for item in folder.series if item.publisher == "TIC"} == {date(2025, 12, 5)}
    assert all(item.severity == "note" for item in folder.findings)
    unused = {item.where: item.message for item in folder.findings}
    assert unused["some name (1).csv"] == "1 other series of the file are not used"


def test_figures_carry_unit_timing_source_and_file(downloads: Path) -> None:
    folder = read_folder(downloads)
    made = {item.figure: item for item in figures(prepare(folder.series, found=folder.findings, reference={}))}
    assert made["fed_total_assets"].value == 6600.0
    tga = made["treasury_general_account_wed"]
    assert (tga.value, tga.unit, tga.timing) == (800.0, "USD bn", "last Wednesday of the quarter")
    assert (tga.source, tga.origin) == ("Federal Reserve Board H41/H41/RESPPLLDT_N.WW", "some name (1).csv")
    assert made["treasury_10y_yield_quarter_avg"].value == pytest.approx(4.1)
    assert made["tic_treasuries_japan"].quarter == date(2025, 9, 30)
    # Six contracts, each 10,000 long and 110,000 short; faces of 200 thousand dollars for two years and 100 thousand for the others.
    assert made["cftc_levfunds_treasury_futures_net_contracts"].value == -600000.0
    assert made["cftc_levfunds_treasury_futures_net_notional"].value == pytest.approx(-(100 * 0.2 + 5 * 100 * 0.1))


def test_asking_for_a_figure_that_no_file_has(downloads: Path) -> None:
    folder = read_folder(downloads)
    prepared = prepare(folder.series, found=folder.findings, reference={})
    with pytest.raises(SourceError, match="no file has it"):
        figures(prepared, ["m2"])
    with pytest.raises(SourceError, match="nearest: m2"):
        figures(prepared, ["m_2"])


@pytest.mark.parametrize(
    ("name", "body", "check"),
    [
        ("holiday.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "unrecognised"),
        ("notes.txt", b"remember the milk", "unrecognised"),
        ("page.csv", b"<!doctype html><html>Not found</html>", "wrong content"),
        ("broken.zip", b"PK\x03\x04 and then nothing", "truncated body"),
        ("cut.csv", h41({"RESPPMA_N.WW": 6_600_000, "RESPPLLDT_N.WW": 800_000}).rsplit(",", 1)[0].encode(), "truncated body"),
        ("data.json", layouts.fred_observations([(date(2025, 10, 29), "4.27")]).encode(), "not in the catalogue"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_stops_figures(downloads: Path, name: str, body: bytes, check: str) -> None:
    put(downloads, name, body)
    folder = read_folder(downloads)
    assert [(item.check, item.where) for item in folder.findings if item.severity == "error"] == [(check, name)]
    assert (name in folder.unrecognised) == (check == "unrecognised")
    with pytest.raises(SourceError, match=name):
        prepare(folder.series, found=folder.findings, reference={})
    assert prepare(folder.series, found=folder.findings, reference={}, accepted=[check]).of("fed_assets")


def test_a_misspelt_series_of_fred_is_an_error_with_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, "graph.csv", layouts.fred_graph(["WALLC", "SOFR"], [("2025-10-29", "6600000", "4.27")]))
    (finding,) = read_folder(tmp_path).findings
    assert "'WALLC' of graph.csv is not mapped; nearest: WALCL" in finding.message
    assert finding.severity == "error"


def test_a_download_without_any_known_series_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, "h41.csv", h41({"RESPPAC_N.WW": 1500}))
    (finding,) = read_folder(tmp_path).findings
    assert (finding.check, finding.severity) == ("not in the catalogue", "error")
    assert "nearest: H41/H41/RESPP" in finding.message


def test_pages_saved_one_by_one_are_put_together(tmp_path: Path) -> None:
    days = layouts.working_days(date(2025, 7, 1), 66)
    rows = [layouts.debt_row(day, "30000000000000.00", "7000000000000.00", "37000000000000.00") for day in days]
    pages = [rows[:30], rows[30:60], rows[60:]]
    for place, part in enumerate(pages, start=1):
        put(tmp_path, f"page{4 - place}.json", layouts.fiscal(part, page=place, pages=3, whole=66))
    folder = read_folder(tmp_path)
    assert len(folder.series[0].dates) == 66
    assert folder.findings == ()
    (tmp_path / "page2.json").unlink()
    (finding,) = read_folder(tmp_path).findings
    assert finding.check == "missing pages"


def test_freds_own_description_contradicts_a_unit(tmp_path: Path) -> None:
    put(tmp_path, "WRESBAL.csv", layouts.fred_graph(["WRESBAL"], [(day.isoformat(), "3300.5") for day in WEDNESDAYS]))
    put(tmp_path, "about.json", layouts.fred_description("WRESBAL", "Billions of U.S. Dollars"))
    assert read_folder(tmp_path).findings == ()
    put(tmp_path, "about.json", layouts.fred_description("WRESBAL", "Millions of U.S. Dollars"))
    (finding,) = read_folder(tmp_path).findings
    assert finding.check == "unit"
    assert "Millions of U.S. Dollars" in finding.message


def test_a_later_file_of_a_series_replaces_and_extends(tmp_path: Path) -> None:
    put(
        tmp_path,
        "SOFR_a.json",
        layouts.fred_observations([(day, "4.30") for day in layouts.days(date(2025, 10, 6), 5)], vintage="2025-10-11"),
    )
    put(
        tmp_path,
        "SOFR_b.json",
        layouts.fred_observations([(day, "4.31") for day in layouts.days(date(2025, 10, 9), 2)], vintage="2025-10-12"),
    )
    folder = read_folder(tmp_path)
    assert folder.series[0].values == (4.30, 4.30, 4.30, 4.31, 4.31)
    (note,) = folder.findings
    assert (note.check, note.severity) == ("revision", "note")


def test_no_folder_and_no_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="no files"):
        read_folder(tmp_path)


def graph(first: date, count: int) -> str:
    return layouts.fred_graph(["DGS10"], [(day.isoformat(), "4.10") for day in layouts.working_days(first, count)])


def test_a_folder_opens_only_when_every_check_passes(tmp_path: Path) -> None:
    put(tmp_path, "DGS10.csv", graph(date(2016, 7, 1), 66))
    assert "yield_10y" in open_folder(tmp_path).observations
    put(tmp_path, "notes.dat", "nothing that a publisher wrote\n")
    with pytest.raises(SourceError, match=r"unrecognised: notes\.dat"):
        open_folder(tmp_path)
    assert "yield_10y" in open_folder(tmp_path, accepted=["unrecognised"]).observations


def test_a_quarter_that_stops_early_is_left_out_and_told(tmp_path: Path) -> None:
    put(tmp_path, "DGS10.csv", graph(date(2025, 7, 1), 90))
    prepared = prepare(read_folder(tmp_path).series, reference={})
    whole = figures(prepared)
    assert {item.quarter for item in whole} == {date(2025, 9, 30)}
    assert {(item.check, item.severity) for item in partial(prepared)} == {("incomplete period", "note")}
    assert all("2025-12-31" in item.message for item in partial(prepared))
    put(tmp_path, "DGS10.csv", graph(date(2025, 7, 1), 20))
    short = prepare(read_folder(tmp_path).series, reference={})
    assert figures(short) == ()
    with pytest.raises(SourceError, match=r"incomplete period: .*2025-09-30"):
        figures(short, [whole[0].figure])
