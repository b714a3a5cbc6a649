"""E15: sixteen ways to finance 100 bn, to the dollar."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

SIZE = 100.0
EXACT = 1e-9
SOURCE = "double entry on the consolidated accounts of the Fed and the banks"
COLUMNS = ("money", "reserves", "on_rrp", "fed_assets", "dollar_liquidity")
TABLE = {
    "saver": (0, 0, 0, 0, 0),
    "bank": (1, 0, 0, 0, 0),
    "fund_rrp": (1, 1, -1, 0, 1),
    "fund_repo": (1, 0, 0, 0, 0),
    "fund_shares": (0, 0, 0, 0, 0),
    "hedge_fund_rrp": (1, 1, -1, 0, 1),
    "hedge_fund_bills": (0, 0, 0, 0, 0),
    "hedge_fund_bank": (1, 0, 0, 0, 0),
    "hedge_fund_srf": (1, 1, 0, 1, 1),
    "srf_for_bank_repo": (0, 1, 0, 1, 1),
    "srf_for_fund_repo": (0, 0, 1, 1, 0),
    "fed_from_saver": (1, 1, 0, 1, 1),
    "fed_from_bank": (1, 1, 0, 1, 1),
    "official_pool": (1, 1, 0, 0, 1),
    "foreign_deposits": (0, 0, 0, 0, 0),
    "hoard": (-1, -1, 0, 0, -1),
}
"""What 100 bn financed in each way does, in units of the amount."""
DEVIATION = Band(-EXACT, EXACT, "bn", "identity", SOURCE)
BANKS = Band(
    250.0, 350.0, "bn", "published", "second essay: the four largest banks bought about 300 of 1,992 bn in fiscal 2025", in_sample=True
)


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    from dollarflow.attribution.financing import financing_table

    base = bench.run("baseline")
    table = financing_table(bench.run("baseline", periods=2).path)
    rows = []
    for name, signs in TABLE.items():
        found = [float(table[column][name]) for column in COLUMNS]
        label = f"{table['buyer'][name]}: {table['financier'][name]}"
        expected = SIZE * signs[0]
        band = Band(expected - EXACT, expected + EXACT, "bn", "identity", SOURCE)
        rows.append(band.check("E15", label, "money", found[0]))
        worst = max((value - SIZE * sign for value, sign in zip(found, signs, strict=True)), key=abs)
        rows.append(DEVIATION.check("E15", label, f"largest deviation of {', '.join(COLUMNS[1:])}", worst))
    bought = sum(float(base[f"{k}__treasury__banks__tr"][1:].sum()) for k in ("bills", "notes", "bonds"))
    grown = 100.0 * (base["deposits"][-1] / base["deposits"][0] - 1)
    bills = float(base["bills__treasury__banks__tr"][1:].sum())
    words = (
        f"banks aim at somewhat more coupons than they held at the opening (B5) and close a quarter of the gap in the year, with deposits "
        f"{grown:+.1f} %; their bills change by {bills:+.0f} bn as these become dear"
    )
    rows.append(BANKS.check("E15", "baseline, first year", "Treasuries bought by banks", bought, miss=words))
    return rows


EXPERIMENT = Experiment(
    "E15",
    "Who buys with whose money",
    "The marginal buyer and the money that pays: what becomes of money, reserves and the Fed's assets in each of sixteen cases?",
    run,
)
