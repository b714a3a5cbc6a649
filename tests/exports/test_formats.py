"""Exports of a result folder, read back by the formats' own libraries and held against the folder's CSV files bit for bit."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

from dollarflow.cli import call
from dollarflow.simulation import Simulation
from tests.application import toy

TABLES = ("path", "holdings", "transactions", "revaluations", "payments")
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def run() -> Simulation:
    return toy.run()


@pytest.fixture(scope="module")
def folder(run: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.write(tmp_path_factory.mktemp("result") / "toy")


@pytest.fixture
def export(folder: Path, tmp_path: Path) -> Callable[[str], Path]:
    def write(ending: str) -> Path:
        place = tmp_path / f"toy.{ending}"
        assert call(["export", str(folder), "--out", str(place), "--quiet"]) == 0
        return place

    return write


def lines(folder: Path, table: str) -> Rows:
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def field(value: Any) -> str:
    """What the result folder writes for a value: nothing for a missing one, the shortest text of a double."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def same(found: Iterable[Any], rows: Rows, column: str) -> bool:
    return [field(value) for value in found] == [row[column] for row in rows]


def test_parquet_has_every_field_of_every_table(export: Callable[[str], Path], folder: Path) -> None:
    place = export("parquet")
    for name in TABLES:
        table = pq.read_table(place if name == "path" else place.with_name(f"toy.{name}.parquet"))
        rows = lines(folder, name)
        assert table.column_names == list(rows[0])
        for column in table.column_names:
            assert same(table[column].to_pylist(), rows, column), (name, column)
        assert table.schema.metadata[b"table"] == name.encode()
    units = {f.name: f.metadata[b"unit"].decode() for f in pq.read_schema(place) if f.metadata}
    assert (units["reserves"], units["iorb"], units["spending"], units["dt"]) == ("USD bn", "1 / yr", "USD bn / yr", "yr")


def test_json_has_every_field_of_every_table(export: Callable[[str], Path], folder: Path) -> None:
    content = json.loads(export("json").read_text(encoding="utf-8"))
    for name in TABLES:
        rows, table = lines(folder, name), content["tables"][name]
        assert list(table) == list(rows[0])
        for column, item in table.items():
            assert same(item["values"], rows, column), (name, column)
    assert content["tables"]["path"]["iorb"]["unit"] == "1 / yr"
    assert content["about"]["clock"]["name"] == "weekly"


def check_dataset(found: xr.Dataset, folder: Path) -> None:
    rows = lines(folder, "path")
    for column in rows[0]:
        values = found[column].values
        given = [str(day)[:10] for day in values] if column == "date" else values.tolist()
        assert same(given, rows, column), column
    cells = list(zip(*(found[name].values.tolist() for name in ("instrument", "issuer", "holder")), strict=True))
    for table, columns in (("holdings", ("value", "face", "coupon")), ("transactions", ("amount",)), ("revaluations", ("amount",))):
        rows = lines(folder, table)
        for column in columns:
            grid = found[f"{table}_{column}"]
            assert grid.dims == ("period", "cell")
            place = [(int(row["period"]), cells.index((row["instrument"], row["issuer"], row["holder"]))) for row in rows]
            assert same([float(grid.values[spot]) for spot in place], rows, column), (table, column)
            assert int(np.isfinite(grid.values).sum()) == sum(row[column] != "" for row in rows)
    rows = lines(folder, "payments")
    names = {"payment_period": "period", "kind": "kind", "payment_instrument": "instrument", "payer": "payer", "payee": "payee"}
    for name, column in {**names, "payments_amount": "amount"}.items():
        assert same(found[name].values.tolist(), rows, column), name
    assert found["reserves"].attrs["units"] == "USD bn"
    assert found["iorb"].attrs["units"] == "1 / yr"
    assert found["holdings_coupon"].attrs["units"] == "USD bn / yr"


def test_netcdf_has_every_field_of_every_table(export: Callable[[str], Path], folder: Path) -> None:
    with xr.open_dataset(export("nc"), engine="h5netcdf") as found:
        check_dataset(found, folder)
        assert json.loads(found.attrs["clock"])["periods"] == 6


def test_simulation_in_memory_is_the_same_dataset(run: Simulation, folder: Path) -> None:
    check_dataset(run.to_xarray(), folder)


def test_long_csv_has_every_figure_of_the_path(export: Callable[[str], Path], folder: Path) -> None:
    rows = lines(folder, "path")
    with export("csv").open(newline="", encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    expected = {(row["period"], row["date"], name): value for row in rows for name, value in list(row.items())[2:] if value != ""}
    assert {(r["period"], r["date"], r["variable"]): r["value"] for r in found} == expected
    assert {r["unit"] for r in found if r["variable"] == "notes__face"} == {"USD bn"}


def test_missing_package_is_named_with_its_extra(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for ending, package in (("parquet", "pyarrow"), ("nc", "xarray")):
        assert call(["export", str(folder), "--out", str(tmp_path / f"x.{ending}")]) == 2
        message = capsys.readouterr().err
        assert f"needs the package {package}; install it with pip install 'dollarflow[export]'" in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "x.xls"), "the ending says no format; end it with .parquet, .nc, .netcdf, .json, .csv or give --format"),
        (("--out", "gone/x.json"), "there is no folder gone"),
        (("--out", "x.json", "--format", "xml"), "'xml' is not one of 'parquet', 'netcdf', 'json', 'csv'"),
    ],
)
def test_bad_requests_leave_nothing(
    words: tuple[str, ...], said: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(["export", str(folder), *words]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("export", "--out"), ("graph", "--period", "1", "--out")])
def test_altered_folder_is_exported_with_a_warning(
    command: tuple[str, ...], run: Simulation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = run.write(tmp_path / "toy")
    holdings = place / "holdings.csv"
    holdings.write_bytes(holdings.read_bytes().replace(b"100.0,,", b"101.0,,", 1))
    word, *rest = command
    assert call([word, str(place), *rest, str(tmp_path / "x.json")]) == 0
    assert "warning: holdings.csv of" in capsys.readouterr().err
