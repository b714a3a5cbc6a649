"""The result folder: its contract, its determinism, and that it is whole or not there."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from sympy.printing.str import StrPrinter

from dollarflow.provenance import system_digest
from dollarflow.results import Unwritable, audit_folder, write_folder
from dollarflow.results.ledger import Ledger
from dollarflow.results.schema import COLUMNS, FILES
from dollarflow.simulation import Simulation
from equations.dollar_system import dollar_system
from model.scenarios.scenario import read_scenario
from tests.application import toy
from tests.application.folder_checker import check, rows

ROOT = Path(__file__).parents[2]


def test_folder_holds_exactly_the_contract_files(sound_folder: Path) -> None:
    assert {item.name for item in sound_folder.iterdir()} == set(FILES)
    for name, header in COLUMNS.items():
        with (sound_folder / name).open(newline="", encoding="utf-8") as stream:
            assert tuple(next(csv.reader(stream))) == header


def test_every_variable_of_the_system_is_a_column_with_full_precision(sound_folder: Path, toy_run: Simulation) -> None:
    table = rows(sound_folder, "path.csv")
    assert set(table[0]) == {"period", "date", *toy_run.path.system.variable_names}
    for name in toy_run.path.columns:
        for line, number in zip(table[1:], toy_run[name][1:], strict=True):
            assert float(line[name]) == number


def test_period_zero_is_the_opening_and_flow_files_start_at_one(sound_folder: Path) -> None:
    assert rows(sound_folder, "holdings.csv")[0]["period"] == "0"
    for name in ("transactions.csv", "revaluations.csv", "payments.csv"):
        assert rows(sound_folder, name)[0]["period"] == "1"


def test_negative_payments_swap_their_legs(sound_folder: Path) -> None:
    margin = [row for row in rows(sound_folder, "payments.csv") if row["kind"] == "variation_margin"]
    assert margin
    assert {(row["payer"], row["payee"]) for row in margin} == {("private", "banks")}
    assert all(float(row["amount"]) == pytest.approx(4 / 52) for row in margin)


@pytest.mark.parametrize("clock", ["weekly", "monthly", "quarterly", "daily"])
def test_independent_checker_finds_nothing_at_any_clock(clock: str, tmp_path: Path) -> None:
    folder = toy.run(4, clock).write(tmp_path / clock)
    assert check(folder) == []
    assert audit_folder(folder).sound


def test_checker_finds_nothing_where_the_amortisation_rate_varies(tmp_path: Path) -> None:
    varying = read_scenario('title = "t"\n[[shock]]\nvariable = "a_notes"\nfrom = 2025-11-19\nset = 0.3\n', "t")
    folder = toy.run(8, scenario=varying).write(tmp_path / "out")
    assert json.loads((folder / "manifest.json").read_text())["parameter_paths"]["a_notes"][-1] == 0.3
    assert check(folder) == []
    assert audit_folder(folder).sound


def test_manifest_says_what_was_run(sound_folder: Path) -> None:
    manifest = json.loads((sound_folder / "manifest.json").read_text())
    assert manifest["clock"] == {"name": "weekly", "start": "2025-10-29", "end": "2025-12-10", "periods": 6}
    assert manifest["audit"]["verdict"] == "passed"
    assert set(manifest["digests"]) == set(FILES)
    assert manifest["certificates"]["largest"] < 1e-12
    assert manifest["solver"]["equations"] == len(toy.system().equations)


def test_the_digest_of_a_system_is_over_sympys_text_of_its_equations() -> None:
    system = dollar_system()
    plain = StrPrinter({"order": "none"}).doprint
    equations = sorted((e.name, e.kind, plain(e.left), plain(e.right)) for e in system.equations)
    given = sorted(("exogenous", v.base) for v in system.exogenous)
    hidden = sorted(("hidden", h.name, plain(h.expression)) for h in system.hidden)
    lines = ["|".join(parts) for parts in (*equations, *given, *hidden)]
    assert system_digest(system) == hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_same_run_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path, sound_folder: Path) -> None:
    script = f"from tests.application import toy; toy.run().write({str(tmp_path / 'again')!r})"
    environment = {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, cwd=ROOT)
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (sound_folder / name).read_bytes(), name


def test_an_earlier_result_is_replaced_and_other_files_stay(toy_run: Simulation, tmp_path: Path) -> None:
    folder = toy.run(2).write(tmp_path / "out")
    (folder / "notes.txt").write_text("mine")
    toy_run.write(folder)
    assert len(rows(folder, "path.csv")) == 7
    assert (folder / "notes.txt").read_text() == "mine"
    assert audit_folder(folder).sound
    assert {item.name for item in tmp_path.iterdir()} == {"out"}


def test_a_folder_of_other_files_is_refused(toy_run: Simulation, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(Unwritable, match="holds files but no earlier result"):
        toy_run.write(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_way_is_refused(toy_run: Simulation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unwritable, match="it is a file"):
        toy_run.write(tmp_path / "file")
    with pytest.raises(Unwritable, match="is a file"):
        toy_run.write(tmp_path / "file" / "inside")


def test_nothing_is_left_where_writing_fails(toy_run: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(Unwritable, match="No space left on device"):
        write_folder(tmp_path / "deep" / "out", Ledger(toy_run.path, toy_run.chart), {"format": 1})
    assert list(tmp_path.iterdir()) == []


def test_no_figure_is_written_where_the_path_has_none(toy_run: Simulation) -> None:
    table = Ledger(toy_run.path, toy_run.chart).table("holdings.csv")
    assert all(field == "" or math.isfinite(float(field)) for column in table.columns[5:] for field in column)
