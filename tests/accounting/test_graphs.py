"""Graphs: nodes net to zero, files reload, negative amounts swap their legs, relabelling is an isomorphism."""

from __future__ import annotations

import json
from pathlib import Path as FilePath

import networkx as nx
import numpy as np
import pytest

from model.accounting.graphs import exposures, flow_graph, holdings_graph, imbalances, positions
from model.language.accounts import Chart, Flow, Instrument, Sector
from model.language.symbols import Variable
from model.language.units import RATE
from tests.accounting.economy import CHART, toy_path

LENDING = Chart(
    (Sector("a", "A"), Sector("b", "B"), Sector("c", "C")),
    (Instrument("loan", (("a", "b"), ("b", "a"), ("b", "c")), rate=Variable("r", RATE)),),
    (Flow("gift", "a", "b"), Flow("gift", "b", "a")),
)


def lending_row(**changes: float) -> dict[str, float]:
    """Figures of the lending chart, all zero but those given."""
    names = [c.key for c in LENDING.cells()]
    row = dict.fromkeys([*names, *(f"{n}__tr" for n in names), *(f"int__{n}" for n in names), *(f.key for f in LENDING.flows)], 0.0)
    return row | changes


def test_every_node_of_every_flow_graph_nets_to_zero() -> None:
    path = toy_path()
    for period in range(1, path.periods + 1):
        graph = flow_graph(CHART, path.row(period))
        scale = sum(d["value"] for _, _, d in graph.edges(data=True))
        assert max(abs(v) for v in imbalances(graph).values()) <= 1e-12 * scale
        assert all(d["value"] >= 0 for _, _, d in graph.edges(data=True))


def test_holdings_run_from_issuer_to_holder() -> None:
    row = toy_path().row(0)
    graph = holdings_graph(CHART, row)
    edge = graph.edges["state", "house", "bonds"]
    assert edge == {
        "instrument": "bonds",
        "kind": "holding",
        "value": row["bonds__state__house"],
        "face": 900.0,
        "coupon": 30.0,
    }
    assert graph.edges["abroad", "house", "gold_pool"]["value"] == -5.0
    assert graph.number_of_edges() == len(tuple(CHART.cells()))


def test_positions_are_net_worths() -> None:
    path = toy_path()
    found = positions(holdings_graph(CHART, path.row(20)))
    for sector, worth in found.items():
        assert worth == pytest.approx(path[f"net_worth__{sector}"][20], abs=1e-9)


def test_a_negative_amount_swaps_its_legs() -> None:
    graph = flow_graph(LENDING, lending_row(int__loan__b__c=-2.0, loan__b__c__tr=-2.0))
    assert graph.edges["c", "b", "interest:loan"]["value"] == 2.0
    assert graph.edges["b", "c", "transaction:loan"]["value"] == 2.0
    assert not graph.has_edge("b", "c", "interest:loan")
    assert imbalances(graph) == {"a": 0.0, "b": 0.0, "c": 0.0}


def test_two_amounts_of_one_kind_between_the_same_sectors_are_added() -> None:
    row = lending_row(pay__gift____a__b=3.0, pay__gift____b__a=-4.0)
    assert flow_graph(LENDING, row).edges["a", "b", "gift:"]["value"] == 7.0


def test_the_holder_pays_the_issuer_for_what_it_acquires() -> None:
    graph = flow_graph(LENDING, lending_row(loan__a__b__tr=5.0))
    assert graph.edges["b", "a", "transaction:loan"] == {"instrument": "loan", "kind": "transaction", "value": 5.0}
    assert imbalances(graph)["a"] == 5.0


@pytest.mark.parametrize("kind", ["holdings", "flows"])
def test_graphml_reloads_with_every_edge(kind: str, tmp_path: FilePath) -> None:
    row = toy_path().row(17)
    graph = holdings_graph(CHART, row) if kind == "holdings" else flow_graph(CHART, row)
    nx.write_graphml(graph, tmp_path / "graph.graphml")
    again = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert isinstance(again, nx.MultiDiGraph)
    assert sorted(again.edges(data="value")) == sorted(graph.edges(data="value"))
    assert sorted(again.edges(data="instrument")) == sorted(graph.edges(data="instrument"))
    if kind == "flows":
        assert max(abs(v) for v in imbalances(again).values()) < 1e-9


def test_json_reloads_with_every_edge() -> None:
    graph = flow_graph(CHART, toy_path().row(17))
    again = nx.node_link_graph(json.loads(json.dumps(nx.node_link_data(graph, edges="edges"))), edges="edges")
    assert nx.utils.graphs_equal(graph, again)


def test_t20_relabelling_sectors_gives_an_isomorphic_graph() -> None:
    row = toy_path().row(30)
    names = {"state": "bank", "bank": "house", "house": "abroad", "abroad": "state"}

    def renamed(name: str) -> str:
        return "__".join(names.get(word, word) for word in name.split("__"))

    chart = Chart(
        tuple(Sector(names[s.name], s.letter) for s in CHART.sectors),
        tuple(
            Instrument(
                i.name,
                tuple((names[a], names[b]) for a, b in i.cells),
                i.valuation,
                i.rate,
                amortisation=i.amortisation,
                price_yield=i.price_yield,
            )
            for i in CHART.instruments
        ),
        tuple(Flow(f.kind, names[f.payer], names[f.payee], f.instrument) for f in CHART.flows),
    )
    other = {renamed(name): number for name, number in row.items()}

    def same(a: dict[str, dict[str, object]], b: dict[str, dict[str, object]]) -> bool:
        return {k: d["value"] for k, d in a.items()} == {k: d["value"] for k, d in b.items()}

    for make in (holdings_graph, flow_graph):
        assert nx.is_isomorphic(make(CHART, row), make(chart, other), edge_match=same)


def test_exposures_are_shares_of_assets() -> None:
    row = lending_row(loan__a__b=30.0, loan__b__c=10.0)
    names, shares = exposures(holdings_graph(LENDING, row))
    assert names == ("a", "b", "c")
    assert np.array_equal(shares, [[0, 0, 0], [1, 0, 0], [0, 1, 0]])
