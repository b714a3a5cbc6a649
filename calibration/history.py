"""The money market's history as series: daily rates and volumes, weekly stocks, in the units of their publication."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calibration.tables import DataError, rate_history, rate_series


@cache
def history(series: str) -> tuple[tuple[date, ...], NDArray[np.float64]]:
    """The dates and values of one series, oldest first; the values are read-only.

    Rates are in per cent and stocks in USD bn, see ``data/rates_series.csv``. ``srf`` lists the days with take-up only.

    Raises
    ------
    DataError
        An unknown series; the message lists the known ones.

    Examples
    --------
    >>> days, sofr = history("sofr")
    >>> sofr[days.index(date(2019, 9, 17))]
    np.float64(5.25)
    """
    known = [item.series for item in rate_series()]
    if series not in known:
        raise DataError(f"no series {series!r}; there are: {', '.join(known)}")
    rows = sorted((row.date, row.value) for row in rate_history(series))
    values = np.array([value for _, value in rows])
    values.flags.writeable = False
    return tuple(day for day, _ in rows), values
