"""Textbook models solved by hand: each function is a recursion worked out on paper, with nothing of the project in it.

Every function takes the number of periods and a number type (``float``, or mpmath's) and returns the path of the
variables that the tests compare, row 0 being the opening.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.textmodels.floating_oracle import floating
from tests.textmodels.growth_oracle import growth

Rows = list[dict[str, Any]]
Real = Callable[[Any], Any]
Pair = dict[str, Any]


def sim(periods: int, real: Real = float) -> Rows:
    a1, a2, theta = real("0.6"), real("0.4"), real("0.2")
    rows: Rows = [{"Y": real(0), "YD": real(0), "Hh": real(0), "Hs": real(0)}]
    for t in range(1, periods + 1):
        g, h = real(25 if t >= 61 else 20), rows[-1]["Hh"]
        y = (g + a2 * h) / (1 - a1 * (1 - theta))
        yd = (1 - theta) * y
        c = a1 * yd + a2 * h
        rows.append({"Y": y, "YD": yd, "Cd": c, "Hh": h + yd - c, "Hs": rows[-1]["Hs"] + g - theta * y})
    return rows


def simex(periods: int, real: Real = float) -> Rows:
    a2, theta = real("0.4"), real("0.2")
    rows: Rows = [{"Y": real(0), "YD": real(0), "Hh": real(0), "Hs": real(0)}]
    for t in range(1, periods + 1):
        g, a1 = real(25 if 41 <= t <= 80 else 20), real("0.7" if t >= 61 else "0.6")
        expected, h = rows[-1]["YD"], rows[-1]["Hh"]
        c = a1 * expected + a2 * h
        y = c + g
        yd = (1 - theta) * y
        rows.append({"Y": y, "YD": yd, "Cd": c, "Hd": h + expected - c, "Hh": h + yd - c, "Hs": rows[-1]["Hs"] + g - theta * y})
    return rows


def pc(periods: int, real: Real = float) -> Rows:
    a1, a2, l0, l1, l2, theta, g = (real(x) for x in ("0.6", "0.4", "0.635", "5", "0.01", "0.2", "20"))
    b, v, bs, hs, bcb, r = (real(x) for x in ("64.865", "86.487", "86.487", "21.62", "21.622", "0.025"))
    rows: Rows = [{"V": v, "Bh": b, "Bs": bs, "Hs": hs}]
    for t in range(1, periods + 1):
        interest = r * b
        y = (g + a1 * (1 - theta) * interest + a2 * v) / (1 - a1 * (1 - theta))
        yd = (1 - theta) * (y + interest)
        tax = theta * (y + interest)
        c = a1 * yd + a2 * v
        bs = bs + g + r * bs - tax - r * bcb
        r = real("0.035" if t >= 11 else "0.025")
        v = v + yd - c
        b = v * (l0 + l1 * r) - l2 * yd
        hs, bcb = hs + (bs - b) - bcb, bs - b
        rows.append({"Y": y, "YD": yd, "T": tax, "C": c, "V": v, "Bh": b, "Bs": bs, "Hs": hs, "Hh": v - b, "Bcb": bcb, "R": r})
    return rows


def pcex(periods: int, real: Real = float, second: bool = False) -> Rows:
    l0, l1, l2, theta = (real(x) for x in ("0.635", "5", "0.01", "0.2"))
    r = real("0.025")
    if second:
        a2, v, yd, b, bcb = real("0.2"), real("95.803"), real("95.803"), real("71.852"), real("23.951")
    else:
        a2 = real("0.4")
        share = l0 + l1 * r - l2
        yd = (1 - theta) * 20 / (1 - (1 - theta) * (1 + r * share))
        v, b, bcb = yd, share * yd, yd - share * yd
    bs, hs = b + bcb, bcb
    rows: Rows = [{"V": v, "YD": yd}]
    for t in range(1, periods + 1):
        a1 = real("0.8") - 4 * r if second else real("0.6")
        g = real(22 if t >= 31 and not second else 20)
        expected, interest = yd, r * b
        c = a1 * expected + a2 * v
        y = c + g
        yd, tax = (1 - theta) * (y + interest), theta * (y + interest)
        bs = bs + g + r * bs - tax - r * bcb
        r = real("0.035") if t >= (5 if second else 11) else real("0.025")
        wished = v + expected - c
        v = v + yd - c
        b = wished * (l0 + l1 * r) - l2 * expected
        hs, bcb = hs + (bs - b) - bcb, bs - b
        rows.append({"Y": y, "YD": yd, "V": v, "C": c, "Bh": b, "Bs": bs, "Hh": v - b, "Hs": hs, "Hd": wished - b})
    return rows


def pcex2(periods: int, real: Real = float) -> Rows:
    return pcex(periods, real, second=True)


def lp(periods: int, real: Real = float) -> Rows:
    a1, a2, theta, g = real("0.8"), real("0.2"), real("0.1938"), real(20)
    v, b, n, bs, h, yd = (real(x) for x in ("95.803", "37.839", "1.892", "57.964", "20.125", "95.803"))
    r, price, bcb = real("0.03"), real(20), real("57.964") - real("37.839")
    rows: Rows = [{"V": v}]
    for t in range(1, periods + 1):
        income = r * b + n
        c = a1 * yd + a2 * v
        y = c + g
        expected = yd
        yd, tax = (1 - theta) * (y + income), theta * (y + income)
        before, supply = price, bs + g + r * bs + n - tax - r * bcb
        r, price = (real("0.04"), real(15)) if t >= 11 else (real("0.03"), real(20))
        gain = (price - before) * n
        wished = v + expected - c + gain
        v = v + yd - c + gain
        rate = 1 / price
        b = wished * (real("0.44196") + real("1.1") * r - rate) - real("0.03") * expected
        bonds = (wished * (real("0.3997") - r + real("1.1") * rate) - real("0.03") * expected) / price
        bs = supply - (bonds - n) * price
        n = bonds
        h, bcb = h + (bs - b) - bcb, bs - b
        rows.append({"Y": y, "YDr": yd, "V": v, "C": c, "Bh": b, "BLh": n, "Bs": bs, "Hs": h, "Hh": v - b - price * n, "CG": gain})
    return rows


def reg(periods: int, real: Real = float) -> Rows:
    names, theta, mu = ("N", "S"), real("0.2"), {"N": real("0.18781"), "S": real("0.18781")}
    a1, a2 = {"N": real("0.6"), "S": real("0.7")}, {"N": real("0.4"), "S": real("0.3")}
    hold = {"N": [real(x) for x in ("0.635", "5", "0.01")], "S": [real(x) for x in ("0.67", "6", "0.07")]}
    v: Pair = dict.fromkeys(names, real("86.487"))
    b: Pair = dict.fromkeys(names, real("64.865"))
    bs, hs, bcb, r = real("172.97"), real("43.24"), real("43.24"), real("0.025")
    rows: Rows = [{"VN": v["N"]}]
    for t in range(1, periods + 1):
        mu["S"] = real("0.20781" if t >= 11 else "0.18781")
        g = {"N": real(20), "S": real(25 if t >= 41 else 20)}
        # Y_i (1 + mu_i - a1_i (1 - theta)) - mu_j Y_j = a1_i (1 - theta) r B_i + a2_i V_i + G_i
        left = {i: 1 + mu[i] - a1[i] * (1 - theta) for i in names}
        right = {i: a1[i] * (1 - theta) * r * b[i] + a2[i] * v[i] + g[i] for i in names}
        det = left["N"] * left["S"] - mu["N"] * mu["S"]
        y = {"N": (right["N"] * left["S"] + mu["S"] * right["S"]) / det, "S": (right["S"] * left["N"] + mu["N"] * right["N"]) / det}
        tax = sum(theta * (y[i] + r * b[i]) for i in names)
        bs = bs + g["N"] + g["S"] + r * bs - tax - r * bcb
        row: dict[str, Any] = {}
        for i in names:
            yd = (1 - theta) * (y[i] + r * b[i])
            v[i] = v[i] + yd - (a1[i] * yd + a2[i] * v[i])
            b[i] = v[i] * (hold[i][0] + hold[i][1] * r) - hold[i][2] * yd
            row |= {f"Y{i}": y[i], f"YD{i}": yd, f"V{i}": v[i], f"Bh{i}": b[i]}
        total = b["N"] + b["S"]
        hs, bcb = hs + (bs - total) - bcb, bs - total
        rows.append(row | {"Bs": bs, "Hs": hs, "Hh": v["N"] + v["S"] - total})
    return rows


def two_countries(periods: int, real: Real = float, fiscal: bool = False) -> Rows:
    names, theta, mu, r = ("N", "S"), real("0.2"), {"N": real("0.18781"), "S": real("0.18781")}, real("0.025")
    a1, a2 = {"N": real("0.6"), "S": real("0.7")}, {"N": real("0.4"), "S": real("0.3")}
    hold = {"N": [real(x) for x in ("0.635", "5", "0.01")], "S": [real(x) for x in ("0.67", "6", "0.07")]}
    wealth = (1 - theta) * 20 / (1 - (1 - theta) * (1 + r * real("0.75")))
    v: Pair = dict.fromkeys(names, wealth)
    b: Pair = dict.fromkeys(names, real("0.75") * wealth)
    gold: Pair = dict.fromkeys(names, real(10))
    before: Pair = dict.fromkeys(names, real(10))
    g: Pair = dict.fromkeys(names, real(20))
    h = {i: v[i] - b[i] for i in names}
    bcb = {i: h[i] - 10 for i in names}
    bs = {i: b[i] + bcb[i] for i in names}
    rows: Rows = [{"V_N": wealth}]
    for t in range(1, periods + 1):
        mu["S"] = real("0.20781" if t >= 11 else "0.18781")
        if fiscal:
            g = {i: g[i] + real("0.005") * (gold[i] - before[i]) for i in names}
        left = {i: 1 + mu[i] - a1[i] * (1 - theta) for i in names}
        right = {i: a1[i] * (1 - theta) * r * b[i] + a2[i] * v[i] + g[i] for i in names}
        det = left["N"] * left["S"] - mu["N"] * mu["S"]
        y = {"N": (right["N"] * left["S"] + mu["S"] * right["S"]) / det, "S": (right["S"] * left["N"] + mu["N"] * right["N"]) / det}
        row: dict[str, Any] = {}
        before = dict(gold)
        for i in names:
            yd, tax = (1 - theta) * (y[i] + r * b[i]), theta * (y[i] + r * b[i])
            bs[i] = bs[i] + g[i] + r * bs[i] - tax - r * bcb[i]
            v[i] = v[i] + yd - (a1[i] * yd + a2[i] * v[i])
            b[i] = v[i] * (hold[i][0] + hold[i][1] * r) - hold[i][2] * yd
            held = v[i] - b[i]
            gold[i] = gold[i] + (held - h[i]) - (bs[i] - b[i] - bcb[i])
            h[i], bcb[i] = held, bs[i] - b[i]
            row |= {f"Y_{i}": y[i], f"V_{i}": v[i], f"Bh_{i}": b[i], f"Bs_{i}": bs[i], f"or_{i}": gold[i], f"G_{i}": g[i]}
        rows.append(row)
    return rows


def openg(periods: int, real: Real = float) -> Rows:
    return two_countries(periods, real, fiscal=True)


def bmw(periods: int, real: Real = float) -> Rows:
    a1, a2, delta, gamma, r = (real(x) for x in ("0.75", "0.1", "0.1", "0.15", "0.04"))
    y = real(25) / ((1 - a1) * (1 - delta) - a2)
    k = m = deposits = loans = y
    rows: Rows = [{"Y": y, "K": k, "Mh": m}]
    for t in range(1, periods + 1):
        a0 = real(28 if t >= 5 else 25)
        invested = gamma * (y - k) + delta * k
        # C = a0 + a1 (C + I - r L - delta K + r M) + a2 M
        c = (a0 + a1 * (invested - r * loans - delta * k + r * m) + a2 * m) / (1 - a1)
        y = c + invested
        wages = y - r * loans - delta * k
        income = wages + r * m
        change = invested - delta * k
        m, loans, deposits, k = m + income - c, loans + change, deposits + change, k + change
        rows.append({"Y": y, "YD": income, "Cd": c, "Id": invested, "Mh": m, "Ms": deposits, "Ld": loans, "K": k, "WBd": wages})
    return rows


def dis(periods: int, real: Real = float) -> Rows:
    a0, a1, a2, beta, eps, gamma, sigma, wage = (real(x) for x in ("15", "0.8", "0.1", "0.75", "0.75", "0.25", "0.15", "0.86"))
    r, rm, phi = real("0.025"), real("0.025") - real("0.02"), real("0.25")
    uc = wage
    p = (1 + phi) * uc * (1 + sigma * r)
    s = a0 / (1 - a1 - a2 * sigma * uc / p)
    se = yd = yde = s
    stock = sigma * s
    value = stock * uc
    money = loans = value
    rows: Rows = [{"s": s, "p": p}]
    for t in range(1, periods + 1):
        phi, sigma = real("0.3" if t >= 5 else "0.25"), real("0.25" if t >= 25 else "0.15")
        se = beta * s + (1 - beta) * se
        planned = stock + gamma * (sigma * se - stock)
        y = se + planned - stock
        before = p
        p = (1 + phi) * ((1 - sigma) * uc + sigma * (1 + r) * uc)
        yde = eps * yd + (1 - eps) * yde
        c = a0 + a1 * yde + a2 * money / before
        stock, s = stock + y - c, c
        profit = p * s - wage * y + stock * uc - value - r * value
        income = wage * y + profit + (r * loans - rm * loans) + rm * money
        yd = income / p - (money / before) * (p - before) / p
        money = money + income - p * c
        value = loans = stock * uc
        rows.append({"y": y, "s": s, "in": stock, "p": p, "F": profit, "YD": income, "Mh": money, "Ms": loans, "yd": yd, "yde": yde})
    return rows


def insout(periods: int, real: Real = float) -> Rows:
    q = real
    rb, rbl, rl, rm = q("0.023"), q("0.027"), q("0.025"), q("0.0205")
    price = 1 / rbl
    sigma0, sigma = q("0.3612"), q("0.3612") - 3 * q("0.025")
    w = uc = q(1)
    tau, phi = q("0.25"), q("0.1")
    p = (1 + tau) * (1 + phi) * uc * (1 + sigma * rl)
    s = se = q("133.28")
    stock = sigma * s
    inv = stock * uc
    v, ydr, ydre, cash, bonds, bills, m2 = q(150), q(108), q(108), q(15), q("1.1"), q(52), q(26)
    m1 = v - cash - bonds * price - bills - m2
    reserves = q("0.1") * m1 + q("0.1") * m2
    bank_bills = m1 + m2 - inv - reserves
    ratio, fb, hs = bank_bills / (m1 + m2), q("0.15"), cash + reserves
    bcb, advances = hs, q(0)
    supply = bcb + bills + bank_bills
    target = q("-1.7779") + 1 + q("1.5") * s / q("133.28")
    money, money_before, real_wealth = m1 + m2, m1 + m2, v / p
    rows: Rows = [{"V": v}]
    for t in range(1, periods + 1):
        sigma0 = q("0.42") if t >= 75 else q("0.3") if t >= 10 else sigma0
        g = q(26 if 50 <= t <= 70 else 25)
        fb_before, rb_before, rl_before, rm_before, uc_before = fb, rb, rl, rm, uc
        p_before, inv_before = p, inv
        fb = rl * inv + rb * bank_bills - rm * m2 - rb * advances
        margin = (fb + fb_before) / (money + money_before)
        rb = q("0.028") if t >= 30 else rb
        rl = rl + q("0.0002") * ((margin < q("0.003")) - (margin > q("0.005"))) + rb - rb_before
        rm = rm + q("0.0002") * ((ratio < q("0.02")) - (ratio > q("0.04"))) + q("0.9") * (rb - rb_before)
        w = w * (1 + q("0.1") * (target - w / p))
        sigma = sigma0 - 3 * rl
        se = q("0.5") * s + q("0.5") * se
        planned = stock + q("0.5") * (sigma * se - stock)
        y = se + planned - stock
        uc = w
        p = (1 + tau) * (1 + phi) * ((1 - sigma) * uc + sigma * (1 + rl_before) * uc_before)
        inflation = (p - p_before) / p_before
        ydre = q("0.5") * ydr + q("0.5") * ydre
        c = q("0.95") * ydre + q("0.05") * real_wealth
        s = c + g
        stock = stock + y - s
        inv = stock * uc
        tax = p * s * tau / (1 + tau)
        firms = p * s - tax - w * y + inv - inv_before - rl_before * inv_before
        income = firms + fb + w * y + rm_before * m2 + rb_before * bills + bonds
        expected_income, v_before = p * ydre + inflation * v, v
        v = v + income - p * c
        ydr = income / p - inflation * v_before / p
        cash = q("0.1") * p * c
        wished = v_before + expected_income - p * c - cash
        want_m2 = wished * (q("0.25") + q("1.1") * rm - q("0.6") * rb - q("0.5") * rbl) - q("0.06") * expected_income
        new_bills = wished * (q("0.45") - q("0.6") * rm + q("1.1") * rb - q("0.5") * rbl) - q("0.06") * expected_income
        new_bonds = (wished * (q("0.35") - q("0.5") * rm - q("0.5") * rb + q("1.1") * rbl) - q("0.06") * expected_income) / price
        rest = v - cash - want_m2 - new_bills - price * new_bonds
        deficit = p * g + rb_before * supply + bonds - tax - (rb_before * bcb + rb_before * advances)
        supply = supply + deficit - (new_bonds - bonds) * price
        bills, bonds = new_bills, new_bonds
        m1, m2 = (rest, want_m2) if rest >= 0 else (q(0), v - cash - bills - price * bonds)
        money_before, money = money, m1 + m2
        reserves = q("0.1") * money
        notional = money - inv - reserves
        ratio = notional / money
        advances = q("0.02") * money - notional if ratio < q("0.02") else q(0)
        bank_bills = advances + notional
        bcb = supply - bills - bank_bills
        hs = bcb + advances
        target = q("-1.7779") + 1 + q("1.5") * y / q("133.28")
        real_wealth = v / p
        row = {
            "y": y,
            "s": s,
            "in": stock,
            "p": p,
            "W": w,
            "rl": rl,
            "rm": rm,
            "V": v,
            "YDr": income,
            "Bhh": bills,
            "BLh": bonds,
            "M1h": m1,
        }
        rows.append(
            row
            | {"M2h": m2, "Bs": supply, "Bcb": bcb, "Hs": hs, "Ad": advances, "BLRn": ratio, "BPM": margin, "Ff": firms, "Hbd": reserves}
        )
    return rows


ORACLES: dict[str, Callable[..., Rows]] = {
    "SIM": sim,
    "SIMEX": simex,
    "PC": pc,
    "PCEX": pcex,
    "PCEX2": pcex2,
    "LP": lp,
    "REG": reg,
    "OPEN": two_countries,
    "OPENG": openg,
    "OPENFLEX": floating,
    "BMW": bmw,
    "DIS": dis,
    "INSOUT": insout,
    "GROWTH": growth,
}
