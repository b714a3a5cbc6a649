"""Text models of many shapes against solutions found by other means."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from model.periods.path import Path
from model.textmodel import parse_text_model, solve_model


def solved(text: str, periods: int, shock: bool = True) -> Path:
    return solve_model(parse_text_model(text), periods, shock)


def close(computed: NDArray[np.float64], expected: ArrayLike, tolerance: float = 1e-11) -> None:
    np.testing.assert_allclose(computed, np.asarray(expected, dtype=np.float64), rtol=tolerance, atol=tolerance)


def test_switches() -> None:
    """A policy rule with a band, written with where, and, or, not, against the same rule in Python."""
    text = """
[equations]
x = 0.9*x(-1) + push
push = where(x(-1) > high and not armed(-1) == 0, -3, where(x(-1) <= low or count(-1) >= 7, 2, 0.5))
armed = where(abs(x - x(-1)) < 1, 1, 0)
count = where(push > 0, count(-1) + 1, 0)
capped = min(max(x, low), high, 9)
[parameters]
low = 4
high = 6
[initial]
x = 1
[shock]
from 30 to 40: high = 5
from 35: low = 3
"""
    path = solved(text, 60)
    x, armed, count = 1.0, 0.0, 0.0
    rows = []
    for t in range(1, 61):
        high, low = (5 if 30 <= t <= 40 else 6), (3 if t >= 35 else 4)
        push = -3 if x > high and armed != 0 else 2 if x <= low or count >= 7 else 0.5
        before, x = x, 0.9 * x + push
        armed, count = float(abs(x - before) < 1), count + 1 if push > 0 else 0.0
        rows.append((x, push, armed, count, min(max(x, low), high, 9)))
    close(np.column_stack([path[n][1:] for n in ("x", "push", "armed", "count", "capped")]), rows)
    assert len({row[1] for row in rows}) == 3


def test_switch_inside_a_simultaneous_block() -> None:
    """Progressive taxes: the threshold is crossed by the solution itself."""
    text = """
[equations]
Y = C + G
C = 0.8*(Y - T) + 5
T = where(Y > limit, 0.3*(Y - limit), 0)
[parameters]
limit = 100
[exogenous]
G = 10
[shock]
from 2: G = 40
"""
    path = solved(text, 2)

    def excess(y: float, g: float) -> float:
        return y - g - 5 - 0.8 * (y - (0.3 * (y - 100) if y > 100 else 0.0))

    close(path["Y"][1:], [brentq(excess, 0, 1e4, args=(g,), xtol=1e-13) for g in (10.0, 40.0)], 1e-12)


def test_hundreds_of_equations_in_a_chain() -> None:
    """300 equations, each the mean of its neighbours' last values: a matrix power."""
    n, periods = 300, 25
    lines = [f"x{i} = a*x{i}(-1) + b*(x{(i - 1) % n}(-1) + x{(i + 1) % n}(-1))" for i in range(n)]
    start = [f"x{i} = {math.sin(i)!r}" for i in range(n)]
    path = solved("\n".join(["[equations]", *lines, "[parameters]", "a = 0.5", "b = 0.24", "[initial]", *start]), periods)
    step = 0.5 * np.eye(n) + 0.24 * (np.roll(np.eye(n), 1, 0) + np.roll(np.eye(n), -1, 0))
    values = np.sin(np.arange(n))
    for t in range(1, periods + 1):
        values = step @ values
        close(np.array([path[f"x{i}"][t] for i in range(n)]), values)


@pytest.mark.parametrize("density", [0.1, 1.0])
def test_simultaneous_linear_block_of_fifty(density: float) -> None:
    """Fifty unknowns x = A x + B x(-1) + c, solved by numpy."""
    n = 50
    generator = np.random.default_rng(7)
    a = generator.normal(size=(n, n)) * (generator.random((n, n)) < density) * 0.9 / math.sqrt(n * density)
    np.fill_diagonal(a, 0.0)
    a[np.arange(n), (np.arange(n) + 1) % n] += 0.3
    b, c = generator.normal(size=(n, n)) * 0.05, generator.normal(size=n)
    lines = []
    for i in range(n):
        terms = [f"({a[i, j]!r})*x{j}" for j in range(n) if a[i, j]] + [f"({b[i, j]!r})*x{j}(-1)" for j in range(n)]
        lines.append(f"x{i} = {c[i]!r} + " + " + ".join(terms).replace("np.float64", ""))
    text = "\n".join(["[equations]", *lines]).replace("np.float64", "")
    path = solved(text, 5)
    values: NDArray[np.float64] = np.zeros(n)
    for t in range(1, 6):
        values = np.asarray(np.linalg.solve(np.eye(n) - a, b @ values + c), dtype=np.float64)
        close(np.array([path[f"x{i}"][t] for i in range(n)]), values, 1e-10)
    assert path.statistics.largest == n


def test_where_gauss_seidel_diverges() -> None:
    text = "[equations]\nx = 10 - 2*y\ny = 3*x - z + 1\nz = 4*y - x + 0.5*z(-1)\n"
    path = solved(text, 20)
    matrix = np.array([[1.0, 2, 0], [-3, 1, 1], [1, -4, 1]])
    z = 0.0
    for t in range(1, 21):
        expected = np.linalg.solve(matrix, [10.0, 1.0, 0.5 * z])
        close(np.array([path[n][t] for n in "xyz"]), expected)
        z = expected[2]
    lower = np.tril(matrix)
    sweep = np.linalg.inv(lower) @ (lower - matrix)
    assert np.abs(np.linalg.eigvals(sweep)).max() > 1


def test_nonlinear_block_from_zero() -> None:
    """Two unknowns defined by logarithm, exponential and power, from a start at 0."""
    text = """
[equations]
y = 2*k**0.3*exp(-0.1*u)
u = log(1 + y)
k = 0.9*k(-1) + 0.2*y + 1
w = sqrt(y)*tanh(u) + y**2/(1 + y**3)
"""
    path = solved(text, 30)
    k = 0.0
    for t in range(1, 31):

        def gap(y: float, before: float = k) -> float:
            return y - 2 * math.pow(0.9 * before + 0.2 * y + 1, 0.3) * math.pow(1 + y, -0.1)

        y = brentq(gap, 0, 1e3, xtol=1e-14, rtol=1e-15)
        k = 0.9 * k + 0.2 * y + 1
        u = math.log1p(y)
        close(np.array([path[n][t] for n in "ykuw"]), [y, k, u, math.sqrt(y) * math.tanh(u) + y**2 / (1 + y**3)])


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e12])
def test_magnitudes_do_not_matter(scale: float) -> None:
    """Nominal values of any size: the same model in other units has the same path in those units."""
    text = f"[equations]\nY = C + G\nC = 0.6*(Y - T) + 0.4*H(-1)\nT = 0.2*Y\nH = H(-1) + Y - T - C\n[exogenous]\nG = {20 * scale!r}\n"
    path = solved(text, 200)
    h = 0.0
    for t in range(1, 201):
        y = (20 + 0.4 * h) / (1 - 0.6 * 0.8)
        h = h + 0.8 * y - 0.6 * 0.8 * y - 0.4 * h
        assert path["Y"][t] == pytest.approx(y * scale, rel=1e-12)
    assert path["Y"][-1] == pytest.approx(20 * scale / 0.2, rel=1e-12)


def test_lags_reach_before_the_opening() -> None:
    """Values before period 0 are those of period 0, for variables and for given ones."""
    path = solved("[equations]\nx = x(-3) + g(-2) + 0.5*x(-1)\n[exogenous]\ng = 2\n[initial]\nx = 1\n[shock]\nfrom 2: g = 5\n", 6)
    x, g = {-2: 1.0, -1: 1.0, 0: 1.0}, {t: 5.0 if t >= 2 else 2.0 for t in range(-2, 7)}
    for t in range(1, 7):
        x[t] = x[t - 3] + g[t - 2] + 0.5 * x[t - 1]
    close(path["x"], [x[t] for t in range(7)])


def test_shocks_overlap_and_end() -> None:
    text = "[equations]\nx = a*g + h(-1)\n[parameters]\na = 2\nhalf = a/4\n[exogenous]\ng = 1\nh = 0\n[initial]\nh = 7\n[shock]\n"
    text += "from 2: g = 10\nfrom 3 to 4: g = 20\nfrom 4 to 5: a = half\nfrom 6: g = 2*g\n"
    g, a = [1, 1, 10, 20, 20, 10, 2, 2], [2, 2, 2, 2, 0.5, 0.5, 2, 2]
    h = [7.0] + [0.0] * 7
    close(solved(text, 7)["x"][1:], [a[t] * g[t] + h[t - 1] for t in range(1, 8)])
    close(solved(text, 7, shock=False)["x"][1:], [2.0 + h[t - 1] for t in range(1, 8)])


def test_parameter_with_a_lag_follows_its_shock_one_period_later() -> None:
    path = solved("[equations]\nx = a(-1) + 10*a\n[parameters]\na = 1\n[shock]\nfrom 3: a = 2\n", 4)
    close(path["x"][1:], [11, 11, 21, 22])


def test_lead_discounts_the_future() -> None:
    """P = (P(+1) + d)/(1 + r): with d raised from period 6, announced at the start, the price jumps at once."""
    periods, r = 60, 0.05
    text = "[equations]\nP = (P(+1) + d)/(1 + r)\nY = 0.5*Y(-1) + 0.1*P\n[parameters]\nr = 0.05\n"
    text += "[exogenous]\nd = 1\n[initial]\nP = 20\n[shock]\nfrom 6: d = 2\n"
    path = solved(text, periods)
    # A perpetuity of 1 from now on and another one of 1 from period 6 on.
    expected = [1 / r + (1 + r) ** -max(6 - t, 0) / r for t in range(1, periods + 1)]
    close(path["P"][1:], expected, 1e-9)
    y = 0.0
    for t in range(1, periods + 1):
        y = 0.5 * y + 0.1 * expected[t - 1]
        assert path["Y"][t] == pytest.approx(y, rel=1e-9)


def test_order_of_lines_does_not_matter() -> None:
    lines = ["Y = C + I + G", "C = 0.6*(Y - T) + 0.3*V(-1)", "T = 0.2*Y", "I = 0.1*(2*Y(-1) - K(-1)) + 0.05*K(-1)"]
    lines += ["K = 0.95*K(-1) + I", "V = V(-1) + Y - T - C", "R = where(Y > 100, 0.03, 0.02) + 0*C"]
    sections = {"exogenous": ["G = 20"], "initial": ["K = 100", "V = 80", "Y = 90"]}
    reference = None
    for seed in range(6):
        shuffled = lines.copy()
        random.Random(seed).shuffle(shuffled)
        groups = [("equations", shuffled), *sections.items()]
        random.Random(seed).shuffle(groups)
        path = solved("\n".join(line for name, group in groups for line in (f"[{name}]", *group)), 80)
        values = {n: path[n].tobytes() for n in ("Y", "C", "T", "I", "K", "V", "R")}
        reference = reference or values
        assert values == reference
