"""Godley and Lavoie's two countries with a flexible exchange rate, worked out on paper, with nothing of the project in it.

A period is five equations in five numbers (both outputs, both price levels, the exchange rate), solved by secant steps in every direction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = ("N", "S")
OTHER = {"N": "S", "S": "N"}
A1, A2, THETA, MARKUP, RATE, GOLD, WANTED, PRODUCTIVITY = 0.75, 0.13333, 0.2, 0.2381, 0.03, 7.0, 16.0, 1.3333
HOME, ABROAD = 0.7, 0.25


def solved(residual: Callable[[NDArray[np.float64]], NDArray[np.float64]], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """The root near the start: Newton's method with difference quotients, until nothing moves."""
    x = start.copy()
    for _ in range(60):
        now = residual(x)
        slopes = np.empty((len(x), len(x)))
        for k in range(len(x)):
            moved = x.copy()
            moved[k] += 1e-7 * max(abs(x[k]), 1e-3)
            slopes[:, k] = (residual(moved) - now) / (moved[k] - x[k])
        step = np.linalg.solve(slopes, now)
        x -= step
        if float(np.abs(step / x).max()) < 1e-15:
            break
    return x


def floating(periods: int, real: Callable[[Any], Any] = float) -> list[dict[str, Any]]:
    """Paths from the symmetric steady state; exports of N rise in period 11."""
    share = np.exp(-2.1)
    price = (1 + MARKUP) / PRODUCTIVITY / (1 - MARKUP * share)
    disposable = WANTED * price / ((1 - (1 - THETA) * RATE * (HOME + ABROAD) * (1 - A1) / A2) / (1 - THETA) - 1)
    wealth = disposable * (1 - A1) / A2
    output = disposable / price + WANTED
    last: dict[str, Any] = {
        "x": np.array([output, output, price, price, 1.0]),
        "V": dict.fromkeys(NAMES, wealth),
        "real": dict.fromkeys(NAMES, wealth / price),
        "income": dict.fromkeys(NAMES, disposable / price),
        "pds": dict.fromkeys(NAMES, price),
        "home": dict.fromkeys(NAMES, HOME * wealth),
        "abroad": dict.fromkeys(NAMES, ABROAD * wealth),
        "there": dict.fromkeys(NAMES, ABROAD * wealth),
        "cash": dict.fromkeys(NAMES, wealth * (1 - HOME - ABROAD)),
        "central": dict.fromkeys(NAMES, wealth * (1 - HOME - ABROAD) - GOLD),
        "terms": 1.0,
    }
    last["bills"] = {i: last["home"][i] + last["abroad"][OTHER[i]] + last["central"][i] for i in NAMES}
    rows: list[dict[str, Any]] = [{"V_N": wealth, "V_S": wealth}]
    for t in range(1, periods + 1):
        exports = -2.0 if t >= 11 else -2.1
        x = solved(lambda z, e=exports, b=last: period(z, e, b)[0], last["x"])  # type: ignore[misc]
        last = period(x, exports, last)[1]
        row = {"xr_N": x[4]}
        for k, i in enumerate(NAMES):
            row |= {
                f"y_{i}": x[k],
                f"py_{i}": x[2 + k],
                f"V_{i}": last["V"][i],
                f"Bs_{i}": last["bills"][i],
                f"Bcb_{i}": last["central"][i],
            }
        rows.append(row)
    return rows


def period(x: NDArray[np.float64], exports: float, last: dict[str, Any]) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """What the five numbers leave open, and the row that follows from them."""
    output, level = dict(zip(NAMES, x[:2], strict=True)), dict(zip(NAMES, x[2:4], strict=True))
    rate = {"N": 1 / x[4], "S": x[4]}
    before = {"N": 1 / last["x"][4], "S": last["x"][4]}
    paid = level["S"] ** 0.7 * level["N"] ** 0.3 / x[4] ** 0.7
    got = level["S"] ** 0.5 * level["N"] ** 0.5 / x[4] ** 0.5
    imported = np.exp(-2.1) * last["terms"] ** -0.7 * output["N"]
    exported = np.exp(exports) * (got * x[4] / level["S"]) ** -0.7 * output["S"]
    bought = {"N": imported, "S": exported}
    sold = {"N": exported, "S": imported}
    cost = {"N": imported * paid, "S": exported * got * x[4]}
    earned = {"N": exported * got, "S": imported * paid * x[4]}
    found: dict[str, Any] = {k: {} for k in ("V", "real", "income", "pds", "home", "abroad", "cash", "central", "bills")}
    open_: list[float] = []
    for i in NAMES:
        volume = output[i] + bought[i]
        sales = (1 + MARKUP) * (output[i] / PRODUCTIVITY + cost[i])
        domestic = (sales - earned[i]) / (volume - sold[i])
        taxed = sales - cost[i] + RATE * (last["home"][i] + last["there"][i] * rate[i])
        income = (1 - THETA) * taxed + (rate[i] - before[i]) * last["there"][i]
        real_income = income / domestic - last["real"][i] * (domestic - last["pds"][i]) / domestic
        spent = A1 * (real_income + last["income"][i]) / 2 + A2 * last["real"][i]
        held = last["V"][i] + income - spent * domestic
        cash = held * (1 - HOME - ABROAD)
        central = last["central"][i] + cash - last["cash"][i]
        found["bills"][i] = last["bills"][i] + WANTED * domestic + RATE * (last["bills"][i] - last["central"][i]) - THETA * taxed
        found["V"][i], found["real"][i], found["income"][i], found["pds"][i] = held, held / domestic, real_income, domestic
        found["home"][i], found["abroad"][i], found["cash"][i], found["central"][i] = HOME * held, ABROAD * held, cash, central
        open_ += [volume - spent - WANTED - sold[i], level[i] - (sales - cost[i]) / output[i]]
    offered = found["bills"]["S"] - found["home"]["S"] - found["central"]["S"]
    found |= {"x": x, "terms": paid / level["N"], "there": {"N": offered, "S": found["abroad"]["S"] / x[4]}}
    open_.append(x[4] - offered / found["abroad"]["N"])
    return np.array(open_), found
