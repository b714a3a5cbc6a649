"""The knobs of the lab page: what each is called, where it stands without being touched, and which shocks of a scenario it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from model.scenarios.scenario import Shock

Floats = NDArray[np.float64]
Setting = float | bool
SALE_DAYS = 91
"""Days over which foreign officials' extra sales are spread: a quarter of a year."""
MONTHS, QUARTERS = 12.0, 4.0


@dataclass(frozen=True)
class Move:
    """One shock of a knob.

    Parameters
    ----------
    variable
        An exogenous variable, a parameter or an add-factor.
    action
        ``set`` or ``add``.
    factor
        Model units per unit of the knob; what is added counts from where the knob stands without being touched.
    constant
        Value that is set whatever the knob says.
    days
        Length of the window; None until the run's end.
    """

    variable: str
    action: str
    factor: float = 1.0
    constant: float | None = None
    days: int | None = None

    def shock(self, value: float, base: float, start: date, end: date) -> Shock:
        """The shock that a value of the knob makes from ``start``; ``end`` is the run's last day."""
        amount = self.constant
        if amount is None:
            amount = round((value - base if self.action == "add" else value) * self.factor, 12)
        last = None if self.days is None else min(start + timedelta(days=self.days - 1), end)
        return Shock.model_validate({"variable": self.variable, "from": start, "to": last, self.action: amount})

    def value(self, amount: float, base: float) -> float:
        """The knob's value behind a shock's amount."""
        return round(amount / self.factor + (base if self.action == "add" else 0.0), 9)


@dataclass(frozen=True)
class Knob:
    """One knob.

    Parameters
    ----------
    name, label, unit
        Identifier, what the page calls it, and what it is measured in; a switch has no unit.
    group
        Heading under which it stands.
    low, high, step
        Range, in its unit.
    moves
        Shocks that it makes; the first one tells its value.
    base
        Where it stands untouched: from the untouched run's figures and the first period that changes.
    told
        What it changes, in a sentence.
    """

    name: str
    label: str
    unit: str
    group: str
    low: float
    high: float
    step: float
    moves: tuple[Move, ...]
    base: Callable[[Mapping[str, Floats], int], float]
    told: str

    @property
    def switch(self) -> bool:
        """True for an on-off knob."""
        return not self.unit

    def shocks(self, value: Setting, base: float, start: date, end: date) -> tuple[Shock, ...]:
        """What a value does to the scenario; nothing where it is the untouched one."""
        number = float(value)
        if number == base:
            return ()
        return tuple(move.shock(number, base, start, end) for move in self.moves)

    def read(self, shocks: Sequence[Shock], base: float, start: date, end: date) -> Setting | None:
        """The value of the knob that makes exactly these shocks among others; None where there is none."""
        first = next((s for s in shocks if s.variable == self.moves[0].variable and s.start == start), None)
        if first is None or first.action not in ("set", "add"):
            return None
        lead = next(move for move in self.moves if move.constant is None)
        told = next((s for s in shocks if s.variable == lead.variable and s.start == start and s.action == lead.action), None)
        if told is None:
            return None
        value = lead.value(float(getattr(told, lead.action)), base)
        made = self.shocks(value, base, start, end)
        if not made or not self.low <= value <= self.high or not all(item in shocks for item in made):
            return None
        return bool(value) if self.switch else value


def constant(number: float) -> Callable[[Mapping[str, Floats], int], float]:
    """A knob that measures a change and stands at ``number``."""
    return lambda figures, first: number


def at_first(name: str, scale: float, digits: int = 6) -> Callable[[Mapping[str, Floats], int], float]:
    """A knob that stands where an input is in the first period that changes."""
    return lambda figures, first: round(float(figures[name][first]) * scale, digits)


def mean_from(name: str, scale: float, nearest: float) -> Callable[[Mapping[str, Floats], int], float]:
    """A knob that stands at the mean of what the untouched run does from the first period that changes, rounded."""
    return lambda figures, first: round(float(np.mean(figures[name][first:])) * scale / nearest) * nearest


def on(name: str) -> Callable[[Mapping[str, Floats], int], float]:
    """A switch that stands where an input between 0 and 1 is."""
    return lambda figures, first: 1.0 if figures[name][first] > 0.5 else 0.0


TREASURY, SHEET, RATES, MARKETS = "Treasury", "Fed: balance sheet", "Fed: rates and facility", "Markets"
BASIS_POINT, PERCENT = 1e-4, 0.01
KNOBS = (
    Knob(
        "deficit",
        "Deficit, change",
        "% of GDP",
        TREASURY,
        -5.0,
        5.0,
        0.1,
        (Move("tax_rate", "add", -PERCENT),),
        constant(0.0),
        "Receipts are lower (or higher) by this part of GDP.",
    ),
    Knob(
        "bill_share",
        "Bills, long-run share of debt",
        "%",
        TREASURY,
        0.0,
        50.0,
        0.1,
        (Move("bill_share", "set", PERCENT),),
        at_first("bill_share", 100.0, 3),
        "Bills finance this share of the average deficit, and their stock drifts towards this share of debt.",
    ),
    Knob(
        "tga",
        "Cash target (TGA)",
        "bn",
        TREASURY,
        100.0,
        2000.0,
        10.0,
        (Move("tga_floor", "set"), Move("tga_cover", "set", constant=0.0)),
        mean_from("tga_target", 1.0, 10.0),
        "The Treasury aims at this balance in place of a week's outflows. Untouched: the rule, shown at its mean.",
    ),
    Knob(
        "qt",
        "Run-off cap, Treasuries (QT)",
        "bn/month",
        SHEET,
        0.0,
        150.0,
        1.0,
        (Move("qt_cap_treasury", "set", MONTHS),),
        at_first("qt_cap_treasury", 1 / MONTHS, 3),
        "Maturing Treasuries up to this amount are not rolled over.",
    ),
    Knob(
        "rmp",
        "Reserve-management purchases",
        "bn/month",
        SHEET,
        0.0,
        150.0,
        1.0,
        (Move("add__rmp", "set", MONTHS), Move("rmp_on", "set", constant=0.0)),
        mean_from("rmp", 1 / MONTHS, 1.0),
        "A fixed pace of purchases in place of the rule. Untouched: the rule, shown at its mean.",
    ),
    Knob(
        "policy",
        "Target range, change",
        "bp",
        RATES,
        -300.0,
        300.0,
        5.0,
        (Move("rate_lower", "add", BASIS_POINT), Move("rate_upper", "add", BASIS_POINT)),
        constant(0.0),
        "Both bounds move, and IORB, ON RRP and SRF rate with them.",
    ),
    Knob(
        "iorb",
        "IORB above lower bound",
        "bp",
        RATES,
        -25.0,
        100.0,
        1.0,
        (Move("iorb_gap", "add", BASIS_POINT),),
        at_first("iorb_gap", 1e4),
        "Interest on reserve balances, set on the lower bound.",
    ),
    Knob(
        "rrp",
        "ON RRP rate above lower bound",
        "bp",
        RATES,
        -25.0,
        100.0,
        1.0,
        (Move("rrp_gap", "add", BASIS_POINT),),
        at_first("rrp_gap", 1e4),
        "Rate of the overnight reverse repo facility, set on the lower bound.",
    ),
    Knob(
        "srf",
        "SRF rate above upper bound",
        "bp",
        RATES,
        -50.0,
        100.0,
        1.0,
        (Move("srf_gap", "add", BASIS_POINT),),
        at_first("srf_gap", 1e4),
        "Rate of the standing repo facility, set on the upper bound.",
    ),
    Knob(
        "srf_open",
        "SRF open",
        "",
        RATES,
        0.0,
        1.0,
        1.0,
        (Move("srf_on", "set"),),
        on("srf_on"),
        "Whether the standing repo facility lends at all.",
    ),
    Knob(
        "srf_cleared",
        "SRF centrally cleared",
        "",
        RATES,
        0.0,
        1.0,
        1.0,
        (Move("srf_cleared", "set"),),
        on("srf_cleared"),
        "Dealers can net what they borrow against what they lend, and come at a lower spread.",
    ),
    Knob(
        "haircut",
        "Repo haircut of hedge funds",
        "%",
        MARKETS,
        0.0,
        10.0,
        0.1,
        (Move("hf_haircut_normal", "set", PERCENT),),
        at_first("hf_haircut_normal", 100.0, 3),
        "Haircut on repo of hedge funds; it takes effect over weeks.",
    ),
    Knob(
        "official",
        "Official sales of coupons, in 13 weeks",
        "bn",
        MARKETS,
        -500.0,
        1000.0,
        10.0,
        (Move("official_sales", "add", QUARTERS, days=SALE_DAYS),),
        constant(0.0),
        "Notes and bonds that foreign official holders sell beyond their rule, spread over a quarter.",
    ),
)
BY_NAME = {knob.name: knob for knob in KNOBS}
GROUPS = tuple(dict.fromkeys(knob.group for knob in KNOBS))
INPUTS = tuple(dict.fromkeys(move.variable for knob in KNOBS for move in knob.moves))
"""Variables and parameters that knobs shock."""
