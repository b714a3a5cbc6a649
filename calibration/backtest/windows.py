"""Windows of the backtest, and the parameters that each may use: estimates from the days before it, else judgement written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from calibration.backtest import earlier
from calibration.backtest.earlier import FIRST_DAY
from calibration.estimation import dealer_wedge, overnight_reverse_repo, reserve_demand
from calibration.estimation.fitting import Fit
from calibration.estimation.reserve_demand import SCALE_2019
from calibration.estimation.samples import REFERENCE_DEPOSITS, last_complete_week
from calibration.parameters import load_parameters
from calibration.tables import DataError

YEARS_OF_SAMPLE = 2
CLIFF_SEEN = date(2019, 9, 16)
SECOND_CLIFF = date(2021, 1, 1)
CLIFF = {"cliff_height": 1.0, "cliff_threshold": SCALE_2019, "cliff_width": SCALE_2019, "discount_window_slope": 1.0}
"""Parameters of the cliff by the factor that carries them from the deposits of 2019 to those of the reference."""
TAIL_SEEN = date(2024, 6, 30)
BANKS_SEEN = date(2021, 12, 31)
POOL_SEEN = date(2020, 12, 31)
STATEMENTS_SEEN = date(2024, 12, 31)


@dataclass(frozen=True)
class Chosen:
    """A parameter of a window: its value in the model's unit, and where it comes from."""

    value: float
    basis: str


@dataclass(frozen=True)
class Window:
    """A span of history to be forecast.

    Parameters
    ----------
    name
        What a user asks for.
    opening, end
        Day of the opening balance sheets and last day.
    remark
        What differs from the name, and why.
    """

    name: str
    opening: date
    end: date
    remark: str = ""

    @cached_property
    def curve(self) -> Fit:
        """The reserve-demand curve on the two years before the window, with a prior that is older than it."""
        first = max(FIRST_DAY, self.opening - timedelta(days=365 * YEARS_OF_SAMPLE))
        prior = reserve_demand.PRIOR_BEFORE if self.opening < CLIFF_SEEN else reserve_demand.PRIOR_2019
        return reserve_demand.estimate(first, last_complete_week(self.opening), without=(), prior=prior)

    @cached_property
    def parameters(self) -> Mapping[str, Chosen]:
        """Every parameter whose usual value knows figures of the window, with the value used in its place."""
        day = self.opening
        last = day - timedelta(days=1)
        span = f"estimated on {max(FIRST_DAY, day - timedelta(days=365 * YEARS_OF_SAMPLE))} to {last_complete_week(day)}"
        curve = self.curve.values
        found = {
            "curve_level": Chosen(1e-4 * curve["level"], span),
            "curve_slope": Chosen(1e-4 * curve["slope"], span),
            "curve_width": Chosen(curve["width"], span),
            "curve_threshold": Chosen(curve["threshold"], span),
            "deposits_reference": Chosen(REFERENCE_DEPOSITS, "unit of the curve"),
            "period_end_drain": Chosen(curve["month"], span),
            "quarter_end_drain": Chosen(curve["quarter"], span),
            "srf_slope": Chosen(10000.0, "judgement: 1 bn a basis point; there was next to no take-up before 2025"),
            "srf_width": Chosen(0.0005, "judgement: day-to-day dispersion of SOFR, 5 bp"),
            "srf_stigma": Chosen(0.0, "judgement: none"),
            "mmf_lead": Chosen(earlier.trend_of_funds(day), "the year before continues: change of the log-odds of funds against deposits"),
            "on_rrp_period_end": Chosen(
                earlier.month_end_parking(day), "mean rise of the ON RRP on the month-ends of the year before, quarter-ends apart"
            ),
            "on_rrp_quarter_end": Chosen(earlier.quarter_end_parking(day), "what its quarter-ends add"),
            "loan_growth": Chosen(load_parameters()["growth"] + earlier.loan_lead(day), "loans over income as since 2012"),
        }
        wedge = dealer_wedge.estimate(max(date(2018, 5, 8), day - timedelta(days=365)), last).values
        found["wedge_slope"] = Chosen(1e-4 * wedge["ordinary"], "estimated on the year before")
        found["period_end_wedge"] = Chosen(1e-4 * wedge["added"], "estimated on the year before")
        if day >= TAIL_SEEN:
            tail = overnight_reverse_repo.estimate(last=last).values
            found["on_rrp_tail_size"] = Chosen(tail["size"], f"estimated on 2023-12-01 to {last}")
            found["on_rrp_tail_decay"] = Chosen(1e-4 * tail["decay"], f"estimated on 2023-12-01 to {last}")
        else:
            found["on_rrp_tail_size"] = Chosen(300.0, "judgement: a tenth of funds' assets outside bills")
            found["on_rrp_tail_decay"] = Chosen(0.0005, "judgement: 5 bp")
            found["mmf_rrp_boost"] = Chosen(*earlier.bills_beside_parking(day))
            found["deposit_beta_target"] = Chosen(0.35, "judgement: about a third, as in the increases of 2015 to 2018")
            found["deposit_beta_speed"] = Chosen(0.924, "judgement: half-life of three quarters, as in the increases of 2015 to 2018")
        if day < POOL_SEEN:
            found["frp_deposit_slope"] = Chosen(0.0, "judgement: none; the usual value is from mid-2019 to the end of 2020")
        if BANKS_SEEN <= day < STATEMENTS_SEEN:
            found["clearing_deposit_share"] = Chosen(earlier.clearing_share(day), "Reserve Banks' statements of 2019 to the year before")
        if day >= TAIL_SEEN:
            found["sofr_volatility_normal"] = Chosen(1e-4 * self.curve.rmse, "residuals of the curve")
            found["usd_share"] = Chosen(earlier.dollar_share(day), "the last share before")
        if day < BANKS_SEEN:
            found["bank_treasury_speed"] = Chosen(0.6, "judgement: most of the way within two years")
        if day < CLIFF_SEEN:
            found["cliff_height"] = Chosen(0.0, "judgement: none; September 2019 is in the window")
        elif day < SECOND_CLIFF:
            for name, value in load_parameters("parameters_2019").items():
                if name in CLIFF:
                    found[name] = Chosen(value * CLIFF[name], "16 and 17 September 2019, at the reference deposits")
        return found


LENT = "the Fed's repurchase agreements, swaps and facilities are given with its purchases: demand at rates and limits that policy set"
WINDOWS = (
    Window("2018Q4-2019Q4", date(2018, 12, 31), date(2019, 12, 30)),
    Window("2020H1", date(2019, 12, 31), date(2020, 6, 30), LENT),
    Window("2021Q4-2023Q4", date(2021, 12, 31), date(2023, 12, 29)),
    Window("2023Q2-2024Q1", date(2023, 3, 31), date(2024, 3, 29)),
    Window("2024Q4-2025Q4", date(2024, 12, 31), date(2025, 12, 30)),
)


def window(name: str) -> Window:
    """A window by name.

    Raises
    ------
    DataError
        An unknown window; the message lists the known ones.
    """
    for item in WINDOWS:
        if item.name == name:
            return item
    raise DataError(f"no backtest window {name!r}; there are: {', '.join(item.name for item in WINDOWS)}")
