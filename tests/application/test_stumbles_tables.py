"""What users stumbled over: tables without a date, audits that repeat themselves, messages that do not say what to do."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dollarflow.commands.graph import Kind, existing
from dollarflow.results.digests import table_digest
from dollarflow.results.manifest import manifest_text
from dollarflow.results.schema import MANIFEST, TABLES
from dollarflow.results.sheets import Sheet
from dollarflow.scenarios import scenario
from dollarflow.simulation import Simulation
from dollarflow.summary import summary
from tests.application.conftest import Outcome

Command = Callable[..., Outcome]


def reseal(folder: Path) -> None:
    """Digests taken anew over altered tables."""
    whole = json.loads((folder / MANIFEST).read_text())
    digests = {}
    for name in TABLES:
        sheet = Sheet(name, (folder / name).read_bytes())
        digests[name] = table_digest(sheet.content, sheet.header, [sheet.columns[c] for c in sheet.header], sheet.lines)
    content = {key: item for key, item in whole.items() if key not in ("digests", "seal")}
    (folder / MANIFEST).write_text(manifest_text(content, digests))


def alter(folder: Path, column: str, period: int, field: str) -> None:
    """Writes a field of path.csv and seals the folder again."""
    lines = (folder / "path.csv").read_text().split("\n")
    row = lines[1 + period].split(",")
    row[lines[0].split(",").index(column)] = field
    lines[1 + period] = ",".join(row)
    (folder / "path.csv").write_text("\n".join(lines))
    reseal(folder)


@pytest.mark.parametrize(("day", "shown"), [("2025-11-05", "period 1 of the baseline"), ("2025-10-29", "an opening, period 0")])
def test_tables_say_which_date_and_period_they_show(day: str, shown: str, command: Command) -> None:
    code, out, err = command("tables", "--date", day)
    assert (code, err) == (0, "")
    assert f"Balance sheets, {day} ({shown}), USD bn" in out.splitlines()


def test_tables_refuse_a_date_between_two_periods_and_name_both(command: Command) -> None:
    code, out, err = command("tables", "--date", "2025-11-06")
    assert (code, out) == (2, "")
    assert err == "dollarflow: --date 2025-11-06: no period of the baseline ends then; the nearest are 2025-11-05 and 2025-11-12\n"


@pytest.mark.parametrize(("form", "lettered"), [("text", True), ("markdown", True), ("csv", False), ("latex", False)])
def test_sector_letters_have_a_legend_where_columns_have_letters(form: str, lettered: bool, command: Command) -> None:
    _, out, _ = command("tables", "--format", form)
    assert out.startswith("sectors: F Federal Reserve; T US Treasury; B banks") == lettered


def test_csv_tables_have_no_rounding_noise(command: Command) -> None:
    _, out, _ = command("tables", "--format", "csv", "--date", "2025-11-05")
    figures = [field for row in csv.reader(io.StringIO(out)) for field in row[1:] if field and field[-1].isdigit()]
    assert "0" in figures
    assert not [field for field in figures if field != "0" and abs(float(field)) < 1e-9]


def test_altered_date_is_told_once_with_eight_places(sound_folder: Path, tmp_path: Path, command: Command) -> None:
    folder = Path(shutil.copytree(sound_folder, tmp_path / "copy"))
    alter(folder, "date", 2, "2031-01-01")
    code, _, err = command("audit", folder)
    lines = err.splitlines()
    rows = sum(line.startswith("2,") for name in TABLES[1:] for line in (folder / name).read_text().splitlines())
    assert code == 1
    assert lines[0] == f"path.csv has the date '2031-01-01' for period 2, other files have not: {rows} places"
    assert lines[1].startswith("  holdings.csv line ")
    assert lines[9] == f"  and {rows - 8} more (--verbose shows all)"
    assert lines[10:] == [f"audit of {folder} FAILED: {rows} findings, 1 cause"]
    _, _, err = command("audit", folder, "--verbose")
    assert len(err.splitlines()) == rows + 2


def test_altered_figures_are_written_as_plain_numbers(sound_folder: Path, tmp_path: Path, command: Command) -> None:
    folder = Path(shutil.copytree(sound_folder, tmp_path / "copy"))
    alter(folder, "reserves", 3, "12.5")
    code, _, err = command("audit", folder)
    assert code == 1
    assert "path.csv line 5, column reserves: 12.5, the cells' value in holdings.csv sum to " in err
    assert "np." not in err


@pytest.mark.parametrize(
    ("kind", "dates", "words"),
    [
        (Kind.FLOWS, ["2025-10-29"], "no flows, only the opening (2025-10-29): draw its holdings with --kind holdings --period 0"),
        (Kind.HOLDINGS, ["2025-10-29"], "only the opening (2025-10-29): --period 0"),
        (Kind.FLOWS, ["2025-10-29", "2025-11-05", "2025-11-12"], "flows of periods 1 to 2 (2025-11-05 to 2025-11-12)"),
        (Kind.HOLDINGS, ["2025-10-29", "2025-11-05"], "holdings of periods 0 to 1 (2025-10-29 to 2025-11-05)"),
    ],
)
def test_graphs_that_exist_are_named(kind: Kind, dates: Sequence[str], words: str) -> None:
    assert existing(kind, dates) == words


@pytest.mark.parametrize(("words", "given"), [((), "--period is missing"), (("--period", "99"), "--period 99")])
def test_graph_of_no_period_says_what_there_is(
    words: tuple[str, ...], given: str, sound_folder: Path, tmp_path: Path, command: Command
) -> None:
    code, out, err = command("graph", sound_folder, "--out", tmp_path / "g.json", *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"dollarflow: {given}: {sound_folder} has holdings of periods 0 to ")


def test_solve_answers_like_other_commands(tmp_path: Path, command: Command) -> None:
    missing = tmp_path / "none.txt"
    assert command("solve", missing) == (2, "", f"dollarflow: {missing}: no such file; give the path of a text model\n")
    out = tmp_path / "path.xlsx"
    message = f"dollarflow: --out {out}: the path is written as CSV; the file's ending must be .csv\n"
    assert command("solve", missing, "--out", out) == (2, "", message)


def test_freeze_says_how_many_weeks_its_shocks_take(command: Command) -> None:
    code, out, err = command("freeze", "--periods", "8", "--quiet")
    starts = [shock.start for name in ("qe", "tga_rebuild", "margin_shock", "foreign_sale") for shock in scenario(name).shock]
    last = max(start for start in starts if isinstance(start, date))
    weeks = next(n for n in range(60) if date.fromordinal(date(2025, 10, 29).toordinal() + 7 * n) >= last)
    assert (code, out) == (2, "")
    assert err == f"dollarflow: --periods 8: at least {weeks} weeks are needed, until the shock of 'tga_rebuild' has begun\n"


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs")])
@pytest.mark.parametrize("option", ["--exogenous", "--opening"])
def test_files_split_by_something_else_than_commas_are_told_so(sign: str, name: str, option: str, tmp_path: Path, command: Command) -> None:
    file = tmp_path / "paths.csv"
    header = sign.join(("date", "iorb") if option == "--exogenous" else ("variable", "value"))
    file.write_text(f"{header}\n2025-11-05{sign}0.03\n")
    code, out, err = command("run", "--periods", 1, option, file, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert err == f"dollarflow: {file}:1: the header {header!r} is split by {name}; separate columns with commas\n"


@pytest.fixture(scope="module")
def bought_out() -> Simulation:
    """Three weeks in which the Fed orders more notes than there are."""
    from dollarflow.session import Request, solve_request

    return solve_request(Request(scenario("baseline"), periods=3, assignments=("qe_notes=200000",)))


def test_summary_says_what_m2_and_bills_cover_and_which_bonds_yield(bought_out: Simulation) -> None:
    said = summary(bought_out)
    assert said.count("M2 is the model's: currency outside banks, residents' deposits and retail money funds") == 1
    assert said.count("bills include the short notes that money funds hold") == 1
    assert "bonds, yield (class of about 8 years duration)" in said


def test_summary_says_in_one_line_which_orders_were_not_filled(bought_out: Simulation) -> None:
    left = bought_out["fed_unfilled_notes"][1:]
    lines = [line for line in summary(bought_out).splitlines() if line.startswith("Fed orders not filled")]
    assert len(lines) == 1
    assert f"notes {np.abs(left).sum():,.1f} bn in {(np.abs(left) > 0.05).sum()} of 3 periods" in lines[0]
    values = bought_out.path.values.copy()
    for name in ("fed_unfilled_notes", "fed_unfilled_bonds"):
        values[:, bought_out.path.columns.index(name)] = 0.0
    filled = dataclasses.replace(bought_out, path=dataclasses.replace(bought_out.path, values=values))
    assert "not filled" not in summary(filled)
