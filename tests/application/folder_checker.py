"""A checker that knows only the result folder's contract: it reads the files with the csv module and recomputes the five laws.

Usable by hand: ``python tests/application/folder_checker.py DIR`` prints what is off and ends with 1 where anything is.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

TOLERANCE = 1e-6


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def check(folder: Path) -> list[str]:
    """Everything that is off by more than 1e-6 bn."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    accounts = manifest["accounts"]
    path = rows(folder, "path.csv")
    stock: dict[tuple[int, tuple[str, str, str]], dict[str, float]] = {}
    for row in rows(folder, "holdings.csv"):
        key = (row["instrument"], row["issuer"], row["holder"])
        stock[int(row["period"]), key] = {name: float(row[name]) for name in ("value", "face", "coupon") if row[name]}
    cells = [key for period, key in stock if period == 0]
    moved = flows(folder, "transactions.csv")
    revalued = flows(folder, "revaluations.csv")
    off: list[str] = []
    for t in range(1, len(path)):
        for key in cells:
            gap = stock[t, key]["value"] - stock[t - 1, key]["value"] - moved[t, key] - revalued[t, key]
            note(off, gap, f"(a) period {t} {key}")
            if accounts["instruments"][key[0]]["valuation"] == "par" and revalued[t, key] != 0:
                off.append(f"(a) period {t} {key}: a par instrument revalued by {revalued[t, key]}")
    off += budgets(folder, accounts["sectors"], moved, len(path))
    for t, line in enumerate(path):
        for name, entry in accounts["instruments"].items():
            mine = [stock[t, key] for key in cells if key[0] == name]
            note(off, float(line[name]) - sum(c["value"] for c in mine), f"(c) period {t} {name}")
            if entry["valuation"] == "coupon":
                note(off, float(line[f"{name}__face"]) - sum(c["face"] for c in mine), f"(c) period {t} face of {name}")
                off += coupon_values(manifest, entry, line, t, [(key, stock[t, key]) for key in cells if key[0] == name])
    off += interest(folder, accounts, path, stock, cells)
    return off


def note(off: list[str], gap: float, where: str) -> None:
    if not abs(gap) <= TOLERANCE:
        off.append(f"{where}: off by {gap!r}")


def flows(folder: Path, name: str) -> dict[tuple[int, tuple[str, str, str]], float]:
    found: dict[tuple[int, tuple[str, str, str]], float] = defaultdict(float)
    for row in rows(folder, name):
        key = (int(row["period"]), (row["instrument"], row["issuer"], row["holder"]))
        assert key not in found, f"{name} has two rows for {key}"
        found[key] = float(row["amount"])
    return found


def budgets(folder: Path, sectors: list[str], moved: dict[tuple[int, tuple[str, str, str]], float], count: int) -> list[str]:
    net: dict[tuple[int, str], float] = defaultdict(float)
    for row in rows(folder, "payments.csv"):
        amount = float(row["amount"])
        assert amount >= 0, f"negative payment {row}"
        net[int(row["period"]), row["payee"]] += amount
        net[int(row["period"]), row["payer"]] -= amount
    for (period, (_, issuer, holder)), amount in moved.items():
        net[period, holder] -= amount
        net[period, issuer] += amount
    off: list[str] = []
    for t in range(1, count):
        for sector in sectors:
            note(off, net[t, sector], f"(b) period {t} {sector}")
    return off


def interest(
    folder: Path,
    accounts: dict[str, Any],
    path: list[dict[str, str]],
    stock: dict[tuple[int, tuple[str, str, str]], dict[str, float]],
    cells: list[tuple[str, str, str]],
) -> list[str]:
    paid: dict[tuple[int, tuple[str, str, str]], float] = defaultdict(float)
    for row in rows(folder, "payments.csv"):
        if row["kind"] in ("interest", "coupon"):
            key, sign = (row["instrument"], row["payer"], row["payee"]), 1.0
            if key not in cells:
                key, sign = (row["instrument"], row["payee"], row["payer"]), -1.0
            assert key in cells, f"interest on no cell: {row}"
            paid[int(row["period"]), key] += sign * float(row["amount"])
    off: list[str] = []
    for t in range(1, len(path)):
        dt = float(path[t][accounts["period_length"]])
        for key in cells:
            entry = accounts["instruments"][key[0]]
            if entry["valuation"] == "coupon":
                due = stock[t - 1, key]["coupon"] * dt
            else:
                name = entry.get("rates", {}).get(f"{key[1]} {key[2]}", entry["rate"])
                due = 0.0 if name is None else float(path[t - 1][name]) * stock[t - 1, key]["value"] * dt
            note(off, paid[t, key] - due, f"(d) period {t} {key}")
    return off


def coupon_values(
    manifest: dict[str, Any],
    entry: dict[str, Any],
    line: dict[str, str],
    t: int,
    bundles: list[tuple[tuple[str, str, str], dict[str, float]]],
) -> list[str]:
    name = entry["amortisation"]
    rate = manifest["parameter_paths"][name][t] if name in manifest["parameter_paths"] else manifest["parameters"][name]
    dt, price_yield = float(line[manifest["accounts"]["period_length"]]), float(line[entry["price_yield"]])
    due = 1 - math.exp(-rate * dt)
    off: list[str] = []
    for key, bundle in bundles:
        worth = (bundle["coupon"] * dt + due * bundle["face"]) / (price_yield * dt + due)
        note(off, bundle["value"] - worth, f"(e) period {t} {key}")
    return off


if __name__ == "__main__":
    found = check(Path(sys.argv[1]))
    for line in found:
        print(line)
    sys.exit(1 if found else 0)
