"""A failed solution as an exception."""

from __future__ import annotations

from model.periods.diagnosis import Diagnosis
from model.periods.path import Path


class SolveFailure(RuntimeError):
    """A period that could not be solved.

    Parameters
    ----------
    diagnosis
        What went wrong, as a value.
    path
        The periods that were solved before.
    """

    def __init__(self, diagnosis: Diagnosis, path: Path) -> None:
        super().__init__(str(diagnosis))
        self.diagnosis = diagnosis
        self.path = path
