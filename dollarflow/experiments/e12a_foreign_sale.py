"""E12a: reserve managers sell 300 bn of coupons in a month."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench, Pair
from dollarflow.experiments.check import Band, Check, Experiment

FIRST, LAST, END = "2026-01-07", "2026-02-04", "2026-10-28"
AT_ONCE = Band(10.0, 20.0, "bp", "judgement", "flow effect of 3 bp per 100 bn, and the lasting effect")
LASTING = Band(2.0, 4.0, "bp", "computed", "gamma of 4 bp per 1 % of GDP at a duration of about 4 years", in_sample=True, restates="gamma")
BELTRAN = Band(
    None, 60.0, "bp", "published", "Beltran, Kretchmer, Marquez and Thomas (2013): an upper bound, 40 to 60 bp in the short run per 100 bn"
)
CRISIS = Band(40.0, None, "bp", "judgement", "2.5 times gamma and five times the flow effect, as in March 2020")
RESIDENTS = Band(53.0, 63.0, "%", "computed", "shares of the slope of demand: 58, give or take 5", restates="elasticity_private")
ABROAD = Band(36.0, 46.0, "%", "computed", "shares of the slope of demand: 41, give or take 5", restates="elasticity_row")
POOL = Band(0.0, None, "bn", "judgement", "sellers park proceeds in the foreign repo pool, as in March 2020")
MONEY = Band(-10.0, 10.0, "bn", "judgement", "nothing, where the proceeds stay in deposits at US banks")
CRISIS_PARAMETERS = {"gamma": 0.1, "flow_slope": 1.5e-5}


def coupons(pair: Pair, holder: str, when: str) -> float:
    """Change of a holder's face of notes and bonds, bn."""
    return sum(pair.at(f"{k}__treasury__{holder}__face", when) for k in ("notes", "bonds"))


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    calm, crisis = bench.pair("foreign_sale"), bench.pair("foreign_sale", parameters=CRISIS_PARAMETERS)
    sold = -coupons(calm, "foreign_official", END)
    hedged = coupons(calm, "hedge_funds", END)
    residents = 100.0 * (coupons(calm, "private", END) + hedged) / sold
    abroad = 100.0 * coupons(calm, "rest_of_world", END) / sold
    fima = crisis.largest("srf__foreign_official__fed")
    leaving = -calm.at("mmf_shares", END)
    peak = calm.largest("yield_bonds", FIRST, LAST, "bp")
    fades = "the flow effect has a half-life of three weeks, so that a third of it is gone before the month of sales is over"
    return [
        AT_ONCE.check(
            "E12a", "calm, during the sale", "yield_bonds", peak, miss=f"{fades}, and foreign officials themselves buy back a little"
        ),
        BELTRAN.check("E12a", "calm, during the sale", "yield_bonds", peak),
        LASTING.check("E12a", "calm, nine months later", "yield_bonds", calm.at("yield_bonds", END, "bp")),
        CRISIS.check(
            "E12a",
            "crisis, during the sale",
            "yield_bonds",
            crisis.largest("yield_bonds", FIRST, LAST, "bp"),
            miss=f"{fades}; {fima:.0f} bn are pledged at the FIMA facility rather than sold",
        ),
        RESIDENTS.check(
            "E12a",
            "nine months later",
            "share taken over by residents, through funds included",
            residents,
            note=f"of this {100.0 * hedged / sold:.0f} % through hedge funds against futures.",
        ),
        ABROAD.check("E12a", "nine months later", "share taken over by private foreigners", abroad),
        POOL.check(
            "E12a",
            "nine months later",
            "foreign_repo_pool",
            calm.at("foreign_repo_pool", END),
            miss="the pool is a share of liquid dollars (O2)",
        ),
        MONEY.check(
            "E12a",
            "nine months later",
            "money",
            calm.at("money", END),
            miss=f"hedge funds take {hedged:.0f} bn of the bonds on repo, and buyers take {leaving:.0f} bn out of money funds, "
            "whose lending banks replace: both create deposits",
        ),
    ]


EXPERIMENT = Experiment(
    "E12a",
    "Foreign officials sell 300 bn",
    "Whenever a large holder sells a strong buyer appears: who, at what price, and does the dollars' place change?",
    run,
    ("foreign_sale",),
)
