"""Printed figures: every name draws, bytes repeat, fonts are embedded, and mistakes are answered in one line."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from dollarflow.charts.catalogue import CHARTS
from dollarflow.figures.drawing import NAMES
from dollarflow.reports.page import names
from tests.reports.conftest import PERIODS, Outcome

Command = Callable[..., Outcome]


def streams(content: bytes) -> bytes:
    """A PDF with its compressed parts unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    found = [content]
    for part in packed:
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_every_chart_of_the_page_has_a_name(command: Command) -> None:
    assert set(names()) == set(CHARTS)
    code, out, _ = command("figure", "--list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(NAMES)
    assert command("figure", "--list", "--quiet")[1].split() == list(NAMES)


FAST = ("buyers", "flows", "network")
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in (*CHARTS, "balance_sheet", "transaction_flows") if name not in FAST]


@pytest.mark.parametrize("name", [*FAST, *SLOW])
def test_figures_draw_and_repeat(name: str, folders: tuple[Path, Path], tmp_path: Path, command: Command) -> None:
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"
    for out in (first, second) if name in ("buyers", "network") else (first,):
        code, said, err = command("figure", name, folders[0], "--out", out)
        assert (code, err) == (0, "")
        assert f"written: {out}" in said
    assert not second.exists() or first.read_bytes() == second.read_bytes()
    assert b"<text" not in first.read_bytes(), "letters are outlines, so that no font is needed"


def test_a_pdf_has_its_fonts_and_no_date(folders: tuple[Path, Path], tmp_path: Path, command: Command) -> None:
    out = tmp_path / "rates.pdf"
    assert command("figure", "difference_rates", folders[0], folders[1], "-o", out)[0] == 0
    content = out.read_bytes()
    plain = streams(content)
    assert content.startswith(b"%PDF")
    assert b"/FontFile2" in plain
    assert b"/CreationDate" not in plain
    assert b"/ModDate" not in plain
    again = tmp_path / "again.pdf"
    command("figure", "difference_rates", folders[0], folders[1], "-o", again)
    assert again.read_bytes() == content


def test_the_data_of_a_figure_come_as_a_table(folders: tuple[Path, Path], tmp_path: Path, command: Command) -> None:
    out = tmp_path / "buyers.csv"
    assert command("figure", "buyers", folders[0], "-o", out)[0] == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    bars = [row for row in rows if row["panel"] == "Net purchases by holder"]
    total = sum(float(row["value"]) for row in bars if row["series"] == "Net issue")
    parts = sum(float(row["value"]) for row in bars if row["series"] != "Net issue")
    assert total == pytest.approx(parts, abs=1e-6)
    assert {row["unit"] for row in bars} == {"USD billion a week"}
    assert {row["unit"] for row in rows if row not in bars} == {"USD billion"}


MISTAKES = {
    "unknown": (("coridor", "DIR", "-o", "a.pdf"), "no figure is named 'coridor' (did you mean 'corridor'?)"),
    "no name": (("-o", "a.pdf"), "NAME is missing"),
    "no folder": (("corridor", "-o", "a.pdf"), "DIR is missing"),
    "no file": (("corridor", "DIR"), "--out is missing"),
    "ending": (("corridor", "DIR", "-o", "a.gif"), "the file's ending must be one of .pdf, .svg, .png, .csv"),
    "no result": (("corridor", ".", "-o", "a.pdf"), "is not a result folder"),
    "period of a chart": (("corridor", "DIR", "-o", "a.pdf", "-p", "2"), "--period: corridor shows every period"),
    "period": (("network", "DIR", "-o", "a.pdf", "-p", "99"), f"has periods 0 to {PERIODS}"),
    "flows of the opening": (("flows", "DIR", "-o", "a.pdf", "-p", "0"), f"has periods 1 to {PERIODS}"),
    "two runs of a diagram": (("flows", "DIR", "DIR2", "-o", "a.pdf"), "flows shows one run"),
    "one run of a difference": (("difference_m2", "DIR", "-o", "a.pdf"), "difference_m2 shows two runs"),
    "table of a diagram": (("flows", "DIR", "-o", "a.csv"), "has no table of its own"),
    "folder that is not there": (("corridor", "DIR", "-o", "nowhere/a.pdf"), "there is no folder"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_have_one_message_and_leave_nothing(
    case: str, folders: tuple[Path, Path], tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words, message = MISTAKES[case]
    places = {"DIR": str(folders[0]), "DIR2": str(folders[1])}
    code, out, err = command("figure", *(places.get(word, word) for word in words))
    assert code == 2
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
