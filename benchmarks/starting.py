"""Start-up: whole processes from nothing, and where an import's time goes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
LARGEST = 12
MODEL = Path(__file__).parent.parent / "tests" / "textmodels" / "models" / "SIM.txt"


def seconds(arguments: list[str], rounds: int, environment: dict[str, str] | None = None) -> float:
    """Processor seconds of a fresh process, the least of several."""
    best = float("inf")
    for _ in range(rounds):
        begun = _children()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment)
        best = min(best, _children() - begun)
    return best


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def imports(words: list[str]) -> list[tuple[str, float]]:
    """Milliseconds that each imported package adds of itself when a command runs, largest first."""
    command = [sys.executable, "-X", "importtime", "-m", "dollarflow", *words]
    log = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    found: dict[str, float] = {}
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \| +(\S+)", log):
        package = name.split(".")[0]
        found[package] = found.get(package, 0.0) + float(own) / 1000
    return sorted(found.items(), key=lambda item: -item[1])


def table(quick: bool = False) -> str:
    """Start-up in words."""
    rounds = 2 if quick else ROUNDS
    python = [sys.executable, "-m", "dollarflow"]
    bare = seconds([sys.executable, "-c", "import numpy"], rounds)
    lines = [f"start-up, processor seconds, fresh processes (python with numpy alone: {bare:.2f})", ""]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        empty = {**os.environ, "DOLLARFLOW_CACHE": str(place / "cache")}
        solve, run = [*python, "solve", str(MODEL)], [*python, "run", "--out", str(place / "out")]
        for label, command in (("dollarflow solve SIM.txt", solve), ("dollarflow run", run)):
            first = seconds(command, 1, empty)
            again = seconds(command, rounds, empty)
            lines.append(f"{label:28}first {first:6.2f}   again {again:6.2f} ({again / bare:.1f} times python with numpy)")
        for label, words in (("solve", ["solve", str(MODEL)]), ("run", ["run", "--out", str(place / "out")])):
            lines += ["", f"imports of dollarflow {label}, milliseconds of their own"]
            lines += [f"  {name:28}{own:8.1f}" for name, own in imports(words)[:LARGEST]]
    return "\n".join(lines)
