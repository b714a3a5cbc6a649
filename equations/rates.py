"""Interest rates and yields of the dollar system: decimals per year."""

from __future__ import annotations

from model.language.symbols import Variable
from model.language.units import ONE, RATE

RATE_LOWER = Variable("rate_lower", RATE, "federal funds target range, lower bound")
RATE_UPPER = Variable("rate_upper", RATE, "federal funds target range, upper bound")
IORB = Variable("iorb", RATE, "interest on reserve balances")
ON_RRP_RATE = Variable("on_rrp_rate", RATE, "overnight reverse repo award rate")
SRF_RATE = Variable("srf_rate", RATE, "standing repo facility rate")
DW_RATE = Variable("dw_rate", RATE, "discount window primary credit rate")
FRP_RATE = Variable("frp_rate", RATE, "rate on the foreign repo pool")
OTHER_DEPOSIT_RATE = Variable("other_deposit_rate", RATE, "average rate on other deposits at the Fed")
EFFR = Variable("effr", RATE, "effective federal funds rate")
SOFR = Variable("sofr", RATE, "secured overnight financing rate")
SOFR_SPREAD = Variable("sofr_iorb", RATE, "SOFR less IORB")
TRIPARTY_RATE = Variable("triparty_rate", RATE, "tri-party repo rate: money funds to dealers")
DVP_RATE = Variable("dvp_rate", RATE, "DVP repo rate: dealers to hedge funds")
BILL_RATE = Variable("bill_rate", RATE, "yield on new Treasury bills")
BILL_AVERAGE_RATE = Variable("bill_average_rate", RATE, "average issue rate of bills outstanding")
YIELD_NOTES = Variable("yield_notes", RATE, "par yield of the note class")
YIELD_BONDS = Variable("yield_bonds", RATE, "par yield of the bond class, the 10-year equivalent")
LOAN_RATE = Variable("loan_rate", RATE, "average rate on bank loans")
AGENCY_RATE = Variable("agency_rate", RATE, "average rate on agency securities outside the Fed")
FED_AGENCY_RATE = Variable("fed_agency_rate", RATE, "average rate on the Fed's agency pool")
OTHER_RATE = Variable("other_rate", RATE, "rate on other private paper")
DEPOSIT_RATE = Variable("deposit_rate", RATE, "average rate on all bank deposits")
MMF_YIELD = Variable("mmf_yield", RATE, "net yield of money fund shares")
DEPOSIT_BETA = Variable("deposit_beta", ONE, "deposit rate as a share of IORB")
