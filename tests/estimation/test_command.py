"""``dollarflow calibrate``: committed tables reproduced, a folder of published files used, bad folders refused."""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path

import pytest

from calibration.history import history
from dollarflow.cli import call
from tests.sources import layouts

FOLDER = Path(__file__).parents[2] / "calibration" / "data"
STAMP = 1764892800


def ten_year(folder: Path, times: float = 1.0) -> Path:
    """The ten-year yield of the third quarter of 2025 as compiled, two basis points up on its last ten days."""
    days, values = history("yield_10y")
    quarter = [(day, float(value)) for day, value in zip(days, values, strict=True) if date(2025, 7, 1) <= day <= date(2025, 9, 30)]
    rows = [(day.isoformat(), f"{times * (value + 0.02 * (day > date(2025, 9, 16))):.4g}") for day, value in quarter]
    file = folder / "DGS10.csv"
    file.write_text(layouts.fred_graph(["DGS10"], rows), encoding="utf-8")
    os.utime(file, (STAMP, STAMP))
    return folder


def test_tables_are_written_and_are_the_committed_ones(tmp_path: Path) -> None:
    out = tmp_path / "tables"
    assert call(["calibrate", "--quiet", "--out", str(out)]) == 0
    exact = ["opening_adjustments.csv", "opening_cells.csv", "running_values.csv"]
    assert sorted(item.name for item in out.iterdir()) == ["estimates.toml", *exact[:2], "openings", exact[2]]
    for name in exact:
        assert (out / name).read_text(encoding="utf-8") == (FOLDER / name).read_text(encoding="utf-8")
    assert tomllib.loads((out / "estimates.toml").read_text(encoding="utf-8")).keys() >= {"reserve_demand", "standing_repo", "silent"}


def test_a_folder_of_published_files_moves_what_depends_on_it(tmp_path: Path) -> None:
    """A revised ten-year yield in the third quarter of 2025: banks' Treasuries are estimated on it, repo rates are not."""
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    assert call(["calibrate", "--quiet", "--data", str(ten_year(data)), "--out", str(out)]) == 0
    made = tomllib.loads((out / "estimates.toml").read_text(encoding="utf-8"))
    kept = tomllib.loads((FOLDER / "estimates.toml").read_text(encoding="utf-8"))
    assert made["bank_treasuries"] != kept["bank_treasuries"]
    same = made["standing_repo"]["parameter"]["srf_slope"]["value"]
    assert same == pytest.approx(kept["standing_repo"]["parameter"]["srf_slope"]["value"], rel=1e-9)


def test_bad_folders_are_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["calibrate", "--data", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert call(["calibrate", "--data", str(ten_year(tmp_path, 100.0))]) == 2
    assert "DGS10" in capsys.readouterr().err
