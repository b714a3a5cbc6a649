"""Two result folders with the same dates, solved once, and plain readings of their files that share no code with the charts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dollarflow.charts import Figures, read_figures
from dollarflow.cli import call
from dollarflow.scenarios import scenario
from dollarflow.session import Request, solve_request

PERIODS = 10
Outcome = tuple[int, str, str]


@dataclass(frozen=True)
class Files:
    """A result folder's files read by the csv module."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def column(self, name: str) -> list[float]:
        return [float(row[name]) for row in self.rows("path.csv")]

    def total(self, name: str, column: str, period: int, **where: str) -> float:
        """The sum of a column over a period's rows; a place may name several values, joined by a bar."""
        kept = (row for row in self.rows(name) if row["period"] == str(period))
        return sum(float(row[column] or row["value"]) for row in kept if all(row[k] in v.split("|") for k, v in where.items()))


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The baseline and the run without a standing repo facility."""
    place = tmp_path_factory.mktemp("report")
    made = []
    for name in ("baseline", "srf_off"):
        made.append(solve_request(Request(scenario(name), periods=PERIODS)).write(place / name))
    return made[0], made[1]


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of the baseline, to be copied and altered."""
    return solve_request(Request(scenario("baseline"), periods=2)).write(tmp_path_factory.mktemp("short") / "result")


@pytest.fixture(scope="session")
def base(folders: tuple[Path, Path]) -> Figures:
    return read_figures(folders[0])


@pytest.fixture(scope="session")
def changed(folders: tuple[Path, Path]) -> Figures:
    return read_figures(folders[1])


@pytest.fixture(scope="session")
def files(folders: tuple[Path, Path]) -> Files:
    return Files(folders[0])


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs a command in this process; gives exit code, stdout and stderr."""

    def run(*words: str | Path) -> Outcome:
        code = call([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
