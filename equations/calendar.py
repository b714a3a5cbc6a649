"""Calendar effects from outside: period-ends, tax dates, coupon settlements, the agencies' cash cycle.

All are zero (or one, for the two seasonal factors' neutral value) when the calendar is off.
"""

from __future__ import annotations

from model.language.symbols import Variable
from model.language.units import ONE, USD

MONTH_END = Variable("month_end", ONE, "share of the period's business days that are month-ends")
QUARTER_END = Variable("quarter_end", ONE, "share of the period's business days that are quarter-ends")
YEAR_END = Variable("year_end", ONE, "share of the period's business days that are year-ends")
TAX_SEASON = Variable("tax_season", ONE, "receipts in the period over their annual average")
SETTLEMENT_SEASON = Variable("settlement_season", ONE, "net coupon settlement in the period over its annual average")
GSE_CYCLE = Variable("gse_cycle", USD, "agencies' cash at the Fed above its average")

EXOGENOUS = (MONTH_END, QUARTER_END, YEAR_END, TAX_SEASON, SETTLEMENT_SEASON, GSE_CYCLE)
