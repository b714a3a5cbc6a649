"""Panels at the limits: one date, nothing but zeros, greys beside each other, a title longer than the figure."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from matplotlib.figure import Figure

from dollarflow.charts import Chart, Panel
from dollarflow.figures.panels import draw_chart, draw_panel
from dollarflow.reports.measures import BILLIONS
from dollarflow.reports.plots import layout, legend

DAYS = pd.DatetimeIndex([datetime(2026, 1, 7), datetime(2026, 1, 14), datetime(2026, 1, 21)])


def drawn(panel: Panel) -> Figure:
    """A figure of one panel."""
    figure = Figure()
    draw_panel(figure.add_subplot(), panel)
    return figure


def test_one_date_is_a_mark_with_its_date_under_it() -> None:
    axes = drawn(Panel("Residual", BILLIONS, pd.DataFrame({"srf": [3.0]}, index=DAYS[:1]))).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2026-01-07"]
    assert axes.lines[0].get_marker() == "."


@pytest.mark.parametrize(("figures", "said"), [([0.0, 0.0, 0.0], True), ([0.0, 0.0, 0.2], False)])
def test_a_panel_of_zeros_says_so_on_page_and_paper(figures: list[float], said: bool) -> None:
    panel = Panel("Take-up", BILLIONS, pd.DataFrame({"srf": figures}, index=DAYS), zero=True)
    assert panel.idle is said
    assert ["zero throughout"] * said == [note["text"] for note in layout(panel)["annotations"]]
    assert ["zero throughout"] * said == [text.get_text() for text in drawn(panel).axes[0].texts]


def test_zeros_against_a_base_that_moved_are_no_empty_panel() -> None:
    frame = pd.DataFrame({"srf": [0.0, 0.0, 0.0]}, index=DAYS)
    assert not Panel("Take-up", BILLIONS, frame, before=frame + 5.0).idle


def test_two_greys_are_told_apart_by_their_lines() -> None:
    frame = pd.DataFrame({"treasury": [1.0, 2.0, 3.0], "deposits_outside_m2": [1.0, 0.0, 3.0]}, index=DAYS)
    assert [entry.dash for entry in legend(Panel("Sources", BILLIONS, frame))] == ["solid", "dashdot"]


def test_a_long_title_stays_on_the_figure() -> None:
    title = "SOFR less the upper bound, and use of the standing repo facility: a_scenario_of_mine against another_scenario_of_mine"
    panel = Panel("Take-up", BILLIONS, pd.DataFrame({"srf": [1.0, 2.0, 3.0]}, index=DAYS))
    figure = draw_chart(Chart("facility", title, "A note.", (panel,)))
    figure.canvas.draw()
    heading = next(text for text in figure.texts if text.get_text().startswith("SOFR"))
    assert heading.get_window_extent().x1 <= figure.bbox.x1
