"""What a run and a comparison tell: the caller's settings, what the scenario expects, and what came of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dollarflow import dollar_system, opening_state, simulate
from dollarflow.attribution.runs import run_of_folder
from dollarflow.charts.figures import read_figures
from dollarflow.expectations import Outcome, checked
from dollarflow.reports.page import titled
from tests.application import conftest

Command = Callable[..., conftest.Outcome]
SCENARIO = """title = "Bills bought"
baseline = "baseline"
[[shock]]
variable = "qe_bills"
from = 2025-11-01
add = 520.0
[[expect]]
variable = "fed_assets"
date = 2025-11-19
sign = "+"
low = 25
high = 28
unit = "bn"
[[expect]]
variable = "reserves"
date = 2025-11-19
sign = "-"
[[expect]]
variable = "reserves"
date = 2026-11-19
sign = "+"
"""


@pytest.fixture
def folders(command: Command, tmp_path: Path) -> tuple[Path, Path, str]:
    """The baseline and a scenario of one's own on its dates, and what the second run said."""
    file = tmp_path / "own.toml"
    file.write_text(SCENARIO)
    code, _, err = command("run", "--periods", "4", "--out", tmp_path / "base")
    assert code == 0, err
    code, out, err = command("run", file, "--periods", "4", "--out", tmp_path / "own")
    assert code == 0, err
    return tmp_path / "base", tmp_path / "own", out


def test_what_a_scenario_expects_is_told_and_compared_with_what_came(folders: tuple[Path, Path, str], command: Command) -> None:
    """Bills at 520 bn a year from November on are 27 bn by 19 November (19 of 365 days), less what falls away of the SRF."""
    base, own, said = folders
    assert "expected, against baseline" in said
    assert "fed_assets up 25 to 28 bn on 2025-11-19" in said
    outcomes = checked(run_of_folder(base), run_of_folder(own))
    assert [isinstance(item, Outcome) and item.passed for item in outcomes] == [True, False, False]
    _, text, _ = command("compare", base, own)
    assert "fed_assets up 25 to 28 bn on 2025-11-19: computed +2" in text
    assert "NOT as expected" in text
    computed = [line.partition(": computed ")[2] for line in text.splitlines() if ": computed " in line]
    assert [line.split()[1] for line in computed] == ["bn,", "bn,"], "the second expectation gives no unit; reserves are in USD bn"
    assert "reserves up on 2026-11-19: outside these dates" in text
    assert "expected of own" not in command("compare", own, base)[1]


def test_settings_of_the_caller_stand_under_the_title(command: Command, tmp_path: Path) -> None:
    reserves = opening_state("2025-10-29")
    with (tmp_path / "opening.csv").open("w") as file:
        csv.writer(file).writerows([("variable", "value"), ("sofr_iorb", reserves["sofr_iorb"])])
    words = ("run", "--periods", "1", "--set", "tga_floor=1200", "--opening", tmp_path / "opening.csv")
    code, out, err = command(*words, "--out", tmp_path / "out")
    assert code == 0, err
    assert out.splitlines()[1] == "with tga_floor = 1200, own opening values (--opening)"
    assert "portfolios are anchored in the opening" in out
    assert titled(read_figures(tmp_path / "out")).endswith("with tga_floor = 1200, own opening values (--opening)")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["scenario"]["expected"] == []


def test_a_comparison_and_a_graph_may_be_of_any_date(folders: tuple[Path, Path, str], command: Command, tmp_path: Path) -> None:
    base, own, _ = folders
    code, text, err = command("compare", base, own, "--at", "2025-11-10", "--out", tmp_path / "at.json")
    assert (code, err) == (0, "")
    assert "on 2025-11-12" in text
    bills = [run_of_folder(folder).frame["bills__treasury__fed"].iloc[2] for folder in (base, own)]
    assert f"{bills[1] - bills[0]:+,.1f}" in [line for line in text.splitlines() if line.startswith("  bills ")][-1]
    assert json.loads((tmp_path / "at.json").read_text())["at"] == "2025-11-12"
    for day, message in (
        ("10.11.2025", "not a date; write 2026-01-28"),
        ("2026-10-28", "outside"),
        ("2025-10-29", "start from this opening"),
    ):
        code, _, err = command("compare", base, own, "--at", day)
        assert code == 2
        assert message in err
    assert "period 2 (2025-11-12)" in command("graph", base, "--period", "2025-11-10", "--out", tmp_path / "graph.json")[1]
    assert command("graph", base, "--period", "10.11.2025", "--out", tmp_path / "graph.json")[0] == 2


def test_a_name_in_place_of_what_it_stands_for_is_refused_with_what_to_pass() -> None:
    opening = opening_state("2025-10-29")
    with pytest.raises(TypeError, match=r"scenario is 'srf_off'; pass dollarflow.scenario\('srf_off'\)"):
        simulate(dollar_system(), opening, "srf_off")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"opening is '2025-10-29'; pass dollarflow.opening_state\('2025-10-29'\)"):
        simulate(dollar_system(), "2025-10-29")  # type: ignore[arg-type]


def test_rounded_figures_of_an_opening_are_told_where_exact_ones_are(command: Command, tmp_path: Path) -> None:
    opening = opening_state("2025-10-29")
    rows = [(name, round(opening[name], 1)) for name in ("reserves__fed__banks", "tga__fed__treasury", "deposits__banks__private")]
    with (tmp_path / "opening.csv").open("w") as file:
        csv.writer(file).writerows([("variable", "value"), *rows])
    code, _, err = command("run", "--periods", "1", "--opening", tmp_path / "opening.csv", "--out", tmp_path / "out")
    assert code == 2
    assert "period 0 of a run's holdings.csv has every cell in full" in err
