"""E2: the sources of money from 2008 to 2024, on published series and without a simulation."""

from __future__ import annotations

from calibration.published import published
from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

SOURCE = "H.6, H.4.1, H.8: the series themselves, read as the essay's 7 to 21 tn"
MONEY = Band(13900.0, 14100.0, "bn", "published", SOURCE, in_sample=True)
FED = Band(5500.0, 6000.0, "bn", "published", SOURCE, in_sample=True)
LOANS = Band(5200.0, 5800.0, "bn", "published", SOURCE, in_sample=True)
SECURITIES = Band(2500.0, 3000.0, "bn", "published", SOURCE, in_sample=True)
DRAINED = Band(None, 0.0, "bn", "published", SOURCE, in_sample=True)
SUM = Band(-1e-6, 1e-6, "bn", "identity", "sources and what is left over add up to the change of money")
SHARE = Band(None, 50.0, "%", "judgement", "first essay, reading: the Fed printed the money; more than half of it would bear that out")
BOUGHT = Band(None, None, "bn", "published", SOURCE, in_sample=True)
START, CRISIS, END = "2007-12-31", "2008-12-31", "2024-12-31"
FACILITIES = ("on_rrp_level", "foreign_repo_pool", "tga_level")


def level(series: str, day: str) -> float:
    """A series' year-end level, zero where the facility did not exist yet."""
    return 0.0 if series == "on_rrp_level" and day < "2013" else published(series, day)


def sources(start: str, end: str) -> dict[str, float]:
    """Contributions to the change of M2 between two year-ends: the Fed, banks, what the Fed's other liabilities withdraw, and the rest."""

    def change(series: str) -> float:
        return level(series, end) - level(series, start)

    loans = change("bank_loans")
    parts = {
        "fed": change("fed_assets"),
        "loans": loans,
        "securities": change("bank_credit") - loans,
        "withdrawn": -sum(change(series) for series in FACILITIES),
    }
    money = change("m2")
    return {**parts, "rest": money - sum(parts.values()), "money": money}


def run(_: Bench) -> list[Check]:
    """Rows of the experiment."""
    case, later = "end of 2007 to end of 2024", "end of 2008 to end of 2024"
    long, short = sources(START, END), sources(CRISIS, END)
    held = sum(published(s, END) - published(s, CRISIS) for s in ("fed_treasuries", "fed_agency_mbs"))
    total = sum(value for name, value in long.items() if name != "money")
    return [
        MONEY.check("E2", case, "M2", long["money"]),
        FED.check("E2", case, "Fed assets", long["fed"]),
        LOANS.check(
            "E2",
            case,
            "bank loans",
            long["loans"],
            miss=f"the figure fits the window from the end of 2008, which gives {short['loans']:.0f}",
        ),
        SECURITIES.check(
            "E2",
            case,
            "bank securities",
            long["securities"],
            miss="bank credit less loans counts every security; Treasuries and agencies alone are known from 2013",
        ),
        DRAINED.check("E2", case, "TGA, ON RRP and foreign repo pool", long["withdrawn"]),
        BOUGHT.check(
            "E2",
            case,
            "what is left over",
            long["rest"],
            note="equity and debt of banks, large time deposits, foreign depositors and other liabilities, which are no part of M2.",
        ),
        SUM.check("E2", case, "sources less the change of money", total - long["money"]),
        SHARE.check("E2", case, "Fed assets over the change of M2", 100 * long["fed"] / long["money"]),
        BOUGHT.check(
            "E2",
            later,
            "securities bought by the Fed",
            held,
            note=f"Its assets rose by {short['fed']:.0f} only: crisis lending of the end of 2008 was repaid.",
        ),
    ]


EXPERIMENT = Experiment(
    "E2",
    "Where the money of 2008 to 2024 came from",
    "M2 rose from 7 to 21 tn: how much of it is the counterpart of the Fed's assets, of bank loans, of banks' securities? Published "
    "series, no model.",
    run,
)
