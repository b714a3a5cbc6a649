"""Slips of a first user of ``dollarflow run``: units, totals in an opening, horizons, solved policy rates; and the list of inputs."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from calibration import opening_dates
from dollarflow import opening_state
from dollarflow.cli import call
from tests.application.conftest import Outcome

Command = Callable[..., Outcome]
SLIPS = [
    ('title = "t"\n[exogenise]\nsofr = { value = 3.9 }\n', ":3: ", "sofr = 3.9"),
    ('title = "t"\n[exogenise]\nsofr = { path = { "2025-11-05" = 0.039, "2025-12-10" = 3.75 } }\n', ":3: ", "sofr = 3.75"),
    ('title = "t"\n[[shock]]\nvariable = "add__loan_rate"\nset = 3.9\n', ":4: ", "add__loan_rate = 3.9"),
    ('title = "t"\n[[shock]]\nvariable = "add__iorb"\nadd = -2\n', ":4: ", "add__iorb = -2"),
]


@pytest.mark.parametrize(("text", "line", "slip"), SLIPS, ids=[slip for *_, slip in SLIPS])
def test_a_percentage_for_a_decimal_in_a_scenario_file_is_refused_with_its_line(
    text: str, line: str, slip: str, command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "slip.toml"
    file.write_text(text)
    code, out, err = command("run", file, "--periods", "8", "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert f"slip.toml{line}{slip} is out of bounds; rates are decimals per year, -1 to 1 (0.039 is 3.9 %)" in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def opening_file(place: Path, **values: float) -> Path:
    place.write_text("variable,value\n" + "".join(f"{name},{value!r}\n" for name, value in values.items()))
    return place


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("reserves", "reserves__fed__banks"),
        ("net_worth__mmf", "agency__private__mmf"),
        ("notes__face", "notes__treasury__banks__face"),
        ("m2", "deposits__banks__private"),
        ("policy_rate", "rate_lower, rate_upper"),
    ],
)
def test_a_derived_name_in_an_opening_is_refused_with_what_to_set(name: str, parts: str, command: Command, tmp_path: Path) -> None:
    file = opening_file(tmp_path / "opening.csv", **{name: 3000.0})
    code, out, err = command("run", "--opening", file, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert f"opening.csv:2: {name}: {name!r} follows from other values; set instead " in err
    assert parts in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "sheet", "side"),
    [
        ("reserves__fed__banks", "banks", "assets exceed liabilities"),
        ("repo_dvp__hedge_funds__banks", "banks", "assets exceed liabilities"),
        ("hedge_fund_equity__hedge_funds__private", "hedge funds", "liabilities exceed assets"),
        ("mmf_shares__mmf__private", "mmf", "liabilities exceed assets"),
        ("fed_other_deposits__fed__private", "fed at book", "liabilities exceed assets"),
    ],
)
def test_an_opening_that_does_not_close_is_refused_with_sheet_and_gap(
    name: str, sheet: str, side: str, command: Command, tmp_path: Path
) -> None:
    file = opening_file(tmp_path / "opening.csv", **{name: opening_state("2025-10-29")[name] + 64.0})
    code, out, err = command("run", "--opening", file, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert err == (
        f"dollarflow: --opening: the balance sheet of {sheet} does not close: {side} by 64 bn after {name}; set the other side too\n"
    )


def first_row(folder: Path) -> dict[str, str]:
    with (folder / "path.csv").open() as stream:
        return next(csv.DictReader(stream))


@pytest.mark.parametrize("clock", ["weekly", "monthly"])
def test_an_opening_that_closes_runs_with_totals_that_are_sums(clock: str, command: Command, tmp_path: Path) -> None:
    state = opening_state("2025-10-29")
    moves = {"reserves__fed__banks": 64, "deposits__banks__private": 64, "bills__treasury__fed": 64, "bills__treasury__private": -64}
    file = opening_file(tmp_path / "opening.csv", **{name: state[name] + change for name, change in moves.items()})
    out = tmp_path / "out"
    code, _, err = command("run", "--opening", file, "--periods", "2", "--clock", clock, "--out", out)
    assert (code, err) == (0, "")
    row = first_row(out)
    assert float(row["reserves"]) == pytest.approx(state["reserves"] + 64, abs=1e-6)
    assert float(row["deposits"]) == pytest.approx(state["deposits"] + 64, abs=1e-6)
    assert float(row["bills"]) == pytest.approx(state["bills"], abs=1e-6)
    assert float(row["debt"]) == pytest.approx(state["debt"], abs=1e-6)


def test_the_value_of_a_coupon_cell_scales_its_face_and_coupon(command: Command, tmp_path: Path) -> None:
    state = opening_state("2025-10-29")
    moves = {"notes__treasury__private": 100.0, "notes__treasury__rest_of_world": -100.0}
    file = opening_file(tmp_path / "opening.csv", **{name: state[name] + change for name, change in moves.items()})
    out = tmp_path / "out"
    assert command("run", "--opening", file, "--periods", "2", "--out", out)[0] == 0
    row = first_row(out)
    key = "notes__treasury__private"
    for part in ("__face", "__coupon"):
        assert float(row[key + part]) / state[key + part] == pytest.approx(1 + 100 / state[key], rel=1e-9)
    assert float(row["notes"]) == pytest.approx(state["notes"], abs=1e-6)


@pytest.mark.parametrize("asked", ["0", "20001", "1000000000000"])
def test_horizons_that_nobody_wants_are_refused(asked: str, command: Command, tmp_path: Path) -> None:
    code, out, err = command("run", "--periods", asked, "--out", tmp_path / "out")
    assert (code, out, err) == (2, "", f"dollarflow: --periods {asked}: a run has 1 to 20,000 periods\n")
    model = tmp_path / "model.txt"
    model.write_text("[equations]\nY = 1\n")
    if asked != "0":
        code, _, err = command("solve", model, "--periods", asked)
        assert (code, err) == (2, f"dollarflow: --periods {asked}: a run has 0 to 20,000 periods\n")


def test_a_horizon_of_a_scenario_file_is_held_to_the_same_limits(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "far.toml"
    for entry in ("periods = 0", "end = 2900-01-01"):
        file.write_text(f'title = "t"\n[horizon]\n{entry}\n')
        code, _, err = command("run", file, "--out", tmp_path / "out")
        assert code == 2
        assert err.endswith(": a run has 1 to 20,000 periods\n")


def test_want_of_memory_is_one_message(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("dollarflow.session.solve_request", exhausted)
    assert call(["run", "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "dollarflow: out of memory; ask for fewer periods (--periods) or a longer period (--clock)\n"


@pytest.mark.parametrize(
    ("name", "made_of"),
    [
        ("iorb", "rate_lower or iorb_gap"),
        ("on_rrp_rate", "rate_lower or rrp_gap"),
        ("srf_rate", "rate_upper or srf_gap"),
        ("dw_rate", "rate_upper or dw_gap"),
    ],
)
def test_a_solved_policy_rate_is_refused_with_its_levers(name: str, made_of: str, command: Command, tmp_path: Path) -> None:
    words = f"{name}: it is solved for, not given; give {made_of}, of which it is made; its add-factor is add__{name}; "
    code, _, err = command("run", "--set", f"{name}=0.03", "--out", tmp_path / "out")
    assert code == 2
    assert err.startswith(f"dollarflow: --set {words}")
    paths = tmp_path / "paths.csv"
    paths.write_text(f"date,{name}\n2025-11-05,0.03\n")
    code, _, err = command("run", "--exogenous", paths, "--out", tmp_path / "out")
    assert code == 2
    assert words in err


def test_inputs_lists_everything_that_can_be_set(command: Command) -> None:
    code, out, err = command("inputs", "--format", "json")
    assert (code, err) == (0, "")
    items = {item["name"]: item for item in json.loads(out)}
    policy = items["rate_lower"]
    assert (policy["kind"], policy["unit"], policy["lower"], policy["upper"]) == ("exogenous", "1 / yr", -0.1, 0.6)
    assert policy["value"] == 0.0375
    assert policy["description"]
    assert items["add__iorb"]["kind"] == "add-factor"
    published = tomllib.loads(resources.files("calibration").joinpath("parameters.toml").read_text(encoding="utf-8"))
    slope = items["a_notes"]
    assert (slope["kind"], slope["value"], slope["assumption"]) == ("parameter", published["a_notes"]["value"], True)
    assert slope["source"].startswith(published["a_notes"]["source"])
    assert items["hf_buffer"]["source"] == "follows from the opening"
    assert "iorb" not in items


def test_inputs_by_name_and_names_that_are_no_inputs(command: Command) -> None:
    code, out, _ = command("inputs", "iorb_gap", "a_notes")
    assert code == 0
    head, first, second = out.splitlines()
    assert head.split() == ["name", "kind", "value", "unit", "bounds", "description"]
    assert first.startswith("iorb_gap")
    assert "assumption; " in second
    assert command("inputs", "iorb")[::2] == (2, "dollarflow: 'iorb' is solved for; its inputs are rate_lower and iorb_gap\n")
    assert "no input; dollarflow equations sofr shows from what" in command("inputs", "sofr")[2]
    assert "(did you mean 'iorb_gap'?)" in command("inputs", "iorb_gp")[2]


def test_help_of_run_has_defaults_and_allowed_values(command: Command) -> None:
    code, out, _ = command("run", "--help")
    words = " ".join(out.replace("|", " ").split())
    assert code == 0
    for day in opening_dates():
        assert day.isoformat() in words
    assert "else 2025-10-29" in words
    assert "1 to 20000; default the scenario's length, else 52" in words
    assert "weekly, monthly, quarterly or daily; default the scenario's, else weekly" in words
