"""Calculations over published totals: money, debt, budgets, the Fed's portfolio and income, prices."""

from __future__ import annotations

from itertools import pairwise

from calibration.context import context, figures
from calibration.history import history
from calibration.published import dated, published, rows
from calibration.tables import steps

ESSAY_M2, ESSAY_DEBT = (7.0, 21.0), (10.0, 34.0)
"""Where the first essay starts and ends, USD tn."""
CRISIS, ESSAY_YEAR = "2008-12-31", "2023-12-31"
FISCAL_2024, FISCAL_2025 = "2024-09-30", "2025-09-30"
FIFTY_YEARS = range(1974, 2024)


def yearly(start: float, end: float, years: int) -> float:
    """Growth a year in per cent."""
    return float(increase(1.0, (end / start) ** (1.0 / years)))


def increase(start: float, end: float) -> float:
    """An increase in per cent."""
    return 100.0 * (end / start - 1.0)


def m2_increase_of_the_essays_own_figures() -> float:
    """Increase of M2 between the two levels that the essay gives."""
    return increase(*ESSAY_M2)


def debt_increase_of_the_essays_own_figures() -> float:
    """Increase of debt between the two levels that the essay gives."""
    return increase(*ESSAY_DEBT)


def m2_increase_in_fifteen_years() -> float:
    """Increase of M2, end of 2008 to end of 2023."""
    return increase(published("m2", CRISIS), published("m2", ESSAY_YEAR))


def debt_increase_in_fifteen_years() -> float:
    """Increase of federal debt, end of 2008 to end of 2023."""
    return increase(context("federal_debt", CRISIS), context("federal_debt", ESSAY_YEAR))


def fed_share_of_new_debt() -> float:
    """The Fed's part in the increase of federal debt, end of 2008 to end of 2023."""
    bought = published("fed_treasuries", ESSAY_YEAR) - published("fed_treasuries", CRISIS)
    return 100.0 * bought / (context("federal_debt", ESSAY_YEAR) - context("federal_debt", CRISIS))


def fall_of_the_debts_average_rate() -> float:
    """Change of the debt's average interest rate, end of 2019 to end of 2021."""
    return published("debt_average_rate", "2021-12-31") - published("debt_average_rate", "2019-12-31")


def fall_of_the_ten_year_yield() -> float:
    """Change of the 10-year yield's quarter average, fourth quarter of 2019 to fourth quarter of 2020."""
    return published("yield_10y_average", "2020-12-31") - published("yield_10y_average", "2019-12-31")


def hikes() -> float:
    """Increases of the target range from March 2022 to July 2023."""
    path = [s for s in sorted(steps(), key=lambda s: s.date) if s.variable == "rate_upper"]
    return float(sum(b.value > a.value and "2022-03" <= b.date.isoformat() < "2023-08" for a, b in pairwise(path)))


def highest_ten_year_close() -> float:
    """Highest daily 10-year yield, 2018 to 2025."""
    return float(history("yield_10y")[1].max())


def debt_when_hikes_began() -> float:
    """Federal debt at the end of March 2022."""
    return context("federal_debt", "2022-03-31") / 1000.0


def debt_of_the_essay() -> float:
    """Federal debt at the end of 2023."""
    return context("federal_debt", ESSAY_YEAR) / 1000.0


def highest_fed_treasuries() -> float:
    """The Fed's Treasuries, highest week."""
    return float(history("fed_treasuries")[1].max()) / 1000.0


def highest_fed_assets() -> float:
    """The Fed's assets, highest week."""
    return float(history("fed_total_assets")[1].max()) / 1000.0


def fall_of_fed_assets() -> float:
    """Change of the Fed's assets from their peak to the lowest week after it."""
    _, values = history("fed_total_assets")
    peak = int(values.argmax())
    return float(values[peak:].min() - values[peak]) / 1000.0


def largest_income_before_the_pandemic() -> float:
    """The Fed's largest yearly net income up to 2019 among the figures as published (2013, 2015, 2018, 2019)."""
    return max(r.value for r in rows("fed_net_income_year") if r.basis == "published" and r.date.year < 2020)


def unrealised_gain_over_face() -> float:
    """The Fed's Treasuries at market value less face, largest quarter-end of 2020 and 2021."""
    market = {f.date: f.value for f in figures("fed_treasuries_at_market") if f.date.year < 2022}
    return max(value - context("fed_treasuries_at_par", day.isoformat()) for day, value in market.items())


def unrealised_gain_over_cost_2021() -> float:
    """The Fed's Treasuries at market value less face and unamortised premiums, end of 2021."""
    day = "2021-12-31"
    cost = sum(context(name, day) for name in ("fed_treasuries_at_par", "fed_premiums", "fed_discounts"))
    return context("fed_treasuries_at_market", day) - cost


def remitted_share() -> float:
    """Remittances over net income, sum of the profitable years with both figures published (2013, 2015, 2019, 2021, 2022)."""
    years = [f"{year}-12-31" for year in (2013, 2015, 2019, 2021, 2022)]
    return 100.0 * sum(published("fed_remittances_year", y) for y in years) / sum(published("fed_net_income_year", y) for y in years)


def fed_income_2023() -> float:
    """The Fed's net income of 2023."""
    return published("fed_net_income_year", "2023-12-31")


def lowest_income_before_2023() -> float:
    """The Fed's lowest yearly net income before 2023 among the figures as published (2013, 2015, 2018, 2019, 2021, 2022)."""
    return min(r.value for r in rows("fed_net_income_year") if r.basis == "published" and r.date.year < 2023)


def loss_that_is_not_carry() -> float:
    """Part of the loss of 2023 that is not interest paid beyond interest received."""
    carry = published("fed_interest_expense_year", "2023-12-31") - published("fed_interest_income_year", "2023-12-31")
    return 100.0 * (1.0 - carry / -fed_income_2023())


def surplus_years() -> float:
    """Fiscal years with a surplus, 1974 to 2023."""
    return float(sum(f.value > 0 for f in figures("federal_balance") if f.date.year in FIFTY_YEARS))


def surplus_years_from_1969() -> float:
    """Fiscal years with a surplus, 1969 to 2023."""
    return float(sum(f.value > 0 for f in figures("federal_balance") if 1969 <= f.date.year < 2024))


def deficit_years_share() -> float:
    """Part of the fiscal years 1974 to 2023 with a deficit."""
    return 100.0 * (1.0 - surplus_years() / len(FIFTY_YEARS))


def deficit_2025() -> float:
    """Deficit of fiscal 2025."""
    return -context("federal_balance", FISCAL_2025)


def issuance_2025() -> float:
    """Increase of marketable debt in fiscal 2025."""
    return published("marketable_debt", FISCAL_2025) - published("marketable_debt", FISCAL_2024)


def issuance_less_deficit_2025() -> float:
    """Increase of marketable debt less the deficit, fiscal 2025."""
    return issuance_2025() - deficit_2025()


def issuance_beside_deficits() -> float:
    """Increase of marketable debt less the deficit, largest of four quarters to September since 2022, in size."""
    gaps = []
    for year in (2022, 2023, 2024, 2025):
        issued = published("marketable_debt", f"{year}-09-30") - published("marketable_debt", f"{year - 1}-09-30")
        gaps.append(issued + context("federal_balance", f"{year}-09-30"))
    return max(gaps, key=abs)


def deficit_over_gdp_2024() -> float:
    """Deficit of fiscal 2024 over GDP."""
    return -100.0 * context("federal_balance", FISCAL_2024) / published("gdp", FISCAL_2024)


def saving_rate_2024() -> float:
    """Personal saving rate, mean of 2024, in the vintage of 2025."""
    quarters = [f.value for f in figures("personal_saving_rate") if f.date.year == 2024]
    return sum(quarters) / len(quarters)


def debt_growth() -> float:
    """Growth of federal debt a year, end of 2008 to end of 2025."""
    return yearly(context("federal_debt", CRISIS), context("federal_debt", "2025-12-31"), 17)


def inflation_of_the_first_programmes() -> float:
    """Consumer prices a year, end of 2008 to end of 2014: QE1 to QE3."""
    return yearly(context("cpi", CRISIS), context("cpi", "2014-12-31"), 6)


def inflation_after_the_pandemic_programme() -> float:
    """Consumer prices a year, end of 2020 to end of 2022."""
    return yearly(context("cpi", "2020-12-31"), context("cpi", "2022-12-31"), 2)


def fed_purchases_of_the_first_programmes() -> float:
    """Increase of the Fed's Treasuries and agency securities, end of 2008 to end of 2014."""
    kinds = ("fed_treasuries", "fed_agency_mbs")
    return sum(published(name, "2014-12-31") - published(name, CRISIS) for name in kinds) / 1000.0


def fed_bills_bought_in_december_2025() -> float:
    """Increase of the Fed's bills, last published figure of October to the end of December 2025."""
    days, values = dated("fed_bills")
    before = max(day for day in days if day.isoformat() < "2025-12-01")
    return float(values[-1] - values[days.index(before)])


FIGURES = (
    (m2_increase_of_the_essays_own_figures, "%"),
    (debt_increase_of_the_essays_own_figures, "%"),
    (m2_increase_in_fifteen_years, "%"),
    (debt_increase_in_fifteen_years, "%"),
    (fed_share_of_new_debt, "%"),
    (fall_of_the_debts_average_rate, "pp"),
    (fall_of_the_ten_year_yield, "pp"),
    (hikes, "1"),
    (highest_ten_year_close, "%"),
    (debt_when_hikes_began, "USD tn"),
    (debt_of_the_essay, "USD tn"),
    (highest_fed_treasuries, "USD tn"),
    (highest_fed_assets, "USD tn"),
    (fall_of_fed_assets, "USD tn"),
    (largest_income_before_the_pandemic, "bn"),
    (unrealised_gain_over_face, "bn"),
    (unrealised_gain_over_cost_2021, "bn"),
    (remitted_share, "%"),
    (fed_income_2023, "bn"),
    (lowest_income_before_2023, "bn"),
    (loss_that_is_not_carry, "%"),
    (surplus_years, "1"),
    (surplus_years_from_1969, "1"),
    (deficit_years_share, "%"),
    (deficit_2025, "bn"),
    (issuance_2025, "bn"),
    (issuance_less_deficit_2025, "bn"),
    (issuance_beside_deficits, "bn"),
    (deficit_over_gdp_2024, "%"),
    (saving_rate_2024, "%"),
    (debt_growth, "%"),
    (inflation_of_the_first_programmes, "%"),
    (inflation_after_the_pandemic_programme, "%"),
    (fed_purchases_of_the_first_programmes, "USD tn"),
    (fed_bills_bought_in_december_2025, "bn"),
)
"""What claims may name, with units."""
