"""``dollarflow institutions``: output, files, exit codes."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import networkx as nx
import pytest

from dollarflow.cli import call

SMALL = ["institutions", "--banks", "8", "--money-funds", "4", "--hedge-funds", "20", "--seed", "4", "--periods", "6"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("institutions") / "run"
    assert call([*SMALL, "--quiet", "--out", str(place)]) == 0
    return place


def test_it_says_who_failed_who_bears_it_and_that_nothing_leaks(capsys: pytest.CaptureFixture[str]) -> None:
    assert call([*SMALL, "--what-if", "floor", "--verbose"]) == 0
    said = capsys.readouterr().out
    failed = re.search(r"failed: (\d+) hedge funds", said)
    assert failed is not None
    assert int(failed[1]) >= 1
    for words in ("32 institutions", "losses against calm", "spectral radius", "nothing leaks", "against the same shock without it"):
        assert words in said
    together = re.search(r"all sectors' net worth together +(\S+) +(\S+)", said)
    assert together is not None
    assert max(abs(float(figure)) for figure in together.groups()) < 1e-7


def test_the_folder_passes_the_audit_from_its_files_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["audit", str(folder)]) == 0
    assert "passed" in capsys.readouterr().out


def test_an_altered_folder_does_not(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    text = (copy / "revaluations.csv").read_text(encoding="utf-8").split("\n")
    place = next(i for i, line in enumerate(text) if "repo_dvp,hedge_funds_" in line and not line.endswith((",0.0", ",amount")))
    head, _, _ = text[place].rpartition(",")
    text[place] = f"{head},0.0"
    (copy / "revaluations.csv").write_text("\n".join(text), encoding="utf-8")
    assert call(["audit", str(copy)]) == 1


def test_graphs_of_members_can_be_drawn(folder: Path) -> None:
    out = folder / "week4.graphml"
    assert call(["graph", str(folder), "--period", "4", "--kind", "flows", "--out", str(out), "--quiet"]) == 0
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(nx.read_graphml(out))
    assert {"banks_1", "mmf_4", "hedge_funds_20"} <= set(graph.nodes)
    for node in ("banks_1", "mmf_1", "hedge_funds_1"):
        paid = sum(d["value"] for *_, d in graph.out_edges(node, data=True))
        received = sum(d["value"] for *_, d in graph.in_edges(node, data=True))
        assert paid == pytest.approx(received, rel=1e-9)


def test_the_tables_beside_the_result_agree_with_it(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "institutions.csv").read_text(encoding="utf-8").splitlines()))
    measures = json.loads((folder / "measures.json").read_text(encoding="utf-8"))
    assert len(rows) == 32
    assert sum(bool(r["failed"]) for r in rows if r["sector"] == "hedge_funds") == measures["failed"]["hedge_funds"]
    last = list(csv.DictReader((folder / "path.csv").read_text(encoding="utf-8").splitlines()))[-1]
    assert sum(float(r["capital_end"]) for r in rows if r["sector"] == "banks") == pytest.approx(float(last["bank_equity"]), abs=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--banks", "0"], "banks is 0; allowed: 1 to 5000"),
        (["--hedge-funds", "100000"], "hedge_funds is 100000"),
        (["--seed", "-1"], "the seed is -1"),
        (["--periods", "0"], "1 to 20,000 periods"),
        (["--shock", "haircut"], "did you mean"),
        (["--what-if", "flor"], "did you mean 'floor'"),
        (["--start", "yesterday"], "is not a date"),
        (["--start", "1999-01-01"], "1999-01-01"),
        (["--set", "bank_tail=9"], "allowed: 1 to 3"),
        (["--set", "no_such=1"], "unknown parameter 'no_such'"),
        (["--set", "hedge_low=0.99"], "must not be larger"),
        (["--draws", "0"], "allowed: 1 to 10,000"),
        (["--draws", "2", "--out", "x"], "leave one of them out"),
    ],
)
def test_bad_input_is_one_message_and_code_2(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call([*SMALL, *words]) == 2
    spoken = capsys.readouterr()
    assert message in spoken.err
    assert spoken.out == ""


@pytest.mark.slow
def test_draws_show_the_spread_over_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert call([*SMALL[:-1], "5", "--draws", "2", "--what-if", "alike"]) == 0
    said = capsys.readouterr().out
    assert "2 draws, seeds 4 to 5" in said
    blocks = said.split("funds failed")
    assert [float(figure) for figure in blocks[2].split()[:5]] == [0.0] * 5
    assert float(blocks[1].split()[4]) >= 1


def test_nothing_is_written_where_something_else_lies(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert call([*SMALL, "--out", str(tmp_path)]) == 2
    assert [f.name for f in tmp_path.iterdir()] == ["notes.txt"]
