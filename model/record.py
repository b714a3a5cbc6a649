"""What a run keeps of every period, and how the hidden identities are judged at its end."""

from __future__ import annotations

import numpy as np

from model.advance import Traces
from model.diagnosis import Diagnosis
from model.inputs import Inputs
from model.march import trace
from model.newton import Stage
from model.ordinary import scaled
from model.path import CONSISTENT, Consistency, Path, Statistics
from model.program import Floats, Program

UNEXPLAINED = 1e-9
"""Relative gap that rounding cannot explain."""


WORDS = ("lower", "upper", "interior")


class Record:
    """Certificates, gaps, regimes and effort of a run, filled period by period."""

    def __init__(self, program: Program, inputs: Inputs) -> None:
        self.program, self.inputs, self.solved = program, inputs, inputs.periods
        self.traces = Traces.zeros(inputs.periods + 1, program.hidden_count, len(program.conditions))
        self.corrected: list[int] = []
        self.failure: Diagnosis | None = None

    def fail(self, failure: Diagnosis, solved: int) -> None:
        """End the path after ``solved`` periods."""
        self.failure, self.solved = failure, solved

    def store(self, period: int, stage: Stage) -> None:
        """Keep a row's certificates and regimes."""
        trace(self.traces, period, stage)

    def path(self, consistency: Consistency, twin: Path | None) -> Path:
        """The path, its identities judged."""
        consistency, identities = self._judge(consistency, twin)
        program, inputs, end = self.program, self.inputs, self.solved + 1
        simultaneous = [s for s in program.shapes if s.tears]
        statistics = Statistics(
            equations=len(program.equations),
            blocks=len(program.shapes),
            simultaneous=len(simultaneous),
            largest=max((s.size for s in simultaneous), default=1),
            torn=sum(len(s.tears) for s in simultaneous),
            iterations=int(self.traces.steps.sum()),
            most=int(self.traces.steps.max()),
        )
        return Path(
            system=program.system,
            columns=program.columns,
            values=inputs.table[inputs.history : inputs.history + end],
            parameter_names=tuple(p.name for p in program.system.parameters),
            parameter_rows=inputs.parameter_rows[:end],
            dates=None if inputs.dates is None else inputs.dates[:end],
            certificates=np.maximum(self.traces.errors, identities.max(axis=1, initial=0.0))[:end],
            hidden_gaps=self.traces.gaps[:end],
            hidden_scales=self.traces.scales[:end],
            regimes=_regimes(self.program, self.traces.limits[:end]),
            consistency=consistency,
            statistics=statistics,
            failure=self.failure,
        )

    def _judge(self, consistency: Consistency, twin: Path | None) -> tuple[Consistency, Floats]:
        """How far each identity is, in each period, from what the declared opening implies.

        The yardstick is the largest size that its terms have had so far: a sector that is wound up keeps old rounding.
        From a consistent opening that is its relative gap. From an inconsistent one the gap is propagated by the
        equations, and what certifies it is the same run from the repaired opening, where the identity must hold.
        """
        relative = scaled(self.traces.gaps, np.maximum.accumulate(self.traces.scales, axis=0))
        names = [h.name for h in self.program.system.hidden]
        unexplained = set(consistency.unexplained)
        for k, name in enumerate(names):
            declared_off = consistency.relative.get(name, 0.0) > CONSISTENT
            if declared_off and twin is not None:
                rows = min(len(twin.values), len(relative))
                proof = scaled(twin.hidden_gaps[:, k], np.maximum.accumulate(twin.hidden_scales[:, k]))[:rows]
                if float(proof.max(initial=0.0)) <= UNEXPLAINED:
                    relative[:rows, k] = np.minimum(relative[:rows, k], proof)
                else:
                    unexplained.add(name)
            elif not declared_off and float(relative[1 : self.solved + 1, k].max(initial=0.0)) > UNEXPLAINED:
                unexplained.add(name)
        ordered = tuple(n for n in names if n in unexplained)
        return Consistency(consistency.gaps, consistency.scales, consistency.repairs, ordered, tuple(self.corrected)), relative


def _regimes(program: Program, limits: Floats) -> tuple[dict[str, str], ...]:
    """Where each complementarity condition stands in each period: the smaller side decides; nothing is said of the opening."""
    if not program.conditions:
        return ({},) * len(limits)
    names = [c.name for c in program.conditions]
    below, above, pull = (limits[1:, :, k] for k in range(3))
    standing = np.where(below <= pull, 0, np.where(above <= -pull, 1, 2))
    known = {code: dict(zip(names, (WORDS[k] for k in code), strict=True)) for code in set(map(tuple, standing.tolist()))}
    return ({}, *(known[code] for code in map(tuple, standing.tolist())))
