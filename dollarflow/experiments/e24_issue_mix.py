"""E24: 800 bn of bills in place of coupons, and the reverse."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench, step, varied
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.scenarios import scenario

END, LATER, HIKE = "2026-12-30", "2027-03-31", 62
FALL = Band(-25.0, -8.0, "bp", "computed", "1.9 % of GDP of 10-year equivalents at gamma of 4 to 12 bp", restates="gamma")
RISE = Band(8.0, 25.0, "bp", "computed", "1.9 % of GDP of 10-year equivalents at gamma of 4 to 12 bp", restates="gamma")
MIRAN = Band(-40.0, -14.0, "bp", "published", "Miran and Roubini (2024): 14 to 40 bp for about 800 bn")
POOL = Band(None, 0.0, "bn", "judgement", "funds that get bills leave the ON RRP")
LENT = Band(None, 0.0, "bn", "judgement", "and lend less to dealers")
RISK = Band(2.0, 9.0, "bn", "computed", "800 bn that reprice within months, at one percentage point, in the first nine months")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    bills, coupons = bench.pair("coupons_to_bills"), bench.pair("bills_to_coupons")
    rates = (step(name, 0.01, HIKE) for name in ("rate_lower", "rate_upper", "foreign_rate"))
    hike = (*rates, step("guidance", -0.004, HIKE))
    base = scenario("baseline").model_copy(update={"horizon": bills.changed.scenario.horizon})
    calm = bench.pair(varied(base, shocks=hike), base)
    more = bench.pair(varied(bills.changed.scenario, shocks=hike), bills.changed.scenario)
    extra = more.total("treasury_interest", HIKE) - calm.total("treasury_interest", HIKE)
    small = "gamma is 4 bp, income grows, and hedge funds give up a part (their book follows futures); the paper's figure needs 7 to 20 bp"
    return [
        FALL.check("E24", "bills for coupons, last issue", "yield_bonds", bills.at("yield_bonds", END, "bp")),
        FALL.check("E24", "bills for coupons, a quarter later", "yield_bonds", bills.at("yield_bonds", LATER, "bp"), miss=small),
        MIRAN.check("E24", "bills for coupons, last issue", "yield_bonds", bills.at("yield_bonds", END, "bp"), miss=small),
        RISE.check("E24", "coupons for bills, last issue", "yield_bonds", coupons.at("yield_bonds", END, "bp")),
        POOL.check("E24", "bills for coupons, mean of the year of issue", "on_rrp", bills.mean("on_rrp", 10, END)),
        LENT.check("E24", "bills for coupons, last issue", "funds' tri-party lending", bills.at("repo_triparty__banks__mmf", END)),
        RISK.check(
            "E24",
            "one point higher from January 2027, bills for coupons less baseline",
            "treasury_interest",
            extra,
        ),
    ]


EXPERIMENT = Experiment(
    "E24",
    "Bills or coupons: 800 bn",
    "Is the issue mix a monetary instrument? What do 800 bn of bills for coupons do to the 10-year yield, to funds' cash and to risk?",
    run,
    ("coupons_to_bills", "bills_to_coupons"),
)
