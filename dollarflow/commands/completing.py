"""What the shell offers after a command's words: names read from files that lie beside the program, without building the model."""

from __future__ import annotations

import csv
import os
import re
import tomllib
from importlib import resources
from pathlib import Path

OPENINGS = "2019-06-30, 2021-12-31, 2024-12-31, 2025-09-30, 2025-10-29, 2025-12-31"
"""Days with balance sheets, in words, so that the help reads no data."""

FIGURES = (
    "corridor facility repo yields holders classes buyers financing backing fed_balance_sheet fed_income m2 liquidity "
    "hedge_funds certificates difference_rates difference_m2 difference_holders flows network balance_sheet transaction_flows"
)
"""Names of the figures, in words, so that the shell need not load what draws them."""
EXPERIMENT = re.compile(r"e0?(\d+[a-z]?)_\w+\.py")


def figure_names(incomplete: str) -> list[str]:
    """Names of the figures."""
    return [name for name in FIGURES.split() if name.startswith(incomplete)]


def experiment_names(incomplete: str) -> list[str]:
    """Names of the experiments, by their files."""
    files = (EXPERIMENT.fullmatch(item.name) for item in resources.files("dollarflow").joinpath("experiments").iterdir())
    return sorted(
        name for name in (f"E{found.group(1)}" for found in files if found) if name.startswith(incomplete.upper()[:1] + incomplete[1:])
    )


def scenario_names(incomplete: str) -> list[str]:
    """Names of the library's scenarios."""
    names = (item.name for item in resources.files("dollarflow").joinpath("library").iterdir())
    return sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml") and n.startswith(incomplete))


def target_names(incomplete: str) -> list[str]:
    """Names of the library's target files."""
    names = (item.name for item in resources.files("dollarflow").joinpath("library", "targets").iterdir())
    return sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml") and n.startswith(incomplete))


def setting_names(incomplete: str) -> list[str]:
    """``NAME=`` of the calibrated parameters."""
    text = resources.files("calibration").joinpath("parameters.toml").read_text(encoding="utf-8")
    return sorted(f"{name}=" for name in tomllib.loads(text) if name.startswith(incomplete))


def variable_names(incomplete: str) -> list[str]:
    """Variables of the first result folder that the command line names; none where it names none."""
    for word in os.environ.get("COMP_WORDS", os.environ.get("_TYPER_COMPLETE_ARGS", "")).split():
        place = Path(word) / "path.csv"
        if place.is_file():
            with place.open(newline="", encoding="utf-8") as stream:
                return [name for name in next(csv.reader(stream))[2:] if name.startswith(incomplete)]
    return []


def opening_dates(incomplete: str) -> list[str]:
    """Days with balance sheets."""
    return [day for day in OPENINGS.split(", ") if day.startswith(incomplete)]
