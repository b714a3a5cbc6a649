"""Cost of generated economies by number of institutions, weeks and draws, with log-log slopes: ``python benchmarks/institutions.py``."""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SIZES = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
WEEKS = (6, 12, 26, 52, 104)
DRAWS = (1, 2, 5, 10, 20)
MIX = (0.3, 0.2, 0.5)
"""Banks, money funds and hedge funds among the institutions."""

CHILD = """
import json, resource, sys, time
import numpy as np
from calibration.institutions.generate import Plan, generate
from calibration.institutions.shocks import given_paths, shocks
from model.members.audit import audit_members
from model.members.program import compile_lifted
from model.members.solver import solve_members

banks, money_funds, hedge_funds, weeks, draws, whole = json.loads(sys.argv[1])
clock = time.process_time

def timed(call):
    begun = clock()
    return call(), clock() - begun

economy, generating = timed(lambda: generate(Plan(banks, money_funds, hedge_funds)))
program, compiling = timed(lambda: compile_lifted(economy.lifted))
shock = shocks()["haircuts"]

def run(rise):
    given = given_paths(economy.rates, shock.model_copy(update={"yield_rise": rise}), weeks)
    return solve_members(
        economy.lifted, economy.opening, parameters=economy.parameters, exogenous=given, periods=weeks, whole=bool(whole), program=program
    )

rises = np.random.default_rng(1).uniform(0.005, 0.0125, draws)
rises[0] = 0.0125
run(0.0125) if draws > 1 else None
paths, solving = timed(lambda: [run(float(rise)) for rise in rises])
path = paths[0]
report, auditing = timed(lambda: audit_members(path))
assert report.sound, report
effort = path.effort
print(json.dumps({
    "institutions": banks + money_funds + hedge_funds,
    "weeks": weeks,
    "draws": draws,
    "links": sum(len(pairs) for pairs in economy.lifted.population.network.values()),
    "equations": effort.equations,
    "derivatives": effort.entries,
    "core": sum(effort.core_sizes),
    "filled": effort.filled,
    "factorisations": effort.factorisations,
    "generating": generating,
    "compiling": compiling,
    "solving": solving,
    "factors": effort.factor_seconds,
    "auditing": auditing,
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "certificate": float(path.certificates.max()),
    "hidden": path.hidden_gap,
    "failed": int(path["hf_failed"][-1].sum()),
}))
"""


def measure(institutions: int, weeks: int, draws: int, whole: bool = False) -> dict[str, float]:
    """One economy in a process of its own: CPU seconds of each stage and peak memory in megabytes."""
    banks, money_funds, hedge_funds = (max(1, round(share * institutions)) for share in MIX)
    words = json.dumps([banks, money_funds, hedge_funds, weeks, draws, int(whole)])
    done = subprocess.run([sys.executable, "-c", CHILD, words], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def slope(rows: Sequence[dict[str, float]], by: str, of: str) -> float:
    """The log-log slope of a cost over the last three rows, by least squares."""
    half = rows[-3:]
    x, y = [math.log(r[by]) for r in half], [math.log(max(r[of], 1e-9)) for r in half]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)


COLUMNS = {
    "institutions": "{:,.0f}",
    "weeks": "{:,.0f}",
    "draws": "{:,.0f}",
    "links": "{:,.0f}",
    "equations": "{:,.0f}",
    "derivatives": "{:,.0f}",
    "core": "{:,.0f}",
    "filled": "{:,.0f}",
    "generating": "{:.2f}",
    "compiling": "{:.2f}",
    "solving": "{:.2f}",
    "factors": "{:.3f}",
    "auditing": "{:.2f}",
    "memory": "{:,.0f}",
    "certificate": "{:.0e}",
    "hidden": "{:.0e}",
}


def table(rows: Sequence[dict[str, float]], columns: Sequence[str], by: str) -> str:
    """A markdown table with a last row of log-log slopes."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---:|" * len(columns)]
    lines += ["| " + " | ".join(COLUMNS[c].format(row[c]) for c in columns) + " |" for row in rows]
    ends = ["slope" if c == by else "" if c in ("certificate", "hidden") else f"{slope(rows, by, c):.2f}" for c in columns]
    return "\n".join([*lines, "| " + " | ".join(ends) + " |"])


def main() -> None:
    """Prints the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="largest number of institutions")
    largest = parser.parse_args().largest
    sizes = [n for n in SIZES if n <= largest]
    wide = (
        "institutions",
        "links",
        "equations",
        "derivatives",
        "core",
        "filled",
        "generating",
        "compiling",
        "solving",
        "factors",
        "auditing",
    )
    print("CPU seconds, memory in megabytes; slopes over the last three rows.\n\nBy institutions, 12 weeks:\n")
    print(table([measure(n, 12, 1) for n in sizes], (*wide, "memory", "certificate", "hidden"), "institutions"))
    print("\nThe same with every equation in one Jacobian:\n")
    print(
        table(
            [measure(n, 12, 1, whole=True) for n in sizes],
            ("institutions", "core", "filled", "solving", "factors", "memory"),
            "institutions",
        )
    )
    print("\nBy weeks, 200 institutions:\n")
    print(
        table([measure(200, t, 1) for t in WEEKS], ("weeks", "solving", "factors", "auditing", "memory", "certificate", "hidden"), "weeks")
    )
    print("\nBy draws, 200 institutions, 12 weeks:\n")
    print(table([measure(200, 12, d) for d in DRAWS], ("draws", "solving", "memory"), "draws"))


if __name__ == "__main__":
    main()
