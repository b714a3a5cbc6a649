"""``python -m benchmarks``: tables of ratios; see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    """Prints the chosen tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios against references run in the same process.")
    parser.add_argument("part", nargs="*", choices=["solving", "starting", "many", []], help="tables to print; default all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and shorter paths")
    asked = parser.parse_args()
    from benchmarks import many, solving, starting

    parts = {"solving": solving.table, "starting": starting.table, "many": many.table}
    for name, table in parts.items():
        if not asked.part or name in asked.part:
            sys.stdout.write(table(asked.quick) + "\n\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
