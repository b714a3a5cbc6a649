"""Every scenario of the library, at every clock: it solves, its folder passes the independent checker, and it does what it says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest
from _pytest.mark import ParameterSet

from dollarflow.cli import call
from dollarflow.expectations import outcomes
from dollarflow.results import audit_folder
from dollarflow.scenarios import library, names, scenario
from dollarflow.session import Request, beside, solve_request
from dollarflow.simulation import Simulation
from model.language.clocks import LENGTHS
from tests.application.conftest import Outcome
from tests.application.folder_checker import check

CLOCKS = ("weekly", "monthly", "quarterly", "daily")
OTHER_CLOCKS_EVERY_TIME = ("baseline", "qe", "debt_ceiling")


def cases() -> Iterator[ParameterSet]:
    """Every scenario at its own clock, a few at every clock; the rest, and long daily runs, are slow."""
    for name in names():
        own = scenario(name).horizon
        for clock in CLOCKS:
            quick = clock == (own.clock or "weekly") or name in OTHER_CLOCKS_EVERY_TIME
            yield pytest.param(name, clock, marks=() if quick else pytest.mark.slow, id=f"{name}-{clock}")


@cache
def solved(name: str) -> Simulation:
    return solve_request(Request(scenario(name)))


@pytest.mark.parametrize(("name", "clock"), list(cases()))
def test_folder_passes_both_checkers(name: str, clock: str, command: Callable[..., Outcome], tmp_path: Path) -> None:
    code, _, err = command("run", name, "--clock", clock, "--out", tmp_path / "out", "--quiet")
    if code == 2:
        coarser = LENGTHS[clock] > LENGTHS[scenario(name).horizon.clock or "weekly"]
        assert coarser, err
        assert "no period ends between" in err
        assert not (tmp_path / "out").exists()
        return
    assert code == 0, err
    assert all(line.startswith("dollarflow: note: ") for line in err.splitlines())
    assert check(tmp_path / "out") == []
    audit = audit_folder(tmp_path / "out")
    assert audit.sound, audit.findings[:5]


@pytest.mark.parametrize("name", [item.name for item in library() if item.expect])
def test_scenario_does_what_it_says(name: str) -> None:
    changed = solved(name)
    found = outcomes(solve_request(beside(changed.scenario)), changed)
    assert [str(outcome) for outcome in found if not outcome.passed] == []


def test_every_scenario_has_story_source_and_expectations() -> None:
    counterfactuals = {item.baseline for item in library()}
    for item in library():
        assert item.story, item.name
        assert item.source, item.name
        assert item.expect or item.name in counterfactuals, f"{item.name} expects nothing"
        assert item.baseline in (*names(), "")


def test_baseline_summary_names_the_headlines(command: Callable[..., Outcome], tmp_path: Path) -> None:
    code, out, err = command("run", "--out", tmp_path / "out", "--verbose")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith("2025-10-29 to 2026-10-28, 52 periods, weekly clock")
    sofr = next(line for line in lines if line.strip().startswith("SOFR  "))
    assert sofr.split()[1:3] == ["4.27", "%"]
    assert any(line.startswith("audit passed: ") for line in lines)
    assert any(line.startswith("solver: ") for line in lines)
    assert "nan" not in out


def test_settings_reach_the_run_and_the_manifest(command: Callable[..., Outcome], tmp_path: Path) -> None:
    paths = tmp_path / "paths.csv"
    paths.write_text("date,qe_bills\n2025-11-12,520\n2025-11-19,0\n")
    opening = tmp_path / "opening.csv"
    opening.write_text("variable,value\nbasis,0.0022\n")
    words = ["--periods", "4", "--set", "r_star=0.03", "--set", "foreign_rate=0.02"]
    code, _, err = command("run", *words, "--exogenous", paths, "--opening", opening, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["parameters"]["r_star"] == 0.03
    assert set(manifest["scenario"]["overrides"]) == {"set r_star", "set foreign_rate", "exogenous", "opening"}
    header, *lines = (tmp_path / "out" / "path.csv").read_text().splitlines()
    position = header.split(",").index("qe_bills")
    assert [float(line.split(",")[position]) for line in lines] == [0, 0, 520, 0, 0]


def test_another_clock_keeps_the_span(tmp_path: Path) -> None:
    assert solve_request(Request(scenario("baseline"), clock="monthly")).path.periods == 12
    assert solve_request(Request(scenario("baseline"), clock="quarterly")).dates[-1].isoformat() == "2026-09-30"
    assert solve_request(Request(scenario("baseline"), start="2021-12-31", clock="monthly")).dates[-1].isoformat() == "2022-12-31"


def test_flow_graph_of_every_quarter_of_the_baseline_reloads_and_nets_to_zero(command: Callable[..., Outcome], tmp_path: Path) -> None:
    assert call(["run", "--out", str(tmp_path / "out"), "--quiet"]) == 0
    for period in (1, 9, 26, 52):
        file = tmp_path / f"{period}.graphml"
        assert command("graph", tmp_path / "out", "--kind", "flows", "--period", period, "--out", file)[0] == 0
        graph = nx.read_graphml(file, force_multigraph=True)
        assert len(graph) == 8
        net = dict.fromkeys(graph, 0.0)
        for source, target, data in graph.edges(data=True):
            net[source] -= data["value"]
            net[target] += data["value"]
        assert all(abs(value) < 1e-6 for value in net.values()), (period, net)


def test_switches_turn_the_calendar_and_the_dated_policy_off(tmp_path: Path) -> None:
    own = tmp_path / "flat.toml"
    own.write_text('title = "Flat"\n[switch]\ncalendar = false\nevents = false\n')
    run = solve_request(Request(scenario(str(own)), periods=8))
    assert not run["month_end"].any()
    assert set(run["rate_lower"].tolist()) == {run["rate_lower"][0]}


def test_unknown_switch_is_refused_with_its_line(command: Callable[..., Outcome], tmp_path: Path) -> None:
    own = tmp_path / "flat.toml"
    own.write_text('title = "Flat"\n[switch]\ncalender = false\n')
    code, _, err = command("run", own, "--out", tmp_path / "out")
    assert code == 2
    assert f"{own}:3: unknown switch 'calender' (did you mean 'calendar'?)" in err
