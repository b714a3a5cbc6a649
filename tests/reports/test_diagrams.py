"""Flows, cross-holdings and matrices against sums over the files' rows."""

from __future__ import annotations

import numpy as np
import pytest

from dollarflow.charts import Figures
from dollarflow.charts.flows import COLOURS, flows
from dollarflow.charts.matrices import WORTH, Books
from dollarflow.charts.network import network
from dollarflow.charts.spans import Span
from dollarflow.reports.stops import flow_stops, matrix_stops, network_stops
from tests.reports.conftest import PERIODS, Files


def test_what_a_sector_pays_it_receives(base: Figures) -> None:
    for span in (Span(1, 1), Span(3, 9), Span(1, PERIODS)):
        found = flows(base, span)
        paid = found.paid().groupby("payer")["value"].sum()
        received = found.received().groupby("payee")["value"].sum()
        assert set(paid.index) == set(base.sectors)
        assert paid.sort_index().to_numpy() == pytest.approx(received.sort_index().to_numpy(), abs=1e-6)
        assert set(found.links["purpose"]) <= set(COLOURS)
        assert (found.links["value"] > 0).all()


def test_flows_by_purpose_are_sums_of_rows(base: Figures, files: Files) -> None:
    links = flows(base, Span(4, 4)).links
    tax = links[links["purpose"] == "Taxes"]["value"].sum()
    assert tax == pytest.approx(files.total("payments.csv", "amount", 4, kind="tax"))
    rows = [row for row in files.rows("transactions.csv") if row["period"] == "4" and row["instrument"] in ("bills", "notes", "bonds")]
    assert links[links["purpose"] == "Treasuries"]["value"].sum() == pytest.approx(sum(abs(float(row["amount"])) for row in rows))


def test_the_balance_sheet_matrix_closes_and_has_the_cells(base: Figures, files: Files) -> None:
    found = Books(base).balance_sheet(PERIODS)
    table = found.with_sums()
    assert np.abs(table["Sum"]).max() < 1e-6
    assert np.abs(table.loc["Sum"]).max() < 1e-6
    held = files.total("holdings.csv", "value", PERIODS, instrument="bonds", holder="banks")
    assert table.loc["Bonds", "Banks"] == pytest.approx(held)
    assert table.loc["Bonds", "Treasury"] == pytest.approx(-files.column("bonds")[-1])
    assets = files.total("holdings.csv", "value", PERIODS, holder="mmf")
    owed = files.total("holdings.csv", "value", PERIODS, issuer="mmf")
    assert table.loc[WORTH, "Money funds"] == pytest.approx(owed - assets, abs=1e-6)


def test_the_flow_matrix_closes_over_any_span(base: Figures, files: Files) -> None:
    whole = Books(base).transaction_flows(Span(1, PERIODS)).with_sums()
    assert np.abs(whole["Sum"]).max() < 1e-6
    assert np.abs(whole.loc["Sum"]).max() < 1e-5
    taxes = sum(files.total("payments.csv", "amount", t, kind="tax") for t in range(1, PERIODS + 1))
    assert whole.loc["Taxes", "Treasury"] == pytest.approx(taxes)
    reserves = files.column("reserves")
    assert whole.loc["Δ Reserves", "Fed"] == pytest.approx(reserves[-1] - reserves[0], abs=1e-6)


def test_arrows_of_the_network_are_sums_of_cells(base: Figures, files: Files) -> None:
    found = network(base, 0)
    for edge in found.edges:
        assert edge.value == pytest.approx(files.total("holdings.csv", "value", 0, issuer=edge.issuer, holder=edge.holder))
        assert sum(edge.parts.values()) == pytest.approx(edge.value)
    assert sum(node.assets for node in found.nodes) == pytest.approx(sum(node.liabilities for node in found.nodes))
    spots = [edge.spot for edge in found.edges if edge.share > 0.045]
    apart = [max(abs(a[0] - b[0]) / 0.2, abs(a[1] - b[1]) / 0.065) for k, a in enumerate(spots) for b in spots[:k]]
    assert min(apart) > 0.9, "figures of two arrows overlap"


def test_the_sliders_hold_what_the_tables_hold(base: Figures) -> None:
    matrices, links, web = matrix_stops(base), flow_stops(base), network_stops(base)
    sheet = matrices["balance_sheet"]
    assert sheet["labels"] == base.result.dates
    last = Books(base).balance_sheet(PERIODS).with_sums()
    assert sheet["lines"] == [str(name) for name in last.index]
    assert np.array(sheet["stops"][-1]) == pytest.approx(last.to_numpy(), abs=6e-4)
    moves = matrices["transaction_flows"]
    assert len(moves["labels"]) == PERIODS + 1
    assert moves["labels"][0].startswith("the whole run")
    parts = np.sum([np.array(stop) for stop in moves["stops"][1:]], axis=0)
    assert parts == pytest.approx(np.array(moves["stops"][0]), abs=0.02)
    assert len(links["stops"]) == PERIODS + 1
    assert sum(value for source, _, value in links["stops"][0] if source < 8) == pytest.approx(
        flows(base, Span(1, PERIODS)).links["value"].sum(), abs=0.1
    )
    assert len(web["stops"]) == PERIODS + 1
    assert len(web["nodes"]) == 8
