"""The data behind each chart against a few lines that read the CSV files by themselves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dollarflow.charts import CHARTS, Chart, Figures, Kind, chart
from dollarflow.charts.differences import DIFFERENCES
from dollarflow.charts.spans import a_span, calendar, stops
from dollarflow.reports.measures import MEASURES
from tests.reports.conftest import PERIODS, Files

TREASURIES = "bills|notes|bonds"


def panel(drawn: Chart, title: str) -> np.ndarray:
    """One panel's figures, as stored."""
    return next(p for p in drawn.panels if p.title == title).frame.to_numpy(dtype=float)


@pytest.mark.parametrize("name", CHARTS)
def test_every_panel_has_a_title_a_unit_and_figures(name: str, base: Figures) -> None:
    drawn = chart(name, base)
    assert drawn.name == name
    assert drawn.title
    assert drawn.note.endswith(".")
    assert len({p.title for p in drawn.panels}) == len(drawn.panels)
    for p in drawn.panels:
        assert p.measure in MEASURES
        assert p.measure.axis
        assert len(p.frame)
        assert np.isfinite(p.frame.to_numpy(dtype=float)).mean() > 0.9
        assert len({p.label(series) for series in p.frame.columns}) == p.frame.shape[1]
        assert not [series for series in p.frame.columns if "_" in p.label(series)], "a name of the model on the page"


def test_holders_add_up_to_the_debt(base: Figures, files: Files) -> None:
    held = panel(chart("holders", base), "Holdings of Treasuries at face").sum(axis=1)
    assert held == pytest.approx(files.column("debt"), abs=1e-6)
    independent = [files.total("holdings.csv", "face", t, instrument=TREASURIES) for t in (0, PERIODS)]
    assert held[[0, -1]] == pytest.approx(independent, abs=1e-6)


def test_shares_of_the_debt_add_up_to_one(base: Figures) -> None:
    assert panel(chart("holders", base), "Shares of the debt").sum(axis=1) == pytest.approx(np.ones(PERIODS + 1))


def test_purchases_add_up_to_the_net_issue_and_that_to_the_change_of_debt(base: Figures, files: Files) -> None:
    drawn = chart("buyers", base)
    bars = drawn.panels[0].frame
    debt = files.column("debt")
    assert bars.drop(columns="issuance").sum(axis=1).to_numpy() == pytest.approx(bars["issuance"].to_numpy(), abs=1e-9)
    assert bars["issuance"].sum() == pytest.approx(debt[-1] - debt[0], abs=1e-6)
    cumulated = drawn.panels[1].frame["issuance"].to_numpy()
    assert cumulated == pytest.approx(np.array(debt) - debt[0], abs=1e-6)
    bought = sum(files.total("transactions.csv", "amount", t, instrument=TREASURIES, holder="fed") for t in range(1, PERIODS + 1))
    assert drawn.panels[1].frame["fed"].iloc[-1] == pytest.approx(bought, abs=1e-9)


def test_money_by_financier_adds_up_to_the_change_of_money(base: Figures, files: Files) -> None:
    totals = chart("financing", base).panels[1].frame
    money = files.column("money")
    assert totals["money"].to_numpy() == pytest.approx(np.array(money) - money[0], abs=1e-6)


def test_buyers_and_sources_of_money_both_add_up_to_the_issue(base: Figures, files: Files) -> None:
    bars = chart("backing", base).panels[0].frame
    debt, money = files.column("debt"), files.column("money")
    assert bars.sum(axis=1).to_numpy() == pytest.approx([debt[-1] - debt[0]] * 2, abs=1e-6)
    assert bars["existing"].to_list() == pytest.approx([0.0, debt[-1] - debt[0] - (money[-1] - money[0])], abs=1e-6)


def test_sources_of_m2_add_up_to_its_change_and_uses_to_its_level(base: Figures, files: Files) -> None:
    drawn = chart("m2", base)
    m2 = np.array(files.column("m2"))
    since = drawn.panels[1].frame
    assert since.drop(columns="m2").sum(axis=1).to_numpy() == pytest.approx(m2 - m2[0], abs=1e-6)
    assert drawn.panels[0].frame["m2"].sum() == pytest.approx(m2[-1] - m2[0], abs=1e-6)
    assert drawn.panels[2].frame.sum(axis=1).to_numpy() == pytest.approx(m2, abs=1e-6)


def test_assets_of_the_fed_add_up_and_its_liabilities_with_equity_as_well(base: Figures, files: Files) -> None:
    drawn = chart("fed_balance_sheet", base)
    assets = np.array(files.column("fed_assets"))
    assert drawn.panels[0].frame.sum(axis=1).to_numpy() == pytest.approx(assets, abs=1e-6)
    owed = drawn.panels[1].parts.sum(axis=1).to_numpy() + np.array(files.column("fed_net_worth_book"))
    assert owed == pytest.approx(assets, abs=1e-6)


def test_income_of_the_fed_moves_the_deferred_asset(base: Figures, files: Files) -> None:
    drawn = chart("fed_income", base)
    income, asset = drawn.panels[0].frame["fed_net_income"].to_numpy(), drawn.panels[1].frame["deferred_asset"].to_numpy()
    dt = np.array(files.column("dt"))[1:]
    assert np.diff(asset) == pytest.approx(-income * dt, abs=1e-9), "no remittance in these weeks"


def test_spreads_are_rates_less_rates(base: Figures, files: Files) -> None:
    sofr, iorb, upper = (np.array(files.column(name)) for name in ("sofr", "iorb", "rate_upper"))
    assert chart("corridor", base).panels[1].frame["sofr"].to_numpy() == pytest.approx(sofr - iorb)
    assert chart("facility", base).panels[0].frame["spread"].to_numpy() == pytest.approx(sofr - upper)
    take_up = [files.total("holdings.csv", "value", t, instrument="srf", issuer="banks") for t in range(PERIODS + 1)]
    assert chart("facility", base).panels[1].frame["srf"].to_numpy() == pytest.approx(take_up)


def test_repo_is_the_sum_of_its_segments_over_the_debt(base: Figures, files: Files) -> None:
    drawn = chart("repo", base)
    total = files.total("holdings.csv", "value", PERIODS, instrument="repo_triparty|repo_dvp")
    assert drawn.panels[0].frame.iloc[-1].sum() == pytest.approx(total)
    assert drawn.panels[2].frame["repo"].iloc[-1] == pytest.approx(total / files.column("debt")[-1])


def test_leverage_is_the_book_over_equity(base: Figures, files: Files) -> None:
    drawn = chart("hedge_funds", base)
    sheet = drawn.panels[0].frame
    equity = files.total("holdings.csv", "value", PERIODS, instrument="hedge_fund_equity")
    assert sheet[["notes", "bonds", "deposits"]].iloc[-1].sum() - sheet["repo_dvp"].iloc[-1] == pytest.approx(equity, abs=1e-6)
    book = sheet[["notes", "bonds"]].iloc[-1].sum()
    assert drawn.panels[1].frame["hf_leverage"].iloc[-1] == pytest.approx(book / equity)


def test_cash_at_the_fed_is_what_the_fed_owes(base: Figures, files: Files) -> None:
    drawn = chart("liquidity", base)
    for place, names in enumerate((("reserves",), ("tga", "on_rrp", "foreign_repo_pool"))):
        for name in names:
            owed = files.total("holdings.csv", "value", 7, instrument=name)
            assert drawn.panels[place].frame[name].iloc[7] == pytest.approx(owed)


def test_the_table_has_every_figure_as_shown(base: Figures) -> None:
    table = chart("corridor", base).table()
    assert list(table.columns) == ["date", "panel", "series", "value", "unit"]
    assert len(table) == (PERIODS + 1) * 9
    assert set(table["unit"]) == {"per cent a year", "basis points"}
    first = table[(table["series"] == "SOFR") & (table["panel"] == "Overnight rates")].iloc[0]
    assert first["value"] == pytest.approx(base.path["sofr"].iloc[0] * 100)


def test_two_runs_show_the_base_beside_lines_and_differences_of_bars(base: Figures, changed: Figures) -> None:
    lines = chart("corridor", changed, base).panels[0]
    assert lines.before is not None
    assert "sofr" in lines.moved
    assert "iorb" not in lines.moved
    bars = chart("buyers", changed, base).panels[0]
    assert bars.kind is Kind.BARS
    assert bars.title.endswith("changed less base")
    stack = chart("holders", changed, base).panels[0]
    assert stack.kind is Kind.LINES
    assert stack.frame.sum(axis=1).to_numpy() == pytest.approx((changed.path["debt"] - base.path["debt"]).to_numpy(), abs=1e-6)


def test_a_run_against_itself_differs_in_nothing(base: Figures) -> None:
    for name in CHARTS:
        for p in chart(name, base, base).panels:
            assert not p.moved
            if p.before is None:
                assert np.abs(p.frame.to_numpy()).max() == 0.0


def test_differences_add_up_to_the_difference_of_the_totals(base: Figures, changed: Figures) -> None:
    for name, total in (("difference_m2", "m2"), ("difference_holders", "debt")):
        frame = DIFFERENCES[name](base, changed).panels[0].frame
        last = next(column for column in frame.columns if column in ("m2", "debt"))
        assert frame[last].to_numpy() == pytest.approx((changed.path[total] - base.path[total]).to_numpy(), abs=1e-6)
        assert frame.drop(columns=last).sum(axis=1).to_numpy() == pytest.approx(frame[last].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("periods", [1, 2, 52, 59, 60, 61, 104, 522, 2600])
def test_stops_cover_every_period_once(periods: int) -> None:
    found = stops(periods)
    assert len(found) <= 60
    assert found[0].first == 1
    assert found[-1].last == periods
    assert all(a.last + 1 == b.first for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("periods", "first", "count", "unit"),
    [(12, "2025-11-05", 12, "week"), (52, "2025-11", 12, "month"), (104, "2025 Q4", 9, "quarter"), (522, "2025", 11, "year")],
)
def test_bars_are_few_and_say_what_they_span(periods: int, first: str, count: int, unit: str) -> None:
    import pandas as pd

    dates = pd.date_range("2025-10-29", periods=periods + 1, freq="7D")
    texts = calendar(dates)[0][1:]
    assert a_span(pd.DataFrame({"x": 1.0}, index=dates)).axis == f"USD billion a {unit}"
    assert texts[0] == first
    assert texts.nunique() == count
