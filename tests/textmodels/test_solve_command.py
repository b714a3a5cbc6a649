"""The solve command: the file it writes, what it says, how it ends, and that nothing changes its bits."""

from __future__ import annotations

import csv
import os
import random
import re
import subprocess
import sys
from pathlib import Path as FilePath

import pytest

from dollarflow.solve_command import BAD_INPUT, DONE, FAILED, solve_file
from model.textmodel import read_text_model, solve_text_model

MODELS = FilePath(__file__).parent / "models"
ROOT = FilePath(__file__).parents[2]


class Screen:
    """What a command says and complains about."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.complaints: list[str] = []

    def solve(self, file: FilePath, periods: int = 20, **options: object) -> int:
        return solve_file(file, periods, say=self.said.append, complain=self.complaints.append, **options)  # type: ignore[arg-type]


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_csv_holds_every_number_exactly(tmp_path: FilePath, screen: Screen) -> None:
    out = tmp_path / "PC.csv"
    assert screen.solve(MODELS / "PC.txt", 30, out=out) == DONE
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    model, path = read_text_model(MODELS / "PC.txt"), solve_text_model(MODELS / "PC.txt", 30)
    assert rows[0] == ["period", *model.order]
    assert rows[0][1:4] == ["Y", "YD", "T"]
    assert [row[0] for row in rows[1:]] == [str(t) for t in range(31)]
    for t, row in enumerate(rows[1:]):
        assert [float(x) for x in row[1:]] == [path[name][t] for name in model.order]
    assert dict(zip(rows[0], rows[1], strict=True))["V"] == "86.487"
    assert b"\r" not in out.read_bytes()
    assert list(tmp_path.iterdir()) == [out]


def test_opening_row_without_initial_is_zero(tmp_path: FilePath, screen: Screen) -> None:
    out = tmp_path / "SIM.csv"
    screen.solve(MODELS / "SIM.txt", 1, out=out)
    assert out.read_text(encoding="utf-8").splitlines()[1] == "0" + ",0.0" * 11


def test_screen(screen: Screen) -> None:
    assert screen.solve(MODELS / "SIM.txt", 100) == DONE
    assert screen.said[0].startswith("SIM: 11 equations, 4 blocks, 1 simultaneous block")
    assert re.match(r"100 periods, \d+ Newton iterations, at most \d+ in a period", screen.said[1])
    assert re.match(r"largest identity residual: \d\.\d{3}e-\d+ \(Hh - Hs, period \d+\)", screen.said[2])
    assert not screen.complaints


def test_no_shock(tmp_path: FilePath, screen: Screen) -> None:
    with_shock, without = tmp_path / "a.csv", tmp_path / "b.csv"
    screen.solve(MODELS / "SIM.txt", 70, out=with_shock)
    screen.solve(MODELS / "SIM.txt", 70, out=without, shock=False)
    a, b = (f.read_text(encoding="utf-8").splitlines() for f in (with_shock, without))
    assert a[:62] == b[:62]
    assert a[62:] != b[62:]


def test_inconsistent_start_is_reported_and_ends_well(screen: Screen) -> None:
    assert screen.solve(MODELS / "PC.txt") == DONE
    report = "\n".join(screen.said)
    assert "inconsistent opening: hidden identity 'Hh - Hs' is off by 0.002 in period 1" in report
    assert "the smallest repair of the opening" in report
    assert not screen.complaints


def test_inconsistent_start_ends_badly_under_strict(tmp_path: FilePath, screen: Screen) -> None:
    out = tmp_path / "PC.csv"
    assert screen.solve(MODELS / "PC.txt", strict=True, out=out) == FAILED
    assert "inconsistent opening" in screen.complaints[0]
    assert out.exists()


def test_strict_is_content_with_a_consistent_start(screen: Screen) -> None:
    assert screen.solve(MODELS / "BMW.txt", strict=True) == DONE


def test_identity_that_is_none(tmp_path: FilePath, screen: Screen) -> None:
    """An [identity] line that the equations do not imply is called that, and fails under strict only."""
    file = tmp_path / "none.txt"
    file.write_text("[equations]\nY = C + G\nC = 0.6*Y(-1)\n[exogenous]\nG = 20\n[identity]\nY - 50\nY - C - G\n", encoding="utf-8")
    assert screen.solve(file) == DONE
    assert screen.said[-1].startswith("identity that does not hold: hidden identity 'Y - 50' is off by -30 in period 1")
    assert "'Y - C - G'" not in screen.said[-1]
    assert screen.solve(file, strict=True) == FAILED


def test_timing(screen: Screen) -> None:
    assert screen.solve(MODELS / "SIM.txt", timing=True) == DONE
    names = [line.partition(":")[0] for line in screen.said[-5:]]
    assert names == ["import", "build", "compile", "first", "steady"]
    assert re.fullmatch(r"steady: \d+\.\d\d us/period", screen.said[-1])


def test_bad_input_is_one_message(tmp_path: FilePath, screen: Screen) -> None:
    file, out = tmp_path / "bad.txt", tmp_path / "bad.csv"
    file.write_text("[equations]\nY = (1 + 2\n", encoding="utf-8")
    assert screen.solve(file, out=out) == BAD_INPUT
    assert screen.complaints == [
        f"dollarflow: {file}:2:5: '(' is never closed; every '(' needs its ')' on the same line\n    Y = (1 + 2\n        ^"
    ]
    assert not screen.said
    assert not out.exists()


@pytest.mark.parametrize(
    ("out", "message"),
    [("", "a folder; give the path of a CSV file"), ("none/F.csv", "no folder"), ("taken/x/F.csv", "no folder")],
)
def test_unwritable_output(tmp_path: FilePath, screen: Screen, out: str, message: str) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert screen.solve(MODELS / "SIM.txt", out=tmp_path / out) == BAD_INPUT
    assert message in screen.complaints[0]


def test_missing_file_and_negative_periods(tmp_path: FilePath, screen: Screen) -> None:
    assert screen.solve(tmp_path / "none.txt") == BAD_INPUT
    assert screen.solve(MODELS / "SIM.txt", -1) == BAD_INPUT
    assert "no such file" in screen.complaints[0]
    assert "give a whole number from 0" in screen.complaints[1]


def test_underdetermined_model_names_its_parts(tmp_path: FilePath, screen: Screen) -> None:
    file = tmp_path / "under.txt"
    file.write_text("[equations]\nx = x + y - 1\ny = y(-1) + 1\n", encoding="utf-8")
    assert screen.solve(file) == BAD_INPUT
    assert "x" in screen.complaints[0]
    assert "y" in screen.complaints[0]


def test_failure_is_diagnosed_and_leaves_no_file(tmp_path: FilePath, screen: Screen) -> None:
    """The real root is lost in period 6: x² + x + g = 0 has none once g > 1/4."""
    file, out = tmp_path / "lost.txt", tmp_path / "lost.csv"
    file.write_text("[equations]\nx = -x**2 - g\n[exogenous]\ng = 0.2\n[shock]\nfrom 6: g = 0.3\n", encoding="utf-8")
    assert screen.solve(file, 5, out=out) == DONE
    out.unlink()
    assert screen.solve(file, 10, out=out) == FAILED
    assert "period 6" in screen.complaints[0]
    assert "'x'" in screen.complaints[0]
    assert "likely cause" in screen.complaints[0]
    assert not out.exists()


def test_failure_keeps_the_old_file(tmp_path: FilePath, screen: Screen) -> None:
    file, out = tmp_path / "lost.txt", tmp_path / "lost.csv"
    out.write_text("old", encoding="utf-8")
    file.write_text("[equations]\nx = log(x(-1))\n", encoding="utf-8")
    assert screen.solve(file, 3, out=out) == FAILED
    assert out.read_text(encoding="utf-8") == "old"


def fresh(file: FilePath, out: FilePath, seed: int) -> bytes:
    """The CSV that a new process with a hash seed writes."""
    code = "import sys; from pathlib import Path; from dollarflow.solve_command import solve_file; "
    code += "sys.exit(solve_file(Path(sys.argv[1]), 60, out=Path(sys.argv[2])))"
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, str(file), str(out)], check=True, capture_output=True, env=environment, cwd=out.parent)
    return out.read_bytes()


@pytest.mark.parametrize("name", ["REG", "INSOUT"])
def test_hash_seed_and_order_of_equations_leave_every_bit(name: str, tmp_path: FilePath) -> None:
    text = (MODELS / f"{name}.txt").read_text(encoding="utf-8")
    start = text.index("[equations]\n") + len("[equations]\n")
    end = text.index("[parameters]")
    lines = text[start:end].splitlines()
    tables = []
    for seed in (0, 1, 31):
        random.Random(seed).shuffle(lines)
        file = tmp_path / f"{name}{seed}.txt"
        file.write_text(text[:start] + "\n".join(lines) + "\n" + text[end:], encoding="utf-8")
        rows = [line.split(",") for line in fresh(file, tmp_path / f"{seed}.csv", seed).decode().splitlines()]
        tables.append({column[0]: column[1:] for column in zip(*rows, strict=True)})
    assert tables[0] == tables[1] == tables[2]
