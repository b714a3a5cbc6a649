"""The identities of a chart: budgets sum to zero, one is redundant, coupon trades close, equity is never a residual."""

from __future__ import annotations

import random

import networkx as nx
import pytest
import sympy as sp
from hypothesis import given, settings

from equations.accounts import BUFFERS as DOLLAR_BUFFERS
from equations.accounts import CHART as DOLLAR_CHART
from model.accounting.bundles import cell_equations, kept, pool_equations, terms
from model.accounting.identities import budget, budget_equation, clearing, hidden_balance, identities, income, payments
from model.language.accounts import Cell, Chart, Instrument, Sector, Valuation, coupon, face, primary, secondary, transaction, value
from model.language.dimensions import dimension_faults
from model.language.symbols import Parameter, Variable, absolute, maximum, where
from model.language.system import System
from model.language.units import RATE
from tests.accounting.charts import charts
from tests.accounting.economy import BUFFERS, CHART, toy_path, toy_system


def sum_of_budgets(chart: Chart) -> sp.Expr:
    return sp.expand(sp.Add(*(budget(chart, s.name) for s in chart.sectors)))


@pytest.mark.parametrize("chart", [CHART, DOLLAR_CHART], ids=["toy", "dollar"])
def test_the_budgets_sum_to_zero_symbolically(chart: Chart) -> None:
    assert sum_of_budgets(chart) == 0


@given(charts())
@settings(max_examples=60, deadline=None)
def test_the_budgets_of_any_chart_sum_to_zero(chart: Chart) -> None:
    assert sum_of_budgets(chart) == 0
    # T6: the savings of all sectors sum to zero
    assert sp.expand(sp.Add(*(income(chart, s.name) for s in chart.sectors))) == 0


@given(charts())
@settings(max_examples=40, deadline=None)
def test_exactly_one_budget_of_each_connected_part_is_redundant(chart: Chart) -> None:
    trades = [transaction(c) for c in chart.cells()]
    rows = [[budget(chart, s.name).coeff(t) for t in trades] for s in chart.sectors]
    links = nx.Graph([(c.issuer, c.holder) for c in chart.cells()])
    links.add_nodes_from(s.name for s in chart.sectors)
    assert sp.Matrix(rows).rank() == len(chart.sectors) - nx.number_connected_components(links)


@given(charts())
@settings(max_examples=40, deadline=None)
def test_random_figures_leave_the_sum_of_the_budgets_at_zero(chart: Chart) -> None:
    draw = random.Random(len(chart.sectors) * 1000 + len(chart.flows))
    figures = {t: draw.randint(-10_000, 10_000) for s in chart.sectors for t in budget(chart, s.name).free_symbols}
    assert sum(budget(chart, s.name).subs(figures) for s in chart.sectors) == 0


@given(charts())
@settings(max_examples=25, deadline=None)
def test_identities_of_any_chart_are_one_for_each_variable_and_dimensionally_sound(chart: Chart) -> None:
    equations = identities(chart)
    names = [e.name for e in equations]
    assert len(set(names)) == len(names)
    assert all(equation.left.name == equation.name for equation in equations)
    assert dimension_faults(System("chart", equations)) == []


def test_the_dollar_system_has_one_buffer_for_each_sector_but_the_banks() -> None:
    assert set(DOLLAR_BUFFERS) == {s.name for s in DOLLAR_CHART.sectors} - {"banks"}
    for sector, buffer in DOLLAR_BUFFERS.items():
        equation = budget_equation(DOLLAR_CHART, sector, buffer)
        assert equation.left == transaction(buffer)
        assert transaction(buffer) not in equation.right.free_symbols
        assert sp.expand(budget(DOLLAR_CHART, sector).xreplace({transaction(buffer): equation.right})) == 0


def test_the_redundant_budget_follows_from_the_others() -> None:
    solved = [budget_equation(CHART, sector, buffer) for sector, buffer in BUFFERS.items()]
    remaining = budget(CHART, "bank")
    for _ in solved:
        remaining = sp.expand(remaining.xreplace({e.left: e.right for e in solved}))
    assert remaining == 0


def test_a_buffer_must_belong_to_its_sector() -> None:
    with pytest.raises(ValueError, match="neither issues nor holds"):
        budget_equation(CHART, "state", Cell("deposits", "bank", "house"))
    with pytest.raises(ValueError, match="no cell"):
        budget_equation(CHART, "state", Cell("bills", "state", "house"))


def general_trades(expression: sp.Expr, sales: dict[Cell, sp.Symbol], purchases: dict[Cell, sp.Symbol]) -> sp.Expr:
    """The expression with every kink replaced: any holder sells S ≥ 0 and buys B ≥ 0, all own something, and there are buyers."""
    expression = expression.replace(where, lambda condition, a, b: a)
    for cell in sales:
        expression = expression.xreplace(
            {
                maximum(-secondary(cell), 0): sales[cell],
                maximum(secondary(cell), 0): purchases[cell],
                secondary(cell): purchases[cell] - sales[cell],
            }
        )
    return expression


def coupon_laws(names: tuple[str, ...]) -> tuple[list[Cell], dict[Variable, sp.Expr]]:
    """The laws of a coupon instrument with those holders, kinks written as general purchases and sales that clear."""
    item = Instrument(
        "b", tuple(("t", n) for n in names), Valuation.COUPON, amortisation=Parameter("a", RATE), price_yield=Variable("y", RATE)
    )
    chart = Chart((Sector("t", "T"), *(Sector(n, n.upper()) for n in names)), (item,))
    cells = list(chart.cells())
    sales = {c: sp.Symbol(f"S_{c.holder}", positive=True) for c in cells}
    purchases = {c: sp.Symbol(f"B_{c.holder}", positive=True) for c in cells}
    purchases[cells[-1]] = sp.Add(*sales.values()) - sp.Add(*(purchases[c] for c in cells[:-1]))
    laws = {e.left: e.right for c in cells for e in cell_equations(c, terms(item, chart.period))}
    laws |= {e.left: e.right for e in pool_equations(chart, item)}
    return cells, {left: general_trades(right, sales, purchases) for left, right in laws.items()}


def written_out(expression: sp.Expr, laws: dict[Variable, sp.Expr]) -> sp.Expr:
    """The expression in opening values and trades alone."""
    for _ in range(6):
        expression = expression.xreplace(laws)
    return expression


def test_coupon_trades_that_clear_move_no_face_and_no_coupon_in_sum() -> None:
    cells, laws = coupon_laws(("h1", "h2", "h3"))
    keep = sp.exp(-Parameter("a", RATE) * Variable("dt"))
    y = Variable("y", RATE)
    faces = sp.Add(*(written_out(laws[face(c)] - face(c)(-1) * keep - primary(c), laws) for c in cells))
    coupons = sp.Add(*(written_out(laws[coupon(c)] - coupon(c)(-1) * keep - primary(c) * y, laws) for c in cells))
    assert sp.simplify(faces) == 0
    assert sp.simplify(coupons) == 0


def test_a_coupon_holding_is_worth_its_bundle_when_the_market_clears() -> None:
    cells, laws = coupon_laws(("h1", "h2"))
    item = Instrument("b", (("t", "h1"),), Valuation.COUPON, amortisation=Parameter("a", RATE), price_yield=Variable("y", RATE))
    law = terms(item, Chart((Sector("t", "T"), Sector("h1", "1")), (item,)).period)
    for cell in cells:
        bundle = law.value(written_out(laws[face(cell)], laws), written_out(laws[coupon(cell)], laws))
        stated = written_out(laws[value(cell)], laws)
        assert sp.simplify(bundle - stated) == 0


def test_the_issuer_of_coupons_receives_new_issues_and_pays_redemptions() -> None:
    laws = {e.left: e.right for e in identities(CHART)}
    issued = sp.Add(*(laws[transaction(c)] for c in CHART.cells("bonds")))
    due = 1 - sp.exp(-Parameter("a_bonds", RATE) * CHART.period)
    cash = sp.Add(*(primary(c) - due * face(c)(-1) for c in CHART.cells("bonds")))
    assert sp.expand(issued - cash - clearing(CHART, "bonds")) == 0


def test_clearing_needs_a_coupon_instrument_and_a_single_or_named_issuer() -> None:
    with pytest.raises(ValueError, match="no secondary pool"):
        clearing(CHART, "bills")
    many = Instrument("b", (("a", "c"), ("b", "c")), Valuation.COUPON, amortisation=Parameter("am", RATE), price_yield=Variable("y", RATE))
    chart = Chart(tuple(Sector(n, n) for n in "abc"), (many,))
    with pytest.raises(ValueError, match="several issuers"):
        clearing(chart, "b")
    assert clearing(chart, "b", "a") == secondary(Cell("b", "a", "c"))


def test_equity_moves_by_income_and_gains_and_never_by_what_is_left_over() -> None:
    by_name = {e.name: e for e in identities(CHART)}
    gain = by_name["rv__equity__bank"].right
    stocks = {value(c) for c in CHART.cells()}
    assert not gain.free_symbols & stocks, "no stock enters the revaluation of equity"
    assert Variable("pay__dividend__equity__bank__house") in {Variable(s.base) for s in gain.free_symbols}
    shares = [by_name[f"equity__bank__{h}__rv"].right for h in ("house", "abroad")]
    shares = [s.replace(where, lambda condition, a, b: a) for s in shares]
    assert sp.simplify(sp.Add(*shares) - Variable("rv__equity__bank")) == 0


def test_equity_loses_what_its_issuers_other_debts_gain() -> None:
    item = Instrument("pension", (("firm", "staff"),), Valuation.BOOK)
    shares = Instrument("shares", (("firm", "staff"),), Valuation.EQUITY)
    by_name = {e.name: e for e in identities(Chart((Sector("firm", "F"), Sector("staff", "S")), (item, shares)))}
    assert by_name["rv__shares__firm"].right == -Variable("pension__firm__staff__rv")


def test_interest_is_the_opening_rate_on_the_opening_stock() -> None:
    right = {e.name: e.right for e in identities(CHART)}["int__bills__state__bank"]
    assert right == Variable("bill_rate")(-1) * Variable("bills__state__bank")(-1) * CHART.period


def test_worthless_equity_shares_gains_equally() -> None:
    right = {e.name: e.right for e in identities(CHART)}["equity__bank__house__rv"]
    opening = [value(c)(-1) for c in CHART.cells("equity")]
    at_zero = right.xreplace(dict.fromkeys(opening, sp.Integer(0))).replace(absolute, lambda a: abs(a))
    assert at_zero == Variable("rv__equity__bank") / 2


def test_the_system_of_a_chart_needs_only_behaviour_flows_and_clearing() -> None:
    system = System("chart", identities(DOLLAR_CHART))
    determined = {e.name for e in system.equations}
    left_open = {v for v in system.variables if v not in determined and v.endswith(("__tr", "__primary", "__secondary", "__rv"))}
    expected = set()
    for cell in DOLLAR_CHART.cells():
        kind = DOLLAR_CHART.instrument(cell.instrument).valuation
        if kind is Valuation.COUPON:
            expected |= {primary(cell).base, secondary(cell).base}
        else:
            expected.add(transaction(cell).base)
        if kind is Valuation.BOOK:
            expected.add(f"{cell.key}__rv")
    assert left_open == expected


def test_t07_interest_paid_is_interest_received() -> None:
    for chart in (CHART, DOLLAR_CHART):
        paid = payments(chart)
        assert len({p.variable.base for p in paid}) == len(paid)
        for p in paid:
            sides = [budget(chart, s.name).coeff(p.variable) for s in chart.sectors]
            assert sorted(sides) == [-1, *[0] * (len(sides) - 2), 1]


def test_t04_the_hidden_balance_holds_in_every_week() -> None:
    path = toy_path()
    assert [h.name for h in path.system.hidden] == [hidden_balance(CHART, "bank").name]
    assert abs(path.hidden_gaps).max() <= 1e-10 * path.hidden_scales.max()


def test_the_toy_system_solves_every_variable_once() -> None:
    assert len(toy_system().unknowns) == len(toy_system().equations)


def test_a_seller_who_owns_nothing_delivers_a_par_slice() -> None:
    cell = Cell("bonds", "state", "house")
    laws = {e.left: e.right for e in identities(CHART)}
    nothing = {kept(cell): sp.Integer(0), secondary(cell): sp.Integer(-7)}
    fold = {maximum(sp.Integer(7), sp.Integer(0)): sp.Integer(7)}
    delivered = laws[Variable(f"{cell.key}__sold_face")].replace(where, lambda condition, a, b: b).xreplace(nothing).xreplace(fold)
    assert delivered == 7
