"""Colours of sectors, instruments, rates and financiers: Okabe and Ito's palette, told apart by colour-blind readers and in grey.

Source: Okabe and Ito (2008), Color Universal Design. A thing has one colour in every chart.
"""

from __future__ import annotations

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, LIGHT, INK, SOFT = "#7F7F7F", "#BBBBBB", "#1B1F24", "#57606A"
OKABE_ITO = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW, BLACK)
"""The eight colours in the order in which series without a colour of their own take them."""

SECTORS = {
    "fed": BLUE,
    "treasury": GREY,
    "banks": GREEN,
    "mmf": YELLOW,
    "hedge_funds": VERMILION,
    "foreign_official": PURPLE,
    "rest_of_world": SKY,
    "private": ORANGE,
}
INSTRUMENTS = {
    "currency": LIGHT,
    "reserves": BLUE,
    "tga": VERMILION,
    "on_rrp": ORANGE,
    "foreign_repo_pool": PURPLE,
    "fed_other_deposits": GREY,
    "srf": BLACK,
    "discount_window": YELLOW,
    "bills": SKY,
    "notes": BLUE,
    "bonds": GREEN,
    "agency": ORANGE,
    "other": GREY,
    "deposits": GREEN,
    "mmf_shares": YELLOW,
    "repo_triparty": SKY,
    "repo_dvp": VERMILION,
    "fed_equity": BLACK,
}
RATES = {
    "sofr": VERMILION,
    "effr": BLACK,
    "iorb": BLUE,
    "on_rrp_rate": ORANGE,
    "srf_rate": PURPLE,
    "rate_lower": GREY,
    "rate_upper": GREY,
    "bill_rate": SKY,
    "yield_notes": BLUE,
    "yield_bonds": GREEN,
    "deposit_rate": ORANGE,
}
FINANCIERS = {
    "fed": BLUE,
    "banks": GREEN,
    "treasury": GREY,
    "money_funds": YELLOW,
    "foreign_official": PURPLE,
    "other_depositors_at_the_fed": SKY,
    "income_and_equity": VERMILION,
    "retail_money_funds": ORANGE,
    "deposits_outside_m2": LIGHT,
}
BASE, CHANGED = GREY, VERMILION
"""The two runs of a comparison where nothing else tells them apart."""
DARKER = 0.58
"""What is left of a line's light in the figure beside it."""
PASSED, FAILED = "#00664A", "#B3261E"
"""Verdicts; always with a word beside the colour."""


def colour(name: str, place: int = 0) -> str:
    """The colour of a sector, instrument, rate or financier; others take the palette in turn.

    Examples
    --------
    >>> colour("fed") == BLUE, colour("something", 1) == ORANGE
    (True, True)
    """
    for known in (SECTORS, INSTRUMENTS, RATES, FINANCIERS):
        if name in known:
            return known[name]
    return OKABE_ITO[place % len(OKABE_ITO)]


def stroke(shade: str) -> str:
    """The colour in which a line is drawn whose area has ``shade``: pale ones are darkened to be seen on white.

    Examples
    --------
    >>> stroke(YELLOW), stroke(BLUE)
    ('#A39800', '#0072B2')
    """
    return {YELLOW: "#A39800", LIGHT: "#8C8C8C"}.get(shade, shade)


def lettering(shade: str) -> str:
    """The colour of a figure beside a line of ``shade``: the same hue, dark enough to be read on white.

    Examples
    --------
    >>> lettering("#E69F00")
    '#855C00'
    """
    return "#" + "".join(f"{round(int(stroke(shade)[k : k + 2], 16) * DARKER):02X}" for k in (1, 3, 5))


def translucent(shade: str, alpha: float) -> str:
    """A colour with an opacity, as CSS and plotly write it.

    Examples
    --------
    >>> translucent("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(shade[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
