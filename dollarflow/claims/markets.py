"""Calculations over the money market's daily history and the dated steps of policy."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from calibration.history import history
from calibration.published import published
from calibration.tables import steps

HALLOWEEN, YEAR_END, CRASH = "2025-10-31", "2025-12-31", "2019-09-17"
SIZEABLE = 1.0
"""Take-up of the SRF from which a day counts, USD bn."""
TGA_PLAN = 850.0
UNLIMITED = 1e5
"""A limit from which the data mean that there is none, USD bn."""


def policy(variable: str, day: str) -> float:
    """A policy variable in force on a day, in per cent (rates) or USD bn.

    Raises
    ------
    ValueError
        No step up to that day.
    """
    found = [s for s in steps() if s.variable == variable and s.date.isoformat() <= day]
    if not found:
        raise ValueError(f"no step of {variable!r} up to {day}")
    last = max(found, key=lambda s: s.date)
    return 100.0 * last.value if last.unit == "1/yr" else last.value


def series(name: str, start: str = "2018", end: str = "2026") -> dict[date, float]:
    """A daily series between two dates."""
    days, values = history(name)
    return {day: float(value) for day, value in zip(days, values, strict=True) if start <= day.isoformat() < end}


def on(name: str, day: str) -> float:
    """A daily series on a day."""
    return series(name)[date.fromisoformat(day)]


def above_upper(rate: str, start: str = "2018", end: str = "2026") -> dict[date, float]:
    """A rate less the upper bound in bp, by day."""
    return {day: 100.0 * (value - policy("rate_upper", day.isoformat())) for day, value in series(rate, start, end).items()}


def on_rrp_rate_over_lower_2025() -> float:
    """ON RRP rate less the lower bound on 31 October 2025."""
    return 100.0 * (policy("on_rrp_rate", HALLOWEEN) - policy("rate_lower", HALLOWEEN))


def on_rrp_rate_over_lower_2024() -> float:
    """ON RRP rate less the lower bound on 18 December 2024, the last day before it was lowered."""
    return 100.0 * (policy("on_rrp_rate", "2024-12-18") - policy("rate_lower", "2024-12-18"))


def iorb_over_on_rrp() -> float:
    """IORB less the ON RRP rate on 31 October 2025."""
    return 100.0 * (policy("iorb", HALLOWEEN) - policy("on_rrp_rate", HALLOWEEN))


def srf_over_iorb() -> float:
    """SRF rate less IORB on 31 October 2025."""
    return 100.0 * (policy("srf_rate", HALLOWEEN) - policy("iorb", HALLOWEEN))


def srf_rate_over_upper() -> float:
    """SRF rate less the upper bound on 31 October 2025."""
    return 100.0 * (policy("srf_rate", HALLOWEEN) - policy("rate_upper", HALLOWEEN))


def sofr_over_upper_halloween() -> float:
    """SOFR less the upper bound on 31 October 2025."""
    return above_upper("sofr")[date.fromisoformat(HALLOWEEN)]


def sofr_over_upper_2019() -> float:
    """SOFR less the upper bound on 17 September 2019."""
    return above_upper("sofr")[date.fromisoformat(CRASH)]


def effr_over_upper_halloween() -> float:
    """EFFR less the upper bound on 31 October 2025."""
    return above_upper("effr")[date.fromisoformat(HALLOWEEN)]


def days_of_sofr_above_upper() -> float:
    """Days of 2025 with SOFR above the upper bound."""
    return float(sum(gap > 1e-9 for gap in above_upper("sofr", "2025").values()))


def days_of_effr_above_upper() -> float:
    """Days of 2025 with EFFR above the upper bound."""
    return float(sum(gap > 1e-9 for gap in above_upper("effr", "2025").values()))


def reserves_on_days_above_upper() -> float:
    """Weekly reserves on days of 2025 with SOFR above the upper bound less those of other days, means."""
    weekly = series("reserves_week_average", "2024-12")
    known = np.array([day.toordinal() for day in weekly])
    levels = np.array(list(weekly.values()))
    gaps = above_upper("sofr", "2025")
    at = {day: float(levels[np.searchsorted(known, day.toordinal()).clip(max=len(known) - 1)]) for day in gaps}
    above = [at[day] for day, gap in gaps.items() if gap > 1e-9]
    below = [at[day] for day, gap in gaps.items() if gap <= 1e-9]
    return float(np.mean(above) - np.mean(below))


def on_rrp_at_year_end() -> float:
    """Cash at the ON RRP on 31 December 2025."""
    return on("on_rrp", YEAR_END)


def srf_at_year_end() -> float:
    """Take-up of the SRF on 31 December 2025."""
    return on("srf", YEAR_END)


def srf_halloween() -> float:
    """Take-up of the SRF on 31 October 2025."""
    return on("srf", HALLOWEEN)


def srf_average_of_the_quarter() -> float:
    """Take-up of the SRF, mean of the business days of the fourth quarter of 2025."""
    days = series("sofr", "2025-10")
    use = series("srf", "2025-10")
    return sum(use.values()) / len(days)


def srf_and_spread_together() -> float:
    """Correlation of SRF take-up with SOFR less the upper bound, days from June 2025."""
    gaps = above_upper("sofr", "2025-06")
    use = series("srf", "2025-06")
    return float(np.corrcoef([use.get(day, 0.0) for day in gaps], list(gaps.values()))[0, 1])


def spread_on_days_of_use() -> float:
    """SOFR less the upper bound, mean of the days from June 2025 with more than 1 bn at the SRF."""
    gaps = above_upper("sofr", "2025-06")
    used = [gaps[day] for day, amount in series("srf", "2025-06").items() if amount > SIZEABLE and day in gaps]
    return float(np.mean(used))


def spread_on_other_days() -> float:
    """SOFR less the upper bound, mean of the days from June 2025 with at most 1 bn at the SRF."""
    use = series("srf", "2025-06")
    return float(np.mean([gap for day, gap in above_upper("sofr", "2025-06").items() if use.get(day, 0.0) <= SIZEABLE]))


def unused_while_dearer() -> float:
    """Part of the days of 2025 with SOFR above the SRF rate on which less than 1 bn was taken there."""
    use = series("srf", "2025")
    above = [day for day, gap in above_upper("sofr", "2025").items() if gap > 1e-9]
    return 100.0 * sum(use.get(day, 0.0) < SIZEABLE for day in above) / len(above)


def srf_limit() -> float:
    """Limit on the SRF's daily take-up on 31 October 2025."""
    return policy("srf_cap", HALLOWEEN)


def srf_limit_removed() -> float:
    """1 where the data have no limit on the SRF at the end of 2025."""
    return float(policy("srf_cap", YEAR_END) >= UNLIMITED)


def spread_between_plenty_and_scarcity() -> float:
    """SOFR less IORB, mean of October 2025 less mean of June 2024."""

    def mean(month: str, after: str) -> float:
        rates = series("sofr", month, after)
        return float(np.mean([100.0 * (rate - policy("iorb", day.isoformat())) for day, rate in rates.items()]))

    return mean("2025-10", "2025-11") - mean("2024-06", "2024-07")


def reserves_fall() -> float:
    """Change of reserves (week averages), first week of 2022 to the last of October 2025."""
    days, values = history("reserves_week_average")
    first = next(i for i, day in enumerate(days) if day >= date(2022, 1, 1))
    last = max(i for i, day in enumerate(days) if day <= date(2025, 10, 31))
    return float(values[last] - values[first]) / 1000.0


def on_rrp_fall() -> float:
    """Change of cash at the ON RRP, end of 2022 to 31 October 2025."""
    days = series("on_rrp", "2022-12", "2023-01")
    return (on("on_rrp", HALLOWEEN) - days[max(days)]) / 1000.0


def on_rrp_now() -> float:
    """Cash at the ON RRP, mean of the fourth quarter of 2025."""
    return published("on_rrp_quarter_average", "2025-12-31")


def bills_over_on_rrp_2023() -> float:
    """3-month bill yield less the ON RRP rate, mean of June to December 2023."""
    bills = series("yield_3m", "2023-06", "2024")
    return float(np.mean([100.0 * (y - policy("on_rrp_rate", day.isoformat())) for day, y in bills.items()]))


def bills_bought_by_funds_2023() -> float:
    """Change of money funds' bills, June to December 2023."""
    return published("mmf_bills", "2023-12-31") - published("mmf_bills", "2023-06-30")


def tga_over_plan() -> float:
    """The Treasury's account on 29 October 2025 less the planned 850 bn."""
    return on("tga", "2025-10-29") - TGA_PLAN


def tga_fall_after_reopening() -> float:
    """Change of the Treasury's account, 12 November 2025 to five weeks later."""
    end = date(2025, 11, 12) + timedelta(weeks=5)
    return on("tga", end.isoformat()) - on("tga", "2025-11-12")


FIGURES = (
    (on_rrp_rate_over_lower_2025, "bp"),
    (on_rrp_rate_over_lower_2024, "bp"),
    (iorb_over_on_rrp, "bp"),
    (srf_over_iorb, "bp"),
    (srf_rate_over_upper, "bp"),
    (sofr_over_upper_halloween, "bp"),
    (sofr_over_upper_2019, "bp"),
    (effr_over_upper_halloween, "bp"),
    (days_of_sofr_above_upper, "days"),
    (days_of_effr_above_upper, "days"),
    (reserves_on_days_above_upper, "bn"),
    (on_rrp_at_year_end, "bn"),
    (srf_at_year_end, "bn"),
    (srf_halloween, "bn"),
    (srf_average_of_the_quarter, "bn"),
    (srf_and_spread_together, "1"),
    (spread_on_days_of_use, "bp"),
    (spread_on_other_days, "bp"),
    (unused_while_dearer, "%"),
    (srf_limit, "bn"),
    (srf_limit_removed, "1"),
    (spread_between_plenty_and_scarcity, "bp"),
    (reserves_fall, "USD tn"),
    (on_rrp_fall, "USD tn"),
    (on_rrp_now, "bn"),
    (bills_over_on_rrp_2023, "bp"),
    (bills_bought_by_funds_2023, "bn"),
    (tga_over_plan, "bn"),
    (tga_fall_after_reopening, "bn"),
)
"""What claims may name, with units."""
