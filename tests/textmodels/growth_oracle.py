"""The growth model by hand: one linear equation in output, one quadratic in the price of equities, the rest in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def growth(periods: int, real: Callable[[Any], Any] = float) -> list[dict[str, Any]]:
    """The path of the growth model; ``real`` must support ``**`` with fractional exponents."""
    q = real
    half = q("0.5")
    a1, a2, theta, gamma, sigma, lc = q("0.75"), q("0.064"), q("0.22844"), q("0.15"), q("0.2"), q("0.05")
    growth_rate, psiu, psid, sn, ro, lb = q("0.03"), q("0.92"), q("0.15255"), q("0.1666"), q("0.05"), q("0.0153")
    x = {
        "ink": q("2064890"),
        "sk": q("12028300"),
        "kk": q("17774838"),
        "u": q("0.68"),
        "p": q("7.1723"),
        "w": q("777968"),
        "pr": q("138659"),
        "n": q("87.181"),
        "uc": q("5.6106"),
        "nuc": q("5.6106"),
        "phi": q("0.26417"),
        "phit": q("0.26417"),
        "inv": q("16911600"),
        "stock": q("11585400"),
        "ff": q("18081100"),
        "y": q("86607700"),
        "v": q("165438779"),
        "vk": q("23066350"),
        "ydkr": q("7813270"),
        "gk": q("2336160"),
        "rl": q("0.06522"),
        "rm": q("0.0193"),
        "rb": q("0.035"),
        "rbl": q("0.055"),
        "pbl": q("18.182"),
        "rk": q("0.03008"),
        "pe": q("17937"),
        "e": q("5112.6001"),
        "lf": q("15962900"),
        "lh": q("21606600"),
        "of": q("3474030"),
        "m": q("40510800"),
        "bh": q("33439320"),
        "bl": q("840742"),
        "bb": q("4389790"),
        "bs": q("42484800"),
        "blr": q("0.1083"),
        "nple": q("0.02"),
    }
    x["fund"] = x["v"] + x["lh"] - q("2630150") - x["of"]
    share, rows = q("0.02"), [dict(x)]
    for t in range(1, periods + 1):
        o = dict(x)
        gg = q("0.035") if 10 <= t <= 14 else q("0.03")
        omega = q("-0.1") if t >= 25 else q("-0.20594")
        spread = q("0.025") if t >= 40 else q("0.02")
        share_before, share = share, q("0.05") if t >= 50 else q("0.02")
        # banks: rates follow from yesterday's balance sheets
        npl = share * o["lf"]
        nple = q("0.25") * o["nple"] + q("0.75") * share_before
        own = o["of"] + q("0.4") * (q("0.1") * (o["lf"] + o["lh"]) - o["of"])
        target = lb * o["y"] + own - o["of"] + nple * o["lf"]
        up = (o["blr"] <= q("0.05")) - (o["blr"] >= q("0.12"))
        further = (o["blr"] <= q("0.05") - q("0.05")) - (o["blr"] >= q("0.12") + q("0.05"))
        rm = o["rm"] + q("0.0008") * up + q("0.0007") * further
        sound = (1 - nple) * o["lf"] + o["lh"]
        rl = rm + (target - o["rb"] * o["bb"] + o["rm"] * (o["m"] - sound)) / sound
        earned = o["rl"] * (o["lf"] + o["lh"] - npl) + o["rb"] * o["bb"] - o["rm"] * o["m"]
        of = o["of"] + earned - lb * o["y"] - npl
        # wages and prices follow from yesterday's employment
        er = o["n"] / q("87.181")
        if er > 1 + q("0.01"):
            er_seen = er - q("0.01")
        elif er > 1 - q("0.01"):
            er_seen = er + (1 - er)
        else:
            er_seen = er + q("0.01") * (er < 1 - q("0.01"))
        pr = o["pr"] * (1 + growth_rate)
        wished = q("2.71828182845904523536028747135266249775724709369996") ** omega * pr * er_seen**2
        w = o["w"] + q("0.45621") * (wished * o["p"] - o["w"])
        nuc = w / pr
        phi = o["phi"] + q("0.8") * (o["phit"] - o["phi"])
        p = (1 + phi) * ((1 - sn) * nuc + sn * q("1.07") * o["nuc"])
        inflation = (p - o["p"]) / o["p"]
        rrl = (1 + rl) / (1 + inflation) - 1
        kk = o["kk"] * (1 + q("0.00122") + q("0.05") * o["u"] - q("0.1") * rrl)
        ik = kk - o["kk"] + q("0.10667") * o["kk"]
        inv, gk = ik * p, o["gk"] * (1 + gg)
        # output: Yk = a + b Sk from stocks wanted, Sk = c + d Yk from the income that wages make
        se_fixed = half * o["sk"] * (1 + growth_rate)
        a, b = se_fixed * (1 + gamma * sigma) - gamma * o["ink"], half * (1 + gamma * sigma)
        eta = q("0.07416") - q("0.4") * rrl
        fdf, interest = psid * o["ff"], o["rl"] * o["lh"]
        other = fdf + lb * o["y"] + o["rm"] * o["m"] + o["rb"] * o["bh"] + o["bl"]
        wage_share = w * q("0.6") / pr  # the wage bill is w·0.4·N(-1) + wage_share·Yk
        fixed = (1 - theta) * (other + w * q("0.4") * o["n"]) - interest
        slope = (1 - theta) * wage_share
        repaid = q("0.1") * o["lh"]
        keep = half / p + eta / p  # consumption out of a dollar of disposable income, before alpha1
        loss = (p - o["p"]) * o["vk"] / p
        c = a1 * (keep * fixed - half * loss + half * o["ydkr"] * (1 + growth_rate) - repaid / p) + a2 * o["vk"] + gk + ik
        yk = (a + b * c) / (1 - b * a1 * keep * slope)
        sk = c + a1 * keep * slope * yk
        ck = sk - gk - ik
        n = q("0.4") * o["n"] + q("0.6") * yk / pr
        wb = w * n
        uc = wb / yk
        ydr = fixed + slope * yk
        tax = theta * (wb + other)
        ink = o["ink"] + yk - sk - npl / uc
        stock = ink * uc
        se = half * sk + se_fixed
        part = o["ink"] / se
        cost = (1 - part) * se * uc + (1 + o["rl"]) * part * se * o["uc"]
        phit = (psiu * o["inv"] + fdf + o["rl"] * (o["lf"] - o["stock"])) / cost
        ff = sk * p - wb + stock - o["stock"] - o["rl"] * o["stock"]
        lh = o["lh"] + eta * ydr - repaid
        # equities: pe·e = F (k − 0.1·ydr/v) with v linear in pe and pe·e = pe·e(-1) + issues
        rbl = q("0.035") + spread
        pbl = 1 / rbl
        issues = (1 - psiu) * o["inv"]
        fund = o["fund"]
        drift = q("2.2") * (o["rm"] + o["rb"] + o["rbl"])
        k = fund * (q("0.67132") - drift + q("6.6") * o["rk"])
        v_fixed = o["v"] + ydr + (pbl - o["pbl"]) * o["bl"] + of - o["of"] - ck * p - o["pe"] * o["e"]
        # (e pe + issues − k)(v_fixed + e pe) + 0.1 F ydr = 0 with z = e pe
        lin, con = issues - k + v_fixed, (issues - k) * v_fixed + q("0.1") * fund * ydr
        z = (-lin + (lin * lin - 4 * con) ** half) / 2
        pe, v = z / o["e"], v_fixed + z
        e = o["e"] + issues / pe
        lf = o["lf"] + inv + stock - o["stock"] - (ff - fdf - o["rl"] * (o["lf"] - o["stock"]) + o["rl"] * npl) - issues - npl
        low = q("0.1") * ydr / v
        bh = fund * (q("0.25") - q("2.2") * (o["rm"] + o["rbl"] + o["rk"]) + q("6.6") * o["rb"] - low)
        bl = fund * (q("-0.04341") - q("2.2") * (o["rm"] + o["rb"] + o["rk"]) + q("6.6") * o["rbl"] - low) / pbl
        cash = lc * ck * p
        held = v + lh - cash - of
        m = held - bh - pbl * bl - pe * e
        bs = o["bs"] + gk * p + o["bl"] + o["rb"] * (o["bb"] + o["bh"]) - tax - (bl - o["bl"]) * pbl
        bb = m + of - lf - lh - ro * m
        x = {
            "ink": ink,
            "sk": sk,
            "kk": kk,
            "u": yk / o["kk"],
            "p": p,
            "w": w,
            "pr": pr,
            "n": n,
            "uc": uc,
            "nuc": nuc,
            "phi": phi,
            "phit": phit,
            "inv": inv,
            "stock": stock,
            "ff": ff,
            "y": sk * p + (ink - o["ink"]) * uc,
            "v": v,
            "vk": v / p,
            "ydkr": ydr / p - loss,
            "gk": gk,
            "rl": rl,
            "rm": rm,
            "rb": q("0.035"),
            "rbl": rbl,
            "pbl": pbl,
            "rk": fdf / (o["pe"] * o["e"]),
            "pe": pe,
            "e": e,
            "lf": lf,
            "lh": lh,
            "of": of,
            "m": m,
            "bh": bh,
            "bl": bl,
            "bb": bb,
            "bs": bs,
            "blr": bb / m,
            "nple": nple,
            "fund": held,
        }
        names = {"Yk": yk, "Sk": sk, "Ck": ck, "P": p, "W": w, "Rl": rl, "Rm": rm, "V": v, "Pe": pe, "Eks": e, "Lfd": lf, "Lhd": lh}
        names |= {"OFb": of, "Md": m, "Bhd": bh, "BLd": bl, "Bs": bs, "Bbd": bb, "Ff": ff, "YDr": ydr, "phit": phit, "N": n, "TX": tax}
        rows.append(names | {"Hbs": bs - bh - bb - cash, "Hbd": ro * m, "INk": ink, "PI": inflation, "BLR": bb / m, "omegat": wished})
    return rows
