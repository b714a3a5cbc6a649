"""E17: the basis trade of 2022 to 2024."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.simulation import Simulation

START, END = "2021-12-31", "2024-12-27"
HOLDERS = ("fed", "banks", "hedge_funds", "foreign_official", "rest_of_world", "private")
BASIS_LEG = Band(550.0, 750.0, "bn", "published", "CFTC: leveraged funds' net short positions, 350 to 1,031", in_sample=True)
GROSS = Band(900.0, 1300.0, "bn", "published", "FEDS Notes 2025-10-15: Cayman funds bought 1,200 net from 2022 to 2024", in_sample=True)
SHARE = Band(30.0, 40.0, "%", "published", "FEDS Notes 2025-10-15: 37 % of net issue of notes and bonds", in_sample=True)
BASIS = Band(10.0, 50.0, "bp", "published", "option-adjusted basis of 10 to 50 bp, 20 to 30 as a rule: Barth and Kahn, Kashyap and others")
WIDER = Band(0.0, None, "bp", "computed", "more demand for futures against limited equity")
LENT = Band(1200.0, 1800.0, "bn", "published", "OFR: private repo of money funds, 756 to 2,238, +1,482, within a fifth")
SLOPE = Band(0.1, 0.25, "$ per $", "published", "second essay: repo volume rises with debt, 0.1 to 0.25 dollar a dollar")
TOGETHER = Band(0.5, 1.0, "1", "published", "second essay: repo volume and debt rise together")
EQUITY = Band(160.0, 200.0, "bn", "published", "Form PF: relative-value funds' net assets of 170 at the end of 2024")


def coupons(run: Simulation, period: int, holders: tuple[str, ...] = HOLDERS) -> float:
    """Face of notes and bonds held."""
    return float(sum(run[f"{kind}__treasury__{holder}__face"][period] for kind in ("notes", "bonds") for holder in holders))


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    path = bench.run("qt_2022")
    first, last = path.path.period(START), path.path.period(END)
    case = "replay, three years"

    def change(name: str) -> float:
        return float(path[name][last] - path[name][first])

    bought = coupons(path, last, ("hedge_funds",)) - coupons(path, first, ("hedge_funds",))
    repo = path["repo_dvp"] + path["repo_triparty"]
    window = slice(first + 1, last + 1)
    slope, _ = np.polyfit(path["debt"][window], repo[window], 1)
    given = "demand for futures and for the other leg is given from CFTC and Form PF, so the size is not evidence; that it can be held is."
    spent = "both legs of funds' repo count: what money funds lend to dealers and what dealers lend on; one leg alone gives half"
    return [
        BASIS_LEG.check("E17", case, "hf_basis_leg, change", change("hf_basis_leg"), note=given),
        GROSS.check(
            "E17",
            case,
            "hedge funds' notes and bonds, face, change",
            bought,
            note=given,
            miss="the other leg follows equity, and that gains a little more at the higher yields of the replay",
        ),
        SHARE.check(
            "E17",
            case,
            "share in net issue of notes and bonds",
            100 * bought / (coupons(path, last) - coupons(path, first)),
            note=given,
            miss=(
                "funds' equity ends at 185 against 170, and the other leg follows equity; "
                "the replay issues 200 bn of coupons less than was issued"
            ),
        ),
        BASIS.check("E17", case, "basis, end of 2024", 1e4 * float(path["basis"][last])),
        WIDER.check("E17", case, "basis, change", 1e4 * change("basis")),
        EQUITY.check("E17", case, "hf_equity, end of 2024", float(path["hf_equity"][last])),
        LENT.check(
            "E17",
            case,
            "money funds' tri-party lending, change",
            change("repo_triparty__banks__mmf"),
            miss="money funds of the replay are larger than they were and lend the difference to dealers",
        ),
        SLOPE.check("E17", case, "repo per dollar of debt", float(slope), miss=spent),
        TOGETHER.check("E17", case, "correlation of repo and debt", float(np.corrcoef(path["debt"][window], repo[window])[0, 1])),
    ]


EXPERIMENT = Experiment(
    "E17",
    "The basis trade of 2022 to 2024",
    "The Fed runs off 1.2 tn of Treasuries, 3 tn of coupons are sold and asset managers want futures: do hedge funds end with a third "
    "of what was issued, and at what basis?",
    run,
    ("qt_2022",),
)
