"""``python -m benchmarks``: tables of ratios and growth curves; see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PARTS = ("solving", "starting", "many", "growth")
FIGURES = (".svg", ".pdf", ".png")


def main() -> int:
    """Prints the chosen tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios against references run in the same process.")
    parser.add_argument("part", nargs="*", help=f"tables to print, of {', '.join(PARTS)}; default all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and shorter paths")
    parser.add_argument("--figure", type=Path, help="file for the growth curves, such as growth.svg")
    asked = parser.parse_args()
    for name in asked.part:
        if name not in PARTS:
            parser.error(f"{name}: tables are {', '.join(PARTS)}")
    if asked.figure is not None and asked.figure.suffix not in FIGURES:
        parser.error(f"--figure {asked.figure}: files end in {', '.join(FIGURES)}")
    for name in asked.part or PARTS:
        sys.stdout.write(_table(name, asked.quick, asked.figure) + "\n\n")
        sys.stdout.flush()
    return 0


def _table(part: str, quick: bool, figure: Path | None) -> str:
    from benchmarks import growth, many, solving, starting

    if part == "growth":
        return growth.table(quick, figure)
    return {"solving": solving.table, "starting": starting.table, "many": many.table}[part](quick)


if __name__ == "__main__":
    sys.exit(main())
