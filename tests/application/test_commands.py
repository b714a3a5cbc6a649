"""The command line on the toy and on the library: exit codes, streams and golden messages; nothing half-written."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from dollarflow.console import progress_bar
from dollarflow.simulation import Simulation
from model.periods.diagnosis import Diagnosis
from model.periods.failure import SolveFailure
from tests.application.conftest import Outcome

Command = Callable[..., Outcome]
ROOT = Path(__file__).parents[2]


def process(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "dollarflow", *words], capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )


GOLDEN = [
    (("run", "baselin"), "dollarflow: no scenario is named 'baselin' (did you mean 'baseline'?); known: "),
    (("run", "--periods", "-3"), "dollarflow: --periods -3: a run has 1 to 20,000 periods\n"),
    (("run", "--periods", "many"), "dollarflow run: Invalid value for '--periods'"),
    (
        ("run", "--clock", "yearly"),
        "dollarflow run: Invalid value for '--clock': 'yearly' is not one of 'weekly', 'monthly', 'quarterly', 'daily'.",
    ),
    (("run", "--start", "soon"), "dollarflow: --start 'soon' is not a date; write 2025-10-29\n"),
    (("run", "--start", "1999-01-01"), "dollarflow: no "),
    (("run", "--set", "beta"), "dollarflow: --set 'beta': write NAME=VALUE, such as --set a_notes=0.18\n"),
    (("run", "--set", "a_notes=x"), "dollarflow: --set a_notes: 'x' is not a number\n"),
    (("run", "--set", "a_notes=-1"), "dollarflow: --set a_notes=-1: out of bounds; allowed: 0 or more\n"),
    (
        ("run", "--set", "a_note=1"),
        "dollarflow: --set a_note: no parameter or exogenous variable has that name (did you mean 'a_notes'?)\n",
    ),
    (("run", "--set", "sofr=0.04"), "dollarflow: --set sofr: it is solved for, not given; a scenario file can list it under [exogenise]\n"),
    (
        ("run", "--set", "rate_lower=3.5"),
        "dollarflow: --set rate_lower=3.5: out of bounds; rates are decimals per year, -0.1 to 0.6 (0.039 is 3.9 %)\n",
    ),
    (("run", "missing.toml"), "dollarflow: cannot read the scenario file missing.toml: No such file or directory\n"),
    (("run", "--exogenous", "missing.csv"), "dollarflow: cannot read the file of exogenous paths missing.csv: No such file or directory\n"),
    (("run", "--opening", "missing.csv"), "dollarflow: cannot read the opening file missing.csv: No such file or directory\n"),
    (("scenarios", "qee"), "dollarflow: no scenario is named 'qee' (did you mean 'qe'?); known: "),
    (
        ("equations", "sofrr"),
        "dollarflow: 'sofrr': no equation has that name (did you mean 'sofr'?); dollarflow equations without a name lists all\n",
    ),
    (("tables", "--date", "soon"), "dollarflow: --date 'soon' is not a date; write 2025-10-29\n"),
    (("audit", "nowhere"), "dollarflow: nowhere is not a folder\n"),
    (("graph", "nowhere", "--period", "1", "--out", "g.json"), "dollarflow: nowhere is not a folder\n"),
    (("audit",), "dollarflow audit: Missing argument 'DIR'. (try dollarflow audit --help)\n"),
    (("nonsense",), "dollarflow: No such command 'nonsense'. (try dollarflow --help)\n"),
    (("run", "--nonsense"), "dollarflow run: No such option: --nonsense"),
]


@pytest.mark.parametrize(("words", "message"), GOLDEN, ids=[" ".join(words) for words, _ in GOLDEN])
def test_bad_input_gets_one_message_and_leaves_nothing(
    words: tuple[str, ...], message: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command(*words)
    assert (code, out) == (2, "")
    assert err.startswith(message)
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_broken_files_are_refused_with_their_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('title = "x"\n[[shock]\n')
    code, _, err = command("run", tmp_path / "broken.toml", "--out", tmp_path / "out")
    assert code == 2
    assert "broken.toml:2: broken TOML: " in err
    (tmp_path / "paths.csv").write_text("date,qe_notes\n2025-11-05,1\n2025-11-12,many\n")
    code, _, err = command("run", "--exogenous", tmp_path / "paths.csv", "--out", tmp_path / "out")
    assert code == 2
    assert err.endswith("paths.csv:3: qe_notes: 'many' is not a number\n")
    (tmp_path / "opening.csv").write_text("variable,value\nreservs,2800\n")
    code, _, err = command("run", "--opening", tmp_path / "opening.csv", "--out", tmp_path / "out")
    assert code == 2
    assert "'reservs' is no variable of the system (did you mean 'reserves'?)" in err
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_solved(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = command("run", "--out", tmp_path / "file" / "inside")
    assert code == 2
    assert err.startswith("dollarflow: cannot write to ")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.csv").write_text("")
    code, _, err = command("run", "--out", tmp_path / "data")
    assert code == 2
    assert "holds files but no earlier result" in err


def test_an_unwritable_folder_is_refused(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    code, _, err = command("run", "--out", tmp_path / "locked" / "out")
    assert code == 2
    assert err == f"dollarflow: cannot write to {tmp_path / 'locked' / 'out'}: Permission denied\n"
    assert list(tmp_path.iterdir()) == []


def test_help_is_quick_and_lists_the_commands(tmp_path: Path) -> None:
    heavy = {"sympy", "pandas", "numpy", "scipy", "networkx", "matplotlib"}
    script = f"import sys; from dollarflow.cli import call; code = call(['--help']); bad = {heavy} & set(sys.modules)"
    check = f"{script}; assert not bad, bad; sys.exit(code)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    for name in ("run", "audit", "tables", "equations", "graph", "solve", "scenarios"):
        assert f"\n  {name}" in done.stdout


def test_module_runs_as_a_process_and_ends_with_its_exit_code(tmp_path: Path, sound_folder: Path) -> None:
    done = process("audit", str(sound_folder), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "passed" in done.stdout
    done = process("run", "nonsense", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("kind", ["holdings", "flows"])
@pytest.mark.parametrize("form", ["graphml", "json"])
def test_exported_graph_reloads_and_flows_net_to_zero(kind: str, form: str, sound_folder: Path, command: Command, tmp_path: Path) -> None:
    file = tmp_path / f"graph.{form}"
    code, _, err = command("graph", sound_folder, "--period", 3, "--out", file, "--kind", kind)
    assert (code, err) == (0, "")
    if form == "graphml":
        graph = nx.read_graphml(file, force_multigraph=True)
    else:
        graph = nx.node_link_graph(json.loads(file.read_text()), edges="edges")
    assert set(graph) == {"fed", "treasury", "banks", "private"}
    net = dict.fromkeys(graph, 0.0)
    for source, target, data in graph.edges(data=True):
        assert {"instrument", "kind", "value"} <= set(data)
        net[source] -= data["value"]
        net[target] += data["value"]
    if kind == "flows":
        assert all(abs(value) < 1e-9 for value in net.values()), net
    else:
        assert graph.has_edge("fed", "banks")
        assert abs(sum(net.values())) < 1e-9


@pytest.mark.parametrize("form", ["svg", "png"])
def test_pictures_are_drawn(form: str, sound_folder: Path, command: Command, tmp_path: Path) -> None:
    file = tmp_path / f"graph.{form}"
    assert command("graph", sound_folder, "--period", 0, "--out", file, "--quiet") == (0, "", "")
    head = file.read_bytes()[:200]
    assert head.startswith(b"\x89PNG") if form == "png" else b"<?xml" in head


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--period", "7", "--out", "g.json"), "--period 7: "),
        (("--period", "0", "--out", "g.json", "--kind", "flows"), "--period 0: "),
        (("--period", "1", "--out", "g.pdf"), "--out g.pdf: the file's ending must be one of .graphml, .json, .svg, .png\n"),
        (("--period", "1", "--out", "none/g.json"), "cannot write none/g.json: there is no folder none\n"),
    ],
)
def test_graphs_that_cannot_be_made(
    words: tuple[str, ...], message: str, sound_folder: Path, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command("graph", sound_folder, *words)
    assert (code, out) == (2, "")
    assert err.startswith("dollarflow: " + message)
    assert list(tmp_path.iterdir()) == []


def test_scenarios_are_listed_explained_and_given_as_json(command: Command) -> None:
    code, out, _ = command("scenarios")
    assert code == 0
    assert out.startswith("baseline ")
    names = [line.split()[0] for line in out.splitlines()]
    code, out, _ = command("scenarios", "--format", "json")
    assert [item["name"] for item in json.loads(out)] == names
    code, out, _ = command("scenarios", "qe")
    assert "expected, against the baseline:" in out
    assert "qe_notes + 2190 from 2026-01-01 to 2026-03-31" in out


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "csv"])
def test_tables_print_in_every_format(form: str, command: Command) -> None:
    code, out, err = command("tables", "--format", form)
    assert (code, err) == (0, "")
    for word in ("reserves", "bills", "hedge"):
        assert word in out
    assert out.count(r"\begin{document}") == (form == "latex")


def test_tables_have_the_opening_figures(command: Command) -> None:
    code, out, _ = command("tables", "--format", "csv", "--date", "2025-10-29")
    assert code == 0
    reserves = next(line for line in out.splitlines() if line.startswith("reserves,")).split(",")
    assert float(reserves[3]) == pytest.approx(2827.9, abs=0.05)
    assert float(reserves[1]) == -float(reserves[3])


def test_equations_are_listed_by_name_of_equation_or_variable(command: Command) -> None:
    code, out, _ = command("equations", "sofr", "reserves")
    assert code == 0
    assert out.startswith("sofr: ")
    code, latex, _ = command("equations", "sofr", "--format", "latex")
    assert latex.startswith(r"\documentclass")
    code, out, _ = command("equations", "--quiet")
    assert len(out.splitlines()) > 400


def test_failure_to_solve_ends_with_its_diagnosis_and_writes_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_run: Simulation
) -> None:
    diagnosis = Diagnosis(3, toy_run.dates[3], ("a", "b"), "market", 0.5, (), "there is no solution", "smaller shocks")

    def fail(*_: object, **__: object) -> None:
        raise SolveFailure(diagnosis, toy_run.path)

    monkeypatch.setattr("dollarflow.session.simulate", fail)
    code, out, err = command("run", "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert err.startswith("dollarflow: period 3 (2025-11-19): no solution found for a, b")
    assert "likely cause: there is no solution" in err
    assert list(tmp_path.iterdir()) == []


def test_run_whose_audit_fails_ends_with_one_and_so_does_the_audit_of_its_folder(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_run: Simulation
) -> None:
    leaky = dataclasses.replace(toy_run, violations=("deposits leak 3.2 bn",))
    monkeypatch.setattr("dollarflow.session.simulate", lambda *_, **__: leaky)
    code, out, err = command("run", "--out", tmp_path / "out")
    assert code == 1
    assert "audit FAILED: 1 violation\n" in out
    assert err == "deposits leak 3.2 bn\ndollarflow: the audit of baseline found 1 violation\n"
    code, _, err = command("audit", tmp_path / "out")
    assert code == 1
    assert "the run itself found: deposits leak 3.2 bn" in err


def test_progress_is_drawn_on_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with progress_bar("x", quiet=False) as callback:
        assert callback is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress_bar("x", quiet=False) as callback:
        assert callback is not None
        callback(1, 2)
    with progress_bar("x", quiet=True) as callback:
        assert callback is None
