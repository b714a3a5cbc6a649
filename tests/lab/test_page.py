"""The page in a real headless Chromium: knobs turned, figures read back and compared with the same scenario on the command line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dollarflow.cli import call
from tests.browser import DESKTOP, PHONE, Visit, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

READ = """name => {
  const drawn = document.getElementById(name).querySelector('.js-plotly-plot').data;
  return drawn.map(trace => ({meta: trace.meta, x: Array.from(trace.x), y: Array.from(trace.y), names: trace.customdata}));
}"""
ABOVE = """() => ['corridor', 'facility', 'spreads', 'yields', 'money'].map(name => {
  const box = part => document.getElementById(name).querySelector(part).getBoundingClientRect();
  return [name, box('.legend').bottom - box('.nsewdrag').top];
})"""
RATES = ("rate_lower", "rate_upper", "on_rrp_rate", "iorb", "srf_rate", "effr", "sofr")
CHARTS = ("corridor", "facility", "spreads", "cash", "yields", "money", "flows")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with visit() as seen:
        found = seen.page.context.browser
        assert found is not None
        yield found


@contextmanager
def opened(browser: Browser, address: str, viewport: ViewportSize = DESKTOP) -> Iterator[Visit]:
    """The page in a context of its own, answered once; at the end nothing was said on the console and no other host was asked."""
    context = browser.new_context(viewport=viewport, accept_downloads=True)
    page = context.new_page()
    seen = Visit(page)
    page.on("console", lambda message: seen.errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(address)
    page.locator("#headline tbody tr").first.wait_for(timeout=60_000)
    yield seen
    context.close()
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith((address, "data:", "blob:"))] == []


def turn(page: Page, name: str, value: str, told: str) -> None:
    """Types a knob's value and waits for the answer to it."""
    page.fill(f"#{name}-number", value)
    page.locator("#words", has_text=told).wait_for(timeout=20_000)


def drawn(page: Page, name: str) -> dict[str, dict[str, Any]]:
    """A chart's series by what they are."""
    return {trace["meta"]: trace for trace in page.evaluate(READ, name)}


def columns(folder: Path) -> dict[str, list[float]]:
    """path.csv by column."""
    with (folder / "path.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {name: [float(row[name] or "nan") for row in rows] for name in rows[0] if name != "date"}


def run(words: list[str], folder: Path) -> dict[str, list[float]]:
    """A scenario on the command line."""
    assert call(["run", *words, "--out", str(folder), "--quiet"]) == 0
    return columns(folder)


def test_turned_knobs_show_what_the_command_line_computes(browser: Browser, address: str, tmp_path: Path) -> None:
    with opened(browser, address) as seen:
        page = seen.page
        turn(page, "deficit", "1.5", "1.5 % of GDP")
        turn(page, "iorb", "20", "IORB above lower bound: 20 bp")
        page.check("#srf_cleared-switch input")
        page.locator("#words", has_text="centrally cleared: yes").wait_for()
        with page.expect_download() as saved:
            page.click("#save")
        saved.value.save_as(tmp_path / "mine.toml")
        with page.expect_download() as figures:
            page.click("#csv")
        figures.value.save_as(tmp_path / "page.csv")
        ours = run([str(tmp_path / "mine.toml")], tmp_path / "mine")
        base = run(["baseline"], tmp_path / "base")
        assert (tmp_path / "page.csv").read_bytes() == (tmp_path / "mine" / "path.csv").read_bytes()
        corridor, cash = drawn(page, "corridor"), drawn(page, "cash")
        for name in RATES:
            assert corridor[f"{name}:run"]["y"] == [x * 100 for x in ours[name]]
        for name in ("sofr", "effr"):
            assert corridor[f"{name}:base"]["y"] == [x * 100 for x in base[name]]
        for name in ("reserves", "tga", "on_rrp"):
            assert cash[f"{name}:run"]["y"] == ours[name]
            assert cash[f"{name}:base"]["y"] == base[name]
        assert drawn(page, "facility")["srf__banks__fed:run"]["y"] == ours["srf__banks__fed"]
        money = page.evaluate("() => document.getElementById('money').querySelector('.js-plotly-plot').data.map(t => Array.from(t.x))")
        assert sum(money[1][:-1]) == pytest.approx(money[1][-1], abs=1e-9)
        created = ours["m2"][-1] - ours["m2"][1]
        assert money[1][-1] == pytest.approx(created + (ours["m2"][1] - m2_before(ours)), abs=1e-6)
        told = page.locator("#headline tr", has_text="Reserves, end").inner_text().split("\t")
        assert told[1:3] == [f"{base['reserves'][-1]:,.0f} bn", f"{ours['reserves'][-1]:,.0f} bn"]


def m2_before(path: dict[str, list[float]]) -> float:
    """M2 of the opening from what it consists of; its share of funds does not change within a run."""
    cash = [path["currency__fed__private"], path["currency__fed__rest_of_world"], path["deposits__banks__private"]]
    funds = [a + b for a, b in zip(path["mmf_shares__mmf__private"], path["mmf_shares__mmf__rest_of_world"], strict=True)]
    share = (path["m2"][1] - sum(part[1] for part in cash)) / funds[1]
    return sum(part[0] for part in cash) + share * funds[0]


def test_a_saved_scenario_loads_into_another_browser_and_nothing_else_is_shared(browser: Browser, address: str, tmp_path: Path) -> None:
    with opened(browser, address) as first, opened(browser, address) as second:
        turn(first.page, "qt", "25", "25 bn/month")
        turn(second.page, "haircut", "2", "hedge funds: 2 %")
        assert "QT" not in second.page.inner_text("#words")
        assert second.page.input_value("#qt-number") == "0"
        with first.page.expect_download() as saved:
            first.page.click("#save")
        saved.value.save_as(tmp_path / "saved.toml")
        second.page.set_input_files("#upload input", tmp_path / "saved.toml")
        second.page.locator("#words", has_text="25 bn/month").wait_for()
        assert second.page.input_value("#qt-number") == second.page.input_value("#qt-slider") == "25"
        assert second.page.input_value("#haircut-number") == "0.5"
        assert drawn(first.page, "cash") == drawn(second.page, "cash")
        assert "haircut" not in first.page.inner_text("#words")


def test_on_a_phone_legends_are_above_their_plots_from_the_first_paint(browser: Browser, address: str) -> None:
    with opened(browser, address, PHONE) as seen:
        seen.page.locator("#money .nsewdrag").wait_for(state="attached")
        seen.page.locator("#flows .sankey-node").first.wait_for()
        assert [name for name, below in seen.page.evaluate(ABOVE) if below > 0] == []


@pytest.mark.slow
def test_a_bad_setting_and_a_bad_file_are_told_and_the_page_goes_on(browser: Browser, address: str, tmp_path: Path) -> None:
    with opened(browser, address) as seen:
        page = seen.page
        before = drawn(page, "corridor")
        page.fill("#srf-number", "-50")
        page.locator("#message", has_text="IORB above the SRF rate").wait_for()
        assert "a scenario file with [switch] corridor = false, loaded under Files, allows that" in page.inner_text("#message")
        assert drawn(page, "corridor") == before
        page.fill("#srf-number", "12")
        page.locator("#words", has_text="upper bound: 12 bp").wait_for()
        assert page.inner_text("#message") == ""
        (tmp_path / "bad.toml").write_text("title = 'x'\n<script>alert(1)</script>\n", encoding="utf-8")
        page.set_input_files("#upload input", tmp_path / "bad.toml")
        page.locator("#file-message", has_text="bad.toml:2: broken TOML").wait_for()
        for name, content, told in (("big.toml", "#" * 70_000, "larger than 64 KiB"), ("scenario.exe", "MZ", "no scenario file")):
            (tmp_path / name).write_text(content, encoding="utf-8")
            page.set_input_files("#upload input", tmp_path / name)
            page.locator("#file-message", has_text=told).wait_for()
        page.fill("#periods", "-4")
        page.locator("#frame-message", has_text="1 to 520").wait_for()
        page.fill("#periods", "16")
        page.locator("#span", has_text="2026-02-18").wait_for()
        page.locator("#frame-message", has_text="").wait_for(state="hidden")


@pytest.mark.slow
def test_pinning_compares_with_what_is_on_the_page_and_reset_turns_back(browser: Browser, address: str) -> None:
    with opened(browser, address) as seen:
        page = seen.page
        turn(page, "tga", "500", "(TGA): 500 bn")
        high = drawn(page, "cash")["tga:run"]["y"]
        page.click("#pin")
        page.locator("#words", has_text="what was pinned").wait_for()
        assert drawn(page, "cash")["tga:base"]["y"] == high
        page.click("#reset")
        page.locator("#words", has_text="no knob is turned").wait_for()
        assert drawn(page, "cash")["tga:base"]["y"] == high
        page.click("#unpin")
        page.locator("#words", has_text="pinned").wait_for(state="hidden")
        final = drawn(page, "cash")
        assert final["tga:base"]["y"] == final["tga:run"]["y"]


def test_everything_is_reached_and_moved_by_keyboard(browser: Browser, address: str) -> None:
    wanted = {"reset", "pin", "deficit-slider", "deficit-number", "start", "clock", "periods", "library", "upload-button", "title", "save"}
    with opened(browser, address) as seen:
        page = seen.page
        met = []
        for _ in range(90):
            page.keyboard.press("Tab")
            met.append(page.evaluate("document.activeElement.id"))
            if met[-1] == "report":
                break
        assert wanted <= set(met)
        assert met.index("deficit-slider") < met.index("deficit-number") < met.index("qt-slider") < met.index("save")
        page.focus("#deficit-slider")
        page.keyboard.press("ArrowRight")
        page.locator("#words", has_text="0.1 % of GDP").wait_for()
        assert page.input_value("#deficit-number") == "0.1"
        page.focus("#srf_open-switch input")
        page.keyboard.press("Space")
        page.locator("#words", has_text="SRF open: no").wait_for()
        page.focus("#start")
        page.keyboard.press("Enter")
        page.locator("input[value='2025-10-29']:focus").wait_for()
        page.keyboard.press("ArrowUp")
        page.locator("input[value='2025-09-30']:focus").wait_for()
        page.keyboard.press("Enter")
        page.locator("#span", has_text="2025-09-30").wait_for()
        unnamed = page.evaluate(
            "() => [...document.querySelectorAll('input:not([type=file], [aria-hidden=true]), button')]"
            ".filter(e => !(e.labels && e.labels.length) && !e.innerText && !e.getAttribute('aria-label')).map(e => e.outerHTML)"
        )
        assert unnamed == []


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, marks=pytest.mark.slow), PHONE], ids=["desktop", "phone"])
def test_no_chart_is_empty_and_nothing_sticks_out(browser: Browser, address: str, viewport: ViewportSize) -> None:
    with opened(browser, address, viewport) as seen:
        page = seen.page
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        for name in CHARTS:
            box = page.locator(f"#{name} .main-svg").first.bounding_box()
            assert box is not None
            assert box["height"] > 200
            assert box["width"] > 250
            assert page.evaluate(READ.replace("x: Array.from(trace.x), y: Array.from(trace.y), ", ""), name)
        assert page.locator("#strip").is_visible() is (viewport is PHONE)
        page.locator("#view input").nth(1).check()
        page.locator("#flows", has_text="No flow differs").wait_for()
