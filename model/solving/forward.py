"""Period after period: a compiled system and its inputs become a path."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.compiler.program import Program
from model.periods.inputs import Inputs
from model.periods.newton import Options
from model.periods.path import Consistency, Path
from model.solving.inherited import carried
from model.solving.march import march
from model.solving.record import Record
from model.solving.repairs import found_gaps, repair_opening


def run(program: Program, inputs: Inputs, options: Options, progress: Callable[[int, int], None] | None = None) -> Path:
    """Solve period after period; from an inconsistent opening a second time, repaired, when the identities are judged."""
    record = Record(program, inputs)
    found = march(program, inputs, options, record.traces, progress)
    record.corrected = found.corrected
    if found.failure is not None:
        record.fail(found.failure, found.solved)

    def proof() -> tuple[Consistency, Path | None]:
        consistency = found_gaps(program, *found.outlook)
        if found.consistent or not options.repair:
            return consistency, None
        consistency, repaired = repair_opening(program, inputs, consistency, options)
        return consistency, None if repaired is None else run(program, repaired, options)

    def law() -> NDArray[np.bool_]:
        return carried(program, inputs, options)

    return record.path(proof, law if options.repair else None)
