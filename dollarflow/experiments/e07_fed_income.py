"""E7: the Fed's income, remittances and deferred asset, 2014 to 2025."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.experiments.fed_alone import by_year, replay_income

STATEMENTS = "Federal Reserve Banks, annual statements"
INCOME = {
    year: Band(value - 5, value + 5, "bn", "published", f"{STATEMENTS}: {value}, within 5")
    for year, value in ((2015, 100.3), (2022, 58.8), (2023, -114.3), (2024, -77.6))
}
REMITTED = {
    year: Band(value - 5, value + 5, "bn", "published", f"{STATEMENTS}: {value}, within 5")
    for year, value in ((2015, 117.1), (2021, 109.0), (2022, 76.0))
}
LATEST = Band(223.0, 263.0, "bn", "published", "H.4.1: deferred asset of 243 at the end of 2025")
SHOWN = Band(None, None, "bn", "published", f"{STATEMENTS}; recalled for these years, to be checked")
CARRY = Band(-1e-9, 1e-9, "bn", "identity", "no security is sold, so no gain or loss is realised: the loss is carry")
NOTE_SHARE, AGENCY_RATE, PAYDOWN, CAPITAL = 0.25, 0.03, 0.12, 55.0
PREMIUM = 0.07
INCOME_RATE = 0.027
DIVIDEND = 1.7
SURPLUS_2015 = 19.3
"""End of 2013: four fifths of net premiums of 197 over 2,209 of Treasuries; the rate after amortisation is what 2013's income implies."""
AMORTISED = PREMIUM * (NOTE_SHARE * 0.18 + (1 - NOTE_SHARE) * 0.08)
INSIDE = "TIPS' inflation compensation, the most in 2022, is not in the model; "
EXPENSE = (
    "other deposits at the Fed are known on few days only, and four fifths of them are taken to earn interest: 9 to 10 bn a year at 5 %, "
    "where expense beyond reserves, ON RRP and repo pool was 6 in 2023 and 13 in 2024; coupons run off 140 bn less by 2024"
)
COSTS = "expenses follow GDP; assessments of the Board and the consumer bureau and a loss of 1.4 on foreign currencies are not in the model"


def run(_: Bench) -> list[Check]:
    """Rows of the experiment."""
    path = replay_income(
        {
            "note_share": NOTE_SHARE,
            "coupon": INCOME_RATE + AMORTISED,
            "premium": PREMIUM,
            "agency_rate": AGENCY_RATE,
            "capital": CAPITAL,
        },
        PAYDOWN,
    )
    income, remitted = by_year(path, "fed_net_income"), by_year(path, "fed_remittance")
    gains = max(float(abs(path[f"fed_gain_{kind}"][1:]).max()) for kind in ("notes", "bonds"))
    missed = {2015: COSTS, 2022: INSIDE + EXPENSE, 2023: EXPENSE, 2024: EXPENSE}
    law = {2015: SURPLUS_2015}
    unsent = {
        2015: COSTS,
        2021: "securities enter at par and at the yields of the quarter; the Fed bought seasoned ones at premiums that it amortised "
        "faster in 2021",
        2022: "Reserve Banks remit one by one: those still in profit paid in the third quarter, when the sum of all was already a loss",
    }
    rows = [
        band.check(
            "E7",
            str(year),
            "fed_net_income",
            income[year] + DIVIDEND,
            note="before the dividend, as published.",
            miss=missed[year],
        )
        for year, band in INCOME.items()
    ]
    rows += [
        band.check(
            "E7",
            str(year),
            "fed_remittance",
            remitted[year] + law.get(year, 0.0),
            note="with the surplus of 19.3 transferred by the law of December 2015." if year in law else "",
            miss=unsent[year],
        )
        for year, band in REMITTED.items()
    ]
    rows.append(LATEST.check("E7", "end of 2025", "deferred_asset", float(path["deferred_asset"][-1]), miss=EXPENSE))
    rows += [SHOWN.check("E7", str(year), "fed_net_income", income[year]) for year in income if year not in INCOME]
    rows.append(CARRY.check("E7", "2014 to 2025", "largest realised gain or loss in a quarter", gains))
    return rows


EXPERIMENT = Experiment(
    "E7",
    "The Fed's income, 2014 to 2025",
    "From the end of 2013 the Fed's own equations, with its portfolio, liabilities and rates as published: what does it earn and "
    "remit, and is the loss of 2023 carry?",
    run,
)
