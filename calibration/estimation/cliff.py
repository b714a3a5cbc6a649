"""(R3) The cliff: what the days of 2018 and 2019 say of where the spread takes off, with the ordinary curve beside it.

The height at the threshold and the width are held at the values of September 2019: height and threshold are one parameter of an
exponential, and two days cannot give a width.
"""

from __future__ import annotations

from datetime import date

import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.reserve_demand import EXPRESSION, NOISE, PRIOR_BEFORE, SCALE_2019, regressors
from calibration.estimation.samples import between, column
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2018, 4, 4), date(2019, 12, 31)
SPIKE = (date(2019, 9, 16), date(2019, 9, 17), date(2019, 9, 18))
LAGS = 15
HEIGHT, WIDTH = 21.0, 13.2 * SCALE_2019

edge, slack = sp.symbols("edge slack")
RELATION = Relation(
    "cliff",
    EXPRESSION + HEIGHT * sp.exp((edge - slack) / WIDTH),
    (
        *PRIOR_BEFORE,
        Unknown("edge", 1430.0 * SCALE_2019, 1600.0, 2150.0),
    ),
)


def estimate(without: tuple[date, ...] = ()) -> Fit:
    """The curve with the cliff on the days of 2018 and 2019."""
    sample = between(FIRST, LAST, lambda day: day.date not in without)
    return fit(RELATION, column(sample, "spread"), regressors(sample), lags=LAGS, noise=NOISE)


def study() -> Study:
    """The estimate, and that without three days of September 2019."""
    names = [item.name for item in PRIOR_BEFORE]
    return Study(
        "cliff",
        "SOFR less IOER with a cliff, 2018 and 2019",
        "bp",
        estimate(),
        FIRST,
        LAST,
        "as for the reserve-demand curve; daily, reserves as averages of the week",
        {name: Reported(f"cliff_sample_{name}", "as fitted") for name in names} | {"edge": Reported("cliff_threshold_2019", "USD bn")},
        "reserves are published as averages of a week, which hide the fall of two days; the cliff is what those two days make it, at the "
        "reference deposits, and nothing later has been near it",
        others={"without 16 to 18 September 2019": estimate(SPIKE)},
    )
