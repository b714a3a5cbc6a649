"""The audit of a folder from its files alone: any altered number, anywhere, is named by file, line and column."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dollarflow.results import NotAResult, audit_folder
from dollarflow.results.digests import table_digest
from dollarflow.results.manifest import manifest_text
from dollarflow.results.schema import FILES, MANIFEST, TABLES
from dollarflow.results.sheets import Sheet
from model.language.clocks import LENGTHS
from tests.application import toy
from tests.application.conftest import Outcome

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def altered(figure: str) -> str:
    """The same figure with its last digit changed: the smallest change that can be written."""
    place = max(i for i, c in enumerate(figure) if c.isdigit() and "e" not in figure[:i].lower())
    return figure[:place] + str((int(figure[place]) + 1) % 10) + figure[place + 1 :]


def copy(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target)
    return target


def fields(folder: Path, name: str, count: int) -> Iterator[tuple[int, int, str]]:
    """Line (from 1), column and text of some numeric fields of a table, spread over the file."""
    lines = (folder / name).read_text().split("\n")
    found = [(i + 1, j, field) for i, line in enumerate(lines[1:], 1) for j, field in enumerate(line.split(",")) if NUMBER.fullmatch(field)]
    yield from random.Random(7).sample(found, min(count, len(found)))


@pytest.mark.parametrize("name", TABLES)
def test_any_altered_number_of_a_table_is_named_by_line_and_column(name: str, sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    whole = (folder / name).read_bytes()
    header = whole.decode().split("\n")[0].split(",")
    for line, column, figure in fields(folder, name, 40):
        lines = whole.decode().split("\n")
        row = lines[line - 1].split(",")
        row[column] = altered(figure)
        lines[line - 1] = ",".join(row)
        (folder / name).write_text("\n".join(lines))
        findings = audit_folder(folder).findings
        places = [(f.file, f.line, f.column) for f in findings]
        assert (name, line, header[column]) in places, (line, header[column], findings[:3])
    (folder / name).write_bytes(whole)
    assert audit_folder(folder).sound


def test_any_altered_number_of_the_manifest_is_named(sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    text = (folder / MANIFEST).read_text()
    places = list(NUMBER.finditer(text))
    for match in random.Random(11).sample(places, 400):
        changed = text[: match.start()] + altered(match.group()) + text[match.end() :]
        (folder / MANIFEST).write_text(changed)
        findings = audit_folder(folder).findings
        line = text[: match.start()].count("\n") + 1
        assert any(f.file == MANIFEST and f.line == line for f in findings), (match.group(), line, findings[:3])


def reseal(folder: Path) -> None:
    """Digests taken anew over altered tables, as a careful forger would."""
    whole = json.loads((folder / MANIFEST).read_text())
    content = {key: item for key, item in whole.items() if key not in ("digests", "seal")}
    digests = {}
    for name in TABLES:
        sheet = Sheet(name, (folder / name).read_bytes())
        digests[name] = table_digest(sheet.content, sheet.header, [sheet.columns[c] for c in sheet.header], sheet.lines)
    (folder / MANIFEST).write_text(manifest_text(content, digests))


@pytest.mark.parametrize(
    ("name", "column", "pattern", "file"),
    [
        ("holdings.csv", "value", "reserves,fed,banks", "holdings.csv"),
        ("holdings.csv", "value", "notes,treasury,banks", "holdings.csv"),
        ("holdings.csv", "face", "notes,treasury,private", "holdings.csv"),
        ("transactions.csv", "amount", "deposits,banks,private", "transactions.csv"),
        ("revaluations.csv", "amount", "tga,fed,treasury", "revaluations.csv"),
        ("revaluations.csv", "amount", "bank_equity,banks,private", "holdings.csv"),
        ("payments.csv", "amount", "interest,reserves,fed,banks", "payments.csv"),
        ("payments.csv", "amount", "coupon,notes,treasury,fed", "payments.csv"),
        ("payments.csv", "amount", "spending,,treasury,private", "transactions.csv"),
    ],
)
def test_accounts_do_not_close_even_under_fresh_digests(
    name: str, column: str, pattern: str, file: str, sound_folder: Path, tmp_path: Path
) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    lines = (folder / name).read_text().split("\n")
    place = next(i for i, line in enumerate(lines) if line.startswith("3,") and pattern in line)
    row = lines[place].split(",")
    position = lines[0].split(",").index(column)
    row[position] = repr(float(row[position]) + 2e-6)
    lines[place] = ",".join(row)
    (folder / name).write_text("\n".join(lines))
    reseal(folder)
    findings = audit_folder(folder).findings
    assert any(finding.file == file for finding in findings), findings


def test_fresh_digests_over_unaltered_tables_pass(sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    reseal(folder)
    assert audit_folder(folder).sound


@pytest.mark.parametrize("name", ["yield_notes", "iorb", "dt", "reserves", "notes__face"])
def test_altered_path_breaks_a_law_even_under_fresh_digests(name: str, sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    lines = (folder / "path.csv").read_text().split("\n")
    position = lines[0].split(",").index(name)
    row = lines[4].split(",")
    row[position] = repr(float(row[position]) * 1.001)
    lines[4] = ",".join(row)
    (folder / "path.csv").write_text("\n".join(lines))
    reseal(folder)
    assert not audit_folder(folder).sound


@pytest.mark.parametrize("clock", ["weekly", "monthly", "quarterly", "daily"])
def test_every_clock_gives_a_sound_folder(clock: str, tmp_path: Path) -> None:
    assert audit_folder(toy.run(4, clock).write(tmp_path / "result")).findings == ()


def test_periods_of_another_length_than_their_dates_fail_though_all_accounts_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LENGTHS, "weekly", 1 / 50)
    findings = audit_folder(toy.run(3).write(tmp_path / "result")).findings
    assert [(f.file, f.line, f.column) for f in findings] == [("path.csv", line, "dt") for line in (2, 3, 4, 5)]
    assert "the weekly clock and the dates give 0.0192307692" in findings[0].message


def test_dates_that_leave_the_clock_fail(sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    for name in TABLES:
        place = folder / name
        place.write_text(place.read_text().replace("2025-11-19", "2025-11-20"))
    reseal(folder)
    assert {(f.file, f.line, f.column) for f in audit_folder(folder).findings} == {("path.csv", 5, "date"), ("path.csv", 6, "date")}


def in_place_of(place: Path) -> None:
    """A folder where a file should be."""
    place.unlink()
    place.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda place: place.unlink(),
    "empty": lambda place: place.write_bytes(b""),
    "truncated": lambda place: place.write_bytes(place.read_bytes()[: len(place.read_bytes()) // 2]),
    "garbled": lambda place: place.write_bytes(b"\xff\xfe\x00" + place.read_bytes()),
    "last line gone": lambda place: place.write_bytes(place.read_bytes().rstrip(b"\n").rpartition(b"\n")[0] + b"\n"),
    "line ends of another system": lambda place: place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n")),
    "a line twice": lambda place: place.write_bytes(place.read_bytes() + place.read_bytes().split(b"\n")[3] + b"\n"),
    "text for a number": lambda place: place.write_bytes(re.sub(rb"\d\.\d+", b"many", place.read_bytes(), count=1)),
    "a folder": lambda place: in_place_of(place),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file_is_a_finding_that_names_it(name: str, damage: str, sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    DAMAGE[damage](folder / name)
    findings = audit_folder(folder).findings
    assert any(finding.file == name for finding in findings), findings


def test_rows_in_another_order_are_noticed(sound_folder: Path, tmp_path: Path) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    lines = (folder / "payments.csv").read_text().split("\n")
    lines[1], lines[2] = lines[2], lines[1]
    (folder / "payments.csv").write_text("\n".join(lines))
    assert {finding.line for finding in audit_folder(folder).findings if finding.file == "payments.csv"} >= {2, 3}


def test_a_place_that_is_no_result_is_bad_input(tmp_path: Path, command: Callable[..., Outcome]) -> None:
    with pytest.raises(NotAResult):
        audit_folder(tmp_path)
    code, out, err = command("audit", tmp_path)
    assert (code, out) == (2, "")
    assert err == f"dollarflow: {tmp_path} is not a result folder: it has no manifest.json\n"


def test_command_passes_a_sound_folder_and_fails_an_altered_one(
    sound_folder: Path, tmp_path: Path, command: Callable[..., Outcome]
) -> None:
    assert command("audit", sound_folder)[0] == 0
    assert command("audit", sound_folder, "--quiet") == (0, "", "")
    folder = copy(sound_folder, tmp_path / "copy")
    lines = (folder / "transactions.csv").read_text().split("\n")
    lines[4] = lines[4].replace(",0.0", ",0.5") if lines[4].endswith(",0.0") else lines[4] + "1"
    (folder / "transactions.csv").write_text("\n".join(lines))
    code, out, err = command("audit", folder)
    assert (code, out) == (1, "")
    assert "transactions.csv line 5, column amount: " in err
    assert f"audit of {folder} FAILED" in err


def test_a_manifest_that_is_none_fails_at_once(sound_folder: Path, tmp_path: Path, command: Callable[..., Outcome]) -> None:
    folder = copy(sound_folder, tmp_path / "copy")
    other = {"tables": {f"column_{j}": [float(i) for i in range(200)] for j in range(200)}}
    (folder / MANIFEST).write_text(json.dumps(other))
    code, _, err = command("audit", folder)
    assert code == 1
    assert "manifest.json" in err
    assert len(err) < 10_000
