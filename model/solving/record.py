"""What a run keeps of every period, and how the hidden identities are judged at its end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.compiler.advance import Traces
from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.language.later import Later
from model.periods.diagnosis import Diagnosis
from model.periods.inputs import Inputs
from model.periods.newton import Stage
from model.periods.path import CONSISTENT, Consistency, Judgement, Path, Statistics
from model.solving.march import trace

UNEXPLAINED = 1e-9
"""Relative gap that rounding cannot explain."""

Proof = Callable[[], tuple[Consistency, Path | None]]
"""Gives the check of the opening with its repairs, and the path from the repaired opening where there is one."""
Law = Callable[[], NDArray[np.bool_]]
"""Says of each identity whether a gap of the opening is carried from period to period unchanged."""

WORDS = ("lower", "upper", "interior")


class Record:
    """Certificates, gaps, regimes and effort of a run, filled period by period."""

    def __init__(self, program: Program, inputs: Inputs) -> None:
        self.program, self.inputs, self.solved = program, inputs, inputs.periods
        self.traces = Traces.zeros(inputs.periods + 1, program.hidden_count, program.condition_count)
        self.corrected: list[int] = []
        self.failure: Diagnosis | None = None

    def fail(self, failure: Diagnosis, solved: int) -> None:
        """End the path after ``solved`` periods."""
        self.failure, self.solved = failure, solved

    def store(self, period: int, stage: Stage) -> None:
        """Keep a row's certificates and regimes."""
        trace(self.traces, period, stage)

    def path(self, proof: Proof, law: Law | None = None) -> Path:
        """The path; its identities are judged, and proof and law are asked for, when somebody asks."""
        program, inputs, end = self.program, self.inputs, self.solved + 1
        steps = self.traces.steps
        judged = Later(lambda: self._judge(*proof()))
        return Path(
            origin=Later(lambda: program.system),
            columns=program.columns,
            values=inputs.table[inputs.history : inputs.history + end],
            parameter_names=program.parameter_names,
            parameter_rows=inputs.parameter_rows[:end],
            dates=None if inputs.dates is None else inputs.dates[:end],
            residuals=self.traces.errors[:end],
            hidden_names=program.hidden_names,
            hidden_gaps=self.traces.gaps[:end],
            hidden_scales=self.traces.scales[:end],
            regimes=_regimes(self.program, self.traces.limits[:end]),
            judgement=Judgement(Later(lambda: judged.value[0]), Later(lambda: self._certificates(judged, law))),
            statistics=Statistics(**program.sizes, iterations=int(steps.sum()), most=int(steps.max())),
            failure=self.failure,
        )

    def _yardsticks(self) -> Floats:
        """The largest size that each identity's terms have had so far, shape (rows, identities): old rounding outlives a large sector."""
        return np.asarray(np.maximum.accumulate(self.traces.scales, axis=0))

    def _certificates(self, judged: Later[tuple[Consistency, Floats]], law: Law | None) -> Floats:
        """Certificates from what the path itself shows, where that is enough: identities hold, or keep the gap of the first period.

        A gap that the law says is carried on unchanged is that of the declared opening, and what differs from it is rounding. Where
        either is not so, the opening is judged.
        """
        gaps, sizes = self.traces.gaps, self._yardsticks()
        relative = scaled(gaps, sizes)
        off = ~(relative.max(axis=0, initial=0.0) <= CONSISTENT)
        if law is not None and len(relative) > 1 and off.any():
            away = scaled(gaps[1:] - gaps[1], sizes[1:])
            np.minimum(relative[1:], away, out=relative[1:], where=off & law())
        worst = relative[: self.solved + 1].max(axis=1, initial=0.0)
        if not worst.max(initial=0.0) <= CONSISTENT:
            return judged.value[1]
        return np.asarray(np.maximum(self.traces.errors[: self.solved + 1], worst))

    def _judge(self, consistency: Consistency, twin: Path | None) -> tuple[Consistency, Floats]:
        """How far each identity is, in each period, from what the declared opening implies, and which ones nothing explains.

        From a consistent opening that is its relative gap. From an inconsistent one the gap is propagated by the
        equations, and what certifies it is the same run from the repaired opening, where the identity must hold.
        """
        relative = scaled(self.traces.gaps, self._yardsticks())
        names = self.program.hidden_names
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
        certificates = np.maximum(self.traces.errors, relative.max(axis=1, initial=0.0))[: self.solved + 1]
        return Consistency(consistency.gaps, consistency.scales, consistency.repairs, ordered, tuple(self.corrected)), certificates


def _regimes(program: Program, limits: Floats) -> tuple[dict[str, str], ...]:
    """Where each complementarity condition stands in each period: the smaller side decides; nothing is said of the opening."""
    if not program.condition_count:
        return ({},) * len(limits)
    names = [name for name, _ in program.description.conditions]
    below, above, pull = (limits[1:, :, k] for k in range(3))
    standing = np.where(below <= pull, 0, np.where(above <= -pull, 1, 2))
    known = {code: dict(zip(names, (WORDS[k] for k in code), strict=True)) for code in set(map(tuple, standing.tolist()))}
    return ({}, *(known[code] for code in map(tuple, standing.tolist())))
