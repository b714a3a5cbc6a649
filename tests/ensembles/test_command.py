"""``dollarflow ensemble`` on the dollar system: a member is a run, words are clear, nothing half-written stays behind."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dollarflow.cli import call
from dollarflow.ensembles import Asked, Ensemble, find_members
from dollarflow.scenarios import scenario
from dollarflow.session import Request, solve_request
from dollarflow.simulation import Simulation

Outcome = tuple[int, str, str]
VARY = """
[[parameter]]
name = "gamma"
distribution = "triangular"
low = 0.02
high = 0.12

[[parameter]]
name = "sofr_volatility_normal"
distribution = "uniform"
low = 0.0003
high = 0.001

[[shock]]
variable = "add__tga_plan"
process = "ar1"
sd = 20.0
persistence = 0.8
"""


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def run(*words: str | Path) -> Outcome:
        code = call([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def vary(tmp_path: Path) -> Path:
    place = tmp_path / "vary.toml"
    place.write_text(VARY)
    return place


def alone(asked: Asked, member: int, folder: Path) -> Simulation:
    """A member as ``dollarflow run --set … --exogenous …`` solves it."""
    members = find_members(asked)
    drawn = members.drawn(member, member + 1)[0]
    paths = members.given(member, member + 1)
    file = folder / "shocks.csv"
    lines = [",".join(["date", *paths])]
    lines += [",".join([day.isoformat(), *(repr(float(p[0, i])) for p in paths.values())]) for i, day in enumerate(members.dates)]
    file.write_text("\n".join(lines))
    words = tuple(f"{name}={value!r}" for name, value in zip(members.variation.names, drawn.tolist(), strict=True))
    return solve_request(Request(asked.scenario, periods=asked.periods, assignments=words, exogenous=file))


@pytest.mark.parametrize("acts_on_what_is_drawn", [False, True])
def test_a_member_is_the_run_with_its_settings(
    acts_on_what_is_drawn: bool, vary: Path, tmp_path: Path, command: Callable[..., Outcome]
) -> None:
    name = "baseline"
    if acts_on_what_is_drawn:
        name = str(tmp_path / "own.toml")
        Path(name).write_text('title = "own"\n[[shock]]\nvariable = "gamma"\nscale = 1.5\nfrom = 3\n')
    words = ("ensemble", name, "--draws", 3, "--periods", 8, "--vary", vary, "--seed", 9, "--out", tmp_path / "store")
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "3 members" in out
    assert "nothing leaks" in out
    found = Ensemble.open(tmp_path / "store")
    asked = Asked(scenario(name), 3, seed=9, periods=8, vary=vary)
    assert find_members(asked).single == acts_on_what_is_drawn
    single = alone(asked, 2, tmp_path)
    for variable in found.variables:
        own = single[variable]
        np.testing.assert_allclose(found.paths(variable)[2], own, rtol=1e-12, atol=1e-12 * np.nanmax(np.abs(own)))
    assert found.solved == 3
    assert found.difference < 1e-12


def test_members_of_a_replay_are_runs_too(tmp_path: Path, vary: Path, command: Callable[..., Outcome]) -> None:
    code, _, err = command("ensemble", "qt_2022", "--draws", 2, "--periods", 3, "--vary", vary, "--out", tmp_path / "store")
    assert (code, err) == (0, "")
    found = Ensemble.open(tmp_path / "store")
    assert (found.solved, found.audited) == (2, 1)
    assert found.difference < 1e-12


def test_the_default_varies_estimates_and_ordinary_surprises(tmp_path: Path, command: Callable[..., Outcome]) -> None:
    code, out, err = command("ensemble", "baseline", "--draws", 4, "--periods", 4, "--quantiles", "--out", tmp_path / "store", "-v")
    assert (code, err) == (0, "")
    for words in ("drawn: curve_slope, normal", "drawn: zeta, triangular, 0 to 1", "shock: add__tga_plan, iid"):
        assert words in out
    found = Ensemble.open(tmp_path / "store")
    assert found.solved == 4
    assert found.quantiles("sofr").iloc[-1].is_monotonic_increasing


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing_such", "--draws", "4"], "no scenario"),
        (["baseline", "--draws", "0"], "--draws 0"),
        (["baseline", "--draws", "4", "--keep", "sofrr"], "--keep sofrr: the system has no such variable (did you mean 'sofr'?)"),
        (["baseline", "--draws", "4", "--design", "grid"], "grid"),
        (["baseline", "--draws", "4", "--indices", "sofr"], "--indices needs --design saltelli"),
        (["baseline", "--draws", "3", "--design", "saltelli", "--indices", "sofr"], "--indices needs --draws 4"),
        (["baseline", "--draws", "4", "--keep", " ,"], "--keep: name at least one variable"),
        (["baseline", "--draws", "4", "--vary", "absent.toml"], "cannot read"),
        (["baseline", "--draws", "4", "--periods", "0"], "--periods 0"),
        (["baseline", "--draws", "4", "--start", "2025-10"], "is not a date"),
        (["baseline", "--draws", "4", "--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "give one of them"),
    ],
)
def test_bad_input_is_one_message_and_leaves_nothing(
    words: list[str], message: str, tmp_path: Path, command: Callable[..., Outcome]
) -> None:
    code, out, err = command("ensemble", *words, "--out", tmp_path / "store")
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_parameter_that_the_scenario_sets_is_not_drawn(tmp_path: Path, command: Callable[..., Outcome]) -> None:
    own = tmp_path / "own.toml"
    own.write_text('title = "own"\nbaseline = "baseline"\n[parameters]\ngamma = 0.05\n')
    file = tmp_path / "vary.toml"
    file.write_text(VARY)
    code, _, err = command("ensemble", own, "--draws", 2, "--periods", 2, "--vary", file, "--out", tmp_path / "store")
    assert code == 2
    assert "gamma: the scenario sets it to 0.05" in err


def test_an_ensemble_without_any_solution_fails_with_its_diagnoses(tmp_path: Path, command: Callable[..., Outcome]) -> None:
    file = tmp_path / "vary.toml"
    file.write_text('[[parameter]]\nname = "tax_rate"\ndistribution = "uniform"\nlow = 0.97\nhigh = 1.0\n')
    code, _, err = command("ensemble", "baseline", "--draws", 4, "--periods", 30, "--vary", file, "--out", tmp_path / "store")
    assert code == 1
    assert "4 of 4 members have no path" in err
    assert "equation 'effr' has no value" in err
    assert "no member of baseline has a solution" in err
    assert len(Ensemble.open(tmp_path / "store").failures) == 4


def test_the_shown_command_repeats_a_member_and_the_figure_is_the_same_twice(tmp_path: Path, command: Callable[..., Outcome]) -> None:
    store, figure = tmp_path / "store", tmp_path / "fan.svg"
    words = ("ensemble", "baseline", "--draws", 4, "--periods", 3, "--out", store, "--member", 3, "--figure", figure)
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    line = next(line for line in out.splitlines() if line.startswith("member 3: "))
    repeated = shlex.split(line.removeprefix("member 3: dollarflow "))
    assert command(*repeated, "--out", tmp_path / "run")[0] == 0
    header, *rows = [line.split(",") for line in (tmp_path / "run" / "path.csv").read_text().splitlines()]
    found = Ensemble.open(store)
    for variable in found.variables:
        alone = np.array([float(row[header.index(variable)] or "nan") for row in rows])
        np.testing.assert_allclose(found.paths(variable)[3], alone, rtol=1e-12, atol=1e-12 * np.nanmax(np.abs(alone)))
    content = figure.read_bytes()
    assert b"<svg" in content
    assert command(*words, "--resume")[0] == 0
    assert figure.read_bytes() == content
    assert command(*words, "--resume", "--figure", tmp_path / "fan.gif")[0] == 2
