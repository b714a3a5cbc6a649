"""Damage: whatever happens to a body, a reader refuses it by name or reads what is left of it right; nothing else escapes."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.sources import FORMATS, SourceError, read, recognise
from calibration.sources.findings import CHECKS
from tests.sources import layouts

WEDNESDAY, TUESDAY = date(2025, 10, 29), date(2025, 10, 28)
BODIES = {
    "SOFR.json": layouts.fred_observations([(day, "4.27") for day in layouts.days(WEDNESDAY, 4)]),
    "fredgraph.csv": layouts.fred_graph(["SOFR", "WALCL"], [("2025-10-28", "4.31", ""), ("2025-10-29", "4.27", "6600123")]),
    "FRB_H41.csv": layouts.board_download(
        {"H41/H41/RESPPMA_N.WW": ["6600123", "ND"], "H41/H41/RESH4R_N.WW": ["2900123", "2850123"]}, ["2025-10-22", "2025-10-29"]
    ),
    "l210.csv": layouts.z1_table({"LM153061105.Q": ["2800123.00", "ND"]}, ["2025:Q2", "2025:Q3"]),
    "rates.json": layouts.rates("SOFR", [(WEDNESDAY, 4.27), (date(2025, 10, 30), 4.04)]),
    "operations.json": layouts.operations(
        [layouts.operation(WEDNESDAY, "Repo", 10**9, 1), layouts.operation(WEDNESDAY, "Reverse Repo", 10**10, 2)]
    ),
    "debt.json": layouts.fiscal([layouts.debt_row(day, "30.25", "7.50", "37.75") for day in layouts.days(WEDNESDAY, 3)]),
    "mspd.json": layouts.fiscal(layouts.mspd_rows(date(2025, 10, 31), {"Bills": 6500000.25, "Notes": 15400000.0})),
    "debt.csv": "record_date,debt_held_public_amt,intragov_hold_amt,tot_pub_debt_out_amt\n2025-10-29,3.25,7.5,10.75\n2025-10-30,3,7,10\n",
    "slt_table5.txt": layouts.table5_of(),
    "mfhhis01.txt": layouts.holders_history([2025, 2011]),
    "slt_table3.txt": layouts.table3(
        [
            "Japan\t42609\t2025-10\t1000500\t890\t930000\t760\t-12120\t70500\t130",
            "Grand Total\t99996\t2025-10\t9200000\t0\t7900000\t0\t0\t1300000\t0",
        ]
    ),
    "full.json": layouts.ofr_full({"MMF-MMF_RP_wFR-M": [("2025-10-31", 1.2e10), ("2025-09-30", None)]}),
    "REPO-DVP_AR_OO-P.json": '[["2025-10-28", 4.31], ["2025-10-29", null], ["2025-10-30", 4.04]]',
    "FinFutYY.txt": layouts.tff_text([layouts.tff_row(TUESDAY, code, (123, 1234)) for code in layouts.TFF_CODES]),
    "tff.json": layouts.tff_json([layouts.tff_row(TUESDAY, code, (123, 1234)) for code in layouts.TFF_CODES]),
}
WHOLE = {name: {item.series: item.observations for item in read(body, name)} for name, body in BODIES.items()}


def test_every_format_is_here() -> None:
    assert {getattr(recognise(body), "name", None) for body in BODIES.values()} == {item.name for item in FORMATS}


def outcome(body: str, name: str) -> dict[str, dict[date, float]] | None:
    """The observations of a body, or nothing when it is refused by name."""
    try:
        return {item.series: item.observations for item in read(body, name)}
    except SourceError as error:
        refused = [item.check for item in error.findings]
    assert refused
    assert set(refused) <= set(CHECKS)
    return None


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_body_cut_anywhere_gives_no_wrong_number(name: str, data: st.DataObject) -> None:
    body = BODIES[name]
    found = outcome(body[: data.draw(st.integers(0, len(body) - 1))], name)
    if name == "debt.csv":
        return
    for series, observations in (found or {}).items():
        assert observations.items() <= WHOLE[name][series].items()


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_hole_or_a_stain_is_refused_or_read_and_nothing_else(name: str, data: st.DataObject) -> None:
    body = BODIES[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 40)))
    found = outcome(body[:start] + data.draw(st.text(alphabet='09.,;\n\t"{}[]-:NaDÿ', max_size=6)) + body[end:], name)
    for observations in (found or {}).values():
        assert all(isinstance(day, date) and (value is None or math.isfinite(value)) for day, value in observations.items())


@pytest.mark.parametrize("name", [name for name in BODIES if name.endswith((".csv", ".txt"))])
def test_a_line_twice_is_refused(name: str) -> None:
    lines = BODIES[name].splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.lstrip('"').startswith(("2025-10-29", "2025:Q2", "Japan", "UST 10Y"))]
    assert places
    for place in places:
        assert outcome("".join([*lines[: place + 1], *lines[place:]]), name) is None
