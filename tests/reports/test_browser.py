"""The page in a real headless Chromium, from file://: no request leaves, no error is logged, sliders and legends answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dollarflow.charts import Figures
from dollarflow.charts.matrices import Books
from dollarflow.reports.measures import written
from dollarflow.reports.page import page
from tests.browser import PHONE, Visit, visit
from tests.reports.conftest import PERIODS

PLOTS = "[...document.querySelectorAll('.plot:not(#sankey)')]"
TRACES = ".scatterlayer .trace, .barlayer .trace"


@pytest.fixture(scope="module")
def address(base: Figures, changed: Figures, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of two runs on disk."""
    place: Path = tmp_path_factory.mktemp("page") / "report.html"
    place.write_text(page(changed, base), encoding="utf-8")
    return place.as_uri()


@pytest.fixture(scope="module")
def opened(address: str) -> Iterator[Visit]:
    """The page in a browser."""
    with visit() as seen:
        seen.page.goto(address)
        seen.page.wait_for_selector("html[data-drawn]")
        yield seen


def cell(seen: Visit, table: str, line: str, head: str) -> str:
    """A figure of a matrix as the page shows it."""
    heads = seen.page.locator(f"#{table} thead th").all_inner_texts()
    row = seen.page.locator(f"#{table} tbody tr", has=seen.page.get_by_role("rowheader", name=line, exact=True))
    return row.locator("th, td").nth(heads.index(head)).inner_text()


def test_the_page_draws_everything_without_network_or_errors(opened: Visit) -> None:
    assert opened.errors == []
    assert opened.network == []
    undrawn = opened.page.evaluate(f"{PLOTS}.filter((p) => !p.querySelector('.main-svg')).map((p) => p.id)")
    assert undrawn == []
    empty = opened.page.evaluate(f"{PLOTS}.filter((p) => !p.querySelector('{TRACES}')).map((p) => p.id)")
    assert empty == [], "panels without a drawn series"
    assert opened.page.locator("#sankey .sankey-link").count() > 20
    assert opened.page.locator("#web g.arrow").count() > 15


def test_no_labels_overlap_under_the_axes(opened: Visit) -> None:
    overlapping = opened.page.evaluate(
        PLOTS
        + """.filter((plot) => {
            const boxes = [...plot.querySelectorAll('.xtick text')].map((t) => t.getBoundingClientRect()).sort((a, b) => a.left - b.left);
            return boxes.some((box, k) => k && box.left < boxes[k - 1].right);
        }).map((plot) => plot.id)"""
    )
    assert overlapping == []


def test_figures_at_an_axis_have_the_same_decimals(opened: Visit) -> None:
    uneven = opened.page.evaluate(
        PLOTS
        + """.filter((plot) => {
            const texts = [...plot.querySelectorAll('.ytick text:not(:has(tspan))')].map((t) => t.textContent);
            return new Set(texts.map((text) => (text.split('.')[1] || '').length)).size > 1;
        }).map((plot) => plot.id)"""
    )
    assert uneven == []


def test_the_date_slider_moves_the_balance_sheets(opened: Visit, changed: Figures) -> None:
    slider = opened.page.locator("[data-slider=balance_sheet] input")
    for period in (PERIODS, 0, 3):
        slider.fill(str(period))
        sheet = Books(changed).balance_sheet(period).frame
        assert opened.page.locator("[data-slider=balance_sheet] output").inner_text() == changed.result.dates[period]
        assert cell(opened, "balance_sheet", "Reserves", "Banks") == written(float(sheet["banks"]["Reserves"]), 1)
        assert cell(opened, "balance_sheet", "Sum", "Banks") == "0.0"


def test_sliders_answer_to_the_keyboard(opened: Visit) -> None:
    slider = opened.page.locator("[data-slider=flows] input")
    output = opened.page.locator("[data-slider=flows] output")
    slider.fill("0")
    assert output.inner_text().startswith("the whole run")
    slider.focus()
    opened.page.keyboard.press("ArrowRight")
    assert output.inner_text() == "2025-11-05"
    opened.page.locator("[data-slider=flows] button[aria-label=later]").click()
    assert output.inner_text() == "2025-11-12"
    assert slider.get_attribute("aria-valuetext") == "2025-11-12"
    assert opened.errors == []


def test_a_legend_hides_and_shows_its_series(opened: Visit) -> None:
    button = opened.page.locator(".legend[data-for=liquidity-1] button", has_text="TGA")
    seen = "document.getElementById('liquidity-1').data.filter((t) => t.meta === 'tga').map((t) => t.visible)"
    button.click()
    assert set(opened.page.evaluate(seen)) == {False}
    assert button.get_attribute("aria-pressed") == "false"
    button.press("Enter")
    assert set(opened.page.evaluate(seen)) == {True}


def test_paper_shows_everything_within_its_width(opened: Visit) -> None:
    assert opened.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    opened.page.emulate_media(media="screen")
    assert opened.errors == []


def test_an_arrow_tells_its_instruments_without_a_pointer(opened: Visit) -> None:
    opened.page.locator("#web g.arrow[tabindex='0']").focus()
    opened.page.keyboard.press("ArrowRight")
    label = opened.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert opened.page.inner_text("#told") == label
    assert label.startswith("Owed by ")
    arrows = opened.page.evaluate(
        "[...document.querySelectorAll('#web text.amount')].map((t) => [t.getAttribute('fill'), getComputedStyle(t).fill])"
    )
    assert len({given for given, _ in arrows}) > 3
    for given, drawn in arrows:
        assert drawn == f"rgb({int(given[1:3], 16)}, {int(given[3:5], 16)}, {int(given[5:], 16)})"


def test_a_phone_shows_the_page_without_scrolling_sideways(opened: Visit) -> None:
    opened.page.set_viewport_size(PHONE)
    opened.page.reload()
    opened.page.wait_for_selector("html[data-drawn]")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = opened.page.evaluate(f"{PLOTS}.filter((p) => p.getBoundingClientRect().right > innerWidth).map((p) => p.id)")
    assert wide == []
    test_no_labels_overlap_under_the_axes(opened)
    assert opened.errors == []
    assert opened.network == []
