"""Each publisher's documented layout, read to the numbers that were put into it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from calibration.sources import SourceError, read, recognise
from calibration.sources.published import Published
from calibration.sources.readers.board import read_download
from calibration.sources.readers.fiscal import read_pages
from calibration.sources.readers.fred import read_description, read_observations
from calibration.sources.readers.ofr import read_bare
from tests.sources import layouts

WEDNESDAY = date(2025, 10, 29)


def by_name(series: tuple[Published, ...]) -> dict[str, Published]:
    return {item.series: item for item in series}


def refused(check: str, body: str, origin: str = "file.csv") -> str:
    with pytest.raises(SourceError) as caught:
        read(body, origin)
    assert check in {item.check for item in caught.value.findings}, caught.value
    return str(caught.value)


def test_fred_observations_are_strings_and_a_point_is_missing() -> None:
    body = layouts.fred_observations([(WEDNESDAY, "4.27"), (date(2025, 10, 30), "."), (date(2025, 10, 31), "4.22")])
    (series,) = read(body, "folder/SOFR_2025.json")
    assert series.key == ("FRED", "SOFR")
    assert series.values == (4.27, None, 4.22)
    assert series.missing == (date(2025, 10, 30),)
    assert series.vintage == date(2025, 11, 6)


def test_fred_answers_that_are_not_levels_or_not_whole_are_refused() -> None:
    pairs = [(WEDNESDAY, "4.27")]
    refused("transformed", layouts.fred_observations(pairs, units="pc1"), "SOFR.json")
    refused("missing pages", layouts.fred_observations(pairs, count=2), "SOFR.json")
    said = refused("not in the catalogue", layouts.fred_observations(pairs), "download (3).json")
    assert "SOFR.json" in said
    with pytest.raises(SourceError, match="not registered"):
        read_observations('{"error_code": 400, "error_message": "The value for variable api_key is not registered."}', "SOFR.json")


@pytest.mark.parametrize("column", ["observation_date", "DATE"])
def test_fred_graph_reads_every_column_and_blank_cells(column: str) -> None:
    rows = [("2025-10-28", "4.31", ""), ("2025-10-29", "4.27", "6600000"), ("2025-10-30", ".", "")]
    series = by_name(read(layouts.fred_graph(["SOFR", "WALCL"], rows, column), "fredgraph.csv"))
    assert series["SOFR"].values == (4.31, 4.27, None)
    assert series["WALCL"].observations == {WEDNESDAY: 6600000.0}
    (alone,) = read(layouts.fred_graph(["SOFR"], [("2025-10-28", ""), ("2025-10-29", "4.27")]), "fredgraph.csv")
    assert alone.missing == (date(2025, 10, 28),)


def test_fred_description_translates_units() -> None:
    assert read_description(layouts.fred_description("WALCL", "Millions of U.S. Dollars"), "x").unit == "USD mn"
    assert read_description(layouts.fred_description("WRESBAL", "Billions of U.S. Dollars"), "x").unit == "USD bn"


def test_board_download_states_unit_and_title() -> None:
    body = layouts.board_download(
        {"H41/H41/RESPPMA_N.WW": ["6600000", "ND"], "H41/H41/RESH4R_N.WW": ["2900000", "2850000"]}, ["2025-10-22", "2025-10-29"]
    )
    series = by_name(read(body, "FRB_H41.csv"))
    assert series["H41/H41/RESPPMA_N.WW"].values == (6600000.0, None)
    assert series["H41/H41/RESH4R_N.WW"].unit == "USD mn"
    assert series["H41/H41/RESH4R_N.WW"].dates == (date(2025, 10, 22), WEDNESDAY)
    assert "Wednesday level" in series["H41/H41/RESH4R_N.WW"].title


@pytest.mark.parametrize(
    ("unit", "multiplier", "currency", "expected"),
    [("Percent:_Per_Year", "1", "NA", "percent"), ("Currency", "1e+09", "USD", "USD bn"), ("Currency", "1000", "USD", "USD thousand")],
)
def test_board_units(unit: str, multiplier: str, currency: str, expected: str) -> None:
    body = layouts.board_download({"H15/H15/RIFLGFCY10_N.B": ["4.1"]}, ["2025-10-29"], unit=unit, multiplier=multiplier, currency=currency)
    assert read(body, "x.csv")[0].unit == expected


@pytest.mark.parametrize(("period", "end"), [("2025Q3", date(2025, 9, 30)), ("2025-09", date(2025, 9, 30)), ("2024", date(2024, 12, 31))])
def test_board_periods(period: str, end: date) -> None:
    assert read(layouts.board_download({"Z1/Z1/FL893061105.Q": ["1"]}, [period]), "x.csv")[0].dates == (end,)


def test_board_refuses_what_is_not_documented() -> None:
    series = {"H15/H15/RIFLGFCY02_N.B": ["3.5"], "H15/H15/RIFLGFCY10_N.B": ["4.1"]}
    body = layouts.board_download(series, ["2025-10-29"], unit="Percent:_Per_Year", multiplier="1", currency="NA")
    assert "RIFLGFCY10" in refused(
        "column swapped", body.replace('"Time Period","RIFLGFCY02_N.B","RIFLGFCY10_N.B"', '"Time Period","RIFLGFCY10_N.B","RIFLGFCY02_N.B"')
    )
    refused("changed columns", body.replace('"Multiplier:"', '"Scale:"'))
    refused("unit", body.replace("Percent:_Per_Year", "Furlongs"))
    refused("unreadable value", body.replace("3.5", "-9999"))
    refused("unreadable value", body.replace("3.5", "three"))
    refused("truncated body", body.rstrip("\n").rsplit(",", 1)[0])
    with pytest.raises(SourceError, match="Time Period"):
        read_download("\n".join(body.splitlines()[:5]), "x.csv")


def test_z1_release_table_drops_repeated_columns_and_keeps_nd_missing() -> None:
    body = layouts.z1_table({"LM153061105.Q": ["2800000.00", "ND"]}, ["2025:Q2", "2025:Q3"]).replace(
        "date,LM153061105.Q", "date,LM153061105.Q,LM153061105.Q"
    )
    body = body.replace("2800000.00", "2800000.00,2800000.00").replace("ND", "ND,ND")
    (series,) = read(body, "l210.csv")
    assert series.series == "Z1/Z1/LM153061105.Q"
    assert series.observations == {date(2025, 6, 30): 2800000.0}
    assert series.unit == "USD mn"
    refused("conflict", body.replace("2800000.00,2800000.00", "2800000.00,1.00"))


def test_reference_rates_by_field() -> None:
    body = layouts.rates("SOFR", [(WEDNESDAY, 4.27), (date(2025, 10, 30), 4.04)])
    series = by_name(read(body, "sofr.json"))
    assert series["SOFR.percentRate"].observations == {WEDNESDAY: 4.27, date(2025, 10, 30): 4.04}
    assert series["SOFR.volumeInBillions"].unit == "USD bn"
    effr = by_name(read(layouts.rates("EFFR", [(WEDNESDAY, 4.12)], targetRateFrom=4.0, targetRateTo=4.25), "effr.json"))
    assert effr["EFFR.targetRateTo"].observations == {WEDNESDAY: 4.25}


def test_exchanged_percentiles_are_an_identity_that_fails() -> None:
    said = refused("identity", layouts.rates("SOFR", [(WEDNESDAY, 4.27)], percentPercentile25=4.9), "sofr.json")
    assert "percentPercentile25 4.9" in said


def test_operations_sum_a_day_and_leave_out_tests_and_term() -> None:
    monday = date(2025, 10, 27)
    found = [
        layouts.operation(monday, "Repo", 1_000_000_000, 1),
        layouts.operation(monday, "Repo", 500_000_000, 2, releaseTime="13:30"),
        layouts.operation(monday, "Reverse Repo", 12_000_000_000, 3),
        layouts.operation(monday, "Reverse Repo", 90_000_000, 4, note="Small-Value Technical Exercise"),
        layouts.operation(monday, "Reverse Repo", 90_000_000, 5, isSmallValue="Y"),
        layouts.operation(monday, "Repo", 7_000_000_000, 6, term="Term", termCalenderDays=14),
        layouts.operation(date(2025, 10, 28), "Repo", 0, 7),
    ]
    series = by_name(read(layouts.operations(found), "rp.json"))
    assert series["repo.accepted"].observations == {monday: 1.5e9, date(2025, 10, 28): 0.0}
    assert series["reverserepo.accepted"].observations == {monday: 1.2e10}
    assert series["repo.accepted"].unit == "USD"


def test_operations_whose_parts_differ_or_repeat_are_refused() -> None:
    wrong = layouts.operation(WEDNESDAY, "Repo", 1_000_000_000, 1)
    wrong["details"][0]["amtAccepted"] = 900_000_000
    refused("identity", layouts.operations([wrong]), "rp.json")
    twice = layouts.operation(WEDNESDAY, "Repo", 1, 1)
    refused("duplicated date", layouts.operations([twice, twice]), "rp.json")
    refused("changed columns", layouts.operations([layouts.operation(WEDNESDAY, "FIMA Repo", 1, 1)]), "rp.json")


def test_debt_to_the_penny_and_its_holders() -> None:
    rows = [
        layouts.debt_row(WEDNESDAY, "30000000000000.25", "7500000000000.50", "37500000000000.75"),
        layouts.debt_row(date(1993, 4, 1), "null", "null", "4225873987843.44"),
    ]
    series = by_name(read(layouts.fiscal(rows), "debt.json"))
    assert series["debt_to_penny.tot_pub_debt_out_amt"].observations[WEDNESDAY] == 37500000000000.75
    assert series["debt_to_penny.debt_held_public_amt"].values == (None, 30000000000000.25)
    rows[0]["tot_pub_debt_out_amt"] = "37500000000001.75"
    assert "public" in refused("identity", layouts.fiscal(rows), "debt.json")


def test_mspd_classes_sum_to_total_marketable() -> None:
    rows = layouts.mspd_rows(date(2025, 10, 31), {"Bills": 6500000.1234, "Notes": 15400000.0, "Bonds": 5100000.5})
    series = by_name(read(layouts.fiscal(rows), "mspd.json"))
    assert series["mspd_table_1.Marketable.Bills"].values == (6500000.1234,)
    assert series["mspd_table_1.Total Marketable"].values == (27000000.6234,)
    rows[0], rows[1] = rows[0] | {"total_mil_amt": rows[1]["total_mil_amt"]}, rows[1] | {"total_mil_amt": rows[0]["total_mil_amt"]}
    assert "public" in refused("identity", layouts.fiscal(rows), "mspd.json")


def test_closing_cash_balance_under_its_three_names() -> None:
    rows = [
        layouts.cash_row(date(2021, 9, 30), "Federal Reserve Account", "173000", "215160"),
        layouts.cash_row(date(2022, 4, 14), "Treasury General Account (TGA)", "580000", "591000"),
        layouts.cash_row(WEDNESDAY, "Treasury General Account (TGA) Opening Balance", "980000"),
        layouts.cash_row(WEDNESDAY, "Treasury General Account (TGA) Closing Balance", "983868"),
        layouts.cash_row(WEDNESDAY, "Total TGA Deposits (Table II)", "40000"),
    ]
    (series,) = read(layouts.fiscal(rows), "dts.json")
    assert series.observations == {date(2021, 9, 30): 215160.0, date(2022, 4, 14): 591000.0, WEDNESDAY: 983868.0}
    assert series.unit == "USD mn"


def test_statement_reports_the_month_of_the_current_fiscal_year() -> None:
    october = date(2025, 10, 31)
    prior = layouts.statement_rows(october, [("October", 1e11, 3e11), ("November", 2e11, 4e11), ("Year-to-Date", 3e11, 7e11)], 2)
    current = layouts.statement_rows(october, [("October", 4.04e11, 6.89e11), ("Year-to-Date", 4.04e11, 6.89e11)], 16)
    series = by_name(read(layouts.fiscal([*prior, *current]), "mts.json"))
    assert series["mts_table_1.receipts"].observations == {october: 4.04e11}
    assert series["mts_table_1.deficit"].observations == {october: 2.85e11}
    current[0]["current_month_dfct_sur_amt"] = "-285000000000.00"
    refused("identity", layouts.fiscal([*prior, *current]), "mts.json")


def test_average_rates_and_their_csv_forms() -> None:
    row = {
        "record_date": "2025-10-31",
        "security_type_desc": "Marketable",
        "security_desc": "Treasury Bills",
        "avg_interest_rate_amt": "4.102",
    }
    (series,) = read(layouts.fiscal([row]), "rates.json")
    assert (series.series, series.values, series.unit) == ("avg_interest_rates.Treasury Bills", (4.102,), "percent")
    by_fields = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    by_labels = (
        '"Record Date","Security Type Description","Security Description","Average Interest Rate Amount"\n' + ",".join(row.values()) + "\n"
    )
    assert read(by_fields, "a.csv")[0].values == read(by_labels, "b.csv")[0].values == (4.102,)


def test_pages_must_all_be_there() -> None:
    rows = [layouts.debt_row(day, "1.00", "1.00", "2.00") for day in layouts.days(WEDNESDAY, 5)]
    first, second = layouts.fiscal(rows[:3], page=1, pages=2, whole=5), layouts.fiscal(rows[3:], page=2, pages=2, whole=5)
    assert len(read_pages([first, second], "debt")[0].dates) == 5
    assert "1 of 2 pages" in refused("missing pages", first, "debt.json")
    with pytest.raises(SourceError, match="changed between pages"):
        read_pages([first, layouts.fiscal(rows[3:], page=2, pages=2, whole=6)], "debt")
    refused("truncated body", layouts.fiscal(rows[:3], count=4), "debt.json")
    refused("wrong content", json.dumps({"error": "Invalid Query Param", "message": "bad", "data": [{"record_date": 1}]}), "debt.json")


def test_tic_table_5_latest_month_first() -> None:
    series = by_name(read(layouts.table5_of(), "slt_table5.txt"))
    assert series["holdings.Japan"].observations == {date(2025, 9, 30): 990.1, date(2025, 10, 31): 1000.5}
    assert series["holdings.Foreign Official Bills"].values == (150.5, 150.5)
    assert series["holdings.Grand Total"].observations[date(2025, 10, 31)] == 4700.5


def test_tic_sums_are_checked() -> None:
    assert "grand total" in refused("identity", layouts.table5_of(off=3.0), "slt_table5.txt")
    assert "officials" in refused("identity", layouts.table5_of().replace("150.5", "250.5"), "slt_table5.txt")
    refused("truncated body", layouts.table5_of().split("Grand Total")[0], "slt_table5.txt")
    refused("truncated body", layouts.table5_of().split("\t705.5")[0], "slt_table5.txt")


def test_tic_history_takes_the_later_basis_of_a_broken_june() -> None:
    series = by_name(read(layouts.holders_history([2025, 2011]), "mfhhis01.txt"))
    japan = series["holdings.Japan"].observations
    assert japan == {date(y, m, d): v for y in (2011, 2025) for m, d, v in ((5, 31, 8.5), (6, 30, 10.0), (7, 31, 10.5))}
    assert series["holdings.Foreign Official"].observations[date(2011, 6, 30)] == 5.0


def test_a_month_in_two_columns_is_refused_but_for_the_documented_junes() -> None:
    values = {"Japan": [1100.0, 900.0, 1000.0], "China, Mainland": [700.0] * 3, "All Other": [7000.0] * 3}
    assert "2025-12-31" in refused("duplicated date", layouts.table5_of(["2025-12", "2025-12", "2025-11"], values), "slt_table5.txt")
    equal = {name: [row[0]] * 2 for name, row in values.items()}
    refused("duplicated date", layouts.table5_of(["2025-06", "2025-06"], equal), "slt_table5.txt")
    history = layouts.holders_history([2025])
    refused("duplicated date", history.replace("\tJul\tJun\tMay", "\tJul\tMay\tMay"), "mfhhis01.txt")
    broken = layouts.holders_history([2011])
    refused("duplicated date", broken.replace("\tJul\tJun\tJun\tMay", "\tJul\tJul\tJun\tMay"), "mfhhis01.txt")
    refused("duplicated date", broken.replace("2011", "2012"), "mfhhis01.txt")


def test_tic_table_3_is_in_millions_and_by_code() -> None:
    rows = [
        "Japan\t42609\t2025-10\t1000500\t890\t930000\t760\t-12120\t70500\t130",
        "Poland\t12505\t2025-10\tn.a.\tn.a.\t60500\t-320\t-95\tn.a.\tn.a.",
        "Grand Total\t99996\t2025-10\t9200000\t0\t7900000\t0\t0\t1300000\t0",
    ]
    series = by_name(read(layouts.table3(rows), "slt_table3.txt"))
    assert series["slt3.42609.for_treas_pos"].observations == {date(2025, 10, 31): 1000500.0}
    assert series["slt3.12505.for_treas_pos"].missing == (date(2025, 10, 31),)
    assert series["slt3.42609.for_treas_pos"].unit == "USD mn"
    refused("truncated body", layouts.table3(rows).split("\t1300000")[0], "slt_table3.txt")
    refused("changed columns", layouts.table3(rows).replace("for_treas_pos", "holdings"), "slt_table3.txt")


def test_ofr_with_metadata_states_unit_and_update() -> None:
    body = layouts.ofr_full({"MMF-MMF_RP_wFR-M": [("2025-10-31", 1.2e10), ("2025-09-30", None)]})
    (series,) = read(body, "x.json")
    assert series.series == "MMF-MMF_RP_wFR-M"
    assert series.values == (None, 1.2e10)
    assert (series.unit, series.vintage) == ("USD", date(2025, 11, 14))
    assert read(layouts.ofr_full({"FPF-ALLQHF_NAV_SUM": [("2025-09-30", 1.0)]}, magnitude=9), "x.json")[0].unit == "USD bn"
    refused("unit", layouts.ofr_full({"FPF-ALLQHF_NAV_SUM": [("2025-09-30", 1.0)]}, unit="EUR"), "x.json")


def test_ofr_dataset_nests_its_series() -> None:
    inner = json.loads(layouts.ofr_full({"REPO-DVP_AR_OO-P": [("2025-10-29", 4.3)]}, unit="Percent"))
    (series,) = read(json.dumps({"short_name": "U.S. Repo Markets", "timeseries": inner}), "dataset.json")
    assert (series.series, series.unit) == ("REPO-DVP_AR_OO-P", "percent")


def test_ofr_bare_pairs_are_named_by_their_file() -> None:
    (series,) = read('[["2025-10-28", 4.31], ["2025-10-29", null]]', "REPO-DVP_AR_OO-P.json")
    assert series.values == (4.31, None)
    with pytest.raises(SourceError, match="mnemonic"):
        read('[["2025-10-28", 4.31]]', "data.json")
    with pytest.raises(SourceError, match=r"\[date, value\]"):
        read_bare('[["2025-10-28", 4.31, 1]]', "x", "REPO-DVP_AR_OO-P")


@pytest.mark.parametrize("form", ["text", "json"])
def test_tff_positions_of_the_treasury_contracts(form: str) -> None:
    tuesday = date(2025, 10, 28)
    rows = [layouts.tff_row(tuesday, code, (100, 1000)) for code in layouts.TFF_CODES]
    rows[0][2] = "2025-10-28"
    body = layouts.tff_text(rows) if form == "text" else layouts.tff_json(rows)
    series = by_name(read(body, "FinFutYY.txt"))
    assert series["TFF.043602.Lev_Money_Positions_Short_All"].observations == {tuesday: 1000.0}
    assert series["TFF.020604.Asset_Mgr_Positions_Long_All"].observations == {tuesday: 900.0}
    assert {name.split(".")[1] for name in series} == set(layouts.TFF_CODES)


def test_tff_dates_of_the_old_archive_and_leading_zeros() -> None:
    row = layouts.tff_row(date(2014, 9, 9), "043602", (5, 6), written="9/9/2014 12:00:00 AM")
    row[3] = "43602"
    assert by_name(read(layouts.tff_text([row]), "FinFut0616.txt"))["TFF.043602.Lev_Money_Positions_Long_All"].dates == (date(2014, 9, 9),)


def test_tff_rows_must_add_up_and_be_futures_only() -> None:
    tuesday = date(2025, 10, 28)
    assert "categories sum" in refused("identity", layouts.tff_text([layouts.tff_row(tuesday, "043602", (5, 6), off=1)]))
    refused("transformed", layouts.tff_text([layouts.tff_row(tuesday, "043602", (5, 6), kind="Combined")]))
    body = layouts.tff_text([layouts.tff_row(tuesday, "043602", (5, 6))])
    said = refused("changed columns", body.replace("Lev_Money_Positions_Long_All", "Leveraged_Positions_Long_All"))
    assert "Lev_Money_Positions_Short_All" in said or "nearest" in said


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (layouts.fred_graph(["SOFR"], [("2025-10-29", "4")]), "FRED graph (CSV)"),
        (layouts.rates("SOFR", [(WEDNESDAY, 4.0)]), "NY Fed reference rates (JSON)"),
        (layouts.table5_of(), "TIC SLT table 5"),
        (layouts.holders_history([2025]), "TIC major foreign holders, history"),
        (layouts.table3(["Japan\t42609\t2025-10\t1\t1\t1\t1\t1\t1\t1"]), "TIC SLT table 3"),
        ("name,colour\nrose,red\n", None),
        ("", None),
    ],
)
def test_formats_are_told_by_content(body: str, name: str | None) -> None:
    found = recognise(body)
    assert (found.name if found else None) == name


def test_pages_of_markup_are_wrong_content_whatever_their_name() -> None:
    refused("wrong content", "<!DOCTYPE html><html><body>Service retired</body></html>", "FRB_H15.csv")
    refused("unrecognised", "name,colour\nrose,red\n")
    refused("truncated body", layouts.rates("SOFR", [(WEDNESDAY, 4.0)])[:-40], "sofr.json")
