"""Two runs compared, in memory and from result folders: every decomposition adds up and equals a count by hand."""

from __future__ import annotations

import json
import re
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dollarflow
from dollarflow import Simulation, compare, opening_state, simulate
from dollarflow.attribution.runs import NoInputs, run_of_folder
from dollarflow.cli import call
from dollarflow.comparison_report import Report
from model.scenarios.scenario import Scenario
from tests.economy.laboratory import economy

PERIODS = 8
Part = dict[str, Any]
PURCHASES: Part = {"variable": "qe_notes", "from": "2025-11-05", "to": "2025-12-03", "add": 500.0}
CUT: list[Part] = [{"variable": n, "from": "2025-11-12", "to": "2025-12-24", "add": -0.005} for n in ("rate_lower", "rate_upper")]


def scenario(name: str, *shocks: Part, **more: Any) -> Scenario:
    return Scenario.model_validate({"name": name, "title": name, "shock": shocks, **more}, strict=False)


def solved(*shocks: Part, name: str = "changed", **more: Any) -> Simulation:
    return simulate(economy(), opening_state("2025-10-29"), scenario(name, *shocks, **more), periods=PERIODS)


@pytest.fixture(scope="module")
def base() -> Simulation:
    return solved(name="baseline")


@pytest.fixture(scope="module")
def changed() -> Simulation:
    return solved(PURCHASES, *CUT, parameters={"loan_growth": 0.08})


@pytest.fixture(scope="module")
def folders(base: Simulation, changed: Simulation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("results")
    return base.write(place / "a"), changed.write(place / "b")


def test_a_run_does_not_differ_from_itself(base: Simulation) -> None:
    found = compare(base, base)
    assert float(found.frame.abs().max().max()) == 0.0
    assert found.mechanisms.groups == {}
    assert found.decompose("m2", by="mechanism")["total"].abs().max() == 0.0


@pytest.mark.parametrize("name", ["m2", "money"])
@pytest.mark.parametrize("by", ["terms", "financier", "source"])
def test_parts_of_money_add_up(name: str, by: str, base: Simulation, changed: Simulation) -> None:
    table = compare(base, changed).decompose(name, by=by)
    parts = table.drop(columns="total").sum(axis=1)[1:]
    assert parts.to_numpy() == pytest.approx(changed[name][1:] - base[name][1:], abs=1e-7)
    assert np.abs(changed["m2"][1:] - base["m2"][1:]).max() > 1.0


def test_fed_purchases_appear_under_the_fed(base: Simulation, changed: Simulation) -> None:
    """500 bn a year over four weeks, bought in the market: what the two openings' runs bought differs by that."""
    table = compare(base, changed).decompose("m2", by="source")
    bought = sum(changed["notes__treasury__fed__secondary"][1:] - base["notes__treasury__fed__secondary"][1:])
    assert bought == pytest.approx(500.0 * 4 / 52, rel=0.3)
    assert table["fed_treasuries"].iloc[-1] == pytest.approx(
        sum(changed[f"{k}__treasury__fed__tr"][1:].sum() - base[f"{k}__treasury__fed__tr"][1:].sum() for k in ("bills", "notes", "bonds"))
    )


def test_mechanisms_are_the_mean_over_orders_of_scenarios(base: Simulation, changed: Simulation) -> None:
    """Each order switched by hand, as scenarios of their own."""
    parts: dict[str, list[Part]] = {"Fed programmes and income": [PURCHASES], "policy rates": CUT, "banks": []}
    worth: dict[frozenset[str], float] = {}
    for order in permutations(parts):
        for k in range(4):
            on = frozenset(order[:k])
            if on not in worth:
                growth: Part = {"parameters": {"loan_growth": 0.08}} if "banks" in on else {}
                worth[on] = float(solved(*[s for p in on for s in parts[p]], **growth)["m2"][-1])
    found = compare(base, changed)
    table = found.decompose("m2", by="mechanism")
    assert set(found.mechanisms.groups) == set(parts)
    assert found.mechanisms.exact
    for p in parts:
        mean = np.mean([worth[frozenset(o[: o.index(p) + 1])] - worth[frozenset(o[: o.index(p)])] for o in permutations(parts)])
        assert table[p].iloc[-1] == pytest.approx(mean, abs=1e-6), p
    assert table[list(parts)].sum(axis=1).to_numpy()[1:] == pytest.approx(table["total"].to_numpy()[1:], abs=1e-8)


def test_folders_say_the_same_as_simulations(base: Simulation, changed: Simulation, folders: tuple[Path, Path]) -> None:
    memory, disk = compare(base, changed), compare(*folders)
    assert disk["m2"].to_numpy()[1:] == pytest.approx(memory["m2"].to_numpy()[1:], abs=1e-9)
    for by in ("financier", "mechanism", "terms"):
        mine, theirs = disk.decompose("m2", by=by), memory.decompose("m2", by=by)
        assert mine.iloc[-1].to_dict() == pytest.approx(theirs.iloc[-1].to_dict(), abs=1e-6), by


def test_balance_sheet_difference_sums_to_zero(folders: tuple[Path, Path], base: Simulation, changed: Simulation) -> None:
    sheet = compare(*folders).balance_sheet(-1)
    assert sheet.sum(axis=1).abs().max() < 1e-8
    assert sheet.loc["reserves", "banks"] == pytest.approx(changed["reserves"][-1] - base["reserves"][-1])
    assert list(sheet.columns) == [s.name for s in base.chart.sectors]


def test_a_switch_of_the_inputs_is_a_mechanism(base: Simulation) -> None:
    quiet = solved(name="quiet", switch={"calendar": False})
    found = compare(base, quiet)
    assert set(found.mechanisms.groups) == {"calendar"}
    assert found.decompose("sofr", by="mechanism")["calendar"].iloc[-1] == pytest.approx(quiet["sofr"][-1] - base["sofr"][-1])


def test_more_than_five_mechanisms_take_an_order_and_its_reverse(base: Simulation) -> None:
    numbers = {"loan_growth": 0.06, "growth": 0.05, "hf_hurdle": 0.12, "fed_opex": 0.0004, "mmf_fee": 0.003, "note_share": 0.6}
    found = compare(base, solved(parameters=numbers))
    assert len(found.mechanisms.groups) == 6
    assert not found.mechanisms.exact
    table = found.decompose("m2", by="mechanism")
    assert table.drop(columns="total").sum(axis=1).to_numpy()[1:] == pytest.approx(table["total"].to_numpy()[1:], abs=1e-8)


def test_a_folder_of_another_system_cannot_be_solved_again(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """The manifest's system is another: differences are shown, mechanisms are refused with the reason."""
    other = tmp_path / "other"
    other.mkdir()
    for file in folders[1].iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    manifest = json.loads((other / "manifest.json").read_text())
    manifest["hashes"]["system"] = "0" * 64
    (other / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    found = compare(folders[0], other)
    assert found["m2"].abs().max() > 1.0
    with pytest.raises(NoInputs, match="another system or version"):
        found.decompose("m2", by="mechanism")
    line = next(line for line in Report(found).text().splitlines() if line.split()[:1] == ["SOFR"])
    assert line.split()[2] == line.split()[4] == "bp"
    assert float(line.split()[1]) == pytest.approx(1e4 * found["sofr"].iloc[-1], abs=0.051)


def test_an_altered_figure_is_noticed_when_solved_again(folders: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "altered"
    other.mkdir()
    for file in folders[1].iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    lines = (other / "path.csv").read_text().splitlines()
    column = lines[0].split(",").index("reserves")
    fields = lines[4].split(",")
    fields[column] = repr(float(fields[column]) + 5.0)
    lines[4] = ",".join(fields)
    (other / "path.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(NoInputs, match="do not give its figures; reserves is off"):
        compare(folders[0], other).decompose("m2", by="mechanism")


def test_unknown_names_are_refused(base: Simulation) -> None:
    found = compare(base, base)
    with pytest.raises(ValueError, match="known: terms, financier, source, mechanism"):
        found.decompose("m2", by="sector")
    with pytest.raises(ValueError, match="did you mean 'money'"):
        found.decompose("monye")
    with pytest.raises(ValueError, match="have sources of money, not 'debt'"):
        found.decompose("debt", by="financier")


def test_command_prints_and_writes(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "difference.json"
    assert call(["compare", str(folders[0]), str(folders[1]), "--out", str(out), "--of", "m2"]) == 0
    text = capsys.readouterr().out
    assert not re.search(r"[+-]0\.0+ ", text), "a zero has no sign"
    for part in (
        "by variable",
        "by balance sheet on ",
        "M2 by financier",
        "m2 by mechanism",
        "policy rates: rate_lower, rate_upper",
    ):
        assert part in text
    content = json.loads(out.read_text())
    assert content["mechanisms"]["m2"]["total"] == pytest.approx(content["variables"]["m2"]["end"], abs=1e-6)
    assert sum(v for k, v in content["m2_by_source"].items() if k != "total") == pytest.approx(content["variables"]["m2"]["end"], abs=1e-6)
    assert content["not_explained"] == ""


def test_command_writes_tables(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "difference.csv"
    assert call(["compare", str(folders[0]), str(folders[1]), "--out", str(table), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    lines = table.read_text().splitlines()
    assert lines[0] == "date,variable,difference"
    assert any(line.startswith("2025-12-24,m2,") for line in lines)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "x.pdf"], "the file's ending must be one of .txt, .json, .csv"),
        (["--of", "m22"], "no variable of both results has that name (did you mean 'm2'?)"),
    ],
)
def test_bad_requests_are_one_message(
    words: list[str], message: str, folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["compare", str(folders[0]), str(folders[1]), *words]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_a_folder_without_result_is_refused(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["compare", str(folders[0]), str(tmp_path)]) == 2
    assert "is not a result folder" in capsys.readouterr().err


def test_runs_of_different_lengths_are_refused(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = simulate(economy(), opening_state("2025-10-29"), periods=2).write(tmp_path / "short")
    assert call(["compare", str(folders[0]), str(short)]) == 2
    assert "the runs differ in dates" in capsys.readouterr().err


def test_a_folder_is_read_as_a_run(folders: tuple[Path, Path], base: Simulation) -> None:
    run = run_of_folder(folders[0])
    assert run.dates == base.dates
    assert run.inputs.system == base.path.system
    assert isinstance(compare(*folders), dollarflow.Comparison)
