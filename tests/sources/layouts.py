"""Bodies in the publishers' documented layouts with made-up numbers, written out here independently of the readers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any


def days(start: date, count: int, step: int = 1) -> list[date]:
    return [start + timedelta(days=step * place) for place in range(count)]


def working_days(start: date, count: int) -> list[date]:
    found: list[date] = []
    day = start
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def fred_observations(pairs: Sequence[tuple[date, str]], *, vintage: str = "2025-11-06", **changed: Any) -> str:
    head = {
        "realtime_start": vintage,
        "realtime_end": vintage,
        "observation_start": "1600-01-01",
        "observation_end": "9999-12-31",
        "units": "lin",
        "output_type": 1,
        "file_type": "json",
        "order_by": "observation_date",
        "sort_order": "asc",
        "count": len(pairs),
        "offset": 0,
        "limit": 100000,
    }
    rows = [{"realtime_start": vintage, "realtime_end": vintage, "date": day.isoformat(), "value": value} for day, value in pairs]
    return json.dumps(head | {"observations": rows} | changed)


def fred_graph(columns: Sequence[str], rows: Sequence[Sequence[str]], date_column: str = "observation_date") -> str:
    return "\n".join([",".join([date_column, *columns]), *(",".join(row) for row in rows)]) + "\n"


def fred_description(series: str, units: str) -> str:
    one = {
        "id": series,
        "realtime_start": "2025-11-06",
        "realtime_end": "2025-11-06",
        "title": "A series",
        "observation_start": "2002-12-18",
        "observation_end": "2025-11-05",
        "frequency": "Weekly, As of Wednesday",
        "frequency_short": "W",
        "units": units,
        "units_short": "Mil. of U.S. $",
        "seasonal_adjustment": "Not Seasonally Adjusted",
        "seasonal_adjustment_short": "NSA",
        "last_updated": "2025-11-06 15:35:03-06",
    }
    return json.dumps({"realtime_start": "2025-11-06", "realtime_end": "2025-11-06", "seriess": [one]})


def board_download(
    series: Mapping[str, Sequence[str]],
    periods: Sequence[str],
    *,
    unit: str = "Currency",
    multiplier: str = "1000000",
    currency: str = "USD",
) -> str:
    def row(label: str, cells: Sequence[str]) -> str:
        return ",".join(f'"{cell}"' for cell in [label, *cells])

    names = list(series)
    head = [
        row("Series Description", [f"Assets: Something ({name}): Wednesday level" for name in names]),
        row("Unit:", [unit for _ in names]),
        row("Multiplier:", [multiplier for _ in names]),
        row("Currency:", [currency for _ in names]),
        row("Unique Identifier: ", names),
        row("Time Period", [name.split("/")[-1] for name in names]),
    ]
    body = [",".join([period, *(series[name][place] for name in names)]) for place, period in enumerate(periods)]
    return "\n".join([*head, *body]) + "\n"


def z1_table(series: Mapping[str, Sequence[str]], periods: Sequence[str]) -> str:
    return (
        "\n".join([",".join(["date", *series]), *(",".join([q, *(v[i] for v in series.values())]) for i, q in enumerate(periods))]) + "\n"
    )


def rates(kind: str, pairs: Sequence[tuple[date, float]], **extra: Any) -> str:
    rows = [
        {
            "effectiveDate": day.isoformat(),
            "type": kind,
            "percentRate": value,
            "percentPercentile1": value - 0.1,
            "percentPercentile25": value - 0.03,
            "percentPercentile75": value + 0.04,
            "percentPercentile99": value + 0.12,
            "volumeInBillions": 3100,
            "revisionIndicator": "",
        }
        | extra
        for day, value in pairs
    ]
    return json.dumps({"refRates": rows})


def operation(day: date, kind: str, accepted: int, number: int, **changed: Any) -> dict[str, Any]:
    return {
        "operationId": f"RP {day:%m%d%y} {number}",
        "auctionStatus": "Results",
        "operationDate": day.isoformat(),
        "settlementDate": day.isoformat(),
        "maturityDate": (day + timedelta(days=1)).isoformat(),
        "operationType": kind,
        "operationMethod": "Full Allotment",
        "settlementType": "Same Day",
        "termCalenderDays": 1,
        "term": "Overnight",
        "releaseTime": "08:15",
        "closeTime": "08:30",
        "note": "",
        "lastUpdated": f"{day.isoformat()}T08:30:00",
        "totalAmtSubmitted": accepted,
        "totalAmtAccepted": accepted,
        "details": [
            {"securityType": "Treasury", "amtSubmitted": accepted, "amtAccepted": accepted, "percentOfferingRate": 4.0},
            {"securityType": "Mortgage-Backed", "amtSubmitted": 0, "amtAccepted": 0, "percentOfferingRate": 4.0},
        ],
    } | changed


def operations(found: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"repo": {"operations": list(found)}})


def fiscal(rows: Sequence[Mapping[str, str]], *, page: int = 1, pages: int = 1, whole: int | None = None, **changed: Any) -> str:
    def link(number: int) -> str:
        return f"&page%5Bnumber%5D={number}&page%5Bsize%5D={max(len(rows), 1)}"

    meta = {
        "count": len(rows),
        "labels": {"record_date": "Record Date"},
        "dataTypes": {"record_date": "DATE"},
        "dataFormats": {"record_date": "YYYY-MM-DD"},
        "total-count": len(rows) if whole is None else whole,
        "total-pages": pages,
    }
    links = {
        "self": link(page),
        "first": link(1),
        "prev": link(page - 1) if page > 1 else None,
        "next": link(page + 1) if page < pages else None,
        "last": link(pages),
    }
    return json.dumps({"data": list(rows), "meta": meta | changed, "links": links})


def debt_row(day: date, public: str, inside: str, total: str) -> dict[str, str]:
    return {
        "record_date": day.isoformat(),
        "debt_held_public_amt": public,
        "intragov_hold_amt": inside,
        "tot_pub_debt_out_amt": total,
        "src_line_nbr": "1",
    }


def mspd_rows(day: date, classes: Mapping[str, float]) -> list[dict[str, str]]:
    def row(kind: str, part: str, amount: float, line: int) -> dict[str, str]:
        return {
            "record_date": day.isoformat(),
            "security_type_desc": kind,
            "security_class_desc": part,
            "debt_held_public_mil_amt": f"{amount - 1.5:.4f}",
            "intragov_hold_mil_amt": "1.5000",
            "total_mil_amt": f"{amount:.4f}",
            "src_line_nbr": str(line),
        }

    rows = [row("Marketable", name, amount, line) for line, (name, amount) in enumerate(classes.items(), start=1)]
    return [*rows, row("Total Marketable", "_", sum(classes.values()), len(rows) + 1)]


def statement_rows(day: date, months: Sequence[tuple[str, float, float]], first_line: int) -> list[dict[str, str]]:
    return [
        {
            "record_date": day.isoformat(),
            "classification_desc": name,
            "current_month_gross_rcpt_amt": f"{receipts:.2f}",
            "current_month_gross_outly_amt": f"{outlays:.2f}",
            "current_month_dfct_sur_amt": f"{outlays - receipts:.2f}",
            "src_line_nbr": str(first_line + place),
        }
        for place, (name, receipts, outlays) in enumerate(months)
    ]


def cash_row(day: date, account: str, opening: str, closing: str = "null") -> dict[str, str]:
    return {"record_date": day.isoformat(), "account_type": account, "open_today_bal": opening, "close_today_bal": closing}


def table5(months: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    head = [
        "Table 5: Major Foreign Holders of Treasury Securities",
        "Holdings at end of time period",
        "Billions of dollars",
        "Link: somewhere",
    ]
    lines = [line + "\t" * len(months) for line in head]
    lines += ["\t" * len(months), "\t".join(["Country", *months])]
    lines += ["\t".join([name, *values]) for name, values in rows.items()]
    return "\r\n".join([*lines, "", "Notes:\tThe data in this table are collected primarily from custodians"]) + "\r\n"


HOLDERS: dict[str, tuple[float, ...]] = {"Japan": (1000.5, 990.1), "China, Mainland": (700.0, 705.5), "All Other": (3000.0, 2990.0)}


def table5_of(months: Sequence[str] = ("2025-10", "2025-09"), holders: Mapping[str, Sequence[float]] = HOLDERS, off: float = 0.0) -> str:
    rows = {name: [f"{value:.1f}" for value in values] for name, values in holders.items()}
    rows["Grand Total"] = [f"{sum(values[k] for values in holders.values()) + off:.1f}" for k in range(len(months))]
    rows["Of Which: Foreign Official"] = ["2000.0" for _ in months]
    rows["Of Which: Foreign Official Treasury Bills"] = ["150.5" for _ in months]
    rows["Of Which: Foreign Official T-Bonds & Notes"] = ["1849.5" for _ in months]
    return table5(months, rows)


def holders_history(years: Sequence[int]) -> str:
    """Blocks a year as the archive has them; 2011 and before list June twice, the later basis left."""
    lines = [
        "\t\t\tMAJOR FOREIGN HOLDERS OF TREASURY SECURITIES\t\t",
        "\t\t\t\t    (in billions of dollars)\t",
        "\t\t\t\tHOLDINGS 1/ AT END OF PERIOD\t",
        "\t\t",
    ]
    for year in years:
        months = ["Jul", "Jun", "Jun", "May"] if year <= 2011 else ["Jul", "Jun", "May"]
        tail = "" if year <= 2011 else "\t"
        lines += ["\t" + "\t".join(months) + tail, "Country\t" + "\t".join(str(year) for _ in months) + tail]
        lines += ["\t" + "\t".join("------" for _ in months) + tail]
        japan = ["10.5", "10", "9", "8.5"] if year <= 2011 else ["10.5", "10", "8.5"]
        other = ["2", "2", "3", "1"] if year <= 2011 else ["2", "2", "1"]
        total = [f"{float(one) + float(two):g}" for one, two in zip(japan, other, strict=True)]
        lines += [
            "Japan  5/\t" + "\t".join(japan) + tail,
            "All Other\t" + "\t".join(other) + tail,
            "Grand Total\t" + "\t".join(total) + tail,
        ]
        lines += ["\t\t\t\t", "Of which:\t\t\t\t", "  For. Official\t" + "\t".join("5" for _ in months) + tail]
        lines += [
            "    Treasury Bills\t" + "\t".join("1" for _ in months) + tail,
            "    T-Bonds & Notes\t" + "\t".join("4" for _ in months) + tail,
        ]
        lines += ["\t\t\t\t", "\t\t\t\t"]
    return "\n".join([*lines, "1/    The data in this table are collected primarily from custodians\t\t\t\t"]) + "\n"


def table3(rows: Sequence[str]) -> str:
    head = [
        "Table 3: U.S. Treasury Securities Held by Foreign Residents 1/" + "\t" * 9,
        "Millions of dollars" + "\t" * 9,
        "\t" * 9,
        "\t\t\tTotal U.S. Treasuries\tTotal U.S. Treasuries\tLong-term\tLong-term\tLong-term\tShort-term\tShort-term",
        "Country\tCountry Code\tDate\tHoldings\tNet U.S. Sales\tHoldings\tNet U.S. Sales\tValuation Change\tHoldings\tNet U.S. Sales",
        "country\tcountry_code\tdate\tfor_treas_pos\tfor_treas_net\tfor_lt_treas_pos\tfor_lt_treas_net\tfor_lt_treas_valchg\tfor_st_treas_pos\tfor_st_treas_net",
    ]
    return "\n".join([*head, *rows, "\t" * 9, "Notes:\tsuppressed cells are n.a."]) + "\n"


def ofr_full(series: Mapping[str, Sequence[tuple[str, float | None]]], *, unit: str = "USD", magnitude: int = 0) -> str:
    body = {
        name: {
            "timeseries": {"aggregation": [list(pair) for pair in pairs], "disclosure_edits": []},
            "metadata": {
                "mnemonic": name,
                "description": {"name": f"What {name} is", "vintage_approach": "Current vintage, as of last update"},
                "schedule": {"observation_frequency": "Monthly", "last_update": "2025-11-14 20:21:00", "seasonal_adjustment": "None"},
                "unit": {"display_magnitude": 0, "magnitude": magnitude, "type": "Volume", "name": unit, "precision": 2},
            },
        }
        for name, pairs in series.items()
    }
    return json.dumps(body)


TRADERS = ("Dealer", "Asset_Mgr", "Lev_Money", "Other_Rept")
TFF_HEADER = [
    "Market_and_Exchange_Names",
    "As_of_Date_In_Form_YYMMDD",
    "Report_Date_as_YYYY-MM-DD",
    "CFTC_Contract_Market_Code",
    "CFTC_Market_Code",
    "CFTC_Region_Code",
    "CFTC_Commodity_Code",
    "Open_Interest_All",
    *(f"{who}_Positions_{side}_All" for who in TRADERS for side in ("Long", "Short", "Spread")),
    "Tot_Rept_Positions_Long_All",
    "Tot_Rept_Positions_Short_All",
    "NonRept_Positions_Long_All",
    "NonRept_Positions_Short_All",
    "Traders_Tot_All",
    "Contract_Units",
    "FutOnly_or_Combined",
]
TFF_CODES = {
    "042601": "UST 2Y NOTE",
    "044601": "UST 5Y NOTE",
    "043602": "UST 10Y NOTE",
    "043607": "ULTRA UST 10Y",
    "020601": "UST BOND",
    "020604": "ULTRA UST BOND",
}


def tff_row(day: date, code: str, leveraged: tuple[int, int], *, written: str = "", kind: str = "FutOnly", off: int = 0) -> list[str]:
    long = [70, 900, leveraged[0], 30]
    short = [60, 200, leveraged[1], 40]
    spread = [5, 6, 7, 8]
    reported = sum(long) + sum(spread), sum(short) + sum(spread)
    interest = max(reported) + 100
    cells = [str(value) for who in zip(long, short, spread, strict=True) for value in who]
    rest = [interest - reported[0], interest - reported[1]]
    values = [str(interest), *cells, str(reported[0] + off), str(reported[1]), *map(str, rest)]
    name = f'"{TFF_CODES[code]} - CHICAGO BOARD OF TRADE"'
    return [
        name,
        f"{day:%y%m%d}",
        written or day.isoformat(),
        code,
        "CBT ",
        "00",
        "042 ",
        *(f"{v:>8}" for v in values),
        ".",
        '"(CONTRACTS OF $100,000)"',
        f'"{kind}"',
    ]


def tff_text(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([",".join(f'"{name}"' for name in TFF_HEADER), *(",".join(row) for row in rows)]) + "\n"


def tff_json(rows: Sequence[Sequence[str]]) -> str:
    """The reporting environment's names: small letters, and no ``_all`` for three kinds of traders."""
    found = []
    for row in rows:
        item = {}
        for name, cell in zip(TFF_HEADER, row, strict=True):
            small = name.lower().replace("-", "_")
            if small.startswith(("asset_mgr", "lev_money", "other_rept")):
                small = small.removesuffix("_all")
            item[small] = cell.strip().strip('"')
        item["report_date_as_yyyy_mm_dd"] += "T00:00:00.000"
        found.append(item)
    return json.dumps(found)
