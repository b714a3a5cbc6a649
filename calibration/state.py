"""The opening state of a run: every stock by the chart's names, the rates of the day and the year's income."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from calibration.levels import opening_levels
from calibration.memory import memory
from calibration.opening import PREMIUM, WEEK, opening_balance
from calibration.parameters import load_parameters
from equations.accounts import CHART, MMF
from model.language.accounts import net_worth, value
from model.language.accounts import total as total_of

AMORTISATION = ("a_notes", "a_bonds")
"""Parameters that coupon securities are valued with."""


def opening_state(day: date | str, dt: float = WEEK, parameters: Mapping[str, float] | None = None) -> dict[str, float]:
    """Values of the opening, period 0, by variable name.

    Stocks in USD bn (cells, faces, the Fed's book values, totals, net worths), coupons and income in USD bn per year,
    rates in decimals per year. Coupon securities are valued for the period length ``dt``
    and the amortisation among ``parameters``, the calibrated one where they have none.

    Raises
    ------
    DataError
        A day without published figures.

    Examples
    --------
    >>> state = opening_state("2025-10-29")
    >>> round(state["reserves"], 1), state["iorb"]
    (2827.9, 0.0415)
    """
    day = date.fromisoformat(day) if isinstance(day, str) else day
    rates = tuple((parameters or {}).get(name, load_parameters()[name]) for name in AMORTISATION)
    balance = opening_balance(day, dt, (rates[0], rates[1]))
    levels = opening_levels(day)
    state = dict(balance.cells)
    fed_faces = math.fsum(balance.faces[f"{kind}__treasury__fed"] for kind in ("notes", "bonds"))
    state |= {f"{key}__face": amount for key, amount in balance.faces.items()}
    state |= {f"{key}__coupon": amount for key, amount in balance.coupons.items()}
    for kind in ("notes", "bonds"):
        own = [c.key for c in CHART.cells(kind)]
        state[f"{kind}__face"] = math.fsum(balance.faces[key] for key in own)
        state[f"{kind}__coupon"] = math.fsum(balance.coupons[key] for key in own)
        state[f"fed_book__{kind}"] = balance.faces[f"{kind}__treasury__fed"] * (1 + levels[PREMIUM] / fed_faces)
    state |= {total_of(item.name).base: math.fsum(state[value(c).base] for c in CHART.cells(item.name)) for item in CHART.instruments}
    state |= {net_worth(s.name).base: balance.assets(s.name) - balance.liabilities(s.name) for s in CHART.sectors}
    state |= {name: figure for name, figure in levels.items() if name != PREMIUM}
    state |= rates_by_definition(levels)
    state |= memory(day, levels, load_parameters())
    state |= income(levels)
    state["mmf_yield"] = mmf_yield(balance.cells, levels)
    state["debt"] = state["bills"] + state["notes__face"] + state["bonds__face"]
    return state


def mmf_yield(cells: Mapping[str, float], levels: dict[str, float]) -> float:
    """What money funds' assets earn at the day's rates, less the fee, over their shares."""
    earned = 0.0
    for cell in CHART.cells():
        rate = CHART.instrument(cell.instrument).rate_of(cell.issuer, cell.holder)
        if cell.holder == MMF and rate is not None:
            earned += levels[rate.base] * cells[cell.key]
    return earned / math.fsum(cells[c.key] for c in CHART.cells("mmf_shares")) - load_parameters()["mmf_fee"]


def rates_by_definition(levels: dict[str, float]) -> dict[str, float]:
    """Spreads and gaps that follow from the day's rates."""
    return {
        "sofr_iorb": levels["sofr"] - levels["iorb"],
        "dealer_wedge": levels["dvp_rate"] - levels["triparty_rate"],
        "policy_rate": (levels["rate_lower"] + levels["rate_upper"]) / 2,
        "deposit_beta": levels["deposit_rate"] / levels["iorb"],
        "iorb_gap": levels["iorb"] - levels["rate_lower"],
        "rrp_gap": levels["on_rrp_rate"] - levels["rate_lower"],
        "srf_gap": levels["srf_rate"] - levels["rate_upper"],
        "dw_gap": levels["dw_rate"] - levels["rate_upper"],
    }


def income(levels: dict[str, float]) -> dict[str, float]:
    """Income and its uses at annual rates: the published total split by the shares of the parameter file."""
    gdp, share = levels["gdp"], load_parameters()
    uses = {
        "investment": share["investment_share"] * gdp,
        "government_purchases": share["purchases_share"] * gdp,
        "exports": share["export_share"] * gdp,
        "imports": share["import_share"] * gdp,
    }
    consumption = gdp - uses["investment"] - uses["government_purchases"] - uses["exports"] + uses["imports"]
    return {
        "trend_gdp": gdp,
        "consumption": consumption,
        **uses,
        "transfers": share["transfers_share"] * gdp,
        "receipts": share["tax_rate"] * gdp,
    }
