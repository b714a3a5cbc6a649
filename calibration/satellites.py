"""Satellites (K1)-(K2): what equities and bitcoin did when dollar liquidity changed, estimated on quarterly changes. No feedback.

The liquidity index is the Fed's assets less the Treasury's account, the ON RRP and the foreign repo pool. Changes are used because
two trending levels are always correlated; standard errors allow for heteroscedastic and serially correlated errors (Newey and West 1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.tables import DataError, Row, read

Floats = NDArray[np.float64]
Asset = Literal["sp500", "bitcoin"]
ASSETS: tuple[Asset, ...] = ("sp500", "bitcoin")
DRAINS = ("tga", "on_rrp", "foreign_repo_pool")
LAGS = 4
WINDOW = 24
PREDICTED = 12
NORMAL_95 = 1.96


class Quote(Row):
    """A quarter-end figure of a price, a yield or a balance of the Fed."""

    date: date
    series: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Estimate:
    """A regression of an asset's log return on the change of log liquidity and of the 10-year yield.

    Parameters
    ----------
    asset
        ``sp500`` or ``bitcoin``.
    first, last
        Quarter-ends of the first and last change.
    observations
        Number of changes.
    liquidity, liquidity_error
        Per cent of price per per cent of liquidity, and its standard error.
    duration, duration_error
        Fall of the log price per unit of yield (years), and its standard error.
    fit
        R² in sample.
    forecast
        R² out of sample against the mean return so far, each quarter predicted from the quarters before it given its own change of
        liquidity and yield; negative = worse than no model.
    levels_fit
        R² of the log price on log liquidity in levels: two trends, shown as a warning.
    """

    asset: Asset
    first: date
    last: date
    observations: int
    liquidity: float
    liquidity_error: float
    duration: float
    duration_error: float
    fit: float
    forecast: float
    levels_fit: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the sensitivity to liquidity."""
        reach = NORMAL_95 * self.liquidity_error
        return self.liquidity - reach, self.liquidity + reach

    @property
    def null_rejected(self) -> bool:
        """True where zero lies outside the 95 % interval."""
        low, high = self.interval
        return low > 0 or high < 0

    def response(self, change: float) -> tuple[float, float, float]:
        """Low, central and high response of the price to a relative change of liquidity, as relative changes."""
        low, high = sorted(beta * change for beta in self.interval)
        return low, self.liquidity * change, high


@cache
def quotes(series: str) -> dict[date, float]:
    """A quarterly series by date.

    Raises
    ------
    DataError
        An unknown series; the message lists the known ones.
    """
    rows = read("satellites.csv", Quote)
    found = {row.date: row.value for row in rows if row.series == series}
    if not found:
        raise DataError(f"no series {series!r}; there are: {', '.join(sorted({row.series for row in rows}))}")
    return dict(sorted(found.items()))


@cache
def liquidity() -> dict[date, float]:
    """The dollar-liquidity index by quarter-end, USD bn.

    Examples
    --------
    >>> round(liquidity()[date(2025, 9, 30)], 0)
    5421.0
    """
    assets = quotes("fed_total_assets")
    return {day: assets[day] - sum(quotes(name)[day] for name in DRAINS) for day in assets}


def changes(asset: Asset, start: date | None = None, end: date | None = None) -> tuple[tuple[date, ...], Floats, Floats]:
    """Dates, log returns and regressors (constant, change of log liquidity, change of yield) of an asset.

    Returns
    -------
    dates
        Quarter-ends of the changes.
    returns
        Shape (n,).
    regressors
        Shape (n, 3).
    """
    price, index, rate = quotes(asset), liquidity(), quotes("yield_10y")
    days = [d for d in price if d in index and d in rate and (start is None or d >= start) and (end is None or d <= end)]
    returns = np.diff(np.log([price[d] for d in days]))
    regressors = np.column_stack(
        [np.ones(len(days) - 1), np.diff(np.log([index[d] for d in days])), np.diff([rate[d] / 100.0 for d in days])]
    )
    return tuple(days[1:]), returns, regressors


def least_squares(y: Floats, x: Floats) -> Floats:
    """Coefficients of an ordinary regression."""
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)


def hac_errors(y: Floats, x: Floats, lags: int = LAGS) -> Floats:
    """Standard errors of a regression that allow for heteroscedasticity and for serial correlation up to some lags.

    Newey and West (1987), Bartlett weights, with the small-sample factor n / (n - k).
    """
    count, width = x.shape
    scores = x * (y - x @ least_squares(y, x))[:, None]
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (cross + cross.T)
    bread = np.linalg.inv(x.T @ x)
    return np.asarray(np.sqrt(np.diag(bread @ middle @ bread) * count / (count - width)), dtype=np.float64)


def out_of_sample(y: Floats, x: Floats, window: int = WINDOW) -> float:
    """One minus the squared errors of predictions from earlier quarters over those of the mean so far; not-a-number for short samples."""
    errors, naive = [], []
    for t in range(window, len(y)):
        errors.append(y[t] - x[t] @ least_squares(y[:t], x[:t]))
        naive.append(y[t] - y[:t].mean())
    return float(1 - np.sum(np.square(errors)) / np.sum(np.square(naive))) if len(errors) >= PREDICTED else float("nan")


def levels_fit(asset: Asset) -> float:
    """R² of the log price on log liquidity in levels."""
    price, index = quotes(asset), liquidity()
    days = [d for d in price if d in index]
    return float(np.corrcoef(np.log([price[d] for d in days]), np.log([index[d] for d in days]))[0, 1] ** 2)


def estimate(asset: Asset, start: date | None = None, end: date | None = None) -> Estimate:
    """The regression of an asset on liquidity and the yield over a sample.

    Parameters
    ----------
    asset
        ``sp500`` or ``bitcoin``.
    start, end
        First and last quarter-end of the prices used; without them everything there is.

    Examples
    --------
    >>> estimate("sp500").null_rejected
    False
    """
    days, y, x = changes(asset, start, end)
    beta, errors = least_squares(y, x), hac_errors(y, x)
    fit = 1 - np.sum((y - x @ beta) ** 2) / np.sum((y - y.mean()) ** 2)
    return Estimate(
        asset,
        days[0],
        days[-1],
        len(days),
        float(beta[1]),
        float(errors[1]),
        float(-beta[2]),
        float(errors[2]),
        float(fit),
        out_of_sample(y, x),
        levels_fit(asset),
    )
