"""Every relation that is estimated, and the parameters on which the data are silent, with their ranges."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from calibration.estimation import (
    bank_treasuries,
    cliff,
    dealer_wedge,
    deposit_rate,
    federal_funds,
    foreign_demand,
    hedge_fund_position,
    liquidity_satellites,
    money_fund_bills,
    overnight_reverse_repo,
    period_end_width,
    reserve_demand,
    standing_repo,
    term_premium,
)
from calibration.estimation.study import Study
from calibration.newer import cached_in_use
from calibration.satellites import ASSETS

STUDIES: tuple[Callable[[], Study], ...] = (
    reserve_demand.study,
    federal_funds.study,
    standing_repo.study,
    overnight_reverse_repo.study,
    dealer_wedge.study,
    money_fund_bills.study,
    bank_treasuries.study,
    deposit_rate.study,
    cliff.study,
    period_end_width.study,
    term_premium.study,
    foreign_demand.study,
    hedge_fund_position.study,
    *(partial(liquidity_satellites.study, asset) for asset in ASSETS),
)


class Silent(NamedTuple):
    """A parameter that no sample here identifies: its range in the model's unit, and why."""

    parameter: str
    low: float
    high: float
    reason: str


SILENT = (
    Silent("zeta", 0.0, 1.0, "dealers' own lending is not published daily and was never far from normal"),
    Silent("cliff_threshold", 2200.0, 2600.0, "slack has stayed above the cliff since 2020; two days of September 2019 carry it over"),
    Silent(
        "gamma",
        0.02,
        0.12,
        "event studies and term-structure models differ by a factor of six; in quarterly changes recessions move supply and yields",
    ),
    Silent("wedge_power", 0.5, 6.0, "use of dealers' capacity is not observed"),
    Silent("mmf_bills_slope", 10.0, 140.0, "supply and demand of bills move together: the regression's sign is that of supply"),
    Silent("basis_minimum", 0.0, 0.003, "the basis at which trades stop is not observed"),
    Silent("elasticity_row", 0.0, 1.0, "foreign demand: valuation and flows are not told apart in the compiled figures"),
    Silent("futures_demand_slope", 0.96, 6.43, "asset managers' answer to the basis: 3 to 20 bn a basis point; the basis is not published"),
    Silent("srf_stigma", -0.001, 0.002, "not told apart from the width of take-up"),
)


@cached_in_use
def studies() -> tuple[Study, ...]:
    """Every study on the observations in use."""
    return tuple(study() for study in STUDIES)
