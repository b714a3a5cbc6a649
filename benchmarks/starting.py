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
COMPILING = """
import sys, time
from model.compiler.compilation import compile_system
if sys.argv[1] == "dollar system":
    from equations.dollar_system import dollar_system as build
    system = build()
else:
    from model.textmodel import read_text_model
    system = read_text_model(sys.argv[1]).system
begun = time.process_time()
print(len(compile_system(system).equations), time.process_time() - begun)
"""
"""Prints how many equations a system has and the processor seconds that its program takes."""


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


def compiling(what: str, rounds: int, environment: dict[str, str]) -> tuple[int, float]:
    """Equations of a text model, or of the dollar system, and seconds from equations to a program, the least of several fresh processes."""
    found = []
    for _ in range(rounds):
        words = [sys.executable, "-c", COMPILING, what]
        found.append(subprocess.run(words, check=True, stdout=subprocess.PIPE, env=environment, text=True).stdout.split())
    return int(found[0][0]), min(float(seconds) for _, seconds in found)


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
        lines += ["", "from equations to a program, processor seconds", f"{'':28}{'equations':>10}{'compiled':>10}{'from the cache':>16}"]
        for what in (*(str(MODEL.with_stem(name)) for name in ("SIM", "OPENFLEX", "GROWTH")), "dollar system"):
            count, fresh = compiling(what, rounds, {**os.environ, "DOLLARFLOW_CACHE": "off"})
            compiling(what, 1, empty)
            lines.append(f"{Path(what).stem:28}{count:10}{fresh:10.2f}{compiling(what, rounds, empty)[1]:16.2f}")
        for label, words in (("solve", ["solve", str(MODEL)]), ("run", ["run", "--out", str(place / "out")])):
            lines += ["", f"imports of dollarflow {label}, milliseconds of their own"]
            lines += [f"  {name:28}{own:8.1f}" for name, own in imports(words)[:LARGEST]]
    return "\n".join(lines)
