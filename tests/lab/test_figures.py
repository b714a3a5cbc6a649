"""Charts and table against the path, the result folder's own tables, and identities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dollarflow.attribution import m2_created
from dollarflow.charts.figures import read_figures
from dollarflow.charts.flows import COLOURS
from dollarflow.charts.flows import flows as folder_flows
from dollarflow.charts.names import label
from dollarflow.charts.spans import Span
from dollarflow.lab import figures, headline, sankey
from dollarflow.lab.money import m2_sources
from dollarflow.lab.settings import Setting
from dollarflow.lab.solving import Answer, compared
from dollarflow.reports.palette import GREY, SECTORS

LINES = ("corridor", "facility", "spreads", "cash", "yields")


@pytest.fixture(scope="module")
def answer() -> Answer:
    return compared(Setting(periods=16, first=3, knobs={"deficit": 2.0, "iorb": 20.0}))


def test_sources_sum_to_the_change_of_m2(answer: Answer) -> None:
    for run in (answer.run, answer.base):
        assert sum(m2_sources(run).values()) == pytest.approx(m2_created(run.path), abs=1e-6)


def test_flows_are_those_of_the_result_folder(answer: Answer, tmp_path: Path) -> None:
    tables = read_figures(answer.run.write(tmp_path / "out"))
    links = folder_flows(tables, Span(1, 16)).links
    theirs = {(str(row[0]), str(row[1]), str(row[2])): float(row[3]) for row in links[["payer", "purpose", "payee", "value"]].to_numpy()}
    ours = sankey.flows(answer.run)
    assert set(ours) == set(theirs)
    assert [ours[link] for link in theirs] == pytest.approx(list(theirs.values()), rel=1e-9, abs=1e-9)


def test_changes_of_flows_are_a_difference(answer: Answer) -> None:
    before, after = sankey.flows(answer.base), sankey.flows(answer.run)
    assert sum(sankey.changes(answer).values()) == pytest.approx(sum(after.values()) - sum(before.values()), abs=5.0)


def test_nodes_of_the_diagram_keep_their_order_and_their_labels_add_up(answer: Answer) -> None:
    order = [label(name) for name in (*SECTORS, *COLOURS, *SECTORS)]
    for view, found in (("run", sankey.flows(answer.run)), ("change", sankey.changes(answer))):
        node = sankey.sankey(answer, view)["data"][0]["node"]
        names, texts = zip(*(text.rsplit(" ", 1) for text in node["label"]), strict=True)
        left = iter(order)
        assert all(name in left for name in names)
        for x in set(node["x"]):
            heights = [y for y, across in zip(node["y"], node["x"], strict=True) if across == x]
            assert heights == sorted(heights)
        figures_ = [float(text.replace(",", "").replace("−", "-")) for text in texts]
        middle = sum(number for number, across in zip(figures_, node["x"], strict=True) if across == 0.5)
        assert middle == pytest.approx(sum(found.values()), abs=5.0 + 0.01 * sum(map(abs, found.values())))
    assert set(node["color"]) == {GREY}


def test_without_a_turned_knob_no_flow_changes() -> None:
    same = compared(Setting(periods=16, first=3))
    assert sankey.changes(same) == {}
    assert sankey.sankey(same, "change")["data"] == []


@pytest.mark.parametrize("name", LINES)
def test_every_axis_has_its_unit_and_every_series_its_figures(answer: Answer, name: str) -> None:
    figure = getattr(figures, name)(answer)
    units = {"USD billion", "per cent a year", "basis points"}
    assert {value["title"]["text"] for key, value in figure["layout"].items() if key.startswith("yaxis")} <= units
    for trace in figure["data"]:
        assert len(trace["x"]) == len(trace["y"]) == 17
        assert all(value is not None and np.isfinite(value) for value in trace["y"][1:])


def test_drawn_figures_are_the_path_s_to_the_last_digit(answer: Answer) -> None:
    for trace in figures.corridor(answer)["data"]:
        name, which = trace["meta"].split(":")
        run = answer.run if which == "run" else answer.base
        assert trace["y"] == [float(x) for x in run[name] * 100.0]


def test_the_table_s_differences_are_right(answer: Answer) -> None:
    found = {label: rest for label, *rest in headline.rows(answer)}
    reserves = [float(run["reserves"][-1]) for run in (answer.base, answer.run)]
    assert found["Reserves, end"][:2] == [f"{value:,.0f} bn" for value in reserves]
    assert found["Reserves, end"][2] == f"{reserves[1] - reserves[0]:+,.1f} bn".replace("-", "−")
    assert all(text for row in found.values() for text in row)


def test_the_strip_tells_differences_and_without_a_turned_knob_levels(answer: Answer) -> None:
    apart = float(answer.run["reserves"][-1] - answer.base["reserves"][-1])
    assert headline.strip(answer).endswith(f"reserves {apart:+,.1f} bn".replace("-", "−"))
    same = compared(Setting(periods=16, first=3))
    assert headline.strip(same).endswith(f"reserves {same.run['reserves'][-1]:,.0f} bn")


@pytest.mark.parametrize("name", LINES)
def test_marks_of_an_axis_need_no_more_decimals_than_they_have(answer: Answer, name: str) -> None:
    axes = [axis for key, axis in getattr(figures, name)(answer)["layout"].items() if key.startswith("yaxis")]
    assert axes
    for axis in axes:
        decimals = int(axis["tickformat"].removeprefix(",.").removesuffix("f"))
        assert float(f"{axis['dtick']:.{decimals}f}") == pytest.approx(axis["dtick"], rel=1e-9)
