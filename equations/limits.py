"""Values that given variables may have: switches from 0 to 1, parts and caps not negative, rates within what is a rate."""

from __future__ import annotations

SWITCH = (0.0, 1.0)
NOT_NEGATIVE = (0.0, None)
BUSINESS_DAYS = 262.0
"""Most business days in a year: a daily period's share of annual receipts or settlements cannot be more than all of them."""

LIMITS: dict[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(("srf_on", "rmp_on", "shutdown", "month_end", "quarter_end", "year_end"), SWITCH),
    **dict.fromkeys(("qt_cap_treasury", "qt_cap_agency", "rmp_floor"), NOT_NEGATIVE),
    **dict.fromkeys(("tax_season", "settlement_season"), (0.0, BUSINESS_DAYS)),
    **dict.fromkeys(("rate_lower", "rate_upper", "foreign_rate"), (-0.1, 0.6)),
    **dict.fromkeys(("iorb_gap", "rrp_gap", "srf_gap", "dw_gap"), (-0.1, 0.1)),
    "debt_limit": (1000.0, None),
    "sanctions": (-1.0, 100.0),
}
"""Lowest and highest value by name, None for none, in the variable's unit: decimals per year, USD bn, USD bn per year, 1."""
