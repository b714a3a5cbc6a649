"""A policy counterfactual: the last day of October 2025 without the standing repo facility, and who stood in for it.

    python examples/policy_counterfactual.py

prints the day in both worlds, the difference in every balance sheet, whose balance sheet created the difference in money since then, and
which mechanism moved SOFR. It should show SOFR a few basis points higher without the facility, reserves lower by about what the facility
lent, and a decomposition whose parts sum to the difference. About five seconds.
"""

from __future__ import annotations

import pandas as pd

from dollarflow import compare, dollar_system, opening_state, scenario, simulate

DAY = "2025-10-31"


def main() -> None:
    """Solves both worlds and prints what differs."""
    pd.set_option("display.width", 160, "display.max_columns", 20, "display.float_format", "{:,.2f}".format)
    opening = opening_state("2025-10-29")
    base = simulate(dollar_system(), opening, periods=42, clock="daily")
    closed = simulate(dollar_system(), opening, scenario("srf_off"), periods=42, clock="daily")
    found = compare(base, closed)

    day = base.path.period(DAY)
    table = pd.DataFrame({"open": base.frame.loc[DAY], "closed": closed.frame.loc[DAY]})
    table.loc[["sofr", "iorb", "rate_upper", "sofr_iorb"]] *= 1e4
    print(f"{DAY}: rates and spreads in basis points, amounts in USD bn")
    print(table.loc[["sofr", "iorb", "rate_upper", "sofr_iorb", "srf", "reserves", "on_rrp"]].to_string())

    sheet = found.balance_sheet(DAY)
    print(f"\nclosed less open, balance sheets on {DAY}, USD bn")
    print(sheet[(sheet.abs() > 0.05).any(axis=1)].to_string())

    financed = found.decompose("m2", by="financier")
    print("\nM2, closed less open, by whose balance sheet it came from, USD bn")
    print(financed.iloc[[day, -1]].to_string())

    mechanisms = found.decompose("sofr", by="mechanism")
    print("\nSOFR, closed less open, by mechanism, basis points")
    print((1e4 * mechanisms.iloc[[day, -1]]).to_string())

    assert abs(sheet.sum(axis=1)).max() < 1e-6
    assert abs(financed.drop(columns="total").sum(axis=1) - found["m2"]).max() < 1e-6


if __name__ == "__main__":
    main()
