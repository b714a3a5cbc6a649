"""The solver's account of a path, block by block and period by period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.periods.path import Path

NAMED = 6
"""Names that a line shows; the rest is counted."""
WORST = 5
"""Periods with the largest residuals that are shown."""


def trace(path: Path) -> Iterator[str]:
    """Lines on sizes, each simultaneous block with what Newton solves for in it, and the periods hardest to solve.

    Parameters
    ----------
    path
        A solved path; its system is compiled already, so that this costs nothing.
    """
    from model.compiler.compilation import compile_system

    size = path.statistics
    blocks = f"{size.blocks} blocks ({size.simultaneous} simultaneous, largest {size.largest}), {size.torn} torn unknowns"
    yield f"solver: {size.equations} equations, {blocks}, {size.iterations} iterations, at most {size.most} a period"
    program = compile_system(path.system)
    torn = [shape for shape in program.shapes if shape.tears]
    for number, shape in enumerate(torn, 1):
        tears = [program.unknowns[unknown] for unknown in shape.tears]
        members = [*(program.unknowns[unknown] for _, unknown in shape.chain), *tears]
        yield f"  block {number} of {len(torn)}: {len(members)} equations, Newton in {len(tears)}: {listed(tears)}"
        moved = largest_move(path, members)
        if moved:
            yield f"    largest move in a period: {moved}"
    order = np.argsort(-path.certificates, kind="stable")[:WORST]
    for period in (int(k) for k in order if path.certificates[k] > 0):
        day = f" ({path.dates[period]})" if path.dates else ""
        yield f"  period {period}{day}: largest scaled residual {path.certificates[period]:.1e}"


def largest_move(path: Path, names: list[str]) -> str:
    """Which of the variables changed most in one period relative to its size, when and by how much; empty where none moved."""
    found, best = "", 0.0
    for name in names:
        values = path[name]
        scale = float(np.nanmax(np.abs(values), initial=0.0))
        steps = np.abs(np.diff(values))
        if scale > 0 and np.isfinite(steps).any():
            period = int(np.nanargmax(steps)) + 1
            if steps[period - 1] / scale > best:
                best = float(steps[period - 1] / scale)
                found = f"{name} {values[period - 1]:.6g} to {values[period]:.6g} in period {period}"
    return found


def listed(names: list[str]) -> str:
    """Names in a line, the first few in full."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
