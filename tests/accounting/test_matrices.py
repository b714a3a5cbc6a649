"""Matrices: rows and columns sum to zero in symbols and in figures, and the bridge joins two balance sheets."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings

from equations.accounts import BUFFERS as DOLLAR_BUFFERS
from equations.accounts import CHART as DOLLAR_CHART
from model.accounting.matrices import (
    Matrix,
    balance_sheet_matrix,
    coupon_accumulation_gap,
    evaluate,
    net_worth_bridge,
    resolve,
    revaluation_matrix,
    saving,
    spanning_buffers,
    transaction_flow_matrix,
)
from model.language.accounts import Chart, Instrument, Sector, value
from model.language.symbols import Variable
from tests.accounting.charts import charts
from tests.accounting.economy import BUFFERS, CHART, toy_path

MAKERS: tuple[Callable[[Chart], Matrix], ...] = (
    balance_sheet_matrix,
    transaction_flow_matrix,
    revaluation_matrix,
    net_worth_bridge,
)


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("chart", [CHART, DOLLAR_CHART], ids=["toy", "dollar"])
def test_t01_t02_rows_and_columns_sum_to_zero_symbolically(maker: Callable[[Chart], Matrix], chart: Chart) -> None:
    matrix = maker(chart)
    assert set(matrix.row_sums().values()) == {0}
    assert set(matrix.column_sums().values()) == {0}


@pytest.mark.parametrize("maker", [transaction_flow_matrix, net_worth_bridge])
def test_the_dollar_systems_own_buffers_close_every_column(maker: Callable[..., Matrix]) -> None:
    assert set(maker(DOLLAR_CHART, DOLLAR_BUFFERS).column_sums().values()) == {0}


@given(charts())
@settings(max_examples=40, deadline=None)
def test_the_matrices_of_any_chart_close(chart: Chart) -> None:
    for maker in MAKERS:
        matrix = maker(chart)
        assert set(matrix.row_sums().values()) <= {0}
    for maker in (balance_sheet_matrix, revaluation_matrix):
        assert set(maker(chart).column_sums().values()) == {0}
    without = {s.name for s in chart.sectors} - set(spanning_buffers(chart))
    left = transaction_flow_matrix(chart).column_sums()
    assert all(left[s.name] == 0 for s in chart.sectors if s.name not in without)
    # columns without a buffer are what the parts of the chart pay each other: nothing, where the chart hangs together
    assert sp.expand(sp.Add(*left.values())) == 0
    if len(without) == 1:
        assert set(left.values()) == {0}


def test_a_flow_column_is_the_sectors_budget() -> None:
    row = toy_path().row(5)
    table = transaction_flow_matrix(CHART, BUFFERS).figures(row)
    assert table.column_sums == pytest.approx(np.zeros(4), abs=1e-9)
    assert table.row_sums == pytest.approx(np.zeros(len(table.labels)), abs=1e-9)
    by_hand = (
        row["pay__tax____house__state"]
        - row["pay__spending____state__house"]
        - sum(v for k, v in row.items() if k.startswith(("int__bills__state", "int__bonds__state")))
    )
    place = [s.name for s in table.sectors].index("state")
    assert table.values[table.labels.index("saving"), place] == pytest.approx(by_hand, rel=1e-12)


def test_savings_sum_to_zero_over_sectors() -> None:
    table = transaction_flow_matrix(CHART, BUFFERS).figures(toy_path().row(9))
    assert table.values[table.labels.index("saving")].sum() == pytest.approx(0.0, abs=1e-10)


def test_the_balance_sheet_has_the_figures_of_the_cells() -> None:
    path = toy_path()
    table = balance_sheet_matrix(CHART).figures(path.row("2025-12-31"))
    place = {s.name: j for j, s in enumerate(table.sectors)}
    bonds = table.values[table.labels.index("bonds")]
    assert bonds[place["house"]] == path["bonds__state__house"][9]
    assert bonds[place["state"]] == pytest.approx(-sum(path[f"bonds__state__{h}"][9] for h in ("bank", "house", "abroad")))
    assert table.row_sums == pytest.approx(np.zeros(len(table.labels)), abs=1e-10)
    assert table.column_sums == pytest.approx(np.zeros(4), abs=1e-10)
    assert table.values[table.labels.index("less net worth"), place["bank"]] == pytest.approx(0.0, abs=1e-10)


def test_the_bridge_joins_two_balance_sheets_in_every_week() -> None:
    path, bridge = toy_path(), net_worth_bridge(CHART, BUFFERS)
    for period in range(2, path.periods + 1):
        table = bridge.figures(path.row(period), path.row(period - 1))
        assert table.column_sums == pytest.approx(np.zeros(4), abs=1e-9), period


@given(charts())
@settings(max_examples=30, deadline=None)
def test_the_bridge_holds_for_random_figures(chart: Chart) -> None:
    bridge = net_worth_bridge(chart)
    draw = random.Random(7)
    closing = dict(bridge.closures)
    loose = {s for row in bridge.rows for e in row.entries for s in resolve(e, bridge.definitions + bridge.closures).free_symbols}
    figures = {s: sp.Integer(draw.randint(-1000, 1000)) for s in sorted(loose, key=str)}
    if len({s.name for s in chart.sectors} - set(spanning_buffers(chart))) > 1:
        return
    for place, _ in enumerate(chart.sectors):
        column = sp.Add(*(row.entries[place] for row in bridge.rows))
        assert resolve(column, (*bridge.definitions, *closing.items())).subs(figures) == 0


@pytest.mark.parametrize("instrument", ["notes", "bonds"])
def test_t03_coupon_cells_accumulate_whatever_the_survivors_are_worth(instrument: str) -> None:
    assert set(coupon_accumulation_gap(DOLLAR_CHART, instrument).values()) == {0}


def test_t03_every_cell_of_the_toy_accumulates() -> None:
    path = toy_path()
    for cell in CHART.cells():
        gain = path[f"{cell.key}__rv"][1:] if f"{cell.key}__rv" in path else 0.0
        moved = path[cell.key][:-1] + path[f"{cell.key}__tr"][1:] + gain
        assert path[cell.key][1:] == pytest.approx(moved, rel=1e-13, abs=1e-10)


def test_t20_relabelling_sectors_permutes_the_matrix() -> None:
    swapped = Chart((CHART.sectors[2], CHART.sectors[0], CHART.sectors[3], CHART.sectors[1]), CHART.instruments, CHART.flows)
    row = toy_path().row(3)
    one, two = (transaction_flow_matrix(c, BUFFERS).figures(row) for c in (CHART, swapped))
    assert two.values == pytest.approx(one.values[:, [2, 0, 3, 1]])


def test_a_missing_value_is_named() -> None:
    with pytest.raises(KeyError, match="deposits__bank__house"):
        balance_sheet_matrix(CHART).figures({c.key: 1.0 for c in CHART.cells() if c.key != "deposits__bank__house"})


def test_net_worth_is_written_out_where_the_values_lack_it() -> None:
    cells = {c.key: float(i) for i, c in enumerate(CHART.cells())}
    table = balance_sheet_matrix(CHART).figures(cells)
    assert table.column_sums == pytest.approx(np.zeros(4))


def test_evaluation_of_a_linear_expression() -> None:
    x, y = Variable("x"), Variable("y")
    assert evaluate(2 * x - y(-1) + 3, {}, {"x": 5.0}, {"y": 4.0}) == 9.0
    assert evaluate(saving("s"), {saving("s"): x}, {"x": 5.0}, {}) == 5.0


def test_a_chart_in_two_parts_has_two_sectors_without_buffer() -> None:
    chart = Chart(tuple(Sector(n, n) for n in "abcd"), (Instrument("x", (("a", "b"),)), Instrument("z", (("c", "d"),))))
    assert set(spanning_buffers(chart)) == {"b", "d"}
    assert value(spanning_buffers(chart)["b"]).base == "x__a__b"
