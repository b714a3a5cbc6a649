"""What a forecast cannot know, measured on the days before it: autonomous factors, repo and bill markets, savers, the Treasury's cash.

``drain`` is everything that moves reserves beside what is given: currency, the foreign repo pool, other deposits, other assets. It is
measured on the Fed's weekly balance sheet as assets less reserves, the Treasury's account and ON RRP, and enters as other deposits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.noise import FEWEST, Noise, lasting, wandering
from calibration.calendar import agency_cash
from calibration.estimation import overnight_reverse_repo, reserve_demand
from calibration.estimation.fitting import Fit
from calibration.estimation.samples import Day, between, last_complete_week, quarterly
from calibration.newer import series

Floats = NDArray[np.float64]
Paths = dict[str, Floats]
YEARS = 2
FIRST_DAY = date(2018, 4, 4)
WEEKS_A_QUARTER = 13
TAIL_SEEN = date(2024, 6, 30)
TAIL_GUESS = Noise(0.9, 0.25, 0.0, "judgement: a factor of about 1.8 either way")
BP, PERCENT = 1e-4, 0.01


def before(opening: date) -> tuple[date, date]:
    """The two years before an opening, up to the last week that is complete before it."""
    return max(FIRST_DAY, opening - timedelta(days=365 * YEARS)), last_complete_week(opening)


def weekly_means(sample: Sequence[Day], values: Floats) -> Floats:
    """Daily values as means of the weeks that end on Wednesdays, weeks without a day left out."""
    ends = [(day.date + timedelta(days=(2 - day.date.weekday()) % 7)).toordinal() for day in sample]
    return np.array([values[np.array(ends) == end].mean() for end in sorted(set(ends))])


def autonomous(first: date, last: date) -> Floats:
    """The Fed's assets less reserves, the Treasury's account and ON RRP on the Wednesdays of a span, agencies' cycle apart."""
    found = {name: dict(zip(*series(name), strict=True)) for name in ("fed_total_assets", "tga", "reserves_week_average")}
    parked = {day.date: day.on_rrp for day in between(first - timedelta(days=7), last)}
    rows = []
    for day in sorted(set.intersection(*(set(values) for values in found.values()))):
        week = [parked[d] for d in parked if day - timedelta(days=7) < d <= day]
        if first <= day <= last and week:
            rest = found["fed_total_assets"][day] - found["tga"][day] - found["reserves_week_average"][day]
            rows.append(float(rest) - float(np.mean(week)) - agency_cash(day))
    return np.array(rows)


def spread_residuals(curve: Fit, first: date, last: date) -> Floats:
    """Weekly means of SOFR less IORB less what a curve says, basis points, on the days that it was fitted to.

    Where those are fewer than a process is measured on, the ON RRP has set the spread: then of the spread itself, on all days.
    """
    sample = between(first, last, lambda day: day.on_rrp <= reserve_demand.FLOORED)
    gaps = np.array([day.spread for day in sample]) - curve.predict(reserve_demand.regressors(sample)) if sample else np.array([])
    weeks = weekly_means(sample, gaps)
    if len(weeks) >= FEWEST:
        return weeks
    whole = between(first, last)
    return weekly_means(whole, np.array([day.spread for day in whole]))


def tail_residuals(last: date) -> Floats:
    """Weekly means of the log of ON RRP over what its tail's curve says, ordinary days."""
    tail = overnight_reverse_repo.estimate(last=last)
    sample = between(overnight_reverse_repo.FIRST, last, lambda day: overnight_reverse_repo.ordinary(day) and day.on_rrp > 0)
    said = tail.predict({"over_rrp": np.array([day.over_rrp for day in sample])})
    return weekly_means(sample, np.log([day.on_rrp for day in sample]) - np.log(said))


def savers(last: date) -> Noise:
    """Money coming to funds beyond trend, a part of their shares: quarterly changes of the log of funds' assets, spread over weeks."""
    days, assets = quarterly("mmf_assets")
    growth = np.diff(np.log([value for day, value in zip(days, assets.tolist(), strict=True) if day <= last]))
    deviation = float(np.std(growth)) / np.sqrt(WEEKS_A_QUARTER)
    return Noise(0.0, 0.0, deviation, f"quarterly growth of funds' assets to {last}")


def yields(first: date, last: date) -> Noise:
    """Weekly changes of the ten-year yield, per cent, as a random walk."""
    days, values = series("yield_10y")
    levels = [value for day, value in zip(days, values.tolist(), strict=True) if first <= day <= last and day.weekday() == 2]
    return Noise(1.0, float(np.std(np.diff(levels))), 0.0, f"weekly changes, {first} to {last}")


def measured(opening: date, curve: Fit | None = None) -> Mapping[str, Noise]:
    """Every process by name, measured on the two years before an opening.

    Parameters
    ----------
    opening
        The day; nothing of it or later is used.
    curve
        The reserve-demand curve whose residuals are the surprises of the spread; by default it is estimated on the same days.
    """
    first, last = before(opening)
    used = reserve_demand.estimate(first, last, without=()) if curve is None else curve
    span = f"{first} to {last}"
    return {
        "drain": wandering(autonomous(first, last), f"weekly balance sheet, {span}"),
        "spread": lasting(spread_residuals(used, first, last), f"residuals of the curve, {span}"),
        "on_rrp": lasting(tail_residuals(last), f"residuals of the tail, {overnight_reverse_repo.FIRST} to {last}")
        if opening >= TAIL_SEEN
        else TAIL_GUESS,
        "savers": savers(last),
        "yields": yields(first, last),
    }


@dataclass(frozen=True)
class Surprise:
    """One draw of every process, each path of shape (weeks + 1,), zero in the opening."""

    paths: Mapping[str, Floats]
    tail_variance: Floats

    def over(
        self, exogenous: Mapping[str, Floats], parameters: Mapping[str, Floats], values: Mapping[str, float], funds: float
    ) -> tuple[Paths, Paths]:
        """Exogenous paths and parameter paths with the draw over them.

        Parameters
        ----------
        exogenous, parameters
            Paths by the model's names, each of shape (weeks + 1,).
        values
            Anchored parameters.
        funds
            Shares of money funds at the opening, USD bn.
        """
        found, length = self.paths, len(next(iter(self.paths.values())))
        additions = {
            "gse_cycle": found["drain"],
            "add__sofr_iorb": BP * found["spread"],
            "guidance": PERCENT * found["yields"],
            "add__mmf_shares_private": funds * found["savers"],
        }
        if "cash" in found:
            additions["issuance_surprise"] = found["cash"] / exogenous["dt"]
        moved = {name: exogenous.get(name, np.zeros(length)) + path for name, path in additions.items()}
        tail = parameters.get("on_rrp_tail_size", np.full(length, values["on_rrp_tail_size"]))
        return {**exogenous, **moved}, {**parameters, "on_rrp_tail_size": tail * np.exp(found["on_rrp"] - self.tail_variance / 2)}


def drawn(noises: Mapping[str, Noise], generator: np.random.Generator, length: int) -> Surprise:
    """One draw of every process, of shape (length,)."""
    paths = {name: noises[name].draw(generator, length) for name in sorted(noises)}
    variance = np.array([noises["on_rrp"].deviation(weeks) ** 2 if weeks else 0.0 for weeks in range(length)])
    return Surprise(paths, variance)
